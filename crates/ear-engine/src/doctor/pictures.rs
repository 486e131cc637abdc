//! Covers: pictures that came inside the sound, so one that is lost can be taken from there again.

use super::{Fault, Visit};
use crate::Result;
use ear_core::EpisodeId;
use ear_speech::audio;
use ear_store::{Episode, EpisodeEdit, EpisodeQuery};
use std::collections::BTreeSet;
use std::fs;

/// How pictures begin that browsers show.
const BEGINNINGS: [&[u8]; 5] = [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1A\n", b"GIF8", b"RIFF", b"BM"];

impl Visit<'_> {
    pub(super) fn pictures(&mut self) -> Result<()> {
        let store = &self.library.store;
        let all = EpisodeQuery { limit: store.count_episodes(&EpisodeQuery::default())?, ..EpisodeQuery::default() };
        let mut known = BTreeSet::new();
        for episode in store.list_episodes(&all)? {
            if let (Some(hash), Some(_)) = (&episode.recording, &episode.cover_media_type) {
                known.insert(self.library.cover_place(hash));
                self.cover(&episode, hash)?;
            }
        }
        let folder = self.library.folder().join("covers");
        self.strays(&folder, |file| known.contains(file), Fault::CoverStray, "picture")
    }

    fn cover(&mut self, episode: &Episode, hash: &str) -> Result<()> {
        let place = self.library.cover_place(hash);
        let inside = || self.inside(hash);
        let fault = match fs::read(&place) {
            Err(_) => Fault::CoverMissing,
            Ok(bytes) if !looks_whole(&bytes) => Fault::CoverBroken,
            Ok(bytes) if self.options.thorough && inside()?.is_some_and(|(_, cover)| cover != bytes) => {
                Fault::CoverBroken
            }
            Ok(_) => return Ok(()),
        };
        if self.options.repair {
            match inside()?.filter(|(_, cover)| looks_whole(cover)) {
                Some((media_type, cover)) => {
                    self.library.keep_cover(hash, &cover)?;
                    self.set_cover(episode.id, Some(media_type))?;
                }
                None => self.set_cover(episode.id, None)?,
            }
        }
        let what = if fault == Fault::CoverMissing { "missing" } else { "broken" };
        let message = format!("the cover of episode {} is {what}; a repair takes it from the sound again", episode.id);
        let mended = self.options.repair;
        self.found(fault, message, mended).at(&place);
        Ok(())
    }

    /// The picture inside the sound and its media type, if the sound is here and has one.
    fn inside(&self, hash: &str) -> Result<Option<(String, Vec<u8>)>> {
        let Some(recording) = self.library.store.recording(hash)? else { return Ok(None) };
        let file = self.library.recording_file(&recording);
        let cover = audio::probe(&file).ok().and_then(|info| info.tags.cover);
        Ok(cover.map(|cover| (cover.media_type, cover.bytes)))
    }

    fn set_cover(&self, episode: EpisodeId, media_type: Option<String>) -> Result<()> {
        let edit = EpisodeEdit { cover_media_type: Some(media_type), ..EpisodeEdit::default() };
        Ok(self.library.store.edit_episode(episode, &edit)?)
    }
}

fn looks_whole(bytes: &[u8]) -> bool {
    BEGINNINGS.iter().any(|beginning| bytes.starts_with(beginning)) || bytes.get(4..8) == Some(b"ftyp")
}
