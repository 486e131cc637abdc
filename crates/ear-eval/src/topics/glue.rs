//! Documents glued together from pieces of others, so that it is known where topics end.

use super::document::{Document, Part, Said, document};
use crate::random::Random;
use anyhow::{Result, ensure};
use std::ops::RangeInclusive;

/// What is glued together.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Consecutive parts of a piece.
    pub parts: RangeInclusive<usize>,
    /// What the parts are.
    pub part: Part,
    /// Pieces of a document, each from another source.
    pub pieces: usize,
    /// Documents, unless another number is asked for.
    pub documents: usize,
}

/// 50 documents of 10 pieces of 3–11 paragraphs, each of another article.
pub const PARAGRAPHS: Plan = Plan { parts: 3..=11, part: Part::Paragraph, pieces: 10, documents: 50 };

/// 40 documents of 10 pieces of 10–40 turns, each of another episode.
pub const TURNS: Plan = Plan { parts: 10..=40, part: Part::Turn, pieces: 10, documents: 40 };

/// Glues documents; the same in every run of a seed.
///
/// # Errors
/// If there are fewer sources than a document has pieces.
pub fn glue(sources: &[Vec<Said>], plan: &Plan, documents: usize, seed: u64) -> Result<Vec<Document>> {
    let fewest = *plan.parts.start();
    let sources: Vec<&[Said]> = sources.iter().map(Vec::as_slice).filter(|source| source.len() >= fewest).collect();
    ensure!(sources.len() >= plan.pieces, "{} sources are too few for {} pieces", sources.len(), plan.pieces);
    let mut random = Random::new(seed);
    let one = |_| {
        let mut left: Vec<&[Said]> = sources.clone();
        let said = (0..plan.pieces).flat_map(|_| {
            let source = left.swap_remove(random.below(left.len()));
            let count = (fewest + random.below(plan.parts.end() - fewest + 1)).min(source.len());
            let start = random.below(source.len() - count + 1);
            let piece = source[start..start + count].iter().enumerate();
            piece.map(|(at, part)| Said { begins_topic: at == 0, ..part.clone() }).collect::<Vec<_>>()
        });
        document(said, plan.part)
    };
    Ok((0..documents).map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(count: usize) -> Vec<Vec<Said>> {
        let said = |source, part| Said { text: format!("Source{source} part{part}."), ..Said::default() };
        (0..count).map(|source| (0..30).map(|part| said(source, part)).collect()).collect()
    }

    #[test]
    fn each_piece_is_of_another_source() {
        let glued = glue(&sources(12), &PARAGRAPHS, 3, 1).unwrap();
        assert_eq!(glued.len(), 3);
        for document in &glued {
            assert_eq!(document.boundaries.len(), 9);
            let source = |sentence: usize| document.transcript.words[document.sentences[sentence].start].text.clone();
            for sentence in 1..document.sentences.len() {
                let begins = document.boundaries.contains(&sentence);
                assert_eq!(source(sentence - 1) != source(sentence), begins, "{sentence}");
            }
        }
        assert_ne!(glued[0].transcript, glued[1].transcript);
        assert_eq!(glued[2].transcript, glue(&sources(12), &PARAGRAPHS, 3, 1).unwrap()[2].transcript);
        assert!(glue(&sources(9), &PARAGRAPHS, 1, 1).is_err());
    }
}
