//! Lays the cues out as a transcript: words with times, turns, stretches.

use super::{
    MAX_WORDS, Warnings,
    token::{Cue, Token, Voice, is_stray},
};
use crate::Error;
use ear_core::{Millis, Origin, Span, Stretch, Timing, Transcript, Turn, Word, clock};
use std::rc::Rc;

/// How long a word takes where nothing tells: 150 words a minute.
const PACE: Millis = 400;

/// How long a word may take where the next cue is far away: half that pace.
const SLOWEST: Millis = 800;

/// Puts cues in the order of their times; one without a time stays with its predecessor.
pub(super) fn sort(cues: &mut Vec<Cue>, warnings: &mut Warnings) {
    let mut latest = 0;
    let mut current = 0;
    let mut keyed = Vec::with_capacity(cues.len());
    for cue in cues.drain(..) {
        if let Some(start) = cue.start {
            if start < latest {
                warnings.add(cue.line, format!("the cue at {} is out of order; it was put in its place", clock(start)));
            }
            latest = latest.max(start);
            current = start;
        }
        keyed.push((current, cue));
    }
    keyed.sort_by_key(|(start, _)| *start);
    cues.extend(keyed.into_iter().map(|(_, cue)| cue));
}

/// Makes the transcript. With `exact`, words that have times of their own make its timing exact.
pub(super) fn transcript(cues: Vec<Cue>, exact: bool, stretches: Vec<Stretch>) -> Result<Transcript, Error> {
    let spans = spans(&cues);
    let mut transcript = Transcript { stretches: ascending(stretches), ..Transcript::empty(Origin::Imported) };
    let mut turns = Turns::default();
    let (mut timed, mut anchored) = (0, 0);
    let mut times = spans.into_iter();
    for token in cues.into_iter().flat_map(|cue| cue.tokens) {
        turns.hear(&token.voice, transcript.words.len());
        if !token.kept {
            continue;
        }
        // Captions are cut anywhere, also before a comma.
        if is_stray(&token.text)
            && !turns.begins_at(transcript.words.len())
            && let Some(before) = transcript.words.last_mut()
        {
            before.text.push_str(&token.text);
            times.next();
            continue;
        }
        if transcript.words.len() == MAX_WORDS {
            return Err(Error::TooLong { limit: MAX_WORDS, of: "words" });
        }
        let time = times.next().flatten();
        timed += usize::from(time.is_some());
        anchored += usize::from(time.is_some_and(|time| time.anchored));
        let span = time.map(|time| time.span);
        // A label taken out before a word leaves nothing that the word could stick to.
        let glued = token.glued && !transcript.words.is_empty();
        transcript.words.push(Word { span, glued, confidence: token.confidence, ..Word::untimed(token.text) });
    }
    transcript.turns = turns.finish(transcript.words.len());
    transcript.duration = transcript.words.iter().filter_map(|word| word.span).map(Span::end).max();
    transcript.timing = match timed {
        0 => Timing::None,
        _ if exact && anchored * 4 >= timed * 3 => Timing::Words,
        _ => Timing::Cues,
    };
    Ok(transcript)
}

#[derive(Clone, Copy)]
struct Time {
    span: Span,
    /// The source gave the start of this very word.
    anchored: bool,
}

/// A time for each token that is kept, ascending and without overlap.
fn spans(cues: &[Cue]) -> Vec<Option<Time>> {
    let mut spans = Vec::new();
    let limits = limits(cues);
    let mut floor = 0;
    let mut index = 0;
    while index < cues.len() {
        let cue = &cues[index];
        // Cues that start together share their time.
        let together =
            cues[index..].iter().take_while(|other| other.start.is_some() && other.start == cue.start).count();
        let group = &cues[index..index + together.max(1)];
        index += group.len();
        let tokens: Vec<&Token> = group.iter().flat_map(Cue::kept).collect();
        let Some(start) = cue.start else {
            spans.extend(tokens.iter().map(|_| None));
            continue;
        };
        let words = tokens.len() as Millis;
        let limit = limits[index - 1];
        let end = match (group.iter().filter_map(|cue| cue.end).max(), limit) {
            (Some(end), limit) => end.min(limit.unwrap_or(end)),
            (None, Some(limit)) => limit.min(start + SLOWEST * words),
            (None, None) => start + PACE * words,
        };
        let start = start.max(floor);
        floor = end.max(start);
        spread(&tokens, Span::new(start, floor), &mut spans);
    }
    spans
}

/// For each cue the next later start, which its words must not cross.
fn limits(cues: &[Cue]) -> Vec<Option<Millis>> {
    let mut limits = vec![None; cues.len()];
    let mut next: Option<Millis> = None;
    let mut after: Option<Millis> = None;
    for (index, cue) in cues.iter().enumerate().rev() {
        if let Some(start) = cue.start {
            if next.is_none_or(|next| start < next) {
                after = next;
                next = Some(start);
            }
            limits[index] = if next == Some(start) { after } else { next };
        }
    }
    limits
}

/// Gives each token its share of the span, from one known time to the next.
fn spread(tokens: &[&Token], span: Span, spans: &mut Vec<Option<Time>>) {
    let mut anchors = vec![(0, span.start())];
    for (index, token) in tokens.iter().enumerate() {
        let latest = anchors[anchors.len() - 1];
        match token.at {
            Some(at) if at >= latest.1 && at <= span.end() && index > latest.0 => anchors.push((index, at)),
            // The time of the first word is better than that of its cue.
            Some(at) if index == 0 && at > span.start() && at <= span.end() => anchors[0].1 = at,
            _ => {}
        }
    }
    for (position, (from, start)) in anchors.iter().copied().enumerate() {
        let (to, end) = anchors.get(position + 1).copied().unwrap_or((tokens.len(), span.end()));
        // A word whose end is known leaves the rest of the time to those after it.
        let until =
            tokens.get(from).and_then(|token| token.until.filter(|until| token.at == Some(start) && *until >= start));
        let Some(until) = until.map(|until| until.min(end)) else {
            share(&tokens[from..to], Span::new(start, end), true, spans);
            continue;
        };
        share(&tokens[from..from + 1], Span::new(start, until), true, spans);
        share(&tokens[from + 1..to], Span::new(until, end), false, spans);
    }
}

/// Shares a span out in proportion to the letters; whether the first token's start is known.
fn share(tokens: &[&Token], span: Span, known: bool, spans: &mut Vec<Option<Time>>) {
    let letters = |token: &&Token| token.text.chars().filter(|c| c.is_alphanumeric()).count().max(1) as Millis;
    let total: Millis = tokens.iter().map(letters).sum();
    let mut before = 0;
    let moment = |before: Millis| span.start() + span.duration() * before / total.max(1);
    for (index, token) in tokens.iter().enumerate() {
        let after = before + letters(token);
        spans.push(Some(Time { span: Span::new(moment(before), moment(after)), anchored: known && index == 0 }));
        before = after;
    }
}

/// In order and without overlap.
fn ascending(stretches: Vec<Stretch>) -> Vec<Stretch> {
    let mut ascending: Vec<Stretch> = Vec::new();
    for mut stretch in stretches {
        let floor = ascending.last().map_or(0, |last| last.span.end());
        stretch.span = Span::new(stretch.span.start().max(floor), stretch.span.end());
        match ascending.last_mut() {
            Some(last) if last.kind == stretch.kind && last.span.end() == stretch.span.start() => {
                last.span = last.span.join(stretch.span);
            }
            _ if stretch.span.duration() > 0 => ascending.push(stretch),
            _ => {}
        }
    }
    ascending
}

/// Follows who speaks.
#[derive(Default)]
struct Turns {
    done: Vec<Turn>,
    speaker: Option<Rc<str>>,
    start: usize,
    /// Something told speakers apart; without that nobody can tell.
    heard: bool,
}

impl Turns {
    fn hear(&mut self, voice: &Voice, index: usize) {
        let speaker = match voice {
            Voice::Same => return,
            Voice::New => None,
            Voice::Named(name) => Some(Rc::clone(name)),
        };
        self.heard = true;
        if speaker.is_some() && speaker == self.speaker {
            return;
        }
        self.end(index);
        self.speaker = speaker;
    }

    /// Whether the word at `index` is the first of a turn.
    fn begins_at(&self, index: usize) -> bool {
        self.start == index
    }

    fn end(&mut self, index: usize) {
        if index > self.start {
            let speaker = self.speaker.as_deref().map(str::to_owned);
            match self.done.last_mut() {
                Some(last) if speaker.is_some() && last.speaker == speaker => last.words.end = index,
                _ => self.done.push(Turn { speaker, words: self.start..index }),
            }
        }
        self.start = index;
    }

    fn finish(mut self, words: usize) -> Vec<Turn> {
        self.end(words);
        if self.heard { self.done } else { Vec::new() }
    }
}
