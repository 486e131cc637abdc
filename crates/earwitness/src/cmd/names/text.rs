//! Names and repairs as people read them in a terminal.

use crate::likelihood;
use crate::terminal::{Look, count, harmless};
use ear_engine::core::{Evidence, NameKind, RepairState, SourceKind, Span, clock};
use ear_engine::{NameDetail, NameEpisode, NameSummaryView, NameView, NamesView, RepairView};
use std::collections::HashMap;

/// How wide a column of names may be.
const WIDEST: usize = 36;

/// The kinds in the order they are told, with their headings.
const KINDS: [(Option<NameKind>, &str); 5] = [
    (Some(NameKind::Person), "People"),
    (Some(NameKind::Place), "Places"),
    (Some(NameKind::Organisation), "Organisations"),
    (Some(NameKind::Thing), "Things"),
    (None, "Other names"),
];

/// The names of an episode and its repairs.
pub fn names(title: &str, view: &NamesView, look: Look) -> String {
    let mut parts = vec![look.bold(&harmless(title))];
    for (kind, heading) in KINDS {
        let said: Vec<&NameView> =
            view.names.iter().filter(|name| name.kind == kind && !name.mentions.is_empty()).collect();
        parts.extend((!said.is_empty()).then(|| format!("{}\n{}", look.bold(heading), said_text(&said, look))));
    }
    let unsaid: Vec<_> = view.unsaid().map(|name| harmless(&name.name)).collect();
    if !unsaid.is_empty() {
        parts.push(format!(
            "{}\n{}",
            look.bold("Looked for, not heard as written"),
            look.wrapped(&unsaid.join(", "), "  ")
        ));
    }
    let of = |state| view.repairs.iter().filter(move |repair: &&RepairView| repair.state == state);
    let mut proposed: Vec<&RepairView> = of(RepairState::Proposed).collect();
    // What is likely is worth looking at first.
    proposed.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    if !proposed.is_empty() {
        let shown: Vec<String> = alike(&proposed).iter().map(|group| proposals(group, look)).collect();
        parts.push(format!("{}\n{}", look.bold("May be misheard"), shown.join("\n")));
    }
    for (state, heading) in [(RepairState::Accepted, "Accepted"), (RepairState::Refused, "Refused")] {
        let decided: Vec<&RepairView> = of(state).collect();
        if !decided.is_empty() {
            let heading = look.bold(&format!("{heading}: {}", decided.len()));
            parts.push(format!("{heading}\n{}", briefly(&decided)));
        }
    }
    if parts.len() == 1 {
        parts.push("  no names".into());
    }
    parts.join("\n\n")
}

/// Names with how often they are said and where they come from.
fn said_text(names: &[&NameView], look: Look) -> String {
    let label = |name: &NameView| match &name.role {
        Some(role) => format!("{}, {}", harmless(&name.name), harmless(role)),
        None => harmless(&name.name).into_owned(),
    };
    let labels: Vec<String> = names.iter().map(|name| label(name)).collect();
    let width = width(&labels);
    let line = |(label, name): (&String, &&NameView)| {
        let mut kinds: Vec<SourceKind> = Vec::new();
        for source in &name.sources {
            if !kinds.contains(&source.kind) {
                kinds.push(source.kind);
            }
        }
        let from = kinds.into_iter().map(source).collect::<Vec<_>>().join(", ");
        let times = format!("×{}", name.mentions.len());
        format!("  {}  {times:>4}  {}", padded(label, width), look.dim(&from)).trim_end().to_owned()
    };
    labels.iter().zip(names).map(line).collect::<Vec<_>>().join("\n")
}

/// Where a name was met, in a word or two.
fn source(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::List => "your list",
        SourceKind::Followed => "followed",
        SourceKind::Credit => "credits",
        SourceKind::Title => "title",
        SourceKind::Notes => "notes",
        SourceKind::Chapter => "chapters",
        SourceKind::Tag => "tags",
        SourceKind::Show => "the show",
        SourceKind::Regular => "often in this show",
        SourceKind::Library => "other episodes",
        SourceKind::Said => "as heard",
        SourceKind::Gazetteer => "places of the world",
    }
}

/// Repairs in which the same was heard for the same name, in the order of the first of each.
fn alike<'a>(repairs: &[&'a RepairView]) -> Vec<Vec<&'a RepairView>> {
    let mut groups: Vec<Vec<&RepairView>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for &repair in repairs {
        let place = *places.entry(&repair.group).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(repair),
            None => groups.push(vec![repair]),
        }
    }
    groups
}

/// The likeliest of alike repairs in full, the others by their ids and moments.
fn proposals(alike: &[&RepairView], look: Look) -> String {
    let Some((first, others)) = alike.split_first() else { return String::new() };
    let mut text = proposal(first, look);
    let other = |repair: &&RepairView| match moment(repair) {
        Some(moment) => format!("{} ({moment})", repair.id),
        None => repair.id.to_string(),
    };
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(other).collect();
        text.push_str(&format!("\n{}", look.wrapped(&format!("alike: {}", others.join(", ")), "       ")));
    }
    text
}

/// A repair to be decided: what, how likely, when, amid which words, and why.
fn proposal(repair: &RepairView, look: Look) -> String {
    let (word, digits) = (likelihood::in_words(repair.probability), likelihood::in_digits(repair.probability));
    let mut facts = vec![format!("{word} ({digits})")];
    facts.extend(moment(repair));
    facts.extend(repair.runner_up.as_deref().map(|name| format!("or {}", harmless(name))));
    let context = [
        harmless(&repair.before).into_owned(),
        look.matched(&harmless(&repair.heard)),
        harmless(&repair.after).into_owned(),
    ];
    let context: Vec<String> = context.into_iter().filter(|text| !text.is_empty()).collect();
    let head = format!(
        "{:>5}  {}  {}",
        repair.id.to_string(),
        look.bold(&change(&repair.heard, &repair.meant)),
        facts.join(" · ")
    );
    let mut lines = vec![head, look.wrapped(&format!("… {} …", context.join(" ")), "       ")];
    if !repair.evidence.is_empty() {
        lines.push(look.dim(&look.wrapped(&reasons(&repair.evidence), "       ")));
    }
    lines.join("\n")
}

/// The reasons in a line, the weightiest first; what speaks against it comes last.
fn reasons(evidence: &[Evidence]) -> String {
    let mut evidence: Vec<&Evidence> = evidence.iter().collect();
    evidence.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let reason = |evidence: &&Evidence| match evidence.weight {
        ..0.0 => format!("but {}", harmless(&evidence.text)),
        _ => harmless(&evidence.text).into_owned(),
    };
    evidence.iter().map(reason).collect::<Vec<_>>().join("; ")
}

/// `“sola money” → Soleimani`
pub fn change(heard: &str, meant: &str) -> String {
    format!("“{}” → {}", harmless(heard), harmless(meant))
}

/// Repairs with a line each.
pub fn briefly(repairs: &[&RepairView]) -> String {
    let line = |repair: &&RepairView| {
        let moment = moment(repair).map(|moment| format!("  {moment}")).unwrap_or_default();
        format!("{:>5}  {}{moment}", repair.id.to_string(), change(&repair.heard, &repair.meant))
    };
    repairs.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn moment(repair: &RepairView) -> Option<String> {
    repair.span.map(|span| clock(span.start()))
}

/// Names of the library with a line each.
pub fn listing(names: &[NameSummaryView], look: Look) -> String {
    let labels: Vec<String> = names.iter().map(|name| harmless(&name.name).into_owned()).collect();
    let ids = names.iter().map(|name| name.id.to_string().len()).max().unwrap_or(0);
    let width = width(&labels);
    let line = |(label, name): (&String, &NameSummaryView)| {
        format!("{:>ids$}  {}  {}", name.id.to_string(), padded(label, width), look.dim(&facts(name)))
            .trim_end()
            .to_owned()
    };
    labels.iter().zip(names).map(line).collect::<Vec<_>>().join("\n")
}

/// "person · said 3 times in 2 episodes · 1 repair to decide · followed"
fn facts(name: &NameSummaryView) -> String {
    let number = |number: u64, one: &str, more: &str| count(usize::try_from(number).unwrap_or(usize::MAX), one, more);
    let kind = name.kind.map(|kind| match kind {
        NameKind::Person => "person",
        NameKind::Place => "place",
        NameKind::Organisation => "organisation",
        NameKind::Thing => "thing",
    });
    let mut facts: Vec<String> = kind.map(str::to_owned).into_iter().collect();
    facts.extend(name.role.as_deref().map(|role| harmless(role).into_owned()));
    facts.push(match name.mentions {
        0 => "not said".into(),
        said => format!("said {} in {}", number(said, "time", "times"), number(name.episodes, "episode", "episodes")),
    });
    facts.extend((name.proposed > 0).then(|| format!("{} to decide", number(name.proposed, "repair", "repairs"))));
    facts.extend(name.followed.then(|| "followed".to_owned()));
    facts.extend(name.forgotten.then(|| "forgotten: in no list".to_owned()));
    facts.join(" · ")
}

/// A name with its spellings.
pub fn summary(name: &NameSummaryView, look: Look) -> String {
    let mut lines = vec![format!("{}  {}", look.bold(&harmless(&name.name)), look.dim(&format!("name {}", name.id)))];
    lines.push(format!("  {}", facts(name)));
    let spellings = |head: &str, spellings: &[String]| {
        let quoted: Vec<String> = spellings.iter().map(|text| format!("“{}”", harmless(text))).collect();
        (!quoted.is_empty()).then(|| look.wrapped(&format!("{head} {}", quoted.join(", ")), "  "))
    };
    lines.extend(spellings("also", &name.variants));
    lines.extend(spellings("heard as", &name.misheard));
    lines.join("\n")
}

/// A name, and where it is said.
pub fn about(detail: &NameDetail, look: Look) -> String {
    let episode = |episode: &NameEpisode| {
        let title = look.bold(&harmless(&episode.title));
        let date = episode.date.map(|date| format!(" · {date}")).unwrap_or_default();
        let moments = episode.mentions.iter().map(|mention| match mention.span.map(Span::start) {
            Some(start) => clock(start),
            None => format!("word {}", mention.words.start + 1),
        });
        let moments = moments.collect::<Vec<_>>().join(", ");
        format!("{:>4}  {title}{date}\n{}", episode.id.to_string(), look.wrapped(&moments, "      "))
    };
    let mut parts = vec![summary(&detail.name, look)];
    parts.extend(detail.episodes.iter().map(episode));
    parts.extend((detail.more > 0).then(|| {
        let places = count(usize::try_from(detail.more).unwrap_or(usize::MAX), "older place", "older places");
        format!("{places} more are not listed here; `earwitness search` finds them")
    }));
    parts.join("\n\n")
}

/// The width of a column that holds these, wide ones aside.
fn width(labels: &[String]) -> usize {
    labels.iter().map(|label| console::measure_text_width(label)).filter(|width| *width <= WIDEST).max().unwrap_or(0)
}

fn padded(label: &str, width: usize) -> String {
    let missing = width.saturating_sub(console::measure_text_width(label));
    format!("{label}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::name_samples as samples;
    use ear_engine::core::NameId;

    #[test]
    fn the_names_of_an_episode_read_well() {
        let unsaid = |name: &str| NameView { name: name.into(), mentions: vec![], ..samples::name() };
        let place = NameView {
            id: NameId(6),
            name: "Baghdad".into(),
            kind: Some(NameKind::Place),
            role: None,
            ..samples::name()
        };
        let repair = |id, state, probability| RepairView {
            id: ear_engine::core::RepairId(id),
            state,
            probability,
            ..samples::repair()
        };
        let bare =
            RepairView { span: None, evidence: vec![], runner_up: None, after: String::new(), ..samples::repair() };
        let view = NamesView {
            names: vec![place, samples::name(), unsaid("Adil Abdul-Mahdi"), unsaid("Ann\u{7} Lee")],
            repairs: vec![
                repair(3, RepairState::Accepted, 0.9),
                bare,
                repair(13, RepairState::Proposed, 0.95),
                RepairView {
                    group: "b2".into(),
                    heard: "a deal abdul".into(),
                    meant: "Adil Abdul".into(),
                    ..repair(15, RepairState::Proposed, 0.45)
                },
                repair(16, RepairState::Proposed, 0.5),
                repair(14, RepairState::Refused, 0.5),
            ],
            ..samples::view()
        };
        insta::assert_snapshot!("episode", names("The vote", &view, Look::plain(Some(80))));
        assert_eq!(names("Silence", &NamesView::default(), Look::plain(None)), "Silence\n\n  no names");
    }

    #[test]
    fn the_names_of_the_library_read_well() {
        let unsaid = NameSummaryView {
            id: NameId(12),
            name: "Erbil".into(),
            kind: None,
            role: None,
            followed: false,
            mentions: 0,
            proposed: 0,
            ..samples::summary()
        };
        let look = Look::plain(Some(80));
        insta::assert_snapshot!(
            "library",
            [listing(&[samples::summary(), unsaid], look), about(&samples::detail(), look)].join("\n\n")
        );
    }
}
