//! Shows that come as feeds: following one, looking for what is new, and taking it in.

mod address;
mod take;

use crate::net::{Net, is_ours, path_of};
use crate::{Added, Error, Library, Result, Stop};
use ear_core::{EpisodeId, ShowId};
use ear_ingest::feed::{self, FeedOptions};
use ear_ingest::fetch::Fetched;
use ear_store::{Checked, Feed, JobError, UnixMillis, now};
use std::time::Duration;

/// How many of the newest episodes are taken when a feed is new.
const FIRST: usize = 5;
/// How many new episodes one look takes; a feed that renames all its items would bring them all anew.
const MOST_NEW: usize = 50;
/// How long a feed that fails is left alone at most.
const LONGEST_PAUSE: Duration = Duration::from_secs(24 * 3600);

/// What came of a source.
#[derive(Clone, Debug)]
pub enum Brought {
    /// An episode.
    Episode(Added),
    /// A feed, which is followed from now on.
    Feed(FeedLook),
}

/// What a look at a feed came to.
#[derive(Clone, Debug)]
pub struct FeedLook {
    /// Its address.
    pub url: String,
    /// The show it belongs to; nothing where a new feed could not be read.
    pub show: Option<(ShowId, String)>,
    /// How many episodes it offers; nothing where it says that nothing changed.
    pub offered: Option<usize>,
    /// The episodes that were taken, newest first.
    pub taken: Vec<Added>,
    /// Episodes that were taken before and for which more is fetched now.
    pub again: Vec<EpisodeId>,
    /// What was odd about it.
    pub warnings: Vec<String>,
    /// Why it could not be read.
    pub error: Option<Error>,
}

impl FeedLook {
    fn new(url: &str) -> Self {
        let (taken, again, warnings) = (Vec::new(), Vec::new(), Vec::new());
        Self { url: url.to_owned(), show: None, offered: None, taken, again, warnings, error: None }
    }

    fn failed(url: &str, error: Error) -> Self {
        Self { error: Some(error), ..Self::new(url) }
    }
}

impl Library {
    /// Looks at all feeds, or those of one show, for what is new; `last` takes that many of the newest
    /// instead. Each look is told as it is over.
    pub fn refresh(
        &self,
        show: Option<ShowId>,
        last: Option<usize>,
        stop: &Stop,
        on_look: &mut dyn FnMut(FeedLook),
    ) -> Result<()> {
        for feed in self.store.feeds(show)? {
            if stop.requested() {
                break;
            }
            on_look(self.look_at(&feed, last, None)?);
        }
        Ok(())
    }

    /// Looks at the feeds that were not looked at for this long; those that fail are left alone for longer
    /// each time.
    pub fn refresh_due(&self, every: Duration, stop: &Stop, on_look: &mut dyn FnMut(FeedLook)) -> Result<()> {
        for feed in self.store.feeds(None)? {
            if stop.requested() {
                break;
            }
            if is_due(&feed, every, now()) {
                on_look(self.look_at(&feed, None, None)?);
            }
        }
        Ok(())
    }

    /// Looks at a feed that is followed, and notes how it went; `read` is what it said a moment ago. What the feed
    /// is to blame for is in the look; an error is the library's own.
    fn look_at(&self, feed: &Feed, last: Option<usize>, read: Option<Fetched>) -> Result<FeedLook> {
        let show = self.store.show(feed.show)?.map(|show| (show.id, show.title));
        let mut look = FeedLook { show, ..FeedLook::new(&feed.url) };
        match self.read_feed(feed, last, read, &mut look) {
            Ok(()) => {}
            Err(error) if is_ours(&error) => return Err(error),
            Err(error) => {
                let said = JobError { message: error.message.clone(), remedy: error.remedy.clone() };
                self.store.feed_failed(feed.id, &said)?;
                look.error = Some(error);
            }
        }
        Ok(look)
    }

    fn read_feed(&self, feed: &Feed, last: Option<usize>, read: Option<Fetched>, look: &mut FeedLook) -> Result<()> {
        let answer = match read {
            Some(answer) => Some(answer),
            None => {
                let net = Net::new(feed.allow_private, is_local(&feed.url))?;
                // Who asks for older episodes wants to see the feed even where it has not changed.
                let known = last.is_none();
                net.feed(
                    &feed.url,
                    feed.etag.as_deref().filter(|_| known),
                    feed.last_modified.as_deref().filter(|_| known),
                )?
            }
        };
        let Some(answer) = answer else {
            let (etag, last_modified) = (feed.etag.clone(), feed.last_modified.clone());
            let checked = Checked { etag, last_modified, ..Checked::default() };
            return Ok(self.store.feed_checked(feed.id, &checked)?);
        };
        let told = FeedOptions { base: Some(&answer.url), content_type: answer.content_type.as_deref() };
        let parsed = feed::parse(&answer.bytes, &told).map_err(|error| Error::from(error).at(&feed.url))?;
        look.warnings.extend(parsed.warnings.iter().map(ToString::to_string));
        self.take_new(feed, &parsed.feed, last, look)?;
        let checked = Checked {
            etag: answer.etag,
            last_modified: answer.last_modified,
            language: parsed.feed.language.as_deref().and_then(language_code),
            guid: parsed.feed.guid.clone(),
        };
        Ok(self.store.feed_checked(feed.id, &checked)?)
    }
}

/// Whether an address names a file of this machine.
fn is_local(url: &str) -> bool {
    url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:"))
}

/// Whether a file lies in the folder of a document that names it, or below: who wrote a feed or a list that was
/// saved here must not choose from all files of this machine. Links are followed first.
fn is_beside(document: &str, url: &str) -> bool {
    let real = |url: &str| path_of(url).and_then(|path| std::fs::canonicalize(path).ok());
    let (Some(document), Some(file)) = (real(document), real(url)) else { return false };
    file.is_file() && document.parent().is_some_and(|folder| file.starts_with(folder))
}

/// The two or three letters of a language as a feed writes it: `en-us`.
fn language_code(language: &str) -> Option<String> {
    let code = language.split(['-', '_']).next()?.trim().to_lowercase();
    crate::add::checked_language(&code).ok()
}

/// Whether it is time to look at a feed again. One that fails is left alone twice as long each time.
fn is_due(feed: &Feed, every: Duration, now: UnixMillis) -> bool {
    let Some(checked) = feed.checked_at else { return true };
    let pause = every.saturating_mul(1 << feed.failures.min(6)).min(LONGEST_PAUSE.max(every));
    let waited = now.saturating_sub(checked);
    // A clock that was set back must not keep us from looking for ever.
    waited < 0 || waited as u128 >= pause.as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_store::FeedId;

    #[test]
    fn feeds_that_fail_are_left_alone_for_longer() {
        let feed = |checked_at, failures| Feed {
            id: FeedId(1),
            show: ShowId(1),
            url: String::new(),
            guid: None,
            language: None,
            allow_private: false,
            model: None,
            spoken: None,
            names: None,
            etag: None,
            last_modified: None,
            checked_at,
            succeeded_at: None,
            failures,
            error: None,
        };
        const HOUR: i64 = 3_600_000;
        let now = 100 * HOUR;
        for (checked, failures, expected) in [
            (None, 0, true),
            (Some(now - HOUR), 0, true),
            (Some(now - HOUR + 1), 0, false),
            (Some(now - HOUR), 1, false),
            (Some(now - 2 * HOUR), 1, true),
            (Some(now - 23 * HOUR), 60, false),
            (Some(now - 24 * HOUR), 60, true),
            (Some(now + HOUR), 0, true),
        ] {
            let due = is_due(&feed(checked, failures), Duration::from_secs(3600), now);
            assert_eq!(due, expected, "{checked:?} {failures}");
        }
    }
}
