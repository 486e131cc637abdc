//! Words with their times as programs give them, made into tokens and cues.

use crate::transcript::token::{Cue, Token, Tokens, Voice, is_break, is_stray};
use ear_core::Millis;
use std::rc::Rc;

/// A pause longer than this, in milliseconds, begins a new cue.
const PAUSE: Millis = 1000;

/// The most words in a cue made of a running list.
const LONGEST: usize = 100;

/// A word, or a piece of one, as a program gives it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub text: String,
    pub start: Option<Millis>,
    pub end: Option<Millis>,
    pub confidence: Option<f32>,
    /// Who said it; `None` where the source doesn't tell.
    pub speaker: Option<Rc<str>>,
    /// No space stands before it.
    pub glued: bool,
}

/// Joins pieces that carry their own white space (" Hel", "lo", " there") into words. Between scripts without
/// spaces each piece remains a word of its own.
pub(super) fn join_pieces(pieces: Vec<Said>) -> Vec<Said> {
    let mut words: Vec<Said> = Vec::new();
    let mut confidences: Vec<f32> = Vec::new();
    // Whether white space parts what comes from what was.
    let mut parted = true;
    for piece in pieces {
        for part in split(piece) {
            let first = part.text.chars().next();
            let Some(first) = first.filter(|first| !first.is_whitespace()) else {
                parted = true;
                continue;
            };
            let last = words.last().and_then(|word| word.text.chars().next_back());
            let unspaced = last.is_some_and(|last| is_break(last, first) || is_unspaced(last) && is_unspaced(first));
            let open = words.last_mut().filter(|_| !parted && !unspaced);
            match open {
                Some(word) => extend(word, part, &mut confidences),
                None => {
                    confidences = part.confidence.into_iter().collect();
                    words.push(Said { glued: !parted && last.is_some(), ..part });
                }
            }
            parted = false;
        }
    }
    words
}

/// Adds the next piece of a word. Its confidence is the mean of its pieces'.
fn extend(word: &mut Said, part: Said, confidences: &mut Vec<f32>) {
    word.text.push_str(&part.text);
    word.start = word.start.or(part.start);
    word.end = part.end.or(word.end);
    word.speaker = word.speaker.take().or(part.speaker);
    confidences.extend(part.confidence);
    let total: f32 = confidences.iter().sum();
    word.confidence = (!confidences.is_empty()).then(|| total / confidences.len() as f32);
}

/// Cuts a piece at white space, which is kept as parts of its own; each gets its share of the time.
fn split(piece: Said) -> Vec<Said> {
    if !piece.text.contains(char::is_whitespace) {
        return vec![piece];
    }
    let mut parts: Vec<Said> = Vec::new();
    for character in piece.text.chars() {
        let blank = character.is_whitespace();
        match parts.last_mut().filter(|part| part.text.starts_with(char::is_whitespace) == blank) {
            Some(part) => part.text.push(character),
            None => parts.push(Said { text: character.into(), ..piece.clone() }),
        }
    }
    let texts: Vec<&str> = parts.iter().map(|part| part.text.trim()).collect();
    let times = shares(&texts, piece.start, piece.end);
    for (part, (start, end)) in parts.iter_mut().zip(times) {
        (part.start, part.end) = (start, end);
    }
    parts
}

/// The part of the time that each text takes, in proportion to its letters.
fn shares(texts: &[&str], start: Option<Millis>, end: Option<Millis>) -> Vec<(Option<Millis>, Option<Millis>)> {
    let letters: Vec<Millis> = texts.iter().map(|text| text.chars().count() as Millis).collect();
    let total: Millis = letters.iter().sum();
    let mut before = 0;
    let mut times = Vec::with_capacity(texts.len());
    for count in letters {
        let at = |before| match (start, end) {
            (Some(start), Some(end)) if end > start => Some(start + (end - start) * before / total.max(1)),
            (Some(start), None) if before == 0 => Some(start),
            (Some(start), Some(_)) => Some(start),
            _ => None,
        };
        times.push((at(before), if end.is_some() { at(before + count) } else { None }));
        before += count;
    }
    times
}

/// Scripts whose words stand together, and that are not cut by their characters: Thai, Lao, Myanmar, Khmer.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Marks words that follow each other without a space where their script has none.
pub(super) fn glue(words: &mut [Said]) {
    for index in 1..words.len() {
        let last = words[index - 1].text.trim_end().chars().next_back();
        let first = words[index].text.trim_start().chars().next();
        words[index].glued = last.zip(first).is_some_and(|(last, first)| is_break(last, first));
    }
}

/// Follows the speakers. Names are marked in each cue, as cues may be put in another order; that somebody without
/// a name speaks is marked where it changes.
#[derive(Default)]
pub(super) struct Speakers {
    last: Option<Rc<str>>,
    /// Some word had a speaker.
    pub heard: bool,
}

impl Speakers {
    /// The mark for words of this speaker.
    pub fn change(&mut self, speaker: Option<&Rc<str>>) -> Voice {
        self.heard |= speaker.is_some();
        let changed = self.last.as_ref() != speaker;
        self.last = speaker.cloned();
        match speaker {
            Some(name) => Voice::Named(Rc::clone(name)),
            None if changed => Voice::New,
            None => Voice::Same,
        }
    }
}

/// The words as tokens; each may be several, which share its time.
pub(super) fn tokens(words: &[Said], speakers: &mut Speakers) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    for word in words {
        let mut pieces = Tokens::default();
        pieces.text(&word.text);
        let mut tokens = pieces.finish();
        if let [only] = &tokens[..]
            && is_stray(&only.text)
            && let Some(before) = all.last_mut()
        {
            before.text.push_str(&only.text);
            continue;
        }
        let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        let times = shares(&texts, word.start, word.end);
        for (index, (token, (start, end))) in tokens.iter_mut().zip(times).enumerate() {
            // An end that is no later than the start tells nothing.
            let until = end.filter(|end| start.is_some_and(|start| *end > start));
            (token.at, token.until, token.confidence) = (start, until, word.confidence);
            if index == 0 {
                token.glued = word.glued;
                let same = all.last().is_some() && speakers.last == word.speaker;
                token.voice = if same { Voice::Same } else { speakers.change(word.speaker.as_ref()) };
                token.first = !same;
            }
        }
        all.append(&mut tokens);
    }
    all
}

/// A cue of words; where its own times are unknown, those of its words count.
pub(super) fn cue(words: &[Said], start: Option<Millis>, end: Option<Millis>, speakers: &mut Speakers) -> Cue {
    let first = words.iter().find_map(|word| word.start);
    let last = words.iter().filter_map(|word| word.end.or(word.start)).max();
    let start = match (start, first) {
        (Some(start), Some(first)) => Some(start.min(first)),
        (start, first) => start.or(first),
    };
    let end = end.max(last).filter(|end| start.is_some_and(|start| *end > start));
    Cue { line: 0, start, end, tokens: tokens(words, speakers) }
}

/// Cuts a running list of words into cues: at another speaker, after a sentence and at a pause.
pub(super) fn cues(mut words: Vec<Said>, speakers: &mut Speakers) -> Vec<Cue> {
    without_backward_times(&mut words);
    let mut cues = Vec::new();
    let mut from = 0;
    for index in 1..=words.len() {
        if index == words.len() || index - from >= LONGEST || is_cut(&words[index - 1], &words[index]) {
            cues.push(cue(&words[from..index], None, None, speakers));
            from = index;
        }
    }
    cues
}

fn is_cut(before: &Said, after: &Said) -> bool {
    // A cue needs a time to begin with.
    let Some(start) = after.start.filter(|_| !after.glued) else { return false };
    let paused = before.end.or(before.start).is_some_and(|end| start > end + PAUSE);
    let ended = before.text.trim_end_matches(['"', '”', '’', ')']).ends_with(['.', '?', '!', '。', '？', '！']);
    paused || ended || before.speaker != after.speaker
}

/// Takes back times that are no part of the longest ascent, so that one fault misplaces one word only.
fn without_backward_times(words: &mut [Said]) -> usize {
    let found: Vec<(usize, Millis)> =
        words.iter().enumerate().filter_map(|(index, word)| Some((index, word.start?))).collect();
    if found.is_sorted_by_key(|(_, start)| *start) {
        return 0;
    }
    let mut kept = crate::transcript::ascent::longest_ascent(&found).into_iter().rev().peekable();
    let mut taken = 0;
    for (index, _) in found {
        if kept.next_if_eq(&index).is_none() {
            (words[index].start, words[index].end) = (None, None);
            taken += 1;
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, start: Millis, end: Millis) -> Said {
        Said { text: text.into(), start: Some(start), end: Some(end), confidence: Some(0.5), ..Said::default() }
    }

    fn check_join(pieces: &[&str], expected: &str) {
        let timed =
            pieces.iter().enumerate().map(|(at, text)| said(text, at as u64 * 10, at as u64 * 10 + 10)).collect();
        let joined: Vec<String> = join_pieces(timed)
            .iter()
            .map(|word| {
                format!(
                    "{}{} {}-{}",
                    if word.glued { "+" } else { "" },
                    word.text,
                    word.start.unwrap(),
                    word.end.unwrap()
                )
            })
            .collect();
        assert_eq!(joined.join(", "), expected);
    }

    #[test]
    fn pieces_become_words() {
        check_join(&[" Hel", "lo", " there", "."], "Hello 0-20, there. 20-40");
        check_join(&["It's", " ", "Friday", ",", " ", "so"], "It's 0-10, Friday, 20-40, so 50-60");
        check_join(&["New York", " is"], "New 0-4, York 4-10, is 10-20");
        check_join(&["今日", "は", "晴れ"], "今日 0-10, +は 10-20, +晴れ 20-30");
        check_join(&["สวัส", "ดี", " ครับ"], "สวัส 0-10, +ดี 10-20, ครับ 20-30");
        check_join(&[" ", ""], "");
    }

    #[test]
    fn one_faulty_time_misplaces_one_word() {
        let mut words = vec![said("a", 0, 5), said("b", 90_000, 90_005), said("c", 10, 15), said("d", 20, 25)];
        assert_eq!(without_backward_times(&mut words), 1);
        assert_eq!(words.iter().map(|word| word.start).collect::<Vec<_>>(), [Some(0), None, Some(10), Some(20)]);
    }

    #[test]
    fn lists_are_cut_where_people_pause() {
        let mut words = vec![said("Yes.", 0, 5), said("So", 10, 20), said("it", 2000, 2010), said("is", 2010, 2020)];
        words[3].speaker = Some("B".into());
        let cues = cues(words, &mut Speakers::default());
        assert_eq!(cues.iter().map(|cue| cue.tokens.len()).collect::<Vec<_>>(), [1, 1, 1, 1]);
    }
}
