//! What was done and what went wrong.

use crate::table::{Table, number};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// As many faults are shown.
const SHOWN: usize = 20;
/// Growth of the server from the first quarter to the last that is no leak, in MB: caches fill, and the library grows.
const FLAT_MB: f64 = 32.0;

/// What happened, as it happens.
#[derive(Debug, Default)]
pub struct Log {
    operations: BTreeMap<&'static str, Operation>,
    faults: Vec<String>,
}

/// One kind of operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Operation {
    /// How often.
    pub times: usize,
    /// Faults it showed.
    pub faults: usize,
    /// The slowest, in milliseconds.
    pub slowest_ms: f64,
}

impl Log {
    /// Something was done.
    pub fn did(&mut self, name: &'static str, took: Duration) {
        let operation = self.operations.entry(name).or_default();
        operation.times += 1;
        operation.slowest_ms = operation.slowest_ms.max(took.as_secs_f64() * 1000.0);
    }

    /// Something is wrong.
    pub fn fault(&mut self, name: &'static str, what: String) {
        eprintln!("fault: {what}");
        self.operations.entry(name).or_default().faults += 1;
        self.faults.push(what);
    }
}

/// Everything one soak came to.
#[derive(Debug, Serialize)]
pub struct Report {
    /// How long it went on.
    pub minutes: f64,
    /// Times that everything was compared.
    pub rounds: usize,
    /// What the random choices came from.
    pub seed: u64,
    /// Episodes added, those removed included.
    pub episodes: usize,
    /// What was done.
    pub operations: BTreeMap<&'static str, Operation>,
    /// What was wrong.
    pub faults: Vec<String>,
    /// Memory in MB.
    pub memory_mb: Memory,
    /// Whether the server's memory did not grow.
    pub is_flat: bool,
}

/// Memory in MB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Memory {
    /// Most that the server held.
    pub server_peak: Option<f64>,
    /// Most that it held after a round of the first quarter.
    pub server_first_quarter: Option<f64>,
    /// Of the last.
    pub server_last_quarter: Option<f64>,
    /// Most that a worker held.
    pub worker_peak: f64,
}

impl Report {
    /// What the log comes to.
    pub fn new(
        log: Log,
        minutes: f64,
        seed: u64,
        episodes: usize,
        server_mb: &[f64],
        peaks: (Option<f64>, f64),
    ) -> Self {
        let quarter = server_mb.len().div_ceil(4);
        let most = |values: &[f64]| values.iter().copied().reduce(f64::max);
        let (first, last) = (most(&server_mb[..quarter]), most(&server_mb[server_mb.len() - quarter..]));
        Self {
            minutes,
            rounds: server_mb.len(),
            seed,
            episodes,
            operations: log.operations,
            faults: log.faults,
            memory_mb: Memory {
                server_peak: peaks.0,
                server_first_quarter: first,
                server_last_quarter: last,
                worker_peak: peaks.1,
            },
            is_flat: first.zip(last).is_none_or(|(first, last)| last - first <= FLAT_MB),
        }
    }
}

/// The table for people.
pub fn table(report: &Report) -> String {
    let mut table = Table::new(["", "times", "faults", "slowest ms"].map(String::from).to_vec());
    for (name, Operation { times, faults, slowest_ms }) in &report.operations {
        let slowest = Some(*slowest_ms).filter(|slowest| *slowest > 0.0);
        table.row(vec![(*name).to_owned(), times.to_string(), faults.to_string(), number(slowest, 0)]);
    }
    table.rule();
    let times: usize = report.operations.values().map(|operation| operation.times).sum();
    table.row(vec!["total".into(), times.to_string(), report.faults.len().to_string()]);
    let Memory { server_peak, server_first_quarter, server_last_quarter, worker_peak } = report.memory_mb;
    let shown: Vec<String> = report.faults.iter().take(SHOWN).map(|fault| format!("fault: {fault}\n")).collect();
    format!(
        "{table}\n{}{:.1} minutes, {} rounds, {} episodes, seed {}. Memory of the server: {} MB in the first quarter's \
         rounds, {} MB in the last's, {} MB at most; of a worker {} MB at most. Memory {}.",
        shown.concat(),
        report.minutes,
        report.rounds,
        report.episodes,
        report.seed,
        number(server_first_quarter, 0),
        number(server_last_quarter, 0),
        number(server_peak, 0),
        number(Some(worker_peak), 0),
        if report.is_flat { "stays flat" } else { "grows" },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told() {
        let mut log = Log::default();
        log.did("search", Duration::from_millis(12));
        log.did("search", Duration::from_millis(40));
        log.did("kill a worker", Duration::ZERO);
        log.fault("search", "`zyx`, said once, was found 2 times".into());
        let report = Report::new(log, 1.5, 7, 9, &[50.0, 60.0, 61.0, 62.0], (Some(70.0), 30.0));
        assert!(report.is_flat && report.operations["search"] == Operation { times: 2, faults: 1, slowest_ms: 40.0 });
        insta::assert_snapshot!(table(&report), @r#"
                       times  faults  slowest ms
        -------------  -----  ------  ----------
        kill a worker      1       0           –
        search             2       1          40
        -------------  -----  ------  ----------
        total              3       1

        fault: `zyx`, said once, was found 2 times
        1.5 minutes, 4 rounds, 9 episodes, seed 7. Memory of the server: 50 MB in the first quarter's rounds, 62 MB in the last's, 70 MB at most; of a worker 30 MB at most. Memory stays flat.
        "#);
        assert!(!Report::new(Log::default(), 1.0, 1, 0, &[50.0, 90.0], (None, 0.0)).is_flat);
        assert!(Report::new(Log::default(), 1.0, 1, 0, &[], (None, 0.0)).is_flat);
    }
}
