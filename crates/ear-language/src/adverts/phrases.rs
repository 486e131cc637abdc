//! Phrases that advertisements, promotions and credits are made of.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A phrase and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Phrase {
    /// Its label, as a number of the list of labels.
    pub label: usize,
    /// Log-odds.
    pub weight: f32,
    /// Its folded words; "*" is any one.
    pub words: Vec<&'static str>,
}

/// Phrases by their first word.
static PHRASES: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: HashMap<&str, Vec<Phrase>> = HashMap::new();
    for line in include_str!("phrases.tsv").lines() {
        if let Some(phrase) = read(line) {
            phrases.entry(phrase.words[0]).or_default().push(phrase);
        }
    }
    phrases
});

fn read(line: &'static str) -> Option<Phrase> {
    let mut fields = line.split('\t');
    let label = super::LABELS.iter().position(|label| Some(*label) == line.split('\t').next())?;
    let weight = fields.nth(1)?.parse().ok()?;
    let words: Vec<&str> = fields.next()?.split(' ').collect();
    (!words.is_empty()).then_some(Phrase { label, weight, words })
}

/// The phrases in these folded words, none inside another of the same label.
pub(super) fn phrases(words: &[String]) -> Vec<&'static Phrase> {
    let mut found: Vec<(usize, &'static Phrase)> = Vec::new();
    for at in 0..words.len() {
        let fits = |phrase: &&Phrase| {
            let rest = &words[at..];
            rest.len() >= phrase.words.len()
                && phrase.words.iter().zip(rest).all(|(part, word)| *part == "*" || part == word)
        };
        let here = PHRASES.get(words[at].as_str()).into_iter().flatten().filter(fits);
        let Some(longest) = here.max_by(|one, other| one.weight.total_cmp(&other.weight)) else { continue };
        let inside = |(start, phrase): &(usize, &Phrase)| {
            phrase.label == longest.label && start + phrase.words.len() >= at + longest.words.len()
        };
        // Somebody who says it over and over is telling a story.
        let again = found.iter().any(|(_, phrase)| *phrase == longest);
        if !again && !found.iter().any(inside) {
            found.push((at, longest));
        }
    }
    found.into_iter().map(|(_, phrase)| phrase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_stands_once() {
        let lines: Vec<&str> = include_str!("phrases.tsv").lines().collect();
        assert_eq!(PHRASES.values().map(Vec::len).sum::<usize>(), lines.len());
        let once: std::collections::BTreeSet<_> = lines.iter().map(|line| line.rsplit('\t').next()).collect();
        assert_eq!(once.len(), lines.len());
    }

    #[test]
    fn the_longest_counts() {
        let words: Vec<String> =
            "this episode is brought to you by acme use code".split(' ').map(str::to_owned).collect();
        let found: Vec<String> = phrases(&words).iter().map(|phrase| phrase.words.join(" ")).collect();
        assert_eq!(found, ["this episode is brought to you by", "use code"]);
    }
}
