//! What became of sources: told as they come, counted at the end.

use crate::cmd::{Context, Worked};
use crate::dto::{AddedDto, FailedSource, LookDto, TakenSource, WorkDto};
use crate::exit::{self, Ending, error_text};
use crate::output;
use crate::terminal::{count, harmless};
use ear_engine::core::EpisodeId;
use ear_engine::{AddOptions, Added, Brought, Error, ErrorKind, FeedLook, Library};
use std::io;
use std::path::{Path, PathBuf};

/// Something to be taken in.
#[derive(Clone, Debug)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Something on the web.
    Address(String),
}

/// What became of the sources so far.
#[derive(Default)]
pub struct Taken {
    pub added: Vec<(PathBuf, Added)>,
    pub failed: Vec<(PathBuf, Error)>,
    pub looks: Vec<FeedLook>,
    pub stopped: bool,
}

impl Taken {
    /// Takes a source in and tells what became of it.
    pub fn add(
        &mut self,
        context: &Context,
        library: &Library,
        source: &Source,
        options: &AddOptions,
    ) -> io::Result<()> {
        let (place, brought) = match source {
            Source::File(file) => (file.clone(), library.add_file(file, options)),
            Source::Address(address) => (PathBuf::from(address), library.add_address(address, options)),
        };
        match brought {
            Ok(brought) => brought.into_iter().try_for_each(|brought| match brought {
                Brought::Episode(added) => self.take(context, &place, added),
                Brought::Feed(look) => self.look(context, look),
            }),
            Err(error) => {
                self.fail(context, &place, error);
                Ok(())
            }
        }
    }

    /// An episode came of a source.
    pub fn take(&mut self, context: &Context, source: &Path, added: Added) -> io::Result<()> {
        tell_added(context, source, &added)?;
        self.added.push((source.to_owned(), added));
        Ok(())
    }

    /// Nothing came of a source.
    pub fn fail(&mut self, context: &Context, source: &Path, error: Error) {
        tell_failed(context, source, &error);
        self.failed.push((source.to_owned(), error));
    }

    /// A feed was looked at.
    pub fn look(&mut self, context: &Context, look: FeedLook) -> io::Result<()> {
        let source = PathBuf::from(&look.url);
        if let Some(error) = &look.error {
            self.fail(context, &source, error.clone());
        } else if !context.json {
            output::line(&look_text(&look))?;
        }
        for warning in &look.warnings {
            context.talk.detail(&format!("note: {}: {}", look.url, harmless(warning)));
        }
        look.taken.iter().try_for_each(|added| self.take(context, &source, added.clone()))?;
        self.looks.push(look);
        Ok(())
    }

    /// The episodes that came of them.
    pub fn episodes(&self) -> Vec<EpisodeId> {
        let added = self.added.iter().map(|(_, added)| added.episode);
        added.chain(self.looks.iter().flat_map(|look| look.again.iter().copied())).collect()
    }

    /// How a command ends that does this and works.
    pub fn ending(&self, worked: Option<&Worked>) -> Ending {
        if self.stopped {
            return Ending::Stopped;
        }
        let mut failures: Vec<ErrorKind> = self.failed.iter().map(|(_, error)| error.kind).collect();
        failures.extend(worked.into_iter().flat_map(Worked::kinds));
        match exit::told(&failures) {
            // Where some went well, whatever stopped the others is not the whole story.
            Ending::Told(_) if failures.len() < self.added.len() + self.failed.len() => Ending::Told(exit::FAILED),
            ending => ending,
        }
    }

    /// The same as JSON.
    pub fn dto(&self, worked: Option<&Worked>) -> AddedDto {
        let name = |path: &Path| path.display().to_string();
        AddedDto {
            added: self.added.iter().map(|(file, added)| TakenSource::new(name(file), added)).collect(),
            failed: self.failed.iter().map(|(file, error)| FailedSource::new(name(file), error)).collect(),
            feeds: self.looks.iter().map(LookDto::from).collect(),
            work: worked.map(|worked| WorkDto::from(&worked.summary)),
        }
    }
}

/// What a look at a feed came to.
fn look_text(look: &FeedLook) -> String {
    let show = look.show.as_ref().map_or(look.url.as_str(), |(_, title)| title);
    let what = match (look.taken.len(), look.offered) {
        (0, _) => "nothing new".to_owned(),
        (taken, Some(offered)) => format!("{taken} of {}", count(offered, "episode", "episodes")),
        (taken, None) => count(taken, "episode", "episodes"),
    };
    format!("{}: {what}", harmless(show))
}

fn tell_added(context: &Context, source: &Path, added: &Added) -> io::Result<()> {
    for warning in &added.warnings {
        context.talk.note(&format!("note: {}: {}", source.display(), harmless(warning)));
    }
    if context.json {
        return Ok(());
    }
    let title = harmless(&added.title);
    let id = added.episode;
    output::line(&match (added.existed, added.joined) {
        (true, _) => format!("already here as episode {id}: {title}"),
        (false, true) => format!("joined to episode {id}: {title}"),
        (false, false) => format!("added episode {id}: {title}"),
    })
}

/// Tells why a source could not be taken in.
pub fn tell_failed(context: &Context, source: &Path, error: &Error) {
    let mut error = error.clone();
    let source = source.display().to_string();
    error.place = match error.place {
        None if error.message.contains(&source) => None,
        Some(place) if place == source && error.message.contains(&source) => None,
        Some(place) if place.contains(&source) => Some(place),
        Some(place) => Some(format!("{source}: {place}")),
        None => Some(source),
    };
    context.talk.line(&error_text(&error));
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::core::ShowId;

    #[test]
    fn a_look_is_told_in_a_line() {
        let added = Added { episode: EpisodeId(1), title: "A".into(), existed: false, joined: false, warnings: vec![] };
        let look = FeedLook {
            url: "https://example.org/feed".into(),
            show: Some((ShowId(1), "Reports".into())),
            offered: Some(212),
            taken: vec![added],
            again: vec![],
            warnings: vec![],
            error: None,
        };
        assert_eq!(look_text(&look), "Reports: 1 of 212 episodes");
        assert_eq!(
            look_text(&FeedLook { taken: vec![], offered: None, show: None, ..look }),
            "https://example.org/feed: nothing new"
        );
    }
}
