//! How an episode is cut: what the publisher marked, what the user said, advertisements, music, and between them where
//! the topic turns. Pure: the words are given, nothing is read or stored.

use super::hand::{Held, best, nearest, shared};
use ear_core::{Chapter, ClipKind, Millis, Span, StretchKind, Timing, Transcript, WordRange};
use ear_language::adverts::{Advert, adverts};
use ear_language::topics;
use ear_language::vectors::Vector;
use ear_store::Work;
use std::collections::BTreeSet;
use std::ops::Range;

/// Music at least this long, in milliseconds, is a clip of its own.
const MUSIC: Millis = 10_000;
/// Music that pauses no longer than this, in milliseconds, goes on.
const REST: Millis = 2_000;
/// Of these shares of sentences, in hundredths, that end with a full stop or the like, a text is punctuated.
const PUNCTUATED: usize = 60;
/// Fewer sentences don't tell whether a text is punctuated.
const FEW: usize = 3;
/// Sound that ends so soon after a word, in milliseconds, ends within it.
const ABRUPT: Millis = 60;

/// What an episode is cut by.
pub(super) struct Cutting<'a> {
    transcript: &'a Transcript,
    sentences: &'a [WordRange],
    vectors: Option<&'a [Vector]>,
    held: &'a [Held],
    adverts: Vec<Advert>,
    /// The publisher's chapters as sentences, with their titles.
    chapters: Vec<(Range<usize>, String)>,
    /// The sentences that the user made one clip.
    fixed: Vec<Range<usize>>,
}

/// A clip without what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub kind: ClipKind,
    pub label: Option<String>,
    /// Empty for music; it lies before the sentence at which the range stands.
    pub sentences: Range<usize>,
    /// Of music alone.
    pub music: Option<Span>,
    /// The publisher's title of the chapter that it lies in, or is.
    pub chapter: Option<String>,
    pub by_hand: bool,
    pub broken_off: bool,
}

impl<'a> Cutting<'a> {
    pub(super) fn new(
        transcript: &'a Transcript,
        sentences: &'a [WordRange],
        vectors: Option<&'a [Vector]>,
        held: &'a [Held],
        chapters: &[Chapter],
        repeated: &dyn Fn(usize) -> u32,
    ) -> Self {
        let adverts = adverts(transcript, sentences, repeated);
        let chapters = chapter_ranges(transcript, sentences, chapters);
        Self { transcript, sentences, vectors, held, adverts, chapters, fixed: fixed(held) }
    }

    /// The pieces of the episode, in order.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let (whole, music) = (self.whole(), self.music());
        let inside = |at: &usize| whole.iter().any(|range| range.start < *at && *at < range.end);
        let edges = whole.iter().flat_map(|range| [range.start, range.end]);
        let chapters = self.chapters.iter().map(|(range, _)| range.start);
        let begins: BTreeSet<usize> = edges.chain(chapters).chain(music.iter().map(|(at, _)| *at)).collect();
        let begins: Vec<usize> =
            begins.into_iter().filter(|at| *at > 0 && *at < self.sentences.len() && !inside(at)).collect();
        let material = topics::Material {
            transcript: self.transcript,
            sentences: self.sentences,
            vectors: self.vectors,
            begins: &begins,
            whole: &whole,
        };
        let cut = topics::cut(&material, &topics::Settings::default());
        let pieces = self.without_scraps(cut.into_iter().map(|range| self.piece(range)).collect());
        self.with_music(pieces, music)
    }

    /// What these sentences are as one clip.
    pub(super) fn piece(&self, sentences: Range<usize>) -> Piece {
        let chapter = self.chapters.iter().find(|(range, _)| range.contains(&sentences.start));
        let is_chapter = chapter.is_some_and(|(range, title)| *range == sentences && !title.is_empty());
        let by_hand = self.fixed.contains(&sentences);
        let said = self.said_kind(&sentences);
        let (kind, label) = match (said, self.advert(&sentences, by_hand)) {
            (None | Some(ClipKind::Advertisement), Some(advert)) => {
                (ClipKind::Advertisement, Some(advert.label.to_owned()))
            }
            (Some(ClipKind::Advertisement), None) => (ClipKind::Advertisement, None),
            _ if is_chapter => (ClipKind::Publisher, None),
            _ => (ClipKind::Topic, None),
        };
        let chapter = chapter.map(|(_, title)| title.clone()).filter(|title| !title.is_empty());
        let broken_off = sentences.end == self.sentences.len() && self.breaks_off();
        Piece { kind, label, music: None, chapter, by_hand: by_hand || said.is_some(), broken_off, sentences }
    }

    /// What the user said that these sentences are.
    fn said_kind(&self, sentences: &Range<usize>) -> Option<ClipKind> {
        let fits = |held: &&Held| best(std::slice::from_ref(&held.sentences), sentences).is_some();
        let said = self.held.iter().rev().filter_map(|held| match held.work.work {
            Work::Kind(kind) => Some((held, kind)),
            _ => None,
        });
        said.filter(|(held, _)| fits(held))
            .max_by_key(|(held, _)| shared(&held.sentences, sentences))
            .map(|(_, kind)| kind)
    }

    /// The advertisement that these sentences are: exactly, or, where the user set their edges, for the most part.
    fn advert(&self, sentences: &Range<usize>, by_hand: bool) -> Option<&Advert> {
        let covers = |advert: &&Advert| {
            let both = shared(&advert.sentences, sentences);
            both == sentences.len() || by_hand && both * 2 >= sentences.len()
        };
        self.adverts.iter().find(covers)
    }

    /// Stretches that are one clip as they are: those of the user, then advertisements, without what the user set.
    fn whole(&self) -> Vec<Range<usize>> {
        let mut whole = self.fixed.clone();
        for advert in &self.adverts {
            let is_denied = self.said_kind(&advert.sentences).is_some_and(|kind| kind != ClipKind::Advertisement);
            if !is_denied {
                whole.extend(without(&advert.sentences, &self.fixed));
            }
        }
        whole.sort_by_key(|range| range.start);
        whole
    }

    /// Music between sentences: the sentence that follows it, and when it plays.
    fn music(&self) -> Vec<(usize, Span)> {
        let words = &self.transcript.words;
        let mut found: Vec<(usize, Span)> = Vec::new();
        for stretch in self.transcript.stretches.iter().filter(|stretch| stretch.kind == StretchKind::Music) {
            let middle = |span: Span| span.start() + span.duration() / 2;
            // Words are ascending in time where they have any.
            let timed = words.iter().enumerate().filter_map(|(at, word)| Some((at, word.span?)));
            let before = timed.clone().take_while(|(_, span)| middle(*span) < middle(stretch.span)).last();
            let after = timed.clone().find(|(_, span)| middle(*span) >= middle(stretch.span));
            let from = before.map_or(0, |(_, span)| span.end()).max(stretch.span.start());
            let to = after.map_or(stretch.span.end(), |(_, span)| span.start().min(stretch.span.end()));
            let word = after.map_or(words.len(), |(at, _)| at);
            let at = nearest(self.sentences, word);
            let is_between = at == self.sentences.len() && after.is_none()
                || self.sentences.get(at).is_some_and(|sentence| sentence.start == word);
            if !is_between || from >= to {
                continue;
            }
            match found.last_mut().filter(|(place, last)| *place == at && from <= last.end() + REST) {
                Some((_, last)) => *last = last.join(Span::new(from, to)),
                None => found.push((at, Span::new(from, to))),
            }
        }
        found.retain(|(_, span)| span.duration() >= MUSIC);
        found
    }

    /// Puts music where no clip goes on over it.
    fn with_music(&self, pieces: Vec<Piece>, music: Vec<(usize, Span)>) -> Vec<Piece> {
        let mut all = Vec::with_capacity(pieces.len() + music.len());
        let mut music = music.into_iter().peekable();
        let piece_of = |at: usize, span: Span| Piece {
            kind: ClipKind::Music,
            label: None,
            sentences: at..at,
            music: Some(span),
            chapter: None,
            by_hand: false,
            broken_off: false,
        };
        for piece in pieces {
            while let Some((at, span)) = music.next_if(|(at, _)| *at <= piece.sentences.start) {
                if at == piece.sentences.start {
                    all.push(piece_of(at, span));
                }
            }
            all.push(piece);
        }
        let ends = music.filter(|(at, _)| *at == self.sentences.len()).map(|(at, span)| piece_of(at, span));
        all.extend(ends);
        if let Some((last, rest)) = all.split_last_mut().filter(|(last, _)| last.music.is_some()) {
            // Where music follows, the source goes on after the words.
            debug_assert!(!last.broken_off, "music has no sentences");
            rest.iter_mut().for_each(|piece| piece.broken_off = false);
        }
        all
    }

    /// Lets what is too short for a clip go with a topic beside it, or else with what else there is.
    fn without_scraps(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        let mut kept: Vec<Piece> = Vec::with_capacity(pieces.len());
        let mut waiting: Option<Piece> = None;
        for mut piece in pieces {
            if let Some(scrap) = waiting.take() {
                match kept.last_mut().filter(|last| takes(last)) {
                    _ if takes(&piece) => piece = self.joined(&piece, scrap.sentences.start..piece.sentences.end),
                    Some(last) => *last = self.joined(last, last.sentences.start..scrap.sentences.end),
                    None => kept.push(scrap),
                }
            }
            let is_scrap = piece.kind == ClipKind::Topic && !piece.by_hand && self.is_short(&piece.sentences);
            match kept.last_mut().filter(|last| is_scrap && takes(last)) {
                Some(last) if last.kind == ClipKind::Topic => {
                    *last = self.joined(last, last.sentences.start..piece.sentences.end);
                }
                _ if is_scrap => waiting = Some(piece),
                _ => kept.push(piece),
            }
        }
        match (waiting, kept.last_mut()) {
            (Some(scrap), Some(last)) if takes(last) => {
                *last = self.joined(last, last.sentences.start..scrap.sentences.end);
            }
            (scrap, _) => kept.extend(scrap),
        }
        kept
    }

    fn joined(&self, with: &Piece, sentences: Range<usize>) -> Piece {
        let whole = self.piece(sentences);
        Piece { kind: with.kind, label: with.label.clone(), chapter: with.chapter.clone(), ..whole }
    }

    fn is_short(&self, sentences: &Range<usize>) -> bool {
        let words = self.words(sentences);
        let settings = topics::Settings::default();
        match self.transcript.span_of(words.clone()) {
            Some(span) => span.duration() < settings.shortest,
            None => words.len() < settings.fewest_words,
        }
    }

    /// The words of these sentences.
    pub(super) fn words(&self, sentences: &Range<usize>) -> WordRange {
        let end = |at: usize| self.sentences.get(at).map_or(self.transcript.words.len(), |sentence| sentence.start);
        match sentences.is_empty() {
            true => end(sentences.start)..end(sentences.start),
            false => self.sentences[sentences.start].start..self.sentences[sentences.end - 1].end,
        }
    }

    /// Whether the source ends in the middle of a sentence: the last one lacks the mark that others end with, or the
    /// sound ends with the last word.
    fn breaks_off(&self) -> bool {
        let words = &self.transcript.words;
        let said = |range: &WordRange| words[range.clone()].iter().rfind(|word| !word.text.is_empty());
        let ends = |range: &WordRange| said(range).is_some_and(|word| ends_sentence(&word.text));
        let Some((last, others)) = self.sentences.split_last() else { return false };
        let ended = others.iter().filter(|range| ends(range)).count();
        if others.len() >= FEW && ended * 100 >= others.len() * PUNCTUATED {
            return !ends(last);
        }
        let end = said(last).and_then(|word| word.span).map(Span::end);
        let is_exact = self.transcript.timing == Timing::Words && !self.transcript.stretches.is_empty();
        is_exact && end.zip(self.transcript.duration).is_some_and(|(end, whole)| end + ABRUPT >= whole)
    }
}

/// The sentences that the user made one clip; what was said last is so.
fn fixed(held: &[Held]) -> Vec<Range<usize>> {
    let mut fixed: Vec<Range<usize>> = Vec::new();
    for held in held.iter().rev().filter(|held| held.work.work == Work::Range) {
        if fixed.iter().all(|range| shared(range, &held.sentences) == 0) {
            fixed.push(held.sentences.clone());
        }
    }
    fixed.sort_by_key(|range| range.start);
    fixed
}

/// The publisher's chapters as sentences, with their titles; none where nobody knows when words were said.
fn chapter_ranges(
    transcript: &Transcript,
    sentences: &[WordRange],
    chapters: &[Chapter],
) -> Vec<(Range<usize>, String)> {
    let times: Vec<(Millis, usize)> = sentences
        .iter()
        .enumerate()
        .filter_map(|(at, words)| Some((transcript.span_of(words.clone())?.start(), at)))
        .collect();
    if times.is_empty() || transcript.timing == Timing::None {
        return Vec::new();
    }
    let sentence = |moment: Millis| {
        let after = times.partition_point(|(start, _)| *start < moment);
        let before = after.checked_sub(1).map(|at| times[at]);
        match (before, times.get(after)) {
            (Some(before), Some(next)) if moment - before.0 < next.0 - moment => before.1,
            (_, Some(next)) => next.1,
            // A chapter that begins within the last sentence has none of its own.
            (_, None) => sentences.len(),
        }
    };
    let mut ranges = Vec::new();
    for (at, chapter) in chapters.iter().enumerate() {
        let next = chapters.get(at + 1).map(|next| next.start);
        let end = chapter.end.into_iter().chain(next).min().map_or(sentences.len(), sentence);
        // What is said before the first chapter begins belongs to nobody, unless it is the first words.
        let range = sentence(chapter.start)..end;
        if !range.is_empty() {
            ranges.push((range, chapter.title.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    }
    ranges
}

/// Whether a piece may have words beside it as well.
fn takes(piece: &Piece) -> bool {
    !piece.by_hand
}

fn ends_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    bare.ends_with(['.', '?', '!', '…', '。', '？', '！', '؟', '۔', '।'])
}

/// What is left of a range without those in `out`, which are ascending.
fn without(range: &Range<usize>, out: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut left = Vec::new();
    let mut start = range.start;
    for other in out.iter().filter(|other| shared(other, range) > 0) {
        left.push(start..other.start.max(start));
        start = other.end;
    }
    left.push(start..range.end.max(start));
    left.retain(|range| !range.is_empty());
    left
}

#[cfg(test)]
mod tests;
