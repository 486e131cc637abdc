//! A number while its words are still being read.

/// What the words so far amount to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    /// A value that further words may add to or multiply.
    Value(u128),
    /// Digits said one after the other ("nine one one", "three point five"): further words are put behind.
    Digits(String),
}

impl Number {
    /// As digits.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Value(value) => value.to_string(),
            Self::Digits(digits) => digits.clone(),
        }
    }

    /// Whether the word "point" was the last.
    pub(super) fn ends_in_point(&self) -> bool {
        matches!(self, Self::Digits(digits) if digits.ends_with('.'))
    }

    /// Puts `more` behind.
    pub(super) fn followed_by(&self, more: &str) -> Self {
        Self::Digits(self.text() + more)
    }

    /// "twenty" + "one" is 21, "two hundred" + "five" 205, but "nineteen" + "five" stays apart: 195.
    pub(super) fn plus(&self, amount: u128) -> Self {
        let room = match amount {
            0..10 => 10,
            _ => 100,
        };
        match self {
            Self::Value(value) if value % room == 0 => Self::Value(value.saturating_add(amount)),
            _ => self.followed_by(&amount.to_string()),
        }
    }

    /// The last zero gives way to `digit`: "one twenty" and "five" are 125.
    pub(super) fn with_last_digit(&self, digit: u128) -> Self {
        let text = self.text();
        Self::Digits(format!("{}{digit}", text.strip_suffix('0').unwrap_or(&text)))
    }

    /// "two" × "hundred", "3.5" × "million", "two thousand five" × "hundred" (only its last three places).
    /// `None` if the result is not whole or has no room: then these are two numbers.
    pub(super) fn times(&self, factor: u128) -> Option<Self> {
        match self {
            Self::Value(value) if *value > 0 => {
                (value % 1000).checked_mul(factor)?.checked_add(value - value % 1000).map(Self::Value)
            }
            _ => decimal_times(&self.text(), factor).map(Self::Value),
        }
    }
}

fn decimal_times(decimal: &str, factor: u128) -> Option<u128> {
    let (whole, part) = decimal.split_once('.').unwrap_or((decimal, ""));
    let digits: u128 = format!("{whole}{part}").parse().ok()?;
    let scale = 10u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let product = digits.checked_mul(factor)?;
    (product % scale == 0).then_some(product / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_multiply_exactly() {
        let digits = |text: &str| Number::Digits(text.into());
        for (number, factor, expected) in [
            (Number::Value(2), 100, Some(200)),
            (Number::Value(2005), 100, Some(2500)),
            (Number::Value(0), 100, Some(0)),
            (digits("3.5"), 1_000_000, Some(3_500_000)),
            (digits("20."), 100, Some(2000)),
            (digits("1.2345"), 100, None),
            (digits("1.2.3"), 100, None),
            (digits("."), 100, None),
            (Number::Value(999), u128::MAX, None),
        ] {
            assert_eq!(number.times(factor), expected.map(Number::Value), "{number:?} × {factor}");
        }
    }
}
