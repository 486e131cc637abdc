//! Puts what the workers heard back in order, and settles in which language each window is read.

use super::language::{self, LanguagePart};
use super::stretches::{self, Spoken};
use super::transcribe::{Chunk, Heard, Resume, Step};
use super::{Asked, Recogniser};
use crate::Error;
use crate::detect::Window;
use ear_core::Stretch;
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::mpsc;

/// Windows that are looked at before the likeliest language is taken for the beginning of a recording.
const TRIES: usize = 3;

/// A window, what language was expected in it, and what was heard.
pub(super) struct FromWorker {
    pub window: Window,
    pub expected: Option<String>,
    pub heard: Result<Heard, Error>,
}

impl FromWorker {
    fn languages(&self) -> &[LanguagePart] {
        self.heard.as_ref().map_or(&[], |heard| &heard.languages)
    }

    /// Whether its language needs no other window, or nothing will ever tell it.
    fn is_clear(&self) -> bool {
        self.languages().is_empty() || language::settles(self.languages())
    }

    fn is_silent(&self) -> bool {
        self.heard.as_ref().is_ok_and(|heard| heard.runs.iter().all(|run| run.silent))
    }
}

/// Takes windows as they come from the workers and gives chunks in order.
pub(super) struct Joiner<'a> {
    pub recogniser: &'a dyn Recogniser,
    pub asked: Asked<'a>,
    pub from_workers: mpsc::Receiver<FromWorker>,
    /// Windows with the workers.
    pub in_flight: usize,
    pub on_step: &'a mut dyn FnMut(Step) -> Result<ControlFlow<()>, Error>,
    waiting: BTreeMap<usize, FromWorker>,
    /// Windows in order whose language is not settled: the first ones of a recording.
    unsettled: VecDeque<FromWorker>,
    next: usize,
    expected: Option<String>,
    spoken: Spoken,
}

impl<'a> Joiner<'a> {
    pub fn new(
        recogniser: &'a dyn Recogniser,
        asked: Asked<'a>,
        resume: Option<&Resume>,
        from_workers: mpsc::Receiver<FromWorker>,
        on_step: &'a mut dyn FnMut(Step) -> Result<ControlFlow<()>, Error>,
    ) -> Self {
        let before: &[Stretch] = resume.map_or(&[], |resume| &resume.stretches);
        let mut spoken = Spoken::default();
        spoken.add(before);
        Self {
            recogniser,
            asked,
            from_workers,
            in_flight: 0,
            on_step,
            waiting: BTreeMap::new(),
            unsettled: VecDeque::new(),
            next: resume.map_or(0, |resume| resume.windows),
            expected: stretches::last_language(before).map(str::to_owned),
            spoken,
        }
    }

    /// The language to expect in a window that is heard next. It need not be that of the window just before, as
    /// that may be with another worker; where this matters the window is heard again.
    pub fn expected(&self) -> Option<String> {
        self.expected.clone()
    }

    /// The language spoken longest so far.
    pub fn language(&self) -> Option<String> {
        self.asked.language.map(str::to_owned).or_else(|| self.spoken.most())
    }

    /// Takes what is there, and waits until at most `allowed` windows are with the workers.
    pub fn drain(&mut self, allowed: usize) -> Result<ControlFlow<()>, Error> {
        while self.in_flight > 0 {
            let received = if self.in_flight > allowed {
                self.from_workers.recv().map_err(Error::runtime("recognition"))?
            } else {
                match self.from_workers.try_recv() {
                    Ok(received) => received,
                    Err(_) => break,
                }
            };
            self.in_flight -= 1;
            self.waiting.insert(received.window.index, received);
            while let Some(received) = self.waiting.remove(&self.next) {
                self.next += 1;
                self.unsettled.push_back(received);
            }
            if self.give(false)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Waits for all that is with the workers and gives what is left.
    pub fn finish(&mut self) -> Result<ControlFlow<()>, Error> {
        if self.drain(0)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        self.give(true)
    }

    /// Gives the windows whose language is clear: all, once some language was spoken. What comes before waits for the
    /// first window that makes a language clear, for a few windows, or for the end. Each step follows from the windows
    /// not yet given and the stretches given, so that a resumed transcription takes the same.
    fn give(&mut self, ended: bool) -> Result<ControlFlow<()>, Error> {
        while let Some(first) = self.unsettled.front() {
            let mut expected = self.expected.clone();
            if expected.is_none() && !first.is_silent() {
                let known = self.asked.language.is_some();
                let clear = self.unsettled.iter().take(TRIES).position(|window| known || window.is_clear());
                if clear.is_none() && self.unsettled.len() < TRIES && !ended {
                    break;
                }
                expected = match clear.and_then(|index| self.unsettled.get(index)) {
                    Some(window) => language::runs(window.languages(), None).into_iter().next().map(|run| run.1),
                    None => language::most_likely(self.unsettled.iter().take(TRIES).flat_map(FromWorker::languages)),
                };
            }
            let Some(first) = self.unsettled.pop_front() else { break };
            let chunk = self.chunk(first, expected)?;
            if (self.on_step)(Step::Heard(chunk))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// What was heard in a window, read again if it was read after another language than the one before it.
    fn chunk(&mut self, received: FromWorker, expected: Option<String>) -> Result<Chunk, Error> {
        let FromWorker { window, expected: before, heard } = received;
        let mut heard = heard?;
        let read = |expected: Option<&str>| language::runs(&heard.languages, expected);
        if self.asked.language.is_none() && read(before.as_deref()) != read(expected.as_deref()) {
            let asked = Asked { expected: expected.as_deref(), ..self.asked };
            heard = self.recogniser.hear(&window, &asked)?;
        }
        let stretches = stretches::of_window(&window, &heard.runs);
        let mut spoken = Spoken::default();
        spoken.add(&stretches);
        self.spoken.add(&stretches);
        if let Some(last) = stretches::last_language(&stretches) {
            self.expected = Some(last.to_owned());
        }
        Ok(Chunk {
            index: window.index,
            span: window.span(),
            language: spoken.most(),
            words: heard.words,
            stretches,
            alternatives: heard.alternatives,
        })
    }
}
