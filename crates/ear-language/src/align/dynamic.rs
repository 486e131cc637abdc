//! The best alignment of two short sequences by dynamic programming: Needleman and Wunsch (1970), with gaps
//! that cost more to open than to go on (Gotoh 1982), so that what is missing is missing in one piece.

use super::anchors::Pair;

/// What a column of the alignment is worth. A match is worth what `worth` says, from 1 to 10.
const MISMATCH: i32 = -4;
const OPEN: i32 = -6;
const EXTEND: i32 = -1;
/// Low enough never to win, high enough never to run over.
const NEVER: i32 = i32::MIN / 4;

/// What lies before a cell: two bits for the best way into each of three states.
const DIAGONAL: u8 = 0;
const SKIP_A: u8 = 1;
const SKIP_B: u8 = 2;

/// The end of an alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Both sequences to their ends.
    Both,
    /// Either sequence to its end, the other as far as is best.
    Either,
}

/// The places that stand opposite each other, equal or not, ascending. `worth(token)` is what it is worth that
/// a token is opposite its like. Takes time and room in proportion to the product of the lengths.
pub(super) fn align(a: &[u32], b: &[u32], worth: &dyn Fn(u32) -> i32, end: End) -> Vec<Pair> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let table = Table::fill(a, b, worth, end);
    table.trace()
}

struct Table {
    width: usize,
    /// For each cell, two bits each: the state before a diagonal step, whether a skip in a or in b goes on.
    from: Vec<u8>,
    /// The cell and state where the best alignment ends.
    last: (usize, usize, u8),
}

impl Table {
    fn fill(a: &[u32], b: &[u32], worth: &dyn Fn(u32) -> i32, end: End) -> Self {
        let width = b.len() + 1;
        let mut from = vec![0u8; (a.len() + 1) * width];
        // Rows of the best values so far: ending in a diagonal step, in a skip in a, in a skip in b.
        let gap = |length: usize| if length == 0 { 0 } else { OPEN + EXTEND * (length as i32 - 1) };
        let mut row: Vec<[i32; 3]> = (0..width).map(|j| [NEVER, NEVER, gap(j)]).collect();
        row[0] = [0, NEVER, NEVER];
        for (j, cell) in from[..width].iter_mut().enumerate() {
            *cell = mark(DIAGONAL, DIAGONAL, if j > 1 { SKIP_B } else { DIAGONAL });
        }
        let (mut best, mut last) = (NEVER, (0, 0, DIAGONAL));
        for i in 1..=a.len() {
            let mut corner = row[0];
            row[0] = [NEVER, gap(i), NEVER];
            from[i * width] = mark(DIAGONAL, if i > 1 { SKIP_A } else { DIAGONAL }, DIAGONAL);
            let value = worth(a[i - 1]);
            for j in 1..width {
                let up = row[j];
                let (before, state) = highest(corner);
                let diagonal = before + if a[i - 1] == b[j - 1] { value } else { MISMATCH };
                let (skip_a, from_a) = skip(up, SKIP_A);
                let (skip_b, from_b) = skip(row[j - 1], SKIP_B);
                from[i * width + j] = mark(state, from_a, from_b);
                corner = up;
                row[j] = [diagonal, skip_a, skip_b];
                let is_end = match end {
                    End::Both => i == a.len() && j == b.len(),
                    End::Either => i == a.len() || j == b.len(),
                };
                if is_end {
                    let (value, state) = highest(row[j]);
                    if value > best {
                        (best, last) = (value, (i, j, state));
                    }
                }
            }
        }
        Self { width, from, last }
    }

    fn trace(&self) -> Vec<Pair> {
        let (mut i, mut j, mut state) = self.last;
        let mut pairs = Vec::new();
        while i > 0 && j > 0 {
            let cell = self.from[i * self.width + j];
            let next = cell >> (2 * state) & 3;
            match state {
                DIAGONAL => {
                    pairs.push((i - 1, j - 1));
                    (i, j) = (i - 1, j - 1);
                }
                SKIP_A => i -= 1,
                _ => j -= 1,
            }
            state = next;
        }
        pairs.reverse();
        pairs
    }
}

fn mark(diagonal: u8, skip_a: u8, skip_b: u8) -> u8 {
    diagonal | skip_a << 2 | skip_b << 4
}

/// The best of three states. Of equals the diagonal wins, so that ways are the same each time.
fn highest(states: [i32; 3]) -> (i32, u8) {
    let mut best = (states[0], DIAGONAL);
    for state in [SKIP_A, SKIP_B] {
        if states[usize::from(state)] > best.0 {
            best = (states[usize::from(state)], state);
        }
    }
    best
}

/// The best way into a skip: opened from another state, or gone on with.
fn skip(before: [i32; 3], own: u8) -> (i32, u8) {
    let other = if own == SKIP_A { SKIP_B } else { SKIP_A };
    let open = before[usize::from(DIAGONAL)].max(before[usize::from(other)]);
    let from = if before[usize::from(DIAGONAL)] >= before[usize::from(other)] { DIAGONAL } else { other };
    let (opened, gone_on) = (open + OPEN, before[usize::from(own)] + EXTEND);
    if gone_on > opened { (gone_on, own) } else { (opened, from) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, end: End, expected: &str) {
        let letters = |text: &str| text.bytes().map(u32::from).collect::<Vec<_>>();
        let (a_letters, b_letters) = (letters(a), letters(b));
        let pairs = align(&a_letters, &b_letters, &|_| 10, end);
        let shown: Vec<String> = pairs.iter().map(|(i, j)| format!("{}{}", &a[*i..=*i], &b[*j..=*j])).collect();
        assert_eq!(shown.join(" "), expected, "{a} {b}");
    }

    #[test]
    fn the_best_alignment_is_found() {
        check("abc", "abc", End::Both, "aa bb cc");
        check("abxc", "abyc", End::Both, "aa bb xy cc");
        check("abcd", "acd", End::Both, "aa cc dd");
        check("a", "", End::Both, "");
        check("ab", "bxxxxx", End::Both, "bb");
    }

    #[test]
    fn what_is_missing_is_missing_in_one_piece() {
        // Which t is heard: the one beside its neighbours.
        check("abtxxtxxtcd", "abtcd", End::Both, "aa bb tt cc dd");
        let pairs = align(&[1, 2, 9, 5, 9, 3, 4], &[1, 2, 9, 3, 4], &|_| 10, End::Both);
        assert!(pairs == [(0, 0), (1, 1), (2, 2), (5, 3), (6, 4)] || pairs == [(0, 0), (1, 1), (4, 2), (5, 3), (6, 4)]);
    }

    #[test]
    fn an_open_end_takes_what_fits() {
        check("abc", "abcxyzxyz", End::Either, "aa bb cc");
        check("abcxyz", "abc", End::Either, "aa bb cc");
    }
}
