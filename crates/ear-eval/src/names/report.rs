//! What `names` prints.

use super::evaluate::Worth;
use super::repairs;
use super::score::Tenth;
use crate::table::{Table, number, percent};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Ours, over the pooled systems.
    pub total: Ours,
    /// Our search over the pooled systems if the same name in other letters is a false alarm; else it counts neither
    /// way.
    pub by_letters: Worth,
    /// Which systems are pooled.
    pub pooled: Vec<String>,
    /// Each system alone, at the thresholds of the pool.
    pub systems: BTreeMap<String, System>,
    /// Other methods, over the pooled systems.
    pub baselines: BTreeMap<String, Worth>,
    /// What became of our probabilities, over the pooled systems, for what words do not find.
    pub calibration: Vec<Tenth>,
    /// By phones of the name.
    pub lengths: Vec<Group>,
    /// By kind of name.
    pub kinds: Vec<Group>,
    /// Distinct names.
    pub names: usize,
    /// Calls.
    pub calls: usize,
    /// Whether ours was fitted to other calls than those it was tested on.
    pub cross_validated: bool,
    /// What could not be read, and names left out.
    pub notes: Vec<String>,
}

/// Our search and our repairs.
#[derive(Debug, Serialize)]
pub struct Ours {
    /// The search.
    #[serde(flatten)]
    pub search: Worth,
    /// With the participants of each call as the list.
    pub repair_list: repairs::Worth,
    /// With all names at once.
    pub repair_all: repairs::Worth,
}

/// One system.
#[derive(Debug, Serialize)]
pub struct System {
    /// Ours.
    #[serde(flatten)]
    pub ours: Ours,
    /// Mentions by how they were heard.
    pub heard: BTreeMap<super::mentions::Class, usize>,
    /// Other methods.
    pub baselines: BTreeMap<String, Worth>,
}

/// Some of the names.
#[derive(Debug, Serialize)]
pub struct Group {
    /// Which.
    pub group: String,
    /// Ours.
    #[serde(flatten)]
    pub ours: Worth,
    /// Other methods.
    pub baselines: BTreeMap<String, Worth>,
}

/// For people.
pub fn table(report: &Report) -> String {
    let mut parts = vec![searches(report), groups(report), calibration(report), repaired(report)];
    parts.push(format!(
        "{} names in {} calls, pooled over {}; thresholds chosen on other calls{}. FA/name: false alarms per name in \
         20 hours, beyond those where the name's own words were heard.",
        report.names,
        report.calls,
        report.pooled.join(", "),
        if report.cross_validated { ", ours fitted to other calls" } else { ", ours as shipped" }
    ));
    parts.join("\n")
}

fn searches(report: &Report) -> String {
    let headings = [
        "",
        "TWV",
        "FA/name",
        "with words",
        "recall",
        "misheard",
        "MTWV",
        "AP",
        "recall at .1",
        "at .5",
        "at 2",
        "mentions",
    ];
    let mut table = Table::new(headings.map(String::from).to_vec());
    table.row(search("ours, pooled", &report.total.search));
    table.row(search("ours, other letters false", &report.by_letters));
    report.baselines.iter().for_each(|(name, worth)| table.row(search(name, worth)));
    for (name, system) in &report.systems {
        table.rule();
        table.row(search(&format!("{name}: ours"), &system.ours.search));
        system.baselines.iter().for_each(|(method, worth)| table.row(search(&format!("{name}: {method}"), worth)));
    }
    table.to_string()
}

fn search(name: &str, worth: &Worth) -> Vec<String> {
    let fixed = &worth.fixed;
    let mut cells = vec![
        name.to_owned(),
        number(Some(fixed.twv), 3),
        number(Some(fixed.fa_per_name), 2),
        number(Some(fixed.fa_with_words), 2),
        percent(Some(fixed.recall)),
        percent(Some(fixed.recall_misheard)),
        number(Some(worth.mtwv), 3),
        number(worth.ap, 3),
    ];
    cells.extend(worth.recall_at.iter().map(|at| percent(Some(at.recall))));
    cells.push(worth.mentions.to_string());
    cells
}

fn groups(report: &Report) -> String {
    let mut headings: Vec<String> = ["", "names", "mentions", "misheard", "TWV", "AP"].map(String::from).to_vec();
    headings.extend(report.baselines.keys().flat_map(|name| [format!("{name} TWV"), "AP".into()]));
    let mut table = Table::new(headings);
    for group in report.lengths.iter().chain(&report.kinds) {
        let counts = [group.ours.names, group.ours.mentions, group.ours.misheard].map(|count| count.to_string());
        let mut cells = vec![group.group.clone()];
        cells.extend(counts);
        for worth in std::iter::once(&group.ours).chain(group.baselines.values()) {
            cells.extend([number(Some(worth.fixed.twv), 3), number(worth.ap, 3)]);
        }
        table.row(cells);
    }
    table.to_string()
}

fn calibration(report: &Report) -> String {
    let mut table = Table::new(["probability", "mean", "right", "hits"].map(String::from).to_vec());
    for tenth in report.calibration.iter().filter(|tenth| tenth.n > 0) {
        table.row(vec![
            format!("{:.1}–{:.1}", tenth.from, tenth.to),
            number(Some(tenth.mean), 3),
            number(Some(tenth.right as f64 / tenth.n as f64), 3),
            tenth.n.to_string(),
        ]);
    }
    table.to_string()
}

fn repaired(report: &Report) -> String {
    let headings = [
        "repairs",
        "p ≥ .5",
        "recall",
        "p ≥ .7",
        "recall",
        "p ≥ .9",
        "recall",
        "recall at .95",
        ".92",
        ".88",
        "listed",
    ];
    let mut table = Table::new(headings.map(String::from).to_vec());
    let systems = report.systems.iter().map(|(name, system)| (name.as_str(), &system.ours));
    for (name, ours) in std::iter::once(("pooled", &report.total)).chain(systems) {
        for (list, worth) in [("participants", &ours.repair_list), ("all names", &ours.repair_all)] {
            let mut cells = vec![format!("{name}, {list}")];
            cells.extend(worth.at.iter().flat_map(|at| [percent(at.precision), percent(Some(at.recall))]));
            cells.extend(worth.precise.iter().map(|at| percent(Some(at.recall))));
            cells.push(format!("{} of {}", worth.listed, worth.misheard));
            table.row(cells);
        }
    }
    table.to_string()
}
