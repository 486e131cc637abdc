//! Lists of names, one a line: `Name = variant, variant - role`.
//!
//! ` = ` adds variants, several with commas or further ` = `; what follows ` - ` is the role; `#` begins a
//! comment. Lists of participants as conferences publish them (`Name - role, firm`) are such lists.

use crate::{
    markup,
    transcript::{Warning, Warnings},
};

/// The most lines that are read.
pub const MAX_LINES: usize = 100_000;

/// The longest name, variant or role, in characters.
pub const MAX_CHARACTERS: usize = 200;

/// The most variants of a name.
const MOST_VARIANTS: usize = 100;

/// A name that may be said, with other spellings of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameEntry {
    /// The spelling that is right.
    pub name: String,
    /// Other spellings, in the order of the list, each once.
    pub variants: Vec<String>,
    /// Who or what it is ("Chief Executive Officer").
    pub role: Option<String>,
}

/// Reads a list of names. A name that stands in several lines is one entry, with all its variants and its first
/// role. Lines that hold no name, and those beyond the bounds, are left out with a warning.
pub fn parse(text: &str) -> (Vec<NameEntry>, Vec<Warning>) {
    let mut list = List::default();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if index == MAX_LINES {
            list.warnings.add(index + 1, format!("more than {MAX_LINES} lines; the rest is left out"));
            break;
        }
        list.line(index + 1, line);
    }
    (list.entries, list.warnings.finish())
}

#[derive(Default)]
struct List {
    entries: Vec<NameEntry>,
    places: std::collections::HashMap<String, usize>,
    warnings: Warnings,
}

impl List {
    fn line(&mut self, number: usize, line: &str) {
        let line = without_comment(line);
        if line.trim().is_empty() {
            return;
        }
        let (mut names, role) = cut(line);
        let given = names.len();
        names.retain(|name| name.chars().count() <= MAX_CHARACTERS && name.chars().any(char::is_alphanumeric));
        let role = role.filter(|role| role.chars().count() <= MAX_CHARACTERS);
        let first = names.first().cloned();
        let Some(name) = first.filter(|_| given > 0 && starts_with_name(line)) else {
            self.warnings.add(number, "no name in this line; it is left out");
            return;
        };
        if names.len() < given {
            self.warnings
                .add(number, format!("a name of more than {MAX_CHARACTERS} characters or without letters is left out"));
        }
        let place = *self.places.entry(name.clone()).or_insert_with(|| {
            self.entries.push(NameEntry { name, variants: Vec::new(), role: None });
            self.entries.len() - 1
        });
        let entry = &mut self.entries[place];
        entry.role = entry.role.take().or(role);
        for variant in names.into_iter().skip(1) {
            let known = variant == entry.name || entry.variants.contains(&variant);
            if !known && entry.variants.len() < MOST_VARIANTS {
                entry.variants.push(variant);
            }
        }
    }
}

/// Whether the name itself, before any variant, is sound.
fn starts_with_name(line: &str) -> bool {
    let (names, _) = cut(line);
    names.first().is_some_and(|name| name.chars().count() <= MAX_CHARACTERS && name.chars().any(char::is_alphanumeric))
}

/// A `#` begins a comment at the start of the line, or where space is around it: "Studio #4" is a name.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let found = line.match_indices('#').find(|(at, _)| {
        let before = line[..*at].ends_with(char::is_whitespace);
        before && line[at + 1..].chars().next().is_none_or(char::is_whitespace)
    });
    found.map_or(line, |(at, _)| &line[..at])
}

/// The names in a line, the first being the right one, and the role.
fn cut(line: &str) -> (Vec<String>, Option<String>) {
    let mut names = Vec::new();
    let mut role: Option<String> = None;
    let mut parts: Vec<(char, String)> = vec![('\0', String::new())];
    for word in line.split_whitespace() {
        let mark = match word {
            "=" => '=',
            "-" | "–" | "—" if role_may_follow(&parts) => '-',
            _ => {
                let text = &mut parts.last_mut().expect("there is one from the start").1;
                text.push_str(if text.is_empty() { "" } else { " " });
                text.push_str(word);
                continue;
            }
        };
        parts.push((mark, String::new()));
    }
    for (mark, text) in parts {
        let clean = |text: &str| markup::clean(text, MAX_CHARACTERS + 1);
        match mark {
            '-' => role = Some(clean(&text)).filter(|role| !role.is_empty()),
            '=' => names.extend(text.split(',').map(clean).filter(|variant| !variant.is_empty())),
            _ => names.push(clean(&text)),
        }
    }
    (names, role)
}

/// A role may hold further dashes.
fn role_may_follow(parts: &[(char, String)]) -> bool {
    parts.iter().all(|(mark, _)| *mark != '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_are_read_as_written() {
        let check = |line: &str, name: &str, variants: &[&str], role: Option<&str>| {
            let (entries, warnings) = parse(line);
            let expected = NameEntry {
                name: name.into(),
                variants: variants.iter().map(|variant| (*variant).to_owned()).collect(),
                role: role.map(str::to_owned),
            };
            assert_eq!((entries, warnings), (vec![expected], vec![]), "{line}");
        };
        check("Esme Nakamura", "Esme Nakamura", &[], None);
        check(
            "\u{feff}  Ann-Marie O'Neil\t- CEO, Harbour - Works ",
            "Ann-Marie O'Neil",
            &[],
            Some("CEO, Harbour - Works"),
        );
        check("Fintan Quay – the host", "Fintan Quay", &[], Some("the host"));
        check(
            "Tiidal = Tidal, Tie Dahl = T. Dahl — a firm",
            "Tiidal",
            &["Tidal", "Tie Dahl", "T. Dahl"],
            Some("a firm"),
        );
        check("Ann - guest = Anne", "Ann", &["Anne"], Some("guest"));
        check("Lee, Ann = Ann Lee, Ann Lee, Lee, Ann", "Lee, Ann", &["Ann Lee", "Lee", "Ann"], None);
        check("C# Ltd  # the firm", "C# Ltd", &[], None);
        check("Studio #4", "Studio #4", &[], None);
        check("日本 = にほん", "日本", &["にほん"], None);
        check("A=B", "A=B", &[], None);
        check("Ann -", "Ann", &[], None);
    }

    #[test]
    fn names_stand_once() {
        let (entries, warnings) = parse("# guests\n\nAnn = Anne\r\nBo\nAnn = Anna, Anne - host\nAnn - guest\n");
        assert_eq!(warnings, []);
        assert_eq!(entries.len(), 2);
        assert_eq!((entries[0].variants.join("|"), entries[0].role.as_deref()), ("Anne|Anna".into(), Some("host")));
    }

    #[test]
    fn what_is_no_name_is_left_out() {
        let long = "x".repeat(MAX_CHARACTERS + 1);
        let (entries, warnings) = parse(&format!("---\n= Ann\n{long}\nBo = {long}, Beau\n- role\n"));
        assert_eq!(entries, [NameEntry { name: "Bo".into(), variants: vec!["Beau".into()], role: None }]);
        assert_eq!(warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let many = "x\n".repeat(MAX_LINES + 5);
        let (entries, warnings) = parse(&many);
        assert_eq!((entries.len(), warnings.len()), (1, 1));
        let (_, warnings) = parse(&"---\n".repeat(250));
        assert_eq!(warnings.last().unwrap().to_string(), "line 250: and 150 more warnings");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "([A-Za-zé ]{0,5}|=|-| - | = |,|#|\n|\u{202e}| ){0,60}") {
            let (entries, _) = parse(&text);
            for entry in entries {
                prop_assert!(!entry.name.is_empty() && !entry.variants.contains(&entry.name));
            }
        }
    }
}
