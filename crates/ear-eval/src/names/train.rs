//! Fitting boosted trees to labelled candidates, in the form that `ear-language` reads.

use anyhow::{Context, Result, ensure};
use forust_ml::constraints::{Constraint, ConstraintMap};
use forust_ml::objective::ObjectiveType;
use forust_ml::tree::Tree;
use forust_ml::{GradientBooster, Matrix};
use std::fmt::Write;

/// Trees are many and small, so that no single clue decides.
const TREES: usize = 300;
const LEAVES: usize = 20;
const RATE: f32 = 0.08;
/// What a leaf's sum of second derivatives is added to: leaves of few examples say little.
const L2: f32 = 200.0;
/// The most that one tree may add before the rate, as nearly all examples are wrong ones and their second
/// derivatives next to nothing.
const STEP: f32 = 1.0;
/// Of the wrong examples one in so many is looked at, and counts for so many.
const ONE_IN: usize = 8;
/// Of so many examples at least, and of so many right and wrong ones, a knot is made.
const KNOT: (usize, usize) = (100, 20);
/// Probabilities nearer to 0 and 1 tell nothing about the log-odds.
const SURE: f32 = 0.001;

/// Labelled candidates, row by row.
#[derive(Debug, Default)]
pub struct Examples {
    clues: usize,
    /// How many were brought.
    all: usize,
    rows: Vec<f32>,
    right: Vec<bool>,
}

impl Examples {
    /// Adds one, or, of the wrong ones, takes it for what others will stand for. All have as many clues.
    pub fn add(&mut self, clues: &[f32], right: bool) {
        self.all += 1;
        // Golden ratio hashing spreads what is looked at evenly, whatever the order.
        let hash = (self.all as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        if !right && hash >= (1 << 32) / ONE_IN as u64 {
            return;
        }
        self.clues = clues.len();
        self.rows.extend_from_slice(clues);
        self.right.push(right);
    }

    /// How many there are, and how many of them are right.
    pub fn count(&self) -> (usize, usize) {
        (self.all, self.right.iter().filter(|right| **right).count())
    }

    /// Trees as text. `falling` and `rising` are clues that, all else equal, never make an example likelier or less
    /// likely the greater they are.
    ///
    /// # Errors
    /// If there is nothing to learn from.
    pub fn fit(&self, falling: &[usize], rising: &[usize]) -> Result<String> {
        let right = self.count().1;
        ensure!(right > 0 && right < self.right.len(), "too few examples to fit anything to");
        let taken: Vec<usize> = (0..self.right.len()).collect();
        let column = |clue: usize| taken.iter().map(move |row| f64::from(self.rows[row * self.clues + clue]));
        let data: Vec<f64> = (0..self.clues).flat_map(column).collect();
        let labels: Vec<f64> = taken.iter().map(|&row| f64::from(u8::from(self.right[row]))).collect();
        let weights: Vec<f64> = taken.iter().map(|&row| if self.right[row] { 1.0 } else { ONE_IN as f64 }).collect();
        let constraint =
            |clues: &[usize], constraint: Constraint| clues.iter().map(|&clue| (clue, constraint)).collect::<Vec<_>>();
        let constraints: ConstraintMap = constraint(falling, Constraint::Negative)
            .into_iter()
            .chain(constraint(rising, Constraint::Positive))
            .collect();
        let mut booster = GradientBooster::default()
            .set_objective_type(ObjectiveType::LogLoss)
            .set_iterations(TREES)
            .set_learning_rate(RATE)
            .set_max_leaves(LEAVES)
            .set_max_depth(8)
            .set_l2(L2)
            .set_max_delta_step(STEP)
            .set_min_leaf_weight(0.1)
            .set_monotone_constraints(Some(constraints))
            .set_seed(1);
        let matrix = Matrix::new(&data, taken.len(), self.clues);
        booster.fit(&matrix, &labels, &weights, None).context("fitting the trees")?;
        self.text(&booster, &taken)
    }

    fn text(&self, booster: &GradientBooster, taken: &[usize]) -> Result<String> {
        let mut text = format!("base {:.5}\nordinary", booster.base_score);
        for clue in 0..self.clues {
            let mut all: Vec<f32> = taken.iter().map(|row| self.rows[row * self.clues + clue]).collect();
            all.sort_unstable_by(f32::total_cmp);
            write!(text, " {}", all[all.len() / 2])?;
        }
        text.push('\n');
        for tree in &booster.trees {
            branch(tree, 0, &mut text)?;
            text.pop();
            text.push('\n');
        }
        Ok(text)
    }
}

/// What probabilities turned out to mean, given those of examples that the trees were not fitted to and which of them
/// are right: knots of a line that never falls (Ayer et al. 1955, pool adjacent violators), as `ear-language` reads
/// them. Empty if there are too few.
pub fn knots(mut given: Vec<(f32, bool)>) -> String {
    given.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut pools: Vec<Pool> = Vec::new();
    let mut open = Pool::default();
    for (probability, right) in given {
        let sure = f64::from(probability.clamp(SURE, 1.0 - SURE));
        open.log_odds += (sure / (1.0 - sure)).ln();
        open.all += 1;
        open.right += usize::from(right);
        if open.all >= KNOT.0 && open.right.min(open.all - open.right) >= KNOT.1 {
            pools.push(std::mem::take(&mut open));
            while let [.., before, last] = pools.as_slice()
                && last.share() <= before.share()
            {
                let (before, last) = (before.clone(), last.clone());
                pools.truncate(pools.len() - 2);
                pools.push(before.and(&last));
            }
        }
    }
    if pools.len() < 2 {
        return String::new();
    }
    let knots = pools.iter().map(|pool| {
        let share = pool.share();
        format!(" {:.3} {:.3}", pool.log_odds / pool.all as f64, (share / (1.0 - share)).ln())
    });
    format!("knots{}\n", knots.collect::<String>())
}

/// Examples of about the same probability.
#[derive(Clone, Debug, Default)]
struct Pool {
    log_odds: f64,
    all: usize,
    right: usize,
}

impl Pool {
    fn share(&self) -> f64 {
        (self.right as f64 + 0.5) / (self.all as f64 + 1.0)
    }

    fn and(mut self, other: &Self) -> Self {
        self.log_odds += other.log_odds;
        self.all += other.all;
        self.right += other.right;
        self
    }
}

fn branch(tree: &Tree, node: usize, text: &mut String) -> Result<()> {
    let node = &tree.nodes[node];
    if node.is_leaf {
        return Ok(write!(text, "={:.4} ", node.weight_value)?);
    }
    write!(text, "{}<{} ", node.split_feature, node.split_value as f32)?;
    branch(tree, node.left_child, text)?;
    branch(tree, node.right_child, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_language::repair::{REPAIR_CLUES, RepairModel};

    #[test]
    fn what_probabilities_mean_is_learned() {
        // Of those said to be as likely as not every fourth is right, of those all but sure every second.
        let given: Vec<(f32, bool)> =
            (0..400).map(|at| if at % 2 == 0 { (0.5, at % 8 == 0) } else { (0.95, at % 4 == 1) }).collect();
        assert_eq!(knots(given.clone()), "knots 0.000 -1.092 2.944 0.000\n");
        assert_eq!(knots(given[..50].to_vec()), "");
    }

    #[test]
    fn what_was_learned_is_what_is_read() {
        let mut examples = Examples::default();
        let mut clues = [0.0; REPAIR_CLUES];
        for row in 0..4000 {
            clues[0] = (row % 100) as f32 / 100.0;
            clues[12] = (row % 7) as f32;
            examples.add(&clues, row % 100 < 20 && row % 7 < 4);
        }
        let model = RepairModel::parse(&examples.fit(&[0], &[]).unwrap()).unwrap();
        let check = |cost: f32, phrase: f32, likely: bool| {
            (clues[0], clues[12]) = (cost, phrase);
            assert_eq!(model.probability(&clues) > 0.5, likely, "{cost} {phrase}");
        };
        let mut check = check;
        check(0.05, 1.0, true);
        check(0.05, 6.0, false);
        check(0.50, 1.0, false);
    }
}
