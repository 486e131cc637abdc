//! Fillers, contractions and shortened titles.

use super::pattern;
use regex::{Captures, Regex};
use std::collections::HashMap;
use std::sync::LazyLock;

const FILLERS: &str = r"\b(?:hmm|mm|mhm|mmm|uh|um)\b";

/// Whole words, and what they are short for. A title keeps a space behind it, for it is often glued to a stop.
const WORDS: &[(&str, &str)] = &[
    ("won't", "will not"),
    ("can't", "can not"),
    ("let's", "let us"),
    ("ain't", "aint"),
    ("y'all", "you all"),
    ("wanna", "want to"),
    ("kinda", "kind of"),
    ("sorta", "sort of"),
    ("dunno", "do not know"),
    ("gotta", "got to"),
    ("gonna", "going to"),
    ("i'ma", "i am going to"),
    ("imma", "i am going to"),
    ("woulda", "would have"),
    ("coulda", "could have"),
    ("shoulda", "should have"),
    ("cause", "because"),
    ("ma'am", "madam"),
    ("mr", "mister "),
    ("mrs", "missus "),
    ("st", "saint "),
    ("dr", "doctor "),
    ("prof", "professor "),
    ("capt", "captain "),
    ("gov", "governor "),
    ("ald", "alderman "),
    ("gen", "general "),
    ("sen", "senator "),
    ("rep", "representative "),
    ("pres", "president "),
    ("rev", "reverend "),
    ("hon", "honorable "),
    ("asst", "assistant "),
    ("assoc", "associate "),
    ("lt", "lieutenant "),
    ("col", "colonel "),
    ("jr", "junior "),
    ("sr", "senior "),
    ("esq", "esquire "),
];

/// Endings, the more particular before the more general: "'s been" is "has", any other "'s" is taken as "is".
const ENDINGS: &[(&str, &str)] = &[
    ("'d been", " had been"),
    ("'s been", " has been"),
    ("'d gone", " had gone"),
    ("'s gone", " has gone"),
    ("'d done", " had done"),
    ("'s got", " has got"),
    ("n't", " not"),
    ("'re", " are"),
    ("'s", " is"),
    ("'d", " would"),
    ("'ll", " will"),
    ("'t", " not"),
    ("'ve", " have"),
    ("'m", " am"),
];

/// Drops fillers and writes contractions out; `text` is in lower case.
pub(super) fn open_up(text: &str) -> String {
    static FILLER: LazyLock<Regex> = LazyLock::new(|| pattern(FILLERS));
    static LOOSE_APOSTROPHE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+'"));
    static WORD: LazyLock<Table> = LazyLock::new(|| Table::new(r"\b", WORDS));
    static ENDING: LazyLock<Table> = LazyLock::new(|| Table::new("", ENDINGS));
    let text = FILLER.replace_all(text, "");
    let text = LOOSE_APOSTROPHE.replace_all(&text, "'");
    ENDING.replace(&WORD.replace(&text))
}

/// Replacements that are all made in one pass.
struct Table {
    pattern: Regex,
    meant: HashMap<&'static str, &'static str>,
}

impl Table {
    fn new(before: &str, pairs: &[(&'static str, &'static str)]) -> Self {
        let short: Vec<_> = pairs.iter().map(|(short, _)| *short).collect();
        Self {
            pattern: pattern(&format!(r"{before}(?:{})\b", short.join("|"))),
            meant: pairs.iter().copied().collect(),
        }
    }

    fn replace(&self, text: &str) -> String {
        self.pattern
            .replace_all(text, |found: &Captures| self.meant.get(&found[0]).copied().unwrap_or_default())
            .into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_open_up() {
        for (text, expected) in [
            ("won't can't don't", "will not can not do not"),
            ("he'd been, he'd go, she's been, she's here", "he had been, he would go, she has been, she is here"),
            ("i 'll you 've", "i will you have"),
            ("shouldn't've", "should not have"),
            ("mr. and mrs jones jr", "mister . and missus  jones junior "),
            ("street strait 1st", "street strait 1st"),
            ("because cause", "because because"),
            ("um, uhm, hmm", ", uhm, "),
        ] {
            assert_eq!(open_up(text), expected);
        }
    }
}
