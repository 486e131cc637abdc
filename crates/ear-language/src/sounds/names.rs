//! Whole names, with readings that English alone would not give.

use super::fold::{Folded, MAX_CHARACTERS, fold};
use super::reading::{Reading, Ways, join};
use super::{Phone, foreign, lexicon, substitution, word};

/// The most words of a name that are read.
const MAX_WORDS: usize = 12;

/// How many readings are followed up at each word; ways to say them come on top.
const READINGS: usize = 8;

/// How many ways to say each word are followed up.
const WORD_WAYS: usize = 6;

/// Ways to say a word that differ by no more than this, in 64ths, are one: matching forgives as much.
const SAME: u32 = 8;

/// What it costs to say an article as it is written where the next sound would take it in.
const UNASSIMILATED: f32 = 0.3;

/// What the reading of a word by foreign habits costs, as a share, where all words of the name are read so: who
/// knows how to say one knows the others.
const TOGETHER: f32 = 0.5;

/// Readings of one word of a name: all of them, and those by foreign habits where there are any.
struct Word {
    all: Vec<Reading>,
    foreign: Vec<Reading>,
}

/// Readings of a whole name. Empty if a word is in another script than Latin.
pub(super) fn readings(text: &str) -> Vec<Reading> {
    let parts = |c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/');
    let words = text.split(parts).filter(|word| word.chars().any(char::is_alphanumeric)).take(MAX_WORDS);
    let words: Vec<String> = words.map(|word| word.chars().take(MAX_CHARACTERS).collect()).collect();
    let (mut all, mut foreign) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let next = words.get(at + 1).and_then(|next| with_article(&words[at], next));
        at += if next.is_some() { 2 } else { 1 };
        let word = next.unwrap_or_else(|| of_word(&words[at - 1]));
        if word.all.is_empty() {
            return Vec::new();
        }
        foreign.push(if word.foreign.is_empty() { word.all.clone() } else { word.foreign });
        all.push(word.all);
    }
    let mut readings = join(all, READINGS);
    readings.extend(join(foreign, READINGS));
    readings
}

/// One word: as English has it, as a particle, and by foreign habits.
fn of_word(text: &str) -> Word {
    let mut all = word::readings(text);
    let one_word = all.first().is_some_and(|first| first.words.len() == 1);
    let Some(Folded { accented, plain }) = fold(text) else { return Word { all, foreign: Vec::new() } };
    let letters: String = accented.chars().filter(|c| c.is_alphabetic()).collect();
    // What is read as letters or numbers, or as two words, is English enough.
    if !one_word || letters.chars().count() < 2 || plain.contains(|c: char| c.is_ascii_digit()) {
        return Word { all, foreign: Vec::new() };
    }
    let known = word::known_ways(&plain).is_some();
    let foreign = foreign::ways(&letters, known);
    if let Some(ways) = all.first_mut().and_then(|first| first.words.first_mut()) {
        let more = [particle(&letters), behind_mac(&letters), foreign.clone()];
        *ways = distinct([std::mem::take(ways), more.concat()].concat());
    }
    let together: Ways = foreign.into_iter().map(|(phones, cost)| (phones, cost * TOGETHER)).collect();
    let foreign = if together.is_empty() { Vec::new() } else { vec![Reading::of(distinct(together), 0.0)] };
    Word { all, foreign }
}

/// The likeliest ways, without those that hardly differ from likelier ones.
fn distinct(mut ways: Ways) -> Ways {
    ways.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut kept: Ways = Vec::new();
    for way in ways {
        if kept.len() < WORD_WAYS && !kept.iter().any(|known| hardly_differ(&known.0, &way.0)) {
            kept.push(way);
        }
    }
    kept
}

fn hardly_differ(a: &[Phone], b: &[Phone]) -> bool {
    a.len() == b.len() && a.iter().zip(b).map(|(a, b)| u32::from(substitution(*a, *b))).sum::<u32>() <= SAME
}

/// An Arabic article and the word behind it. Before T, D, R, Z, S, N, L and sounds alike the L of "al" is said as
/// they are ("Al-Sadr": as-Sadr), which is heard as one long sound; some write it so.
fn with_article(article: &str, next: &str) -> Option<Word> {
    let lower = article.to_lowercase();
    let written_so = matches!(lower.as_str(), "as" | "ash" | "ad" | "ar" | "an" | "at" | "az" | "es" | "ed" | "er");
    if !(matches!(lower.as_str(), "al" | "el" | "ul") || written_so && begins_alike(&lower, next)) {
        return None;
    }
    let next_word = of_word(next);
    let takes_in = next.to_lowercase().starts_with(['t', 'd', 'r', 'z', 's', 'n', 'l']);
    let vowel = if lower.starts_with('a') { Phone::AE } else { Phone::EH };
    let whole = (vec![vowel, Phone::L], if takes_in { UNASSIMILATED } else { 0.0 });
    let mut ways = vec![(vec![vowel], 0.0)];
    match (written_so, takes_in) {
        (true, _) => {}
        (false, true) => ways.push(whole),
        (false, false) => ways = vec![whole],
    }
    let behind = |readings: Vec<Reading>| match readings.is_empty() {
        true => readings,
        false => join(vec![vec![Reading::of(ways.clone(), 0.0)], readings], READINGS),
    };
    Some(Word { all: behind(next_word.all), foreign: behind(next_word.foreign) })
}

/// "as-Sadr", "ash-Sharq", and not "An Lushan".
fn begins_alike(article: &str, next: &str) -> bool {
    next.to_lowercase().starts_with(&article[1..])
}

/// Small words of names, said in other ways than the English words that are spelled so.
fn particle(word: &str) -> Ways {
    use Phone as P;
    let ways: &[&[Phone]] = match word {
        "van" => &[&[P::F, P::AH, P::N], &[P::V, P::AA, P::N]],
        "von" => &[&[P::F, P::AO, P::N]],
        "de" => &[&[P::D, P::AH], &[P::D, P::EY]],
        "der" => &[&[P::D, P::ER], &[P::D, P::EH, P::R]],
        "den" => &[&[P::D, P::AH, P::N]],
        "del" => &[&[P::D, P::EH, P::L]],
        "di" => &[&[P::D, P::IY]],
        "da" => &[&[P::D, P::AA]],
        "do" => &[&[P::D, P::UW]],
        "dos" => &[&[P::D, P::OW, P::S]],
        "das" => &[&[P::D, P::AA, P::S]],
        "du" => &[&[P::D, P::UW]],
        "la" => &[&[P::L, P::AA]],
        "le" => &[&[P::L, P::AH]],
        "los" => &[&[P::L, P::OW, P::S]],
        "las" => &[&[P::L, P::AA, P::S]],
        "bin" => &[&[P::B, P::IY, P::N]],
        "ibn" => &[&[P::IH, P::B, P::AH, P::N]],
        "zu" => &[&[P::T, P::S, P::UW]],
        "y" | "e" | "i" => &[&[P::IY]],
        "san" => &[&[P::S, P::AA, P::N]],
        "ten" => &[&[P::T, P::EH, P::N]],
        _ => &[],
    };
    ways.iter().map(|phones| (phones.to_vec(), 0.4)).collect()
}

/// "Mc" and "Mac" before a name that the dictionary has only without them.
fn behind_mac(word: &str) -> Ways {
    use Phone as P;
    let Some(rest) = word.strip_prefix("mac").or_else(|| word.strip_prefix("mc")).filter(|rest| rest.len() > 2) else {
        return Vec::new();
    };
    if lexicon::find(word).is_some() {
        return Vec::new();
    }
    let Some(name) = lexicon::known(rest).and_then(|ways| ways.into_iter().next()) else { return Vec::new() };
    let mut phones = vec![P::M, P::AH, P::K];
    // The K of "Mac" and that of "Kay" are one.
    phones.extend(name.0.iter().skip(usize::from(name.0.first() == Some(&P::K))));
    vec![(phones, -0.2)]
}
