//! Numbers in digits: "twenty first" is 21st, "two and a half million dollars" $2500000, "nine one one" 911.

use super::number::Number;
use super::number_words::{Kind, Role, role};
use super::pattern;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Writes every number of `text` in digits. `text` is in lower case and free of punctuation.
pub(super) fn in_digits(text: &str) -> String {
    let text = apart_from_letters(&with_halves(text));
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied();
        at += reader.read(word, before, words.get(at + 1).copied());
    }
    reader.finish();
    with_cents(&reader.written.join(" "))
}

/// Reads words from left to right and holds back the number it is in.
#[derive(Default)]
struct Reader {
    written: Vec<String>,
    number: Option<Number>,
    sign: Option<char>,
}

impl Reader {
    /// Reads a word; how many words were used up: 1, or 2.
    fn read(&mut self, word: &str, before: Option<&str>, after: Option<&str>) -> usize {
        if let Some((sign, digits)) = as_digits(word) {
            self.digits(word, sign, digits);
            return 1;
        }
        let before = before.and_then(role);
        match role(word) {
            None => self.word(word),
            Some(Role::Zero) => self.append("0"),
            Some(Role::Small(value)) => self.number = Some(self.with_small(value, before)),
            Some(Role::Ten(value)) => {
                self.number = Some(self.number.as_ref().map_or(Number::Value(value), |number| number.plus(value)));
            }
            Some(Role::Factor(value)) => self.multiply(value),
            Some(Role::Last(kind, value, suffix)) => self.end_with(kind, value, suffix, before),
            Some(Role::Sign(sign)) => {
                self.finish();
                if after.is_some_and(is_numeric) {
                    self.sign = Some(sign);
                } else {
                    self.word(word);
                }
            }
            Some(Role::Currency(sign)) if self.number.is_some() => {
                self.sign = Some(sign);
                self.finish();
            }
            Some(Role::Percent) if self.number.is_some() => self.finish_with("%"),
            Some(Role::Per) if self.number.is_some() && after == Some("cent") => {
                self.finish_with("%");
                return 2;
            }
            Some(Role::Currency(_) | Role::Percent | Role::Per) => self.word(word),
            Some(role @ (Role::And | Role::Repeat(_) | Role::Point)) => return self.join(word, role, before, after),
        }
        1
    }

    /// Words that join others, if a number comes after them; else they are words like any other.
    fn join(&mut self, word: &str, kind: Role, before: Option<Role>, after: Option<&str>) -> usize {
        let next = after.and_then(role);
        match kind {
            _ if !after.is_some_and(is_numeric) => self.word(word),
            Role::And if matches!(before, Some(Role::Factor(_))) => {}
            Role::Point if matches!(next, None | Some(Role::Zero | Role::Small(_) | Role::Ten(_))) => self.append("."),
            Role::Point => {}
            Role::Repeat(times) => match next {
                Some(Role::Zero) => return self.repeat("0", times),
                Some(Role::Small(value)) => return self.repeat(&value.to_string(), times),
                _ => self.word(word),
            },
            _ => self.word(word),
        }
        1
    }

    fn repeat(&mut self, digit: &str, times: usize) -> usize {
        self.append(&digit.repeat(times));
        2
    }

    /// A word that is part of no number.
    fn word(&mut self, word: &str) {
        self.finish();
        // A sign that found no number sticks to the word, as in the published program.
        let sign = self.sign.take().map(String::from).unwrap_or_default();
        self.written.push(sign + word);
    }

    /// A number in digits already, perhaps with a sign.
    fn digits(&mut self, word: &str, sign: Option<char>, digits: &str) {
        if let Some(number) = self.number.take_if(|number| number.ends_in_point()) {
            self.number = Some(number.followed_by(word));
            return;
        }
        self.finish();
        self.sign = sign.or(self.sign);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let value = whole.parse().ok().filter(|_| part.bytes().all(|digit| digit == b'0'));
        self.number = Some(value.map_or_else(|| Number::Digits(digits.into()), Number::Value));
    }

    /// Puts digits (or a point) behind the number; a bare 0 gives way to them.
    fn append(&mut self, more: &str) {
        let number = self.number.take().filter(|number| *number != Number::Value(0));
        self.number = Some(number.map_or_else(|| Number::Digits(more.into()), |number| number.followed_by(more)));
    }

    fn with_small(&self, value: u128, before: Option<Role>) -> Number {
        match (&self.number, before) {
            (None, _) => Number::Value(value),
            (Some(number @ Number::Digits(_)), Some(Role::Ten(_))) if value < 10 => number.with_last_digit(value),
            (Some(number), Some(Role::Small(_))) => number.followed_by(&value.to_string()),
            (Some(number), _) => number.plus(value),
        }
    }

    fn multiply(&mut self, factor: u128) {
        let product = self.number.as_ref().and_then(|number| number.times(factor));
        if product.is_none() {
            self.finish();
        }
        self.number = Some(product.unwrap_or(Number::Value(factor)));
    }

    fn end_with(&mut self, kind: Kind, value: u128, suffix: &str, before: Option<Role>) {
        match kind {
            Kind::Small => self.number = Some(self.with_small(value, before)),
            Kind::Ten => {
                self.number = Some(self.number.as_ref().map_or(Number::Value(value), |number| number.plus(value)))
            }
            Kind::Factor => self.multiply(value),
        }
        self.finish_with(suffix);
    }

    fn finish(&mut self) {
        self.finish_with("");
    }

    /// Writes the number that was held back, if any, with its sign.
    fn finish_with(&mut self, suffix: &str) {
        let Some(number) = self.number.take() else { return };
        let sign = self.sign.take().map(String::from).unwrap_or_default();
        self.written.push(sign + &number.text() + suffix);
    }
}

/// "$3.5" as its sign and its digits.
fn as_digits(word: &str) -> Option<(Option<char>, &str)> {
    let sign = word.chars().next().filter(|letter| "+-£€$¢".contains(*letter));
    let digits = sign.map_or(word, |sign| &word[sign.len_utf8()..]);
    is_decimal(digits).then_some((sign, digits))
}

/// Digits, perhaps with a point among them.
fn is_decimal(word: &str) -> bool {
    let (whole, part) = word.split_once('.').unwrap_or((word, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    all_digits(whole) && all_digits(part)
}

fn is_numeric(word: &str) -> bool {
    is_decimal(word) || role(word).is_some()
}

/// "two and a half" as "two point five".
fn with_halves(text: &str) -> String {
    static HALF: LazyLock<Regex> = LazyLock::new(|| pattern(r"\band\s+a\s+half\b"));
    let mut parts = HALF.split(text).peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(part) = parts.next() {
        let last = part.split_whitespace().next_back();
        out.push_str(part);
        if let Some(last) = last.filter(|_| parts.peek().is_some()) {
            let number = matches!(role(last), Some(Role::Zero | Role::Small(_) | Role::Ten(_) | Role::Factor(_)));
            out.push_str(if number { " point five " } else { " and a half " });
        }
    }
    out
}

/// Parts letters from digits, but for endings such as "1st" and "1960s".
fn apart_from_letters(text: &str) -> String {
    static LETTER_DIGIT: LazyLock<Regex> = LazyLock::new(|| pattern(r"([a-z])([0-9])"));
    static DIGIT_LETTER: LazyLock<Regex> = LazyLock::new(|| pattern(r"([0-9])([a-z])"));
    static ENDING: LazyLock<Regex> = LazyLock::new(|| pattern(r"([0-9])\s+(st|nd|rd|th|s)\b"));
    let text = LETTER_DIGIT.replace_all(text, "$1 $2");
    let text = DIGIT_LETTER.replace_all(&text, "$1 $2");
    ENDING.replace_all(&text, "$1$2").into_owned()
}

/// "$2 and ¢7" as "$2.07", "$0.07" as "¢7", and a lone 1 as "one".
fn with_cents(text: &str) -> String {
    static AND_CENTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"([€£$])([0-9]+) (?:and )?¢([0-9]{1,2})\b"));
    static ONLY_CENTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"[€£$]0\.0?([0-9]{1,2})\b"));
    static ONE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b1(s?)\b"));
    let text = AND_CENTS.replace_all(text, |found: &Captures| format!("{}{}.{:0>2}", &found[1], &found[2], &found[3]));
    let text = ONLY_CENTS.replace_all(&text, |found: &Captures| format!("¢{}", &found[1]));
    ONE.replace_all(&text, "one$1").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_digits() {
        let check = |text: &str, expected: &str| assert_eq!(in_digits(text), expected, "{text}");
        check("twenty one", "21");
        check("one hundred and five", "105");
        check("two thousand and sixteen", "2016");
        check("nineteen eighty four", "1984");
        check("twenty twenty six", "2026");
        check("nine one one", "911");
        check("one oh one", "101");
        check("double oh seven", "007");
        check("triple five", "555");
        check("twenty first century", "21st century");
        check("the nineteen sixties", "the 1960s");
        check("third second ninth", "3rd 2nd ninth");
        check("three hundredth hundreds", "300th 100s");
        check("three point one four", "3.14");
        check("two and a half million dollars", "$2500000");
        check("an hour and a half", "an hour and a half");
        check("minus five degrees", "-5 degrees");
        check("five per cent and ten percent", "5% and 10%");
        check("two dollars and seven cents", "$2.07");
        check("$0.50", "¢50");
        check("1 of the ones", "one of the ones");
        check("room101b 1960 s", "room 101 b 1960s");
        check("3.5 million", "3500000");
        check("ten thousand five hundred", "10500");
        check("one million and two", "1000002");
        check("salt and pepper and two", "salt and pepper and 2");
        check("per se, the point is percent pounds", "per se, the point is percent pounds");
    }
}
