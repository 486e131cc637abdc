//! Tells how common phrases are, and how long it takes to ask: `cargo run --example commonness -- "sola money" "a rock"`.

use ear_language::commonness;
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let phrases: Vec<String> = std::env::args().skip(1).collect();
    for phrase in &phrases {
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let each: Vec<String> = words.iter().map(|word| format!("{word} {:.2}", commonness::word(word))).collect();
        let pairs: Vec<String> = words
            .windows(2)
            .map(|pair| match commonness::pair(pair[0], pair[1]) {
                Some(value) => format!("{value:.2}"),
                None => format!("under {:.2}", commonness::complete_from()),
            })
            .collect();
        println!(
            "{:6.2}  {phrase}  (words: {}; pairs: {})",
            commonness::phrase(&words),
            each.join(", "),
            pairs.join(", ")
        );
    }

    let words: Vec<&str> = phrases.iter().flat_map(|phrase| phrase.split_whitespace()).collect();
    let rounds = 100_000 / words.len().max(1) + 1;
    let begun = Instant::now();
    for _ in 0..rounds {
        for word in &words {
            black_box(commonness::word(black_box(word)));
        }
    }
    let one_word = begun.elapsed() / (rounds * words.len().max(1)) as u32;
    let begun = Instant::now();
    for _ in 0..rounds {
        for pair in words.windows(2) {
            black_box(commonness::pair(black_box(pair[0]), black_box(pair[1])));
        }
    }
    let one_pair = begun.elapsed() / (rounds * words.len().max(1)) as u32;
    println!("a word takes {one_word:?}, a pair {one_pair:?}");
}
