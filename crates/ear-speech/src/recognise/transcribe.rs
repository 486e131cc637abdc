//! The whole way from a stream of sound to words: windows are heard by several threads and joined in order.

use super::joiner::{FromWorker, Joiner};
use super::language::LanguagePart;
use super::{Asked, Ear, Recogniser, stretches};
use crate::Error;
use crate::detect::{Window, Windower, millis};
use ear_core::{Alternative, Millis, Span, Stretch, Word};
use std::ops::{ControlFlow, Range};
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

/// What a recogniser heard in one window.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// In which language each part of the window was read; ascending, without overlap.
    pub runs: Vec<Run>,
    /// How likely languages are in parts of the window: what `runs` were decided by. Empty where the language was
    /// known. It depends on the window alone, not on what was asked of it.
    pub languages: Vec<LanguagePart>,
    /// Words with times on the recording's clock, ascending.
    pub words: Vec<Word>,
    /// Other readings of the whole window, likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// A part of a window that was read in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The part, in samples of the window.
    pub range: Range<usize>,
    /// ISO 639-1 code; `None` where somebody speaks a language that the model does not know.
    pub language: Option<String>,
    /// Whether nobody speaks there after all.
    pub silent: bool,
}

/// How to transcribe.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// ISO 639-1 code for all of the recording; `None` detects it, part by part.
    pub language: Option<String>,
    /// Names and rare words that may be said, as they are written.
    pub vocabulary: Vec<String>,
    /// Names that may be said, as a machine gathered them: more has to speak for them than for those given.
    pub gathered: Vec<String>,
    /// Threads that hear, 1 at least.
    pub workers: usize,
    /// What was heard before.
    pub resume: Option<Resume>,
}

/// What was heard of a recording before transcription was stopped.
#[derive(Clone, Debug, Default)]
pub struct Resume {
    /// Number of windows heard: they are passed over.
    pub windows: usize,
    /// Their stretches. Which language to expect next, and which is spoken most, follows from them.
    pub stretches: Vec<Stretch>,
}

/// What was heard in one window, in order: one checkpoint.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Number of the window.
    pub index: usize,
    /// The stretch of the recording that was heard.
    pub span: Span,
    /// The language most of it is in.
    pub language: Option<String>,
    /// Its words.
    pub words: Vec<Word>,
    /// What the recording is from the end of the last window's stretches to the end of this window's speech:
    /// ascending, without gap or overlap.
    pub stretches: Vec<Stretch>,
    /// Other readings of the whole window, likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// What the transcription tells as it goes on.
#[derive(Debug)]
pub enum Step {
    /// Sound was looked at up to this moment.
    Looked(Millis),
    /// A window was heard. Chunks come in order.
    Heard(Chunk),
}

/// The end of a transcription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Length of the sound, or of what was looked at if it was stopped.
    pub duration: Millis,
    /// The language spoken longest, where there was speech to tell it from.
    pub language: Option<String>,
    /// What the recording is from the end of the last chunk's stretches to its end; empty if it was stopped.
    pub stretches: Vec<Stretch>,
    /// Whether `on_step` asked to stop before the end.
    pub stopped: bool,
}

/// Transcribes `sound`, blocks of 16 kHz mono samples. `on_step` decides after each step whether to go on.
pub fn transcribe(
    ear: &Ear,
    sound: &mut dyn Iterator<Item = Result<Vec<f32>, Error>>,
    options: &Options,
    on_step: &mut dyn FnMut(Step) -> Result<ControlFlow<()>, Error>,
) -> Result<Joined, Error> {
    let mut windower = Windower::new(ear.detector()?);
    let skip = options.resume.as_ref().map_or(0, |resume| resume.windows);
    let workers = options.workers.max(1);
    let (to_workers, windows) = mpsc::channel::<(Window, Option<String>)>();
    let windows = &Mutex::new(windows);
    let (to_joiner, from_workers) = mpsc::channel();
    let recogniser = ear.recogniser.as_ref();
    let Options { language, vocabulary, gathered, .. } = options;
    let asked = Asked { language: language.as_deref(), vocabulary, gathered, expected: None };
    // Both senders move in, so that the workers end when this closure does.
    thread::scope(move |scope| {
        for _ in 0..workers {
            let to_joiner = to_joiner.clone();
            scope.spawn(move || hear_windows(recogniser, asked, windows, &to_joiner));
        }
        drop(to_joiner);
        let mut joiner = Joiner::new(recogniser, asked, options.resume.as_ref(), from_workers, on_step);
        let mut samples = 0;
        let mut stopped = false;
        let mut sound = sound.fuse();
        'sound: loop {
            let block = sound.next().transpose()?;
            let ended = block.is_none();
            let ready = match block {
                Some(block) => {
                    samples += block.len();
                    windower.push(&block)?
                }
                None => windower.finish()?,
            };
            for window in ready.into_iter().filter(|window| window.index >= skip) {
                to_workers.send((window, joiner.expected())).map_err(Error::runtime("recognition"))?;
                joiner.in_flight += 1;
                if joiner.drain(workers + 1)?.is_break() {
                    stopped = true;
                    break 'sound;
                }
            }
            if (joiner.on_step)(Step::Looked(millis(samples)))?.is_break() {
                stopped = true;
                break;
            }
            if ended {
                break;
            }
        }
        drop(to_workers);
        stopped = stopped || joiner.finish()?.is_break();
        let (rest, texture) = windower.rest();
        let stretches = if stopped { Vec::new() } else { stretches::unspoken(&texture, rest) };
        Ok(Joined { duration: millis(samples), language: joiner.language(), stretches, stopped })
    })
}

fn hear_windows(
    recogniser: &dyn Recogniser,
    asked: Asked<'_>,
    windows: &Mutex<mpsc::Receiver<(Window, Option<String>)>>,
    to_joiner: &mpsc::Sender<FromWorker>,
) {
    loop {
        let next = match windows.lock() {
            Ok(windows) => windows.recv(),
            Err(_) => return,
        };
        let Ok((window, expected)) = next else { return };
        let heard = recogniser.hear(&window, &Asked { expected: expected.as_deref(), ..asked });
        if to_joiner.send(FromWorker { window, expected, heard }).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{LoadOptions, language};
    use super::*;
    use ear_core::StretchKind;
    use proptest::prelude::*;

    fn tone(seconds: f32) -> Vec<f32> {
        (0..(seconds * 16_000.0) as usize).map(|i| (i as f32 * 0.2).sin() * 0.3).collect()
    }

    /// A recogniser that tells languages by loudness: a third of full scale is surely English, less is surely Spanish, and
    /// the faint might be either or Welsh; fainter still it does not know, and the faintest is nobody. It writes the
    /// language it reads in as its only word.
    struct Babel;

    impl Recogniser for Babel {
        fn engine(&self) -> &str {
            "babel"
        }

        fn model(&self) -> &str {
            "babel"
        }

        fn hear(&self, window: &Window, asked: &Asked<'_>) -> Result<Heard, Error> {
            let described = window.parts(4 * 16_000).into_iter().map(|range| {
                let loudest = window.samples[range.clone()].iter().fold(0.0f32, |most, s| most.max(s.abs()));
                let found: &[(&str, f32)] = match loudest {
                    _ if loudest > 0.2 => &[("en", 0.97), ("cy", 0.02)],
                    _ if loudest > 0.1 => &[("es", 0.95), ("en", 0.01)],
                    _ => &[("cy", 0.4), ("es", 0.3), ("en", 0.25)],
                };
                let probabilities = found.iter().map(|(code, p)| ((*code).to_owned(), *p)).collect();
                let speech = window.part(range.clone()).speech.iter().map(ExactSizeIterator::len).sum();
                LanguagePart { range, speech, probabilities }
            });
            let languages: Vec<_> = described.collect();
            let loudest = window.samples.iter().fold(0.0f32, |most, s| most.max(s.abs()));
            if loudest < 0.04 {
                let runs = vec![Run { range: 0..window.samples.len(), language: None, silent: loudest < 0.025 }];
                return Ok(Heard { runs, languages, ..Heard::default() });
            }
            let runs = language::runs(&languages, asked.expected).into_iter();
            let runs: Vec<Run> = runs.map(|(range, code)| Run { range, language: Some(code), silent: false }).collect();
            let word = |run: &Run| {
                Word::timed(run.language.clone().unwrap_or_default(), window.to_recording(run.range.clone()))
            };
            Ok(Heard { words: runs.iter().map(word).collect(), runs, languages, ..Heard::default() })
        }
    }

    fn hear(ear: &Ear, sound: &[f32], options: &Options, stop_after: usize) -> (Vec<Chunk>, Joined) {
        let mut chunks = Vec::new();
        let mut blocks = sound.chunks(16_000).map(|block| Ok(block.to_vec()));
        let joined = transcribe(ear, &mut blocks, options, &mut |step| {
            if let Step::Heard(chunk) = step {
                chunks.push(chunk);
            }
            Ok(if chunks.len() >= stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        (chunks, joined.expect("the fake can't fail"))
    }

    fn run(sound: &[f32], options: &Options, stop_after: usize) -> (Vec<Chunk>, Joined) {
        let ear = Ear::load("fake", &LoadOptions { workers: 2, beam: 1 }).expect("the fake has no weights to miss");
        hear(&ear, sound, options, stop_after)
    }

    fn babel() -> Ear {
        Ear {
            recogniser: Box::new(Babel),
            ..Ear::load("fake", &LoadOptions { workers: 2, beam: 1 }).expect("no weights")
        }
    }

    fn words(chunks: &[Chunk]) -> Vec<Word> {
        chunks.iter().flat_map(|chunk| chunk.words.clone()).collect()
    }

    fn stretches(chunks: &[Chunk]) -> Vec<Stretch> {
        chunks.iter().flat_map(|chunk| chunk.stretches.clone()).collect()
    }

    #[test]
    fn chunks_come_in_order_whatever_the_number_of_workers() {
        let sound = tone(200.0);
        let (one, joined) = run(&sound, &Options { workers: 1, ..Options::default() }, usize::MAX);
        let (four, _) = run(&sound, &Options { workers: 4, ..Options::default() }, usize::MAX);
        assert_eq!(words(&one), words(&four));
        let language = Some("en".into());
        assert_eq!(joined, Joined { duration: 200_000, language, stretches: Vec::new(), stopped: false });
        assert_eq!(words(&one).len(), 500);
    }

    #[test]
    fn silence_has_no_words() {
        let (chunks, joined) = run(&vec![0.0; 400_000], &Options::default(), usize::MAX);
        assert!(chunks.is_empty());
        let silence = Stretch { span: Span::new(0, 25_000), kind: StretchKind::Silence, language: None };
        assert_eq!(joined, Joined { duration: 25_000, language: None, stretches: vec![silence], stopped: false });
    }

    /// Sound in parts: seconds and loudness, a short pause after each.
    fn talk(parts: &[(f32, f32)]) -> Vec<f32> {
        let part = |(seconds, loudness): &(f32, f32)| {
            let mut sound = tone(*seconds);
            sound.iter_mut().for_each(|sample| *sample *= loudness / 0.3);
            sound.extend([0.0; 10_000]);
            sound
        };
        parts.iter().flat_map(part).collect()
    }

    const EN: f32 = 0.3;
    const ES: f32 = 0.15;
    const UNSURE: f32 = 0.05;
    const UNKNOWN: f32 = 0.03;
    const NOBODY: f32 = 0.02;

    fn check_languages(parts: &[(f32, f32)], expected: &[&str]) {
        let (chunks, joined) = hear(&babel(), &talk(parts), &Options { workers: 3, ..Options::default() }, usize::MAX);
        let mut found: Vec<String> = stretches(&chunks).into_iter().filter_map(|stretch| stretch.language).collect();
        found.dedup();
        assert_eq!(found, expected, "{parts:?}");
        assert_eq!(joined.language.is_some(), !expected.is_empty());
    }

    #[test]
    fn each_stretch_has_its_own_language() {
        check_languages(&[(25.0, EN), (25.0, ES), (25.0, EN)], &["en", "es", "en"]);
        check_languages(&[(12.0, EN), (12.0, ES), (25.0, ES)], &["en", "es"]);
        check_languages(&[(25.0, EN), (25.0, UNSURE), (25.0, EN)], &["en"]);
        check_languages(&[(25.0, UNSURE), (25.0, EN), (25.0, UNSURE), (25.0, ES), (25.0, UNSURE)], &["en", "es"]);
        check_languages(&[(25.0, UNSURE), (25.0, UNSURE)], &["cy"]);
        check_languages(&[(1.0, ES), (25.0, EN)], &["en"]);
        check_languages(&[(25.0, NOBODY), (25.0, UNKNOWN), (25.0, UNSURE), (25.0, ES)], &["es"]);
        check_languages(&[(25.0, UNKNOWN), (25.0, NOBODY)], &[]);
        check_languages(&[], &[]);
    }

    #[test]
    fn a_given_language_is_that_of_all() {
        let options = Options { language: Some("fr".into()), workers: 2, ..Options::default() };
        let (chunks, joined) = run(&tone(70.0), &options, usize::MAX);
        assert!(stretches(&chunks).iter().all(|stretch| stretch.language.as_deref() == Some("fr")));
        assert_eq!(joined.language.as_deref(), Some("fr"));
    }

    #[test]
    fn stretches_are_a_partition_of_the_sound() {
        let mut sound = vec![0.0; 50_000];
        sound.extend(talk(&[(25.0, EN), (3.0, ES), (25.0, UNSURE), (40.0, ES)]));
        sound.extend(vec![0.0; 100_001]);
        let (chunks, joined) = hear(&babel(), &sound, &Options { workers: 2, ..Options::default() }, usize::MAX);
        let all = [stretches(&chunks), joined.stretches].concat();
        assert_eq!(all.first().map(|first| first.span.start()), Some(0));
        assert_eq!(all.last().map(|last| last.span.end()), Some(joined.duration));
        assert!(all.windows(2).all(|pair| pair[0].span.end() == pair[1].span.start()), "{all:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn stopped_and_resumed_equals_unbroken(
            parts in prop::collection::vec((1.0f32..30.0, prop::sample::select(vec![EN, ES, UNSURE, UNKNOWN, NOBODY])), 2..8),
            stop in 1usize..8,
            workers in 1usize..4,
        ) {
            let sound = talk(&parts);
            let options = |workers, resume| Options { workers, resume, ..Options::default() };
            let (whole, end) = hear(&babel(), &sound, &options(1, None), usize::MAX);
            let (first, _) = hear(&babel(), &sound, &options(workers, None), stop);
            let resume = Some(Resume { windows: first.len(), stretches: stretches(&first) });
            let (rest, resumed_end) = hear(&babel(), &sound, &options(workers, resume), usize::MAX);
            prop_assert_eq!(words(&whole), [words(&first), words(&rest)].concat());
            prop_assert_eq!(stretches(&whole), [stretches(&first), stretches(&rest)].concat());
            prop_assert_eq!(end, resumed_end);
        }
    }
}
