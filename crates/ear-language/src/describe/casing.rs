//! Upper and lower case: of headlines, and of words that are shown alone.

use super::tokens::{Text, has_capital_inside};
use std::collections::BTreeMap;
use std::ops::Range;

/// Words of up to three letters that headlines in the style of the Associated Press leave in lower case, unless first or
/// last.
const SMALL: &str = " a an the and but or nor for so yet as at by in of off on per to up via vs vs. ";

/// A headline's word: `edge` for the first and the last one.
pub(super) fn title_word(word: &str, edge: bool) -> String {
    let lower = word.to_lowercase();
    let is_code = word.contains(['_', '/', '\\', '@', '=', '#']) || word.trim_end_matches('.').contains('.');
    let mixed = |part: &str| part.contains(|c: char| c.is_ascii_digit()) && part.contains(char::is_alphabetic);
    if has_capital_inside(word) || is_code || word.split('-').any(mixed) {
        return word.to_owned();
    }
    if !edge && SMALL.contains(&format!(" {lower} ")) {
        return lower;
    }
    let parts: Vec<String> = word
        .split('-')
        .enumerate()
        .map(|(place, part)| {
            let small = place > 0 && SMALL.contains(&format!(" {} ", part.to_lowercase()));
            if small { part.to_lowercase() } else { capitalised(part) }
        })
        .collect();
    parts.join("-")
}

/// The word with its first letter in upper case.
pub(super) fn capitalised(word: &str) -> String {
    let Some((at, first)) = word.char_indices().find(|(_, c)| c.is_alphanumeric()) else { return word.to_owned() };
    let rest = &word[at + first.len_utf8()..];
    format!("{}{}{rest}", &word[..at], first.to_uppercase())
}

/// Words of the clip as it writes them most often, where possible inside a sentence.
pub(super) fn as_most_written(text: &Text<'_>, places: &[Range<usize>]) -> String {
    let mut forms: BTreeMap<String, u32> = BTreeMap::new();
    for place in places {
        let tokens = &text.tokens[place.clone()];
        let mut words: Vec<String> = tokens.iter().map(|token| token.bare.to_owned()).collect();
        if let Some(last) = words.last_mut() {
            let bare = last.strip_suffix("'s").or_else(|| last.strip_suffix("’s")).unwrap_or(last).to_owned();
            *last = bare;
        }
        // The first word of a sentence says little about its case.
        let weight = if tokens[0].first { 1 } else { 8 };
        *forms.entry(words.join(" ")).or_default() += weight;
    }
    let best = forms.iter().max_by(|one, other| one.1.cmp(other.1).then_with(|| other.0.cmp(one.0)));
    let best = best.map(|(form, _)| form.clone()).unwrap_or_default();
    let only_first = places.iter().all(|place| text.tokens[place.start].first);
    let first = best.split(' ').next().unwrap_or_default();
    if text.cased && only_first && !has_capital_inside(first) && !text.tokens[places[0].start].capital {
        return uncapitalised(&best);
    }
    best
}

/// The text with its first letter in lower case.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    first.to_lowercase().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_are_cased() {
        let check = |words: &str, expected: &str| {
            let words: Vec<&str> = words.split(' ').collect();
            let last = words.len() - 1;
            let cased: Vec<String> =
                words.iter().enumerate().map(|(place, word)| title_word(word, place == 0 || place == last)).collect();
            assert_eq!(cased.join(" "), expected);
        };
        check("the parliament of Iraq votes to expel troops", "The Parliament of Iraq Votes to Expel Troops");
        check("iPhone sales at the BBC are up", "iPhone Sales at the BBC Are Up");
        check(
            "proof-of-concept for an op_cat 0.24.1-beta what is it for",
            "Proof-of-Concept for an op_cat 0.24.1-beta What Is It For",
        );
        check("école d'été", "École D'été");
    }
}
