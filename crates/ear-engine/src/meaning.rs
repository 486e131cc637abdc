//! The model of meaning, loaded, with the vectors of the library.

use crate::{Library, Result};
use ear_language::vectors::{Meaning, Vector};
use ear_search::Vectors;
use ear_speech::models::{self, MEANING, Model};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Queries whose vectors are kept: those of the pages that somebody leafs through.
const KEPT: usize = 64;

/// What it takes to search by meaning. Loaded once and kept, since loading takes a good part of a second.
pub(crate) struct Understanding {
    pub meaning: Meaning,
    pub vectors: Vectors,
    /// Queries asked lately, the newest last.
    asked: Mutex<Vec<(String, Vector)>>,
}

impl Understanding {
    /// The vector of a query.
    pub(crate) fn asked(&self, query: &str) -> Result<Vector> {
        let known = || self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, vector)) = known().iter().find(|(asked, _)| asked == query) {
            return Ok(vector.clone());
        }
        let vector = self.meaning.vectors(&[query])?.pop().unwrap_or_else(|| Vector::from_floats(&[]));
        let mut known = known();
        if known.len() >= KEPT {
            known.remove(0);
        }
        known.push((query.to_owned(), vector.clone()));
        Ok(vector)
    }
}

/// The folder of the model, where it is installed.
fn installed() -> Option<PathBuf> {
    models::manifest().models.iter().find(|model| model.name == MEANING).and_then(Model::installed)
}

/// Whether there is a model of meaning.
pub(crate) fn is_installed() -> bool {
    installed().is_some()
}

impl Library {
    /// Where the vectors lie.
    pub(crate) fn vectors_folder(&self) -> PathBuf {
        self.folder().join("vectors")
    }

    /// The model of meaning and the vectors; `None` where no model is installed.
    pub(crate) fn understanding(&self) -> Result<Option<Arc<Understanding>>> {
        let mut loaded = self.understanding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = loaded.as_ref() {
            return Ok(Some(loaded.clone()));
        }
        let Some(folder) = installed() else { return Ok(None) };
        let meaning = Meaning::load(&folder)?;
        let vectors = Vectors::new(&self.vectors_folder(), meaning.fingerprint());
        let understanding = Arc::new(Understanding { meaning, vectors, asked: Mutex::default() });
        *loaded = Some(understanding.clone());
        Ok(Some(understanding))
    }

    /// The same, but only where there are vectors to compare with: others need not wait for the model.
    pub(crate) fn understanding_if_any(&self) -> Result<Option<Arc<Understanding>>> {
        if Vectors::newest(&self.vectors_folder()).is_none() { Ok(None) } else { self.understanding() }
    }
}
