//! The panel of an episode's page with its names, and with what was or may have been misheard.

use super::names::UndoView;
use crate::likelihood;
use crate::server::fields::Fields;
use crate::server::text::seconds;
use ear_core::{
    EpisodeId, Evidence, MentionBy, NameId, NameKind, NameSource, RepairId, RepairState, SourceKind, Span, WordRange,
    clock,
};
use ear_engine::{Error, Library, MentionView, NameView, NamesView, RepairView};
use std::collections::HashMap;

/// From this probability on a repair is very likely right, and may be accepted with others of its kind.
pub(super) const VERY_LIKELY: f32 = 0.9;

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
    /// How many of those proposed are very likely, and may be accepted at once.
    pub(super) likely: usize,
    /// Whether it is asked if they are to be.
    pub(super) is_asking: bool,
    /// The last change, which may be of another episode or of a name.
    pub(super) undo: Option<UndoView>,
    /// What was done a moment ago.
    pub(super) done: Option<String>,
}

/// What is asked of an episode's names beside themselves.
pub(super) struct Extra {
    pub(super) likely: usize,
    pub(super) undo: Option<UndoView>,
}

impl Extra {
    pub(super) fn of(library: &Library, id: EpisodeId) -> Result<Self, Error> {
        let undo = UndoView::of(library, &list_address(id, None))?;
        Ok(Self { likely: library.free_from(id, VERY_LIKELY)?.len(), undo })
    }
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
    /// What is accepted for some of the same words, and would no longer be.
    pub(super) instead_of: Option<String>,
}

impl Panel {
    pub(super) fn new(view: NamesView, extra: Extra, fields: &Fields) -> Self {
        let unsaid = view.unsaid().map(|name| (name.id, name.name.clone())).collect();
        let NamesView { names, repairs, pending, .. } = view;
        let said: Vec<NameView> = names.into_iter().filter(|name| !name.mentions.is_empty()).collect();
        let accepted: Vec<RepairView> =
            repairs.iter().filter(|repair| repair.state == RepairState::Accepted).cloned().collect();
        let (proposed, decided): (Vec<RepairView>, Vec<RepairView>) =
            repairs.into_iter().partition(|repair| repair.state == RepairState::Proposed);
        Self {
            said: said.len(),
            kinds: by_kind(said),
            unsaid,
            proposed: rows(likeliest_first(proposed), &accepted),
            decided: rows(decided, &[]),
            pending,
            is_open: is_asked(fields),
            likely: extra.likely,
            is_asking: extra.likely > 0 && fields.text("likely") == "ask",
            undo: extra.undo,
            done: done(fields),
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

fn rows(repairs: Vec<RepairView>, accepted: &[RepairView]) -> Vec<RepairRow> {
    let mut alike: HashMap<String, usize> = HashMap::new();
    for repair in &repairs {
        *alike.entry(repair.group.clone()).or_default() += 1;
    }
    let ids: Vec<RepairId> = repairs.iter().map(|repair| repair.id).collect();
    let next = ids.iter().skip(1).copied().map(Some).chain([None]);
    let row = |(repair, next): (RepairView, Option<RepairId>)| {
        let alike = alike.get(&repair.group).copied().unwrap_or(1);
        let shares = |other: &&RepairView| {
            other.words.start < repair.words.end && repair.words.start < other.words.end && other.id != repair.id
        };
        let over: Vec<String> =
            accepted.iter().filter(shares).map(|one| format!("“{}” → {}", one.heard, one.meant)).collect();
        let instead_of = (!over.is_empty()).then(|| over.join(", "));
        RepairRow { instead_of, ..repair_row(repair, next, alike) }
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
        instead_of: None,
    }
}

/// The weightiest first, whichever way they point.
fn reasons(mut evidence: Vec<Evidence>) -> Vec<(String, bool)> {
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    evidence.into_iter().map(|one| (one.text, one.weight < 0.0)).collect()
}

/// Whether the address asks for the open list of what is to check.
fn is_asked(fields: &Fields) -> bool {
    fields.text("names") == "check"
}

/// What the address says was done.
fn done(fields: &Fields) -> Option<String> {
    match fields.text("done").split_once('-') {
        Some(("accepted", count)) => {
            let count: usize = count.parse().ok()?;
            Some(format!("{} accepted.", count_of(count, "is", "are")))
        }
        _ if fields.text("done") == "undone" => Some("That is taken back.".into()),
        _ => None,
    }
}

/// "1 is", "3 are"
fn count_of(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// The address of the list of what is to check, at one of its repairs.
pub(super) fn list_address(id: EpisodeId, next: Option<RepairId>) -> String {
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
        let rows = rows(likeliest_first(repairs), &[]);
        let shown: Vec<_> = rows.iter().map(|row| (row.id.0, row.next.map(|next| next.0), row.alike)).collect();
        assert_eq!(shown, [(1, Some(4), 2), (4, Some(3), 2), (3, Some(2), 1), (2, None, 1)]);
        assert_eq!((rows[0].moment.label.as_str(), rows[0].moment.address.as_str()), ("word 2", "?w=1#w=1"));
    }

    #[test]
    fn what_would_give_way_is_told() {
        let accepted = RepairView { heard: "sola".into(), meant: "Sulla".into(), ..repair(3, "d", 0.9) };
        let rows = rows(vec![repair(1, "a", 0.5), repair(2, "b", 0.5)], &[accepted]);
        let told: Vec<_> = rows.into_iter().map(|row| row.instead_of).collect();
        assert_eq!(told, [None, Some("“sola” → Sulla".to_owned())]);
    }

    #[test]
    fn what_was_done_is_told() {
        for (value, expected) in [
            ("accepted-1", Some("1 is accepted.")),
            ("accepted-3", Some("3 are accepted.")),
            ("undone", Some("That is taken back.")),
            ("accepted-x", None),
            ("", None),
        ] {
            let mut fields = Fields::default();
            fields.insert("done".into(), value.into());
            assert_eq!(done(&fields).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn the_weightiest_reason_comes_first() {
        let reason = |text: &str, weight| Evidence { kind: EvidenceKind::Sound, text: text.into(), weight };
        let sorted = reasons(vec![reason("a", 0.5), reason("b", -2.0), reason("c", 1.0)]);
        assert_eq!(sorted, [("b".into(), true), ("c".into(), false), ("a".into(), false)]);
    }
}
