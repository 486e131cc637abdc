//! Tables on a terminal.

use std::fmt;

/// Rows of cells: the first column to the left, all others to the right.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Option<Vec<String>>>,
}

impl Table {
    /// A table with these headings.
    pub fn new(headings: Vec<String>) -> Self {
        Self { rows: vec![Some(headings), None] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(Some(cells));
    }

    /// Adds a line across.
    pub fn rule(&mut self) {
        self.rows.push(None);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths: Vec<usize> = Vec::new();
        for row in self.rows.iter().flatten() {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        for row in &self.rows {
            let cells = row.iter().flatten().zip(&widths).enumerate().map(|(at, (cell, width))| match at {
                0 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            let dashes = widths.iter().map(|width| "-".repeat(*width));
            let line: Vec<String> = if row.is_some() { cells.collect() } else { dashes.collect() };
            writeln!(f, "{}", line.join("  ").trim_end())?;
        }
        Ok(())
    }
}

/// A share as percent, `–` where there is none.
pub fn percent(share: Option<f64>) -> String {
    share.map_or("–".into(), |share| format!("{:.1} %", share * 100.0))
}

/// A number with so many decimals, `–` where there is none.
pub fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or("–".into(), |value| format!("{value:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(vec!["file".into(), "words".into()]);
        table.row(vec!["é.wav".into(), number(Some(12.34), 1)]);
        table.rule();
        table.row(vec!["total".into()]);
        assert_eq!(table.to_string(), "file   words\n-----  -----\né.wav   12.3\n-----  -----\ntotal\n");
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        assert_eq!([percent(None), percent(Some(0.1234)), number(None, 2)], ["–", "12.3 %", "–"]);
    }
}
