//! The whole way from a stream of sound to words: windows are heard by several threads and joined in order.

use super::{Asked, Ear, Recogniser};
use crate::Error;
use crate::detect::{Window, Windower};
use ear_core::{Alternative, Millis, Span, Stretch, StretchKind, Word};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

/// What a recogniser heard in one window.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// ISO 639-1 code and how sure, from 0 to 1.
    pub language: Option<(String, f32)>,
    /// Words with times on the recording's clock, ascending.
    pub words: Vec<Word>,
    /// Other readings of the whole window, likeliest first.
    pub alternatives: Vec<Alternative>,
}

/// How to transcribe.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// ISO 639-1 code; `None` detects it.
    pub language: Option<String>,
    /// Names and rare words that may be said, as they are written.
    pub vocabulary: Vec<String>,
    /// Threads that hear, 1 at least.
    pub workers: usize,
    /// Windows that were heard before, and the language found then: they are passed over.
    pub resume: Option<(usize, Option<String>)>,
}

/// What was heard in one window, in order: one checkpoint.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// Number of the window.
    pub index: usize,
    /// The stretch of the recording that was heard.
    pub span: Span,
    /// The language it was heard in.
    pub language: Option<String>,
    /// Its words.
    pub words: Vec<Word>,
    /// Its stretches of speech.
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
    /// The language, where there was speech to tell it from.
    pub language: Option<String>,
    /// Whether `on_step` asked to stop before the end.
    pub stopped: bool,
}

/// How sure a language must be to be taken for the whole recording.
const SURE: f32 = 0.6;
/// Windows that are asked for the language before the likeliest is taken.
const TRIES: usize = 3;

/// Transcribes `sound`, blocks of 16 kHz mono samples. `on_step` decides after each step whether to go on.
pub fn transcribe(
    ear: &Ear,
    sound: &mut dyn Iterator<Item = Result<Vec<f32>, Error>>,
    options: &Options,
    on_step: &mut dyn FnMut(Step) -> Result<ControlFlow<()>, Error>,
) -> Result<Joined, Error> {
    let mut windower = Windower::new(ear.detector()?);
    let skip = options.resume.as_ref().map_or(0, |(windows, _)| *windows);
    let resumed = options.resume.as_ref().and_then(|(_, language)| language.clone());
    let mut language = LanguageVote::new(options.language.clone().or(resumed));
    let workers = options.workers.max(1);
    let (to_workers, windows) = mpsc::channel::<(Window, Option<String>)>();
    let windows = &Mutex::new(windows);
    let (to_joiner, heard) = mpsc::channel();
    // Both senders move in, so that the workers end when this closure does.
    thread::scope(move |scope| {
        for _ in 0..workers {
            let to_joiner = to_joiner.clone();
            let recogniser = ear.recogniser.as_ref();
            scope.spawn(move || hear_windows(recogniser, &options.vocabulary, windows, &to_joiner));
        }
        drop(to_joiner);
        let mut joiner = Joiner { heard, waiting: BTreeMap::new(), next: skip, in_flight: 0, on_step };
        let mut samples = 0u64;
        let mut stopped = false;
        let mut sound = sound.fuse();
        'sound: loop {
            let block = sound.next().transpose()?;
            let ended = block.is_none();
            let ready = match block {
                Some(block) => {
                    samples += block.len() as u64;
                    windower.push(&block)?
                }
                None => windower.finish()?,
            };
            for window in ready.into_iter().filter(|window| window.index >= skip) {
                let send = (window, language.settled());
                let wait = send.1.is_none();
                to_workers.send(send).map_err(Error::runtime("recognition"))?;
                joiner.in_flight += 1;
                // Until the language is settled one window is heard at a time; after that as many as there are workers.
                let allowed = if wait { 0 } else { workers + 1 };
                if joiner.drain(allowed, &mut language)?.is_break() {
                    stopped = true;
                    break 'sound;
                }
            }
            if (joiner.on_step)(Step::Looked(samples * 1000 / u64::from(crate::audio::SAMPLE_RATE)))?.is_break() {
                stopped = true;
                break;
            }
            if ended {
                break;
            }
        }
        drop(to_workers);
        if !stopped {
            stopped = joiner.drain(0, &mut language)?.is_break();
        }
        Ok(Joined {
            duration: samples * 1000 / u64::from(crate::audio::SAMPLE_RATE),
            language: language.best(),
            stopped,
        })
    })
}

type FromWorker = (usize, Span, Vec<Span>, Option<String>, Result<Heard, Error>);

fn hear_windows(
    recogniser: &dyn Recogniser,
    vocabulary: &[String],
    windows: &Mutex<mpsc::Receiver<(Window, Option<String>)>>,
    to_joiner: &mpsc::Sender<FromWorker>,
) {
    loop {
        let next = match windows.lock() {
            Ok(windows) => windows.recv(),
            Err(_) => return,
        };
        let Ok((window, language)) = next else { return };
        let heard = recogniser.hear(&window, &Asked { language: language.as_deref(), vocabulary });
        if to_joiner.send((window.index, window.span(), window.speech_spans(), language, heard)).is_err() {
            return;
        }
    }
}

/// Puts what the workers heard back in order.
struct Joiner<'a> {
    heard: mpsc::Receiver<FromWorker>,
    waiting: BTreeMap<usize, Chunk>,
    next: usize,
    in_flight: usize,
    on_step: &'a mut dyn FnMut(Step) -> Result<ControlFlow<()>, Error>,
}

impl Joiner<'_> {
    /// Takes what is there, and waits until at most `allowed` windows are with the workers.
    fn drain(&mut self, allowed: usize, language: &mut LanguageVote) -> Result<ControlFlow<()>, Error> {
        while self.in_flight > 0 {
            let received = if self.in_flight > allowed {
                self.heard.recv().map_err(Error::runtime("recognition"))?
            } else {
                match self.heard.try_recv() {
                    Ok(received) => received,
                    Err(_) => break,
                }
            };
            self.in_flight -= 1;
            let (index, span, speech, asked, heard) = received;
            let heard = heard?;
            if asked.is_none() {
                language.vote(heard.language.clone());
            }
            self.waiting.insert(index, chunk(index, span, &speech, asked, heard));
            while let Some(chunk) = self.waiting.remove(&self.next) {
                self.next += 1;
                if (self.on_step)(Step::Heard(chunk))?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

fn chunk(index: usize, span: Span, speech: &[Span], asked: Option<String>, heard: Heard) -> Chunk {
    let language = asked.or(heard.language.map(|(code, _)| code));
    let stretch = |span: &Span| Stretch { span: *span, kind: StretchKind::Speech, language: language.clone() };
    let stretches = speech.iter().map(stretch).collect();
    Chunk { index, span, stretches, language, words: heard.words, alternatives: heard.alternatives }
}

/// Decides the language of a recording from its first windows.
struct LanguageVote {
    settled: Option<String>,
    votes: BTreeMap<String, f32>,
    tries: usize,
}

impl LanguageVote {
    fn new(known: Option<String>) -> Self {
        Self { settled: known, votes: BTreeMap::new(), tries: 0 }
    }

    fn settled(&self) -> Option<String> {
        self.settled.clone()
    }

    fn vote(&mut self, heard: Option<(String, f32)>) {
        self.tries += 1;
        let Some((code, probability)) = heard else { return };
        *self.votes.entry(code.clone()).or_default() += probability;
        if probability >= SURE {
            self.settled = Some(code);
        } else if self.tries >= TRIES {
            self.settled = self.best();
        }
    }

    fn best(&self) -> Option<String> {
        let most = self.votes.iter().max_by(|a, b| a.1.total_cmp(b.1));
        self.settled.clone().or_else(|| most.map(|(code, _)| code.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::LoadOptions;
    use super::*;
    use proptest::prelude::*;

    fn tone(seconds: f32) -> Vec<f32> {
        (0..(seconds * 16_000.0) as usize).map(|i| (i as f32 * 0.2).sin() * 0.3).collect()
    }

    fn run(sound: &[f32], options: &Options, stop_after: usize) -> (Vec<Chunk>, Joined) {
        let ear = Ear::load("fake", &LoadOptions { workers: 2, beam: 1 }).expect("the fake has no weights to miss");
        let mut chunks = Vec::new();
        let mut blocks = sound.chunks(16_000).map(|block| Ok(block.to_vec()));
        let joined = transcribe(&ear, &mut blocks, options, &mut |step| {
            if let Step::Heard(chunk) = step {
                chunks.push(chunk);
            }
            Ok(if chunks.len() >= stop_after { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        (chunks, joined.expect("the fake can't fail"))
    }

    fn words(chunks: &[Chunk]) -> Vec<Word> {
        chunks.iter().flat_map(|chunk| chunk.words.clone()).collect()
    }

    #[test]
    fn chunks_come_in_order_whatever_the_number_of_workers() {
        let sound = tone(200.0);
        let (one, joined) = run(&sound, &Options { workers: 1, ..Options::default() }, usize::MAX);
        let (four, _) = run(&sound, &Options { workers: 4, ..Options::default() }, usize::MAX);
        assert_eq!(words(&one), words(&four));
        assert_eq!(joined, Joined { duration: 200_000, language: Some("en".into()), stopped: false });
        assert_eq!(words(&one).len(), 500);
    }

    #[test]
    fn silence_has_no_words() {
        let (chunks, joined) = run(&vec![0.0; 400_000], &Options::default(), usize::MAX);
        assert!(chunks.is_empty());
        assert_eq!(joined, Joined { duration: 25_000, language: None, stopped: false });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]
        #[test]
        fn stopped_and_resumed_equals_unbroken(stop in 1usize..6) {
            let sound = tone(170.0);
            let (whole, _) = run(&sound, &Options { workers: 2, ..Options::default() }, usize::MAX);
            let (first, _) = run(&sound, &Options { workers: 2, ..Options::default() }, stop);
            let resume = Some((first.len(), Some("en".to_owned())));
            let (rest, _) = run(&sound, &Options { workers: 2, resume, ..Options::default() }, usize::MAX);
            prop_assert_eq!(words(&whole), [words(&first), words(&rest)].concat());
        }
    }
}
