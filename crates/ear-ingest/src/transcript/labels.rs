//! Reads speakers off the text: "Name: …", "\[Name\] …", dashes and the chevrons of live captions.

use super::token::{Cue, Token, Voice};
use std::{collections::HashMap, rc::Rc};

const MOST_WORDS: usize = 5;
const MOST_CHARS: usize = 40;

/// Small words inside names, as in "Ursula von der Leyen".
const PARTICLES: [&str; 18] =
    ["de", "la", "le", "van", "von", "der", "den", "of", "the", "and", "&", "du", "da", "al", "bin", "ibn", "y", "el"];

/// Words that say what a voice is, where it has no name.
const ROLES: [&str; 31] = [
    "speaker",
    "man",
    "woman",
    "male",
    "female",
    "boy",
    "girl",
    "child",
    "voice",
    "host",
    "guest",
    "narrator",
    "reporter",
    "announcer",
    "caller",
    "interviewer",
    "interviewee",
    "moderator",
    "participant",
    "audience",
    "operator",
    "both",
    "all",
    "unidentified",
    "unknown",
    "presenter",
    "student",
    "translator",
    "interpreter",
    "editor",
    "chair",
];

/// Words that a colon follows in ordinary talk.
const NO_NAMES: [&str; 62] = [
    "note",
    "notes",
    "nb",
    "warning",
    "caution",
    "example",
    "examples",
    "remember",
    "reminder",
    "tip",
    "tips",
    "ps",
    "p.s.",
    "fact",
    "spoiler",
    "conclusion",
    "summary",
    "source",
    "sources",
    "photo",
    "credit",
    "credits",
    "title",
    "date",
    "time",
    "update",
    "chapter",
    "part",
    "step",
    "section",
    "episode",
    "first",
    "second",
    "third",
    "finally",
    "so",
    "yes",
    "no",
    "but",
    "and",
    "okay",
    "ok",
    "well",
    "now",
    "also",
    "plus",
    "again",
    "here",
    "this",
    "that",
    "it",
    "look",
    "listen",
    "question",
    "answer",
    "result",
    "subject",
    "re",
    "website",
    "email",
    "phone",
    "language",
];

/// Marks the speakers and takes their labels out. In captions a dash at the start of a line is a new voice; in
/// running text it may begin an item of a list.
pub(super) fn apply(cues: &mut [Cue], captions: bool) {
    cues.iter_mut().for_each(|cue| voices_without_names(&mut cue.tokens, captions));
    let known = Known::of(cues);
    for cue in cues {
        let mut index = 0;
        while index < cue.tokens.len() {
            let Some(label) = label_at(&cue.tokens, index) else {
                index += 1;
                continue;
            };
            if known.accepts(&label) {
                let tokens = &mut cue.tokens[index..index + label.length];
                tokens.iter_mut().for_each(|token| token.kept = false);
                tokens[0].voice = Voice::Named(Rc::from(label.name.as_str()));
            }
            index += label.length;
        }
    }
}

/// Whether the text reads like a name or a role on its own, so that it can head a turn ("Liz Sly 00:12").
pub(super) fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let fits = !words.is_empty() && words.len() <= MOST_WORDS && text.chars().count() <= MOST_CHARS;
    let plain = words.iter().all(|word| !ends_sentence(word));
    fits && plain && matches!(rank(&words), Some(Rank::Name | Rank::Role))
}

/// The name without the emphasis, the brackets and the colon around it.
pub(super) fn clean(text: &str) -> String {
    let edge = |c: char| "*_[]:：\\".contains(c) || c.is_whitespace();
    text.trim_matches(edge).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Rank {
    /// Every word begins like a name.
    Name,
    /// It holds a word such as "speaker".
    Role,
    /// It begins in upper case, as every sentence does.
    Weak,
}

struct Label {
    name: String,
    length: usize,
    rank: Rank,
}

/// Dashes and chevrons.
fn voices_without_names(tokens: &mut [Token], captions: bool) {
    for index in 0..tokens.len() {
        let token = &mut tokens[index];
        let bare = token.text.trim_start_matches('>');
        let chevrons = token.text.len() - bare.len();
        let is_dash = ["-", "–", "—"].contains(&token.text.as_str());
        let dashed = token.text.strip_prefix(['-', '–', '—']).filter(|rest| rest.starts_with(char::is_alphabetic));
        let rest = match dashed {
            _ if chevrons >= 2 => bare.to_owned(),
            _ if !(captions && token.first && token.kept) => continue,
            Some(rest) => rest.to_owned(),
            None if is_dash => String::new(),
            None => continue,
        };
        if token.voice == Voice::Same {
            token.voice = Voice::New;
        }
        token.kept &= !rest.is_empty();
        token.text = rest;
        // What comes after the mark begins a line for what follows, so that a label is seen.
        let begins = token.kept;
        if begins {
            token.first = true;
        } else if let Some(next) = tokens.get_mut(index + 1) {
            next.first = true;
        }
    }
}

/// The label that begins at the token, if it begins a line.
fn label_at(tokens: &[Token], index: usize) -> Option<Label> {
    let first = tokens.get(index).filter(|token| token.first && token.kept)?;
    let bracketed = first.text.starts_with('[');
    let mut name = String::new();
    for (offset, token) in tokens[index..].iter().enumerate().take(4 * MOST_WORDS) {
        if offset > 0 && token.first || !token.kept {
            return None;
        }
        if offset > 0 && !token.glued {
            name.push(' ');
        }
        name.push_str(&token.text);
        if name.len() > 4 * MOST_CHARS {
            return None;
        }
        let plain = token.text.trim_end_matches(['*', '_']);
        let ended = if bracketed { plain.trim_end_matches(':').ends_with(']') } else { plain.ends_with([':', '：']) };
        if ended {
            // A colon may follow the bracket on its own, and is then part of the token.
            return label(&name, offset + 1);
        }
        if !bracketed && ends_sentence(&token.text) {
            return None;
        }
    }
    None
}

fn label(text: &str, length: usize) -> Option<Label> {
    let name = clean(text);
    let words: Vec<&str> = name.split(' ').collect();
    let upper = !name.chars().any(char::is_lowercase);
    let plain = !name.contains(['?', '!', ';', ':', '"', '[', '/']);
    let fits = words.len() <= MOST_WORDS && name.chars().count() <= MOST_CHARS;
    let rank = rank(&words).filter(|_| plain && fits)?;
    // "Ann Lee, PhD" is a name; so may "Well, Ann" be the start of a sentence, unless it is set off.
    let doubtful = name.contains(',') && !upper && !text.starts_with(['*', '[']);
    let rank = if doubtful { Rank::Weak } else { rank };
    Some(Label { name, length, rank })
}

fn rank(words: &[&str]) -> Option<Rank> {
    let first = words.first()?.chars().next()?;
    if !first.is_alphabetic() || first.is_lowercase() {
        return None;
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let alone = words.len() == 1 || words[1..].iter().all(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    if alone && NO_NAMES.contains(&lower[0].as_str()) {
        return None;
    }
    if lower.iter().any(|word| ROLES.contains(&word.trim_matches(|c: char| !c.is_alphabetic()))) {
        return Some(Rank::Role);
    }
    let begins_name =
        |word: &&str| word.trim_start_matches(['(', '\'']).chars().next().is_some_and(|c| !c.is_lowercase());
    let named = words.iter().all(|word| begins_name(word) || PARTICLES.contains(word));
    let is_article = ["the", "a", "an", "my", "our"].contains(&lower[0].as_str());
    Some(if named && !is_article { Rank::Name } else { Rank::Weak })
}

/// Whether a sentence ends at the word; "Dr." and "J." end none.
fn ends_sentence(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    word.ends_with(['?', '!', ';']) || (word.ends_with('.') && letters > 3)
}

/// The labels of a document, by how often they are used.
struct Known {
    uses: HashMap<String, usize>,
    /// Enough labels are used that even those used once are speakers.
    has_speakers: bool,
}

impl Known {
    fn of(cues: &[Cue]) -> Self {
        let mut uses: HashMap<String, usize> = HashMap::new();
        let mut strong: HashMap<String, usize> = HashMap::new();
        let mut lines = 0;
        for cue in cues {
            for index in (0..cue.tokens.len()).filter(|index| cue.tokens[*index].first) {
                lines += 1;
                let Some(label) = label_at(&cue.tokens, index) else { continue };
                let key = label.name.to_lowercase();
                if label.rank != Rank::Weak {
                    *strong.entry(key.clone()).or_default() += 1;
                }
                *uses.entry(key).or_default() += 1;
            }
        }
        let recurs = strong.values().any(|count| *count > 1);
        let total: usize = strong.values().sum();
        Self { uses, has_speakers: strong.len() > 1 && (recurs || total * 20 >= lines) }
    }

    fn accepts(&self, label: &Label) -> bool {
        let uses = self.uses.get(&label.name.to_lowercase()).copied().unwrap_or_default();
        match label.rank {
            Rank::Name | Rank::Role => uses > 1 || self.has_speakers,
            Rank::Weak => uses > 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::token::tokens;

    fn read(text: &str, captions: bool) -> String {
        let mut cues = vec![Cue { line: 1, start: None, end: None, tokens: tokens(text) }];
        apply(&mut cues, captions);
        let mut read = String::new();
        for token in &cues[0].tokens {
            match &token.voice {
                Voice::Same => {}
                Voice::New => read.push_str("<?> "),
                Voice::Named(name) => read.push_str(&format!("<{name}> ")),
            }
            if token.kept {
                read.push_str(&token.text);
                read.push(' ');
            }
        }
        read.trim_end().to_owned()
    }

    #[test]
    fn labels_are_speakers() {
        let cases = [
            ("Alban: It is so\nKevin: You guys", "<Alban> It is so <Kevin> You guys"),
            (
                "MARTINE POWERS: Hi.\nLIZ SLY:\nHello.\nMARTINE POWERS: So.",
                "<MARTINE POWERS> Hi. <LIZ SLY> Hello. <MARTINE POWERS> So.",
            ),
            ("**Adam Stacoviak:** Hey\n**Sid:** Ho", "<Adam Stacoviak> Hey <Sid> Ho"),
            ("**Mike Schmidt**: Hey\n**Murch**: Ho", "<Mike Schmidt> Hey <Murch> Ho"),
            ("STEVE INSKEEP, HOST: Hey\nDr. J. Smith: Ho", "<STEVE INSKEEP, HOST> Hey <Dr. J. Smith> Ho"),
            ("[Alba] En 1928\n[Marga] ¿Sí?", "<Alba> En 1928 <Marga> ¿Sí?"),
            ("Speaker 1: Hey\nSpeaker 2: Ho", "<Speaker 1> Hey <Speaker 2> Ho"),
            ("Unidentified woman: Hey\nUnidentified woman: Ho", "<Unidentified woman> Hey <Unidentified woman> Ho"),
            ("**Ann B. Lee, Psy.D:** Hey\n**Sid:** Ho", "<Ann B. Lee, Psy.D> Hey <Sid> Ho"),
            ("Ursula von der Leyen: Hey\nQ: Ho", "<Ursula von der Leyen> Hey <Q> Ho"),
            ("司会：はい\n山田：ええ", "<司会> は い <山田> え え"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text, true), expected);
        }
    }

    #[test]
    fn a_colon_alone_makes_no_speaker() {
        for text in [
            "Note: this is late.\nNote: so is this.",
            "Alban: once only, of all lines",
            "The question: why?\nThe question: how?",
            "Well, Ann: no\nWell, Ann: yes",
            "At 10:30 we met\nAt 11:00 we left",
            "He said. Then: nothing\nHe said. Then: nothing",
            "lower case: no\nlower case: no",
            "See http://example.org\nSee https://example.org",
            "One two three four five six: no\nOne two three four five six: no",
            "First: we go. Second: we stay.\nSecond: we stay.",
        ] {
            assert_eq!(read(text, true), text.replace('\n', " "));
        }
    }

    #[test]
    fn dashes_and_chevrons_are_new_voices() {
        assert_eq!(read("- Ta en kopp.\n-Nej", true), "<?> Ta en kopp. <?> Nej");
        assert_eq!(read("- Milk\n- Eggs", false), "- Milk - Eggs");
        assert_eq!(
            read(">> Hello. >> Yes.\n>>> ANNA: So\n>> BEN: No", true),
            "<?> Hello. <?> Yes. <?> <ANNA> So <?> <BEN> No"
        );
        assert_eq!(read("-5 degrees\nwell-known", true), "-5 degrees well-known");
    }
}
