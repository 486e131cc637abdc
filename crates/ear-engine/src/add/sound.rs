//! Taking in sound.

use super::{AddOptions, Added, Became, Source, tagged};
use crate::jobs::TRANSCRIBE;
use crate::sidecar::{self, Part};
use crate::{Error, Library, Result};
use ear_core::{EpisodeDate, EpisodeId, Origin};
use ear_speech::audio::{self, FileInfo};
use ear_store::{EpisodeEdit, NewEpisode, NewJob, NewRecording};
use std::path::Path;

impl Library {
    pub(super) fn add_sound(&self, source: &Source) -> Result<Added> {
        let info = sound_tags(source.file)?;
        let (hash, bytes) = self.keep_recording(source.file, info.extension)?;
        let recording = self.described_recording(&info, hash.clone(), bytes, &source.name)?;
        let cover_media_type = info.tags.cover.as_ref().map(|cover| cover.media_type.clone());
        let written = match (&source.path, self.store.episode_from(&hash)?) {
            (Some(path), None) => self.text_beside(path)?,
            _ => None,
        };
        let (episode, became) = match written {
            Some(episode) => {
                self.store.attach_recording(episode, &recording)?;
                let edit = EpisodeEdit { cover_media_type: Some(cover_media_type), ..EpisodeEdit::default() };
                self.store.edit_episode(episode, &edit)?;
                (episode, Became::Joined)
            }
            None => {
                let described = self.described(source, &info)?;
                let new = NewEpisode { recording: Some(recording), cover_media_type, ..described };
                let added = self.store.add_episode(&new)?;
                (added.id, if added.existed { Became::Existing } else { Became::New })
            }
        };
        self.note_file(source, episode, &hash)?;
        let mut warnings = Vec::new();
        if let Some(names) = &source.options.names {
            self.store.set_names_text(episode, Some(names))?;
            self.queue_names(episode)?;
        }
        for (part, file) in source.path.as_deref().map(sidecar::beside).unwrap_or_default() {
            // Transcripts are taken in when they are named, as all files of a folder are.
            if part != Part::Transcript && became != Became::Existing {
                warnings.extend(self.read_beside(episode, part, &file)?);
            }
        }
        self.queue_transcription(episode, source.options)?;
        self.added(source, episode, became, warnings)
    }

    /// What is noted of a recording in its place; its cover is kept too.
    pub(crate) fn described_recording(
        &self,
        info: &FileInfo,
        hash: String,
        bytes: u64,
        name: &str,
    ) -> Result<NewRecording> {
        if let Some(cover) = &info.tags.cover {
            self.keep_cover(&hash, &cover.bytes)?;
        }
        Ok(NewRecording {
            hash,
            extension: info.extension.to_owned(),
            media_type: info.media_type.clone(),
            bytes,
            duration: info.duration,
            original_name: Some(name.to_owned()),
        })
    }

    /// Queues the recognition of an episode that nobody recognised yet and that no work waits for.
    fn queue_transcription(&self, episode: EpisodeId, options: &AddOptions) -> Result<()> {
        let transcripts = self.store.transcripts(episode)?;
        let is_heard = transcripts.iter().any(|info| info.complete && info.origin == Origin::Recognised);
        let waits = self.store.pending_for(&[episode])?.iter().any(|job| job.kind != crate::jobs::INDEX);
        if is_heard || waits {
            return Ok(());
        }
        self.store.enqueue(&transcribe_job(episode, options.model.as_deref(), options.language.as_deref()))?;
        Ok(())
    }

    fn described(&self, source: &Source, info: &FileInfo) -> Result<NewEpisode> {
        let (options, tags) = (source.options, &info.tags);
        let show = options.show.clone().or_else(|| tagged(&tags.album));
        let show = show.as_deref();
        let said = [&tags.description, &tags.comment].into_iter().flatten().max_by_key(|text| text.len()).cloned();
        Ok(NewEpisode {
            show: show.map(|show| self.store.show_named(show)).transpose()?,
            title: options.title.clone().or_else(|| tagged(&tags.title)).unwrap_or_else(|| source.title()),
            date: options.date.or_else(|| tags.date.as_deref().and_then(date_of)),
            notes: options.notes.clone().or(said).unwrap_or_default(),
            language: options.language.clone(),
            recording: None,
            source: source.origin(),
            source_key: None,
            cover_media_type: None,
        })
    }
}

/// What a file says of itself, if it is sound.
pub(crate) fn sound_tags(file: &Path) -> Result<FileInfo> {
    audio::probe(file).map_err(|error| {
        let not_sound = matches!(error, audio::AudioError::NotSound { .. });
        let error = Error::from(error);
        let remedy = "Give sound, video, or a transcript: srt, vtt, sbv, txt, md, json, html";
        if not_sound { error.remedy(remedy) } else { error }
    })
}

/// The job that recognises an episode.
pub(crate) fn transcribe_job(episode: EpisodeId, model: Option<&str>, language: Option<&str>) -> NewJob {
    let work = serde_json::json!({ "model": model, "language": language });
    NewJob { options: work.to_string(), ..NewJob::new(TRANSCRIBE, Some(episode)) }
}

/// The day in a tag's date, which may go on with a time: "2020-01-07T05:00".
fn date_of(tag: &str) -> Option<EpisodeDate> {
    tag.get(..10)?.parse().ok()
}
