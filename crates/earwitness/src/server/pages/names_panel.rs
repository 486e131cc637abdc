//! The panel of an episode's page with its names, and with what was or may have been misheard.

use super::episode_id;
use crate::decisions::check_of_episode;
use crate::likelihood;
use crate::server::error::PageError;
use crate::server::fields::{Fields, PostForm};
use crate::server::state::Shared;
use crate::server::text::seconds;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use ear_core::{
    EpisodeId, Evidence, MentionBy, NameId, NameKind, NameSource, RepairId, RepairState, SourceKind, Span, WordRange,
    clock,
};
use ear_engine::{ErrorKind, MentionView, NameView, NamesView, RepairView, Verdict, Which};
use std::collections::HashMap;

/// How many moments of a name are shown at once.
const MOMENTS: usize = 8;

/// How many moments of a name are listed at all.
const MOST_MOMENTS: usize = 100;

/// The kinds in the order they are shown, with their headings.
const KINDS: [(Option<NameKind>, &str); 5] = [
    (Some(NameKind::Person), "People"),
    (Some(NameKind::Place), "Places"),
    (Some(NameKind::Organisation), "Organisations"),
    (Some(NameKind::Thing), "Things"),
    (None, "Other names"),
];

/// The names of an episode, ready to be shown.
pub(super) struct Panel {
    pub(super) kinds: Vec<KindView>,
    /// Names that were looked for and are not said as they are written.
    pub(super) unsaid: Vec<(NameId, String)>,
    /// How many names are said.
    pub(super) said: usize,
    /// Repairs that nobody has decided, the likeliest first and those alike together.
    pub(super) proposed: Vec<RepairRow>,
    /// Repairs that were decided, in the order of their words.
    pub(super) decided: Vec<RepairRow>,
    /// Names are still looked for.
    pub(super) pending: bool,
    /// Whether the list to check is open.
    pub(super) is_open: bool,
}

/// Names of one kind.
pub(super) struct KindView {
    pub(super) heading: &'static str,
    pub(super) names: Vec<NameRow>,
}

pub(super) struct NameRow {
    pub(super) id: NameId,
    pub(super) name: String,
    pub(super) role: Option<String>,
    pub(super) count: usize,
    pub(super) moments: Vec<MomentRow>,
    /// Moments that are shown on demand.
    pub(super) more: Vec<MomentRow>,
    pub(super) sources: Vec<SourceRow>,
    pub(super) variants: Vec<String>,
    pub(super) misheard: Vec<String>,
}

/// Where something is said.
pub(super) struct MomentRow {
    /// A query and a fragment, for a link from the page of the episode.
    pub(super) address: String,
    /// The time, or the number of the word where there are no times.
    pub(super) label: String,
    /// What was heard there, where a repair reads otherwise.
    pub(super) heard: Option<String>,
}

pub(super) struct SourceRow {
    pub(super) label: &'static str,
    pub(super) text: String,
}

pub(super) struct RepairRow {
    pub(super) id: RepairId,
    /// The one to look at when this one is decided.
    pub(super) next: Option<RepairId>,
    pub(super) name: NameId,
    pub(super) heard: String,
    pub(super) meant: String,
    pub(super) before: String,
    pub(super) after: String,
    pub(super) moment: MomentRow,
    /// When the heard words begin and end, in seconds.
    pub(super) stretch: Option<(String, String)>,
    pub(super) likely: &'static str,
    /// Why; whether that speaks against it.
    pub(super) reasons: Vec<(String, bool)>,
    pub(super) runner_up: Option<String>,
    /// How many of its list have the same heard for the same name, itself included.
    pub(super) alike: usize,
    pub(super) is_accepted: bool,
}

impl Panel {
    pub(super) fn new(view: NamesView, is_open: bool) -> Self {
        let NamesView { names, repairs, pending, .. } = view;
        let (said, unsaid): (Vec<NameView>, Vec<NameView>) =
            names.into_iter().partition(|name| !name.mentions.is_empty());
        let (proposed, decided): (Vec<RepairView>, Vec<RepairView>) =
            repairs.into_iter().partition(|repair| repair.state == RepairState::Proposed);
        Self {
            said: said.len(),
            kinds: by_kind(said),
            unsaid: unsaid.into_iter().map(|name| (name.id, name.name)).collect(),
            proposed: rows(likeliest_first(proposed)),
            decided: rows(decided),
            pending,
            is_open,
        }
    }

    pub(super) fn has_repairs(&self) -> bool {
        !self.proposed.is_empty() || !self.decided.is_empty()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.said == 0 && self.unsaid.is_empty() && !self.has_repairs()
    }
}

impl MomentRow {
    /// `span` is that of the words that begin with `word`.
    fn new(span: Option<Span>, word: usize, heard: Option<String>) -> Self {
        match span {
            Some(span) => {
                let start = seconds(span.start());
                Self { address: format!("?t={start}#t={start}"), label: clock(span.start()), heard }
            }
            None => Self { address: format!("?w={word}#w={word}"), label: format!("word {}", word + 1), heard },
        }
    }
}

impl From<MentionView> for MomentRow {
    fn from(mention: MentionView) -> Self {
        let heard = (mention.by == MentionBy::Repair).then_some(mention.heard);
        Self::new(mention.span, mention.words.start, heard)
    }
}

fn by_kind(names: Vec<NameView>) -> Vec<KindView> {
    let mut kinds: HashMap<Option<NameKind>, Vec<NameRow>> = HashMap::new();
    for name in names {
        kinds.entry(name.kind).or_default().push(name_row(name));
    }
    let view = |(kind, heading)| kinds.remove(&kind).map(|names| KindView { heading, names });
    KINDS.into_iter().filter_map(view).collect()
}

fn name_row(name: NameView) -> NameRow {
    let count = name.mentions.len();
    let mut moments: Vec<MomentRow> = name.mentions.into_iter().take(MOST_MOMENTS).map(MomentRow::from).collect();
    let more = moments.split_off(moments.len().min(MOMENTS));
    NameRow {
        id: name.id,
        name: name.name,
        role: name.role,
        count,
        moments,
        more,
        sources: name.sources.into_iter().map(source_row).collect(),
        variants: name.variants,
        misheard: name.misheard,
    }
}

fn source_row(source: NameSource) -> SourceRow {
    let label = match source.kind {
        SourceKind::List => "A list of yours",
        SourceKind::Followed => "You follow it",
        SourceKind::Credit => "The credits",
        SourceKind::Title => "The title",
        SourceKind::Notes => "The show notes",
        SourceKind::Chapter => "A chapter",
        SourceKind::Tag => "A tag of the file",
        SourceKind::Show => "The show",
        SourceKind::Regular => "Often in this show",
        SourceKind::Library => "Other episodes",
        SourceKind::Said => "Said here",
        SourceKind::Gazetteer => "Places of the world",
    };
    SourceRow { label, text: source.text }
}

/// Alike repairs stand together, at the place of the likeliest.
fn likeliest_first(mut repairs: Vec<RepairView>) -> Vec<RepairView> {
    let mut best: HashMap<String, f32> = HashMap::new();
    for repair in &repairs {
        let probability = best.entry(repair.group.clone()).or_insert(0.0);
        *probability = probability.max(repair.probability);
    }
    let likelihood = |repair: &RepairView| best.get(&repair.group).copied().unwrap_or_default();
    repairs.sort_by(|a, b| {
        likelihood(b)
            .total_cmp(&likelihood(a))
            .then_with(|| a.group.cmp(&b.group))
            .then_with(|| a.words.start.cmp(&b.words.start))
    });
    repairs
}

fn rows(repairs: Vec<RepairView>) -> Vec<RepairRow> {
    let mut alike: HashMap<String, usize> = HashMap::new();
    for repair in &repairs {
        *alike.entry(repair.group.clone()).or_default() += 1;
    }
    let ids: Vec<RepairId> = repairs.iter().map(|repair| repair.id).collect();
    let next = ids.iter().skip(1).copied().map(Some).chain([None]);
    let row = |(repair, next): (RepairView, Option<RepairId>)| {
        let alike = alike.get(&repair.group).copied().unwrap_or(1);
        repair_row(repair, next, alike)
    };
    repairs.into_iter().zip(next).map(row).collect()
}

fn repair_row(repair: RepairView, next: Option<RepairId>, alike: usize) -> RepairRow {
    let WordRange { start, .. } = repair.words;
    RepairRow {
        id: repair.id,
        next,
        name: repair.name,
        moment: MomentRow::new(repair.span, start, None),
        stretch: repair.span.map(|span| (seconds(span.start()), seconds(span.end()))),
        heard: repair.heard,
        meant: repair.meant,
        before: repair.before,
        after: repair.after,
        likely: likelihood::in_words(repair.probability),
        reasons: reasons(repair.evidence),
        runner_up: repair.runner_up,
        alike,
        is_accepted: repair.state == RepairState::Accepted,
    }
}

/// The weightiest first, whichever way they point.
fn reasons(mut evidence: Vec<Evidence>) -> Vec<(String, bool)> {
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    evidence.into_iter().map(|one| (one.text, one.weight < 0.0)).collect()
}

/// Whether the address asks for the open list of what is to check.
pub(super) fn is_asked(fields: &Fields) -> bool {
    fields.text("names") == "check"
}

/// `POST /e/{id}/names`: decides a repair, or all alike, and goes on to the next.
pub(crate) async fn decide_repair(
    State(app): State<Shared>,
    Path(id): Path<String>,
    PostForm(fields): PostForm,
) -> Result<Response, PageError> {
    let id = episode_id(&id)?;
    let repair = fields.parsed::<RepairId>("repair")?;
    let decision = repair.and_then(|repair| Some((repair, decision(fields.text("verdict"), repair)?)));
    let Some((repair, (verdict, which))) = decision else {
        return Err(PageError::bad_request("this decides nothing", "Use the buttons of an episode's page"));
    };
    let decided = app.ask(move |library| {
        check_of_episode(library, id, &[repair])?;
        library.decide(&[which], verdict)
    });
    decided.await.map_err(made_anew)?;
    let next = fields.parsed::<RepairId>("next")?;
    Ok(Redirect::to(&list_address(id, next)).into_response())
}

fn made_anew(mut fault: PageError) -> PageError {
    if fault.error.kind == ErrorKind::NotFound {
        fault.error = fault.error.remedy("Go back and load the page again: its list was made anew since");
    }
    fault
}

/// Reads the value of a button: `accept`, `refuse`, `undo`, each alone or with ` episode` or ` library`.
fn decision(text: &str, repair: RepairId) -> Option<(Verdict, Which)> {
    let (verdict, alike) = text.split_once(' ').unwrap_or((text, ""));
    let verdict = match verdict {
        "accept" => Verdict::Accept,
        "refuse" => Verdict::Refuse,
        "undo" => Verdict::Undo,
        _ => return None,
    };
    let which = match alike {
        "" => Which::One(repair),
        "episode" => Which::AlikeInEpisode(repair),
        "library" => Which::AlikeInLibrary(repair),
        _ => return None,
    };
    Some((verdict, which))
}

fn list_address(id: EpisodeId, next: Option<RepairId>) -> String {
    let place = next.map_or("check".to_owned(), |next| format!("r{next}"));
    format!("/e/{id}?names=check#{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::{EvidenceKind, TranscriptId};

    fn repair(id: i64, group: &str, probability: f32) -> RepairView {
        let at = usize::try_from(id).unwrap();
        RepairView {
            id: RepairId(id),
            group: group.into(),
            heard: "sola money".into(),
            meant: "Soleimani".into(),
            name: NameId(1),
            transcript: TranscriptId(1),
            words: at..at + 2,
            span: None,
            before: String::new(),
            after: String::new(),
            probability,
            evidence: Vec::new(),
            runner_up: None,
            state: RepairState::Proposed,
        }
    }

    #[test]
    fn alike_repairs_stand_together_and_lead_on() {
        let repairs = vec![repair(1, "b", 0.2), repair(2, "a", 0.5), repair(3, "c", 0.6), repair(4, "b", 0.9)];
        let rows = rows(likeliest_first(repairs));
        let shown: Vec<_> = rows.iter().map(|row| (row.id.0, row.next.map(|next| next.0), row.alike)).collect();
        assert_eq!(shown, [(1, Some(4), 2), (4, Some(3), 2), (3, Some(2), 1), (2, None, 1)]);
        assert_eq!((rows[0].moment.label.as_str(), rows[0].moment.address.as_str()), ("word 2", "?w=1#w=1"));
    }

    #[test]
    fn buttons_say_what_is_decided() {
        let one = RepairId(7);
        for (text, expected) in [
            ("accept", Some((Verdict::Accept, Which::One(one)))),
            ("refuse episode", Some((Verdict::Refuse, Which::AlikeInEpisode(one)))),
            ("undo library", Some((Verdict::Undo, Which::AlikeInLibrary(one)))),
            ("", None),
            ("accept all", None),
            ("accept  ", None),
        ] {
            assert_eq!(decision(text, one), expected, "{text}");
        }
    }

    #[test]
    fn the_weightiest_reason_comes_first() {
        let reason = |text: &str, weight| Evidence { kind: EvidenceKind::Sound, text: text.into(), weight };
        let sorted = reasons(vec![reason("a", 0.5), reason("b", -2.0), reason("c", 1.0)]);
        assert_eq!(sorted, [("b".into(), true), ("c".into(), false), ("a".into(), false)]);
    }
}
