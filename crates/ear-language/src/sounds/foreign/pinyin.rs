//! Whether a word can be Chinese in pinyin.

const INITIALS: [&str; 24] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y",
    "w", "",
];
const FINALS: [&str; 37] = [
    "iang", "iong", "uang", "ang", "eng", "ian", "iao", "ing", "ong", "uai", "uan", "ai", "an", "ao", "ei", "en", "er",
    "ia", "ie", "in", "iu", "ou", "ua", "ue", "ui", "un", "uo", "üe", "ve", "a", "e", "i", "o", "u", "ü", "v", "io",
];

/// No Chinese name has more letters in one word.
const LONGEST: usize = 15;

/// Whether the letters part into syllables of pinyin.
pub fn is_pinyin(letters: &[char]) -> bool {
    let word: String = letters.iter().collect();
    if letters.is_empty() || letters.len() > LONGEST {
        return false;
    }
    // ends[i]: a syllable can end before byte i.
    let mut ends = vec![false; word.len() + 1];
    ends[0] = true;
    for begin in 0..word.len() {
        if !ends[begin] {
            continue;
        }
        for initial in INITIALS {
            let Some(rest) = word.get(begin..).and_then(|rest| rest.strip_prefix(initial)) else { continue };
            let at = begin + initial.len();
            // Only A, E and O begin a syllable by themselves.
            let bare = initial.is_empty() && !rest.starts_with(['a', 'e', 'o']);
            for ending in FINALS.iter().filter(|ending| !bare && rest.starts_with(**ending)) {
                ends[at + ending.len()] = true;
            }
        }
    }
    ends[word.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_tell() {
        for (word, expected) in [
            ("xi", true),
            ("jinping", true),
            ("zhang", true),
            ("qiang", true),
            ("xiaoping", true),
            ("tim", false),
            ("nguyen", false),
            ("", false),
            ("smith", false),
            ("i", false),
            ("lü", true),
            ("xian", true),
        ] {
            assert_eq!(is_pinyin(&word.chars().collect::<Vec<_>>()), expected, "{word}");
        }
    }
}
