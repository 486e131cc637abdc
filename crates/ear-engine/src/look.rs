//! Looking at what the library holds.

use crate::jobs::{CLIPS, DESCRIBE, FETCH, INDEX, MEANING, NAMES, TRANSCRIBE};
use crate::listing::{no_episode, no_transcript};
use crate::names::parts;
use crate::{
    EpisodeDetail, EpisodeState, EpisodeSummary, Error, ErrorKind, FeedView, JobState, JobView, Library, ListEpisodes,
    Outlook, Page, ReadableTranscript, Reading, Result, ShowSummary, Stage, StageOutlook, TranscriptInfo, retention,
};
use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_store::{Episode, EpisodeQuery, Job, JobQuery, Waiting};
use std::path::PathBuf;

/// Titles named where a part of one is not enough.
const NAMED: usize = 8;
/// Jobs listed at most of each state.
const JOBS: usize = 500;

impl Library {
    /// Episodes, newest first by date, then by when they were added.
    pub fn episodes(&self, list: &ListEpisodes) -> Result<Page<EpisodeSummary>> {
        let show = list.show.map(Some);
        if list.unready {
            return self.unready(show, list);
        }
        let query = EpisodeQuery { show, state: None, offset: list.offset, limit: list.limit };
        let total = self.store.count_episodes(&query)?;
        let items =
            self.store.list_episodes(&query)?.iter().map(|episode| self.summary(episode)).collect::<Result<_>>()?;
        Ok(Page { total, items })
    }

    fn unready(&self, show: Option<Option<ShowId>>, list: &ListEpisodes) -> Result<Page<EpisodeSummary>> {
        use ear_store::EpisodeState as State;
        let mut found = Vec::new();
        let mut total = 0;
        for state in [State::Working, State::Queued, State::Failed, State::New] {
            let query = EpisodeQuery { show, state: Some(state), offset: 0, limit: list.offset + list.limit };
            total += self.store.count_episodes(&query)?;
            found.extend(self.store.list_episodes(&query)?);
        }
        let page = found.iter().skip(list.offset).take(list.limit);
        Ok(Page { total, items: page.map(|episode| self.summary(episode)).collect::<Result<_>>()? })
    }

    /// One episode; an error of kind `NotFound` if there is none.
    pub fn episode(&self, id: EpisodeId) -> Result<EpisodeDetail> {
        let episode = self.known(id)?;
        let recording = episode.recording.as_deref().map(|hash| self.store.recording(hash)).transpose()?.flatten();
        let facts = self.store.facts(id)?;
        let mut transcripts = self.store.transcripts(id)?;
        transcripts.retain(|info| info.complete);
        transcripts.sort_by_key(|info| Some(info.id) != episode.transcript);
        Ok(EpisodeDetail {
            summary: self.summary(&episode)?,
            notes: Some(episode.notes).filter(|notes| !notes.is_empty()),
            source: episode.source,
            media_type: recording.as_ref().map(|recording| recording.media_type.clone()),
            bytes: recording.map(|recording| recording.bytes),
            sound_removed: episode.sound_removed.as_ref().map(retention::told),
            has_cover: episode.cover_media_type.is_some(),
            transcripts: transcripts.into_iter().map(transcript_info).collect(),
            chapters: self.store.chapters(id)?,
            credits: self.store.credits(id)?,
            link: facts.link,
            season: facts.season,
            number: facts.number,
            explicit: facts.explicit,
            names: self.store.names_text(id)?,
        })
    }

    /// The episode meant by an id or an unambiguous part of its title; `NotFound` or `Ambiguous` otherwise.
    pub fn find_episode(&self, text: &str) -> Result<EpisodeId> {
        let found = self.store.find_episodes(text, NAMED + 1)?;
        match found.as_slice() {
            [] => Err(Error::new(ErrorKind::NotFound, format!("no episode has the id or title `{text}`"))
                .remedy("`earwitness list` shows what there is")),
            [episode] => Ok(episode.id),
            several => {
                let named: Vec<String> =
                    several.iter().take(NAMED).map(|episode| format!("{} ({})", episode.id, episode.title)).collect();
                let more = if several.len() > NAMED { " and more" } else { "" };
                let message = format!("`{text}` is in several titles: {}{more}", named.join(", "));
                Err(Error::new(ErrorKind::Ambiguous, message).remedy("Give the id, or more of the title"))
            }
        }
    }

    /// The show meant by an id or its title.
    pub fn find_show(&self, text: &str) -> Result<ShowId> {
        if let Some(show) = self.store.find_show(text)? {
            return Ok(show.id);
        }
        let by_id = text.parse().ok().map(|id| self.store.show(id)).transpose()?.flatten();
        let missing = || Error::new(ErrorKind::NotFound, format!("no show has the id or title `{text}`"));
        by_id.map(|show| show.id).ok_or_else(|| missing().remedy("`earwitness list --shows` shows what there is"))
    }

    /// All shows, by title.
    pub fn shows(&self) -> Result<Vec<ShowSummary>> {
        let feeds = self.feeds()?;
        let of = |show: ShowId| feeds.iter().filter(|(of, _)| *of == show).map(|(_, feed)| feed.clone()).collect();
        let shows = self.store.shows()?.into_iter().map(|listing| ShowSummary {
            feeds: of(listing.show.id),
            id: listing.show.id,
            title: listing.show.title,
            notes: Some(listing.show.notes).filter(|notes| !notes.is_empty()),
            episodes: listing.episodes,
            duration: listing.duration,
        });
        Ok(shows.collect())
    }

    /// The feeds that are followed, with their shows, and how they went last.
    pub fn feeds(&self) -> Result<Vec<(ShowId, FeedView)>> {
        let view = |feed: ear_store::Feed| FeedView {
            url: feed.url,
            checked: feed.checked_at,
            succeeded: feed.succeeded_at,
            error: feed.error.as_ref().map(sentence),
        };
        Ok(self.store.feeds(None)?.into_iter().map(|feed| (feed.show, view(feed))).collect())
    }

    /// The transcript that is read (or `which`), with accepted repairs; `None` while there is none.
    pub fn transcript(&self, episode: EpisodeId, which: Option<TranscriptId>) -> Result<Option<ReadableTranscript>> {
        self.transcript_as(episode, which, Reading::Repaired)
    }

    /// The same, read with or without repairs.
    pub fn transcript_as(
        &self,
        episode: EpisodeId,
        which: Option<TranscriptId>,
        reading: Reading,
    ) -> Result<Option<ReadableTranscript>> {
        let id = match which {
            Some(id) => {
                let info = self.store.transcript_info(id)?.filter(|info| info.episode == episode && info.complete);
                info.ok_or_else(|| no_transcript(episode))?.id
            }
            None => match self.known(episode)?.transcript {
                Some(id) => id,
                None => return Ok(None),
            },
        };
        let (transcript, repaired) = self.read_transcript(id, reading)?;
        let (sentences, passages) = parts(&transcript);
        let passages = passages.into_iter().map(|passage| passage.words).collect();
        Ok(Some(ReadableTranscript { id, transcript, sentences, passages, repaired }))
    }

    /// The recording's file and media type; `None` if there is no sound, or a rule removed it.
    pub fn recording(&self, episode: EpisodeId) -> Result<Option<(PathBuf, String)>> {
        let recording = self.known(episode)?.recording.map(|hash| self.store.recording(&hash)).transpose()?.flatten();
        let here = recording.filter(|recording| recording.removed.is_none());
        Ok(here.map(|recording| (self.recording_file(&recording), recording.media_type)))
    }

    /// The cover picture's file and media type.
    pub fn cover(&self, episode: EpisodeId) -> Result<Option<(PathBuf, String)>> {
        let episode = self.known(episode)?;
        Ok(episode
            .recording
            .zip(episode.cover_media_type)
            .map(|(hash, media_type)| (self.cover_place(&hash), media_type)))
    }

    /// Jobs, newest first; finished ones only with `all`.
    pub fn jobs(&self, all: bool) -> Result<Vec<JobView>> {
        let mut jobs = Vec::new();
        for state in ear_store::JobState::ALL.into_iter().filter(|state| all || *state != ear_store::JobState::Done) {
            jobs.extend(self.store.list_jobs(&JobQuery { state: Some(state), limit: JOBS, ..JobQuery::default() })?);
        }
        jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
        jobs.into_iter().filter_map(|job| self.job_view(job).transpose()).collect()
    }

    /// What waits or runs, by stage, and how long it will take.
    pub fn outlook(&self) -> Result<Outlook> {
        let waiting = self.store.waiting()?;
        let of = |stage, kind: &str| {
            let groups: Vec<_> = waiting.iter().filter(|group| group.kind == kind).collect();
            (!groups.is_empty()).then(|| StageOutlook {
                stage,
                jobs: groups.iter().map(|group| group.jobs).sum(),
                rest: groups.iter().map(|group| group.rest).sum(),
                unknown: groups.iter().map(|group| group.unknown).sum(),
                left: groups.iter().map(|group| time_left(group)).sum(),
            })
        };
        let stages = [(Stage::Fetching, FETCH), (Stage::Recognising, TRANSCRIBE), (Stage::Indexing, INDEX)];
        Ok(Outlook { stages: stages.into_iter().filter_map(|(stage, kind)| of(stage, kind)).collect() })
    }

    fn job_view(&self, job: Job) -> Result<Option<JobView>> {
        let Some(episode) = job.episode.map(|id| self.store.episode(id)).transpose()?.flatten() else {
            return Ok(None);
        };
        Ok(Some(JobView {
            id: job.id,
            kind: job.kind,
            episode: (episode.id, episode.title),
            state: job_state(job.state),
            progress: Some(job.progress).filter(|_| job.state == ear_store::JobState::Running),
            stage: job.stage,
            amount: (job.done, job.total),
            not_before: Some(job.not_before)
                .filter(|at| job.state == ear_store::JobState::Queued && *at > ear_store::now()),
            attempts: job.attempts,
            error: job.error.as_ref().map(sentence),
        }))
    }

    pub(crate) fn known(&self, id: EpisodeId) -> Result<Episode> {
        self.store.episode(id)?.ok_or_else(|| no_episode(id))
    }

    fn summary(&self, episode: &Episode) -> Result<EpisodeSummary> {
        let info = episode.transcript.map(|id| self.store.transcript_info(id)).transpose()?.flatten();
        Ok(EpisodeSummary {
            id: episode.id,
            title: episode.title.clone(),
            show: episode.show.zip(episode.show_title.clone()),
            date: episode.date,
            duration: episode.duration.or_else(|| info.as_ref().and_then(|info| info.duration)),
            language: episode.language.clone().or_else(|| info.as_ref().and_then(|info| info.language.clone())),
            has_sound: episode.recording.is_some() && episode.sound_removed.is_none(),
            words: info.map_or(0, |info| info.words),
            state: self.state(episode)?,
        })
    }

    fn state(&self, episode: &Episode) -> Result<EpisodeState> {
        use ear_store::EpisodeState as State;
        let jobs = || self.store.list_jobs(&JobQuery { episode: Some(episode.id), limit: 5, ..JobQuery::default() });
        let is_running = |job: &Job| {
            job.state == ear_store::JobState::Running && ![NAMES, MEANING, CLIPS, DESCRIBE].contains(&job.kind.as_str())
        };
        Ok(match episode.state {
            State::Ready => EpisodeState::Ready,
            State::Queued => EpisodeState::Queued,
            State::Working => match jobs()?.into_iter().find(is_running) {
                Some(job) => EpisodeState::Working(
                    Some(job.progress),
                    job.stage.unwrap_or_else(|| crate::Stage::Loading.label().into()),
                ),
                None => EpisodeState::Queued,
            },
            State::Failed => {
                let failed = jobs()?.into_iter().find(|job| job.state == ear_store::JobState::Failed);
                EpisodeState::Failed(failed.and_then(|job| job.error).as_ref().map_or_else(String::new, sentence))
            }
            State::New => EpisodeState::Cancelled,
        })
    }
}

/// Milliseconds that a group of jobs takes. One without a known size counts as the mean of the others.
fn time_left(group: &Waiting) -> Option<u64> {
    if group.kind == INDEX {
        // Takes moments, and has no size.
        return Some(0);
    }
    let (known, pace) = (group.jobs.saturating_sub(group.unknown), group.pace?);
    if known == 0 || pace <= 0.0 {
        return None;
    }
    let rest = group.rest as f64 * group.jobs as f64 / known as f64;
    Some((rest / pace) as u64)
}

fn sentence(error: &ear_store::JobError) -> String {
    match &error.remedy {
        Some(remedy) => format!("{}. {remedy}", error.message),
        None => error.message.clone(),
    }
}

fn job_state(state: ear_store::JobState) -> JobState {
    match state {
        ear_store::JobState::Queued => JobState::Queued,
        ear_store::JobState::Running => JobState::Running,
        ear_store::JobState::Done => JobState::Done,
        ear_store::JobState::Failed => JobState::Failed,
        ear_store::JobState::Cancelled => JobState::Cancelled,
    }
}

fn transcript_info(info: ear_store::TranscriptInfo) -> TranscriptInfo {
    TranscriptInfo {
        id: info.id,
        origin: info.origin,
        language: info.language,
        engine: info.engine,
        model: info.model,
        timing: info.timing,
        words: info.words,
    }
}
