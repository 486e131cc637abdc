//! Which clip of before a new one is, so that links to clips last: the one it shares most with.

use ear_core::{ClipKind, Span, TranscriptId, WordRange};
use std::cmp::Reverse;

/// What a clip covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub transcript: TranscriptId,
    pub kind: ClipKind,
    pub words: WordRange,
    pub span: Option<Span>,
}

impl Extent {
    /// How much two clips share, with the length of the shorter: in words where both are of one transcript, otherwise
    /// in time. Music is never words, nor words music.
    fn shared(&self, other: &Self) -> Option<(u64, u64)> {
        if (self.kind == ClipKind::Music) != (other.kind == ClipKind::Music) {
            return None;
        }
        let has_words = !self.words.is_empty() && !other.words.is_empty();
        if self.transcript == other.transcript && has_words {
            let shared = self.words.end.min(other.words.end).saturating_sub(self.words.start.max(other.words.start));
            return Some((shared as u64, self.words.len().min(other.words.len()) as u64));
        }
        let (one, other) = (self.span?, other.span?);
        let shared = one.end().min(other.end()).saturating_sub(one.start().max(other.start()));
        Some((shared, one.duration().min(other.duration())))
    }

    /// How much two clips share, as far as that can be told.
    pub(super) fn overlap(&self, other: &Self) -> u64 {
        self.shared(other).map_or(0, |(shared, _)| shared)
    }
}

/// For each new clip the index of the old one that it is: those that share most first, and at least half of the
/// shorter. Each old one is taken once.
pub(super) fn matches(old: &[Extent], new: &[Option<&Extent>]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(Reverse<u64>, usize, usize)> = Vec::new();
    for (at, new) in new.iter().enumerate().filter_map(|(at, new)| Some((at, (*new)?))) {
        for (before, old) in old.iter().enumerate() {
            if let Some((shared, shorter)) =
                old.shared(new).filter(|(shared, shorter)| *shared > 0 && shared * 2 >= *shorter)
            {
                debug_assert!(shared <= shorter, "no more is shared than there is");
                pairs.push((Reverse(shared), before, at));
            }
        }
    }
    pairs.sort_unstable();
    let mut found = vec![None; new.len()];
    let mut taken = vec![false; old.len()];
    for (_, before, at) in pairs {
        if !taken[before] && found[at].is_none() {
            taken[before] = true;
            found[at] = Some(before);
        }
    }
    found
}

/// The one of these clips that took the place of another: the one it shares most with, otherwise the one that stands
/// where it stood, as far as that can be told.
pub(super) fn successor(gone: &Extent, clips: &[Extent]) -> Option<usize> {
    let shares_most = (0..clips.len()).max_by_key(|&at| (gone.overlap(&clips[at]), Reverse(at)))?;
    if gone.overlap(&clips[shares_most]) > 0 {
        return Some(shares_most);
    }
    let distance = |clip: &Extent| match (gone.span, clip.span) {
        (Some(one), Some(other)) => one.start().abs_diff(other.start()),
        _ => gone.words.start.abs_diff(clip.words.start) as u64,
    };
    (0..clips.len()).min_by_key(|&at| distance(&clips[at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn extent(transcript: i64, words: WordRange) -> Extent {
        let span = Some(Span::new(words.start as u64 * 1000, words.end as u64 * 1000));
        Extent { transcript: TranscriptId(transcript), kind: ClipKind::Topic, words, span }
    }

    fn check(old: &[(usize, usize)], new: &[(usize, usize)], expected: &[Option<usize>]) {
        let of = |transcript, ranges: &[(usize, usize)]| -> Vec<Extent> {
            ranges.iter().map(|&(start, end)| extent(transcript, start..end)).collect()
        };
        for transcript in [1, 2] {
            let (old, new) = (of(1, old), of(transcript, new));
            assert_eq!(matches(&old, &new.iter().map(Some).collect::<Vec<_>>()), expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn clips_that_cover_the_same_are_the_same() {
        check(&[(0, 10), (10, 30)], &[(0, 10), (10, 30)], &[Some(0), Some(1)]);
        // An edge moved.
        check(&[(0, 10), (10, 30)], &[(0, 12), (12, 30)], &[Some(0), Some(1)]);
        // Joined: the longer one stays.
        check(&[(0, 10), (10, 30)], &[(0, 30)], &[Some(1)]);
        // Split: the longer part is it.
        check(&[(0, 30)], &[(0, 10), (10, 30)], &[None, Some(0)]);
        check(&[(0, 10)], &[(20, 30)], &[None]);
        check(&[], &[(0, 5)], &[None]);
        // Less than half of the shorter.
        check(&[(0, 10)], &[(6, 20)], &[None]);
    }

    #[test]
    fn music_is_never_talk() {
        let music = Extent { kind: ClipKind::Music, words: 5..5, ..extent(1, 0..10) };
        assert_eq!(matches(&[extent(1, 0..10)], &[Some(&music)]), [None]);
        assert_eq!(matches(std::slice::from_ref(&music), &[Some(&music)]), [Some(0)]);
    }

    #[test]
    fn what_is_gone_leads_to_what_took_its_place() {
        let clips = [extent(1, 0..10), extent(1, 10..40)];
        assert_eq!(successor(&extent(1, 8..20), &clips), Some(1));
        assert_eq!(successor(&Extent { span: None, ..extent(2, 39..50) }, &clips), Some(1));
        assert_eq!(successor(&extent(1, 50..60), &clips), Some(1));
        assert_eq!(successor(&extent(1, 0..1), &[]), None);
    }

    proptest! {
        #[test]
        fn no_old_clip_is_two_new_ones(old in prop::collection::vec((0..50_usize, 1..20_usize), 0..12),
                                       new in prop::collection::vec((0..50_usize, 1..20_usize), 0..12)) {
            let of = |ranges: Vec<(usize, usize)>| -> Vec<Extent> {
                ranges.into_iter().map(|(start, length)| extent(1, start..start + length)).collect()
            };
            let (old, new) = (of(old), of(new));
            let mut found: Vec<usize> =
                matches(&old, &new.iter().map(Some).collect::<Vec<_>>()).into_iter().flatten().collect();
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(found.len(), count);
        }
    }
}
