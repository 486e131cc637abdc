//! Other methods, as they were published.

use ear_language::topics::Terms;
use ear_language::vectors::Vector;

/// As many cuts as the reference has, evenly spread: it is told how many.
pub fn even(units: usize, cuts: usize) -> Vec<usize> {
    let mut found: Vec<usize> = (1..=cuts).map(|cut| (units * cut + cuts.div_ceil(2)) / (cuts + 1)).collect();
    found.dedup();
    found.retain(|cut| *cut > 0 && *cut < units);
    found
}

/// Sentences on either side that TextTiling compares: Hearst's ten.
const BLOCK: usize = 10;

/// Gaps on either side that the likeness is smoothed over, as Hearst does.
const SMOOTH: usize = 2;

/// TextTiling (Hearst 1997, "Segmenting Text into Multi-paragraph Subtopic Passages") over blocks of sentences, whose
/// likeness is the cosine of the means of their vectors, as Solbiati et al. (2021, "Unsupervised Topic Segmentation of
/// Meetings with BERT Embeddings") do. Cuts in valleys deeper than their mean by half a standard deviation: of a half,
/// one and one and a half the one that did best on glued articles.
pub fn text_tiling(vectors: &[Vector]) -> Vec<usize> {
    let units = vectors.len();
    let floats: Vec<Vec<f32>> = vectors.iter().map(Vector::to_floats).collect();
    let rough: Vec<f32> = (1..units)
        .map(|gap| {
            let (before, after) = (gap.saturating_sub(BLOCK)..gap, gap..(gap + BLOCK).min(units));
            cosine(&sum(&floats[before]), &sum(&floats[after]))
        })
        .collect();
    let smooth = |gap: usize| {
        let near = &rough[gap.saturating_sub(SMOOTH)..(gap + SMOOTH + 1).min(rough.len())];
        near.iter().sum::<f32>() / near.len() as f32
    };
    let likeness: Vec<f32> = (0..rough.len()).map(smooth).collect();
    let is_valley = |gap: &usize| {
        let higher = |other: usize| likeness.get(other).is_none_or(|there| *there >= likeness[*gap]);
        (*gap == 0 || higher(gap - 1)) && higher(gap + 1)
    };
    let valleys: Vec<usize> = (0..likeness.len()).filter(is_valley).collect();
    let depths: Vec<f32> = valleys.iter().map(|gap| depth(&likeness, *gap)).collect();
    let count = depths.len().max(1) as f32;
    let mean = depths.iter().sum::<f32>() / count;
    let deviation = (depths.iter().map(|depth| (depth - mean).powi(2)).sum::<f32>() / count).sqrt();
    let deep = valleys.iter().zip(&depths).filter(|(_, depth)| **depth > mean + deviation / 2.0);
    deep.map(|(gap, _)| gap + 1).collect()
}

/// How far the likeness rises from a gap to the nearest peaks on both sides.
fn depth(likeness: &[f32], gap: usize) -> f32 {
    let climb = |gaps: &mut dyn Iterator<Item = usize>| {
        let mut peak = likeness[gap];
        for next in gaps {
            if likeness[next] < peak {
                break;
            }
            peak = likeness[next];
        }
        peak - likeness[gap]
    };
    climb(&mut (0..gap).rev()) + climb(&mut (gap + 1..likeness.len()))
}

fn sum(vectors: &[Vec<f32>]) -> Vec<f32> {
    let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
    vectors.iter().for_each(|vector| sum.iter_mut().zip(vector).for_each(|(sum, part)| *sum += part));
    sum
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt().max(f32::MIN_POSITIVE)
}

/// The lexical segmentation of Utiyama and Isahara (2001, "A Statistical Model for Domain-Independent Text
/// Segmentation"), exact, with their own cost of a segment: the logarithm of the number of words. Stop words are left
/// out as there; the terms are ours.
pub fn lexical(terms: &Terms) -> Vec<usize> {
    let units = terms.units.len();
    let words: usize = terms.units.iter().map(Vec::len).sum();
    let of_segment = (words.max(1) as f64).ln();
    let mut best = vec![f64::INFINITY; units + 1];
    let mut from = vec![0; units + 1];
    best[0] = 0.0;
    for start in 0..units {
        let mut counts = vec![0_u32; terms.distinct];
        // Σ f·ln(f + 1), and how many terms.
        let (mut sum, mut length) = (0.0, 0.0);
        for end in start + 1..=units {
            for &term in &terms.units[end - 1] {
                let count = f64::from(counts[term as usize]);
                sum += (count + 1.0) * (count + 2.0).ln() - count * (count + 1.0).ln();
                counts[term as usize] += 1;
                length += 1.0;
            }
            let cost = best[start] + of_segment + length * (length + terms.distinct as f64).max(1.0).ln() - sum;
            if cost < best[end] {
                (best[end], from[end]) = (cost, start);
            }
        }
    }
    let mut cuts: Vec<usize> =
        std::iter::successors(Some(from[units]), |at| Some(from[*at])).take_while(|at| *at > 0).collect();
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(index: usize) -> Vector {
        let mut floats = [0.0; 4];
        floats[index] = 1.0;
        Vector::from_floats(&floats)
    }

    #[test]
    fn even_cuts_are_even() {
        for (units, cuts, expected) in [(10, 1, &[5][..]), (9, 2, &[3, 6]), (3, 0, &[]), (2, 5, &[1])] {
            assert_eq!(even(units, cuts), expected, "{units} {cuts}");
        }
    }

    #[test]
    fn tiles_end_where_vectors_turn() {
        // Within each third now and then a sentence is about a fourth thing, so that there are shallow valleys as well.
        let vectors: Vec<Vector> = (0..60).map(|unit| if unit % 7 == 3 { axis(3) } else { axis(unit / 20) }).collect();
        assert_eq!(text_tiling(&vectors), [20, 40]);
        assert_eq!(text_tiling(&vectors[..1]), Vec::<usize>::new());
        assert_eq!(text_tiling(&[]), Vec::<usize>::new());
    }

    #[test]
    fn words_alone_find_a_turn() {
        let units = (0..40).map(|unit| if unit < 20 { "harbour boats" } else { "violin concert" });
        let terms = Terms::new(units.map(|unit| unit.split(' ')));
        assert_eq!(lexical(&terms), [20]);
        assert_eq!(lexical(&Terms::default()), Vec::<usize>::new());
    }
}
