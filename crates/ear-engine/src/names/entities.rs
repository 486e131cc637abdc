//! Names across the library.

use super::episode::spellings;
use super::spelling::checked;
use crate::{Error, ErrorKind, Library, MentionView, NameDetail, NameEpisode, NameSummaryView, Result};
use ear_core::{EpisodeId, Name, NameId, NameKind, NameSource, SourceKind};
use ear_store::{Episode, NamePlace, NameSummary, fold_name};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Places of a name that are shown.
const PLACES: usize = 2000;

impl Library {
    /// The names of the library, those said most often first; how many there are in all.
    pub fn name_listing(
        &self,
        kind: Option<NameKind>,
        query: Option<&str>,
        limit: usize,
        offset: usize,
    ) -> Result<(Vec<NameSummaryView>, usize)> {
        let (found, total) = self.store.names_listing(kind, query, limit, offset)?;
        Ok((found.into_iter().map(summary).collect(), total))
    }

    /// One name and the episodes that say it; an error of kind `NotFound` if there is none.
    pub fn name_detail(&self, id: NameId) -> Result<NameDetail> {
        let name = summary(self.store.name_summary(id)?.ok_or_else(|| no_name(id))?);
        let mut places: HashMap<EpisodeId, Vec<NamePlace>> = HashMap::new();
        let mut found = 0;
        for place in self.store.name_places(name.id, PLACES, 0)? {
            places.entry(place.episode).or_default().push(place);
            found += 1;
        }
        let mut episodes = self.store.episodes(&places.keys().copied().collect::<Vec<_>>())?;
        episodes.sort_by_key(|episode| Reverse((episode.date, episode.id)));
        let episodes = episodes.into_iter().map(|episode| {
            let places = places.remove(&episode.id).unwrap_or_default();
            said_in(episode, places)
        });
        let more = if found == PLACES { name.mentions.saturating_sub(PLACES as u64) } else { 0 };
        Ok(NameDetail { name, episodes: episodes.collect(), more })
    }

    /// Makes one name of several: those `away` go, and what they had and what is heard for them later goes to `keep`.
    /// It is undone as a whole.
    pub fn merge_names(&self, keep: NameId, away: &[NameId]) -> Result<()> {
        if away.is_empty() || away.contains(&keep) {
            return Err(Error::new(ErrorKind::BadInput, format!("name {keep} can't be joined with itself")));
        }
        let episodes = self.store.merge_names(keep, away)?;
        self.follow_decision(&episodes)
    }

    /// Makes two names of one: these spellings become a name of their own, and stay so.
    pub fn split_name(&self, id: NameId, spellings: &[String], new_name: &str) -> Result<NameId> {
        let new_name = checked(new_name)?;
        let stored = self.store.name(id)?;
        let stored = stored.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no name {id}")))?;
        let known: HashSet<String> = stored.variants.iter().map(|variant| fold_name(&variant.text)).collect();
        if let Some(unknown) = spellings.iter().find(|spelling| !known.contains(&fold_name(spelling))) {
            let message = format!("`{unknown}` is no other spelling of {}", stored.name);
            return Err(Error::new(ErrorKind::BadInput, message).remedy("`earwitness names about NAME` lists them"));
        }
        Ok(self.store.split_name(id, spellings, &new_name)?)
    }

    /// Gives a name another right spelling.
    pub fn rename_name(&self, id: NameId, name: &str) -> Result<()> {
        Ok(self.store.rename_name(id, &checked(name)?)?)
    }

    /// Says what a name is the name of.
    pub fn set_name_kind(&self, id: NameId, kind: Option<NameKind>) -> Result<()> {
        Ok(self.store.set_name_kind(id, kind)?)
    }

    /// Follows a name, so that it is looked for in every new episode, or no longer does.
    pub fn follow_name(&self, id: NameId, follow: bool) -> Result<()> {
        Ok(self.store.follow_name(id, follow)?)
    }

    /// Takes a name out of all lists: it is not proposed any more, nor looked for. What was accepted reads as before.
    /// With `forget` false it is brought back.
    pub fn forget_name(&self, id: NameId, forget: bool) -> Result<()> {
        self.store.forget_name(id, forget)?;
        if !forget {
            self.store.episodes_with_name(id)?.into_iter().try_for_each(|episode| self.queue_names(episode))?;
        }
        Ok(())
    }

    /// The names that the user wants to see no more.
    pub fn forgotten_names(&self) -> Result<Vec<NameSummaryView>> {
        let mut found = Vec::new();
        for name in self.store.forgotten_names()? {
            found.extend(self.store.name_summary(name.id)?.map(summary));
        }
        Ok(found)
    }

    /// Adds a name and follows it; one of that spelling is taken instead.
    pub fn add_name(&self, name: &str, kind: Option<NameKind>, variants: &[String]) -> Result<NameId> {
        let source = NameSource { kind: SourceKind::Followed, text: String::new() };
        let variants = variants.iter().map(|spelling| checked(spelling)).collect::<Result<_>>()?;
        let name = checked(name)?;
        Ok(self.store.add_name(&Name { name, kind, role: None, variants, sources: vec![source] })?)
    }
}

fn summary(found: NameSummary) -> NameSummaryView {
    let (misheard, variants) = spellings(&found.name);
    NameSummaryView {
        id: found.name.id,
        name: found.name.name,
        kind: found.name.kind,
        role: found.name.role,
        variants,
        misheard,
        followed: found.name.followed,
        mentions: found.mentions,
        episodes: found.episodes,
        proposed: found.proposed,
        forgotten: found.name.forgotten,
    }
}

fn said_in(episode: Episode, mut places: Vec<NamePlace>) -> NameEpisode {
    places.sort_by_key(|place| place.words.start);
    let view =
        |place: NamePlace| MentionView { words: place.words, span: place.span, heard: place.heard, by: place.by };
    NameEpisode {
        id: episode.id,
        title: episode.title,
        date: episode.date,
        transcript: places.first().map(|place| place.transcript),
        mentions: places.into_iter().map(view).collect(),
    }
}

fn no_name(id: NameId) -> Error {
    let error = Error::new(ErrorKind::NotFound, format!("there is no name {id}"));
    error.remedy("`earwitness names --people` and its like show what there is")
}
