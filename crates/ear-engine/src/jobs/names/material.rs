//! What the names of an episode are gathered from.

use super::list::List;
use crate::{Library, Result};
use ear_core::{Name, NameId, NameSource, SourceKind, Transcript, WordRange};
use ear_language::names::{self, Listed, Material};
use ear_speech::audio;
use ear_store::Episode;

/// Names of this share of a show's episodes are regulars.
const REGULAR: f32 = 0.2;
/// Regulars that are taken.
const REGULARS: usize = 80;
/// How far apart two episodes may be for the names of one to be expected in the other, in days.
const NEAR: u32 = 21;
/// Names that are taken from other episodes.
const NEAR_NAMES: usize = 300;

impl Library {
    /// The names that an episode may say: from its own text, and from what the library knows.
    pub(super) fn names_list(
        &self,
        episode: &Episode,
        transcript: &Transcript,
        sentences: &[WordRange],
    ) -> Result<List> {
        let mut list = List::without(&self.store.forgotten_names()?);
        self.gathered(episode, transcript, sentences)?.into_iter().for_each(|name| list.add(name));
        for known in self.store.followed_names()? {
            list.add_known(&known, source(SourceKind::Followed, String::new()));
        }
        if let Some(show) = episode.show {
            let regulars = self.store.regulars(show, episode.id, REGULAR, REGULARS)?;
            self.add_by_id(&mut list, &regulars, SourceKind::Regular)?;
        }
        if let Some(date) = episode.date {
            let near = self.store.near_names(episode.id, date, NEAR, NEAR_NAMES)?;
            self.add_by_id(&mut list, &near, SourceKind::Library)?;
        }
        Ok(list)
    }

    fn add_by_id(&self, list: &mut List, found: &[(NameId, u32)], kind: SourceKind) -> Result<()> {
        let ids: Vec<NameId> = found.iter().map(|(id, _)| *id).collect();
        for known in self.store.names_by_id(&ids)? {
            let episodes = found.iter().find(|(id, _)| *id == known.id).map_or(1, |(_, episodes)| *episodes);
            let many = if episodes == 1 { "" } else { "s" };
            list.add_known(&known, source(kind, format!("{episodes} other episode{many}")));
        }
        Ok(())
    }

    /// Names that the episode's own text and its words hold.
    pub(crate) fn gathered(
        &self,
        episode: &Episode,
        transcript: &Transcript,
        sentences: &[WordRange],
    ) -> Result<Vec<Name>> {
        let listed = self.store.names_text(episode.id)?.map(|text| ear_ingest::names::parse(&text).0);
        let listed: Vec<Listed<'_>> = listed
            .iter()
            .flatten()
            .map(|entry| Listed {
                name: &entry.name,
                variants: &entry.variants,
                role: entry.role.as_deref(),
                kind: None,
            })
            .collect();
        let (credits, chapters) = (self.store.credits(episode.id)?, self.store.chapters(episode.id)?);
        let tags = self.tags(episode)?;
        let tags: Vec<(&str, &str)> = tags.iter().map(|(tag, text)| (*tag, text.as_str())).collect();
        let show_notes = episode.show.map(|id| self.store.show(id)).transpose()?.flatten().map(|show| show.notes);
        Ok(names::gather(&Material {
            title: &episode.title,
            notes: &episode.notes,
            credits: &credits,
            chapters: &chapters,
            tags: &tags,
            show: episode.show_title.as_deref().unwrap_or_default(),
            show_notes: show_notes.as_deref().unwrap_or_default(),
            listed: &listed,
            words: &transcript.words,
            sentences,
            language: transcript.language.as_deref().or(episode.language.as_deref()),
        }))
    }

    /// What the file of the sound says of itself. Sound that is gone or can't be read says nothing.
    fn tags(&self, episode: &Episode) -> Result<Vec<(&'static str, String)>> {
        let Some((file, _)) = self.recording(episode.id)? else { return Ok(Vec::new()) };
        let Ok(info) = audio::probe(&file) else { return Ok(Vec::new()) };
        let tags = info.tags;
        let texts = [
            ("artist", tags.artist),
            ("album", tags.album),
            ("title", tags.title),
            ("comment", tags.comment),
            ("description", tags.description),
        ];
        Ok(texts.into_iter().filter_map(|(tag, text)| Some((tag, text?))).collect())
    }
}

fn source(kind: SourceKind, text: String) -> NameSource {
    NameSource { kind, text }
}
