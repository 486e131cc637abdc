//! Names found, and the errors of all other words.

use super::folder::{Spoken, split, stands_in};
use crate::alignment::{Step, align};
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of the names, and of the rest.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Names that stand in the words of their sentence or, by sound, lead there.
    pub found: usize,
    /// Names in all.
    pub names: usize,
    /// The share of them.
    pub recall: Option<f64>,
    /// How many of the errors of words alone are gone, as a share; below 0 where there are more.
    pub fewer_errors: Option<f64>,
    /// Edits per word outside of the names; `None` where the text was not touched.
    pub rest_wer: Option<f64>,
    /// The share found of each kind.
    pub kinds: BTreeMap<String, f64>,
}

impl Scores {
    /// Scores names found, one by one, and the edits of other words.
    pub fn new(spoken: &[Spoken], found: &[bool], rest: Option<Rest>) -> Self {
        let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (one, found) in spoken.iter().zip(found) {
            let (right, all) = kinds.entry(one.kind.clone()).or_default();
            (*right, *all) = (*right + usize::from(*found), *all + 1);
        }
        let count = found.iter().filter(|found| **found).count();
        Self {
            found: count,
            names: spoken.len(),
            recall: share(count, spoken.len()),
            fewer_errors: None,
            rest_wer: rest.and_then(|rest| share(rest.edits, rest.words)),
            kinds: kinds.into_iter().filter_map(|(kind, (right, all))| Some((kind, share(right, all)?))).collect(),
        }
    }

    /// The same beside words alone.
    pub fn beside(mut self, words: &Self) -> Self {
        let (errors, before) = (self.names - self.found, words.names - words.found);
        self.fewer_errors = (before > 0).then(|| 1.0 - errors as f64 / before as f64);
        self
    }
}

/// Words outside of names, and their edits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rest {
    words: usize,
    edits: usize,
}

/// Whether each name stands in what was heard of its sentence, and what became of the other words.
pub fn read_off(spoken: &[Spoken], heard: &[String]) -> (Vec<bool>, Rest) {
    let mut rest = Rest::default();
    let mut found = Vec::with_capacity(spoken.len());
    for (one, heard) in spoken.iter().zip(heard) {
        let heard = split(heard);
        found.push(stands_in(&one.name_words, &heard));
        add(&mut rest, one, &heard);
    }
    (found, rest)
}

/// Words added beside the name are the name's: machines write it in more words than it has.
fn add(rest: &mut Rest, one: &Spoken, heard: &[String]) {
    let first = one.words.windows(one.name_words.len()).position(|window| window == one.name_words).unwrap_or_default();
    let name = first..first + one.name_words.len();
    // How many words of the sentence were passed.
    let mut passed = 0;
    for step in align(&one.words, heard) {
        match step {
            Step::Added(_) => rest.edits += usize::from(passed < name.start || passed > name.end),
            Step::Same(said, _) | Step::Other(said, _) | Step::Missed(said) => {
                passed = said + 1;
                if !name.contains(&said) {
                    rest.words += 1;
                    rest.edits += usize::from(!matches!(step, Step::Same(..)));
                }
            }
        }
    }
}

fn share(part: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn spoken(text: &str, name: &str, kind: &str) -> Spoken {
        Spoken {
            kind: kind.into(),
            name: name.into(),
            voice: String::new(),
            sound: PathBuf::new(),
            words: split(text),
            name_words: split(name),
        }
    }

    #[test]
    fn errors_beside_the_name_are_not_the_rests() {
        let one = spoken("The mayor Oddvar Brekkhus left the room", "Oddvar Brekkhus", "person");
        let check = |heard: &str, found: bool, edits: usize| {
            let (is_found, rest) = read_off(std::slice::from_ref(&one), &[heard.to_owned()]);
            assert_eq!((is_found[0], rest), (found, Rest { words: 5, edits }), "{heard}");
        };
        check("The mayor, Oddvar Brekkhus, left the room.", true, 0);
        check("the mayor odd far break house left the room", false, 0);
        check("the mayor left the room", false, 0);
        check("the major oddvar brekkhus left a broom", true, 3);
        check("so the mayor Oddvar Brekkhus left the room now", true, 2);
        check("", false, 5);
    }

    #[test]
    fn scores_are_told_by_kind_and_beside_words() {
        let all = [
            spoken("in Thisvi", "Thisvi", "place"),
            spoken("in Brzozow", "Brzozow", "place"),
            spoken("by Solvanta", "Solvanta", "organisation"),
        ];
        let words = Scores::new(&all, &[true, false, false], Some(Rest { words: 100, edits: 3 }));
        assert_eq!((words.recall, words.rest_wer), (Some(1.0 / 3.0), Some(0.03)));
        assert_eq!(words.kinds, [("organisation".to_owned(), 0.0), ("place".to_owned(), 0.5)].into());
        let better = Scores::new(&all, &[true, false, true], None).beside(&words);
        assert_eq!((better.fewer_errors, better.rest_wer), (Some(0.5), None));
        assert_eq!(Scores::new(&[], &[], None).recall, None);
    }
}
