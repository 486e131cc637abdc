//! Names, where they are said, and what may have been misheard.

use ear_engine::core::{
    EpisodeDate, EpisodeId, Evidence, MentionBy, Millis, NameId, NameKind, NameSource, RepairId, RepairState, Span,
    TranscriptId,
};
use ear_engine::{
    Act, Decided, MentionView, NameDetail, NameEpisode, NameSummaryView, NameView, NamesView, RepairView, Undone,
    Verdict,
};
use serde::Serialize;

/// The names of an episode, and its repairs.
#[derive(Debug, Serialize)]
pub struct NamesDto {
    episode_id: EpisodeId,
    /// The transcript that is read; null while there is none.
    transcript_id: Option<TranscriptId>,
    /// Names are still to be looked for.
    pending: bool,
    names: Vec<NameDto>,
    repairs: Vec<RepairDto>,
}

/// A name of an episode.
#[derive(Debug, Serialize)]
pub struct NameDto {
    id: NameId,
    name: String,
    kind: Option<NameKind>,
    role: Option<String>,
    variants: Vec<String>,
    /// What was heard for it, from accepted repairs.
    misheard: Vec<String>,
    followed: bool,
    sources: Vec<NameSource>,
    /// How often the episode says it.
    mentions: usize,
    /// Where.
    moments: Vec<MomentDto>,
}

/// Words that stand for a name.
#[derive(Debug, Serialize)]
pub struct MomentDto {
    start_word: usize,
    end_word: usize,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    heard: String,
    by: MentionBy,
    url: String,
}

/// A repair, to be decided or decided.
#[derive(Debug, Serialize)]
pub struct RepairDto {
    id: RepairId,
    /// The same for repairs where the same was heard for the same name.
    group: String,
    heard: String,
    meant: String,
    name_id: NameId,
    transcript_id: TranscriptId,
    start_word: usize,
    end_word: usize,
    start_ms: Option<Millis>,
    end_ms: Option<Millis>,
    /// Words before and after, as heard.
    before: String,
    after: String,
    probability: f32,
    evidence: Vec<Evidence>,
    runner_up: Option<String>,
    state: RepairState,
    url: String,
}

/// What a decision was about.
#[derive(Debug, Serialize)]
pub struct DecidedDto {
    /// What these repairs are now.
    pub state: RepairState,
    /// The repairs that were decided.
    pub repairs: Vec<RepairId>,
    /// The episodes that now read otherwise.
    pub episodes: Vec<EpisodeId>,
    /// Accepted repairs of some of the same words, which had to give way and are proposed again.
    pub displaced: Vec<DisplacedDto>,
}

/// A repair that had to give way to another.
#[derive(Debug, Serialize)]
pub struct DisplacedDto {
    repair_id: RepairId,
    heard: String,
    meant: String,
}

/// What was taken back.
#[derive(Debug, Serialize)]
pub struct UndoneDto {
    /// What had been done: `decided`, `corrected`, `renamed` and so on.
    act: &'static str,
    /// The name it was about, as it was called then; of a correction what was meant.
    name: Option<String>,
    /// The other name, spelling or kind; of a correction what was heard.
    other: Option<String>,
    /// The repairs that are again what they were before.
    repairs: Vec<RepairId>,
    /// The repairs that it had made, which are gone.
    gone: Vec<RepairId>,
    /// The episodes that now read otherwise.
    episodes: Vec<EpisodeId>,
}

/// What several decisions were about, in the order accepted, refused, undone.
#[derive(Debug, Serialize)]
pub struct DecisionsDto {
    /// Those that were taken.
    pub decisions: Vec<DecidedDto>,
}

/// Names of the library.
#[derive(Debug, Serialize)]
pub struct NameListDto {
    /// How many there are before paging.
    pub total: usize,
    /// Those of this page.
    pub names: Vec<NameSummaryDto>,
}

/// A name as the library knows it.
#[derive(Debug, Serialize)]
pub struct NameSummaryDto {
    id: NameId,
    name: String,
    kind: Option<NameKind>,
    role: Option<String>,
    variants: Vec<String>,
    misheard: Vec<String>,
    followed: bool,
    mentions: u64,
    episodes: u64,
    /// Repairs with it that nobody has decided.
    proposed: u64,
    /// It is in no list, since the user wants to see it no more.
    forgotten: bool,
}

/// A name, and the episodes that say it.
#[derive(Debug, Serialize)]
pub struct NameDetailDto {
    name: NameSummaryDto,
    episodes: Vec<NameEpisodeDto>,
    /// How many more places there are than these.
    more: u64,
}

/// An episode that says a name.
#[derive(Debug, Serialize)]
pub struct NameEpisodeDto {
    episode_id: EpisodeId,
    episode: String,
    date: Option<EpisodeDate>,
    transcript_id: Option<TranscriptId>,
    moments: Vec<MomentDto>,
}

impl NamesDto {
    /// The names of this episode.
    pub fn new(episode: EpisodeId, view: &NamesView) -> Self {
        Self {
            episode_id: episode,
            transcript_id: view.transcript,
            pending: view.pending,
            names: view.names.iter().map(|name| NameDto::new(episode, name)).collect(),
            repairs: view.repairs.iter().map(|repair| RepairDto::new(episode, repair)).collect(),
        }
    }
}

impl NameDto {
    fn new(episode: EpisodeId, name: &NameView) -> Self {
        Self {
            id: name.id,
            name: name.name.clone(),
            kind: name.kind,
            role: name.role.clone(),
            variants: name.variants.clone(),
            misheard: name.misheard.clone(),
            followed: name.followed,
            sources: name.sources.clone(),
            mentions: name.mentions.len(),
            moments: name.mentions.iter().map(|mention| MomentDto::new(episode, mention)).collect(),
        }
    }
}

impl MomentDto {
    fn new(episode: EpisodeId, mention: &MentionView) -> Self {
        Self {
            start_word: mention.words.start,
            end_word: mention.words.end,
            start_ms: mention.span.map(Span::start),
            end_ms: mention.span.map(Span::end),
            heard: mention.heard.clone(),
            by: mention.by,
            url: ear_engine::moment_url(episode, mention.span.map(Span::start), mention.words.start),
        }
    }
}

impl RepairDto {
    fn new(episode: EpisodeId, repair: &RepairView) -> Self {
        Self {
            id: repair.id,
            group: repair.group.clone(),
            heard: repair.heard.clone(),
            meant: repair.meant.clone(),
            name_id: repair.name,
            transcript_id: repair.transcript,
            start_word: repair.words.start,
            end_word: repair.words.end,
            start_ms: repair.span.map(Span::start),
            end_ms: repair.span.map(Span::end),
            before: repair.before.clone(),
            after: repair.after.clone(),
            probability: repair.probability,
            evidence: repair.evidence.clone(),
            runner_up: repair.runner_up.clone(),
            state: repair.state,
            url: ear_engine::moment_url(episode, repair.span.map(Span::start), repair.words.start),
        }
    }
}

impl DecidedDto {
    /// A decision of one kind.
    pub fn new(decided: &Decided, verdict: Verdict) -> Self {
        let state = match verdict {
            Verdict::Accept => RepairState::Accepted,
            Verdict::Refuse => RepairState::Refused,
            Verdict::Undo => RepairState::Proposed,
        };
        let displaced = decided.displaced.iter().map(|one| DisplacedDto {
            repair_id: one.repair,
            heard: one.heard.clone(),
            meant: one.meant.clone(),
        });
        Self {
            state,
            repairs: decided.repairs.clone(),
            episodes: decided.episodes.clone(),
            displaced: displaced.collect(),
        }
    }
}

impl From<&Undone> for UndoneDto {
    fn from(undone: &Undone) -> Self {
        Self {
            act: match undone.what {
                Act::Decided => "decided",
                Act::Corrected => "corrected",
                Act::Added => "added",
                Act::Followed => "followed",
                Act::Unfollowed => "unfollowed",
                Act::Sorted => "kind",
                Act::Renamed => "renamed",
                Act::Joined => "merged",
                Act::Split => "split",
                Act::Forgot => "forgotten",
                Act::Recalled => "recalled",
            },
            name: undone.name.clone(),
            other: undone.other.clone(),
            repairs: undone.repairs.clone(),
            gone: undone.gone.clone(),
            episodes: undone.episodes.clone(),
        }
    }
}

impl From<&NameSummaryView> for NameSummaryDto {
    fn from(name: &NameSummaryView) -> Self {
        Self {
            id: name.id,
            name: name.name.clone(),
            kind: name.kind,
            role: name.role.clone(),
            variants: name.variants.clone(),
            misheard: name.misheard.clone(),
            followed: name.followed,
            mentions: name.mentions,
            episodes: name.episodes,
            proposed: name.proposed,
            forgotten: name.forgotten,
        }
    }
}

impl From<&NameDetail> for NameDetailDto {
    fn from(detail: &NameDetail) -> Self {
        Self {
            name: NameSummaryDto::from(&detail.name),
            episodes: detail.episodes.iter().map(NameEpisodeDto::from).collect(),
            more: detail.more,
        }
    }
}

impl From<&NameEpisode> for NameEpisodeDto {
    fn from(episode: &NameEpisode) -> Self {
        Self {
            episode_id: episode.id,
            episode: episode.title.clone(),
            date: episode.date,
            transcript_id: episode.transcript,
            moments: episode.mentions.iter().map(|mention| MomentDto::new(episode.id, mention)).collect(),
        }
    }
}

/// What tests look at.
#[cfg(test)]
pub mod samples {
    use super::*;
    use ear_engine::core::{EvidenceKind, SourceKind};

    /// A name said at one moment.
    pub fn name() -> NameView {
        let source = NameSource { kind: SourceKind::Notes, text: "the killing of Qasem Soleimani".into() };
        let mention = MentionView {
            words: 3..4,
            span: Some(Span::new(1200, 1800)),
            heard: "Soleimani".into(),
            by: MentionBy::Words,
        };
        NameView {
            id: NameId(5),
            name: "Qasem Soleimani".into(),
            kind: Some(NameKind::Person),
            role: Some("general".into()),
            variants: vec!["Soleimani".into()],
            misheard: vec![],
            sources: vec![source],
            mentions: vec![mention],
            followed: false,
        }
    }

    /// A repair that nobody has decided.
    pub fn repair() -> RepairView {
        let evidence = |kind, text: &str, weight| Evidence { kind, text: text.into(), weight };
        RepairView {
            id: RepairId(12),
            group: "a1".into(),
            heard: "sola money".into(),
            meant: "Soleimani".into(),
            name: NameId(5),
            transcript: TranscriptId(9),
            words: 12..14,
            span: Some(Span::new(83_200, 84_000)),
            before: "the strike that killed general".into(),
            after: "in Baghdad".into(),
            probability: 0.82,
            evidence: vec![
                evidence(EvidenceKind::Sound, "sounds alike: S OW L AH | M AH N IY", 2.5),
                evidence(EvidenceKind::Commonness, "“sola” is a rare word", 1.0),
                evidence(EvidenceKind::Confidence, "the recogniser was sure", -0.25),
            ],
            runner_up: Some("Suleiman".into()),
            state: RepairState::Proposed,
        }
    }

    /// A name in the list of the library.
    pub fn summary() -> NameSummaryView {
        NameSummaryView {
            id: NameId(5),
            name: "Qasem Soleimani".into(),
            kind: Some(NameKind::Person),
            role: Some("general".into()),
            variants: vec!["Soleimani".into()],
            misheard: vec!["sola money".into()],
            followed: true,
            mentions: 3,
            episodes: 2,
            proposed: 1,
            forgotten: false,
        }
    }

    /// A name with an episode that says it.
    pub fn detail() -> NameDetail {
        let episode = NameEpisode {
            id: EpisodeId(7),
            title: "The vote".into(),
            date: "2020-01-07".parse().ok(),
            transcript: Some(TranscriptId(9)),
            mentions: name().mentions,
        };
        NameDetail { name: summary(), episodes: vec![episode], more: 0 }
    }

    /// A merge that was taken back.
    pub fn undone() -> Undone {
        let (name, other) = (Some("Soleimani".into()), Some("Suleimani".into()));
        let (repairs, gone, episodes) = (vec![], vec![], vec![EpisodeId(7)]);
        Undone { number: 3, what: Act::Joined, name, other, repairs, gone, episodes }
    }

    /// The names of an episode with one repair.
    pub fn view() -> NamesView {
        NamesView { names: vec![name()], repairs: vec![repair()], transcript: Some(TranscriptId(9)), pending: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_engine::Displaced;

    #[test]
    fn names_have_the_documented_shape() {
        insta::assert_json_snapshot!("names", NamesDto::new(EpisodeId(7), &samples::view()));
        insta::assert_json_snapshot!("name", NameDetailDto::from(&samples::detail()));
    }

    #[test]
    fn a_decision_has_the_documented_shape() {
        let displaced = vec![Displaced { repair: RepairId(9), heard: "sola".into(), meant: "Sulla".into() }];
        let decided = Decided { repairs: vec![RepairId(12)], episodes: vec![EpisodeId(7)], displaced };
        let rest =
            r#""repairs":["12"],"episodes":["7"],"displaced":[{"repair_id":"9","heard":"sola","meant":"Sulla"}]}"#;
        for (verdict, state) in
            [(Verdict::Accept, "accepted"), (Verdict::Refuse, "refused"), (Verdict::Undo, "proposed")]
        {
            let json = serde_json::to_string(&DecidedDto::new(&decided, verdict)).unwrap();
            assert_eq!(json, format!("{{\"state\":\"{state}\",{rest}"));
        }
        let json = serde_json::to_string(&UndoneDto::from(&samples::undone())).unwrap();
        let expected =
            r#"{"act":"merged","name":"Soleimani","other":"Suleimani","repairs":[],"gone":[],"episodes":["7"]}"#;
        assert_eq!(json, expected);
    }
}
