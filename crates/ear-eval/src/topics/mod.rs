//! Whether clips begin where topics do: beside other methods, on material whose topics somebody has marked.

mod baselines;
mod document;
mod glue;
mod material;
mod measure;
mod report;
mod score;

use crate::Outcome;
use anyhow::{Context, Result};
use clap::Args;
use ear_language::vectors::Meaning;
use ear_speech::models;
pub use material::episode;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How well the cuts between topics are found, by our method and by others.
#[derive(Args, Debug)]
pub struct TopicsArgs {
    /// Lectures (a line of = starts each topic), meetings of QMSum, episodes in Markdown whose topics have headings; or
    /// with --glue articles of the form of SQuAD, or episodes in Markdown.
    folder: PathBuf,
    /// Glue documents together from pieces of what is there: ten pieces each, of 3 to 11 paragraphs or 10 to 40 turns.
    #[arg(long)]
    glue: bool,
    /// Documents to glue: 50 of paragraphs, 40 of turns.
    #[arg(long, value_name = "N", requires = "glue")]
    documents: Option<usize>,
    /// What the draw of pieces begins with.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The model of meaning: its name, or a folder.
    #[arg(long, value_name = "NAME", default_value = "minilm")]
    model: String,
    /// Leave out what needs the model of meaning.
    #[arg(long)]
    no_vectors: bool,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

/// Measures, and prints a table or an object. Incomplete without the model of meaning, unless that was asked for.
pub fn run(args: &TopicsArgs) -> Result<Outcome> {
    let sets = if args.glue {
        material::load_glued(&args.folder, &material::Glue { documents: args.documents, seed: args.seed })?
    } else {
        material::load(&args.folder)?
    };
    let mut notes = Vec::new();
    let meaning = if args.no_vectors { None } else { meaning(&args.model, &mut notes)? };
    notes.iter().for_each(|note| eprintln!("note: {note}"));
    let measured: BTreeMap<_, _> = sets
        .iter()
        .map(|set| Ok((set.name.clone(), measure::measure(set, meaning.as_ref())?)))
        .collect::<Result<_>>()?;
    let is_complete = notes.is_empty();
    crate::print(args.json, &report::Report::new(measured, notes), report::table)?;
    Ok(Outcome::complete_if(is_complete))
}

/// The model, or a note where it is not installed.
fn meaning(name: &str, notes: &mut Vec<String>) -> Result<Option<Meaning>> {
    match models::resolve(name) {
        Ok(folder) => Meaning::load(&folder).map(Some).with_context(|| format!("loading the model of meaning {name}")),
        Err(error) => {
            notes.push(format!("{error}: measured without vectors"));
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::document::Document;
    use super::material::{Glue, Set, load, load_glued};
    use ear_language::topics::{Material, Settings, cut};
    use std::path::Path;

    /// Clips hold every sentence once and in order, so they begin and end with one; none is short.
    fn check(name: &str, document: &Document) {
        let material = Material {
            transcript: &document.transcript,
            sentences: &document.sentences,
            vectors: None,
            begins: &[],
            whole: &[],
        };
        let clips = cut(&material, &Settings::default());
        let mut next = 0;
        for clip in &clips {
            assert!(clip.start == next && clip.end > next, "{name}: {clip:?} of {clips:?}");
            next = clip.end;
            let words = document.sentences[clip.end - 1].end - document.sentences[clip.start].start;
            assert!(words >= 40 || clips.len() == 1, "{name}: {clip:?} has {words} words");
        }
        assert_eq!(next, document.sentences.len(), "{name}");
    }

    #[test]
    fn clips_of_the_test_data_are_whole_and_long_enough() {
        let Some(data) = std::env::var_os("EARWITNESS_TESTDATA") else {
            eprintln!("skipped: EARWITNESS_TESTDATA is not set");
            return;
        };
        let few = Glue { documents: Some(4), seed: 7 };
        let mut sets: Vec<Set> = Vec::new();
        for (place, glued) in [
            ("lectures", false),
            ("qmsum", false),
            ("corpora/optech", false),
            ("spoken_squad", true),
            ("corpora/changelog", true),
        ] {
            let folder = Path::new(&data).join(place);
            if !folder.is_dir() {
                eprintln!("skipped: {} is not there", folder.display());
                continue;
            }
            sets.extend(if glued { load_glued(&folder, &few).unwrap() } else { load(&folder).unwrap() });
        }
        for set in &sets {
            assert!(!set.documents.is_empty(), "{}", set.name);
            set.documents.iter().for_each(|document| check(&set.name, document));
        }
    }
}
