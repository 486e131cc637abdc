//! A transcript as turns, paragraphs and sentences, with the words that were looked for marked.

use crate::server::text::{Piece, language, seconds};
use ear_core::{Millis, StretchKind, Transcript, Turn, WordRange, clock};
use ear_engine::{Hit, ReadableTranscript, Repaired};
use std::collections::HashSet;

/// Below this confidence a word is shown as unsure. Of whisper-base's words about one in fifteen is.
const UNSURE: f32 = 0.5;

/// Consecutive paragraphs of one speaker.
pub(super) struct TurnView {
    pub(super) speaker: Option<String>,
    pub(super) paragraphs: Vec<Paragraph>,
}

impl TurnView {
    /// Whether the chosen moment is in it, or words that were looked for.
    pub(super) fn is_sought(&self) -> bool {
        let sought = |sentence: &Sentence| sentence.here || sentence.pieces.iter().any(|piece| piece.marked);
        self.paragraphs.iter().any(|paragraph| paragraph.sentences.iter().any(sought))
    }
}

/// A passage.
pub(super) struct Paragraph {
    /// Its first word.
    pub(super) word: usize,
    /// When it begins, for people and for links.
    pub(super) start: Option<(String, String)>,
    /// What is heard before it that is no speech, or in another language.
    pub(super) marks: Vec<String>,
    pub(super) sentences: Vec<Sentence>,
}

/// A sentence, or the part of one that lies in its paragraph.
pub(super) struct Sentence {
    /// Whether a space stands before it.
    pub(super) spaced: bool,
    /// Whether the chosen moment is here.
    pub(super) here: bool,
    /// The name that the moment's link gives it, unless the paragraph has it.
    pub(super) id: Option<String>,
    pub(super) pieces: Vec<Piece>,
}

/// The moment that the address names, as written there.
pub(super) enum Moment {
    /// `t=83.2`
    Time(String, Millis),
    /// `w=12`
    Word(usize),
}

impl Moment {
    /// The first word that is not over at this moment.
    fn word(&self, transcript: &Transcript) -> Option<usize> {
        match self {
            Self::Word(word) => Some(*word),
            Self::Time(_, moment) => {
                transcript.words.iter().position(|word| word.span.is_some_and(|span| span.end() > *moment))
            }
        }
    }

    fn id(&self) -> String {
        match self {
            Self::Time(text, _) => format!("t={text}"),
            Self::Word(word) => format!("w={word}"),
        }
    }
}

/// The whole transcript, ready to be shown.
pub(super) fn turns(read: &ReadableTranscript, found: &HashSet<usize>, moment: Option<&Moment>) -> Vec<TurnView> {
    let whole = 0..read.transcript.words.len();
    parts(read, &[whole], found, moment).pop().unwrap_or_default()
}

/// These stretches of the transcript, ascending, each as turns of its own.
pub(super) fn parts(
    read: &ReadableTranscript,
    stretches: &[WordRange],
    found: &HashSet<usize>,
    moment: Option<&Moment>,
) -> Vec<Vec<TurnView>> {
    let transcript = &read.transcript;
    let chosen = moment.and_then(|moment| Some((moment.word(transcript)?, moment.id())));
    let mut marks = Marks::new(transcript);
    if let Some(start) = stretches.first().filter(|first| first.start > 0).and_then(|first| begin(transcript, first)) {
        // What is heard before the first of them is not theirs.
        marks.until(start.saturating_sub(1));
    }
    let mut laid = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let mut turns: Vec<TurnView> = Vec::new();
        let mut last: Option<Option<&Turn>> = None;
        for passage in passages(read, stretch) {
            let turn = transcript.turn_of(passage.start);
            if last != Some(turn) {
                turns.push(TurnView { speaker: turn.and_then(|turn| turn.speaker.clone()), paragraphs: Vec::new() });
                last = Some(turn);
            }
            let start = begin(transcript, &passage);
            let paragraph = Paragraph {
                word: passage.start,
                start: start.map(|start| (clock(start), seconds(start))),
                marks: start.map(|start| marks.until(start)).unwrap_or_default(),
                sentences: sentences(read, &passage, found, chosen.as_ref()),
            };
            if let Some(turn) = turns.last_mut() {
                turn.paragraphs.push(paragraph);
            }
        }
        laid.push(turns);
    }
    laid
}

/// What lies of each passage in a stretch.
fn passages(read: &ReadableTranscript, stretch: &WordRange) -> impl Iterator<Item = WordRange> {
    let words = read.transcript.words.len();
    let first = read.passages.partition_point(|passage| passage.end <= stretch.start);
    let within = read.passages[first..].iter().take_while(move |passage| passage.start < stretch.end);
    let cut = move |passage: &WordRange| passage.start.max(stretch.start)..passage.end.min(stretch.end);
    within.map(cut).filter(move |passage| !passage.is_empty() && passage.end <= words)
}

fn begin(transcript: &Transcript, words: &WordRange) -> Option<Millis> {
    transcript.span_of(words.clone()).map(ear_core::Span::start)
}

fn sentences(
    read: &ReadableTranscript,
    passage: &WordRange,
    found: &HashSet<usize>,
    chosen: Option<&(usize, String)>,
) -> Vec<Sentence> {
    let first = read.sentences.partition_point(|sentence| sentence.end <= passage.start);
    let paragraph = format!("w={}", passage.start);
    let within = read.sentences[first..].iter().take_while(|sentence| sentence.start < passage.end);
    within
        .map(|sentence| {
            let words = sentence.start.max(passage.start)..sentence.end.min(passage.end);
            let here = chosen.is_some_and(|(word, _)| words.contains(word));
            Sentence {
                spaced: words.start > passage.start && !read.transcript.words[words.start].glued,
                here,
                id: chosen.filter(|(_, id)| here && *id != paragraph).map(|(_, id)| id.clone()),
                pieces: runs(read, words, found),
            }
        })
        .collect()
}

/// Words in a row that look the same become one piece, so that the page stays small.
fn runs(read: &ReadableTranscript, words: WordRange, found: &HashSet<usize>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let plain = |text: &str| Piece { text: text.to_owned(), marked: false, unsure: false, heard: None };
    let is_plain = |piece: &Piece| !piece.marked && !piece.unsure && piece.heard.is_none();
    for index in words.clone() {
        let word = &read.transcript.words[index];
        // A repair has its whole text in its first word.
        if word.text.is_empty() {
            continue;
        }
        let heard = heard_at(&read.repaired, index);
        let marked = found.contains(&index);
        let unsure = word.confidence.is_some_and(|confidence| confidence < UNSURE);
        let space = if index == words.start || word.glued { "" } else { " " };
        let alike = |last: &Piece| (last.marked, last.unsure) == (marked, unsure);
        match pieces.last_mut() {
            Some(last) if alike(last) && last.heard.is_none() && heard.is_none() => {
                last.text.push_str(space);
                last.text.push_str(&word.text);
                continue;
            }
            // The space between goes to the plain side.
            Some(last) if is_plain(last) => last.text.push_str(space),
            Some(_) if marked || unsure || heard.is_some() => pieces.push(plain(space)),
            Some(_) => {
                pieces.push(plain(&format!("{space}{}", word.text)));
                continue;
            }
            None => {}
        }
        pieces.push(Piece { text: word.text.clone(), marked, unsure, heard });
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

/// What was heard where a repair begins with this word.
fn heard_at(repaired: &[Repaired], word: usize) -> Option<String> {
    let at = repaired.binary_search_by_key(&word, |one| one.words.start).ok()?;
    Some(repaired[at].heard.clone())
}

/// The words that a hit found. Its offsets are into the text of a passage that begins somewhere before its first
/// word; that word's own offset tells where.
pub(super) fn found_words(transcript: &Transcript, hit: &Hit) -> Vec<usize> {
    let words = &transcript.words;
    let first = hit.words.start;
    // A query of conditions alone, such as `speaker:ada`, finds no words.
    let Some(&(offset, _)) = hit.matched.first() else { return Vec::new() };
    let plain = || hit.words.clone().filter(|index| *index < words.len()).collect();
    if first >= words.len() {
        return Vec::new();
    }
    let width = |index: usize| words[index].text.chars().count();
    let (mut begin, mut before) = (first, 0);
    while before < offset && begin > 0 {
        before += width(begin - 1) + usize::from(!words[begin].glued);
        begin -= 1;
    }
    // Punctuation before the match ("“Well") belongs to the word, so the offset may lie a little inside it.
    if before > offset || offset - before >= width(first).max(1) {
        return plain();
    }
    let (mut at, mut index, mut found) = (0, begin, Vec::new());
    let end = hit.matched.last().map_or(0, |last| last.1);
    while index < words.len() && at < end {
        let stretch = at..at + width(index);
        if hit.matched.iter().any(|(from, to)| *from < stretch.end && stretch.start < *to) {
            found.push(index);
        }
        at = stretch.end + words.get(index + 1).map_or(0, |next| usize::from(!next.glued));
        index += 1;
    }
    found
}

/// Stretches that are no speech in the main language, handed out in order.
struct Marks<'a> {
    rest: std::iter::Peekable<std::slice::Iter<'a, ear_core::Stretch>>,
    main: Option<&'a str>,
}

impl<'a> Marks<'a> {
    fn new(transcript: &'a Transcript) -> Self {
        Self { rest: transcript.stretches.iter().peekable(), main: transcript.language.as_deref() }
    }

    /// The marks of the stretches that begin at `start` or earlier and were not handed out yet.
    fn until(&mut self, start: Millis) -> Vec<String> {
        let mut marks: Vec<String> = Vec::new();
        while let Some(stretch) = self.rest.next_if(|stretch| stretch.span.start() <= start) {
            let mark = match (stretch.kind, stretch.language.as_deref()) {
                (StretchKind::Music, _) => Some("music".to_owned()),
                (StretchKind::Speech, Some(code)) if self.main.is_some_and(|main| main != code) => {
                    Some(language(code).to_owned())
                }
                _ => None,
            };
            marks.extend(mark.filter(|mark| marks.last() != Some(mark)));
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{EpisodeId, Origin, RepairId, Span, Stretch, TranscriptId, Word};
    use ear_engine::SearchBy;

    fn transcript(text: &str) -> Transcript {
        let word = |(at, text): (usize, &str)| {
            let sure = !text.ends_with('~');
            let span = Span::new(at as u64 * 1000, at as u64 * 1000 + 800);
            Word { confidence: Some(if sure { 0.9 } else { 0.2 }), ..Word::timed(text.trim_end_matches('~'), span) }
        };
        let words = text.split(' ').enumerate().map(word).collect();
        Transcript { words, ..Transcript::empty(Origin::Recognised) }
    }

    fn shown(pieces: &[Piece]) -> String {
        let show = |piece: &Piece| {
            let heard = piece.heard.as_ref().map(|heard| format!("<{heard}>")).unwrap_or_default();
            let text = format!("{}{heard}", piece.text);
            match (piece.marked, piece.unsure) {
                (false, false) => text,
                (true, false) => format!("[{text}]"),
                (false, true) => format!("({text})"),
                (true, true) => format!("[({text})]"),
            }
        };
        pieces.iter().map(show).collect()
    }

    fn readable(transcript: Transcript) -> ReadableTranscript {
        let (sentences, passages, repaired) = (Vec::new(), Vec::new(), Vec::new());
        ReadableTranscript { id: TranscriptId(1), transcript, sentences, passages, repaired }
    }

    #[test]
    fn repaired_words_tell_what_was_heard() {
        let check = |found: &[usize], expected: &str| {
            let mut read = readable(transcript("that Soleimani ~ had left Qom again"));
            read.transcript.words[2] = Word { glued: true, ..Word::untimed("") };
            let repaired = |words: WordRange, heard: &str| Repaired { repair: RepairId(1), words, heard: heard.into() };
            read.repaired = vec![repaired(1..3, "sola money"), repaired(5..6, "comb")];
            let pieces = runs(&read, 0..read.transcript.words.len(), &found.iter().copied().collect());
            assert_eq!(shown(&pieces), expected);
        };
        check(&[], "that Soleimani<sola money> had left Qom<comb> again");
        check(&[1, 2], "that [Soleimani<sola money>] had left Qom<comb> again");
        check(&[0, 1], "[that] [Soleimani<sola money>] had left Qom<comb> again");
    }

    #[test]
    fn words_that_look_the_same_are_one_piece() {
        let check = |text: &str, found: &[usize], expected: &str| {
            let read = readable(transcript(text));
            let pieces = runs(&read, 0..read.transcript.words.len(), &found.iter().copied().collect());
            assert_eq!(shown(&pieces), expected);
        };
        check("one two three", &[], "one two three");
        check("one two three", &[1], "one [two] three");
        check("one two three", &[0, 1], "[one two] three");
        check("one two~ three~ four", &[], "one (two three) four");
        check("one~ two", &[1], "(one) [two]");
        check("one~ two", &[0, 1], "[(one)] [two]");
    }

    #[test]
    fn hits_mark_their_words() {
        let check = |text: &str, passage: &str, words: WordRange, matched: &[(usize, usize)], expected: &[usize]| {
            let hit = Hit {
                episode: (EpisodeId(1), String::new()),
                show: None,
                date: None,
                transcript: TranscriptId(1),
                speaker: None,
                words,
                span: None,
                text: passage.into(),
                matched: matched.into(),
                by: SearchBy::Words,
                heard: None,
                name: None,
                probability: None,
                group: None,
                score: 1.0,
                has_sound: false,
            };
            assert_eq!(found_words(&transcript(text), &hit), expected);
        };
        let text = "Well then, a light is a light.";
        check(text, text, 3..4, &[(13, 18), (24, 29)], &[3, 6]);
        check(text, "a light is a light.", 3..4, &[(2, 7), (13, 18)], &[3, 6]);
        check(text, "light is a light.", 3..5, &[(0, 8)], &[3, 4]);
        // Offsets that fit no passage leave the first words.
        check(text, text, 0..1, &[], &[]);
        check(text, "else", 3..4, &[(1, 2)], &[3]);
        check(text, "else", 90..91, &[(1, 2)], &[]);
    }

    #[test]
    fn stretches_cut_passages() {
        let mut read = readable(transcript("One. Two three. Four. Five six seven."));
        read.sentences = vec![0..1, 1..3, 3..4, 4..7];
        read.passages = vec![0..4, 4..7];
        let laid = parts(&read, &[1..3, 3..7], &HashSet::new(), None);
        let said = |turns: &[TurnView]| -> Vec<(usize, String)> {
            let paragraphs = turns.iter().flat_map(|turn| &turn.paragraphs);
            let text = |paragraph: &Paragraph| -> String {
                paragraph
                    .sentences
                    .iter()
                    .flat_map(|sentence| &sentence.pieces)
                    .map(|piece| piece.text.as_str())
                    .collect()
            };
            paragraphs.map(|paragraph| (paragraph.word, text(paragraph))).collect()
        };
        assert_eq!(said(&laid[0]), [(1, "Two three.".to_owned())]);
        assert_eq!(said(&laid[1]), [(3, "Four.".to_owned()), (4, "Five six seven.".to_owned())]);
    }

    #[test]
    fn paragraphs_keep_turns_sentences_and_marks() {
        let mut transcript = transcript("Hello there. Who is it? Me again.");
        transcript.language = Some("en".into());
        transcript.turns = vec![Turn { speaker: Some("Ada".into()), words: 0..5 }, Turn { speaker: None, words: 5..7 }];
        let stretch = |start, kind, language: Option<&str>| Stretch {
            span: Span::new(start, start + 500),
            kind,
            language: language.map(str::to_owned),
        };
        transcript.stretches = vec![
            stretch(0, StretchKind::Music, None),
            stretch(1000, StretchKind::Speech, Some("en")),
            stretch(4500, StretchKind::Speech, Some("es")),
        ];
        let read = ReadableTranscript {
            id: TranscriptId(1),
            transcript,
            sentences: vec![0..2, 2..5, 5..7],
            passages: vec![0..5, 5..7],
            repaired: Vec::new(),
        };
        let turns = turns(&read, &HashSet::new(), Some(&Moment::Time("2.9".into(), 2900)));
        let [first, second] = turns.as_slice() else { panic!("{} turns", turns.len()) };
        assert_eq!((first.speaker.as_deref(), second.speaker.as_deref()), (Some("Ada"), None));
        let paragraph = &first.paragraphs[0];
        assert_eq!(paragraph.start, Some(("0:00".into(), "0".into())));
        assert_eq!(paragraph.marks, ["music"]);
        assert_eq!(second.paragraphs[0].marks, ["Spanish"]);
        let ids: Vec<_> = paragraph.sentences.iter().map(|sentence| sentence.id.as_deref()).collect();
        assert_eq!(ids, [None, Some("t=2.9")]);
        assert_eq!(shown(&paragraph.sentences[1].pieces), "Who is it?");
    }
}
