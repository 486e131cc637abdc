//! The clues of a repair in words, each with how much it moved the probability.

use super::{Candidate, Listed, RepairModel, bare};
use crate::sounds::{CLUES, pronounce_first, pronounce_name};
use ear_core::{Evidence, EvidenceKind, SourceKind, Word};

/// Which clues make up each kind of evidence.
const KINDS: [(EvidenceKind, &[usize]); 7] = [
    (EvidenceKind::Sound, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 23, 24, 25, 26, 27]),
    (EvidenceKind::Commonness, &[12, 13, 14, 17, 18]),
    (EvidenceKind::Source, &[CLUES, CLUES + 3, CLUES + 5, CLUES + 6]),
    (EvidenceKind::Said, &[20, 21, 28]),
    (EvidenceKind::Consistency, &[19]),
    (EvidenceKind::Decided, &[CLUES + 1]),
    (EvidenceKind::Confidence, &[CLUES + 2]),
];

/// What speaks for and against a candidate, weightiest first. A weight is how much the log-odds would change if
/// these clues were those of an ordinary candidate.
pub(super) fn evidence(words: &[Word], candidate: &Candidate, listed: &Listed, model: &RepairModel) -> Vec<Evidence> {
    let whole = model.log_odds(&candidate.clues);
    let mut all: Vec<Evidence> = Vec::new();
    for (kind, clues) in KINDS {
        let Some(text) = text(kind, words, candidate, listed) else { continue };
        let mut without = candidate.clues;
        for &clue in clues {
            without[clue] = model.ordinary()[clue];
        }
        all.push(Evidence { kind, text, weight: whole - model.log_odds(&without) });
    }
    all.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    all
}

fn text(kind: EvidenceKind, words: &[Word], candidate: &Candidate, listed: &Listed) -> Option<String> {
    let clues = &candidate.clues;
    let heard = bare(&words[candidate.words.clone()]);
    match kind {
        EvidenceKind::Sound => {
            let mut phones = Vec::new();
            for word in &words[candidate.words.clone()] {
                pronounce_first(&word.text, &mut phones);
            }
            let meant = pronounce_name(&candidate.spelling).into_iter().next()?;
            let spell = |phones: &[crate::sounds::Phone]| {
                phones.iter().map(|phone| phone.as_str()).collect::<Vec<_>>().join(" ")
            };
            Some(format!("sounds alike: {} for {}", spell(&phones), spell(&meant.phones)))
        }
        EvidenceKind::Commonness => Some(match clues[12] {
            common if common >= 3.5 => format!("“{heard}” is a common phrase"),
            common if common >= 1.5 => format!("“{heard}” is said now and then"),
            _ => format!("hardly anybody says “{heard}”"),
        }),
        EvidenceKind::Source => listed.name.sources.first().map(|source| {
            let place = place(source.kind);
            if source.text.is_empty() { place.to_owned() } else { format!("{place}: {}", source.text) }
        }),
        EvidenceKind::Said => {
            let times = (10_f32.powf(clues[21]) - 1.0).round() as u64;
            (times > 0).then(|| format!("{} is said in this episode, {times}×", listed.name.name))
        }
        EvidenceKind::Consistency => {
            let times = (10_f32.powf(clues[19]) - 1.0).round() as u64;
            (times > 1).then(|| format!("“{heard}” stands here {times}×"))
        }
        EvidenceKind::Decided => {
            let times = (10_f32.powf(clues[CLUES + 1]) - 1.0).round() as u64;
            (times > 0).then(|| format!("“{heard}” was accepted for this name before, {times}×"))
        }
        EvidenceKind::Confidence => {
            let sure = clues[CLUES + 2];
            (sure >= 0.0).then(|| format!("the recogniser was {:.0} % sure of “{heard}”", sure * 100.0))
        }
        EvidenceKind::Reading | EvidenceKind::SecondListen => None,
    }
}

fn place(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::List => "on your list",
        SourceKind::Followed => "you follow this name",
        SourceKind::Credit => "credited by the publisher",
        SourceKind::Title => "in the title",
        SourceKind::Notes => "in the show notes",
        SourceKind::Chapter => "in a chapter’s title",
        SourceKind::Tag => "in the file’s tags",
        SourceKind::Show => "in the show’s description",
        SourceKind::Regular => "often named in this show",
        SourceKind::Library => "named in other episodes of that time",
        SourceKind::Said => "said in this episode",
        SourceKind::Gazetteer => "a place of the world",
    }
}
