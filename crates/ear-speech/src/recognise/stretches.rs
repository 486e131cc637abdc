//! What the sound of a recording is, from its beginning to its end: speech and its language, music, noise, silence.

use super::transcribe::Run;
use crate::audio::SAMPLE_RATE;
use crate::detect::{Texture, Window, millis};
use ear_core::{Millis, Span, Stretch, StretchKind};
use std::collections::BTreeMap;
use std::ops::Range;

/// A pause shorter than this is a part of the speech around it: two seconds.
const PAUSE: usize = 2 * SAMPLE_RATE as usize;

/// The stretches from the end of the window before to the end of this one's speech, without gaps.
pub(super) fn of_window(window: &Window, runs: &[Run]) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut reached = window.since;
    let speech: Vec<_> = window.speech.iter().zip(window.speech_in_recording()).collect();
    for (heard, there) in &speech {
        let middle = heard.start.midpoint(heard.end);
        let run = runs.iter().find(|run| run.range.contains(&middle));
        if run.is_some_and(|run| run.silent) || there.end <= reached {
            continue;
        }
        let language = run.and_then(|run| run.language.clone());
        let start = if there.start.saturating_sub(reached) >= PAUSE {
            stretches.extend(unspoken(&window.texture, reached..there.start));
            there.start
        } else {
            reached
        };
        push_speech(&mut stretches, start..there.end, language);
        reached = there.end;
    }
    let end = speech.last().map_or(reached, |(_, there)| there.end.max(reached));
    match stretches.last_mut() {
        Some(last) if end - reached < PAUSE => last.span = Span::new(last.span.start(), millis(end)),
        _ => stretches.extend(unspoken(&window.texture, reached..end)),
    }
    stretches
}

/// The stretches of a part of the recording, in samples, in which nobody speaks.
pub(super) fn unspoken(texture: &Texture, range: Range<usize>) -> Vec<Stretch> {
    let stretch = |(range, kind): (Range<usize>, StretchKind)| Stretch { span: span(range), kind, language: None };
    texture.scenes(range).into_iter().map(stretch).collect()
}

fn push_speech(stretches: &mut Vec<Stretch>, range: Range<usize>, language: Option<String>) {
    let span = span(range);
    let same = |last: &&mut Stretch| last.kind == StretchKind::Speech && last.language == language;
    match stretches.last_mut().filter(same).filter(|last| last.span.end() == span.start()) {
        Some(last) => last.span = last.span.join(span),
        None => stretches.push(Stretch { span, kind: StretchKind::Speech, language }),
    }
}

fn span(range: Range<usize>) -> Span {
    Span::new(millis(range.start), millis(range.end))
}

/// The language last spoken.
pub(super) fn last_language(stretches: &[Stretch]) -> Option<&str> {
    stretches.iter().rev().find_map(|stretch| stretch.language.as_deref())
}

/// How long each language was spoken.
#[derive(Debug, Default)]
pub(super) struct Spoken(BTreeMap<String, Millis>);

impl Spoken {
    pub fn add(&mut self, stretches: &[Stretch]) {
        for stretch in stretches {
            if let Some(language) = &stretch.language {
                *self.0.entry(language.clone()).or_default() += stretch.span.duration();
            }
        }
    }

    /// The language spoken longest.
    pub fn most(&self) -> Option<String> {
        self.0.iter().max_by_key(|(_, duration)| **duration).map(|(language, _)| language.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Piece;

    const SECOND: usize = SAMPLE_RATE as usize;

    fn window() -> Window {
        Window {
            samples: vec![0.0; 12 * SECOND],
            pieces: vec![
                Piece { at: 0, source: 10 * SECOND..16 * SECOND },
                Piece { at: 6 * SECOND, source: 30 * SECOND..36 * SECOND },
            ],
            speech: vec![SECOND..3 * SECOND, 4 * SECOND..5 * SECOND, 7 * SECOND..8 * SECOND, 9 * SECOND..11 * SECOND],
            since: 4 * SECOND,
            ..Window::default()
        }
    }

    fn check(runs: &[(Range<usize>, Option<&str>, bool)], expected: &[(u64, u64, &str)]) {
        let runs: Vec<Run> = runs
            .iter()
            .map(|(range, language, silent)| Run {
                range: range.start * SECOND..range.end * SECOND,
                language: language.map(str::to_owned),
                silent: *silent,
            })
            .collect();
        let name = |stretch: &Stretch| match stretch.kind {
            StretchKind::Speech => stretch.language.clone().unwrap_or("?".into()),
            kind => format!("{kind:?}"),
        };
        let stretches = of_window(&window(), &runs);
        let found: Vec<_> = stretches.iter().map(|s| (s.span.start() / 1000, s.span.end() / 1000, name(s))).collect();
        let expected: Vec<_> = expected.iter().map(|(start, end, name)| (*start, *end, (*name).to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn stretches_leave_nothing_out() {
        // A texture that knows nothing takes all for silence.
        check(
            &[(0..12, Some("en"), false)],
            &[(4, 11, "Silence"), (11, 15, "en"), (15, 31, "Silence"), (31, 35, "en")],
        );
        check(
            &[(0..9, Some("en"), false), (9..12, Some("es"), false)],
            &[(4, 11, "Silence"), (11, 15, "en"), (15, 31, "Silence"), (31, 32, "en"), (32, 35, "es")],
        );
        check(&[(0..12, None, false)], &[(4, 11, "Silence"), (11, 15, "?"), (15, 31, "Silence"), (31, 35, "?")]);
    }

    #[test]
    fn what_was_no_speech_after_all_is_left_to_the_texture() {
        check(&[(0..12, None, true)], &[(4, 35, "Silence")]);
        check(&[(0..6, Some("en"), true), (6..12, Some("en"), false)], &[(4, 31, "Silence"), (31, 35, "en")]);
        check(
            &[(0..8, Some("en"), false), (8..12, None, true)],
            &[(4, 11, "Silence"), (11, 15, "en"), (15, 31, "Silence"), (31, 32, "en"), (32, 35, "Silence")],
        );
    }

    #[test]
    fn the_language_of_a_recording_is_that_spoken_longest() {
        let stretch = |start, end, language: Option<&str>| Stretch {
            span: Span::new(start, end),
            kind: StretchKind::Speech,
            language: language.map(str::to_owned),
        };
        let stretches =
            [stretch(0, 5, Some("en")), stretch(5, 9, Some("es")), stretch(9, 12, Some("es")), stretch(12, 50, None)];
        let mut spoken = Spoken::default();
        assert_eq!(spoken.most(), None);
        spoken.add(&stretches);
        assert_eq!(spoken.most().as_deref(), Some("es"));
        assert_eq!(last_language(&stretches), Some("es"));
        assert_eq!(last_language(&[]), None);
    }
}
