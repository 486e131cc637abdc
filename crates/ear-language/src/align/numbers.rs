//! Numbers as they are said, in English: "20" is heard as "twenty", "1999" as "nineteen ninety nine". Texts in
//! other languages lose nothing by it, since both sides are spelled alike.

use crate::number_words::{SMALL, TENS};

const THOUSANDS: [&str; 4] = ["", "thousand", "million", "billion"];

/// More digits than this are read one by one.
const LONGEST: usize = 12;

/// The words of a whole number written in digits. `plain` means that no comma set its thousands apart, so it
/// may be a year.
pub(super) fn spelled(digits: &str, plain: bool) -> Vec<&'static str> {
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    let value = digits.parse::<u64>().ok().filter(|_| digits.len() <= LONGEST && !leading_zero);
    match value {
        Some(year @ (1100..=1999 | 2010..=2099)) if plain => of_year(year),
        Some(value) => cardinal(value),
        None => digits.bytes().filter_map(|digit| SMALL.get(usize::from(digit.wrapping_sub(b'0')))).copied().collect(),
    }
}

/// The last word of an ordinal: "twentieth" for "twenty".
pub(super) fn ordinal(last: &str) -> String {
    match last {
        "one" => "first".into(),
        "two" => "second".into(),
        "three" => "third".into(),
        "five" => "fifth".into(),
        "eight" => "eighth".into(),
        "nine" => "ninth".into(),
        "twelve" => "twelfth".into(),
        _ => match last.strip_suffix('y') {
            Some(stem) => format!("{stem}ieth"),
            None => format!("{last}th"),
        },
    }
}

fn of_year(year: u64) -> Vec<&'static str> {
    let mut words = below_hundred(year / 100);
    match year % 100 {
        0 => words.push("hundred"),
        rest @ 1..=9 => words.extend(["oh", SMALL[rest as usize]]),
        rest => words.extend(below_hundred(rest)),
    }
    words
}

fn cardinal(value: u64) -> Vec<&'static str> {
    if value == 0 {
        return vec![SMALL[0]];
    }
    let mut words = Vec::new();
    for (power, name) in THOUSANDS.iter().enumerate().rev() {
        let part = value / 1000u64.pow(power as u32) % 1000;
        if part == 0 {
            continue;
        }
        if part >= 100 {
            words.extend([SMALL[(part / 100) as usize], "hundred"]);
        }
        words.extend(below_hundred(part % 100));
        words.extend((power > 0).then_some(*name));
    }
    words
}

/// Nothing for zero.
fn below_hundred(value: u64) -> Vec<&'static str> {
    let (ten, one) = (value as usize / 10, value as usize % 10);
    match (ten, one) {
        (0, 0) => Vec::new(),
        (0 | 1, _) => vec![SMALL[value as usize]],
        (_, 0) => vec![TENS[ten]],
        _ => vec![TENS[ten], SMALL[one]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_as_they_are_said() {
        for (digits, plain, expected) in [
            ("0", true, "zero"),
            ("20", true, "twenty"),
            ("21", true, "twenty one"),
            ("115", true, "one hundred fifteen"),
            ("1999", true, "nineteen ninety nine"),
            ("1905", true, "nineteen oh five"),
            ("1900", true, "nineteen hundred"),
            ("2005", true, "two thousand five"),
            ("2020", true, "twenty twenty"),
            ("2020", false, "two thousand twenty"),
            ("1000000", true, "one million"),
            ("12000345", true, "twelve million three hundred forty five"),
            ("007", true, "zero zero seven"),
            ("1234567890123", true, "one two three four five six seven eight nine zero one two three"),
        ] {
            assert_eq!(spelled(digits, plain).join(" "), expected, "{digits}");
        }
    }

    #[test]
    fn ordinals_change_the_last_word() {
        for (last, expected) in
            [("one", "first"), ("twenty", "twentieth"), ("four", "fourth"), ("twelve", "twelfth"), ("nine", "ninth")]
        {
            assert_eq!(ordinal(last), expected);
        }
    }
}
