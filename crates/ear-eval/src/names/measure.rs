//! Each method over each system and all pooled ones.

use super::baselines::{self, BASELINES, Heard};
use super::earwitness::{self, Answers, Candidates, Model, Trained};
use super::evaluate::{self, Worth};
use super::label::{self, Counting, Label, Labelled, ScoredHit};
use super::material::{HeardSystem, HeardWord, Material};
use super::mentions::{Class, Kind, Query};
use super::repairs::{self, Judged, List};
use super::report::{Group, Ours, Report, System};
use super::score;
use super::windows::Windows;
use anyhow::Result;
use ear_language::sounds::pronounce_name;
use std::collections::BTreeMap;

const POOLED: [&str; 3] = ["google", "amazon", "microsoft"];
/// Least and most phones.
const LENGTHS: [(usize, usize); 5] = [(0, 2), (3, 5), (6, 7), (8, 10), (11, usize::MAX)];

/// How to measure.
#[derive(Clone, Debug)]
pub struct Settings {
    /// False alarms per name in 20 hours that thresholds may have on the calls they are chosen on.
    pub max_fa: f64,
    /// Ours was fitted anew for each fold.
    pub cross_validate: bool,
    /// Measure the other methods too.
    pub baselines: bool,
    /// So many of the best false alarms of each method and system go to stderr.
    pub show: usize,
}

/// What a method is worth: over the pool, alone, and for some names.
struct Measured {
    total: Worth,
    systems: Vec<Worth>,
    groups: Vec<Worth>,
}

/// Measures ours and the other methods.
///
/// # Errors
/// If a method fails.
pub fn measure(material: &Material, candidates: &Candidates, models: &[Fitted], settings: &Settings) -> Result<Report> {
    let pooled: Vec<&HeardSystem> = pool(material);
    let groups = groups(material);
    let ours = search(material, candidates, models);
    let calibration = calibration(material, &ours);
    let by_worth: Vec<Vec<ScoredHit>> = ours.iter().map(|hits| earwitness::by_worth(hits)).collect();
    let quietly = Settings { show: 0, ..settings.clone() };
    let all = |counting| {
        let by_probability = measured(material, &pooled, &groups, settings, ours.clone(), counting);
        let mut ours = measured(material, &pooled, &groups, &quietly, by_worth.clone(), counting);
        // Precision on average is about the order of probabilities.
        ours.total.ap = by_probability.total.ap;
        ours
    };
    let by_letters = all(Counting::OnceByLetters).total;
    let ours = all(Counting::Once);
    let mut others: BTreeMap<String, Measured> = BTreeMap::new();
    if settings.baselines {
        let windows: Vec<Windows> = material.systems.iter().map(Windows::new).collect();
        for (name, method) in BASELINES {
            let hits = material.systems.iter().zip(&windows).map(|(system, windows)| {
                eprintln!("{name}: {}", system.name);
                baselines::search(method, &Heard { material, system, windows })
            });
            let hits = hits.collect::<Result<Vec<_>>>()?;
            others.insert(name.to_owned(), measured(material, &pooled, &groups, settings, hits, Counting::Once));
        }
    }
    let repairs = repaired(material, candidates, models);
    let group = |(number, (name, _)): (usize, &(String, Vec<bool>))| Group {
        group: name.clone(),
        ours: ours.groups[number].clone(),
        baselines: others.iter().map(|(name, method)| (name.clone(), method.groups[number].clone())).collect(),
    };
    let mut lengths: Vec<Group> = groups.iter().enumerate().map(group).filter(|group| group.ours.names > 0).collect();
    let kinds = lengths.split_off(lengths.iter().take_while(|group| group.group.ends_with(" phones")).count());
    let systems = material.systems.iter().enumerate().map(|(number, system)| {
        let report = System {
            ours: total(material, &[system], ours.systems[number].clone(), &repairs),
            heard: heard(system),
            baselines: others.iter().map(|(name, method)| (name.clone(), method.systems[number].clone())).collect(),
        };
        (system.name.clone(), report)
    });
    Ok(Report {
        systems: systems.collect(),
        total: total(material, &pooled, ours.total, &repairs),
        by_letters,
        pooled: pooled.iter().map(|system| system.name.clone()).collect(),
        baselines: others.into_iter().map(|(name, method)| (name, method.total)).collect(),
        calibration,
        lengths,
        kinds,
        names: material.queries.len(),
        calls: material.calls.len(),
        cross_validated: settings.cross_validate,
        notes: material.notes.clone(),
    })
}

fn pooled_numbers(material: &Material) -> Vec<usize> {
    let pooled = pool(material);
    let is_pooled = |number: &usize| pooled.iter().any(|system| system.name == material.systems[*number].name);
    (0..material.systems.len()).filter(is_pooled).collect()
}

fn pool(material: &Material) -> Vec<&HeardSystem> {
    let usual: Vec<_> = material.systems.iter().filter(|system| POOLED.contains(&system.name.as_str())).collect();
    if usual.is_empty() { material.systems.iter().collect() } else { usual }
}

/// Groups of names: their names, and whether each query belongs to them.
fn groups(material: &Material) -> Vec<(String, Vec<bool>)> {
    let lengths: Vec<usize> = material.queries.iter().map(length).collect();
    let by_length = LENGTHS.map(|(least, most)| {
        let name = if most == usize::MAX { format!("{least}+ phones") } else { format!("{least}–{most} phones") };
        (name, lengths.iter().map(|length| (least..=most).contains(length)).collect())
    });
    let kinds = [("PERSON", Kind::Person), ("ORG", Kind::Organisation), ("GPE", Kind::Place)];
    let by_kind = kinds.map(|(name, kind)| {
        (name.to_owned(), material.queries.iter().map(|query| query.kind == kind).collect::<Vec<bool>>())
    });
    by_length.into_iter().chain(by_kind).collect()
}

/// Phones of a name as it is likeliest said.
fn length(query: &Query) -> usize {
    pronounce_name(&query.text).first().map_or(0, |said| said.phones.len())
}

/// The parameters for each fold, and the calls they are used on.
pub struct Fitted {
    model: Model,
    calls: Vec<usize>,
}

/// The shipped parameters, for all calls.
pub fn shipped(material: &Material) -> Vec<Fitted> {
    vec![Fitted { model: Model::shipped(), calls: (0..material.calls.len()).collect() }]
}

/// Trees fitted to all calls but those of a fold, and what they answer about those.
pub struct Apart {
    trained: Trained,
    answers: Answers,
    calls: Vec<usize>,
}

/// Fits trees for each fold of the calls to the others. Only the pooled systems are fitted to.
///
/// # Errors
/// If there is too little to learn from.
pub fn fit_apart(material: &Material, candidates: &Candidates) -> Result<Vec<Apart>> {
    let systems = pooled_numbers(material);
    let folds = evaluate::folds(material.calls.len());
    let fit = |(number, fold): (usize, evaluate::Fold)| {
        eprintln!("fitting for fold {}", number + 1);
        let trained = earwitness::train(material, candidates, &systems, &fold.training)?;
        let answers = Model::of(&trained)?.answers(material, candidates, &systems, &fold.test);
        Ok(Apart { trained, answers, calls: fold.test })
    };
    folds.into_iter().enumerate().map(fit).collect()
}

/// The parameters for each fold: its trees, and what they turned out to mean in the other folds.
///
/// # Errors
/// If they can't be read, which would be a fault of ours.
pub fn models(apart: &[Apart]) -> Result<Vec<Fitted>> {
    let model = |(number, fold): (usize, &Apart)| {
        let others = apart.iter().enumerate().filter(|(other, _)| *other != number || apart.len() == 1);
        let answers = Answers::of(others.map(|(_, other)| &other.answers));
        Ok(Fitted { model: Model::of(&fold.trained.sobered(&answers))?, calls: fold.calls.clone() })
    };
    apart.iter().enumerate().map(model).collect()
}

/// Fits trees to all calls of the pooled systems, with what those of the folds turned out to mean: what is shipped.
///
/// # Errors
/// If there is too little to learn from.
pub fn train(material: &Material, candidates: &Candidates, apart: &[Apart]) -> Result<Trained> {
    let calls: Vec<usize> = (0..material.calls.len()).collect();
    let trained = earwitness::train(material, candidates, &pooled_numbers(material), &calls)?;
    Ok(trained.sobered(&Answers::of(apart.iter().map(|fold| &fold.answers))))
}

fn search(material: &Material, candidates: &Candidates, models: &[Fitted]) -> Vec<Vec<ScoredHit>> {
    let hits =
        |system: usize| models.iter().flat_map(move |fitted| fitted.model.hits(candidates, system, &fitted.calls));
    (0..material.systems.len()).map(|system| hits(system).collect()).collect()
}

/// How often hits of the pooled systems are right, by their probability.
fn calibration(material: &Material, hits: &[Vec<ScoredHit>]) -> Vec<score::Tenth> {
    let labelled = |number: usize| {
        label::label(material, &material.systems[number], label::best(hits[number].clone()), Counting::Once)
    };
    let lists: Vec<Vec<Labelled>> = pooled_numbers(material).into_iter().map(labelled).collect();
    score::calibration(&evaluate::pooled(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// Values hits of each system.
fn measured(
    material: &Material,
    pooled: &[&HeardSystem],
    groups: &[(String, Vec<bool>)],
    settings: &Settings,
    hits: Vec<Vec<ScoredHit>>,
    counting: Counting,
) -> Measured {
    let lists: Vec<Vec<Labelled>> = material
        .systems
        .iter()
        .zip(hits)
        .map(|(system, hits)| label::label(material, system, label::best(hits), counting))
        .collect();
    material.systems.iter().zip(&lists).for_each(|(system, list)| show(material, system, list, settings.show));
    let is_pooled = |system: &HeardSystem| pooled.iter().any(|other| other.name == system.name);
    let parts = material.systems.iter().zip(&lists).filter(|(system, _)| is_pooled(system));
    let all = evaluate::pooled(&parts.map(|(_, list)| list.as_slice()).collect::<Vec<_>>());
    let thresholds = evaluate::thresholds(material, pooled, &all, settings.max_fa);
    let worth = |systems: &[&HeardSystem], list: &[Labelled], keeps: &dyn Fn(usize) -> bool| {
        evaluate::worth(material, &evaluate::truth(material, systems, None, keeps), list, &thresholds)
    };
    Measured {
        total: worth(pooled, &all, &|_| true),
        systems: material.systems.iter().zip(&lists).map(|(system, list)| worth(&[system], list, &|_| true)).collect(),
        groups: groups.iter().map(|(_, members)| worth(pooled, &all, &|query| members[query])).collect(),
    }
}

/// Writes the best false alarms with the words around them.
fn show(material: &Material, system: &HeardSystem, list: &[Labelled], most: usize) {
    for Labelled { hit, .. } in list.iter().filter(|item| item.label == Label::False).take(most) {
        let Some(call) = &system.calls[hit.call] else { continue };
        let text = |words: &[HeardWord]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let before = text(&call.words[hit.words.start.saturating_sub(5)..hit.words.start]);
        let after = text(&call.words[hit.words.end..call.words.len().min(hit.words.end + 5)]);
        eprintln!(
            "{}\t{}\t{}\t{:.3}\t{} [{}] {}",
            system.name,
            material.calls[hit.call].id,
            material.queries[hit.query].text,
            hit.score,
            before,
            text(&call.words[hit.words.clone()]),
            after
        );
    }
}

fn heard(system: &HeardSystem) -> BTreeMap<Class, usize> {
    let mut counts = BTreeMap::new();
    for mention in system.calls.iter().flatten().flat_map(|call| &call.mentions) {
        *counts.entry(mention.class).or_default() += 1;
    }
    counts
}

/// The judged proposals of each system, by list.
struct Repairs<'a> {
    systems: Vec<(&'a str, [Vec<Judged>; 2])>,
}

const LISTS: [List; 2] = [List::Participants, List::All];

fn repaired<'a>(material: &'a Material, candidates: &Candidates, models: &[Fitted]) -> Repairs<'a> {
    let systems = material.systems.iter().enumerate().map(|(number, system)| {
        let judged = LISTS.map(|list| {
            let of = |fitted: &Fitted| fitted.model.proposals(candidates, number, &fitted.calls, list);
            repairs::judge(material, system, models.iter().flat_map(of).collect())
        });
        (system.name.as_str(), judged)
    });
    Repairs { systems: systems.collect() }
}

fn total(material: &Material, systems: &[&HeardSystem], search: Worth, repairs: &Repairs<'_>) -> Ours {
    let fits = |name: &str| systems.iter().any(|system| system.name == name);
    let judged = |list: usize| -> Vec<Judged> {
        repairs.systems.iter().filter(|(name, _)| fits(name)).flat_map(|(_, lists)| lists[list].clone()).collect()
    };
    Ours {
        search,
        repair_list: repairs::worth(material, systems, LISTS[0], judged(0)),
        repair_all: repairs::worth(material, systems, LISTS[1], judged(1)),
    }
}
