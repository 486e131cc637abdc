//! What must hold of the library once its queue is empty.

use super::acts::{Soak, id_of};
use super::items::{Fate, Kind};
use crate::files;
use anyhow::Result;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The queue must be empty after so long: leases of killed workers run out, and nothing hangs.
const PATIENCE: Duration = Duration::from_secs(240);
const CHECK: &str = "check";
/// Episodes whose words are compared after each round; at the end it is all of them.
const SAMPLE: usize = 4;

impl Soak {
    /// Lets the queue run empty. What was given up after three kills is tried again, as a person would.
    pub fn settle(&mut self) -> Result<()> {
        let began = Instant::now();
        // There has to be somebody who works; whether it is the first or the second does not matter.
        self.workers.add(&self.program)?;
        loop {
            let jobs = self.program.run(&["jobs", "--json"])?.json()?;
            let jobs = jobs["jobs"].as_array().cloned().unwrap_or_default();
            let mut is_open = false;
            for job in &jobs {
                match job["state"].as_str() {
                    Some("queued" | "running") => is_open = true,
                    Some("failed") => {
                        is_open = true;
                        let id = id_of(&job["id"]).unwrap_or_default();
                        let error = job["error"].as_str().unwrap_or_default();
                        if !error.contains("worker") {
                            self.log.fault(CHECK, format!("job {id} failed: {error}"));
                        }
                        self.call("retry", &["jobs", "retry", &id], &[1, 3, 5])?;
                    }
                    _ => {}
                }
            }
            if !is_open {
                return Ok(());
            }
            if began.elapsed() > PATIENCE {
                self.log.fault(CHECK, format!("the queue is not empty after {} s: {jobs:?}", PATIENCE.as_secs()));
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    /// Compares the library with what is known of it.
    pub fn check(&mut self, everything: bool) -> Result<()> {
        for ended in self.workers.look()? {
            self.log.fault(CHECK, ended);
        }
        self.check_doctor()?;
        self.check_list()?;
        self.check_recordings()?;
        let mut sample: Vec<usize> = (0..self.items.len()).collect();
        if !everything {
            sample.sort_by_cached_key(|_| self.random.bits());
            sample.truncate(SAMPLE);
        }
        for at in sample {
            match self.items[at].kind.clone() {
                Kind::Sound => self.check_words(at)?,
                Kind::Transcript(marker) => self.check_found(at, &marker)?,
            }
        }
        Ok(())
    }

    /// The doctor finds nothing, but for episodes whose work was taken back: those it must mend.
    fn check_doctor(&mut self) -> Result<()> {
        let ran = self.call("doctor", &["doctor", "--json"], &[1])?;
        if ran.code != Some(1) {
            return Ok(());
        }
        let found = ran.json().map(|mut found| found["findings"].take()).unwrap_or_else(|_| ran.out.clone().into());
        let cancelled = |item: &super::items::Item| item.fate == Fate::Cancelled;
        let is_ours = |finding: &Value| {
            let message = finding["message"].as_str().unwrap_or_default();
            self.items
                .iter()
                .filter(|item| cancelled(item))
                .any(|item| message.starts_with(&format!("episode {}:", item.episode)))
        };
        if found.as_array().is_some_and(|findings| findings.iter().all(is_ours)) {
            self.call("doctor --repair", &["doctor", "--repair"], &[]).map(drop)
        } else {
            self.log.fault("doctor", format!("finds {found}"));
            Ok(())
        }
    }

    /// Every episode is there once, and ready.
    fn check_list(&mut self) -> Result<()> {
        let ran = self.call("list", &["list", "--json", "--limit", "1000000"], &[])?;
        let Ok(listed) = ran.json() else { return Ok(()) };
        let mut there: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
        for episode in listed["episodes"].as_array().into_iter().flatten() {
            there.entry(episode["title"].as_str().unwrap_or_default().to_owned()).or_default().push(episode);
        }
        for item in &self.items {
            let found = there.remove(&item.title).unwrap_or_default();
            let expected = usize::from(item.fate != Fate::Removed);
            if found.len() != expected {
                self.log.fault(CHECK, format!("{}: there {} times, not {expected}", item.title, found.len()));
            } else if item.fate == Fate::Kept && found[0]["state"] != "ready" {
                self.log.fault(CHECK, format!("{}: is {} though the queue is empty", item.title, found[0]["state"]));
            }
        }
        for title in there.into_keys() {
            self.log.fault(CHECK, format!("{title}: nobody added it"));
        }
        Ok(())
    }

    /// Each sound has one file, and nothing else lies there.
    fn check_recordings(&mut self) -> Result<()> {
        let folder = self.program.library().join("recordings");
        let there = if folder.is_dir() { files::below(&folder)?.len() } else { 0 };
        let is_sound = |item: &&super::items::Item| item.kind == Kind::Sound && item.fate != Fate::Removed;
        let expected = self.items.iter().filter(is_sound).count();
        if there != expected {
            self.log.fault(CHECK, format!("{there} recordings are kept of {expected}"));
        }
        Ok(())
    }

    /// Interrupted or not, the words are those of unbroken recognition.
    fn check_words(&mut self, at: usize) -> Result<()> {
        let item = self.items[at].clone();
        if item.fate != Fate::Kept {
            return Ok(());
        }
        let words = match item.words {
            Some(words) => words,
            None => {
                let file = item.file.display().to_string();
                let arguments = ["transcribe", &file, "--model", "fake", "--format", "json", "--threads", "1"];
                let words = self.call("transcribe", &arguments, &[])?.json()?["words"].take();
                self.items[at].words = Some(words.clone());
                words
            }
        };
        let shown = self.call("show", &["show", &item.episode, "--json"], &[])?;
        let Ok(mut shown) = shown.json() else { return Ok(()) };
        let shown = shown["words"].take();
        if shown != words {
            let count = |words: &Value| words.as_array().map_or(0, Vec::len);
            let counts = (count(&shown), count(&words));
            self.log.fault(CHECK, format!("{}: {} words, not the {} of unbroken work", item.title, counts.0, counts.1));
        }
        Ok(())
    }

    /// A word that stands in one transcript is found there, once; or nowhere, if it was removed.
    fn check_found(&mut self, at: usize, marker: &str) -> Result<()> {
        let item = self.items[at].clone();
        let ran = self.call("search", &["search", marker, "--json"], &[])?;
        let Ok(found) = ran.json() else { return Ok(()) };
        let hits = found["hits"].as_array().cloned().unwrap_or_default();
        let here = hits.iter().filter(|hit| hit["episode"] == item.title.as_str()).count();
        let expected = usize::from(item.fate == Fate::Kept);
        // Work that was taken back may have been done already.
        if here != expected && item.fate != Fate::Cancelled {
            self.log.fault(CHECK, format!("{}: `{marker}` is found {here} times, not {expected}", item.title));
        }
        Ok(())
    }
}
