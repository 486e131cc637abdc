//! How a table of letters and phones is read.

use crate::sounds::Phone;
use crate::sounds::fold::fold;
use crate::sounds::rules::MAX_LETTERS;

/// A way to read letters.
///
/// A row is a pattern and its phones. A pattern is letters, with `^` before them for the beginning of the word, `$`
/// behind them for its end, `set<` before them for one letter of `set` in front and `>set` behind them for one that
/// follows; `@` in a set is any vowel, `#` any consonant. Of rows that match, the one with most letters is taken,
/// then the one that asks for most around them, then the first. What no row matches is read as [`WORLD`] has it.
pub struct Habit {
    /// Patterns that speak for it. One that ends in `!` is enough even for words of the English dictionary.
    pub cues: &'static [&'static str],
    /// Patterns and phones.
    pub rows: &'static [(&'static str, &'static str)],
    /// Whether the whole word has to pass a test of its own.
    pub only_if: Option<fn(&[char]) -> bool>,
}

/// Open vowels and plain consonants: names of most of the world as English spells them.
pub static WORLD: Habit = Habit {
    cues: &[],
    only_if: None,
    rows: &[
        // Vowels.
        ("a", "AA"),
        ("e", "EH"),
        ("i", "IY"),
        ("o", "OW"),
        ("u", "UW"),
        ("y", "IY"),
        ("a$", "AH"),
        ("e$", "EY"),
        ("er$", "ER"),
        ("aa", "AA"),
        ("ee", "IY"),
        ("ii", "IY"),
        ("oo", "UW"),
        ("uu", "UW"),
        ("ou", "UW"),
        ("ai", "AY"),
        ("ay", "AY"),
        ("ei", "EY"),
        ("ey", "EY"),
        ("au", "AW"),
        ("ao", "AW"),
        ("oi", "OY"),
        ("oy", "OY"),
        ("ia", "IY AH"),
        ("ie", "IY"),
        ("ue", "W EH"),
        ("ua", "W AA"),
        ("ye", "Y EH"),
        ("y>aou", "Y"),
        // An H behind a vowel is not said.
        ("ah$", "AH"),
        ("eh$", "EH"),
        ("oh$", "OW"),
        ("uh$", "UW"),
        ("ah>#", "AA"),
        ("eh>#", "EH"),
        ("oh>#", "OW"),
        // Consonants.
        ("b", "B"),
        ("c", "K"),
        ("d", "D"),
        ("f", "F"),
        ("g", "G"),
        ("h", "HH"),
        ("j", "JH"),
        ("k", "K"),
        ("l", "L"),
        ("m", "M"),
        ("n", "N"),
        ("p", "P"),
        ("q", "K"),
        ("r", "R"),
        ("s", "S"),
        ("t", "T"),
        ("v", "V"),
        ("w", "W"),
        ("x", "K S"),
        ("^x", "Z"),
        ("z", "Z"),
        ("c>eiy", "S"),
        ("bh", "B"),
        ("ch", "CH"),
        ("ck", "K"),
        ("dh", "D"),
        ("dj", "JH"),
        ("dzh", "JH"),
        ("gh", "G"),
        ("jh", "JH"),
        ("kh", "K"),
        ("lj", "L Y"),
        ("nj", "N Y"),
        ("ng$", "NG"),
        ("ng>#", "NG"),
        ("ng>@", "NG G"),
        ("^ng", "N"),
        ("nk", "NG K"),
        ("ph", "F"),
        ("qu", "K W"),
        ("sh", "SH"),
        ("sch", "SH"),
        ("tch", "CH"),
        ("th", "TH"),
        ("tz", "T S"),
        ("xh", "JH"),
        ("zh", "ZH"),
        // Letters with marks that most spellings agree upon.
        ("ä", "EH"),
        ("ö", "ER"),
        ("ü", "UW"),
        ("å", "AO"),
        ("æ", "EH"),
        ("ø", "ER"),
        ("œ", "ER"),
        ("ç", "S"),
        ("ñ", "N Y"),
        ("š", "SH"),
        ("č", "CH"),
        ("ž", "ZH"),
        ("ć", "CH"),
        ("đ", "JH"),
        ("ł", "W"),
        ("ś", "SH"),
        ("ź", "ZH"),
        ("ż", "ZH"),
        ("ń", "N Y"),
        ("ş", "SH"),
        ("ș", "SH"),
        ("ţ", "T S"),
        ("ț", "T S"),
        ("ř", "ZH"),
        ("ğ", ""),
        ("ı", "IH"),
        ("é", "EY"),
        ("è", "EH"),
        ("ě", "Y EH"),
        ("ó", "OW"),
    ],
};

impl Habit {
    /// How many cues speak for the word being written so.
    pub fn cues(&self, letters: &[char]) -> usize {
        if self.only_if.is_some_and(|passes| !passes(letters)) {
            return 0;
        }
        let found =
            |cue: &&&str| (0..letters.len()).any(|at| Pattern::of(cue.trim_end_matches('!')).matches(letters, at));
        self.cues.iter().filter(found).count()
    }

    /// Whether a cue that is enough by itself speaks for it.
    pub fn is_sure(&self, letters: &[char]) -> bool {
        let sure = self.cues.iter().filter_map(|cue| cue.strip_suffix('!')).map(Pattern::of);
        sure.into_iter().any(|cue| (0..letters.len()).any(|at| cue.matches(letters, at)))
    }

    /// The phones of a word in lower case; a phone that is written twice is said once.
    pub fn read(&self, letters: &[char]) -> Vec<Phone> {
        let letters = &letters[..letters.len().min(MAX_LETTERS)];
        let mut phones: Vec<Phone> = Vec::new();
        let mut at = 0;
        while at < letters.len() {
            let row = self.row(letters, at).or_else(|| WORLD.row(letters, at));
            let (said, length) = match row {
                Some((said, length)) => (said_of(said), length),
                None => (self.read_plain(letters[at]), 1),
            };
            for phone in said {
                if phones.last() != Some(&phone) {
                    phones.push(phone);
                }
            }
            at += length;
        }
        phones
    }

    /// The phones of the best row here, and how many letters it takes.
    fn row(&self, letters: &[char], at: usize) -> Option<(&'static str, usize)> {
        let mut best: Option<((usize, usize), &'static str)> = None;
        for (pattern, said) in self.rows {
            let pattern = Pattern::of(pattern);
            let weight = (pattern.literal.chars().count(), pattern.context());
            if best.is_none_or(|(known, _)| weight > known) && pattern.matches(letters, at) {
                best = Some((weight, said));
            }
        }
        best.map(|((length, _), said)| (said, length))
    }

    /// A letter with marks that no row has, read without them.
    fn read_plain(&self, letter: char) -> Vec<Phone> {
        let plain: Vec<char> = fold(&letter.to_string()).unwrap_or_default().plain.chars().collect();
        let rows = plain.iter().filter_map(|letter| {
            let alone = std::slice::from_ref(letter);
            // In the middle of a word, so the rows for its end are not meant.
            let inner = [*alone.first()?, 'h'];
            self.row(&inner, 0).filter(|(_, length)| *length == 1).or_else(|| WORLD.row(alone, 0))
        });
        rows.flat_map(|(said, _)| said_of(said)).collect()
    }
}

fn said_of(phones: &str) -> Vec<Phone> {
    phones.split_whitespace().filter_map(Phone::from_arpabet).collect()
}

/// A pattern, taken apart.
pub struct Pattern<'a> {
    begins: bool,
    before: &'a str,
    pub literal: &'a str,
    after: &'a str,
    ends: bool,
}

impl<'a> Pattern<'a> {
    /// Takes a pattern apart.
    pub fn of(pattern: &'a str) -> Pattern<'a> {
        let (pattern, begins) = pattern.strip_prefix('^').map_or((pattern, false), |rest| (rest, true));
        let (pattern, ends) = pattern.strip_suffix('$').map_or((pattern, false), |rest| (rest, true));
        let (before, pattern) = pattern.split_once('<').unwrap_or(("", pattern));
        let (literal, after) = pattern.split_once('>').unwrap_or((pattern, ""));
        Pattern { begins, before, literal, after, ends }
    }

    /// How much it asks for around its letters.
    fn context(&self) -> usize {
        [self.begins, self.ends, !self.before.is_empty(), !self.after.is_empty()]
            .into_iter()
            .filter(|asks| *asks)
            .count()
    }

    /// Whether it matches at `at`.
    pub fn matches(&self, letters: &[char], at: usize) -> bool {
        let length = self.literal.chars().count();
        let Some(here) = letters.get(at..at + length) else { return false };
        if self.begins && at > 0
            || self.ends && at + length < letters.len()
            || !self.literal.chars().eq(here.iter().copied())
        {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        within(self.before, before) && within(self.after, letters.get(at + length))
    }
}

/// Whether `letter` is in the set, or nothing is asked for.
fn within(set: &str, letter: Option<&char>) -> bool {
    if set.is_empty() {
        return true;
    }
    let Some(letter) = letter else { return false };
    let vowel = "aeiouyáàâãäåæéèêëěíìîïóòôõöøœúùûüýąęıőű".contains(*letter);
    set.chars().any(|member| match member {
        '@' => vowel,
        '#' => !vowel,
        member => member == *letter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_where_they_should() {
        let places = |pattern: &str, word: &str| {
            let letters: Vec<char> = word.chars().collect();
            (0..=letters.len()).filter(|at| Pattern::of(pattern).matches(&letters, *at)).collect::<Vec<_>>()
        };
        assert_eq!(places("a", "banana"), [1, 3, 5]);
        assert_eq!(places("a$", "banana"), [5]);
        assert_eq!(places("^b", "banabb"), [0]);
        assert_eq!(places("n<a", "banana"), [3, 5]);
        assert_eq!(places("@<n>@", "banana"), [2, 4]);
        assert_eq!(places("a>#", "banana"), [1, 3]);
        assert_eq!(places("é", "café"), [3]);
    }
}
