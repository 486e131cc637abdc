//! The words that numbers are made of.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word can do within a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// "o", "oh", "zero".
    Zero,
    /// "one" to "nineteen".
    Small(u128),
    /// "twenty" to "ninety".
    Ten(u128),
    /// "hundred", "thousand", …
    Factor(u128),
    /// An ordinal or plural of the three above ends a number: "first", "twenties", "hundredths".
    Last(Kind, u128, &'static str),
    /// "minus": a sign before the number that comes.
    Sign(char),
    /// "dollars": a sign before the number that was.
    Currency(char),
    /// "percent".
    Percent,
    /// "per", which is one with "cent".
    Per,
    /// "and", dropped within a number.
    And,
    /// "double", "triple": so many times the next digit.
    Repeat(usize),
    /// "point", between digits.
    Point,
}

/// Which kind of number word an ordinal or plural is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Small,
    Ten,
    Factor,
}

const SMALL: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// Ordinals that are not just the word with "th". The published table has no "ninth", so neither has this one:
/// it stays a word.
const IRREGULAR: [(&str, u128, &str); 7] = [
    ("zeroth", 0, "th"),
    ("first", 1, "st"),
    ("second", 2, "nd"),
    ("third", 3, "rd"),
    ("fifth", 5, "th"),
    ("eighth", 8, "th"),
    ("twelfth", 12, "th"),
];

const TENS: [&str; 8] = ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"];

/// Each is a thousand times the one before, from "thousand" on.
const THOUSANDS: [&str; 11] = [
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
];

const OTHERS: [(&str, Role); 21] = [
    ("o", Role::Zero),
    ("oh", Role::Zero),
    ("zero", Role::Zero),
    ("minus", Role::Sign('-')),
    ("negative", Role::Sign('-')),
    ("plus", Role::Sign('+')),
    ("positive", Role::Sign('+')),
    ("pound", Role::Currency('£')),
    ("pounds", Role::Currency('£')),
    ("euro", Role::Currency('€')),
    ("euros", Role::Currency('€')),
    ("dollar", Role::Currency('$')),
    ("dollars", Role::Currency('$')),
    ("cent", Role::Currency('¢')),
    ("cents", Role::Currency('¢')),
    ("percent", Role::Percent),
    ("per", Role::Per),
    ("and", Role::And),
    ("double", Role::Repeat(2)),
    ("triple", Role::Repeat(3)),
    ("point", Role::Point),
];

/// The role of a word within numbers; `None` for all other words.
pub(super) fn role(word: &str) -> Option<Role> {
    static ROLES: LazyLock<HashMap<String, Role>> = LazyLock::new(roles);
    ROLES.get(word).copied()
}

fn roles() -> HashMap<String, Role> {
    let mut roles: HashMap<String, Role> = OTHERS.iter().map(|(word, role)| ((*word).into(), *role)).collect();
    for (word, value) in SMALL.iter().zip(1..) {
        roles.insert((*word).into(), Role::Small(value));
        let plural = if *word == "six" { "sixes".into() } else { format!("{word}s") };
        roles.insert(plural, Role::Last(Kind::Small, value, "s"));
        roles.insert(format!("{word}th"), Role::Last(Kind::Small, value, "th"));
    }
    for wrong in ["oneth", "twoth", "threeth", "fiveth", "eightth", "twelveth"] {
        roles.remove(wrong);
    }
    for (word, value, suffix) in IRREGULAR {
        roles.insert(word.into(), Role::Last(Kind::Small, value, suffix));
    }
    for (stem, value) in TENS.iter().zip((20..).step_by(10)) {
        roles.insert(format!("{stem}y"), Role::Ten(value));
        roles.insert(format!("{stem}ies"), Role::Last(Kind::Ten, value, "s"));
        roles.insert(format!("{stem}ieth"), Role::Last(Kind::Ten, value, "th"));
    }
    let factors = THOUSANDS.iter().zip(1..).map(|(word, power)| (*word, 1000u128.pow(power)));
    for (word, value) in factors.chain([("hundred", 100)]) {
        roles.insert(word.into(), Role::Factor(value));
        roles.insert(format!("{word}s"), Role::Last(Kind::Factor, value, "s"));
        roles.insert(format!("{word}th"), Role::Last(Kind::Factor, value, "th"));
    }
    roles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_roles() {
        for (word, expected) in [
            ("seven", Some(Role::Small(7))),
            ("ninety", Some(Role::Ten(90))),
            ("eighty", Some(Role::Ten(80))),
            ("forties", Some(Role::Last(Kind::Ten, 40, "s"))),
            ("twelfth", Some(Role::Last(Kind::Small, 12, "th"))),
            ("millionth", Some(Role::Last(Kind::Factor, 1_000_000, "th"))),
            ("fourteenth", Some(Role::Last(Kind::Small, 14, "th"))),
            ("eightth", None),
            ("decillion", Some(Role::Factor(10u128.pow(33)))),
            ("dozen", None),
        ] {
            assert_eq!(role(word), expected, "{word}");
        }
    }
}
