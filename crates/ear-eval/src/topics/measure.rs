//! Cuts every document by every method and compares.

use super::baselines;
use super::document::Document;
use super::material::Set;
use super::score::{f1, matches, pk, window_diff};
use anyhow::Result;
use ear_language::topics::{Material, Settings, Terms, cut};
use ear_language::vectors::{Meaning, Vector};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Ours, as it is shipped.
pub const OURS: &str = "earwitness";

/// How far one method is from the reference.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Worth {
    /// Pk, mean over documents; less is better.
    pub pk: f64,
    /// WindowDiff, mean over documents; less is better.
    pub wd: f64,
    /// F1 of all boundaries of the set.
    pub f1: f64,
    /// Cuts a document.
    pub cuts: f64,
}

/// One set.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Documents.
    pub documents: usize,
    /// Boundaries of the reference a document.
    pub boundaries: f64,
    /// How far off a boundary may be for F1, in units.
    pub tolerance: usize,
    /// By method.
    pub methods: BTreeMap<&'static str, Worth>,
}

/// Measures one set. Without a model of meaning the methods that need one are left out.
///
/// # Errors
/// If the model fails.
pub fn measure(set: &Set, meaning: Option<&Meaning>) -> Result<Measured> {
    let mut sums: BTreeMap<&'static str, Sum> = BTreeMap::new();
    let mut known = HashMap::new();
    for document in &set.documents {
        let vectors = meaning.map(|meaning| vectors(document, meaning, &mut known)).transpose()?;
        for (method, found) in found(document, vectors.as_deref()) {
            sums.entry(method).or_default().add(document, &found, set.tolerance);
        }
    }
    let documents = set.documents.len();
    let all: usize = set.documents.iter().map(|document| document.in_units(&document.boundaries).0.len()).sum();
    let methods = sums.into_iter().map(|(method, sum)| (method, sum.worth())).collect();
    let boundaries = all as f64 / documents.max(1) as f64;
    Ok(Measured { documents, boundaries, tolerance: set.tolerance, methods })
}

/// What the sentences of a document mean. Glued documents share sentences, so those `known` are not asked for again.
fn vectors(document: &Document, meaning: &Meaning, known: &mut HashMap<String, Vector>) -> Result<Vec<Vector>> {
    let texts = document.texts();
    let new: Vec<&str> = texts.iter().filter(|text| !known.contains_key(*text)).map(String::as_str).collect();
    let found = meaning.vectors(&new)?;
    known.extend(new.iter().map(|text| (*text).to_owned()).zip(found));
    Ok(texts.iter().filter_map(|text| known.get(text).cloned()).collect())
}

/// The boundaries that each method finds.
fn found(document: &Document, vectors: Option<&[Vector]>) -> Vec<(&'static str, Vec<usize>)> {
    let sentences = document.sentences.len();
    let words = |range: &std::ops::Range<usize>| &document.transcript.words[range.clone()];
    let terms = Terms::new(document.sentences.iter().map(|range| words(range).iter().map(|word| word.text.as_str())));
    let mut found = vec![
        ("earwitness, no vectors", ours(document, None)),
        ("even cuts", baselines::even(sentences, document.boundaries.len())),
        ("lexical DP", baselines::lexical(&terms)),
        ("none", Vec::new()),
    ];
    if let Some(vectors) = vectors {
        found.push((OURS, ours(document, Some(vectors))));
        found.push(("TextTiling", baselines::text_tiling(vectors)));
    }
    found
}

fn ours(document: &Document, vectors: Option<&[Vector]>) -> Vec<usize> {
    let material =
        Material { transcript: &document.transcript, sentences: &document.sentences, vectors, begins: &[], whole: &[] };
    cut(&material, &Settings::default()).into_iter().map(|clip| clip.start).filter(|start| *start > 0).collect()
}

/// Over the documents of a set.
#[derive(Debug, Default)]
struct Sum {
    pk: f64,
    wd: f64,
    documents: usize,
    matched: usize,
    reference: usize,
    found: usize,
}

impl Sum {
    fn add(&mut self, document: &Document, found: &[usize], tolerance: usize) {
        let (reference, units) = document.in_units(&document.boundaries);
        let (found, _) = document.in_units(found);
        self.matched += matches(&reference, &found, tolerance);
        self.reference += reference.len();
        self.found += found.len();
        // A document of one unit has nothing to cut.
        if let (Some(pk), Some(wd)) = (pk(&reference, &found, units), window_diff(&reference, &found, units)) {
            self.pk += pk;
            self.wd += wd;
            self.documents += 1;
        }
    }

    fn worth(&self) -> Worth {
        let documents = self.documents.max(1) as f64;
        Worth {
            pk: self.pk / documents,
            wd: self.wd / documents,
            f1: f1(self.matched, self.reference, self.found),
            cuts: self.found as f64 / documents,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::document::{Part, Said, document};
    use super::*;

    #[test]
    fn methods_are_compared() {
        let said = |thing: &str, number: usize| Said {
            text: format!("Then the {thing} came by {thing}{number} and we saw the old {thing} stand there."),
            begins_topic: number == 0,
            ..Said::default()
        };
        let things = ["river", "parliament", "violin"];
        let parts = things.iter().flat_map(|thing| (0..40).map(|number| said(thing, number)));
        let set = Set { name: "x".into(), documents: vec![document(parts, Part::Sentence)], tolerance: 1 };
        let measured = measure(&set, None).unwrap();
        assert_eq!((measured.boundaries, measured.documents), (2.0, 1));
        let worth = |method: &str| &measured.methods[method];
        assert_eq!((worth("even cuts").pk, worth("even cuts").f1), (0.0, 1.0));
        assert_eq!(worth("none").f1, 0.0);
        assert!(worth("none").pk > 0.2);
        assert_eq!(worth("earwitness, no vectors").f1, 1.0);
        assert!(!measured.methods.contains_key(OURS));
    }
}
