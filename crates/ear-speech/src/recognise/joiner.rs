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
                if self.settle(received)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Waits for all that is with the workers and gives what is left.
    pub fn finish(&mut self) -> Result<ControlFlow<()>, Error> {
        if self.drain(0)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        self.settle_beginning()
    }

    /// Gives the next window, unless it is one of the first and its language is not clear yet.
    fn settle(&mut self, received: FromWorker) -> Result<ControlFlow<()>, Error> {
        let parts = received.heard.as_ref().map_or(&[][..], |heard| &heard.languages);
        let clear = self.asked.language.is_some() || parts.is_empty() || language::settles(parts);
        let silent = received.heard.as_ref().is_ok_and(|heard| heard.runs.iter().all(|run| run.silent));
        self.unsettled.push_back(received);
        if self.expected.is_some() || (silent && self.unsettled.len() == 1) {
            return self.give();
        }
        if clear || self.unsettled.len() >= TRIES {
            return self.settle_beginning();
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Gives the windows that were kept back, read in the language that the last of them made clear, or in the
    /// likeliest.
    fn settle_beginning(&mut self) -> Result<ControlFlow<()>, Error> {
        if self.expected.is_none() {
            let parts =
                |received: &FromWorker| received.heard.as_ref().map_or(Vec::new(), |heard| heard.languages.clone());
            let all: Vec<Vec<LanguagePart>> = self.unsettled.iter().map(parts).collect();
            let clear = all.last().filter(|parts| language::settles(parts));
            self.expected = match clear {
                Some(parts) => language::runs(parts, None).into_iter().next().map(|run| run.1),
                None => language::most_likely(all.iter().flatten()),
            };
        }
        self.give()
    }

    fn give(&mut self) -> Result<ControlFlow<()>, Error> {
        while let Some(received) = self.unsettled.pop_front() {
            let chunk = self.chunk(received)?;
            if (self.on_step)(Step::Heard(chunk))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn chunk(&mut self, received: FromWorker) -> Result<Chunk, Error> {
        let FromWorker { window, expected, heard } = received;
        let mut heard = heard?;
        let read = |expected: Option<&str>| language::runs(&heard.languages, expected);
        if self.asked.language.is_none() && read(expected.as_deref()) != read(self.expected.as_deref()) {
            let asked = Asked { expected: self.expected.as_deref(), ..self.asked };
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
