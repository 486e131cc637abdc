//! Lends times to the words of a text: some programs give a punctuated text, and beside it bare words with times.

use super::said::Said;

/// How far ahead a match is looked for where a word of one list is missing in the other.
const REACH: usize = 8;

/// The words of `text` with the times of those in `words`, from `next` on, that are the same but for case and
/// punctuation. Words without a match stay without times.
pub(super) fn lend(text: &str, words: &[Said], next: &mut usize) -> Vec<Said> {
    let mut lent: Vec<Said> =
        text.split_whitespace().map(|word| Said { text: word.into(), ..Said::default() }).collect();
    for word in &mut lent {
        let letters = letters(&word.text);
        let reach = words.get(*next..).unwrap_or_default().iter().take(REACH);
        let Some(skipped) = reach.map(|other| self::letters(&other.text)).position(|other| other == letters) else {
            continue;
        };
        if letters.is_empty() {
            continue;
        }
        let found = &words[*next + skipped];
        *word = Said { text: std::mem::take(&mut word.text), ..found.clone() };
        *next += skipped + 1;
    }
    lent
}

/// What two spellings of a word share.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_their_times() {
        let bare = |(at, text): (usize, &str)| Said { text: text.into(), start: Some(at as u64), ..Said::default() };
        let words: Vec<Said> = ["well", "its", "late", "um", "now"].into_iter().enumerate().map(bare).collect();
        let mut next = 0;
        let lent = lend("Well, it's — Late!", &words, &mut next);
        let shown: Vec<_> = lent.iter().map(|word| (word.text.as_str(), word.start)).collect();
        assert_eq!(shown, [("Well,", Some(0)), ("it's", Some(1)), ("—", None), ("Late!", Some(2))]);
        assert_eq!(lend("Now nothing", &words, &mut next)[0].start, Some(4));
        assert_eq!(lend("now", &words, &mut next)[0].start, None);
    }
}
