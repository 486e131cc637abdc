//! Grows and prunes the decision trees: each split is the question with the least Gini impurity behind it, each
//! subtree that does not pay for its size is cut back (cost-complexity pruning: Breiman et al. 1984, "CART").

use ear_language::sounds::rules::{Class, FEATURES, Letters, Tree, follow};

/// A split has to save this many errors, or part of one, to be kept.
const PRICE: f64 = 1.5;

/// No side of a split has fewer letters.
const FEWEST: usize = 3;

/// Values that a feature may have.
const VALUES: usize = 64;

/// One letter of one word: what may be asked, and what it says.
#[derive(Clone, Copy)]
struct Case {
    features: [u8; FEATURES],
    class: u8,
}

/// A question that parts some cases: which feature, and the values for "yes" as a bit set.
type Question = (usize, u64);

/// One tree a letter.
pub fn grow(classes: &[Class], words: &[(&Letters, Vec<u8>)]) -> [Tree; 26] {
    let mut cases: Vec<Vec<Case>> = vec![Vec::new(); 26];
    for (letters, said) in words {
        let mut following = [None; 2];
        for at in (0..letters.len()).rev() {
            let class = said[at];
            cases[letters.letter(at)].push(Case { features: letters.features(at, following), class });
            following = follow(classes[usize::from(class)], following);
        }
    }
    std::array::from_fn(|letter| branch(&mut cases[letter], classes.len()).0)
}

/// The pruned tree of these cases, and what it costs: errors and the price of its splits.
fn branch(cases: &mut [Case], classes: usize) -> (Tree, f64) {
    let mut counts = vec![0_u32; classes];
    cases.iter().for_each(|case| counts[usize::from(case.class)] += 1);
    let (leaf, errors) = answer(&counts, cases.len());
    if errors < PRICE {
        return (leaf, errors);
    }
    let Some((feature, values)) = best_question(cases, &counts) else { return (leaf, errors) };
    let middle = part(cases, |case| values >> case.features[feature] & 1 == 0);
    let (left, right) = cases.split_at_mut(middle);
    let (no, no_cost) = branch(left, classes);
    let (yes, yes_cost) = branch(right, classes);
    let cost = no_cost + yes_cost + PRICE;
    if cost >= errors {
        return (leaf, errors);
    }
    (Tree::Ask { feature: feature as u8, values, yes: Box::new(yes), no: Box::new(no) }, cost)
}

/// A leaf with the commonest class and the second, and how many cases say neither the first.
fn answer(counts: &[u32], cases: usize) -> (Tree, f64) {
    let mut order: Vec<usize> = (0..counts.len()).filter(|class| counts[*class] > 0).collect();
    order.sort_by_key(|class| (std::cmp::Reverse(counts[*class]), *class));
    let Some(first) = order.first().copied() else { return (Tree::Say(0, 0, 0), 0.0) };
    let second = order.get(1).copied().unwrap_or(first);
    // Half a case more, so that a leaf seen twice is not as sure as one seen a thousand times.
    let ratio = (f64::from(counts[first]) + 0.5) / (f64::from(counts[second]) + 0.5);
    let cost = (ratio.ln() * 16.0).round().clamp(0.0, 255.0) as u8;
    (Tree::Say(first as u8, second as u8, cost), (cases - counts[first] as usize) as f64)
}

/// The question that leaves the least impurity, if one leaves less than there is.
fn best_question(cases: &[Case], counts: &[u32]) -> Option<Question> {
    let mut present: Vec<usize> = (0..counts.len()).filter(|class| counts[*class] > 0).collect();
    present.sort_by_key(|class| (std::cmp::Reverse(counts[*class]), *class));
    let mut dense = vec![0_usize; counts.len()];
    present.iter().enumerate().for_each(|(place, class)| dense[*class] = place);
    let totals: Vec<f64> = present.iter().map(|class| f64::from(counts[*class])).collect();
    let whole = totals.iter().map(|count| count * count).sum::<f64>() / cases.len() as f64;
    let mut best: Option<(f64, Question)> = None;
    let mut table = vec![0.0; VALUES * totals.len()];
    for feature in 0..FEATURES {
        table.fill(0.0);
        for case in cases {
            table[usize::from(case.features[feature]) * totals.len() + dense[usize::from(case.class)]] += 1.0;
        }
        if let Some((purity, values)) = best_values(&table, &totals)
            && best.is_none_or(|(known, _)| purity > known + 1e-9)
        {
            best = Some((purity, (feature, values)));
        }
    }
    best.filter(|(purity, _)| *purity > whole + 1e-9).map(|(_, question)| question)
}

/// The set of values that leaves the purest sides. Values are put in order of how often they go with one of the
/// commonest classes, and the order is cut: exact for two classes, and near enough for more.
fn best_values(table: &[f64], totals: &[f64]) -> Option<(f64, u64)> {
    let width = totals.len();
    let sizes: Vec<f64> = table.chunks_exact(width).map(|row| row.iter().sum()).collect();
    let cases: f64 = sizes.iter().sum();
    let mut order: Vec<usize> = (0..sizes.len()).filter(|value| sizes[*value] > 0.0).collect();
    if order.len() < 2 {
        return None;
    }
    let mut best: Option<(f64, u64)> = None;
    for class in 0..width.min(4) {
        let share = |value: usize| table[value * width + class] / sizes[value];
        order.sort_by(|a, b| share(*b).total_cmp(&share(*a)).then(a.cmp(b)));
        let (mut yes, mut size, mut values) = (vec![0.0; width], 0.0, 0_u64);
        for value in &order[..order.len() - 1] {
            (size, values) = (size + sizes[*value], values | 1 << value);
            let row = &table[value * width..][..width];
            yes.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
            if size < FEWEST as f64 || cases - size < FEWEST as f64 {
                continue;
            }
            let squares = yes.iter().map(|count| count * count).sum::<f64>() / size;
            let others = yes.iter().zip(totals).map(|(count, all)| (all - count) * (all - count)).sum::<f64>();
            let purity = squares + others / (cases - size);
            if best.is_none_or(|(known, _)| purity > known + 1e-9) {
                best = Some((purity, values));
            }
        }
    }
    best
}

/// Puts the cases of which `first` is true before the others, and gives how many they are.
fn part(cases: &mut [Case], first: impl Fn(&Case) -> bool) -> usize {
    let mut middle = 0;
    for place in 0..cases.len() {
        if first(&cases[place]) {
            cases.swap(middle, place);
            middle += 1;
        }
    }
    middle
}
