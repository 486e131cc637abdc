//! From a place in the index to words that people read, with what matched marked.

use super::{Hit, SearchBy};
use crate::Repaired;
use ear_core::{Span, Word, WordRange, join_words};
use ear_search::{Matcher, PassageHit, SoundHit};
use ear_store::Episode;
use std::ops::Range;

/// As many letters at the beginning tell words apart.
const MIN_ALIKE: usize = 2;

/// `words` are the passage's and those that follow it.
pub(super) fn read_hit(
    hit: &PassageHit,
    words: (Vec<Word>, Vec<Repaired>),
    matcher: &Matcher,
    episode: &Episode,
) -> Hit {
    let own = hit.words.len().min(words.0.len());
    let mut texts: Vec<&str> = words.0.iter().map(|word| word.text.as_str()).collect();
    let mut matched = matcher.matched(&texts, own, hit.language.as_deref());
    if !words.1.is_empty() {
        // What was heard is found too, and is shown as it reads.
        let at = |word: usize| word.saturating_sub(hit.words.start).min(texts.len().saturating_sub(1));
        let places: Vec<Range<usize>> =
            words.1.iter().map(|one| at(one.words.start)..at(one.words.start) + 1).collect();
        places.iter().zip(&words.1).for_each(|(place, one)| texts[place.start] = &one.heard);
        let mut heard = matcher.matched(&texts, own, hit.language.as_deref());
        let is_other = |range: &Range<usize>| places.iter().any(|one| range.contains(&one.start));
        heard.ranges.retain(is_other);
        if heard.ranges.iter().any(|range| !matched.ranges.contains(range)) {
            // Only what was heard answers all of the query.
            let best = heard.best.filter(is_other).or_else(|| heard.ranges.first().cloned());
            matched.best = best.or(matched.best);
        }
        matched.ranges = disjoint(matched.ranges, heard.ranges);
    }
    let best = matched.best.or_else(|| matched.ranges.first().cloned()).unwrap_or(0..own.min(1));
    shown_hit(hit, words, &matched.ranges, best, episode)
}

/// These ranges in their order, those that share a word as one.
fn disjoint(mut ranges: Vec<Range<usize>>, more: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.extend(more);
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => joined.push(range),
        }
    }
    joined
}

/// The same for words that sound like a name.
pub(super) fn read_sound_hit(
    hit: &SoundHit,
    group: &ear_search::SoundGroup,
    name: &str,
    words: (Vec<Word>, Vec<Repaired>),
    episode: &Episode,
) -> Hit {
    let texts: Vec<&str> = words.0.iter().map(|word| word.text.as_str()).collect();
    let range = hit.words(&texts);
    let heard = join_words(&words.0[range.clone()]);
    let heard = heard.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let ranges = if range.is_empty() { Vec::new() } else { vec![range.clone()] };
    let shown = shown_hit(&hit.passage, words, &ranges, range, episode);
    Hit {
        by: if group.is_spelled { SearchBy::Words } else { SearchBy::Sound },
        heard: shown.heard.clone().or(Some(heard)),
        name: Some(name.to_owned()),
        probability: Some(hit.probability),
        group: Some(hit.group),
        score: hit.probability,
        ..shown
    }
}

/// Whether what the index says was heard is what stands at the hit, endings aside.
pub(super) fn stands_there(indexed: &str, hit: &Hit) -> bool {
    let shown: String =
        hit.matched.iter().flat_map(|&(from, to)| hit.text.chars().skip(from).take(to - from)).collect();
    let letters = |text: &str| -> Vec<char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).take(MIN_ALIKE).collect()
    };
    letters(indexed) == letters(&shown)
}

/// A hit with these words marked; the best of them are its moment.
pub(super) fn shown_hit(
    hit: &PassageHit,
    (words, repaired): (Vec<Word>, Vec<Repaired>),
    marked: &[Range<usize>],
    best: Range<usize>,
    episode: &Episode,
) -> Hit {
    let own = hit.words.len().min(words.len());
    let shown = marked.iter().map(|range| range.end).fold(own, usize::max);
    let starts = starts(&words[..shown]);
    let offset = |range: &Range<usize>| (starts[range.start].0, starts[range.end.max(range.start + 1) - 1].1);
    let words_matched = hit.words.start + best.start..hit.words.start + best.end;
    Hit {
        episode: (episode.id, episode.title.clone()),
        show: episode.show.zip(episode.show_title.clone()),
        date: episode.date,
        transcript: hit.transcript,
        speaker: hit.speaker.clone(),
        words: words_matched.clone(),
        span: words[best].iter().filter_map(|word| word.span).reduce(Span::join),
        text: join_words(&words[..shown]),
        matched: marked.iter().map(offset).collect(),
        by: SearchBy::Words,
        heard: heard_at(&repaired, &words_matched),
        name: None,
        probability: None,
        group: None,
        score: hit.score,
        has_sound: episode.recording.is_some() && episode.sound_removed.is_none(),
    }
}

/// What was heard where the words that matched are those of an accepted repair.
fn heard_at(repaired: &[Repaired], words: &WordRange) -> Option<String> {
    let touched = |one: &&Repaired| one.words.start < words.end && words.start < one.words.end;
    let mut heard: Vec<&str> = repaired.iter().filter(touched).map(|one| one.heard.as_str()).collect();
    heard.dedup();
    (!heard.is_empty()).then(|| heard.join(" … "))
}

/// Where each word begins and ends in the joined text, in Unicode scalars.
fn starts(words: &[Word]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let place = |word: &Word| {
        at += usize::from(at > 0 && !word.glued);
        let start = at;
        at += word.text.chars().count();
        (start, at)
    };
    words.iter().map(place).collect()
}
