//! What one written word may be: a word, a number, letters, or several of them.

use super::fold::{Folded, MAX_CHARACTERS, fold};
use super::foreign;
use super::initials::{add_s, capitals, dotted, has_vowel, letter_name, spelled_out};
use super::lexicon;
use super::numbers::{self, Ending};
use super::reading::{Reading, Ways, join};

/// How many readings are followed up.
const READINGS: usize = 4;

/// The longest run of capitals that is taken for letters.
const LONGEST_INITIALS: usize = 5;

/// What a reading by its accents costs for a word that the dictionary knows without them.
const BY_ACCENT: f32 = 1.0;

/// What it costs to read a word that has accents as if it had none.
const WITHOUT_ACCENT: f32 = 0.5;

/// Readings of one written word, likeliest first. Empty if nothing of it can be read.
pub(super) fn readings(word: &str) -> Vec<Reading> {
    let word: String = word.trim().chars().take(MAX_CHARACTERS).collect();
    let word = without_thousands(&word);
    let (word, unit) = unit_of(&word);
    // Hyphens, dashes and slashes part words; so does what has no sound, but for points, apostrophes and accents.
    let parts = word.split(|c: char| !c.is_alphanumeric() && !is_inner_mark(c));
    let mut read: Vec<Vec<Reading>> = Vec::new();
    for part in parts.filter(|part| part.chars().any(char::is_alphanumeric)) {
        let readings = part_readings(part);
        if readings.is_empty() {
            return Vec::new();
        }
        read.push(readings);
    }
    let unit = if read.is_empty() && unit.is_empty() { symbol(word) } else { unit };
    if !unit.is_empty() {
        read.push(vec![Reading::of(plain_ways(unit), 0.0)]);
    }
    join(read, READINGS)
}

fn is_inner_mark(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | '´' | '.' | 'ʿ' | 'ʾ' | 'ʼ' | 'ʻ') || ('\u{300}'..'\u{370}').contains(&c)
}

/// Takes the commas out of "2,003,000".
fn without_thousands(word: &str) -> String {
    let characters: Vec<char> = word.chars().collect();
    let digit = |place: usize| characters.get(place).is_some_and(char::is_ascii_digit);
    let comma = |place: usize| {
        let before = place.checked_sub(1).is_some_and(digit);
        characters[place] == ',' && before && (1..=3).all(|step| digit(place + step)) && !digit(place + 4)
    };
    (0..characters.len()).filter(|place| !comma(*place)).map(|place| characters[place]).collect()
}

/// Takes the sign of a currency or per cent off an amount, and gives what is said for it behind the amount.
fn unit_of(word: &str) -> (&str, &'static str) {
    if !word.contains(|c: char| c.is_ascii_digit()) {
        return (word, "");
    }
    let signs = [('$', "dollars"), ('€', "euros"), ('£', "pounds"), ('¥', "yen"), ('%', "percent"), ('°', "degrees")];
    for (sign, unit) in signs {
        let place = word.find(sign);
        if let Some(place) = place {
            let rest = if place == 0 { &word[sign.len_utf8()..] } else { &word[..place] };
            return (rest, unit);
        }
    }
    (word, "")
}

/// What is said for a sign that stands alone.
fn symbol(word: &str) -> &'static str {
    match word {
        "&" => "and",
        "@" => "at",
        "+" => "plus",
        "%" => "percent",
        _ => "",
    }
}

/// Readings of a part without hyphens.
fn part_readings(part: &str) -> Vec<Reading> {
    let Some(folded) = fold(part) else { return Vec::new() };
    let (stem, possessive) = match folded.plain.strip_suffix("'s") {
        Some(stem) => (stem, true),
        None => (folded.plain.as_str(), false),
    };
    if let Some(letters) = dotted(stem) {
        return vec![spelled_out(&letters, possessive, 0.0)];
    }
    if let Some((letters, plural)) = as_capitals(part) {
        return capitals(letters, plural);
    }
    if folded.plain.contains(|c: char| c.is_ascii_digit()) {
        return mixed(&folded.plain);
    }
    if lexicon::find(trimmed(stem)).is_none()
        && let Some(halves) = at_capital(part)
    {
        return join(halves.map(part_readings).into(), READINGS);
    }
    match word_ways(&folded) {
        ways if ways.is_empty() => Vec::new(),
        _ if lexicon::find(trimmed(stem)).is_none() && is_consonants(trimmed(stem)) => {
            vec![spelled_out(stem, possessive, 0.0)]
        }
        ways => vec![Reading::of(ways, 0.0)],
    }
}

/// "mph", "https": nobody can say them but as letters.
fn is_consonants(word: &str) -> bool {
    (1..=LONGEST_INITIALS).contains(&word.len()) && !has_vowel(word)
}

fn trimmed(word: &str) -> &str {
    word.trim_matches(['.', '\''])
}

/// The capitals of "FBI", "MPs", "FBI's" and whether an S follows.
fn as_capitals(part: &str) -> Option<(&str, bool)> {
    let part = part.trim_matches(['.', '\'', '’']);
    let (capitals, plural) = match part.strip_suffix('s') {
        Some(stem) => (stem.trim_end_matches(['\'', '’']), true),
        None => (part, false),
    };
    let upper = !capitals.is_empty() && capitals.bytes().all(|byte| byte.is_ascii_uppercase());
    ((2..=LONGEST_INITIALS).contains(&capitals.len()) && upper).then_some((capitals, plural))
}

/// "TikTok" and "OpenAI" at their inner capital.
fn at_capital(part: &str) -> Option<[&str; 2]> {
    let mut before = None;
    for (place, character) in part.char_indices() {
        if character.is_uppercase() && before.is_some_and(char::is_lowercase) {
            let (left, right) = part.split_at(place);
            return match left {
                "Mc" => Some(["Mac", right]),
                _ => (place > 1).then_some([left, right]),
            };
        }
        before = Some(character);
    }
    None
}

/// Readings of a part that has digits, in runs of digits and of letters.
fn mixed(part: &str) -> Vec<Reading> {
    let mut parts: Vec<Vec<Reading>> = Vec::new();
    let mut rest = part.trim_matches('.');
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| if digits { !c.is_ascii_digit() && c != '.' } else { c.is_ascii_digit() });
        let (run, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        if digits {
            let (ending, after) = ending_of(after);
            rest = after;
            parts.push(number(run, ending));
        } else if run.len() <= 2 && !parts.is_empty() || run.len() == 1 {
            parts.push(vec![spelled_out(run, false, 0.0)]);
        } else {
            parts.push(vec![Reading::of(plain_ways(run), 0.0)]);
        }
    }
    parts.iter_mut().for_each(|readings| readings.retain(|reading| reading.words.iter().any(|ways| !ways.is_empty())));
    join(parts, READINGS)
}

fn ending_of(after: &str) -> (Ending, &str) {
    let ends = |ending: &str| after.strip_prefix(ending).filter(|rest| !rest.starts_with(|c: char| c.is_alphabetic()));
    if let Some(rest) = ["st", "nd", "rd", "th"].iter().find_map(|ending| ends(ending)) {
        return (Ending::Ordinal, rest);
    }
    match ends("'s").or_else(|| ends("s")) {
        Some(rest) => (Ending::Plural, rest),
        None => (Ending::None, after),
    }
}

/// Digits with points: a number where there is one point at most, else each run by itself ("10.0.1").
fn number(digits: &str, ending: Ending) -> Vec<Reading> {
    let digits = digits.trim_end_matches('.');
    let said = |words: Vec<&'static str>| words.into_iter().map(plain_ways).collect();
    if digits.matches('.').count() > 1 {
        let words = digits.split('.').filter(|run| !run.is_empty()).flat_map(|run| numbers::read(run, Ending::None));
        return vec![Reading {
            words: words.flat_map(said as fn(Vec<&'static str>) -> Vec<Ways>).collect(),
            cost: 0.0,
        }];
    }
    let ways = numbers::read(digits, ending).into_iter().enumerate();
    ways.map(|(place, words)| Reading { words: said(words), cost: place as f32 * 0.7 }).collect()
}

/// Ways to say a word that is neither number nor initials. Accents tell of foreign spelling.
fn word_ways(folded: &Folded) -> Ways {
    if folded.plain == folded.accented {
        return plain_ways(&folded.plain);
    }
    let known = known_ways(&folded.plain);
    let by_accent = if known.is_some() { BY_ACCENT } else { 0.0 };
    let mut ways = known.unwrap_or_else(|| {
        guessed_ways(&folded.plain).into_iter().map(|(phones, cost)| (phones, cost + WITHOUT_ACCENT)).collect()
    });
    let foreign = foreign::ways(&folded.accented, false);
    let least = foreign.first().map_or(0.0, |(_, cost)| *cost);
    ways.extend(foreign.into_iter().map(|(phones, cost)| (phones, cost - least + by_accent)));
    ways.sort_by(|a, b| a.1.total_cmp(&b.1));
    ways
}

fn plain_ways(word: &str) -> Ways {
    known_ways(word).unwrap_or_else(|| guessed_ways(word))
}

/// What the dictionary knows of the word, or of what it is the plural or possessive of.
pub(super) fn known_ways(plain: &str) -> Option<Ways> {
    let bare = trimmed(plain);
    let apart = || if bare.contains('\'') { lexicon::known(&bare.replace('\'', "")) } else { None };
    lexicon::known(plain)
        .or_else(|| lexicon::known(bare))
        .or_else(|| bare.strip_suffix("'s").and_then(lexicon::known).map(with_s))
        .or_else(apart)
        .or_else(|| {
            let stem = bare.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']))?;
            lexicon::known(stem).map(with_s)
        })
}

fn guessed_ways(word: &str) -> Ways {
    match trimmed(word).strip_suffix("'s") {
        Some(stem) => with_s(lexicon::spelled(stem)),
        None => match trimmed(word).chars().next().filter(|_| trimmed(word).len() == 1).and_then(letter_name) {
            Some(name) => vec![(name.to_vec(), 0.0)],
            None => lexicon::spelled(word),
        },
    }
}

fn with_s(mut ways: Ways) -> Ways {
    ways.iter_mut().for_each(|(phones, _)| add_s(phones));
    ways
}
