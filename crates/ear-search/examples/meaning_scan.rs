//! How long a search by meaning takes over many vectors.
//!
//! `cargo run --release -p ear-search --example meaning_scan -- [PASSAGES]` makes an index of a million passages, or as
//! many as are asked for, gives them vectors that point anywhere, and searches with vectors that do the same.

use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_language::vectors::{SIZE, Vector};
use ear_search::{EpisodeDoc, PassageDoc, Piece, Request, VectorFile, Vectors, WordIndex};
use std::time::Instant;

/// Passages of an episode.
const EPISODE: usize = 250;
/// Searches that are timed.
const SEARCHES: usize = 100;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let passages: usize = std::env::args().nth(1).map_or(Ok(1_000_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let index = WordIndex::open(&folder.path().join("index"))?;
    let place = folder.path().join("vectors");
    let mut random = 1_u64;
    let mut vector = || {
        let mut part = || {
            // Knuth's multiplier (The Art of Computer Programming, volume 2, 3.3.4).
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (random >> 40) as f32 / 8_388_608.0 - 1.0
        };
        Vector::from_floats(&std::array::from_fn::<f32, SIZE, _>(|_| part()))
    };
    let mut docs = Vec::new();
    for number in 0..passages.div_ceil(EPISODE) {
        let transcript = TranscriptId(number as i64);
        let words = |at: usize| at..at + 1;
        let passage = |at| PassageDoc { words: words(at), texts: vec!["word".into()], ..PassageDoc::default() };
        let pieces = (0..EPISODE).map(|at| Piece { words: words(at), key: 0, vector: vector() }).collect();
        let file = VectorFile { transcript, fingerprint: "random".into(), passages: pieces, sentences: Vec::new() };
        file.write(&place)?;
        docs.push(EpisodeDoc {
            episode: EpisodeId(number as i64),
            show: ShowId(number as i64 % 10),
            show_name: format!("Show {}", number % 10),
            title: String::new(),
            date: None,
            language: None,
            transcript,
            passages: (0..EPISODE).map(passage).collect(),
        });
    }
    index.put(&docs)?;
    Vectors::changed(&place, "random")?;
    let vectors = Vectors::new(&place, "random");
    for (what, query) in [("all", "word"), ("one show of ten", "word show:\"show 3\"")] {
        let request = Request { query: query.into(), limit: 20, ..Request::default() };
        let began = Instant::now();
        index.meaning(&request, &vectors, &vector())?;
        println!("{what}: the first in {:.0} ms", began.elapsed().as_secs_f64() * 1e3);
        let mut times = Vec::with_capacity(SEARCHES);
        for _ in 0..SEARCHES {
            let meant = vector();
            let began = Instant::now();
            index.meaning(&request, &vectors, &meant)?;
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        println!("{what}: {:.1} ms (p50), {:.1} ms (p95)", times[SEARCHES / 2], times[SEARCHES * 95 / 100]);
    }
    Ok(())
}
