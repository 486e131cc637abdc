//! Editing and removing what the library holds.

use crate::add::{checked_language, clean_title};
use crate::{EpisodeEdit, Error, ErrorKind, Library, Result, ShowEdit};
use ear_core::{EpisodeId, JobId, ShowId, TranscriptId};
use ear_store::{EpisodeQuery, Recording, Removed};
use std::path::Path;
use std::{fs, io};

impl Library {
    /// Changes what is known of an episode; searching finds it under the new values at once.
    pub fn edit_episode(&self, id: EpisodeId, edit: &EpisodeEdit) -> Result<()> {
        let show = match &edit.show {
            Some(Some(title)) => Some(Some(self.store.show_named(&clean_title(title))?)),
            Some(None) => Some(None),
            None => None,
        };
        let stored = ear_store::EpisodeEdit {
            title: edit.title.as_deref().map(clean_title),
            show,
            date: edit.date,
            notes: edit.notes.clone().map(Option::unwrap_or_default),
            language: edit
                .language
                .clone()
                .map(|code| code.as_deref().map(checked_language).transpose())
                .transpose()?,
            cover_media_type: None,
        };
        self.store.edit_episode(id, &stored)?;
        if edit.title.is_some() || edit.notes.is_some() {
            self.queue_names(id)?;
        }
        self.index_episodes(&[id])
    }

    /// Changes a show.
    pub fn edit_show(&self, id: ShowId, edit: &ShowEdit) -> Result<()> {
        let notes = edit.notes.clone().map(Option::unwrap_or_default);
        let title = edit.title.as_deref().map(clean_title);
        self.store.edit_show(id, title.as_deref(), notes.as_deref())?;
        if edit.title.is_some() {
            self.index_episodes(&self.episodes_of(id)?)?;
        }
        Ok(())
    }

    fn episodes_of(&self, show: ShowId) -> Result<Vec<EpisodeId>> {
        let mut query = EpisodeQuery { show: Some(Some(show)), ..EpisodeQuery::default() };
        query.limit = self.store.count_episodes(&query)?;
        Ok(self.store.list_episodes(&query)?.into_iter().map(|episode| episode.id).collect())
    }

    fn transcripts_of(&self, episodes: &[EpisodeId]) -> Result<Vec<TranscriptId>> {
        let mut transcripts = Vec::new();
        for episode in episodes {
            transcripts.extend(self.store.transcripts(*episode)?.into_iter().map(|info| info.id));
        }
        Ok(transcripts)
    }

    /// Removes an episode with its sound and everything derived from it.
    pub fn remove_episode(&self, id: EpisodeId) -> Result<()> {
        self.known(id)?;
        let transcripts = self.transcripts_of(&[id])?;
        let removed = self.with_reserve(|| Ok(self.store.remove_episodes(&[id])?))?;
        self.drop_vectors(&transcripts)?;
        self.forget(&removed)
    }

    /// Removes a show with all its episodes. How many there were.
    pub fn remove_show(&self, id: ShowId) -> Result<usize> {
        let transcripts = self.transcripts_of(&self.episodes_of(id)?)?;
        let removed = self.with_reserve(|| Ok(self.store.remove_show(id)?))?;
        self.drop_vectors(&transcripts)?;
        self.forget(&removed)?;
        Ok(removed.episodes.len())
    }

    /// Takes what was removed from the database out of the index and off the disk. The database comes first:
    /// what a power cut leaves behind is found by the doctor and shown to nobody.
    fn forget(&self, removed: &Removed) -> Result<()> {
        self.index()?.remove(&removed.episodes)?;
        removed.documents.iter().try_for_each(|hash| delete(&self.document_place(hash)))?;
        removed.recordings.iter().try_for_each(|recording| self.delete_recording(recording))
    }

    fn delete_recording(&self, recording: &Recording) -> Result<()> {
        delete(&self.recording_file(recording))?;
        delete(&self.cover_place(&recording.hash))
    }

    /// Takes a job back; a running one stops at its next heartbeat.
    pub fn cancel_job(&self, id: JobId) -> Result<()> {
        let found = self.store.cancel(id)?;
        self.job_changed(found, id, "is over already")
    }

    /// Puts a failed or cancelled job back in the queue; what it had done is kept.
    pub fn retry_job(&self, id: JobId) -> Result<()> {
        let found = self.store.retry(id)?;
        self.job_changed(found, id, "neither failed nor was cancelled")
    }

    fn job_changed(&self, changed: bool, id: JobId, otherwise: &str) -> Result<()> {
        if changed {
            return Ok(());
        }
        match self.store.job(id)? {
            Some(_) => Err(Error::new(ErrorKind::BadInput, format!("job {id} {otherwise}"))),
            None => {
                let error = Error::new(ErrorKind::NotFound, format!("there is no job {id}"));
                Err(error.remedy("`earwitness jobs list` shows what there is"))
            }
        }
    }
}

/// What is gone already is deleted.
fn delete(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::file(file, &error)),
        _ => Ok(()),
    }
}
