//! Which names of a list may have been said where something else was heard.

use super::sound_alike::Sounds;
use super::vocabulary::TokenWord;
use std::collections::HashSet;
use std::ops::Range;

/// Words the recogniser was surer of are left alone.
const DOUBT: f32 = 0.85;
/// Least likeness in sound.
const LIKENESS: f32 = 0.62;
/// Least [`Candidate::prior`].
const PRIOR: f32 = -1.0;
/// Fewer sounds tell too little.
const SOUNDS: usize = 3;
/// A name may be heard as so many words more than it has.
const EXTRA_WORDS: usize = 2;
/// Most candidates of a window; as many as can be listened to.
const CANDIDATES: usize = 64;
/// Most words that are taken for one name.
const WORDS: usize = 5;

/// A list of names and rare words, ready to be looked up by sound.
pub(super) struct Names<'a> {
    names: Vec<Name<'a>>,
    /// The names in small letters: who heard them needs no help.
    known: HashSet<String>,
}

struct Name<'a> {
    text: &'a str,
    gathered: bool,
    sounds: Sounds,
    words: usize,
}

/// A name that may have been said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// The tokens heard in its place.
    pub heard: Range<usize>,
    /// What to write there, with a space before it and the marks of what was heard.
    pub text: String,
    /// How likely it is by likeness and doubt alone, in the unit of a log-probability.
    pub prior: f32,
    /// Nobody said that the name is there.
    pub gathered: bool,
}

impl<'a> Names<'a> {
    /// Names that somebody gave, and names that were only gathered.
    pub fn new(given: &'a [String], gathered: &'a [String]) -> Self {
        let all = || given.iter().map(|name| (name, false)).chain(gathered.iter().map(|name| (name, true)));
        let names = all().map(|(name, gathered)| (name.trim(), gathered)).filter(|(name, _)| !name.is_empty());
        let names = names.map(|(text, gathered)| Name {
            text,
            gathered,
            sounds: Sounds::of(text),
            words: text.split_whitespace().count(),
        });
        let names: Vec<_> = names.filter(|name| name.sounds.len() >= SOUNDS).collect();
        let known = all().map(|(name, _)| name.trim().to_lowercase()).collect();
        Self { names, known }
    }

    /// Names that sound like doubtful words, likeliest first.
    pub fn candidates(&self, words: &[TokenWord], probabilities: &[f32]) -> Vec<Candidate> {
        let longest = self.names.iter().map(|name| name.words + EXTRA_WORDS).max().unwrap_or(0).min(WORDS);
        let mut found = Vec::new();
        for start in 0..words.len() {
            for count in 1..=longest.min(words.len() - start) {
                let span = &words[start..start + count];
                let Some(heard) = Span::of(span, probabilities, &self.known) else { break };
                if heard.probability <= DOUBT {
                    found.extend(self.names.iter().filter_map(|name| heard.candidate(name, count)));
                }
            }
        }
        found.sort_by(|a, b| b.prior.total_cmp(&a.prior));
        found.truncate(CANDIDATES);
        found
    }
}

/// Words heard one after the other.
struct Span<'a> {
    tokens: Range<usize>,
    /// Marks before and after; a possessive counts as a mark.
    before: &'a str,
    core: String,
    after: &'a str,
    sounds: Sounds,
    /// That of its least likely token.
    probability: f32,
}

impl<'a> Span<'a> {
    /// `None` where these can't be one name, nor any more words from the first on: a sentence ends between them,
    /// or one of them is on the list.
    fn of(words: &'a [TokenWord], probabilities: &[f32], known: &HashSet<String>) -> Option<Self> {
        let (first, last) = (words.first()?, words.last()?);
        let ended = words[..words.len() - 1].iter().any(|word| word.text.ends_with(['.', '?', '!']));
        if ended || words.iter().any(|word| known.contains(&bare(&word.text).1.to_lowercase())) {
            return None;
        }
        let (before, ..) = bare(&first.text);
        let (_, last_core, after) = bare(&last.text);
        let mut core: Vec<&str> = words[..words.len() - 1].iter().map(|word| word.text.as_str()).collect();
        core.push(last_core);
        let core = core.join(" ");
        let tokens = first.tokens.start..last.tokens.end;
        let probability = probabilities.get(tokens.clone())?.iter().copied().fold(1.0, f32::min);
        Some(Self { tokens, before, sounds: Sounds::of(&core), core, after, probability })
    }

    fn candidate(&self, name: &Name<'_>, words: usize) -> Option<Candidate> {
        if words > name.words + EXTRA_WORDS || self.core.to_lowercase() == name.text.to_lowercase() {
            return None;
        }
        let likeness = self.sounds.likeness(&name.sounds, LIKENESS);
        // Weights were chosen by hand on fifty utterances: being alike counts for the name, having been sure of
        // what was heard counts against it.
        let prior = 10.0 * (likeness - 0.7) + 5.0 * (0.4 - self.probability);
        if likeness == 0.0 || prior < PRIOR {
            return None;
        }
        let text = format!(" {}{}{}", self.before, self.written(name.text), self.after);
        Some(Candidate { heard: self.tokens.clone(), text, prior, gathered: name.gathered })
    }

    /// As in the list, but with a capital where what was heard has one.
    fn written(&self, name: &str) -> String {
        let mut letters = name.chars();
        match letters.next().filter(|_| self.core.starts_with(char::is_uppercase)) {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => name.to_owned(),
        }
    }
}

/// A word without its marks: what is before, the word, what is after with a possessive.
fn bare(word: &str) -> (&str, &str, &str) {
    let start = word.find(char::is_alphanumeric).unwrap_or(word.len());
    let core = word[start..].trim_end_matches(|c: char| !c.is_alphanumeric());
    let core = core.strip_suffix("'s").or_else(|| core.strip_suffix("’s")).unwrap_or(core);
    (&word[..start], core, &word[start + core.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words, each one token, with the probability of each.
    fn check(names: &[&str], heard: &[(&str, f32)], expected: &[(Range<usize>, &str)]) {
        let list: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let words = heard.iter().enumerate().map(|(at, (text, _))| TokenWord {
            text: (*text).into(),
            tokens: at..at + 1,
            glued: false,
        });
        let words: Vec<_> = words.collect();
        let probabilities: Vec<f32> = heard.iter().map(|(_, probability)| *probability).collect();
        let found = Names::new(&list, &[]).candidates(&words, &probabilities);
        let found: Vec<_> = found.iter().map(|found| (found.heard.clone(), found.text.as_str())).collect();
        assert_eq!(found, expected, "{heard:?}");
    }

    #[test]
    fn names_are_found_by_sound() {
        let list = &["ComfyUI", "Merneptah", "eunuch", "Kubernetes"];
        // The likeliest come first; listening decides.
        let comfy = [(1..3, " ComfyUI."), (1..2, " ComfyUI"), (0..3, " ComfyUI.")];
        check(list, &[("the", 0.9), ("comfy", 0.4), ("eye.", 0.2)], &comfy);
        check(list, &[("(Cooper", 0.3), ("netties's", 0.3), ("chart)", 0.99)], &[(0..2, " (Kubernetes's")]);
        check(list, &[("Unit,", 0.1), ("then", 0.9)], &[(0..1, " Eunuch,")]);
        check(list, &[("unit", 0.95)], &[]);
        check(list, &[("kubernetes", 0.1)], &[]);
        check(list, &[("comfy.", 0.4), ("Eye", 0.2)], &[(0..1, " ComfyUI.")]);
        check(list, &[], &[]);
        check(&["", " ", "Ab"], &[("app", 0.1)], &[]);
    }

    #[test]
    fn words_are_bared() {
        let check = |word: &str, expected: (&str, &str, &str)| assert_eq!(bare(word), expected);
        check("word", ("", "word", ""));
        check("(“word's,”", ("(“", "word", "'s,”"));
        check("it’s", ("", "it", "’s"));
        check("—", ("—", "", ""));
        check("", ("", "", ""));
    }
}
