//! Times for the words of a text, from the times of the words heard that they match.

use super::matching::Matching;
use ear_core::{Millis, Span, Word};
use std::ops::Range;

/// The quickest talk where something else was heard, in milliseconds a letter: recognisers cut off ends.
const QUICKEST_HEARD: u64 = 15;
/// The quickest talk where nothing was heard: 33 letters a second.
const QUICKEST: u64 = 30;
/// The slowest: a pause between each two words.
const SLOWEST: u64 = 250;
/// Room up to this length may hold any few words, in milliseconds.
const SHORT: Millis = 3000;
/// Usual talk, 15 letters a second.
const USUAL: u64 = 65;
/// More tokens than this that nobody heard, where other words were heard, are another text.
const MOST_MISHEARD: usize = 12;
/// What lies between words closer than this is no pause, in milliseconds.
const PAUSE: Millis = 300;
/// Letters that may be said between two such words without being heard.
const SWALLOWED: u64 = 12;

/// How sure it is that a word of a written text was said, before anybody listened.
const WRITTEN: f32 = 0.9;

/// Gives the words of `text` the times of what was heard. Those that match have a confidence, where the words
/// heard have one; those in between have none; what can't have been said has no time.
pub(super) fn spread(text: &[Word], heard: &[Word], speech: &[Span], matching: &Matching) -> Vec<Word> {
    let clock = Clock::new(heard, speech, matching);
    let mut times: Vec<Option<Span>> = vec![None; matching.text.len()];
    let mut matched: Vec<Option<usize>> = vec![None; matching.text.len()];
    let (mut after_text, mut after_heard) = (0, 0);
    for (i, j) in matching.pairs() {
        let gap = Gap { text: after_text..i, heard: after_heard..j };
        clock.fill(&gap, &matching.text.letters, &mut times);
        times[i] = clock.heard[j];
        matched[i] = Some(matching.heard.word[j]);
        (after_text, after_heard) = (i + 1, j + 1);
    }
    let rest = Gap { text: after_text..matching.text.len(), heard: after_heard..matching.heard.len() };
    clock.fill(&rest, &matching.text.letters, &mut times);
    let words = text.iter().enumerate().map(|(index, word)| {
        let tokens = matching.text.of_word(index);
        let span = times[tokens.clone()].iter().flatten().copied().reduce(Span::join);
        let confidence = matched[tokens.clone()].iter().map(|heard_at| heard[(*heard_at)?].confidence);
        let confidence = confidence.collect::<Option<Vec<f32>>>().and_then(|all| all.into_iter().reduce(f32::min));
        Word { span, confidence: confidence.map(agreed), ..word.clone() }
    });
    let mut words: Vec<Word> = words.collect();
    place_signs(&mut words, matching);
    in_order(&mut words);
    words
}

/// Two witnesses say the same: it is wrong only if both are.
fn agreed(heard: f32) -> f32 {
    1.0 - (1.0 - heard.clamp(0.0, 1.0)) * (1.0 - WRITTEN)
}

/// Tokens of the text that nothing matches, and those heard between the same neighbours.
struct Gap {
    text: Range<usize>,
    heard: Range<usize>,
}

struct Clock<'a> {
    /// The time of each token heard, never running backwards.
    heard: Vec<Option<Span>>,
    letters_heard: &'a [u32],
    /// Ascending, without overlap.
    speech: Vec<Span>,
}

impl<'a> Clock<'a> {
    fn new(heard: &[Word], speech: &[Span], matching: &'a Matching) -> Self {
        let mut floor = 0;
        let spans: Vec<Option<Span>> = heard
            .iter()
            .map(|word| {
                let span = word.span?;
                floor = span.start().max(floor);
                Some(Span::new(floor, span.end()))
            })
            .collect();
        let tokens = &matching.heard;
        let mut times = Vec::with_capacity(tokens.len());
        let mut index = 0;
        while index < tokens.len() {
            let of_word = tokens.of_word(tokens.word[index]);
            match spans[tokens.word[index]] {
                Some(span) => times.extend(divide(&[span], &tokens.letters[of_word.clone()]).into_iter().map(Some)),
                None => times.extend(of_word.clone().map(|_| None)),
            }
            index = of_word.end;
        }
        Self { heard: times, letters_heard: &tokens.letters, speech: merged(speech) }
    }

    /// Gives the tokens of a gap the time there is for them, if it may be theirs.
    fn fill(&self, gap: &Gap, letters: &[u32], times: &mut [Option<Span>]) {
        if gap.text.is_empty() {
            return;
        }
        let letters = &letters[gap.text.clone()];
        let room = if gap.heard.is_empty() { self.unheard(gap, letters) } else { self.misheard(gap, letters) };
        let Some(room) = room else { return };
        for (time, span) in times[gap.text.clone()].iter_mut().zip(divide(&room, letters)) {
            *time = Some(span);
        }
    }

    /// Other words were heard in their place: theirs is the time of those, if there are about as many.
    fn misheard(&self, gap: &Gap, letters: &[u32]) -> Option<Vec<Span>> {
        let room: Vec<Span> = self.heard[gap.heard.clone()].iter().flatten().copied().collect();
        let said = total(letters);
        let heard = total(&self.letters_heard[gap.heard.clone()]);
        let alike = heard <= 4 * said + 20 && said <= 4 * heard + 20;
        (letters.len() <= MOST_MISHEARD && alike && length(&room) >= QUICKEST_HEARD * said).then_some(room)
    }

    /// Nothing was heard in their place: theirs is the speech that is left there, if it is neither too short
    /// nor too long for them.
    fn unheard(&self, gap: &Gap, letters: &[u32]) -> Option<Vec<Span>> {
        let said = total(letters);
        let before = gap.heard.start.checked_sub(1).and_then(|index| self.heard.get(index).copied().flatten());
        let after = self.heard.get(gap.heard.start).copied().flatten();
        let (start, end) = match (before, after) {
            (Some(before), Some(after)) => (before.end(), after.start()),
            // At an edge they are next to the word that is known, not anywhere before or after.
            (Some(before), None) => (before.end(), before.end() + 2 * USUAL * said),
            (None, Some(after)) => (after.start().saturating_sub(2 * USUAL * said), after.start()),
            (None, None) => return None,
        };
        let both = before.is_some() && after.is_some();
        if both && end < start + PAUSE && said <= SWALLOWED {
            return Some(vec![Span::new(start, end)]);
        }
        let room = self.speech_within(start, end, !both);
        let there = length(&room);
        (there >= QUICKEST * said && there <= SHORT.max(SLOWEST * said)).then_some(room)
    }

    /// The speech between two moments. Where nobody said what is speech, all of it is, but not past the edges
    /// of what was heard.
    fn speech_within(&self, start: Millis, end: Millis, at_edge: bool) -> Vec<Span> {
        if self.speech.is_empty() {
            return if at_edge || end <= start { Vec::new() } else { vec![Span::new(start, end)] };
        }
        let first = self.speech.partition_point(|span| span.end() <= start);
        let inside = self.speech[first..].iter().take_while(|span| span.start() < end);
        inside.map(|span| Span::new(span.start().max(start), span.end().min(end))).collect()
    }
}

fn total(letters: &[u32]) -> u64 {
    letters.iter().map(|count| u64::from(*count)).sum()
}

fn length(room: &[Span]) -> Millis {
    room.iter().map(|span| span.duration()).sum()
}

/// Ascending and without overlap.
fn merged(speech: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> = speech.iter().copied().filter(|span| span.duration() > 0).collect();
    sorted.sort_unstable_by_key(|span| span.start());
    let mut merged: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match merged.last_mut().filter(|last| last.end() >= span.start()) {
            Some(last) => *last = last.join(span),
            None => merged.push(span),
        }
    }
    merged
}

/// Shares the room, whose spans ascend, among tokens by their letters. A token never lies across a pause: it
/// is on the side where most of it is.
fn divide(room: &[Span], letters: &[u32]) -> Vec<Span> {
    let (all, said) = (length(room), total(letters).max(1));
    let mut done = 0u64;
    let mut spans = Vec::with_capacity(letters.len());
    for count in letters {
        let from = all * done / said;
        done += u64::from(*count);
        spans.push(within(room, from, all * done / said));
    }
    spans
}

/// The moments of a stretch of the room, counted without its pauses.
fn within(room: &[Span], from: u64, to: u64) -> Span {
    let mut passed = 0;
    let mut best: Option<Span> = None;
    for span in room {
        let (start, end) = (from.max(passed), to.min(passed + span.duration()));
        if start <= end {
            let part = Span::new(span.start() + (start - passed), span.start() + (end - passed));
            if best.is_none_or(|best| part.duration() > best.duration()) {
                best = Some(part);
            }
        }
        passed += span.duration();
        if passed > to {
            break;
        }
    }
    best.unwrap_or_else(|| room.last().map_or(Span::new(0, 0), |last| Span::new(last.end(), last.end())))
}

/// Words of signs alone ("—") take no time; they are where the word before them ends.
fn place_signs(words: &mut [Word], matching: &Matching) {
    let mut end = None;
    for (index, word) in words.iter_mut().enumerate() {
        if matching.text.of_word(index).is_empty() {
            word.span = end.map(|end| Span::new(end, end));
        }
        end = word.span.map(Span::end);
    }
}

/// Starts never run backwards, and no word lasts into the next.
pub(super) fn in_order(words: &mut [Word]) {
    let mut next: Option<Millis> = None;
    for span in words.iter_mut().rev().filter_map(|word| word.span.as_mut()) {
        let start = next.map_or(span.start(), |next| span.start().min(next));
        *span = Span::new(start, next.map_or(span.end(), |next| span.end().min(next)));
        next = Some(start);
    }
}
