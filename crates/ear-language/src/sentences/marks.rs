//! Punctuation that ends sentences, and full stops that do not.

use ear_core::Word;

/// Never the last word of a sentence, with their full stop.
const TITLES: [&str; 27] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "gen", "sen", "rep", "gov", "lt", "col", "sgt", "capt",
    "rev", "hon", "mt", "ft", "cf", "z.b", "d.h", "bzw", "mme", "mlle",
];

/// Abbreviations that may end a sentence: only what follows can tell.
const SHORT: [&str; 33] = [
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "inc", "corp", "co", "ltd",
    "jr", "sr", "bros", "ave", "blvd", "dept", "est", "fig", "approx", "phd", "ph.d", "univ", "assn", "etc", "al",
    "usw", "ca",
];

/// Words that no sentence ends with, though recognisers put full stops after them.
const NEVER_LAST: [&str; 11] = ["the", "a", "an", "and", "or", "my", "your", "our", "their", "every", "than"];

/// Words that, in upper case, begin sentences and hardly ever names.
const STARTERS: [&str; 61] = [
    "the", "a", "an", "and", "but", "so", "or", "it", "it's", "i", "i'm", "i've", "we", "we're", "he", "he's", "she",
    "she's", "they", "they're", "you", "you're", "this", "that", "that's", "these", "those", "there", "there's",
    "what", "what's", "when", "where", "who", "why", "how", "if", "in", "on", "at", "for", "as", "yes", "no", "well",
    "now", "then", "yeah", "my", "our", "his", "her", "their", "is", "are", "do", "does", "did", "was", "because",
    "after",
];

const GERMAN_MONTHS: [&str; 8] = ["januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember"];

/// Quotes and brackets that may follow the end of a sentence, and the emphasis of Markdown.
const CLOSERS: [char; 14] = ['"', '\'', '”', '’', ')', ']', '»', '“', '」', '』', '）', '】', '*', '_'];

/// The same in front of one.
const OPENERS: [char; 15] = ['"', '\'', '“', '‘', '(', '[', '«', '„', '¿', '¡', '「', '『', '（', '*', '_'];

/// How many words are looked back for punctuation that stands alone.
const REACH: usize = 3;

/// Whether the word ends with final punctuation of any kind.
pub(super) fn is_final(words: &[Word], index: usize) -> bool {
    ending(words, index).is_some()
}

/// Whether the word begins in upper case.
pub(super) fn is_upper(text: &str) -> bool {
    first(text).is_some_and(char::is_uppercase)
}

/// Whether punctuation ends a sentence in front of the word at `index`. `is_cased`: only what begins in upper case
/// can be a sentence. `is_german`: numbers with full stops are ordinals.
pub(super) fn ends_sentence(words: &[Word], index: usize, is_cased: bool, is_german: bool) -> bool {
    let Some((mark, stem)) = index.checked_sub(1).and_then(|last| ending(words, last)) else { return false };
    let Some(next) = words.get(index) else { return true };
    let Some(initial) = first(&next.text) else { return is_opening(&next.text) };
    let is_lower = is_cased && initial.is_lowercase();
    match mark {
        Mark::Wide | Mark::Question => true,
        Mark::Exclamation | Mark::Ellipsis => !is_lower,
        Mark::Stop => !is_lower && !is_within(stem, &next.text, is_german),
    }
}

#[derive(Clone, Copy)]
enum Mark {
    Stop,
    Question,
    Exclamation,
    Ellipsis,
    /// Those of scripts that end nothing else with them: Chinese, Japanese, Arabic, Urdu, Hindi.
    Wide,
}

/// The final punctuation of a word and what stands before it. Where punctuation stands alone, the word before counts.
fn ending(words: &[Word], index: usize) -> Option<(Mark, &str)> {
    let mut mark = None;
    for word in words[..=index].iter().rev().take(REACH) {
        let text = word.text.trim_end_matches(CLOSERS);
        let stem = text.trim_end_matches(['.', '?', '!', '…', '。', '．', '！', '？', '؟', '۔', '।']);
        mark = mark.or_else(|| mark_of(&text[stem.len()..]));
        if mark.is_some() && !stem.is_empty() {
            return Some((mark?, stem.trim_start_matches(OPENERS)));
        }
        if !stem.is_empty() {
            return None;
        }
    }
    mark.map(|mark| (mark, ""))
}

fn mark_of(marks: &str) -> Option<Mark> {
    if marks.contains(['。', '．', '！', '？', '؟', '۔', '।']) {
        Some(Mark::Wide)
    } else if marks.contains('?') {
        Some(Mark::Question)
    } else if marks.contains('!') {
        Some(Mark::Exclamation)
    } else if marks.contains('…') || marks.len() > 2 {
        Some(Mark::Ellipsis)
    } else if marks.is_empty() {
        None
    } else {
        Some(Mark::Stop)
    }
}

/// Whether a full stop after `stem` belongs to an abbreviation, an initial or a number.
fn is_within(stem: &str, next: &str, is_german: bool) -> bool {
    let lower = stem.to_lowercase().replace('’', "'");
    let begins = begins_sentence(next);
    if TITLES.contains(&lower.as_str()) {
        return true;
    }
    let letters = lower.chars().count();
    let is_initial = letters == 1 && lower != "i" && stem.chars().all(char::is_alphabetic);
    // "U.S", "p.m" and the like.
    let is_initials = letters > 2 && lower.split('.').all(|part| part.chars().count() == 1);
    if is_initial || is_initials || SHORT.contains(&lower.as_str()) {
        return !begins;
    }
    let next_is_number = first(next).is_some_and(|initial| initial.is_ascii_digit());
    let is_number = !lower.is_empty() && lower.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        let month = next.to_lowercase();
        let is_month = GERMAN_MONTHS.contains(&month.trim_end_matches(|c: char| !c.is_alphabetic()));
        return next_is_number || is_month || (is_german && lower.len() <= 2);
    }
    (lower == "no" && next_is_number) || NEVER_LAST.contains(&lower.as_str())
}

fn begins_sentence(word: &str) -> bool {
    let lower = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('’', "'");
    is_upper(word) && STARTERS.contains(&lower.as_str())
}

/// The first letter or digit, behind quotes and brackets.
fn first(text: &str) -> Option<char> {
    text.chars().find(|c| c.is_alphanumeric())
}

/// An opening bracket or a dash that stands alone belongs to what follows. Quotes that may be either are taken for
/// closing ones, which follow the end of a sentence more often.
fn is_opening(text: &str) -> bool {
    text.chars().all(|c| OPENERS.contains(&c) && !CLOSERS.contains(&c)) || ["-", "–", "—"].contains(&text)
}
