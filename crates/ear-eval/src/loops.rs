//! Texts that go round in circles.

/// Longest phrase looked for, in words.
const PHRASE: usize = 12;
/// People say a phrase so often in a row; more is a loop.
pub const MOST: usize = 4;

/// How many times a phrase of up to twelve words is said more than [`MOST`] times in a row. Words are separated by
/// white space; the text is normalised.
pub fn count(text: &str) -> usize {
    let words: Vec<&str> = text.split_whitespace().collect();
    let (mut at, mut loops) = (0, 0);
    while at < words.len() {
        match longest_run(&words[at..]) {
            Some(length) => (at, loops) = (at + length, loops + 1),
            None => at += 1,
        }
    }
    loops
}

/// Words of the longest loop that begins here.
fn longest_run(words: &[&str]) -> Option<usize> {
    let runs = (1..=PHRASE.min(words.len() / (MOST + 1))).filter_map(|phrase| {
        let same = words.iter().zip(&words[phrase..]).take_while(|(left, right)| left == right).count();
        (same >= phrase * MOST).then_some(same + phrase)
    });
    runs.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_counted() {
        for (text, expected) in [
            ("", 0),
            ("no no no no", 0),
            ("no no no no no", 1),
            ("it was the best of times it was the worst of times", 0),
            ("or or or or or or or or then thank you thank you thank you thank you thank you", 2),
            ("a b a b a b a b a", 0),
            ("a b a b a b a b a b a", 1),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
    }
}
