//! Boosted decision trees (Friedman 2001, "Greedy function approximation: a gradient boosting machine"), as
//! `ear-eval names --train` writes them.
//!
//! A text of lines: `base X`, the log-odds before any tree; `ordinary X X …`, the clues of an ordinary example;
//! `knots X Y X Y …`, which log-odds of the trees turned out to mean which, ascending, if that is known;
//! then one line a tree, in preorder: `3<0.25` asks whether clue 3 is below .25 and is followed by what to do if it
//! is and by what to do if not; `=0.12` adds to the log-odds and ends.

/// Trees that together give log-odds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trees {
    base: f32,
    ordinary: Vec<f32>,
    knots: Vec<(f32, f32)>,
    roots: Vec<u32>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Node {
    /// The next node follows if the clue is below, else the one of this number.
    Ask {
        clue: u16,
        below: f32,
        otherwise: u32,
    },
    Add(f32),
}

/// A tree's deepest branch.
const MAX_DEPTH: usize = 32;

impl Trees {
    /// Reads what the trainer wrote, for examples of so many clues. `Err` names the line and what is wrong there.
    pub fn parse(text: &str, clues: usize) -> Result<Self, String> {
        let mut trees = Self::default();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            let fault = |what: &str| format!("line {}: {what}", number + 1);
            let mut parts = line.split(' ');
            match parts.clone().next() {
                Some("base") => {
                    let base = parts.nth(1).and_then(|base| base.parse().ok());
                    trees.base = base.ok_or_else(|| fault("no number after `base`"))?;
                }
                Some("ordinary") => {
                    let ordinary: Option<Vec<f32>> = parts.skip(1).map(|one| one.parse().ok()).collect();
                    trees.ordinary = ordinary.filter(|all| all.len() == clues).ok_or_else(|| fault("wrong clues"))?;
                }
                Some("knots") => {
                    trees.knots = knots(parts.skip(1)).ok_or_else(|| fault("knots do not ascend"))?;
                }
                _ => {
                    trees.roots.push(trees.nodes.len() as u32);
                    trees.branch(&mut parts, clues, 0).ok_or_else(|| fault("not a tree"))?;
                    if parts.next().is_some() {
                        return Err(fault("more than a tree"));
                    }
                }
            }
        }
        if trees.ordinary.is_empty() { Err("no line `ordinary`".into()) } else { Ok(trees) }
    }

    fn branch<'a>(&mut self, parts: &mut impl Iterator<Item = &'a str>, clues: usize, depth: usize) -> Option<()> {
        let part = parts.next().filter(|_| depth < MAX_DEPTH)?;
        if let Some(add) = part.strip_prefix('=') {
            self.nodes.push(Node::Add(add.parse().ok()?));
            return Some(());
        }
        let (clue, below) = part.split_once('<')?;
        let clue: u16 = clue.parse().ok().filter(|&clue| usize::from(clue) < clues)?;
        let at = self.nodes.len();
        self.nodes.push(Node::Ask { clue, below: below.parse().ok()?, otherwise: 0 });
        self.branch(parts, clues, depth + 1)?;
        let next = self.nodes.len() as u32;
        if let Node::Ask { otherwise, .. } = &mut self.nodes[at] {
            *otherwise = next;
        }
        self.branch(parts, clues, depth + 1)
    }

    /// The log-odds of an example with these clues.
    pub fn log_odds(&self, clues: &[f32]) -> f32 {
        let added = self.roots.iter().map(|&root| {
            let mut at = root as usize;
            loop {
                match self.nodes[at] {
                    Node::Add(add) => return add,
                    Node::Ask { clue, below, .. } if clues[usize::from(clue)] < below => at += 1,
                    Node::Ask { otherwise, .. } => at = otherwise as usize,
                }
            }
        });
        self.base + added.sum::<f32>()
    }

    /// The probability of an example with these clues: the log-odds as they turned out on examples that the trees were
    /// not fitted to. Beyond the outermost knots they are as far off as there.
    pub fn probability(&self, clues: &[f32]) -> f32 {
        let given = self.log_odds(clues);
        let next = self.knots.partition_point(|(x, _)| *x <= given);
        let meant = match (next.checked_sub(1).map(|at| self.knots[at]), self.knots.get(next)) {
            (Some((x, y)), Some((next_x, next_y))) => y + (given - x) / (next_x - x) * (next_y - y),
            (Some((x, y)), None) | (None, Some(&(x, y))) => y + given - x,
            (None, None) => given,
        };
        probability(meant)
    }

    /// The clues of an ordinary example.
    pub fn ordinary(&self) -> &[f32] {
        &self.ordinary
    }
}

/// Pairs of numbers, each pair greater than the one before.
fn knots<'a>(numbers: impl Iterator<Item = &'a str>) -> Option<Vec<(f32, f32)>> {
    let numbers: Vec<f32> = numbers.map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let knots: Vec<(f32, f32)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let ascends = knots.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
    (ascends && numbers.len().is_multiple_of(2) && numbers.iter().all(|number| number.is_finite())).then_some(knots)
}

/// The probability for log-odds.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trees_add_up() {
        let trees = Trees::parse("base -1\nordinary 0 0\n0<0.5 =1 1<2 =2 =4\n=0.5\n", 2).unwrap();
        for (clues, expected) in [([0.0, 9.0], 0.5), ([0.5, 1.9], 1.5), ([1.0, 2.0], 3.5)] {
            assert_eq!(trees.log_odds(&clues), expected, "{clues:?}");
        }
    }

    #[test]
    fn log_odds_mean_what_they_turned_out_to_be() {
        let trees = Trees::parse("base 0\nordinary 0\nknots -1 -2 1 0 3 1\n0<0 =-3 0<1 =0 0<2 =2 =5\n", 1).unwrap();
        for (clue, expected) in [(-1.0, -4.0), (0.0, -1.0), (1.0, 0.5), (2.0, 3.0)] {
            assert_eq!(trees.probability(&[clue]), probability(expected), "{clue}");
        }
    }

    #[test]
    fn faults_are_named() {
        let check = |text: &str, expected: &str| assert_eq!(Trees::parse(text, 1).unwrap_err(), expected, "{text}");
        check("", "no line `ordinary`");
        check("base x", "line 1: no number after `base`");
        check("ordinary 1 2", "line 1: wrong clues");
        check("knots 1 2 3", "line 1: knots do not ascend");
        check("knots 1 2 1 3", "line 1: knots do not ascend");
        check("knots 1 2 x 3", "line 1: knots do not ascend");
        check("base 1\n0<1 =2", "line 2: not a tree");
        check("1<1 =2 =3", "line 1: not a tree");
        check("=2 =3", "line 1: more than a tree");
        check(&"0<1 ".repeat(99), "line 1: not a tree");
    }
}
