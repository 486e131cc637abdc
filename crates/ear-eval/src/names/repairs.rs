//! What proposals to write a name for what was heard are worth.

use super::fold;
use super::label::{Label, touches};
use super::material::{HeardCall, HeardSystem, Material};
use super::mentions::{Class, HeardMention, Kind};
use super::same;
use ear_core::NameKind;
use ear_language::names;
use serde::Serialize;
use std::collections::HashSet;
use std::ops::Range;

/// Probabilities from which proposals are shown, offered together, and as good as sure.
const THRESHOLDS: [f32; 3] = [0.5, 0.7, 0.9];
/// The one whose precision and recall stand for all.
const USUAL: f32 = 0.7;
/// How much of what is taken has to be right.
const PRECISIONS: [f64; 3] = [0.95, 0.92, 0.88];

/// Which names are known before the words are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Those who take part in the call.
    Participants,
    /// All names of all calls.
    All,
}

impl List {
    /// The names for one call, with what they are the names of where that is known. Of who takes part, the firm that
    /// the list names after the role is known too.
    pub fn entries(self, material: &Material, call: usize) -> Vec<(String, Option<NameKind>)> {
        match self {
            Self::Participants => {
                let participants = &material.calls[call].participants;
                let people = participants.iter().map(|person| (person.name.clone(), Some(NameKind::Person)));
                let firms = participants.iter().flat_map(|person| names::firms(&person.role));
                people.chain(firms.map(|firm| (firm, Some(NameKind::Organisation)))).collect()
            }
            Self::All => material.queries.iter().map(|query| (query.text.clone(), Some(query.kind.into()))).collect(),
        }
    }
}

/// That some heard words meant a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// Index of the call.
    pub call: usize,
    /// Heard words; never empty.
    pub words: Range<usize>,
    /// The name.
    pub meant: String,
    /// How likely it is.
    pub probability: f32,
}

/// What a list of proposals is worth.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Worth {
    /// Share of those that are right, of proposals with a probability of .7 and more; `None` of none.
    pub precision: Option<f64>,
    /// Share of the misheard mentions that they make right.
    pub recall: f64,
    /// Misheard mentions.
    pub misheard: usize,
    /// Those whose name is on the list.
    pub listed: usize,
    /// By the least probability.
    pub at: Vec<At>,
    /// The most that can be taken while so much of it is right.
    pub precise: Vec<Precise>,
}

/// Proposals from some probability on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct At {
    /// The least probability.
    pub threshold: f32,
    /// Share that is right; `None` of none.
    pub precision: Option<f64>,
    /// Share of all misheard mentions.
    pub recall: f64,
    /// Share of those whose name is on the list.
    pub recall_listed: f64,
    /// Proposals that are right or wrong.
    pub proposals: usize,
}

/// As many proposals as keep a precision.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Precise {
    /// The least share that is right.
    pub precision: f64,
    /// Share of all misheard mentions; 0 if no threshold is that precise.
    pub recall: f64,
    /// The least probability.
    pub threshold: Option<f32>,
}

/// A proposal that was judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// How likely it was thought.
    pub probability: f32,
    /// Whether it is right.
    pub label: Label,
    /// Misheard mentions that it makes right: two if people marked "Jonathan" and "Lamers" apart.
    pub mentions: usize,
}

/// Judges proposals: right if they meet a misheard mention of the name, or of one that is a part of it or it a part
/// of, or if the reference has there the whole name of somebody who takes part, in whatever letters: the list knows how
/// people spell themselves. A second one for a mention, one for what was only spaced otherwise, and one that spells the
/// name otherwise than the reference does, count neither way.
pub fn judge(material: &Material, system: &HeardSystem, mut proposals: Vec<Proposal>) -> Vec<Judged> {
    let place = |proposal: &Proposal| (proposal.call, proposal.words.start, proposal.words.end);
    proposals.sort_by(|left, right| {
        right.probability.total_cmp(&left.probability).then_with(|| place(left).cmp(&place(right)))
    });
    let mut found = HashSet::new();
    let judged = proposals.into_iter().map(|proposal| {
        let (label, mentions) = label(material, system, &proposal, &mut found);
        Judged { probability: proposal.probability, label, mentions }
    });
    judged.collect()
}

/// What a proposal is worth, and how many mentions it is the first to make right.
fn label(
    material: &Material,
    system: &HeardSystem,
    proposal: &Proposal,
    found: &mut HashSet<(usize, usize)>,
) -> (Label, usize) {
    let Some(call) = &system.calls[proposal.call] else { return (Label::False, 0) };
    let meant = fold::parts(&proposal.meant);
    let is_meant = |query: usize, words: &Range<usize>| {
        touches(&proposal.words, words) && is_part(&material.queries[query].parts, &meant)
    };
    let met = call.mentions.iter().enumerate().filter(|(_, mention)| is_meant(mention.query, &mention.words));
    let met: Vec<(usize, Class)> = met.map(|(number, mention)| (number, mention.class)).collect();
    let misheard = met.iter().filter(|(_, class)| *class == Class::Misheard);
    let new = misheard.filter(|(number, _)| found.insert((proposal.call, *number))).count();
    if new > 0 {
        return (Label::Right(Class::Misheard), new);
    }
    if met.is_empty() && takes_part(call, proposal) {
        let misheard = |(number, mention): &(usize, &HeardMention)| {
            touches(&proposal.words, &mention.words)
                && mention.class == Class::Misheard
                && mention.kind == Kind::Person
                && found.insert((proposal.call, *number))
        };
        let new = call.mentions.iter().enumerate().filter(misheard).count();
        return (Label::Right(Class::Misheard), new);
    }
    let harmless = met.iter().any(|(_, class)| matches!(class, Class::Misheard | Class::Respaced))
        || call.unmarked.iter().any(|(query, words)| is_meant(*query, words))
        || is_spelled_otherwise(material, call, proposal);
    (if harmless { Label::Ignored } else { Label::False }, 0)
}

/// Whether a name was said there that list and reference spell otherwise ("Deane Dray", "Dean Dray").
fn is_spelled_otherwise(material: &Material, call: &HeardCall, proposal: &Proposal) -> bool {
    let mut touched = call.mentions.iter().filter(|mention| touches(&proposal.words, &mention.words));
    touched.any(|mention| same::is_spelled_otherwise(&proposal.meant, &material.queries[mention.query].text))
}

/// Whether the reference has this very name, or this very word of it, there in whatever letters, and it is that of
/// somebody who takes part in the call ("Mike Lattimore" for the list's "Mike Latimore").
fn takes_part(heard: &HeardCall, proposal: &Proposal) -> bool {
    let meant = fold::parts(&proposal.meant);
    let mut there = heard.participants.iter().filter(|(_, words)| touches(&proposal.words, words));
    there.any(|(name, _)| fold::parts(name) == meant)
}

/// Whether the words of one name are a part of those of the other.
fn is_part(left: &[String], right: &[String]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    !short.is_empty() && long.windows(short.len()).any(|window| window == short)
}

/// What the proposals of these systems are worth.
pub fn worth(material: &Material, systems: &[&HeardSystem], list: List, mut judged: Vec<Judged>) -> Worth {
    let (mut misheard, mut listed) = (0, 0);
    for (number, call) in systems.iter().flat_map(|system| system.calls.iter().enumerate()) {
        let names: Vec<Vec<String>> =
            list.entries(material, number).iter().map(|(name, _)| fold::parts(name)).collect();
        let mentions = call.iter().flat_map(|call| &call.mentions).filter(|mention| mention.class == Class::Misheard);
        for mention in mentions {
            misheard += 1;
            let parts = &material.queries[mention.query].parts;
            listed += usize::from(list == List::All || names.iter().any(|name| is_part(name, parts)));
        }
    }
    judged.sort_by(|left, right| right.probability.total_cmp(&left.probability));
    let at = THRESHOLDS.map(|threshold| at(&judged, threshold, misheard, listed));
    let precise = PRECISIONS.map(|precision| precise(&judged, precision, misheard));
    let usual = at.iter().find(|at| at.threshold == USUAL);
    Worth {
        precision: usual.and_then(|at| at.precision),
        recall: usual.map_or(0.0, |at| at.recall),
        misheard,
        listed,
        at: at.to_vec(),
        precise: precise.to_vec(),
    }
}

fn share(part: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

/// Of some proposals: those that are right or wrong, those right, and the mentions made right.
fn count(judged: &[Judged]) -> (usize, usize, usize) {
    let counted = judged.iter().filter(|one| one.label != Label::Ignored).count();
    let right = judged.iter().filter(|one| matches!(one.label, Label::Right(_))).count();
    (counted, right, judged.iter().map(|one| one.mentions).sum())
}

fn at(judged: &[Judged], threshold: f32, misheard: usize, listed: usize) -> At {
    let taken = judged.partition_point(|one| one.probability >= threshold);
    let (proposals, right, mentions) = count(&judged[..taken]);
    let [recall, recall_listed] = [misheard, listed].map(|all| share(mentions, all).unwrap_or_default());
    At { threshold, precision: share(right, proposals), recall, recall_listed, proposals }
}

fn precise(judged: &[Judged], precision: f64, misheard: usize) -> Precise {
    let mut best = Precise { precision, recall: 0.0, threshold: None };
    let mut sums = (0, 0, 0);
    for equal in judged.chunk_by(|left, right| left.probability == right.probability) {
        let (counted, right, mentions) = count(equal);
        sums = (sums.0 + counted, sums.1 + right, sums.2 + mentions);
        if share(sums.1, sums.0).is_some_and(|share| share >= precision) {
            best.recall = share(sums.2, misheard).unwrap_or_default();
            best.threshold = Some(equal[0].probability);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::fixture::material;

    #[test]
    fn who_takes_part_is_spelled_as_on_the_list() {
        // Nobody marked the name, or it is marked in other letters.
        for said in ["here is Jonathan Lammers of GPE[Iran]", "here is PERSON[Jonathon Lammers] of GPE[Iran]"] {
            let material = material(&[(said, &["here is jonathan lamas of iran"])]);
            let check = |words: Range<usize>, meant: &str, expected: Label| {
                let proposal = Proposal { call: 0, words, meant: meant.into(), probability: 0.9 };
                let judged = judge(&material, &material.systems[0], vec![proposal]);
                assert_eq!(judged[0].label, expected, "{said}: {meant}");
            };
            check(2..4, "Jonathan Lamers", Label::Right(Class::Misheard));
            check(3..4, "Lamers", Label::Right(Class::Misheard));
            check(3..4, "Jonathan", Label::False);
            check(3..4, "Lamar", Label::False);
            check(5..6, "Jonathan Lamers", Label::False);
        }
    }

    #[test]
    fn proposals_are_judged() {
        let material = material(&[(
            "ask PERSON[Jonathan] PERSON[Lamers] of GPE[Iran] about PERSON[D'Ambrosia] now",
            &["ask jonson lammers of iran about d ambrosia now"],
        )]);
        let propose = |words: Range<usize>, meant: &str, probability| Proposal {
            call: 0,
            words,
            meant: meant.into(),
            probability,
        };
        let check = |proposal: Proposal, expected: Label, mentions: usize| {
            let judged = judge(&material, &material.systems[0], vec![proposal.clone()]);
            assert_eq!((judged[0].label, judged[0].mentions), (expected, mentions), "{proposal:?}");
        };
        let right = Label::Right(Class::Misheard);
        check(propose(1..3, "Jonathan Lamers", 0.9), right, 2);
        check(propose(2..3, "lamers", 0.9), right, 1);
        check(propose(2..3, "Jonathan", 0.9), Label::False, 0);
        check(propose(1..3, "Jonathan Lame", 0.9), right, 1);
        check(propose(2..3, "Lame", 0.9), Label::False, 0);
        check(propose(4..5, "Iran", 0.9), Label::False, 0);
        check(propose(6..8, "D'Ambrosia", 0.9), Label::Ignored, 0);
        let both =
            vec![propose(2..3, "Lamers", 0.6), propose(1..3, "Jonathan Lamers", 0.9), propose(0..1, "Lamers", 0.55)];
        let judged = judge(&material, &material.systems[0], both);
        assert_eq!(judged.iter().map(|one| one.label).collect::<Vec<_>>(), [right, Label::Ignored, Label::False]);
        let worth = worth(&material, &[&material.systems[0]], List::Participants, judged);
        assert_eq!((worth.misheard, worth.listed, worth.precision, worth.recall), (2, 2, Some(1.0), 1.0));
        assert_eq!((worth.at[0].proposals, worth.at[0].precision), (2, Some(0.5)));
        assert_eq!((worth.precise[0].threshold, worth.precise[0].recall), (Some(0.6), 1.0));
    }
}
