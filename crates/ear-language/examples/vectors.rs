//! How many sentences a second get their vectors.
//!
//! `cargo run -p ear-language --example vectors -- MODEL FILE…` takes the model's folder and plain texts, of which
//! every line is cut into sentences, and prints what it took. Use `--release` for figures that count.

use ear_core::{Origin, Transcript, Word};
use ear_language::sentences;
use ear_language::vectors::Meaning;
use std::path::Path;
use std::time::Instant;

/// An episode of a show has about as many sentences.
const AT_ONCE: usize = 500;
/// More sentences would measure nothing more.
const MOST: usize = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let model = arguments.next().ok_or("usage: vectors MODEL FILE…")?;
    let mut texts = Vec::new();
    for file in arguments {
        texts.extend(std::fs::read_to_string(file)?.lines().flat_map(cut));
    }
    texts.truncate(MOST);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let words: usize = texts.iter().map(|text| text.split_whitespace().count()).sum();

    let start = Instant::now();
    let meaning = Meaning::load(Path::new(&model))?;
    println!("loaded {} in {:.2} s", meaning.fingerprint(), start.elapsed().as_secs_f64());
    let start = Instant::now();
    for some in texts.chunks(AT_ONCE) {
        meaning.vectors(some)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let each = 1.0 / texts.len().max(1) as f64;
    println!(
        "{} sentences of {:.1} words in {seconds:.2} s: {:.0} a second",
        texts.len(),
        words as f64 * each,
        texts.len() as f64 / seconds
    );
    let start = Instant::now();
    let queries = texts.iter().step_by(50).take(40);
    let asked = queries.map(|text| meaning.vectors(&[text])).collect::<Result<Vec<_>, _>>()?.len();
    println!("one alone: {:.1} ms", start.elapsed().as_secs_f64() * 1e3 / asked.max(1) as f64);
    Ok(())
}

/// The sentences of a line.
fn cut(line: &str) -> Vec<String> {
    let mut transcript = Transcript::empty(Origin::Imported);
    transcript.words.extend(line.split_whitespace().map(Word::untimed));
    let text = |range: ear_core::WordRange| {
        transcript.words[range].iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    };
    sentences(&transcript).into_iter().map(text).collect()
}
