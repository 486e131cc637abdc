//! Where a transcript says names just as they are spelled.

use super::fold::{fold, fold_word};
use super::words::{is_listed, is_ordinary, is_word_too};
use ear_core::{Mention, MentionBy, Name, Word};
use std::collections::HashMap;

/// The most words that are one name.
const LONGEST: usize = 12;

/// Words that name or vary one of the names: spelled alike but for case, accents, marks, possessive, plural, and
/// where spaces and hyphens stand. The longest counts, then the leftmost; no two overlap. Names that are
/// ordinary words ("May", "Reading") need a capital inside a sentence; where several names share a spelling, the
/// one last named in full is meant, or else the first of the list.
pub fn mentions(words: &[Word], names: &[Name]) -> Vec<Mention> {
    let spellings = Spellings::of(names);
    if spellings.keys.is_empty() {
        return Vec::new();
    }
    let text = Text::of(words);
    let mut named: Vec<Option<usize>> = vec![None; names.len()];
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((name, end, full)) = spellings.longest(&text, at, &named) else {
            at += 1;
            continue;
        };
        if full {
            named[name] = Some(at);
        }
        mentions.push(Mention { name, words: at..end, by: MentionBy::Words });
        at = end;
    }
    mentions
}

/// What a transcript's capitals tell.
pub(super) struct Cased {
    /// Capitals are used as in ordinary writing.
    pub tells: bool,
    /// Whether a sentence begins with the word.
    pub first: Vec<bool>,
}

impl Cased {
    pub fn of(words: &[Word]) -> Self {
        let starts = |word: &Word, test: fn(char) -> bool| word.text.chars().next().is_some_and(test);
        let capital = words.iter().filter(|word| starts(word, char::is_uppercase)).count();
        let small = words.iter().filter(|word| starts(word, char::is_lowercase)).count();
        let mut ended = true;
        let mut first = Vec::with_capacity(words.len());
        for word in words {
            let text = word.text.as_str();
            first.push(ended || text.starts_with(['"', '“', '(', '[', '-', '—']));
            if !text.is_empty() {
                let bare = text.trim_end_matches(['"', '”', '\'', '’', ')', ']']);
                ended = bare.ends_with(['.', '?', '!', '…', ':']) && bare.chars().count() != 2;
            }
        }
        Self { tells: capital * 50 >= words.len() && small > capital, first }
    }
}

/// The words folded, without spaces, one after another.
struct Text<'a> {
    words: &'a [Word],
    folded: String,
    ends: Vec<usize>,
    cased: Cased,
}

impl<'a> Text<'a> {
    fn of(words: &'a [Word]) -> Self {
        let mut folded = String::with_capacity(words.len() * 6);
        let mut ends = Vec::with_capacity(words.len());
        for word in words {
            let from = folded.len();
            fold_word(&word.text, &mut folded);
            if folded[from..].contains(' ') {
                let joined = folded[from..].replace(' ', "");
                folded.truncate(from);
                folded.push_str(&joined);
            }
            ends.push(folded.len());
        }
        Self { words, folded, ends, cased: Cased::of(words) }
    }

    fn start(&self, at: usize) -> usize {
        if at == 0 { 0 } else { self.ends[at - 1] }
    }

    fn capital(&self, at: usize) -> bool {
        self.words[at].text.chars().find(|character| character.is_alphanumeric()).is_some_and(char::is_uppercase)
    }
}

/// What a spelling asks of the transcript's capitals.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Nothing,
    /// A capital that no sentence's beginning explains.
    Capital,
    /// All letters capital: "WHO", "US".
    Caps,
}

/// A spelling of a name.
struct Spelling {
    name: usize,
    need: Need,
    /// Where words may end inside it, in bytes of the key.
    breaks: Vec<usize>,
    /// It is the name itself, or has several words.
    full: bool,
}

/// All spellings by their folded form without spaces, sorted.
struct Spellings {
    keys: Vec<(String, Vec<Spelling>)>,
    /// The keys that begin with the same two bytes.
    ranges: HashMap<[u8; 2], (usize, usize)>,
}

impl Spellings {
    fn of(names: &[Name]) -> Self {
        let mut by_key: HashMap<String, Vec<Spelling>> = HashMap::new();
        for (name, entry) in names.iter().enumerate() {
            for (index, written) in std::iter::once(&entry.name).chain(&entry.variants).enumerate() {
                let Some((key, spelling)) = spelling(name, written, index == 0) else { continue };
                let list = by_key.entry(key).or_default();
                if !list.iter().any(|other| other.name == name) {
                    list.push(spelling);
                }
            }
        }
        let mut keys: Vec<_> = by_key.into_iter().collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0));
        let mut ranges: HashMap<[u8; 2], (usize, usize)> = HashMap::new();
        for (index, (key, _)) in keys.iter().enumerate() {
            ranges.entry(head(key)).or_insert((index, index)).1 = index + 1;
        }
        Self { keys, ranges }
    }

    /// The longest spelling that begins with the word: its name, where it ends, whether it was named in full.
    fn longest(&self, text: &Text, at: usize, named: &[Option<usize>]) -> Option<(usize, usize, bool)> {
        let start = text.start(at);
        if text.ends[at] == start {
            return None;
        }
        let mut best = None;
        for end in at + 1..=text.words.len().min(at + LONGEST) {
            let (from, to) = (text.start(end - 1), text.ends[end - 1]);
            let said = &text.folded[start..to];
            if from < to {
                best =
                    self.exact(text, at, end, said, named).or_else(|| self.plural(text, at, end, said, named)).or(best);
            }
            let range = self.range(said);
            let after = range.0 + self.keys[range.0..range.1].partition_point(|(key, _)| key.as_str() <= said);
            if said.len() >= 2 && !self.keys[after..range.1].first().is_some_and(|(key, _)| key.starts_with(said)) {
                break;
            }
        }
        best.or_else(|| self.inside(text, at, named))
    }

    fn range(&self, said: &str) -> (usize, usize) {
        self.ranges.get(&head(said)).copied().unwrap_or((0, 0))
    }

    fn exact(
        &self,
        text: &Text,
        at: usize,
        end: usize,
        said: &str,
        named: &[Option<usize>],
    ) -> Option<(usize, usize, bool)> {
        let (from, to) = self.range(said);
        let keys = &self.keys[from..to];
        let (_, spellings) = keys.binary_search_by(|(key, _)| key.as_str().cmp(said)).ok().map(|index| &keys[index])?;
        let fits = spellings.iter().filter(|spelling| fits(spelling, text, at, end, said));
        let chosen = fits
            .max_by_key(|spelling| (named[spelling.name].map_or(0, |at| at + 1), std::cmp::Reverse(spelling.name)))?;
        Some((chosen.name, end, chosen.full))
    }

    /// The same without the s of a plural, where the last word with it is no ordinary one.
    fn plural(
        &self,
        text: &Text,
        at: usize,
        end: usize,
        said: &str,
        named: &[Option<usize>],
    ) -> Option<(usize, usize, bool)> {
        let last = &text.folded[text.start(end - 1)..text.ends[end - 1]];
        let one = said.strip_suffix('s').filter(|_| last.len() >= 5 && !last.ends_with("ss"))?;
        self.exact(text, at, end, one, named).filter(|_| !is_ordinary(last))
    }

    /// A part of a hyphenated word: "Iran-backed".
    fn inside(&self, text: &Text, at: usize, named: &[Option<usize>]) -> Option<(usize, usize, bool)> {
        let word = text.words[at].text.as_str();
        if !word.contains(['-', '‑', '–', '—', '/']) {
            return None;
        }
        let folded = fold(word);
        let mut parts = folded.split(' ').filter(|part| part.chars().count() >= 4 && !is_listed(part));
        parts.find_map(|part| self.exact(text, at, at + 1, part, named))
    }
}

fn head(key: &str) -> [u8; 2] {
    let bytes = key.as_bytes();
    [bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0)]
}

fn spelling(name: usize, written: &str, own: bool) -> Option<(String, Spelling)> {
    let folded = fold(&parted_at_camel(written));
    let mut key = String::with_capacity(folded.len());
    let mut breaks = Vec::new();
    for word in folded.split(' ') {
        key.push_str(word);
        breaks.push(key.len());
    }
    breaks.pop();
    let letters = written.chars().filter(|character| character.is_alphabetic());
    let caps = letters.clone().count() >= 2 && letters.clone().all(char::is_uppercase);
    let single = !fold(written).contains(' ');
    let need = match single && (is_word_too(&key)) {
        true if caps => Need::Caps,
        true => Need::Capital,
        false => Need::Nothing,
    };
    let enough = key.chars().count() >= 2 && key.chars().any(char::is_alphabetic);
    enough.then_some((key, Spelling { name, need, breaks, full: own || !single }))
}

/// "ComfyUI" is also written "Comfy UI".
fn parted_at_camel(written: &str) -> String {
    let mut parted = String::with_capacity(written.len() + 4);
    let mut before = ' ';
    let mut length = 0;
    for character in written.chars() {
        if before.is_lowercase() && character.is_uppercase() && length >= 3 {
            parted.push(' ');
        }
        length = if character.is_alphanumeric() { length + 1 } else { 0 };
        parted.push(character);
        before = character;
    }
    parted
}

/// Whether the words may be the spelling, by their capitals and by where they end.
fn fits(spelling: &Spelling, text: &Text, at: usize, end: usize, said: &str) -> bool {
    let start = text.start(at);
    let capital = text.cased.tells && text.capital(at);
    let split_elsewhere = (at..end - 1).any(|word| {
        let length = text.ends[word] - start;
        text.ends[word] > text.start(word) && length < said.len() && !spelling.breaks.contains(&length)
    });
    if split_elsewhere {
        let pieces =
            || (at..end).map(|word| &text.folded[text.start(word)..text.ends[word]]).filter(|piece| !piece.is_empty());
        let long = said.chars().count() >= 7 && pieces().all(|piece| piece.chars().count() >= 3);
        return long && (capital || pieces().any(|piece| !is_ordinary(piece) && !is_listed(piece)));
    }
    if end == at + 1 && !spelling.breaks.is_empty() && is_listed(said) && !text.words[at].text.contains('-') {
        return false;
    }
    match spelling.need {
        Need::Nothing => true,
        Need::Capital => capital && !text.cased.first[at],
        Need::Caps => {
            let letters = || text.words[at].text.chars().filter(|character| character.is_alphabetic());
            text.cased.tells && letters().count() >= 2 && letters().take(said.len()).all(char::is_uppercase)
        }
    }
}
