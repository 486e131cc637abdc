//! Reads arbitrary text as a language model's answer and checks it against a few sentences: whatever it is, there is no
//! panic, and what is accepted fits its bounds.
#![no_main]

use ear_core::{Origin, Transcript, Word};
use ear_language::describe::Material;
use ear_language::describe::proposed::{check, read};
use libfuzzer_sys::fuzz_target;

const SAID: &str = "The city closed the Harbour Bridge on Friday. Two thousand people may walk over it in 2020.";

fuzz_target!(|answer: &str| {
    let Ok(proposal) = read(answer) else { return };
    let words: Vec<Word> = SAID.split(' ').map(Word::untimed).collect();
    let sentences = [0..8, 8..words.len()];
    let transcript = Transcript { words, ..Transcript::empty(Origin::Imported) };
    let accepted = check(
        &proposal,
        &Material {
            transcript: &transcript,
            sentences: &sentences,
            clip: 0..sentences.len(),
            names: &[],
            notes: None,
            title: None,
            count: &|_| 0,
        },
    );
    assert!(accepted.headline.is_none_or(|headline| !headline.is_empty() && headline.chars().count() <= 90));
    assert!(accepted.summary.iter().all(|claim| claim.words.end <= transcript.words.len()));
});
