//! Vectors for a synthetic library: to look through them takes as long whatever they mean, and to make real ones of a
//! thousand hours would take half an hour.

use crate::random::Random;
use anyhow::Result;
use ear_language::vectors::{Meaning, SIZE, Vector};
use ear_language::{passages, sentences};
use ear_search::{Piece, VectorFile, Vectors};
use ear_speech::models;
use ear_store::Store;
use std::path::Path;

/// Gives every passage of a library that is indexed a vector that points anywhere. How many; none where there is no
/// model, since queries need it.
pub fn write(library: &Path, seed: u64) -> Result<usize> {
    let model = models::manifest().models.iter().find(|model| model.name == models::MEANING);
    let Some(folder) = model.and_then(|model| model.installed()) else { return Ok(0) };
    let fingerprint = Meaning::load(&folder)?.fingerprint().to_owned();
    let store = Store::open(&library.join("earwitness.db"))?;
    let place = library.join("vectors");
    let mut random = Random::new(seed);
    let mut written = 0;
    for indexed in store.all_indexed()? {
        let transcript = store.load_transcript(indexed.transcript)?;
        let passages = passages(&transcript, &sentences(&transcript));
        let pieces: Vec<Piece> = passages
            .into_iter()
            .map(|passage| Piece { words: passage.words, key: 0, vector: anywhere(&mut random) })
            .collect();
        written += pieces.len();
        let (transcript, fingerprint) = (indexed.transcript, fingerprint.clone());
        VectorFile { transcript, fingerprint, passages: pieces, sentences: Vec::new() }.write(&place)?;
    }
    Vectors::changed(&place, &fingerprint)?;
    Ok(written)
}

fn anywhere(random: &mut Random) -> Vector {
    let bytes = (0..SIZE / 8).flat_map(|_| random.bits().to_le_bytes());
    let floats: Vec<f32> = bytes.map(|byte| f32::from(byte) - 127.5).collect();
    Vector::from_floats(&floats)
}
