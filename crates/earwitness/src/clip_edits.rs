//! What the command line and the interface for programs share of making clips right by hand.

use ear_engine::core::{ClipId, ClipKind, EpisodeId};
use ear_engine::{ClipView, Edge, Library, Result, UndoneEdit};

/// A change of a clip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClipChange {
    /// Another headline; `None`: that which its words give it.
    Rename(Option<String>),
    /// One of its ends goes to the sentence that begins nearest to a word.
    Move(Edge, usize),
    /// It is split in front of the sentence that begins nearest to a word.
    Split(usize),
    /// It is joined with the one that follows.
    Join,
    /// It is an advertisement, or none.
    Kind(ClipKind),
}

/// Changes a clip. The clips that are new, or not as they were, in order; that which was changed is among them.
pub fn change(library: &Library, id: ClipId, change: &ClipChange) -> Result<Vec<ClipView>> {
    let episode = library.clip(id)?.episode.0;
    let before = library.clips(episode)?.clips;
    let changed = match change {
        ClipChange::Rename(headline) => library.rename_clip(id, headline.as_deref())?,
        ClipChange::Move(edge, word) => library.move_clip_edge(id, *edge, *word)?,
        ClipChange::Split(word) => library.split_clip(id, *word)?,
        ClipChange::Join => library.join_clips(id)?,
        ClipChange::Kind(kind) => library.set_clip_kind(id, *kind)?,
    };
    Ok(others(&before, library.clips(episode)?.clips, Some(changed.id)))
}

/// Takes back the last change to the clips of an episode; `None` where there is none. The clips that are not as they
/// were.
pub fn undo(library: &Library, episode: EpisodeId) -> Result<Option<(UndoneEdit, Vec<ClipView>)>> {
    let before = library.clips(episode)?.clips;
    let Some(undone) = library.undo_clip_edit(episode)? else { return Ok(None) };
    Ok(Some((undone, others(&before, library.clips(episode)?.clips, None))))
}

/// What had been done, in words that go on from "took back".
pub fn undone_text(undone: &UndoneEdit) -> String {
    match undone.what.as_str() {
        "move" => "moving the edge of a clip".into(),
        "split" => "splitting a clip".into(),
        "join" => "joining two clips".into(),
        "rename" => "giving a clip a headline".into(),
        "kind" => "saying whether a clip is an advertisement".into(),
        other => format!("the last change, `{other}`"),
    }
}

/// Of these clips those that are not as they were before, and `always`.
fn others(before: &[ClipView], after: Vec<ClipView>, always: Option<ClipId>) -> Vec<ClipView> {
    let is_same = |clip: &ClipView| before.iter().any(|one| one.id == clip.id && one.clip == clip.clip);
    after.into_iter().filter(|clip| Some(clip.id) == always || !is_same(clip)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::clip_samples;

    #[test]
    fn clips_that_changed_are_told() {
        let (clip, advert) = (clip_samples::clip(), clip_samples::advert());
        let mut shorter = clip.clone();
        shorter.clip.words.end -= 1;
        let mut neighbour = advert.clone();
        neighbour.previous = None;
        let before = [clip.clone(), advert.clone()];
        for (after, always, expected) in [
            (vec![clip.clone(), neighbour], None, vec![]),
            (vec![clip.clone(), advert.clone()], Some(advert.id), vec![13]),
            (vec![shorter, ClipView { id: ClipId(14), ..advert }], None, vec![12, 14]),
        ] {
            let ids: Vec<i64> = others(&before, after, always).iter().map(|clip| clip.id.0).collect();
            assert_eq!(ids, expected);
        }
    }
}
