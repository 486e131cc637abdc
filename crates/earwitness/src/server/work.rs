//! The worker of this process, and what it hears at the moment.

use super::ServeOptions;
use super::state::Shared;
use ear_core::EpisodeId;
use ear_engine::{Event, Stop, WorkOptions};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much of what was heard last is kept, in characters.
const HEARD: usize = 110;

/// How long the worker waits after a failure of the whole queue, in tenths of a second.
const PAUSE: u32 = 100;

/// What the worker of this process is doing. Workers of other processes show in the queue only.
#[derive(Default)]
pub(crate) struct Live {
    heard: Mutex<HashMap<EpisodeId, Heard>>,
    trouble: Mutex<Option<String>>,
}

/// What is known of an episode under work beyond the queue's facts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Heard {
    /// The words heard last.
    pub(crate) text: String,
    /// Seconds of work left at the present rate.
    pub(crate) seconds_left: Option<f64>,
    /// How much is done, 0 to 1; the queue learns of it only every few seconds.
    pub(crate) done: Option<f64>,
    /// What is done now.
    pub(crate) stage: Option<&'static str>,
}

impl Live {
    /// What is heard in an episode right now.
    pub(crate) fn heard(&self, episode: EpisodeId) -> Heard {
        lock(&self.heard).get(&episode).cloned().unwrap_or_default()
    }

    /// Why nothing is worked on, if that is so.
    pub(crate) fn trouble(&self) -> Option<String> {
        lock(&self.trouble).clone()
    }

    fn note(&self, event: Event) {
        match event {
            Event::Progress { episode, stage, done, total, rate, heard, .. } => {
                let mut all = lock(&self.heard);
                let entry = all.entry(episode).or_default();
                entry.text = tail(&entry.text, &heard);
                entry.stage = Some(stage.label());
                entry.done = total.filter(|total| *total > 0).map(|total| done as f64 / total as f64);
                let left = total.map(|total| total.saturating_sub(done) as f64 / 1000.0);
                entry.seconds_left = left.zip(rate).and_then(|(left, rate)| (rate > 0.01).then(|| left / rate));
            }
            Event::Started { .. } => *lock(&self.trouble) = None,
            Event::Finished { episode, .. } => forget(&mut lock(&self.heard), episode),
            Event::Failed { episode, title, error, .. } => {
                forget(&mut lock(&self.heard), episode);
                eprintln!("{title}: {error}");
            }
            Event::Warning { message, .. } => eprintln!("{message}"),
        }
    }
}

/// Works through the queue until `stop` is requested. When the queue itself fails, tries again after a while.
pub(crate) fn keep_working(app: &Shared, serve: &ServeOptions, stop: &Stop) {
    let (threads, nice) = (serve.threads, serve.nice);
    let model = serve.model.clone();
    let options = WorkOptions { keep_going: true, threads, nice, model, ..WorkOptions::default() };
    while !stop.requested() {
        let work = || app.library().work(&options, stop, &|event| app.live.note(event));
        let trouble = match catch_unwind(AssertUnwindSafe(work)) {
            Ok(Ok(_summary)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_panic) => Some("the worker ran into a fault of the program".to_owned()),
        };
        if let Some(trouble) = &trouble {
            eprintln!("nothing is worked on for the moment: {trouble}");
        }
        *lock(&app.live.trouble) = trouble;
        for _ in 0..PAUSE {
            if stop.requested() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// Looks at feeds whenever one is due, until `stop` is requested. What a look found is in the queue, and why it
/// failed is with its show.
pub(crate) fn keep_looking(app: &Shared, every: Duration, stop: &Stop) {
    /// How often it is asked whether a feed is due, in tenths of a second.
    const LOOK: u32 = 600;
    while !stop.requested() {
        let look = || app.library().refresh_due(every, stop, &mut |_| ());
        match catch_unwind(AssertUnwindSafe(look)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("the feeds can't be looked at: {error}"),
            Err(_panic) => eprintln!("looking at the feeds ran into a fault of the program"),
        }
        for _ in 0..LOOK {
            if stop.requested() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn forget(all: &mut HashMap<EpisodeId, Heard>, episode: EpisodeId) {
    all.remove(&episode);
}

/// The end of both texts together, cut at a word.
fn tail(before: &str, new: &str) -> String {
    let text = format!("{before} {new}");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((cut, _)) = text.char_indices().rev().nth(HEARD) else { return text };
    let rest = &text[cut..];
    rest.split_once(' ').map_or(rest, |(_, words)| words).to_owned()
}

/// A panic elsewhere leaves these values as good as they were.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::JobId;
    use ear_engine::Stage;

    #[test]
    fn the_last_words_and_the_time_left_are_kept() {
        let (live, episode) = (Live::default(), EpisodeId(3));
        for heard in ["one two", " three"] {
            live.note(Event::Progress {
                job: JobId(1),
                episode,
                stage: Stage::Recognising,
                done: 20_000,
                total: Some(60_000),
                rate: Some(4.0),
                heard: heard.into(),
            });
        }
        let expected = Heard {
            text: "one two three".into(),
            seconds_left: Some(10.0),
            done: Some(1.0 / 3.0),
            stage: Some("recognising"),
        };
        assert_eq!(live.heard(episode), expected);
        live.note(Event::Finished { job: JobId(1), episode, title: String::new(), stage: Stage::Indexing });
        assert_eq!(live.heard(episode), Heard::default());
    }

    #[test]
    fn long_texts_are_cut_at_a_word() {
        let long = tail("", &"abcd ".repeat(100));
        assert!(long.starts_with("abcd abcd") && long.chars().count() <= HEARD, "{long}");
        assert!(tail(&"é".repeat(300), "ü").ends_with('ü'));
    }
}
