//! Sentences as the episodes of a library.

use super::folder::{Spoken, split};
use anyhow::{Context, Result, ensure};
use ear_core::{EpisodeId, RepairState, join_words};
use ear_engine::{AddOptions, By, Event, Library, Reading, SearchRequest, Stop, Verdict, Which, WorkOptions};
use ear_store::{NewJob, Store};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More than the sentences there are: all hits of a name are looked at.
const HITS: usize = 1000;
/// How often it is told how far work is, in jobs.
const TOLD: usize = 20;

/// A library whose episodes are sentences.
pub struct Sentences {
    library: Library,
    /// The episode of each sentence.
    episodes: Vec<EpisodeId>,
}

/// Sentences as they read when likely repairs are accepted.
pub struct Repaired {
    /// The words of each.
    pub texts: Vec<String>,
    /// How many repairs were accepted.
    pub accepted: usize,
    /// How many of these put a name that the sentence does not have.
    pub wrong: usize,
}

impl Sentences {
    /// Makes a library in this folder and works until all sentences are recognised and their names looked for; each
    /// with its list of names, where there are lists. Sentences that are there already are not recognised again, but
    /// their names are looked for anew.
    ///
    /// # Errors
    /// If a sentence can't be taken in, or its recognition fails.
    pub fn work(
        folder: &Path,
        spoken: &[Spoken],
        lists: Option<&[Vec<String>]>,
        model: Option<&str>,
        threads: usize,
    ) -> Result<Self> {
        let library = Library::open(folder)?;
        let mut episodes = Vec::with_capacity(spoken.len());
        for (number, one) in spoken.iter().enumerate() {
            let options = AddOptions {
                language: Some("en".into()),
                model: model.map(str::to_owned),
                names: lists.and_then(|lists| lists.get(number)).map(|list| list.join("\n")),
                ..AddOptions::default()
            };
            let added = library.add(&one.sound, &options).with_context(|| format!("add {}", one.sound.display()))?;
            if added.existed {
                let store = Store::open(&folder.join("earwitness.db"))?;
                store.enqueue(&NewJob::new("names", Some(added.episode)))?;
            }
            episodes.push(added.episode);
        }
        let sentences = Self { library, episodes };
        sentences.finish(threads)?;
        Ok(sentences)
    }

    fn finish(&self, threads: usize) -> Result<()> {
        let done = AtomicUsize::new(0);
        let tell = |event: Event| match event {
            Event::Finished { stage, .. } => {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                if done.is_multiple_of(TOLD) {
                    eprintln!("{done} jobs done, now {}", stage.label());
                }
            }
            Event::Failed { title, error, .. } => eprintln!("{title}: {error}"),
            Event::Warning { message, .. } => eprintln!("{message}"),
            _ => {}
        };
        let options = WorkOptions { threads, ..WorkOptions::default() };
        let summary = self.library.work(&options, &Stop::default(), &tell)?;
        ensure!(summary.failed == 0, "{} jobs failed", summary.failed);
        Ok(())
    }

    /// The words of each sentence.
    ///
    /// # Errors
    /// If the library can't be read, or a sentence has no words.
    pub fn texts(&self, reading: Reading) -> Result<Vec<String>> {
        let text = |episode: &EpisodeId| {
            let read = self.library.transcript_as(*episode, None, reading)?;
            Ok(join_words(&read.context("a sentence was not recognised")?.transcript.words))
        };
        self.episodes.iter().map(text).collect()
    }

    /// Whether the name of each sentence, searched by its sound, leads to it; and how many hits lie in others.
    ///
    /// # Errors
    /// If a search fails.
    pub fn by_sound(&self, spoken: &[Spoken]) -> Result<(Vec<bool>, usize)> {
        let mut elsewhere = 0;
        let mut found = Vec::with_capacity(spoken.len());
        for (one, episode) in spoken.iter().zip(&self.episodes) {
            let request =
                SearchRequest { query: one.name.clone(), by: By::Sound, limit: HITS, ..SearchRequest::default() };
            let hits = self.library.search(&request)?.hits;
            let (here, others): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| hit.episode.0 == *episode);
            found.push(!here.is_empty());
            elsewhere += others.len();
        }
        Ok((found, elsewhere))
    }

    /// Accepts all repairs that are at least so likely, and reads each sentence with them. They are only proposed again
    /// afterwards.
    ///
    /// # Errors
    /// If the library can't be read or written.
    pub fn repaired(&self, spoken: &[Spoken], least: f32) -> Result<Repaired> {
        let which: Vec<Which> = self.episodes.iter().map(|episode| Which::AllFrom(*episode, least)).collect();
        let accepted = self.library.decide(&which, Verdict::Accept)?.repairs.len();
        let texts = self.texts(Reading::Repaired)?;
        let mut wrong = 0;
        for (one, episode) in spoken.iter().zip(&self.episodes) {
            let repairs = self.library.names(*episode)?.repairs.into_iter();
            let accepted = repairs.filter(|repair| repair.state == RepairState::Accepted);
            let is_other = |meant: &str| !split(meant).iter().any(|word| one.name_words.contains(word));
            wrong += accepted.filter(|repair| is_other(&repair.meant)).count();
        }
        if accepted > 0 {
            self.library.undo_last_decision()?;
        }
        Ok(Repaired { texts, accepted, wrong })
    }
}
