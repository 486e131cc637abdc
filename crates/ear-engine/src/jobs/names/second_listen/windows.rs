//! Stretches of sound to listen to again: around the words in question, cut where nobody speaks.

use ear_core::{Millis, Proposal, Word, WordRange};
use ear_speech::audio::AudioError;
use std::ops::{ControlFlow, Range};

/// Samples a millisecond.
const PER_MILLI: u64 = ear_speech::audio::SAMPLE_RATE as u64 / 1000;
/// Words in question this near to each other are listened to at once.
const TOGETHER: Millis = 12_000;
/// Nobody takes longer to say a name: then its times are wrong.
const LONGEST: Millis = 5_000;
/// A window begins in the longest pause between so long and so long before the words in question.
const BEFORE: Range<Millis> = 2_000..8_000;
/// And ends in the longest pause between so long and so long after them.
const AFTER: Range<Millis> = 1_000..4_000;
/// Sound before the first word and after the last, where there is a pause.
const MARGIN: Millis = 400;

/// Sound to listen to again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The stretch of the recording; less than half a minute.
    pub span: Range<Millis>,
    /// Its words.
    pub words: WordRange,
    /// What is asked there, as indices of proposals, ascending by place.
    pub asked: Vec<usize>,
}

/// The windows that these proposals need, ascending. Proposals whose words have no times, or times too far apart to be
/// a name, are left out.
pub(super) fn windows(words: &[Word], proposals: &[Proposal], chosen: &[usize]) -> Vec<Window> {
    let mut places: Vec<(Range<Millis>, usize)> = chosen
        .iter()
        .filter_map(|asked| Some((place(words.get(proposals[*asked].words.clone())?)?, *asked)))
        .filter(|(place, _)| place.end - place.start <= LONGEST)
        .collect();
    places.sort_by_key(|(place, asked)| (place.start, proposals[*asked].words.start, *asked));
    let mut groups: Vec<(Range<Millis>, Vec<usize>)> = Vec::new();
    for (place, asked) in places {
        match groups.last_mut().filter(|group| place.end.saturating_sub(group.0.start) <= TOGETHER) {
            Some(group) => {
                group.0.end = group.0.end.max(place.end);
                group.1.push(asked);
            }
            None => groups.push((place, vec![asked])),
        }
    }
    let mut windows: Vec<_> =
        groups.into_iter().map(|(place, asked)| window(words, proposals, &place, asked)).collect();
    windows.sort_by_key(|window| window.span.start);
    windows
}

/// When these words are said, first to last.
fn place(words: &[Word]) -> Option<Range<Millis>> {
    let start = words.iter().find_map(|word| word.span)?.start();
    let end = words.iter().filter_map(|word| word.span).map(|span| span.end()).max()?;
    (start < end).then_some(start..end)
}

fn window(words: &[Word], proposals: &[Proposal], place: &Range<Millis>, asked: Vec<usize>) -> Window {
    let first = asked.iter().map(|index| proposals[*index].words.start).min().unwrap_or_default();
    let end = asked.iter().map(|index| proposals[*index].words.end).max().unwrap_or_default();
    let (start, from) = beginning(words, first, place.start);
    let (end, until) = ending(words, end, place.end);
    Window { span: from..until.max(place.end), words: start..end, asked }
}

/// The first word of a window whose words in question begin with `first` at `moment`, and where its sound begins.
fn beginning(words: &[Word], first: usize, moment: Millis) -> (usize, Millis) {
    let earlier = timed(words, 0..first).rev().take_while(|(_, span)| span.start + BEFORE.end >= moment);
    let mut best: Option<(usize, Millis, Millis)> = None;
    let mut earliest = (first, moment);
    for (index, span) in earlier {
        earliest = (index, span.start);
        let before = timed(words, 0..index).next_back().map_or(0, |(_, before)| before.end);
        let pause = span.start.saturating_sub(before);
        if span.start + BEFORE.start <= moment && best.is_none_or(|best| pause > best.1) {
            best = Some((index, pause, span.start));
        }
    }
    let (index, start) = best.map_or(earliest, |(index, _, start)| (index, start));
    let before = timed(words, 0..index).next_back().map_or(0, |(_, before)| before.end);
    (index, start.saturating_sub(MARGIN).max(before.midpoint(start)).min(start))
}

/// The end of a window's words whose words in question end before `end` at `moment`, and where its sound ends.
fn ending(words: &[Word], end: usize, moment: Millis) -> (usize, Millis) {
    let later = timed(words, end..words.len()).take_while(|(_, span)| span.end <= moment + AFTER.end);
    let mut best: Option<(usize, Millis, Millis)> = None;
    let mut latest = (end, moment);
    for (index, span) in later {
        latest = (index + 1, span.end);
        let next = timed(words, index + 1..words.len()).next().map_or(Millis::MAX, |(_, next)| next.start);
        let pause = next.saturating_sub(span.end);
        if span.end >= moment + AFTER.start && best.is_none_or(|best| pause >= best.1) {
            best = Some((index + 1, pause, span.end));
        }
    }
    let (index, until) = best.map_or(latest, |(index, _, until)| (index, until));
    let next = timed(words, index..words.len()).next().map_or(until + 2 * MARGIN, |(_, next)| next.start);
    (index, (until + MARGIN).min(until.midpoint(next)).max(until))
}

/// Words that have times, with them.
fn timed(words: &[Word], range: WordRange) -> impl DoubleEndedIterator<Item = (usize, Range<Millis>)> + '_ {
    let span = move |index: usize| words[index].span.map(|span| (index, span.start()..span.end()));
    range.filter_map(span)
}

/// Passes over sound that begins at `start` and gives each window its samples; holds no more than one window and one
/// block. Windows ascend by where they begin. `stop` is asked before each block; says whether it came to the end.
pub(super) fn cut<E>(
    sound: &mut dyn Iterator<Item = Result<Vec<f32>, AudioError>>,
    start: Millis,
    windows: &[Window],
    stop: &dyn Fn() -> bool,
    mut on_window: impl FnMut(&Window, &[f32]) -> Result<ControlFlow<()>, E>,
) -> Result<ControlFlow<()>, E>
where
    E: From<AudioError>,
{
    let sample = |moment: Millis| (moment * PER_MILLI) as usize;
    let (mut held, mut from): (Vec<f32>, usize) = (Vec::new(), sample(start));
    for window in windows {
        let (first, end) = (sample(window.span.start), sample(window.span.end));
        loop {
            // What lies before this window lies before those that follow, too.
            let gone = first.saturating_sub(from).min(held.len());
            held.drain(..gone);
            from += gone;
            if from + held.len() >= end {
                break;
            }
            if stop() {
                return Ok(ControlFlow::Break(()));
            }
            let Some(block) = sound.next() else { break };
            held.extend(block?);
        }
        let range = first.saturating_sub(from).min(held.len())..end.saturating_sub(from).min(held.len());
        if !range.is_empty() && on_window(window, &held[range])?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ear_core::Span;
    use proptest::prelude::*;

    /// Words of 300 ms, each so many milliseconds after the one before.
    fn said(pauses: &[Millis]) -> Vec<Word> {
        let mut at = 0;
        let word = |pause: &Millis| {
            let start = at + pause;
            at = start + 300;
            Word::timed("word", Span::new(start, at))
        };
        pauses.iter().map(word).collect()
    }

    fn proposal(words: WordRange) -> Proposal {
        Proposal {
            name: 0,
            words,
            heard: String::new(),
            meant: String::new(),
            probability: 0.5,
            evidence: Vec::new(),
            runner_up: None,
        }
    }

    #[test]
    fn windows_begin_and_end_in_pauses() {
        let check = |pauses: &[Millis], asked: &[(usize, usize)], expected: &[(Range<Millis>, WordRange, &[usize])]| {
            let proposals: Vec<_> = asked.iter().map(|(start, end)| proposal(*start..*end)).collect();
            let chosen: Vec<usize> = (0..proposals.len()).collect();
            let expected = expected.iter().cloned();
            let expected: Vec<_> =
                expected.map(|(span, words, asked)| Window { span, words, asked: asked.to_vec() }).collect();
            assert_eq!(windows(&said(pauses), &proposals, &chosen), expected, "{asked:?}");
        };
        // Forty words, ten of them every five seconds; longer pauses before words 10 and 30.
        let mut pauses = vec![200; 40];
        (pauses[10], pauses[30]) = (1000, 700);
        check(&pauses, &[], &[]);
        check(&pauses, &[(20, 21)], &[(5_600..15_400, 10..29, &[0])]);
        check(&pauses, &[(26, 28)], &[(5_600..16_150, 10..30, &[0])]);
        check(&pauses, &[(1, 2)], &[(100..5_400, 0..10, &[0])]);
        // Together; asked later is told later, whatever the order they came in.
        check(&pauses, &[(26, 28), (20, 21)], &[(5_600..16_150, 10..30, &[1, 0])]);
        check(&pauses, &[(39, 40)], &[(16_150..21_700, 30..40, &[0])]);
    }

    #[test]
    fn words_without_times_are_passed_over() {
        let mut words = said(&[200; 40]);
        words[20].span = None;
        assert_eq!(windows(&words, &[proposal(20..21)], &[0]), []);
        assert_eq!(windows(&words, &[proposal(20..22)], &[0]).len(), 1);
        assert_eq!(windows(&words, &[proposal(38..50)], &[0]), []);
    }

    fn sound(samples: usize) -> impl Iterator<Item = Result<Vec<f32>, AudioError>> {
        let all: Vec<f32> = (0..samples).map(|sample| sample as f32).collect();
        all.chunks(16_000).map(|block| Ok(block.to_vec())).collect::<Vec<_>>().into_iter()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn windows_hold_their_words_and_are_bounded(
            pauses in prop::collection::vec(0u64..4_000, 1..40),
            places in prop::collection::vec((0usize..40, 1usize..4), 0..8),
        ) {
            let words = said(&pauses);
            let proposals: Vec<_> = places.into_iter().map(|(start, count)| proposal(start..start + count)).collect();
            let chosen: Vec<usize> = (0..proposals.len()).collect();
            let windows = windows(&words, &proposals, &chosen);
            for window in &windows {
                prop_assert!(window.span.end - window.span.start < 29_000, "{window:?}");
                for asked in &window.asked {
                    let asked = &proposals[*asked].words;
                    prop_assert!(window.words.start <= asked.start && asked.end <= window.words.end);
                }
                let inside = words[window.words.clone()].iter().filter_map(|word| word.span);
                for span in inside {
                    prop_assert!(window.span.start <= span.start() && span.end() <= window.span.end, "{window:?}");
                }
            }
            prop_assert!(windows.is_sorted_by_key(|window| window.span.start));
            let mut cut_out = 0;
            let end = words.last().and_then(|word| word.span).map_or(0, |span| span.end() as usize * 16);
            let start = windows.first().map_or(0, |window| window.span.start);
            let mut blocks = sound(end + 20_000);
            let mut left = start as usize * 16;
            let mut from_start = std::iter::from_fn(|| loop {
                let block: Vec<f32> = blocks.next()?.ok()?;
                let skipped = left.min(block.len());
                left -= skipped;
                if skipped < block.len() {
                    return Some(Ok(block[skipped..].to_vec()));
                }
            });
            let flow = cut::<AudioError>(&mut from_start, start, &windows, &|| false, |window, samples| {
                cut_out += 1;
                assert_eq!(samples[0] as u64, window.span.start * 16);
                assert_eq!(samples.len() as u64, (window.span.end - window.span.start) * 16);
                Ok(ControlFlow::Continue(()))
            });
            prop_assert!(flow.is_ok_and(|flow| flow.is_continue()));
            prop_assert_eq!(cut_out, windows.len());
        }
    }

    #[test]
    fn sound_that_ends_early_gives_what_there_is() {
        let window = |span| Window { span, words: 0..0, asked: Vec::new() };
        let windows = [window(500..1_500), window(1_000..3_000), window(4_000..5_000)];
        let mut lengths = Vec::new();
        let flow = cut::<AudioError>(&mut sound(32_000), 0, &windows, &|| false, |_, samples| {
            lengths.push(samples.len());
            Ok(ControlFlow::Continue(()))
        });
        assert!(flow.is_ok_and(|flow| flow.is_continue()));
        assert_eq!(lengths, [16_000, 16_000]);
        let flow = cut::<AudioError>(&mut sound(32_000), 0, &windows, &|| true, |_, _| Ok(ControlFlow::Continue(())));
        assert!(flow.is_ok_and(|flow| flow.is_break()));
    }
}
