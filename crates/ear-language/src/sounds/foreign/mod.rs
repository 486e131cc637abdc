//! Names read by the habits of other spellings: what a careful English speaker makes of "Wojciechowski" or "Xi".
//!
//! A habit is an ordered table from letters to phones, and cues that say when a word is likely written so. The tables
//! are our own, after the handbooks of broadcasters and the guides to names in several encyclopaedias; they aim at
//! English phones, not at the sounds of the languages themselves.

mod east;
mod habit;
mod pinyin;
mod west;

use super::Phone;
use super::reading::Ways;
use habit::Habit;

/// Habits by spelling. Where two fit equally, the first is likelier.
static HABITS: [&Habit; 16] = [
    &east::POLISH,
    &east::SLAVIC,
    &west::GERMAN,
    &west::SPANISH,
    &west::PORTUGUESE,
    &west::ITALIAN,
    &west::FRENCH,
    &east::ARABIC,
    &east::PERSIAN,
    &east::TURKISH,
    &east::HUNGARIAN,
    &west::DUTCH,
    &west::NORDIC,
    &east::VIETNAMESE,
    &east::KOREAN,
    &east::PINYIN,
];

/// What the reading by a habit costs against the English one if a single cue speaks for it.
const ONE_CUE: f32 = 1.0;

/// How much each further cue takes off.
const CUE: f32 = 0.5;

/// With enough cues the habit is likelier than English rules.
const LEAST: f32 = -0.4;

/// What the reading with open vowels costs, which fits names from most of the world.
const WORLD: f32 = 0.6;

/// How much more any of these costs for a word that the English dictionary has.
const KNOWN: f32 = 1.0;

/// How many cues it takes then: two speak for "James" being Spanish.
const CUES_IF_KNOWN: usize = 3;

/// How many readings are given.
const MOST: usize = 4;

/// Ways to read a word, which is in lower case with its accents, likeliest first. `known`: the dictionary has it, so
/// that only what looks foreign is read so.
pub(super) fn ways(word: &str, known: bool) -> Ways {
    let letters: Vec<char> = word.chars().filter(|letter| letter.is_alphabetic()).collect();
    let mut ways: Ways = Vec::new();
    let extra = if known { KNOWN } else { 0.0 };
    let open_end = letters.last().is_some_and(|last| "aeiou".contains(*last));
    if !known || open_end && letters.len() > 2 {
        ways.push((habit::WORLD.read(&letters), WORLD + extra));
    }
    let needed = if known { CUES_IF_KNOWN } else { 1 };
    for habit in HABITS {
        let cues = habit.cues(&letters);
        if cues >= needed || cues > 0 && habit.is_sure(&letters) {
            let cost = ONE_CUE - CUE * (cues - 1) as f32;
            ways.push((habit.read(&letters), cost.max(LEAST) + extra));
        }
    }
    ways.retain(|(phones, _)| phones.iter().any(|phone: &Phone| phone.is_vowel()));
    ways.sort_by(|a, b| a.1.total_cmp(&b.1));
    ways.truncate(MOST);
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every row of every habit is made of phones that exist, and of a pattern that can match.
    #[test]
    fn tables_are_whole() {
        for habit in HABITS.into_iter().chain([&habit::WORLD]) {
            for (pattern, phones) in habit.rows {
                let literal = habit::Pattern::of(pattern).literal;
                assert!(!literal.is_empty(), "{pattern}");
                for phone in phones.split_whitespace() {
                    assert!(Phone::from_arpabet(phone).is_some(), "{pattern}: {phone}");
                }
            }
        }
    }

    fn check(habit: &Habit, word: &str, expected: &str) {
        let letters: Vec<char> = word.chars().collect();
        let said: Vec<&str> = habit.read(&letters).into_iter().map(Phone::as_str).collect();
        assert_eq!(said.join(" "), expected, "{word}");
    }

    #[test]
    fn habits_read_their_names() {
        check(&east::POLISH, "wojciechowski", "V OY CH EH HH AO F S K IY");
        check(&east::POLISH, "szczesny", "SH CH EH S N IY");
        check(&east::POLISH, "wałęsa", "V AA W EH N S AH");
        check(&east::SLAVIC, "zelenskyy", "Z EH L EH N S K IY");
        check(&east::SLAVIC, "khrushchev", "K R UW SH CH EH F");
        check(&east::SLAVIC, "sulejmani", "S UW L EY M AA N IY");
        check(&east::SLAVIC, "žižek", "ZH IY ZH EH K");
        check(&west::GERMAN, "schulze", "SH UW L T S AH");
        check(&west::GERMAN, "steinmeier", "SH T AY N M AY ER");
        check(&west::SPANISH, "guillén", "G IY Y EH N");
        check(&west::SPANISH, "jiménez", "HH IY M EH N EH Z");
        check(&west::PORTUGUESE, "guterres", "G UW T EH R EH S");
        check(&west::PORTUGUESE, "magalhães", "M AA G AA L Y AY N S");
        check(&west::ITALIAN, "gentiloni", "JH EH N T IY L OW N IY");
        check(&west::ITALIAN, "tagliatelle", "T AA L Y AA T EH L EY");
        check(&west::FRENCH, "beauvoir", "B OW V W AA R");
        check(&west::FRENCH, "genet", "ZH AH N EY");
        check(&west::FRENCH, "macron", "M AA K R OW N");
        check(&east::ARABIC, "khaled", "HH AE L EH D");
        check(&east::TURKISH, "erdoğan", "EH R D OW AA N");
        check(&east::HUNGARIAN, "szijjártó", "S IY Y AA R T OW");
        check(&west::DUTCH, "rutte", "R UW T AH");
        check(&west::NORDIC, "bjørn", "B Y ER N");
        check(&east::VIETNAMESE, "nguyen", "W IH N");
        check(&east::PINYIN, "xi", "SH IY");
        check(&east::PINYIN, "zhang", "JH AA NG");
        check(&east::PINYIN, "qiang", "CH Y AA NG");
        check(&habit::WORLD, "soleimani", "S OW L EY M AA N IY");
        check(&habit::WORLD, "abe", "AA B EY");
    }
}
