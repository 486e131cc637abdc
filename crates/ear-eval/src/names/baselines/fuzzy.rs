//! tantivy's fuzzy terms: runs of heard words as terms, at most two edits away.

use super::Heard;
use crate::names::label::ScoredHit;
use anyhow::{Context, Result};
use std::collections::HashSet;
use tantivy::collector::DocSetCollector;
use tantivy::query::{FuzzyTermQuery, Query};
use tantivy::schema::{FAST, STRING, SchemaBuilder, Value};
use tantivy::{Index, TantivyDocument, Term, doc};

const WRITER_BYTES: usize = 64 << 20;
/// Letters from which one edit, and from which two, are allowed: Elasticsearch's AUTO.
const EDITS: [(usize, u8); 2] = [(3, 1), (6, 2)];

/// Hits score by the share of the name that stays.
pub fn hits(heard: &Heard<'_>) -> Result<Vec<ScoredHit>> {
    let (material, windows) = (heard.material, heard.windows);
    let mut schema = SchemaBuilder::new();
    let text = schema.add_text_field("text", STRING);
    let number = schema.add_u64_field("number", FAST | tantivy::schema::STORED);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (at, joined) in windows.joined.iter().enumerate() {
        writer.add_document(doc!(text => joined.as_str(), number => at as u64))?;
    }
    writer.commit()?;
    let searcher = index.reader()?.searcher();
    let mut hits = Vec::new();
    for (query, name) in material.queries.iter().enumerate() {
        let joined = name.parts.concat();
        let letters = joined.chars().count();
        let mut seen = HashSet::new();
        for distance in 0..=2 {
            if EDITS.iter().any(|(least, edits)| distance == *edits && letters < *least) {
                break;
            }
            let term = Term::from_field_text(text, &joined);
            let fuzzy: Box<dyn Query> = Box::new(FuzzyTermQuery::new(term, distance, true));
            for address in searcher.search(&fuzzy, &DocSetCollector)? {
                let document: TantivyDocument = searcher.doc(address)?;
                let window = document.get_first(number).and_then(|value| value.as_u64()).context("a stored number")?;
                if seen.insert(window) {
                    let score = 0.99 - f32::from(distance) / letters as f32 * 0.9;
                    hits.extend(windows.hits(query, window as usize, score));
                }
            }
        }
    }
    Ok(hits)
}
