//! Clips of episodes, and what comes after them.

use super::NextDto;
use ear_engine::core::{
    Author, ClipId, ClipKind, EpisodeDate, EpisodeId, Grounded, Millis, NameId, NameKind, ShowId, Span, TranscriptId,
};
use ear_engine::{ClipView, ClipsView, NextView, UndoneEdit};
use serde::Serialize;

/// The clips of an episode.
#[derive(Debug, Serialize)]
pub struct ClipsDto {
    episode_id: EpisodeId,
    /// The transcript that is read; null while there is none.
    transcript_id: Option<TranscriptId>,
    /// Clips are still to be made, or to be made anew.
    pending: bool,
    /// What could make them better.
    note: Option<String>,
    /// How many advertisements and pieces of music are not among these.
    left_out: usize,
    clips: Vec<ClipDto>,
    next: Vec<NextDto>,
}

/// A clip.
#[derive(Debug, Serialize)]
pub struct ClipDto {
    id: ClipId,
    episode_id: EpisodeId,
    episode: String,
    show_id: Option<ShowId>,
    show: Option<String>,
    date: Option<EpisodeDate>,
    transcript_id: TranscriptId,
    kind: ClipKind,
    /// What kind of advertisement.
    label: Option<String>,
    start_word: usize,
    end_word: usize,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    headline: String,
    headline_by: Author,
    /// Where the headline was found, if those are not the clip's own words.
    headline_source: Option<String>,
    summary: Vec<GroundedDto>,
    summary_by: Author,
    keywords: Vec<String>,
    people: Vec<String>,
    places: Vec<String>,
    organisations: Vec<String>,
    /// People, places and organisations with their ids.
    names: Vec<NamedDto>,
    /// The title of the publisher's chapter that it lies in.
    chapter: Option<String>,
    /// Its source ends in the middle of a sentence.
    broken_off: bool,
    by_hand: bool,
    heard: bool,
    previous_id: Option<ClipId>,
    following_id: Option<ClipId>,
    url: String,
}

/// A sentence about a clip, and the words that say so.
#[derive(Debug, Serialize)]
pub struct GroundedDto {
    text: String,
    start_word: usize,
    end_word: usize,
}

/// A name that a clip says.
#[derive(Debug, Serialize)]
pub struct NamedDto {
    id: NameId,
    name: String,
    kind: NameKind,
}

/// A clip with what is said in it.
#[derive(Debug, Serialize)]
pub struct ClipDetailDto {
    clip: ClipDto,
    /// Its words, as they are read.
    text: String,
    next: Vec<NextDto>,
}

/// What became of an edit: the clips that are new, or not as they were, in order.
#[derive(Debug, Serialize)]
pub struct EditedDto {
    clips: Vec<ClipDto>,
}

/// An edit that was taken back.
#[derive(Debug, Serialize)]
pub struct UndoneEditDto {
    /// What had been done: `move`, `split`, `join`, `rename` or `kind`.
    act: String,
    /// When, in unix milliseconds.
    at: i64,
    /// The clips that are new, or not as they were.
    clips: Vec<ClipDto>,
}

impl ClipsDto {
    /// The clips of this episode; advertisements and music only where they are asked for.
    pub fn new(episode: EpisodeId, view: &ClipsView, adverts: bool, next: &[NextView]) -> Self {
        let clips: Vec<ClipDto> =
            view.clips.iter().filter(|clip| adverts || clip.is_told()).map(ClipDto::from).collect();
        Self {
            episode_id: episode,
            transcript_id: view.transcript,
            pending: view.pending,
            note: view.note.clone(),
            left_out: view.clips.len() - clips.len(),
            clips,
            next: next.iter().map(NextDto::from).collect(),
        }
    }
}

impl From<&ClipView> for ClipDto {
    fn from(view: &ClipView) -> Self {
        let clip = &view.clip;
        let said = &clip.description;
        let names = |names: &[(NameId, String)]| names.iter().map(|(_, name)| name.clone()).collect();
        Self {
            id: view.id,
            episode_id: view.episode.0,
            episode: view.episode.1.clone(),
            show_id: view.show.as_ref().map(|show| show.0),
            show: view.show.as_ref().map(|show| show.1.clone()),
            date: view.date,
            transcript_id: view.transcript,
            kind: clip.kind,
            label: clip.label.clone(),
            start_word: clip.words.start,
            end_word: clip.words.end,
            start_ms: clip.span.map(Span::start),
            end_ms: clip.span.map(Span::end),
            headline: said.headline.clone(),
            headline_by: said.headline_by,
            headline_source: said.headline_source.clone(),
            summary: said.summary.iter().map(GroundedDto::from).collect(),
            summary_by: said.summary_by,
            keywords: said.keywords.clone(),
            people: names(&view.people),
            places: names(&view.places),
            organisations: names(&view.organisations),
            names: named(view),
            chapter: clip.chapter.clone(),
            broken_off: clip.broken_off,
            by_hand: view.by_hand,
            heard: view.heard,
            previous_id: view.previous,
            following_id: view.following,
            url: view.url.clone(),
        }
    }
}

fn named(view: &ClipView) -> Vec<NamedDto> {
    let kinds = [
        (&view.people, NameKind::Person),
        (&view.places, NameKind::Place),
        (&view.organisations, NameKind::Organisation),
    ];
    let of = |(names, kind): (&Vec<(NameId, String)>, NameKind)| -> Vec<NamedDto> {
        names.iter().map(|(id, name)| NamedDto { id: *id, name: name.clone(), kind }).collect()
    };
    kinds.into_iter().flat_map(of).collect()
}

impl From<&Grounded> for GroundedDto {
    fn from(said: &Grounded) -> Self {
        Self { text: said.text.clone(), start_word: said.words.start, end_word: said.words.end }
    }
}

impl ClipDetailDto {
    /// A clip, its words and what comes after it.
    pub fn new(clip: &ClipView, text: String, next: &[NextView]) -> Self {
        Self { clip: ClipDto::from(clip), text, next: next.iter().map(NextDto::from).collect() }
    }
}

impl EditedDto {
    /// These clips are new, or not as they were.
    pub fn new(clips: &[ClipView]) -> Self {
        Self { clips: clips.iter().map(ClipDto::from).collect() }
    }
}

impl UndoneEditDto {
    /// This was taken back, and these clips are not as they were.
    pub fn new(undone: &UndoneEdit, clips: &[ClipView]) -> Self {
        Self { act: undone.what.clone(), at: undone.at, clips: clips.iter().map(ClipDto::from).collect() }
    }
}

/// What tests look at.
#[cfg(test)]
pub mod samples {
    use super::*;
    use ear_engine::core::{Clip, Description};

    /// A clip with all that is known of one.
    pub fn clip() -> ClipView {
        let description = Description {
            headline: "Parliament Votes to Expel Troops".into(),
            headline_by: Author::Notes,
            headline_source: Some("Parliament votes to expel troops, and what that means.".into()),
            summary: vec![Grounded { text: "The parliament in Baghdad voted today.".into(), words: 0..6 }],
            summary_by: Author::Words,
            keywords: vec!["vote".into(), "troops".into()],
        };
        let clip = Clip {
            kind: ClipKind::Topic,
            label: None,
            words: 0..812,
            span: Some(Span::new(0, 271_400)),
            chapter: Some("The vote".into()),
            description,
            broken_off: false,
        };
        ClipView {
            id: ClipId(12),
            clip,
            transcript: TranscriptId(9),
            by_hand: false,
            heard: true,
            people: vec![(NameId(5), "Qasem Soleimani".into())],
            places: vec![(NameId(6), "Baghdad".into()), (NameId(7), "Iraq".into())],
            organisations: vec![],
            url: "/c/12".into(),
            episode: (EpisodeId(7), "The vote".into()),
            show: Some((ShowId(2), "Reports".into())),
            date: "2020-01-07".parse().ok(),
            has_sound: true,
            previous: None,
            following: Some(ClipId(13)),
        }
    }

    /// An advertisement of a transcript without times.
    pub fn advert() -> ClipView {
        let clip = clip();
        let description = Description {
            headline: "Brightwater Tea".into(),
            headline_by: Author::Words,
            headline_source: None,
            summary: vec![],
            ..clip.clip.description.clone()
        };
        ClipView {
            id: ClipId(13),
            clip: Clip {
                kind: ClipKind::Advertisement,
                label: Some("sponsor".into()),
                words: 812..870,
                span: None,
                chapter: None,
                description,
                broken_off: true,
            },
            by_hand: true,
            heard: false,
            people: vec![],
            places: vec![],
            url: "/c/13".into(),
            show: None,
            previous: Some(ClipId(12)),
            following: None,
            ..clip
        }
    }

    /// Two clips that were joined, and are apart again.
    pub fn undone() -> UndoneEdit {
        UndoneEdit { what: "join".into(), at: 1_578_391_200_000 }
    }

    /// The clips of an episode.
    pub fn view() -> ClipsView {
        ClipsView {
            clips: vec![clip(), advert()],
            transcript: Some(TranscriptId(9)),
            pending: false,
            note: Some("cut by words alone".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_have_the_documented_shape() {
        insta::assert_json_snapshot!("clips", ClipsDto::new(EpisodeId(7), &samples::view(), true, &[]));
        let told = ClipsDto::new(EpisodeId(7), &samples::view(), false, &[]);
        assert_eq!((told.clips.len(), told.left_out), (1, 1));
    }

    #[test]
    fn what_was_taken_back_has_the_documented_shape() {
        let json = serde_json::to_string(&UndoneEditDto::new(&samples::undone(), &[])).unwrap();
        assert_eq!(json, r#"{"act":"join","at":1578391200000,"clips":[]}"#);
    }
}
