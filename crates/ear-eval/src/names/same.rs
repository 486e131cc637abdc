//! Names that people wrote in several ways: the reference has "Mark Conley" and "Mark Connelly" for one man.

use super::fold;
use super::mentions::{Query, SAME_SOUND};
use ear_language::sounds::{HeardPhones, SoughtName, alike, places, pronounce_first};

/// How alike the letters of two names have to be that are said alike.
const SAME_LETTERS: f32 = 0.6;
/// The same for each of their words.
const SAME_WORD: f32 = 0.4;

/// For each query the others that are said the same, from end to end, and have mostly the same letters.
pub fn spelled_otherwise(queries: &[Query]) -> Vec<Vec<usize>> {
    let letters: Vec<String> = queries.iter().map(|query| query.parts.concat()).collect();
    let mut others = vec![Vec::new(); queries.len()];
    for left in 0..queries.len() {
        for right in left + 1..queries.len() {
            if alike(&letters[left], &letters[right]) >= SAME_LETTERS
                && sound_alike(&queries[left].text, &queries[right].text)
            {
                others[left].push(right);
                others[right].push(left);
            }
        }
    }
    others
}

/// Whether `name` is spelled otherwise than `meant`, has mostly the same letters, and `meant` sounds somewhere in it:
/// which of the two is right can't be told.
pub fn is_spelled_otherwise(meant: &str, name: &str) -> bool {
    let letters = |text: &str| fold::parts(text).concat();
    let (of_meant, of_name) = (letters(meant), letters(name));
    of_meant != of_name && alike(&of_meant, &of_name) >= SAME_LETTERS && sounds_within(meant, name)
}

/// Whether two names sound alike, word by word where they have as many.
fn sound_alike(left: &str, right: &str) -> bool {
    let both_ways = |left: &str, right: &str| sounds_within(left, right) && sounds_within(right, left);
    let of_words = |left: &str, right: &str| both_ways(left, right) && alike(left, right) >= SAME_WORD;
    let (lefts, rights) = (left.split_whitespace(), right.split_whitespace());
    let as_many = lefts.clone().count() == rights.clone().count();
    both_ways(left, right) && (!as_many || lefts.zip(rights).all(|(left, right)| of_words(left, right)))
}

/// Whether a name as it is likeliest said sounds somewhere in another.
fn sounds_within(name: &str, other: &str) -> bool {
    let sought = SoughtName::new(name, 1);
    let Some(reading) = sought.readings.first() else { return false };
    let mut said = HeardPhones::new();
    let mut phones = Vec::new();
    for word in other.split_whitespace() {
        phones.clear();
        pronounce_first(word, &mut phones);
        said.push(&phones);
    }
    !places(reading, &said, 0..said.words(), SAME_SOUND).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::mentions::Kind;

    #[test]
    fn one_name_in_several_spellings() {
        let check = |left: &str, right: &str, expected: bool| {
            let query = |text: &str| Query { text: text.to_owned(), parts: fold::parts(text), kind: Kind::Person };
            let others = spelled_otherwise(&[query(left), query(right)]);
            assert_eq!(others == [[1], [0]], expected, "{left} / {right}");
        };
        check("Mark Connolly", "Mark Connelly", true);
        check("Wolf Research", "Wolfe Research", true);
        check("Credit Swiss", "Credit Suisse", true);
        check("Colombia", "Bancolombia", false);
        check("Iran", "Iraq", false);
        check("Tyson Capital", "Titan Capital", false);
        check("Steve Barnes", "Steve Byrne", false);
    }
}
