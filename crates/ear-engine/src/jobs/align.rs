//! The job that brings a written text and the sound together: the text's words get the times of what was
//! heard, and times that came with the text are checked. The result is another transcript beside the two.

use super::{ALIGN, Beat, Outcome, Told};
use crate::add::index_job;
use crate::{Event, Library, Result, Stage};
use ear_core::{EpisodeId, Origin, Span, StretchKind, Timing, Transcript, TranscriptId, clock};
use ear_language::align::{self, Aligned, Drift};
use ear_store::{Episode, NewJob, TranscriptInfo};

/// What a transcript names as its engine whose times were found by this job.
pub(crate) const ENGINE: &str = "aligned";
/// Changes whenever the same text and sound would give other times.
const VERSION: u32 = 1;
/// A text without times is read before what was recognised once it has them, so most of it has to be heard.
const ENOUGH: f64 = 0.6;
/// Changes of how far published times are off that are told one by one.
const TOLD: usize = 3;

/// Of fewer words heard nobody can say how much of them a text has: chance decides.
const TELLING: usize = 50;

/// A text, what was heard of the same sound, and the name of what is made of both.
struct Due {
    text: TranscriptId,
    heard: TranscriptId,
    fingerprint: String,
}

impl Library {
    /// Queues the alignment of an episode that has both a text and what was heard, where it was not done yet.
    pub(crate) fn queue_alignment(&self, episode: EpisodeId) -> Result<()> {
        if let Some(job) = self.alignment_due(episode)? {
            self.store.enqueue(&job)?;
        }
        Ok(())
    }

    /// The job that aligns an episode's texts, where one is due.
    pub(super) fn alignment_due(&self, episode: EpisodeId) -> Result<Option<NewJob>> {
        // After indexing, so that what is there can be found, and before any transcription.
        let job = || NewJob { priority: 5, ..NewJob::new(ALIGN, Some(episode)) };
        Ok((!due(&self.store.transcripts(episode)?).is_empty()).then(job))
    }

    pub(super) fn align_job(
        &self,
        episode: &Episode,
        beat: &Beat<'_>,
        on_event: &(dyn Fn(Event) + Sync),
    ) -> Result<Outcome> {
        beat.tell(Told { stage: Some(Stage::Aligning), ..Told::default() });
        let before = self.store.current_transcript(episode.id)?;
        for due in due(&self.store.transcripts(episode.id)?) {
            let (text, heard) = (self.store.load_transcript(due.text)?, self.store.load_transcript(due.heard)?);
            let result = joined(&text, &heard);
            // Too quick for heartbeats, so the queue itself is asked before anything is stored.
            if !beat.is_ours()? {
                return Ok(Outcome::GivenUp);
            }
            if beat.stop.requested() {
                return Ok(Outcome::Stopped);
            }
            if let Some(share) = result.covers {
                self.store.note_covers(due.text, share)?;
            }
            if let Some(transcript) = result.transcript {
                let made = self.store.add_made_transcript(episode.id, &transcript, &due.fingerprint)?;
                if let Some(share) = result.covers {
                    self.store.note_covers(made, share)?;
                }
            }
            if let Some(message) = result.message {
                on_event(Event::Warning { episode: Some(episode.id), message });
            }
        }
        let read = self.store.current_transcript(episode.id)?;
        let next = read.filter(|_| read != before).map(|id| index_job(episode.id, id));
        Ok(Outcome::Done(next.into_iter().collect()))
    }

    /// What is to be said of the times of a transcript: where those that came with its text are off from the
    /// sound. `None` where there were none, they are right, or nobody could tell yet.
    pub fn times_note(&self, episode: EpisodeId, transcript: TranscriptId) -> Result<Option<String>> {
        let all = self.store.transcripts(episode)?;
        let made =
            |info: &&TranscriptInfo| source(info).is_some_and(|text| text == transcript || info.id == transcript);
        let Some(aligned) = all.iter().filter(made).max_by_key(|info| info.id) else { return Ok(None) };
        let text = source(aligned).and_then(|text| all.iter().find(|info| info.id == text));
        let Some(text) = text.filter(|text| text.timing != Timing::None) else { return Ok(None) };
        let (before, after) = (self.store.load_transcript(text.id)?, self.store.load_transcript(aligned.id)?);
        let drift = align::moved(&before.words, &after.words).filter(|drift| !drift.is_small());
        let right = match aligned.id {
            id if id == transcript => "here they are put right".to_owned(),
            id => format!("transcript {id} has them put right"),
        };
        Ok(drift.map(|drift| format!("{}; {right}", described(&drift, text.origin))))
    }
}

/// The alignments to be made: of the newest text of each origin and language with the best of what was heard.
fn due(transcripts: &[TranscriptInfo]) -> Vec<Due> {
    let complete = || transcripts.iter().filter(|info| info.complete && info.words > 0);
    let Some(heard) = complete().filter(|info| info.origin == Origin::Recognised).max_by_key(|info| info.id) else {
        return Vec::new();
    };
    let is_text = |info: &&TranscriptInfo| {
        let origin = matches!(info.origin, Origin::Published | Origin::Imported);
        // A translation can't be aligned by its words.
        let language =
            info.language.is_none() || heard.language.is_none() || main_language(info) == main_language(heard);
        origin && language && info.engine.as_deref() != Some(ENGINE)
    };
    let newest = |info: &&TranscriptInfo| {
        let same = |other: &TranscriptInfo| other.origin == info.origin && main_language(other) == main_language(info);
        !complete().filter(is_text).any(|other| same(other) && other.id > info.id)
    };
    let mut due: Vec<Due> = complete()
        .filter(is_text)
        .filter(newest)
        .map(|text| Due { text: text.id, heard: heard.id, fingerprint: fingerprint(text.id, heard.id) })
        .filter(|due| !transcripts.iter().any(|info| info.fingerprint.as_deref() == Some(due.fingerprint.as_str())))
        .collect();
    // Of two that are read alike the newer is read, also after both were aligned.
    due.sort_by_key(|due| due.text);
    due
}

/// The language without its country: "en" of "en-US".
fn main_language(info: &TranscriptInfo) -> Option<String> {
    let code = info.language.as_deref()?.split(['-', '_']).next()?;
    Some(code.to_ascii_lowercase())
}

fn fingerprint(text: TranscriptId, heard: TranscriptId) -> String {
    format!("{ENGINE}/v{VERSION}/text {text}/heard {heard}")
}

/// The text that an aligned transcript was made of.
fn source(info: &TranscriptInfo) -> Option<TranscriptId> {
    let mut parts = info.fingerprint.as_deref()?.strip_prefix(ENGINE)?.split('/');
    parts.find_map(|part| part.strip_prefix("text ")?.parse().ok())
}

/// What became of a text and what was heard.
struct Joined {
    /// The share of what was heard that is in the text, from 0 to 1; `None` of too few words to tell.
    covers: Option<f64>,
    transcript: Option<Transcript>,
    message: Option<String>,
}

fn joined(text: &Transcript, heard: &Transcript) -> Joined {
    let speech: Vec<Span> = heard
        .stretches
        .iter()
        .filter(|stretch| stretch.kind == StretchKind::Speech)
        .map(|stretch| stretch.span)
        .collect();
    let mut aligned = align::times(&text.words, &heard.words, &speech);
    let covers = (heard.words.len() >= TELLING).then_some(aligned.covered);
    let owner = owner(text.origin);
    if !aligned.fits() {
        let heard = percent(aligned.matched);
        let message = format!("{owner} text is not of this recording: {heard} of its words are heard in it");
        return Joined { covers, transcript: None, message: Some(message) };
    }
    let drift = align::moved(&text.words, &aligned.words);
    let is_small = drift.as_ref().is_none_or(Drift::is_small);
    if text.timing == Timing::Words && is_small {
        // Its own times are at least as good as ours.
        return Joined { covers, transcript: None, message: None };
    }
    if text.timing == Timing::None && aligned.matched < ENOUGH {
        let heard = percent(aligned.matched);
        let message = format!("{owner} text stays without times: only {heard} of its words are heard in the recording");
        return Joined { covers, transcript: None, message: Some(message) };
    }
    if let Some(drift) = &drift {
        align::fill(&mut aligned.words, &text.words, &heard.words, drift);
    }
    let message = drift.filter(|_| !is_small).map(|drift| described(&drift, text.origin));
    Joined { covers, transcript: Some(with_times(text, heard, aligned)), message }
}

/// The text's words and turns with the times and stretches of the sound.
fn with_times(text: &Transcript, heard: &Transcript, aligned: Aligned) -> Transcript {
    Transcript {
        origin: text.origin,
        language: text.language.clone().or_else(|| heard.language.clone()),
        engine: Some(ENGINE.to_owned()),
        model: heard.model.clone(),
        duration: heard.duration,
        timing: Timing::Words,
        words: aligned.words,
        turns: text.turns.clone(),
        stretches: heard.stretches.clone(),
    }
}

fn owner(origin: Origin) -> &'static str {
    if origin == Origin::Published { "the publisher's" } else { "the imported" }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// How far published times are off, in one sentence. Moments are those of the sound.
fn described(drift: &Drift, origin: Origin) -> String {
    let first = drift.measured.start();
    let mut parts = vec![off_by(drift.at(first))];
    for jump in drift.jumps.iter().take(TOLD) {
        let moment = jump.at.saturating_add_signed(drift.at(jump.at));
        parts.push(format!("{} from {} on", off_by(drift.at(jump.at)), clock(moment)));
    }
    if drift.jumps.len() > TOLD {
        parts.push(format!("and change {} times more", drift.jumps.len() - TOLD));
    }
    if drift.per_hour != 0.0 {
        let (by, way) = (drift.per_hour.abs() / 1000.0, if drift.per_hour > 0.0 { "behind" } else { "ahead of" });
        parts.push(format!("fall {by:.1} s an hour {way} the sound"));
    }
    format!("{} times {}", owner(origin), parts.join(", "))
}

/// Published times that come before the sound are early.
fn off_by(later: i64) -> String {
    let seconds = later.unsigned_abs() as f64 / 1000.0;
    match later {
        -300..=300 => "are right".to_owned(),
        301.. => format!("run {seconds:.1} s early"),
        _ => format!("run {seconds:.1} s late"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{Stretch, Turn, Word};
    use ear_language::align::Jump;

    const SAID: &str = "good evening and welcome to the programme tonight we talk about the harbour and those who \
                        work there by night when everybody else is fast asleep in their warm beds";

    fn info(id: i64, origin: Origin, timing: Timing) -> TranscriptInfo {
        TranscriptInfo {
            id: TranscriptId(id),
            episode: EpisodeId(1),
            origin,
            language: Some("en".into()),
            engine: None,
            model: None,
            fingerprint: None,
            timing,
            duration: None,
            complete: true,
            words: 10,
            created_at: 0,
        }
    }

    #[test]
    fn the_newest_texts_are_due_with_the_newest_hearing() {
        let german = TranscriptInfo { language: Some("de".into()), ..info(7, Origin::Published, Timing::Cues) };
        let done = TranscriptInfo {
            engine: Some(ENGINE.into()),
            fingerprint: Some(fingerprint(TranscriptId(2), TranscriptId(4))),
            ..info(8, Origin::Imported, Timing::Words)
        };
        let all = [
            TranscriptInfo { language: Some("en-US".into()), ..info(1, Origin::Published, Timing::None) },
            info(2, Origin::Imported, Timing::None),
            info(3, Origin::Recognised, Timing::Words),
            info(4, Origin::Recognised, Timing::Words),
            info(5, Origin::Published, Timing::Cues),
            TranscriptInfo { complete: false, ..info(6, Origin::Recognised, Timing::Words) },
            german,
            done,
        ];
        let check = |all: &[TranscriptInfo], expected: &[(i64, i64)]| {
            let due: Vec<_> = due(all).iter().map(|due| (due.text.0, due.heard.0)).collect();
            assert_eq!(due, expected);
        };
        check(&all, &[(5, 4)]);
        check(&all[..4], &[(1, 4), (2, 4)]);
        check(&all[..2], &[]);
        assert_eq!(source(&all[7]), Some(TranscriptId(2)));
    }

    /// A word each 400 ms, from `from` on.
    fn timed(from: u64, text: &str) -> Vec<Word> {
        let span = |index: usize| Span::new(from + index as u64 * 400, from + index as u64 * 400 + 350);
        let word = |(index, word)| Word { confidence: Some(0.9), ..Word::timed(word, span(index)) };
        text.split_whitespace().enumerate().map(word).collect()
    }

    fn heard() -> Transcript {
        let speech = Stretch { span: Span::new(60_000, 80_000), kind: StretchKind::Speech, language: None };
        Transcript {
            words: timed(60_000, SAID),
            model: Some("base".into()),
            duration: Some(90_000),
            timing: Timing::Words,
            stretches: vec![speech],
            ..Transcript::empty(Origin::Recognised)
        }
    }

    fn text(timing: Timing, words: Vec<Word>) -> Transcript {
        let turns = vec![Turn { speaker: Some("Ann".into()), words: 0..words.len() }];
        Transcript { timing, turns, words, ..Transcript::empty(Origin::Published) }
    }

    fn bare(text: &str) -> Vec<Word> {
        text.split_whitespace().map(Word::untimed).collect()
    }

    #[test]
    fn a_text_keeps_its_words_and_turns_and_gets_the_times_of_the_sound() {
        let written = text(Timing::None, bare(SAID));
        let joined = joined(&written, &heard());
        let made = joined.transcript.unwrap();
        assert_eq!((made.origin, made.timing, made.model.as_deref()), (Origin::Published, Timing::Words, Some("base")));
        assert_eq!((&made.turns, made.duration, made.stretches.len()), (&written.turns, Some(90_000), 1));
        assert_eq!(made.words[3].span, Some(Span::new(61_200, 61_550)));
        assert_eq!(joined.message, None);
    }

    #[test]
    fn times_that_came_with_a_text_are_checked() {
        let early = joined(&text(Timing::Cues, timed(28_800, SAID)), &heard());
        assert_eq!(early.message.as_deref(), Some("the publisher's times run 31.2 s early"));
        assert_eq!(early.transcript.unwrap().words[0].span.map(Span::start), Some(60_000));
        let right = joined(&text(Timing::Cues, timed(60_400, SAID)), &heard());
        assert!(right.message.is_none() && right.transcript.is_some());
        // Words that have right times of their own need no others.
        let exact = joined(&text(Timing::Words, timed(60_400, SAID)), &heard());
        assert!(exact.message.is_none() && exact.transcript.is_none());
        let exact_and_late = joined(&text(Timing::Words, timed(66_000, SAID)), &heard());
        assert!(exact_and_late.message.is_some() && exact_and_late.transcript.is_some());
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let check = |written: &str, expected: &str| {
            let joined = joined(&text(Timing::None, bare(written)), &heard());
            assert_eq!((joined.message.as_deref(), joined.transcript), (Some(expected), None));
        };
        check(
            "nobody in this recording ever says any single thing of all these many other matters",
            "the publisher's text is not of this recording: 0 % of its words are heard in it",
        );
        check(
            &format!("{SAID} {}", "and then much more was written down which no one ever read aloud ".repeat(4)),
            "the publisher's text stays without times: only 37 % of its words are heard in the recording",
        );
    }

    #[test]
    fn how_times_are_off_is_told_in_a_sentence() {
        let check = |offset, per_hour, jumps: &[(u64, i64)], expected: &str| {
            let jumps = jumps.iter().map(|(at, by)| Jump { at: *at, by: *by }).collect();
            let measured = Span::new(0, 3_600_000);
            let drift = Drift { offset, per_hour, jumps, residual: 100, words: 5000, measured };
            assert_eq!(described(&drift, Origin::Imported), expected);
        };
        check(-2000, 0.0, &[], "the imported times run 2.0 s late");
        check(0, 0.0, &[(728_800, 31_200)], "the imported times are right, run 31.2 s early from 12:40 on");
        check(0, 3600.0, &[], "the imported times are right, fall 3.6 s an hour behind the sound");
        check(
            1000,
            0.0,
            &[(10_000, 1000), (20_000, 1000), (30_000, 1000), (40_000, 1000), (50_000, 1000)],
            "the imported times run 1.0 s early, run 2.0 s early from 0:12 on, run 3.0 s early from 0:23 on, \
             run 4.0 s early from 0:34 on, and change 2 times more",
        );
    }
}
