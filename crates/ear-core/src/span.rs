//! Stretches of time.

use serde::{Deserialize, Serialize};

/// Whole milliseconds from the start of an episode.
pub type Millis = u64;

/// A half-open stretch of an episode; `start <= end` always holds, so the fields are private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "(Millis, Millis)", into = "(Millis, Millis)")]
pub struct Span {
    start: Millis,
    end: Millis,
}

impl Span {
    /// The span from `start` to `end`; an end before the start is moved to it.
    pub fn new(start: Millis, end: Millis) -> Self {
        Self { start, end: end.max(start) }
    }

    /// From seconds as models give them; negative and non-finite values become 0.
    pub fn from_seconds(start: f64, end: f64) -> Self {
        Self::new(to_millis(start), to_millis(end))
    }

    /// First millisecond inside.
    pub fn start(self) -> Millis {
        self.start
    }

    /// First millisecond after.
    pub fn end(self) -> Millis {
        self.end
    }

    /// Length in milliseconds.
    pub fn duration(self) -> Millis {
        self.end - self.start
    }

    /// Whether `moment` lies inside.
    pub fn contains(self, moment: Millis) -> bool {
        self.start <= moment && moment < self.end
    }

    /// The smallest span that holds both.
    pub fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The same span, `by` milliseconds later.
    pub fn shift(self, by: Millis) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

impl From<(Millis, Millis)> for Span {
    fn from((start, end): (Millis, Millis)) -> Self {
        Self::new(start, end)
    }
}

impl From<Span> for (Millis, Millis) {
    fn from(span: Span) -> Self {
        (span.start, span.end)
    }
}

/// A moment as people read it: `3:07`, `1:02:09`.
pub fn clock(moment: Millis) -> String {
    let seconds = moment / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

fn to_millis(seconds: f64) -> Millis {
    // The cast saturates, so infinities and NaN are harmless.
    (seconds * 1000.0).round().max(0.0) as Millis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_reads_as_people_write_it() {
        for (moment, expected) in [(0, "0:00"), (187_400, "3:07"), (3_729_999, "1:02:09"), (36_000_000, "10:00:00")] {
            assert_eq!(clock(moment), expected);
        }
    }

    #[test]
    fn spans_never_run_backwards() {
        assert_eq!(Span::new(5, 3), Span::new(5, 5));
        assert_eq!(Span::from_seconds(f64::NAN, -1.0), Span::new(0, 0));
        assert_eq!(Span::from_seconds(1.2345, 2.0), Span::new(1235, 2000));
    }
}
