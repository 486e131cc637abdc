//! Answers to queries.

use super::Pair;
use ear_engine::core::{ClipId, EpisodeId, Millis, ShowId, Span, TranscriptId};
use ear_engine::{Answer, Hit, SearchBy, SoundGroup};
use serde::Serialize;

/// What a query found.
#[derive(Debug, Serialize)]
pub struct SearchDto {
    /// The query as asked.
    pub query: String,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// How many hits there are before paging.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<HitDto>,
    /// What was heard for the name looked for; hits by sound name one of these by its index, as `group`.
    pub groups: Vec<GroupDto>,
    /// Hits by sound that were left out because what was heard was refused for the name.
    pub refused: usize,
    /// How many more moments with these words there are in advertisements, which were left out.
    pub in_adverts: usize,
    /// Episodes that can't be searched yet, in the way that was asked for.
    pub pending: usize,
    /// What keeps this answer from being what was asked for, and what to do about it.
    pub note: Option<String>,
    /// Words that nobody said, and what was looked for in their place.
    pub respelled: Vec<RespelledDto>,
}

/// The words that answer a query, and their moment.
#[derive(Debug, Serialize)]
pub struct HitDto {
    episode_id: EpisodeId,
    episode: String,
    show_id: Option<ShowId>,
    show: Option<String>,
    /// The clip that the words are in; null while the episode is not cut into clips.
    clip_id: Option<ClipId>,
    transcript_id: TranscriptId,
    speaker: Option<String>,
    start_word: usize,
    end_word: usize,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    text: String,
    /// Offsets into `text`, in Unicode scalars.
    matched: Vec<Pair>,
    by: &'static str,
    /// What was heard, where that is not what matched: hits by sound, and words that an accepted repair put right.
    heard: Option<String>,
    /// Null but for hits by sound, as are `probability` and `group`.
    name: Option<String>,
    /// How likely the words stand for the name, 0 to 1.
    probability: Option<f32>,
    /// Index into `groups`.
    group: Option<usize>,
    score: f32,
    url: String,
}

/// Hits by sound that were heard alike.
#[derive(Debug, Serialize)]
pub struct GroupDto {
    heard: String,
    /// How many hits before paging.
    count: usize,
    probability: f32,
    /// Ordinary words, which hardly ever stand for the name.
    is_common: bool,
}

/// A word that nobody said.
#[derive(Debug, Serialize)]
pub struct RespelledDto {
    /// The word of the query.
    pub word: String,
    /// The spellings looked for in its place.
    pub tried: Vec<String>,
}

impl SearchDto {
    /// An answer, and for each of its hits the clip that it is in.
    pub fn new(answer: &Answer, clips: &[Option<ClipId>]) -> Self {
        let hits = answer.hits.iter().enumerate();
        let respelled = answer.respelled.iter();
        Self {
            query: answer.query.clone(),
            took_ms: (answer.took_ms * 1000.0).round() / 1000.0,
            total: answer.total,
            hits: hits.map(|(at, hit)| HitDto::new(hit, clips.get(at).copied().flatten())).collect(),
            groups: answer.groups.iter().map(GroupDto::from).collect(),
            refused: answer.refused,
            in_adverts: answer.in_adverts,
            pending: answer.pending,
            note: answer.note.clone(),
            respelled: respelled
                .map(|(word, tried)| RespelledDto { word: word.clone(), tried: tried.clone() })
                .collect(),
        }
    }
}

impl HitDto {
    fn new(hit: &Hit, clip: Option<ClipId>) -> Self {
        Self {
            episode_id: hit.episode.0,
            episode: hit.episode.1.clone(),
            show_id: hit.show.as_ref().map(|show| show.0),
            show: hit.show.as_ref().map(|show| show.1.clone()),
            clip_id: clip,
            transcript_id: hit.transcript,
            speaker: hit.speaker.clone(),
            start_word: hit.words.start,
            end_word: hit.words.end,
            start_ms: hit.span.map(Span::start),
            end_ms: hit.span.map(Span::end),
            text: hit.text.clone(),
            matched: hit.matched.iter().map(|&(from, to)| [from, to]).collect(),
            by: match hit.by {
                SearchBy::Words => "words",
                SearchBy::Sound => "sound",
                SearchBy::Meaning => "meaning",
            },
            heard: hit.heard.clone(),
            name: hit.name.clone(),
            probability: hit.probability,
            group: hit.group,
            score: hit.score,
            url: hit.url(),
        }
    }
}

impl From<&SoundGroup> for GroupDto {
    fn from(group: &SoundGroup) -> Self {
        Self {
            heard: group.heard.clone(),
            count: group.count,
            probability: group.probability,
            is_common: group.is_common,
        }
    }
}

/// What tests look at.
#[cfg(test)]
pub mod samples {
    use super::*;

    /// An answer with every kind of hit.
    pub fn answer() -> Answer {
        let hit = Hit {
            episode: (EpisodeId(7), "The vote".into()),
            show: Some((ShowId(2), "Reports".into())),
            date: None,
            transcript: TranscriptId(9),
            speaker: None,
            words: 12..14,
            span: Some(Span::new(83_200, 84_000)),
            text: "Iraq voted to expel them.".into(),
            matched: vec![(0, 4), (5, 10)],
            by: SearchBy::Words,
            heard: None,
            name: None,
            probability: None,
            group: None,
            score: 1.5,
            has_sound: true,
        };
        let by_sound = Hit {
            words: 20..22,
            text: "They spoke to sola money.".into(),
            matched: vec![(14, 24)],
            by: SearchBy::Sound,
            heard: Some("sola money".into()),
            name: Some("Soleimani".into()),
            probability: Some(0.75),
            group: Some(0),
            ..hit.clone()
        };
        let untimed = Hit { show: None, span: None, speaker: Some("Liz Sly".into()), matched: vec![], ..hit.clone() };
        Answer {
            query: "iraq voted".into(),
            took_ms: 1.234_567,
            total: 2,
            hits: vec![hit, untimed, by_sound],
            groups: vec![SoundGroup { heard: "sola money".into(), count: 2, probability: 0.75, is_common: false }],
            refused: 3,
            in_adverts: 4,
            respelled: vec![("irak".into(), vec!["iraq".into()])],
            pending: 1,
            note: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_the_documented_shape() {
        insta::assert_json_snapshot!(SearchDto::new(&samples::answer(), &[Some(ClipId(12))]));
    }
}
