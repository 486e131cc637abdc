//! What to search for: words of every frequency, phrases that occur, and words nobody said.

use super::synthetic::Talk;
use crate::random::Random;
use ear_core::Word;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A set of queries by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queries {
    /// Single words, spread evenly over the logarithm of their rank by frequency.
    pub words: Vec<String>,
    /// Two to four words in a row, in quotation marks; they occur.
    pub phrases: Vec<String>,
    /// Single words that do not occur.
    pub misses: Vec<String>,
    /// Some words that were said, to look for by their meaning; each is asked once, so that no vector is remembered.
    pub questions: Vec<String>,
    /// Names, looked for by their sound. They do not occur, but much sounds like a part of them.
    pub names: Vec<String>,
}

/// People, places and firms that no talk has.
fn names() -> Vec<String> {
    let lines = include_str!("../../data/spoken_names.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').nth(1)).map(str::to_owned).collect()
}

impl Queries {
    /// Takes every `step`-th query out, to warm up with.
    pub fn take_every(&mut self, step: usize) -> Self {
        let take = |queries: &mut Vec<String>| {
            let (taken, kept): (Vec<_>, Vec<_>) = queries.drain(..).enumerate().partition(|(at, _)| at % step == 0);
            queries.extend(kept.into_iter().map(|(_, query)| query));
            taken.into_iter().map(|(_, query)| query).collect()
        };
        Self {
            words: take(&mut self.words),
            phrases: take(&mut self.phrases),
            misses: take(&mut self.misses),
            names: take(&mut self.names),
            questions: take(&mut self.questions),
        }
    }
}

/// Watches the talk go by and remembers what to ask for.
#[derive(Debug)]
pub struct Listener {
    counts: HashMap<String, u64>,
    phrases: Vec<String>,
    wanted: usize,
    sentences: usize,
    random: Random,
}

impl Listener {
    /// A listener that will know so many phrases.
    pub fn new(phrases: usize, seed: u64) -> Self {
        let random = Random::new(seed);
        Self { counts: HashMap::new(), phrases: Vec::new(), wanted: phrases, sentences: 0, random }
    }

    /// Listens to an episode.
    pub fn hear(&mut self, words: &[Word]) {
        for sentence in words.split_inclusive(|word| word.text.ends_with(['.', '?', '!'])) {
            for word in sentence {
                // Words with an apostrophe or a hyphen within are as the index sees fit; these here are plain.
                let word = word.text.trim_matches(|letter: char| !letter.is_alphanumeric());
                if word.len() > 1 && word.bytes().all(|letter| letter.is_ascii_alphabetic()) {
                    *self.counts.entry(word.to_lowercase()).or_default() += 1;
                }
            }
            self.consider(sentence);
        }
    }

    /// Keeps an even sample of phrases from all sentences (Vitter 1985, "Random sampling with a reservoir",
    /// algorithm R).
    fn consider(&mut self, sentence: &[Word]) {
        let length = 2 + self.random.below(3);
        let Some(starts) = (sentence.len() + 1).checked_sub(length).filter(|starts| *starts > 0) else { return };
        self.sentences += 1;
        let place = self.random.below(self.sentences);
        if self.phrases.len() >= self.wanted && place >= self.wanted {
            return;
        }
        let start = self.random.below(starts);
        let phrase = quoted(&sentence[start..start + length]);
        if self.phrases.len() < self.wanted { self.phrases.push(phrase) } else { self.phrases[place] = phrase }
    }

    /// Queries of each kind; fewer words where there are not as many.
    pub fn queries(self, words: usize, misses: usize) -> Queries {
        let mut ranked: Vec<(String, u64)> = self.counts.into_iter().collect();
        ranked.sort_by(|(left, left_count), (right, right_count)| right_count.cmp(left_count).then(left.cmp(right)));
        let mut chosen = HashSet::new();
        for at in 0..words.min(ranked.len()) {
            let rank = (ranked.len() as f64).powf(at as f64 / words as f64) as usize - 1;
            // Low ranks are few: where one is taken already, the next.
            chosen.extend((rank..ranked.len()).find(|rank| !chosen.contains(rank)));
        }
        let mut chosen: Vec<usize> = chosen.into_iter().collect();
        chosen.sort_unstable();
        Queries {
            words: chosen.into_iter().map(|rank| ranked[rank].0.clone()).collect(),
            questions: self.phrases.iter().map(|phrase| plain(phrase)).collect(),
            phrases: self.phrases,
            misses: (0..misses).map(|number| Talk::never_said(number * 7_919)).collect(),
            names: names(),
        }
    }
}

/// A phrase as a question, without what the query language reads.
fn plain(phrase: &str) -> String {
    let words = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.filter(|word| !["and", "or", "not"].contains(&word.as_str())).collect::<Vec<_>>().join(" ") + " question"
}

fn quoted(words: &[Word]) -> String {
    let words: Vec<String> = words.iter().map(|word| word.text.replace(['"', '“', '”'], "")).collect();
    format!("\"{}\"", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_come_from_the_talk() {
        let text = "The cat sat. The \"dog\" and the cat ran far away, the end of it.";
        let words: Vec<Word> = text.split(' ').map(Word::untimed).collect();
        let mut listener = Listener::new(3, 1);
        (0..20).for_each(|_| listener.hear(&words));
        let queries = listener.queries(5, 2);
        assert_eq!((queries.words.len(), &queries.words[..2]), (5, &["the".to_owned(), "cat".to_owned()][..]));
        assert_eq!(queries.phrases.len(), 3);
        for phrase in &queries.phrases {
            assert!(text.replace('"', "").contains(phrase.trim_matches('"')), "{phrase}");
            assert!((2..=4).contains(&phrase.split(' ').count()), "{phrase}");
        }
        assert_eq!(queries.misses.len(), 2);
        assert!(queries.names.len() >= 200);
    }

    #[test]
    fn warming_up_uses_other_queries() {
        let words: Vec<String> = (0..10).map(|number| number.to_string()).collect();
        let mut queries = Queries { words, ..Queries::default() };
        let warm = queries.take_every(5);
        assert_eq!((warm.words, queries.words.len()), (vec!["0".to_owned(), "5".to_owned()], 8));
    }
}
