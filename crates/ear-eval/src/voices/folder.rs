//! A folder of sentences read aloud, each with a rare name.

use crate::files;
use crate::normalise::normalise;
use crate::random::Random;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

const TABLE: &str = "names.tsv";
const MAX_BYTES: u64 = 1 << 24;

/// A sentence that was read aloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// What it is the name of: person, place, organisation.
    pub kind: String,
    /// The rare name in it, as written.
    pub name: String,
    /// Whose voice read it.
    pub voice: String,
    /// The sound.
    pub sound: PathBuf,
    /// Its words, normalised.
    pub words: Vec<String>,
    /// The words of the name, normalised; they stand in the sentence in this order.
    pub name_words: Vec<String>,
}

/// Reads a folder with names.tsv (number, kind, name, voice) and, for each number, its .wav and .txt.
///
/// # Errors
/// If something is missing, or a sentence does not have its name.
pub fn read(folder: &Path) -> Result<Vec<Spoken>> {
    let table = files::read_text(&folder.join(TABLE), MAX_BYTES)
        .with_context(|| format!("{} is no folder of tools/speak_names.py", folder.display()))?;
    let rows: Result<Vec<Spoken>> =
        table.lines().filter(|line| !line.trim().is_empty()).map(|row| spoken(folder, row)).collect();
    let rows = rows?;
    ensure!(!rows.is_empty(), "{}: {TABLE} is empty", folder.display());
    Ok(rows)
}

/// So many, spread evenly; all where there are no more.
pub fn spread(all: Vec<Spoken>, count: usize) -> Vec<Spoken> {
    let (length, count) = (all.len(), count.min(all.len()));
    let mut wanted = (0..count).map(|number| number * length / count).peekable();
    let is_wanted = |(at, one)| wanted.next_if_eq(&at).map(|_| one);
    all.into_iter().enumerate().filter_map(is_wanted).collect()
}

/// For each sentence a list of so many names, its own among others, in an order that looks random.
pub fn lists(all: &[Spoken], length: usize, seed: u64) -> Vec<Vec<String>> {
    let mut random = Random::new(seed);
    let list = |own: usize| {
        let mut others: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        let own = others.swap_remove(own);
        others.sort_by_cached_key(|_| random.bits());
        others.truncate(length.saturating_sub(1));
        others.insert(random.below(others.len() + 1), own);
        others.into_iter().map(str::to_owned).collect()
    };
    (0..all.len()).map(list).collect()
}

fn spoken(folder: &Path, row: &str) -> Result<Spoken> {
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    let &[number, kind, name, voice] = cells.as_slice() else {
        anyhow::bail!("{TABLE}: `{row}` is not number, kind, name and voice");
    };
    let text = files::read_text(&folder.join(format!("{number}.txt")), MAX_BYTES)?;
    let (words, name_words) = (split(&text), split(name));
    ensure!(stands_in(&name_words, &words), "{number}.txt does not have the name {name}");
    let (kind, name, voice) = (kind.to_owned(), name.to_owned(), voice.to_owned());
    Ok(Spoken { kind, name, voice, sound: folder.join(format!("{number}.wav")), words, name_words })
}

/// The words of a text, normalised.
pub fn split(text: &str) -> Vec<String> {
    normalise(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether these words stand in those, in a row; no words stand nowhere.
pub fn stands_in(name: &[String], words: &[String]) -> bool {
    !name.is_empty() && words.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(rows: &str, text: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(TABLE), rows).unwrap();
        fs::write(folder.path().join("001.txt"), text).unwrap();
        folder
    }

    #[test]
    fn folders_are_read() {
        let made = folder("001\tperson\tTuuli Häkkä\tbm_fable\n", "We asked Tuuli Häkkä, twice.\n");
        let read = read(made.path()).unwrap();
        assert_eq!((read[0].name.as_str(), read[0].voice.as_str()), ("Tuuli Häkkä", "bm_fable"));
        assert_eq!(
            (read[0].words.join(" "), read[0].name_words.join(" ")),
            ("we asked tuuli hakka twice".into(), "tuuli hakka".into())
        );
    }

    #[test]
    fn what_is_missing_is_told() {
        let check = |rows: &str, expected: &str| {
            let error = format!("{:#}", read(folder(rows, "We asked Tuuli.").path()).unwrap_err());
            assert!(error.contains(expected), "{error}");
        };
        check("", "is empty");
        check("001\tperson\tTuuli\n", "is not number, kind, name and voice");
        check("001\tperson\tAino\tbm_fable\n", "does not have the name Aino");
        check("002\tperson\tAino\tbm_fable\n", "002.txt");
        assert!(read(tempfile::tempdir().unwrap().path()).is_err());
    }

    #[test]
    fn parts_are_even_and_lists_have_their_own_name() {
        let one = |number: usize| Spoken {
            kind: String::new(),
            name: number.to_string(),
            voice: String::new(),
            sound: PathBuf::new(),
            words: Vec::new(),
            name_words: Vec::new(),
        };
        let all: Vec<Spoken> = (0..10).map(one).collect();
        let names = |count| spread(all.clone(), count).into_iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names(4), ["0", "2", "5", "7"]);
        assert_eq!((names(0).len(), names(10).len(), names(99).len()), (0, 10, 10));
        let drawn = lists(&all, 4, 1);
        assert_eq!(drawn, lists(&all, 4, 1));
        for (number, list) in drawn.iter().enumerate() {
            assert!(list.len() == 4 && list.contains(&number.to_string()), "{list:?}");
        }
        assert_eq!(lists(&all, 99, 1)[0].len(), 10);
    }
}
