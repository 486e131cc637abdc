//! Numbers as they are read out.

use crate::number_words::{SMALL, TENS};

const GREAT: [(u64, &str); 4] =
    [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

/// Longer runs of digits are read digit by digit.
const LONGEST: usize = 12;

/// The most digits that are read one by one.
const MOST_DIGITS: usize = 20;

/// Ways to read `digits`, which are ASCII digits with at most one decimal point, likeliest first; `ordinal` for
/// "21st", `plural` for "1990s".
pub fn read(digits: &str, ending: Ending) -> Vec<Vec<&'static str>> {
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let mut ways = whole_number(whole);
    if !decimals.is_empty() {
        for way in &mut ways {
            way.push("point");
            way.extend(one_by_one(decimals));
        }
    }
    for way in &mut ways {
        if let Some(last) = way.last_mut() {
            *last = ended(last, ending);
        }
    }
    ways
}

/// What may follow a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// "21".
    None,
    /// "21st".
    Ordinal,
    /// "1990s".
    Plural,
}

fn whole_number(digits: &str) -> Vec<Vec<&'static str>> {
    let value = if digits.len() <= LONGEST { digits.parse::<u64>().ok() } else { None };
    let Some(value) = value else { return vec![one_by_one(digits)] };
    if digits.len() > 1 && digits.starts_with('0') {
        return vec![one_by_one(digits)];
    }
    let mut counted = Vec::new();
    count(value, &mut counted);
    let as_year = year(value);
    // Years of these centuries are met far more often than such amounts, which are written with a comma.
    let mut ways = match as_year {
        Some(year) if (1100..2000).contains(&value) || value > 2009 => vec![year, counted],
        Some(year) => vec![counted, year],
        None => vec![counted],
    };
    if digits.len() == 3 && !value.is_multiple_of(100) {
        ways.push(in_two(value / 100, value % 100));
    }
    ways
}

fn count(value: u64, words: &mut Vec<&'static str>) {
    if value < 100 {
        return below_hundred(value, words);
    }
    if value < 1_000 {
        below_hundred(value / 100, words);
        words.push("hundred");
        if !value.is_multiple_of(100) {
            below_hundred(value % 100, words);
        }
        return;
    }
    let Some((unit, name)) = GREAT.iter().find(|(unit, _)| value >= *unit) else { return };
    count(value / unit, words);
    words.push(name);
    if !value.is_multiple_of(*unit) {
        count(value % unit, words);
    }
}

fn below_hundred(value: u64, words: &mut Vec<&'static str>) {
    let value = value as usize % 100;
    if value < 20 {
        words.push(SMALL[value]);
        return;
    }
    words.push(TENS[value / 10]);
    if !value.is_multiple_of(10) {
        words.push(SMALL[value % 10]);
    }
}

/// "nineteen ninety eight", "nineteen oh four", "twenty hundred" never.
fn year(value: u64) -> Option<Vec<&'static str>> {
    let plausible = (1100..2100).contains(&value) && !(2000..2010).contains(&value);
    plausible.then(|| in_two(value / 100, value % 100))
}

fn in_two(left: u64, right: u64) -> Vec<&'static str> {
    let mut words = Vec::new();
    below_hundred(left, &mut words);
    match right {
        0 => words.push("hundred"),
        1..10 => words.extend(["oh", SMALL[right as usize]]),
        _ => below_hundred(right, &mut words),
    }
    words
}

fn one_by_one(digits: &str) -> Vec<&'static str> {
    digits.bytes().filter(u8::is_ascii_digit).take(MOST_DIGITS).map(|digit| SMALL[usize::from(digit - b'0')]).collect()
}

fn ended(word: &'static str, ending: Ending) -> &'static str {
    let forms = [
        ("zero", "zeroth", "zeros"),
        ("one", "first", "ones"),
        ("two", "second", "twos"),
        ("three", "third", "threes"),
        ("four", "fourth", "fours"),
        ("five", "fifth", "fives"),
        ("six", "sixth", "sixes"),
        ("seven", "seventh", "sevens"),
        ("eight", "eighth", "eights"),
        ("nine", "ninth", "nines"),
        ("ten", "tenth", "tens"),
        ("eleven", "eleventh", "elevens"),
        ("twelve", "twelfth", "twelves"),
        ("thirteen", "thirteenth", "thirteens"),
        ("fourteen", "fourteenth", "fourteens"),
        ("fifteen", "fifteenth", "fifteens"),
        ("sixteen", "sixteenth", "sixteens"),
        ("seventeen", "seventeenth", "seventeens"),
        ("eighteen", "eighteenth", "eighteens"),
        ("nineteen", "nineteenth", "nineteens"),
        ("twenty", "twentieth", "twenties"),
        ("thirty", "thirtieth", "thirties"),
        ("forty", "fortieth", "forties"),
        ("fifty", "fiftieth", "fifties"),
        ("sixty", "sixtieth", "sixties"),
        ("seventy", "seventieth", "seventies"),
        ("eighty", "eightieth", "eighties"),
        ("ninety", "ninetieth", "nineties"),
        ("hundred", "hundredth", "hundreds"),
        ("thousand", "thousandth", "thousands"),
        ("million", "millionth", "millions"),
        ("billion", "billionth", "billions"),
    ];
    let form = forms.iter().find(|form| form.0 == word);
    match (ending, form) {
        (Ending::Ordinal, Some(form)) => form.1,
        (Ending::Plural, Some(form)) => form.2,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(digits: &str, ending: Ending, expected: &[&str]) {
        let ways: Vec<String> = read(digits, ending).iter().map(|way| way.join(" ")).collect();
        assert_eq!(ways, expected, "{digits}");
    }

    #[test]
    fn numbers_are_read_out() {
        use Ending::{None, Ordinal, Plural};
        check("0", None, &["zero"]);
        check("7", None, &["seven"]);
        check("42", None, &["forty two"]);
        check("100", None, &["one hundred"]);
        check("747", None, &["seven hundred forty seven", "seven forty seven"]);
        check("2003", None, &["two thousand three"]);
        check("2020", None, &["twenty twenty", "two thousand twenty"]);
        check("1998", None, &["nineteen ninety eight", "one thousand nine hundred ninety eight"]);
        check("1900", None, &["nineteen hundred", "one thousand nine hundred"]);
        check("1904", None, &["nineteen oh four", "one thousand nine hundred four"]);
        check("19.5", None, &["nineteen point five"]);
        check("3.14", None, &["three point one four"]);
        check("0.5", None, &["zero point five"]);
        check("007", None, &["zero zero seven"]);
        check("1000000", None, &["one million"]);
        check("12345", None, &["twelve thousand three hundred forty five"]);
        check("21", Ordinal, &["twenty first"]);
        check("1990", Plural, &["nineteen nineties", "one thousand nine hundred nineties"]);
        check("1234567890123", None, &["one two three four five six seven eight nine zero one two three"]);
        check("", None, &[""]);
    }
}
