//! Transcripts in capitals alone, as some recognisers and most closed captions write.

use ear_core::Word;

/// Fewer letters than these tell nothing of how a transcript is written.
const LEAST: usize = 40;

/// A transcript in capitals may still have so many small letters among a hundred, in marks and in "McDONALD".
const SMALL: usize = 3;

/// The words in lower case where nearly all are written in capitals, which then say nothing: neither that a word is a
/// name, nor that it is said letter by letter. `None` where capitals are used as in ordinary writing, or not at all.
/// Times, order and number of words stay.
pub fn in_lower_case(words: &[Word]) -> Option<Vec<Word>> {
    let (mut small, mut large) = (0, 0);
    for letter in words.iter().flat_map(|word| word.text.chars()) {
        small += usize::from(letter.is_lowercase());
        large += usize::from(letter.is_uppercase());
    }
    if small + large < LEAST || small * 100 > (small + large) * SMALL {
        return None;
    }
    Some(words.iter().map(|word| Word { text: word.text.to_lowercase(), ..word.clone() }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_alone_say_nothing() {
        let check = |text: &str, expected: Option<&str>| {
            let words: Vec<Word> = text.split(' ').map(Word::untimed).collect();
            let found = in_lower_case(&words);
            let found = found.map(|words| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        let said = "THEN McDONALD SAID THAT THE U.S. WOULD LEAVE BAGHDAD, ÉTIENNE TOLD ME; AND THEY ALL WENT HOME";
        check(said, Some(&said.to_lowercase()));
        check(&said.to_lowercase(), None);
        check("Then he said that the U.S. WOULD NOT LEAVE BAGHDAD, AND THEY WENT HOME", None);
        check("THE FBI", None);
        check("", None);
    }
}
