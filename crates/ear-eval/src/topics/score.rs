//! How far two segmentations of the same units are apart. A boundary is the number of the unit behind it.

/// Half the mean length of the reference's segments: the window of both measures.
fn window(reference: &[usize], units: usize) -> usize {
    let segments = reference.len() + 1;
    ((units as f64 / segments as f64 / 2.0).round() as usize).max(1)
}

/// Pk (Beeferman, Berger, Lafferty 1999, "Statistical Models for Text Segmentation"): in what share of windows the two
/// disagree on whether both ends lie in the same segment. `None` where no window fits.
pub fn pk(reference: &[usize], found: &[usize], units: usize) -> Option<f64> {
    pk_of(reference, found, units, window(reference, units))
}

/// WindowDiff (Pevzner and Hearst 2002, "A Critique and Improvement of an Evaluation Metric for Text Segmentation"): in
/// what share of windows the two disagree on how many boundaries there are. `None` where no window fits.
pub fn window_diff(reference: &[usize], found: &[usize], units: usize) -> Option<f64> {
    window_diff_of(reference, found, units, window(reference, units))
}

fn pk_of(reference: &[usize], found: &[usize], units: usize, window: usize) -> Option<f64> {
    differing(reference, found, units, window, |one, other| (one > 0) != (other > 0))
}

fn window_diff_of(reference: &[usize], found: &[usize], units: usize, window: usize) -> Option<f64> {
    differing(reference, found, units, window, |one, other| one != other)
}

/// In what share of the windows between a unit and the one `window` later the counts of boundaries differ.
fn differing(
    reference: &[usize],
    found: &[usize],
    units: usize,
    window: usize,
    differ: impl Fn(usize, usize) -> bool,
) -> Option<f64> {
    let windows = units.checked_sub(window).filter(|windows| *windows > 0)?;
    let (reference, found) = (before(reference, units), before(found, units));
    let count = |sums: &[usize], unit: usize| sums[unit + window] - sums[unit];
    let wrong = (0..windows).filter(|&unit| differ(count(&reference, unit), count(&found, unit))).count();
    Some(wrong as f64 / windows as f64)
}

/// How many boundaries lie before or at each unit.
fn before(boundaries: &[usize], units: usize) -> Vec<usize> {
    let mut sums = vec![0; units];
    boundaries.iter().filter(|boundary| **boundary < units).for_each(|boundary| sums[*boundary] += 1);
    (1..units).for_each(|unit| sums[unit] += sums[unit - 1]);
    sums
}

/// Boundaries that stand for each other, one for one, at most `tolerance` units apart: as many as can be. Both ascend.
pub fn matches(reference: &[usize], found: &[usize], tolerance: usize) -> usize {
    let (mut at, mut count) = (0, 0);
    for boundary in found {
        while reference.get(at).is_some_and(|meant| meant + tolerance < *boundary) {
            at += 1;
        }
        if reference.get(at).is_some_and(|meant| meant.abs_diff(*boundary) <= tolerance) {
            at += 1;
            count += 1;
        }
    }
    count
}

/// The harmonic mean of precision and recall; 0 where nothing was found.
pub fn f1(matches: usize, reference: usize, found: usize) -> f64 {
    2.0 * matches as f64 / (reference + found).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Boundaries of a segmentation written as in NLTK, whose tests these examples are from: a 1 ends a segment. Of n
    /// signs the measures there look at n + 1 units.
    fn read(signs: &str) -> Vec<usize> {
        signs.char_indices().filter(|(_, sign)| *sign == '1').map(|(at, _)| at + 1).collect()
    }

    #[test]
    fn window_diff_gives_published_values() {
        let check = |one: &str, other: &str, expected: f64| {
            let found = window_diff_of(&read(one), &read(other), one.len() + 1, 3).unwrap();
            assert!((found - expected).abs() < 0.005, "{one} {other}: {found}");
        };
        check("000100000010", "000100000010", 0.0);
        check("000100000010", "000010000100", 0.30);
        check("000010000100", "100000010000", 0.80);
    }

    #[test]
    fn pk_gives_published_values() {
        let check = |other: &str, expected: f64| {
            let found = pk_of(&read(&"0100".repeat(100)), &read(&other.repeat(400)), 401, 2).unwrap();
            assert!((found - expected).abs() < 0.005, "{other}: {found}");
        };
        check("1", 0.5);
        check("0", 0.5);
        assert_eq!(pk_of(&read("0100"), &read("0100"), 5, 2), Some(0.0));
    }

    #[test]
    fn windows_are_half_a_segment() {
        for (reference, units, expected) in [(vec![], 10, 5), (vec![4, 8], 12, 2), (vec![1, 2], 3, 1)] {
            assert_eq!(window(&reference, units), expected);
        }
        // Of ten units and a boundary in the middle, 5 of 8 windows of 2 hold none.
        assert_eq!(pk(&[5], &[], 8), Some(2.0 / 6.0));
        assert_eq!(pk(&[], &[], 1), None);
    }

    #[test]
    fn boundaries_match_one_for_one() {
        for (found, tolerance, expected) in [
            (&[10, 20, 30][..], 0, 3),
            (&[9, 11], 1, 1),
            (&[11, 21, 29], 1, 3),
            (&[12, 18], 1, 0),
            (&[], 1, 0),
            (&[14, 15, 16], 5, 2),
        ] {
            assert_eq!(matches(&[10, 20, 30], found, tolerance), expected, "{found:?}");
        }
        assert_eq!((f1(1, 3, 1), f1(0, 0, 0)), (0.5, 0.0));
    }
}
