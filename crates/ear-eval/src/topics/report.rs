//! What `topics` prints.

use super::measure::{Measured, OURS};
use crate::table::{Table, number};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// By set and method.
    pub sets: BTreeMap<String, BTreeMap<&'static str, super::measure::Worth>>,
    /// What the sets are.
    #[serde(skip)]
    pub measured: BTreeMap<String, Measured>,
    /// What was left out.
    pub notes: Vec<String>,
}

impl Report {
    /// Of these sets.
    pub fn new(measured: BTreeMap<String, Measured>, notes: Vec<String>) -> Self {
        let sets = measured.iter().map(|(name, set)| (name.clone(), set.methods.clone())).collect();
        Self { sets, measured, notes }
    }
}

/// For people.
pub fn table(report: &Report) -> String {
    let mut table = Table::new(["", "Pk", "WindowDiff", "F1", "cuts", "meant"].map(String::from).to_vec());
    for (at, (name, set)) in report.measured.iter().enumerate() {
        if at > 0 {
            table.rule();
        }
        let ours_first = set.methods.iter().filter(|(method, _)| **method == OURS);
        for (method, worth) in ours_first.chain(set.methods.iter().filter(|(method, _)| **method != OURS)) {
            let cells = [number(Some(worth.pk), 3), number(Some(worth.wd), 3), number(Some(worth.f1), 3)];
            let mut row = vec![format!("{name}: {method}")];
            row.extend(cells);
            row.extend([number(Some(worth.cuts), 1), number(Some(set.boundaries), 1)]);
            table.row(row);
        }
    }
    let sets = report
        .measured
        .iter()
        .map(|(name, set)| format!("{name}: {} documents, F1 within {} units", set.documents, set.tolerance));
    format!(
        "{table}Pk and WindowDiff: mean over documents, less is better. Even cuts are told how many.\n{}",
        sets.collect::<Vec<_>>().join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::measure::Worth;
    use super::*;

    #[test]
    fn ours_stands_first() {
        let worth = |pk| Worth { pk, wd: pk + 0.1, f1: 0.5, cuts: 9.0 };
        let methods = [("TextTiling", worth(0.3)), (OURS, worth(0.1)), ("none", worth(0.4))].into();
        let set = Measured { documents: 2, boundaries: 9.5, tolerance: 1, methods };
        let report = Report::new([("glued".to_owned(), set)].into(), Vec::new());
        insta::assert_snapshot!(table(&report), @r"
                              Pk  WindowDiff     F1  cuts  meant
        -----------------  -----  ----------  -----  ----  -----
        glued: earwitness  0.100       0.200  0.500   9.0    9.5
        glued: TextTiling  0.300       0.400  0.500   9.0    9.5
        glued: none        0.400       0.500  0.500   9.0    9.5
        Pk and WindowDiff: mean over documents, less is better. Even cuts are told how many.
        glued: 2 documents, F1 within 1 units
        ");
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["sets"]["glued"][OURS]["pk"], 0.1);
    }
}
