//! The job that fetches what belongs to an episode: transcripts and chapters first, which are small and can
//! be read at once, then the sound. What came of the sound stays; a job that was stopped or killed goes on
//! where it was.

use super::{Beat, FETCH, Outcome, Told};
use crate::add::{sound_tags, transcribe_job};
use crate::files::hex;
use crate::net::{Net, is_ours, name_of, remove};
use crate::{Error, ErrorKind, Event, Library, Result, Stage};
use ear_core::Origin;
use ear_ingest::transcript::{self, TextOptions};
use ear_store::{Document, DocumentKind, Episode, EpisodeEdit, Job, NewJob};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

/// Progress is told no more often.
const OFTEN: Duration = Duration::from_millis(200);
/// How often a fetch is begun before it has failed: waits between, the longest some hours.
const ATTEMPTS: u32 = 7;
/// Languages in which transcripts are taken, at most.
const MOST_LANGUAGES: usize = 4;

/// Something at an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Link {
    pub url: String,
    pub media_type: Option<String>,
    pub language: Option<String>,
}

/// What is to be fetched, and how.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FetchOptions {
    pub sound: Option<Link>,
    pub transcripts: Vec<Link>,
    pub chapters: Option<String>,
    /// The language that the feed says it is in.
    pub hint: Option<String>,
    pub allow_private: bool,
    pub allow_files: bool,
    /// How the sound is recognised then.
    pub model: Option<String>,
    /// The language that the user says is spoken.
    pub spoken: Option<String>,
}

impl FetchOptions {
    /// What is asked for beside the sound, to be compared with what was asked for before. Whatever follows a
    /// question mark may change with each look at a feed, and names the same thing.
    pub fn beside(&self) -> String {
        let plain = |url: &str| url.split('?').next().unwrap_or(url).to_owned();
        let mut links: Vec<String> = self.transcripts.iter().map(|link| plain(&link.url)).collect();
        links.extend(self.chapters.as_deref().map(plain));
        links.sort();
        serde_json::json!(links).to_string()
    }
}

/// The job for it; the episode is still to be named.
pub(crate) fn fetch_job(options: &FetchOptions) -> NewJob {
    let options = serde_json::to_value(options).unwrap_or_default().to_string();
    // Before any transcription: it waits for others more than for this machine.
    NewJob { options, priority: 5, max_attempts: ATTEMPTS, ..NewJob::new(FETCH, None) }
}

/// How long a fetch waits that failed over something that may pass, in milliseconds: from seconds to hours.
pub(super) fn pause(attempts: u32) -> i64 {
    const WAITS: [i64; 6] = [5, 30, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600];
    WAITS[(attempts.saturating_sub(1) as usize).min(WAITS.len() - 1)] * 1000
}

impl Library {
    pub(super) fn fetch_job(
        &self,
        job: &Job,
        episode: &Episode,
        beat: &Beat<'_>,
        on_event: &(dyn Fn(Event) + Sync),
    ) -> Result<Outcome> {
        let asked: FetchOptions = serde_json::from_str(&job.options)
            .map_err(|error| Error::new(ErrorKind::Bug, format!("the job's options can't be read: {error}")))?;
        let net = Net::new(asked.allow_private, asked.allow_files)?;
        beat.tell(Told { stage: Some(Stage::Fetching), ..Told::default() });
        let fetch = Fetch { library: self, episode, asked: &asked, net: &net, job, beat, on_event };
        // What belongs to the sound is worth less than the sound: what is wrong with it is said, and passed over.
        let warn = |message| on_event(Event::Warning { episode: Some(episode.id), message });
        fetch.transcripts(&warn)?;
        fetch.chapters(&warn)?;
        if beat.lost() {
            return Ok(Outcome::GivenUp);
        }
        match &asked.sound {
            Some(sound) if self.known(episode.id)?.recording.is_none() => fetch.sound(sound),
            _ => Ok(Outcome::Done(Vec::new())),
        }
    }
}

/// A fetch under way.
struct Fetch<'a> {
    library: &'a Library,
    episode: &'a Episode,
    asked: &'a FetchOptions,
    net: &'a Net,
    job: &'a Job,
    beat: &'a Beat<'a>,
    on_event: &'a (dyn Fn(Event) + Sync),
}

impl Fetch<'_> {
    /// Of each language the best transcript that can be had and read, that of the feed's language last, since
    /// of two alike the newer one is read.
    fn transcripts(&self, warn: &dyn Fn(String)) -> Result<()> {
        let hint = self.asked.spoken.clone().or_else(|| self.asked.hint.clone());
        let mut languages = BTreeMap::<(bool, Option<String>), Vec<&Link>>::new();
        for link in &self.asked.transcripts {
            let language = link.language.clone().or_else(|| hint.clone());
            languages.entry((language == hint, language)).or_default().push(link);
        }
        let known = self.library.store.documents(self.episode.id)?;
        for ((_, language), mut links) in languages.into_iter().rev().take(MOST_LANGUAGES).rev() {
            links.sort_by_key(|link| rank(link));
            for link in links {
                if known.iter().any(|known| known.source == link.url) {
                    break;
                }
                match self.transcript(link, language.as_deref()) {
                    Ok(()) => break,
                    // Rather the whole job again than a transcript that is missing for a moment.
                    Err(error) if is_ours(&error) || error.kind == ErrorKind::Network => return Err(error),
                    Err(error) => warn(format!("{}: the published transcript can't be used: {error}", link.url)),
                }
            }
        }
        Ok(())
    }

    fn transcript(&self, link: &Link, language: Option<&str>) -> Result<()> {
        let answer = self.net.document(&link.url)?;
        let unreadable = |error: ear_ingest::Error| Error::new(ErrorKind::BadInput, error.to_string());
        let format = transcript::detect(name_of(&link.url), &answer.bytes)
            .ok_or_else(|| Error::new(ErrorKind::BadInput, "is no transcript of a known format"))?;
        let parsed = transcript::parse(&answer.bytes, format, &TextOptions::default()).map_err(unreadable)?;
        let mut words = parsed.transcript;
        words.origin = Origin::Published;
        words.language = words.language.or_else(|| language.map(str::to_owned));
        let hash = hex(&Sha256::digest(&answer.bytes));
        if self.library.is_known(self.episode.id, &hash)? {
            return Ok(());
        }
        let document = Document {
            kind: DocumentKind::Transcript,
            hash,
            bytes: answer.bytes.len() as u64,
            source: link.url.clone(),
            media_type: answer.content_type.or_else(|| link.media_type.clone()),
            language: words.language.clone(),
            transcript: None,
        };
        self.library.store_written(self.episode.id, &words, &answer.bytes, document).map(drop)
    }

    fn chapters(&self, warn: &dyn Fn(String)) -> Result<()> {
        let Some(url) = &self.asked.chapters else { return Ok(()) };
        let known = self.library.store.documents(self.episode.id)?;
        if known.iter().any(|known| known.kind == DocumentKind::Chapters && known.source == *url) {
            return Ok(());
        }
        let read = self.net.document(url).and_then(|answer| {
            self.library.store_chapters(self.episode.id, &answer.bytes, url, answer.content_type.as_deref())
        });
        match read {
            Ok(warnings) => warnings.into_iter().for_each(|warning| warn(format!("{url}: {warning}"))),
            Err(error) if is_ours(&error) => return Err(error),
            // Chapters are not worth waiting for.
            Err(error) => warn(format!("{url}: the chapters can't be used: {error}")),
        }
        Ok(())
    }

    fn sound(&self, link: &Link) -> Result<Outcome> {
        let file = self.library.fetched_file(&link.url);
        let mut teller = Teller { fetch: self, marks: VecDeque::new(), last: None };
        // Whole already where a worker was killed just then, or where somebody looked what this is.
        let is_whole =
            file.exists() || self.net.download(&link.url, &file, &mut |done, total| teller.tell(done, total))?;
        if !is_whole {
            return Ok(if self.beat.lost() { Outcome::GivenUp } else { Outcome::Stopped });
        }
        let next = self.take_in(&file, link);
        if next.as_ref().is_err_and(|error| !is_ours(error)) {
            // What is no sound will be none the next time either.
            remove(&file)?;
        }
        next
    }

    /// Puts the sound in its place and queues its recognition. Where another episode has this very sound, the
    /// two become one.
    fn take_in(&self, file: &Path, link: &Link) -> Result<Outcome> {
        let (library, episode) = (self.library, self.episode.id);
        let info = sound_tags(file).map_err(|error| Error { place: Some(link.url.clone()), ..error })?;
        if !self.beat.is_ours()? {
            return Ok(Outcome::GivenUp);
        }
        let (hash, bytes) = library.adopt_recording(file, info.extension)?;
        let recording = library.described_recording(&info, hash.clone(), bytes, name_of(&link.url))?;
        let other = library.store.episode_from(&hash)?.filter(|other| *other != episode);
        if let Some(other) = other {
            let message = format!("this sound is here already, as episode {other}: the two are one now");
            (self.on_event)(Event::Warning {
                episode: Some(other),
                message: format!("{}: {message}", self.episode.title),
            });
            library.store.merge_episodes(episode, other)?;
            library.index()?.remove(&[episode])?;
            library.index_episodes(&[other])?;
            return Ok(Outcome::GivenUp);
        }
        library.store.attach_recording(episode, &recording)?;
        let cover = info.tags.cover.map(|cover| cover.media_type);
        library
            .store
            .edit_episode(episode, &EpisodeEdit { cover_media_type: Some(cover), ..EpisodeEdit::default() })?;
        let (model, language) = (self.asked.model.as_deref(), self.asked.spoken.as_deref());
        Ok(Outcome::Done(vec![transcribe_job(episode, model, language)]))
    }
}

/// The formats that say most come first; those without times last.
fn rank(link: &Link) -> u8 {
    let kind = link.media_type.as_deref().unwrap_or_default();
    let name = name_of(&link.url).to_lowercase();
    let is = |types: &[&str], ending: &str| types.contains(&kind) || (kind.is_empty() && name.ends_with(ending));
    if is(&["application/json"], ".json") {
        0
    } else if is(&["text/vtt"], ".vtt") {
        1
    } else if is(&["application/x-subrip", "application/srt", "text/srt"], ".srt") {
        2
    } else if is(&["text/html"], ".html") {
        3
    } else {
        4
    }
}

/// Tells how far a download is, and whether it goes on.
struct Teller<'a> {
    fetch: &'a Fetch<'a>,
    /// What was there when, over the last seconds: what came before says little of what is to come.
    marks: VecDeque<(Instant, u64)>,
    last: Option<Instant>,
}

impl Teller<'_> {
    fn tell(&mut self, done: u64, total: Option<u64>) -> ControlFlow<()> {
        if self.last.is_none_or(|last| last.elapsed() >= OFTEN) {
            self.last = Some(Instant::now());
            let fraction = total.map_or(0.0, |total| (done as f64 / total.max(1) as f64).min(1.0));
            self.fetch.beat.tell(Told { fraction, done: Some(done), total, stage: Some(Stage::Fetching) });
            (self.fetch.on_event)(Event::Progress {
                job: self.fetch.job.id,
                episode: self.fetch.episode.id,
                stage: Stage::Fetching,
                done,
                total,
                rate: self.rate(done),
                heard: String::new(),
            });
        }
        let go_on = !self.fetch.beat.lost() && !self.fetch.beat.stop.requested();
        if go_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Thousands of bytes a second, lately.
    fn rate(&mut self, done: u64) -> Option<f64> {
        const LATELY: usize = 50;
        self.marks.push_back((Instant::now(), done));
        if self.marks.len() > LATELY {
            self.marks.pop_front();
        }
        let (began, from) = self.marks.front()?;
        let seconds = began.elapsed().as_secs_f64();
        (seconds > 0.5).then(|| done.saturating_sub(*from) as f64 / 1000.0 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<i64> = (1..=8).map(pause).collect();
        assert!(waits.is_sorted() && waits[0] == 5_000 && waits[7] == 6 * 3_600_000, "{waits:?}");
    }

    #[test]
    fn the_same_links_are_the_same_question() {
        let link = |url: &str| Link { url: url.into(), ..Link::default() };
        let asked = |urls: [&str; 2]| FetchOptions { transcripts: urls.map(link).into(), ..FetchOptions::default() };
        let one = asked(["https://a.org/1.vtt?token=1", "https://a.org/1.srt"]).beside();
        assert_eq!(one, asked(["https://a.org/1.srt", "https://a.org/1.vtt?token=2"]).beside());
        assert_ne!(one, asked(["https://a.org/1.srt", "https://a.org/2.vtt"]).beside());
    }

    #[test]
    fn what_says_most_comes_first() {
        let link = |media_type: Option<&str>, url: &str| Link {
            url: url.into(),
            media_type: media_type.map(str::to_owned),
            language: None,
        };
        let mut links = [
            link(None, "https://a.org/t.txt"),
            link(Some("text/html"), "https://a.org/t"),
            link(None, "https://a.org/t.SRT?x"),
            link(Some("text/vtt"), "https://a.org/t"),
            link(Some("application/json"), "https://a.org/t"),
        ];
        links.sort_by_key(rank);
        assert_eq!(links.map(|link| rank(&link)), [0, 1, 2, 3, 4]);
    }
}
