//! What was odd about a feed, by line and up to a bound.

use crate::transcript::Warning;
pub(super) use crate::transcript::quote;

/// How many warnings are written out; the rest is counted in the last.
const MOST: usize = 100;

/// Collects warnings by their byte offset in the text.
#[derive(Default)]
pub(super) struct Warnings {
    kept: Vec<(usize, String)>,
    dropped: usize,
    last: usize,
}

impl Warnings {
    /// Warns of something at `offset`.
    pub fn add(&mut self, offset: usize, message: impl Into<String>) {
        if self.kept.len() < MOST {
            self.kept.push((offset, message.into()));
            return;
        }
        self.dropped += 1;
        self.last = self.last.max(offset);
    }

    /// All of them, by the lines of `text`.
    pub fn finish(mut self, text: &str) -> Vec<Warning> {
        self.kept.sort_by_key(|(offset, _)| *offset);
        if self.dropped > 0 {
            self.kept.push((self.last.max(self.kept[MOST - 1].0), format!("and {} more warnings", self.dropped)));
        }
        let (mut seen, mut line) = (0, 1);
        let at_line = |(offset, message): (usize, String)| {
            let offset = offset.clamp(seen, text.len());
            line += text.as_bytes()[seen..offset].iter().filter(|byte| **byte == b'\n').count();
            seen = offset;
            Warning { line, message }
        };
        self.kept.into_iter().map(at_line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_have_lines_in_order() {
        let mut warnings = Warnings::default();
        for offset in [4, 0, 2, 99, 1] {
            warnings.add(offset, "odd");
        }
        let lines: Vec<usize> = warnings.finish("a\nb\n\nc").iter().map(|warning| warning.line).collect();
        assert_eq!(lines, [1, 1, 2, 3, 4]);
    }

    #[test]
    fn warnings_are_bounded() {
        let text = "\n".repeat(250);
        let mut warnings = Warnings::default();
        (0..250).for_each(|offset| warnings.add(offset, "odd"));
        let kept = warnings.finish(&text);
        assert_eq!(kept.len(), 101);
        assert_eq!(kept[100].to_string(), "line 250: and 150 more warnings");
    }
}
