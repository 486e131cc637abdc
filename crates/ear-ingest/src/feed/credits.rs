//! Who takes part: Podcasting 2.0 persons, and authors where they are persons rather than companies.

use super::{address::Addresses, text, xml::Element};
use ear_core::Credit;

/// How many persons are kept of an item or a show.
const MOST: usize = 200;

/// The longest list of authors that is looked through, in bytes.
const LONGEST: usize = 1_000;

/// What stands between the names of several authors.
const BETWEEN: [&str; 4] = [" and ", " und ", " et ", " y "];

/// Words in the names of persons that begin with a small letter.
const PARTICLES: [&str; 22] = [
    "de", "da", "do", "dos", "del", "della", "der", "den", "di", "du", "e", "el", "la", "le", "van", "von", "vom",
    "zu", "zur", "bin", "ibn", "al",
];

/// Words that persons are seldom called by, and companies and programmes often.
const COMPANY: [&str; 56] = [
    "agency",
    "association",
    "audio",
    "broadcasting",
    "bureau",
    "center",
    "centre",
    "channel",
    "church",
    "club",
    "collective",
    "college",
    "company",
    "council",
    "department",
    "digital",
    "entertainment",
    "fm",
    "foundation",
    "gmbh",
    "group",
    "inc",
    "inc.",
    "institute",
    "journal",
    "labs",
    "library",
    "llc",
    "llc.",
    "ltd",
    "ltd.",
    "magazine",
    "media",
    "ministries",
    "ministry",
    "museum",
    "network",
    "news",
    "partners",
    "podcast",
    "podcasts",
    "post",
    "press",
    "productions",
    "project",
    "public",
    "radio",
    "records",
    "rundfunk",
    "school",
    "show",
    "society",
    "studio",
    "studios",
    "university",
    "tv",
];

/// The persons of an item or a show.
pub(super) fn persons(element: &Element, addresses: &Addresses) -> Vec<Credit> {
    let mut persons = Vec::new();
    for person in element.all("podcast:person") {
        let name = person.value().or_else(|| person.get("name")).map(text::line).unwrap_or_default();
        let role = person.get("role").map_or_else(|| "host".to_owned(), |role| text::line(role).to_lowercase());
        let url = person.get("href").and_then(|href| addresses.page(person.base.as_ref(), href));
        add(&mut persons, Credit { name, role: Some(role), url });
    }
    persons
}

/// The persons in a line that names an author, if all that it names are persons.
pub(super) fn authors(line: &str) -> Vec<Credit> {
    let line = without_mail(line);
    if line.len() > LONGEST {
        return Vec::new();
    }
    let mut line = text::line(&line);
    for between in BETWEEN {
        line = line.replace(between, ",");
    }
    let names: Vec<&str> =
        line.split([',', ';', '/', '|', '&']).map(str::trim).filter(|name| !name.is_empty()).collect();
    if !names.iter().all(|name| is_person(name)) {
        return Vec::new();
    }
    let author = |name: &&str| Credit { name: (*name).to_owned(), role: Some("author".to_owned()), url: None };
    names.iter().map(author).collect()
}

/// Adds a person, unless they are there already in the same role or as an author only.
pub(super) fn add(persons: &mut Vec<Credit>, credit: Credit) {
    let is_author = credit.role.as_deref() == Some("author");
    let same =
        |other: &Credit| letters(&other.name) == letters(&credit.name) && (is_author || other.role == credit.role);
    if !credit.name.is_empty() && persons.len() < MOST && !persons.iter().any(same) {
        persons.push(credit);
    }
}

/// A name without what people write now and then: `Ada B Lace` is `Ada B. Lace`.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `john@example.com (John Doe)` and `John Doe <john@example.com>` are John Doe.
pub(super) fn without_mail(line: &str) -> String {
    if !line.contains('@') {
        return line.to_owned();
    }
    if let Some((_, name)) = line.split_once('(') {
        return name.split(')').next().unwrap_or_default().trim().to_owned();
    }
    let words = line.split_whitespace().filter(|word| !word.contains('@'));
    words.collect::<Vec<_>>().join(" ")
}

fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_word = |word: &&str| {
        let named = word.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
        let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-' | '.'));
        (named && letters || PARTICLES.contains(word)) && !COMPANY.contains(&word.to_lowercase().as_str())
    };
    (2..=5).contains(&words.len()) && words.iter().all(is_word) && words[0] != "The"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_are_persons_or_nobody() {
        for (line, expected) in [
            ("Jonathan Crabtree", "Jonathan Crabtree"),
            ("Jon Crabtree, Andy Schroder", "Jon Crabtree|Andy Schroder"),
            ("Ada Lovelace and Charles Babbage", "Ada Lovelace|Charles Babbage"),
            ("Ursula von der Leyen & Conan O'Brien", "Ursula von der Leyen|Conan O'Brien"),
            ("john@example.com (John Doe)", "John Doe"),
            ("John Doe <john@example.com>", "John Doe"),
            ("山田 太郎", "山田 太郎"),
            ("Airship / Wondery", ""),
            ("DW.COM | Deutsche Welle", ""),
            ("Justice for Dumb Women", ""),
            ("Public Radio", ""),
            ("The Economist", ""),
            ("NPR", ""),
            ("Adam Curry, NPR", ""),
            ("", ""),
        ] {
            let names: Vec<String> = authors(line).into_iter().map(|credit| credit.name).collect();
            assert_eq!(names.join("|"), expected, "{line}");
        }
    }
}
