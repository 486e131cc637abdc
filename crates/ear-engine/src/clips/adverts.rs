//! Passages of advertisements, which search leaves out unless they are asked for.

use ear_core::WordRange;
use ear_language::Passage;

/// Passages cut at the edges of advertisements, so that each lies in one or in none. No phrase goes over such an edge.
pub(crate) fn apart(passages: Vec<Passage>, adverts: &[WordRange]) -> Vec<Passage> {
    let mut all = Vec::with_capacity(passages.len());
    for passage in passages {
        let edges = adverts.iter().flat_map(|advert| [advert.start, advert.end]);
        let mut start = passage.words.start;
        for edge in edges.filter(|edge| passage.words.start < *edge && *edge < passage.words.end) {
            // Where one advertisement ends the next may begin.
            if edge > start {
                all.push(Passage { words: start..edge, continues: false, speaker: passage.speaker.clone() });
                start = edge;
            }
        }
        let is_edge = adverts.iter().any(|advert| [advert.start, advert.end].contains(&passage.words.end));
        let continues = passage.continues && !is_edge;
        all.push(Passage { words: start..passage.words.end, continues, speaker: passage.speaker });
    }
    all
}

/// Whether words lie in advertisements, ascending.
pub(crate) fn is_advert(words: &WordRange, adverts: &[WordRange]) -> bool {
    let after = adverts.partition_point(|advert| advert.end <= words.start);
    adverts.get(after).is_some_and(|advert| advert.start <= words.start && words.end <= advert.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_are_cut_at_the_edges_of_advertisements() {
        let passage = |words: WordRange, continues| Passage { words, speaker: None, continues };
        let all = vec![passage(0..10, true), passage(10..20, true), passage(20..30, false)];
        let adverts = [4..20, 20..24];
        let cut: Vec<_> = apart(all, &adverts)
            .into_iter()
            .map(|passage| (is_advert(&passage.words, &adverts), passage.words, passage.continues))
            .collect();
        assert_eq!(
            cut,
            [
                (false, 0..4, false),
                (true, 4..10, true),
                (true, 10..20, false),
                (true, 20..24, false),
                (false, 24..30, false)
            ]
        );
    }
}
