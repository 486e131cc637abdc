//! What besides its words and meaning says that a topic ends: pauses, other speakers, music, and what people say when
//! they turn to something else.

use crate::blocks::pause;
use ear_core::{StretchKind, Transcript, WordRange};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What people say at turns of topic, one a line: whether it "opens" the new or "closes" the old, what it is worth, and
/// the words.
const SIGNPOSTS: &str = include_str!("signposts.tsv");

/// A signpost that opens a topic stands within so many words of its beginning ("Okay, so moving on to the…").
const OPENING: usize = 12;

/// Pauses up to this many milliseconds are those between any two sentences.
const ANY_PAUSE: u64 = 600;
/// A longer pause is worth no more.
const LONG_PAUSE: u64 = 4_000;

/// What the longest pause is worth, in the units of the costs.
const PAUSE: f64 = 6.0;
/// What another speaker is worth.
const SPEAKER: f64 = 1.0;
/// What music between two sentences is worth.
const MUSIC: f64 = 8.0;
/// Music shorter than this many milliseconds is a sound and no jingle.
const SHORT_MUSIC: u64 = 1_500;

/// Signposts by their first word.
#[derive(Default)]
struct Signposts {
    opens: HashMap<&'static str, Vec<Signpost>>,
    closes: HashMap<&'static str, Vec<Signpost>>,
}

struct Signpost {
    words: Vec<&'static str>,
    worth: f64,
}

static TABLE: LazyLock<Signposts> = LazyLock::new(|| {
    let mut table = Signposts::default();
    for line in SIGNPOSTS.lines() {
        let mut fields = line.split('\t');
        let (Some(place), Some(worth), Some(phrase)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let words: Vec<&str> = phrase.split(' ').collect();
        let (Ok(worth), Some(first)) = (worth.parse(), words.first().copied()) else { continue };
        let side = if place == "opens" { &mut table.opens } else { &mut table.closes };
        side.entry(first).or_default().push(Signpost { words, worth });
    }
    table
});

/// What the signs before each sentence are worth; the first has none.
pub(super) fn signs(transcript: &Transcript, sentences: &[WordRange]) -> Vec<f64> {
    let mut before: Vec<String> = Vec::new();
    let mut music = transcript
        .stretches
        .iter()
        .filter(|stretch| stretch.kind == StretchKind::Music && stretch.span.duration() >= SHORT_MUSIC);
    let mut playing = music.next();
    let mut worths = Vec::with_capacity(sentences.len());
    for (index, sentence) in sentences.iter().enumerate() {
        let words = plain(transcript, sentence.clone());
        if index == 0 {
            worths.push(0.0);
        } else {
            let opening = words.get(..OPENING.min(words.len())).unwrap_or_default();
            let said = spoken(&TABLE.opens, opening).max(spoken(&TABLE.closes, &before));
            worths.push(said + paused(transcript, sentence.start) + other_speaker(transcript, sentence.start));
        }
        // Music that begins after the words of one sentence and before those of the next lies between them.
        let begin = transcript.words.get(sentence.start).and_then(|word| word.span).map(|span| span.start());
        while let (Some(stretch), Some(begin)) = (playing, begin) {
            if stretch.span.start() >= begin {
                break;
            }
            if index > 0 {
                worths[index] += MUSIC;
            }
            playing = music.find(|next| next.span.start() >= begin);
        }
        before = words;
    }
    worths
}

/// What the strongest signpost among these words is worth.
fn spoken(table: &HashMap<&str, Vec<Signpost>>, words: &[String]) -> f64 {
    let mut worth = 0.0_f64;
    for (at, word) in words.iter().enumerate() {
        for signpost in table.get(word.as_str()).into_iter().flatten() {
            let rest = &words[at..];
            if rest.len() >= signpost.words.len() && rest.iter().zip(&signpost.words).all(|(said, word)| said == word) {
                worth = worth.max(signpost.worth);
            }
        }
    }
    worth
}

fn paused(transcript: &Transcript, word: usize) -> f64 {
    let pause = pause(transcript, word).unwrap_or_default().min(LONG_PAUSE);
    pause.saturating_sub(ANY_PAUSE) as f64 / (LONG_PAUSE - ANY_PAUSE) as f64 * PAUSE
}

fn other_speaker(transcript: &Transcript, word: usize) -> f64 {
    let speaker = |word: usize| transcript.turn_of(word).map(|turn| (turn.words.start, turn.speaker.as_deref()));
    let changes = match (word.checked_sub(1).and_then(speaker), speaker(word)) {
        // Where nobody is named, each turn may be another's.
        (Some((one, None)), Some((other, None))) => one != other,
        (Some((_, one)), Some((_, other))) => one != other,
        _ => false,
    };
    if changes { SPEAKER } else { 0.0 }
}

/// Words without case and punctuation.
fn plain(transcript: &Transcript, words: WordRange) -> Vec<String> {
    let words = transcript.words.get(words).unwrap_or_default();
    let plain = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'");
    words.iter().map(|word| plain(&word.text)).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentences;
    use ear_core::{Origin, Span, Stretch, Timing, Turn, Word};

    fn talk(text: &str) -> Transcript {
        Transcript { words: text.split(' ').map(Word::untimed).collect(), ..Transcript::empty(Origin::Imported) }
    }

    fn worths(transcript: &Transcript) -> Vec<f64> {
        signs(transcript, &sentences(transcript))
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let count = |side: &HashMap<&str, Vec<Signpost>>| side.values().map(Vec::len).sum::<usize>();
        assert_eq!(count(&TABLE.opens) + count(&TABLE.closes), SIGNPOSTS.lines().count());
    }

    #[test]
    fn people_say_that_they_turn_to_something_else() {
        let found = worths(&talk("It rained. Okay, welcome back to the show. It was late. Stay with us. So it was."));
        assert_eq!(found.iter().map(|worth| *worth > 0.0).collect::<Vec<_>>(), [false, true, false, false, true]);
    }

    #[test]
    fn speakers_and_pauses_count() {
        let mut talk = talk("It rained. We left. It was late.");
        let turn = |words, speaker: &str| Turn { speaker: Some(speaker.into()), words };
        talk.turns = vec![turn(0..2, "A"), turn(2..4, "A"), turn(4..7, "B")];
        assert_eq!(worths(&talk), [0.0, 0.0, SPEAKER]);
        let mut now = 0;
        for (index, word) in talk.words.iter_mut().enumerate() {
            now += if index == 2 { LONG_PAUSE } else { 0 };
            word.span = Some(Span::new(now, now + 300));
            now += 300;
        }
        talk.timing = Timing::Words;
        assert_eq!(worths(&talk), [0.0, PAUSE, SPEAKER]);
    }

    #[test]
    fn music_between_sentences_counts_once() {
        let mut talk = talk("It rained. We left. It was late.");
        for (index, word) in talk.words.iter_mut().enumerate() {
            let begin = index as u64 * 300 + index as u64 / 4 * 5_000;
            word.span = Some(Span::new(begin, begin + 300));
        }
        let music = |from, to| Stretch { span: Span::new(from, to), kind: StretchKind::Music, language: None };
        talk.stretches = vec![music(1_200, 3_500), music(3_600, 6_200)];
        let with = worths(&talk);
        talk.stretches.clear();
        let gained: Vec<f64> = with.iter().zip(worths(&talk)).map(|(with, without)| with - without).collect();
        assert_eq!(gained, [0.0, 0.0, MUSIC]);
    }
}
