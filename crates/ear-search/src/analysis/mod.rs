//! The one analysis that index, query and matcher share: words as written become terms.
//!
//! A term is a stem with the tag of its [`Rules`] before it (`en:elect`), so that the stem of one language never
//! answers for another's: Spanish cuts "Wales" to `wal`, which must not find the English "Wal-Mart".

mod fold;

use fold::Apostrophe;
use frostem::{Algorithm, Stemmer};

/// The languages with a Snowball stemmer, by ISO 639-1 code.
const STEMMERS: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// How the words of a language become terms.
///
/// English rules also serve where the language is unknown: most talk without a label is English, and wrong stems do
/// no harm as long as the query is cut the same way. Languages without a stemmer share one set of rules, which only
/// folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rules(&'static str);

impl Rules {
    /// Folding without stemming; also for the names of shows and speakers.
    pub(crate) const PLAIN: Rules = Rules("und");

    /// The rules for a language, by its ISO 639-1 code (`en`, also `en-GB`).
    pub(crate) fn of(language: Option<&str>) -> Self {
        let Some(language) = language.map(language_code).filter(|code| !code.is_empty()) else { return Self("en") };
        let language = if matches!(language.as_str(), "nb" | "nn") { "no" } else { language.as_str() };
        Self::from_tag(language).unwrap_or(Self::PLAIN)
    }

    /// The rules with this tag.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        let known = STEMMERS.iter().map(|&(code, _)| code).chain([Self::PLAIN.0]);
        known.into_iter().find(|&code| code == tag).map(Self)
    }

    /// What stands before the colon in every term of these rules.
    pub(crate) fn tag(self) -> &'static str {
        self.0
    }

    fn apostrophe(self) -> Apostrophe {
        match self.0 {
            "fr" | "it" => Apostrophe::Elision,
            "en" | "und" => Apostrophe::Possessive,
            _ => Apostrophe::Joins,
        }
    }
}

/// The main part of a language code in lower case: `en` of `en-GB`.
pub(crate) fn language_code(language: &str) -> String {
    let main = language.split(['-', '_']).next().unwrap_or_default();
    main.trim().chars().take(8).flat_map(char::to_lowercase).collect()
}

/// The folded forms of one word.
pub(crate) fn forms(text: &str, rules: Rules) -> Vec<String> {
    fold::forms(text, rules.apostrophe())
}

/// Whether a form is one character of a script without spaces.
pub(crate) fn is_character(form: &str) -> bool {
    form.chars().next().is_some_and(fold::is_unspaced)
}

/// One term of a text, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Atom {
    /// Index of the word among those analysed.
    pub word: usize,
    /// The folded form as spelled.
    pub form: String,
    /// The tagged stem.
    pub term: String,
}

/// Turns words into terms by the rules of one language.
pub(crate) struct Analyzer {
    rules: Rules,
    stemmer: Option<Stemmer>,
}

impl Analyzer {
    /// An analyzer by these rules.
    pub(crate) fn new(rules: Rules) -> Self {
        let algorithm = STEMMERS.iter().find(|&&(code, _)| code == rules.0).map(|&(_, algorithm)| algorithm);
        Self { rules, stemmer: algorithm.map(Stemmer::new) }
    }

    /// The terms of these words, in order.
    pub(crate) fn atoms<S: AsRef<str>>(&self, texts: &[S]) -> Vec<Atom> {
        let mut atoms = Vec::with_capacity(texts.len());
        for (word, text) in texts.iter().enumerate() {
            for form in forms(text.as_ref(), self.rules) {
                let term = self.term(&form);
                atoms.push(Atom { word, form, term });
            }
        }
        atoms
    }

    /// The terms of a text with spaces in it, in order.
    pub(crate) fn terms(&self, text: &str) -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        self.atoms(&words).into_iter().map(|atom| atom.term).collect()
    }

    fn term(&self, form: &str) -> String {
        let stem = self.stemmer.map(|stemmer| stemmer.stem(form)).filter(|stem| !stem.is_empty());
        format!("{}:{}", self.rules.0, stem.as_deref().unwrap_or(form))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_share_a_term() {
        let cases = [
            (Some("en"), "elections Election election's", "en:elect en:elect en:elect"),
            (Some("de"), "Haus Häuser Hauses", "de:haus de:haus de:haus"),
            (Some("es"), "canción canciones cancion", "es:cancion es:cancion es:cancion"),
            (Some("fr"), "l'élection élections", "fr:l fr:elect fr:elect"),
            (Some("pl"), "wybory Wyborów", "und:wybory und:wyborow"),
            (Some("en-US"), "running", "en:run"),
            (Some("nb"), "husene", "no:hus"),
            (None, "running", "en:run"),
            (Some(""), "running", "en:run"),
        ];
        for (language, text, expected) in cases {
            assert_eq!(Analyzer::new(Rules::of(language)).terms(text).join(" "), expected, "{language:?} {text}");
        }
    }

    #[test]
    fn atoms_know_their_words() {
        let atoms = Analyzer::new(Rules::of(None)).atoms(&["A", "—", "state-owned", "bank."]);
        let places: Vec<_> = atoms.iter().map(|atom| (atom.word, atom.form.as_str())).collect();
        assert_eq!(places, [(0, "a"), (2, "state"), (2, "owned"), (3, "bank")]);
    }
}
