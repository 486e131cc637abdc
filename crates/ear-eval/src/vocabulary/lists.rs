//! Lists of words that a recogniser is told to expect.

use super::score::rare_words;
use crate::files;
use crate::normalise::normalise;
use crate::random::Random;
use crate::references::Reference;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const MAX_BYTES: u64 = 1 << 28;
/// A word of running text is rare if it occurs at most so often.
const RARE: usize = 3;
/// And has so many letters.
const LETTERS: usize = 5;

/// The rare words of all references, as the table writes them.
pub fn fitting(references: &[Reference]) -> Vec<String> {
    let rare = references.iter().flat_map(|reference| reference.rare.iter().flatten().cloned());
    rare.collect::<BTreeSet<_>>().into_iter().collect()
}

/// So many words that occur in no reference, drawn from a list of words (a file, one a line) or from running text (a
/// folder of .txt and .md, whose rare words they are).
///
/// # Errors
/// If it can't be read, or has too few.
pub fn distracting(from: &Path, references: &[Reference], count: usize, seed: u64) -> Result<Vec<String>> {
    let mut said: BTreeSet<String> = rare_words(references);
    for reference in references {
        said.extend(normalise(&reference.text).split_whitespace().map(str::to_owned));
    }
    let is_foreign = |word: &String| normalise(word).split_whitespace().all(|word| !said.contains(word));
    let mut words: Vec<String> = if from.is_dir() { rare_in_text(from)? } else { listed(from)? };
    words.retain(is_foreign);
    ensure!(
        words.len() >= count,
        "{}: {} words that no reference has, but {count} are wanted",
        from.display(),
        words.len()
    );
    let mut random = Random::new(seed);
    words.sort_by_cached_key(|_| random.bits());
    words.truncate(count);
    Ok(words)
}

/// Where distractors come from unless told.
///
/// # Errors
/// If there is no such place.
pub fn default_source() -> Result<std::path::PathBuf> {
    let testdata = std::env::var_os("EARWITNESS_TESTDATA");
    let Some(corpora) = testdata.map(|testdata| Path::new(&testdata).join("corpora")) else {
        bail!("name a list of words with --distractors, or set EARWITNESS_TESTDATA");
    };
    corpora.is_dir().then_some(corpora).context("name a list of words with --distractors: there is no corpora folder")
}

fn listed(file: &Path) -> Result<Vec<String>> {
    let text = files::read_text(file, MAX_BYTES)?;
    let words = text.lines().map(str::trim).filter(|word| !word.is_empty());
    Ok(words.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect())
}

fn rare_in_text(folder: &Path) -> Result<Vec<String>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut left = MAX_BYTES;
    for file in files::below(folder)? {
        if file.extension().is_some_and(|extension| extension == "txt" || extension == "md") {
            let text = files::read_text(&file, left)?;
            left = left.saturating_sub(text.len() as u64);
            for word in text.split_whitespace() {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                if word.chars().count() >= LETTERS && word.chars().all(|c| c.is_ascii_lowercase()) {
                    *counts.entry(word).or_default() += 1;
                }
            }
        }
    }
    Ok(counts.into_iter().filter(|(_, count)| *count <= RARE).map(|(word, _)| word).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn distractors_are_rare_and_not_said() {
        let folder = tempfile::tempdir().unwrap();
        let text = "The bosun, the Quayside!\nthe mizzen the anchor anchor anchor anchor 1999s halyard";
        fs::write(folder.path().join("a.txt"), text).unwrap();
        let list = folder.path().join("list.words");
        fs::write(&list, "Kowalski\nbosun\n\nMizzen mast\nKowalski\n").unwrap();
        let reference = Reference {
            name: String::new(),
            sound: "a.wav".into(),
            text: "where the bosun is".into(),
            rare: Some(vec!["bosun".into()]),
        };
        let references = [reference];
        let sorted = |from: &Path, count| {
            let mut words = distracting(from, &references, count, 1).unwrap();
            words.sort();
            words
        };
        assert_eq!(fitting(&references), ["bosun"]);
        assert_eq!(sorted(folder.path(), 3), ["halyard", "mizzen", "quayside"]);
        assert_eq!(sorted(&list, 2), ["Kowalski", "Mizzen mast"]);
        assert!(
            distracting(&list, &references, 3, 1).unwrap_err().to_string().contains("2 words that no reference has")
        );
        assert_eq!(
            distracting(folder.path(), &references, 2, 7).unwrap(),
            distracting(folder.path(), &references, 2, 7).unwrap()
        );
    }
}
