//! Taking in what belongs to a recording and is nothing alone: chapters and names.

use super::{Added, Became, Source, read_bounded};
use crate::sidecar::Part;
use crate::{Error, ErrorKind, Library, Result};
use ear_core::EpisodeId;
use ear_ingest::{chapters, names};
use ear_store::{Document, DocumentKind};
use std::path::Path;

impl Library {
    pub(super) fn add_beside(&self, source: &Source, part: Part) -> Result<Added> {
        let beside = source.path.as_deref().map(|path| self.recording_beside(path)).transpose()?.flatten();
        let Some(episode) = source.options.joins.or(beside) else {
            let error = Error::new(ErrorKind::BadInput, "belongs to a recording, and that is not here");
            return Err(error
                .at(source.file.display().to_string())
                .remedy("Add the recording of the same name from the same folder"));
        };
        let warnings = self.read_beside(episode, part, source.file)?;
        self.added(source, episode, Became::Joined, warnings)
    }

    /// Reads what lies beside an episode's recording; what was odd about it.
    pub(super) fn read_beside(&self, episode: EpisodeId, part: Part, file: &Path) -> Result<Vec<String>> {
        let bytes = read_bounded(file)?;
        let source = file.display().to_string();
        match part {
            Part::Names => self.store_names(episode, &bytes, &source),
            Part::Chapters => self
                .store_chapters(episode, &bytes, &source, None)
                .map_err(|error| Error { place: Some(source.clone()), ..error }),
            Part::Transcript => Ok(Vec::new()),
        }
    }

    fn store_names(&self, episode: EpisodeId, bytes: &[u8], source: &str) -> Result<Vec<String>> {
        let text = String::from_utf8_lossy(bytes);
        let (_, warnings) = names::parse(&text);
        self.store.set_names_text(episode, Some(text.trim_start_matches('\u{feff}')))?;
        self.keep_beside(episode, DocumentKind::Names, bytes, source, None)?;
        self.queue_names(episode)?;
        Ok(warnings.iter().map(ToString::to_string).collect())
    }

    /// Keeps a document of chapters, and what was read from it; what was odd about it.
    pub(crate) fn store_chapters(
        &self,
        episode: EpisodeId,
        bytes: &[u8],
        source: &str,
        media_type: Option<&str>,
    ) -> Result<Vec<String>> {
        let (read, warnings) = chapters::parse(bytes)?;
        self.store.set_chapters(episode, &read)?;
        self.keep_beside(episode, DocumentKind::Chapters, bytes, source, media_type)?;
        self.queue_names(episode)?;
        Ok(warnings.iter().map(ToString::to_string).collect())
    }

    fn keep_beside(
        &self,
        episode: EpisodeId,
        kind: DocumentKind,
        bytes: &[u8],
        source: &str,
        media_type: Option<&str>,
    ) -> Result<()> {
        let document = Document {
            kind,
            hash: self.keep_document(bytes)?,
            bytes: bytes.len() as u64,
            source: source.to_owned(),
            media_type: media_type.map(str::to_owned),
            language: None,
            transcript: None,
        };
        Ok(self.store.add_document(episode, &document)?)
    }
}

/// The right spellings of a list of names, one a line: what recognisers are told to expect.
pub fn read_names(text: &str) -> Vec<String> {
    names::parse(text).0.into_iter().map(|entry| entry.name).collect()
}
