//! Percentiles and medians.

/// The value that `share` (0 to 1) of the values do not exceed, by nearest rank; `None` of nothing. Sorts
/// `values`.
pub fn percentile(values: &mut [f64], share: f64) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.clamp(1, values.len().max(1)) - 1).copied()
}

/// The middle value, or the mean of the two in the middle; `None` of nothing. Sorts `values`.
pub fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        for (share, expected) in [(0.0, 1.0), (0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)] {
            assert_eq!(percentile(&mut hundred.clone(), share), Some(expected));
        }
        assert_eq!(percentile(&mut [7.0], 0.5), Some(7.0));
        assert_eq!(percentile(&mut [1.0, 2.0, 3.0, 4.0], 0.51), Some(3.0));
        assert_eq!(percentile(&mut [], 0.5), None);
    }

    #[test]
    fn the_median_lies_in_the_middle() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&mut [4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
