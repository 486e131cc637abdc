//! The best segmentation of all, by dynamic programming.

/// A cost that grows unit by unit.
pub(super) trait Growing {
    /// Begins a stretch at a unit, still without it.
    fn begin(&mut self, unit: usize);
    /// Adds the next unit; what the stretch costs now.
    fn add(&mut self) -> f64;
}

/// Where units lie, and how long stretches of them may be.
pub(super) struct Lengths<'a> {
    /// Begin and end of each unit in milliseconds, ascending.
    pub times: &'a [(u64, u64)],
    /// No stretch is shorter, if it can be helped.
    pub shortest: u64,
    /// No stretch is longer, if it can be helped.
    pub longest: u64,
}

/// Cuts `units` where the sum of the costs of stretches, `of_length` of each (given in milliseconds), and `of_cut` of
/// each cut (given the unit behind it) is least. Gives the units at which a stretch begins, but the first.
///
/// Takes time in proportion to the units times those of the longest stretch. Where nothing can be cut so that each
/// stretch is long enough, all of it is one.
pub(super) fn segment(
    units: std::ops::Range<usize>,
    lengths: &Lengths<'_>,
    cost: &mut impl Growing,
    of_length: impl Fn(u64) -> f64,
    of_cut: impl Fn(usize) -> f64,
) -> Vec<usize> {
    let first = units.start;
    let mut best = vec![f64::INFINITY; units.len() + 1];
    let mut from = vec![first; units.len() + 1];
    best[0] = 0.0;
    for start in units.clone() {
        let cut = if start > first { of_cut(start) } else { 0.0 };
        let before = best[start - first] + cut;
        if before.is_infinite() {
            continue;
        }
        cost.begin(start);
        let mut was_enough = false;
        for end in start + 1..=units.end {
            let length = lengths.times[end - 1].1.saturating_sub(lengths.times[start].0);
            if was_enough && length > lengths.longest {
                break;
            }
            let inside = cost.add();
            if length < lengths.shortest {
                continue;
            }
            was_enough = true;
            let sum = before + inside + of_length(length);
            if sum < best[end - first] {
                best[end - first] = sum;
                from[end - first] = start;
            }
        }
    }
    let mut begins = Vec::new();
    let mut end = units.end;
    while end > first {
        end = from[end - first];
        begins.push(end);
    }
    begins.pop();
    begins.reverse();
    begins
}
