//! Taking in transcripts.

use super::{Added, Became, Source, read_bounded, tagged};
use crate::files::hex;
use crate::jobs::INDEX;
use crate::{Error, ErrorKind, Library, Result, folder, sidecar};
use ear_core::{EpisodeId, Origin, Transcript, TranscriptId};
use ear_ingest::transcript::{self, Format, TextOptions};
use ear_store::{Document, DocumentKind, NewEpisode, NewJob};
use sha2::{Digest, Sha256};

impl Library {
    pub(super) fn add_transcript(&self, source: &Source, format: Format) -> Result<Added> {
        let options = source.options;
        let cut = TextOptions { skip_head: options.skip_head, skip_tail: options.skip_tail };
        let bytes = read_bounded(source.file)?;
        let parsed = transcript::parse(&bytes, format, &cut).map_err(|error| {
            Error::new(ErrorKind::BadInput, error.to_string()).at(source.file.display().to_string())
        })?;
        let mut words = parsed.transcript;
        words.origin = Origin::Imported;
        words.language = options.language.clone().or_else(|| sidecar::language_of(&source.name)).or(words.language);
        let hash = hex(&Sha256::digest(&bytes));
        let beside = source.path.as_deref().map(|path| self.recording_beside(path)).transpose()?.flatten();
        let (episode, became) = match options.joins.or(beside) {
            Some(episode) if self.is_known(episode, &hash)? => (episode, Became::Existing),
            Some(episode) => (episode, Became::Joined),
            None => {
                let title = options.title.clone().or_else(|| tagged(&parsed.title));
                let new = NewEpisode {
                    show: options.show.as_deref().map(|show| self.store.show_named(show)).transpose()?,
                    title: title.unwrap_or_else(|| source.title()),
                    date: options.date,
                    notes: options.notes.clone().unwrap_or_default(),
                    language: words.language.clone(),
                    recording: None,
                    source: source.origin(),
                    // What was left out belongs to the identity: the same file cut otherwise is another text.
                    source_key: Some(format!("{hash}:{}:{}", cut.skip_head, cut.skip_tail)),
                    cover_media_type: None,
                };
                let added = self.store.add_episode(&new)?;
                let is_there = added.existed && self.store.current_transcript(added.id)?.is_some();
                (added.id, if is_there { Became::Existing } else { Became::New })
            }
        };
        if became != Became::Existing {
            let document = Document {
                kind: DocumentKind::Transcript,
                hash: hash.clone(),
                bytes: bytes.len() as u64,
                source: source.origin(),
                media_type: None,
                language: words.language.clone(),
                transcript: None,
            };
            self.store_written(episode, &words, &bytes, document)?;
        }
        self.note_file(source, episode, &hash)?;
        if let Some(names) = &options.names {
            self.store.set_names_text(episode, Some(names))?;
            self.queue_names(episode)?;
        }
        let mut warnings: Vec<String> = parsed.warnings.iter().map(ToString::to_string).collect();
        if !folder::is_text_name(&source.name) {
            warnings.insert(0, "holds text whatever its name says, and was taken as a transcript".into());
        }
        self.added(source, episode, became, warnings)
    }

    /// Keeps a transcript that others wrote: the document as it came, and what was read from it.
    pub(crate) fn store_written(
        &self,
        episode: EpisodeId,
        words: &Transcript,
        bytes: &[u8],
        document: Document,
    ) -> Result<TranscriptId> {
        self.keep_document(bytes)?;
        let id = self.store.add_transcript(episode, words)?;
        self.store.add_document(episode, &Document { transcript: Some(id), ..document })?;
        if self.store.current_transcript(episode)? == Some(id) {
            self.queue_indexing(episode, id)?;
        }
        self.queue_alignment(episode)?;
        Ok(id)
    }

    /// Whether a transcript of this content was read for the episode before.
    pub(crate) fn is_known(&self, episode: EpisodeId, hash: &str) -> Result<bool> {
        let documents = self.store.documents(episode)?;
        Ok(documents.iter().any(|known| known.kind == DocumentKind::Transcript && known.hash == hash))
    }

    pub(crate) fn queue_indexing(&self, episode: EpisodeId, transcript: TranscriptId) -> Result<()> {
        self.store.enqueue(&index_job(episode, transcript))?;
        Ok(())
    }
}

/// The job that makes what a transcript reads searchable, once other repairs were accepted: another than one that
/// runs and may have read it before.
pub(crate) fn reading_job(episode: EpisodeId, transcript: TranscriptId, mark: &str) -> NewJob {
    let options = serde_json::json!({ "transcript": transcript, "reads": mark }).to_string();
    NewJob { options, ..index_job(episode, transcript) }
}

/// The job that makes a transcript searchable.
pub(crate) fn index_job(episode: EpisodeId, transcript: TranscriptId) -> NewJob {
    let options = serde_json::json!({ "transcript": transcript }).to_string();
    // Before any transcription: what is known should be findable first.
    NewJob { options, priority: 10, ..NewJob::new(INDEX, Some(episode)) }
}
