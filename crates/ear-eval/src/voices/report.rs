//! The report and its table.

use super::score::Scores;
use crate::table::{Table, number, percent};
use serde::Serialize;

/// What was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// What is heard without a list, searched by its words.
    pub words: Scores,
    /// The same words, searched by sound too.
    pub sound: Scores,
    /// What is heard with a list.
    pub lists: Scores,
    /// The same, with the repairs that are proposed for it.
    pub repairs: Scores,
    /// Hits by sound in sentences that do not have the name.
    pub hits_elsewhere: usize,
    /// Repairs that were accepted.
    pub accepted: usize,
    /// Those of them that put a name which the sentence does not have.
    pub accepted_wrong: usize,
    /// Name by name.
    pub items: Vec<Item>,
}

/// What became of one name.
#[derive(Debug, Serialize)]
pub struct Item {
    /// The name.
    pub name: String,
    /// What it is the name of.
    pub kind: String,
    /// Whose voice read it.
    pub voice: String,
    /// What was heard without a list.
    pub heard: String,
    /// What was heard with one.
    pub with_list: String,
    /// That with its repairs.
    pub repaired: String,
    /// Whether it was found in each way, in the order of the report.
    pub by_words: bool,
    /// By words or sound.
    pub by_sound: bool,
    /// With the list.
    pub by_list: bool,
    /// With the list and repairs.
    pub by_repairs: bool,
}

/// A row for each way to find a name.
pub fn table(report: &Report) -> String {
    let ways = [
        ("words alone", &report.words),
        ("and by sound", &report.sound),
        ("with a list", &report.lists),
        ("and second listen", &report.repairs),
    ];
    let kinds: Vec<&String> = report.words.kinds.keys().collect();
    let mut columns: Vec<String> =
        ["", "names found", "of", "recall", "fewer errors", "other words' error"].map(String::from).to_vec();
    columns.extend(kinds.iter().map(|kind| (*kind).clone()));
    let mut table = Table::new(columns);
    for (way, scores) in ways {
        let mut cells = vec![
            way.to_owned(),
            scores.found.to_string(),
            scores.names.to_string(),
            percent(scores.recall),
            percent(scores.fewer_errors),
            // Changes of a fifth of a point are looked for.
            scores.rest_wer.map_or("–".into(), |share| format!("{:.2} %", share * 100.0)),
        ];
        cells.extend(kinds.iter().map(|kind| percent(scores.kinds.get(*kind).copied())));
        table.row(cells);
    }
    let names = report.words.names.max(1);
    let per_name = number(Some(report.hits_elsewhere as f64 / names as f64), 2);
    format!(
        "{table}\nHits by sound in sentences without the name: {} ({per_name} a name). Repairs accepted: {}, of these with another name: {}.\n",
        report.hits_elsewhere, report.accepted, report.accepted_wrong
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_way() {
        let scores = |found, fewer_errors, rest_wer| Scores {
            found,
            names: 20,
            recall: Some(found as f64 / 20.0),
            fewer_errors,
            rest_wer,
            kinds: [("person".to_owned(), 0.25), ("place".to_owned(), 0.5)].into(),
        };
        let report = Report {
            words: scores(5, None, Some(0.0125)),
            sound: scores(12, Some(0.4666), None),
            lists: scores(9, Some(0.2666), Some(0.012)),
            repairs: scores(14, Some(0.6), Some(0.0131)),
            hits_elsewhere: 3,
            accepted: 6,
            accepted_wrong: 1,
            items: Vec::new(),
        };
        insta::assert_snapshot!(table(&report), @r"
                           names found  of  recall  fewer errors  other words' error  person   place
        -----------------  -----------  --  ------  ------------  ------------------  ------  ------
        words alone                  5  20  25.0 %             –              1.25 %  25.0 %  50.0 %
        and by sound                12  20  60.0 %        46.7 %                   –  25.0 %  50.0 %
        with a list                  9  20  45.0 %        26.7 %              1.20 %  25.0 %  50.0 %
        and second listen           14  20  70.0 %        60.0 %              1.31 %  25.0 %  50.0 %

        Hits by sound in sentences without the name: 3 (0.15 a name). Repairs accepted: 6, of these with another name: 1.
        ");
        let object = serde_json::to_value(&report).unwrap();
        assert_eq!((&object["repairs"]["found"], &object["sound"]["rest_wer"]), (&14.into(), &serde_json::Value::Null));
    }
}
