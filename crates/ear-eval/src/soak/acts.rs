//! What people and machines do to a library, drawn at random.

use super::items::{Fate, Item, Kind, made_up, write_sound, write_transcript};
use super::program::{Program, Ran};
use super::report::Log;
use super::workers::Workers;
use crate::random::Random;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The library under test, all that is known of it, and what has happened.
pub struct Soak {
    pub program: Program,
    pub workers: Workers,
    pub random: Random,
    pub items: Vec<Item>,
    pub log: Log,
    pub has_backup: bool,
    scratch: PathBuf,
    backups: usize,
}

/// An act with its share of all acts.
type Act = (usize, fn(&mut Soak) -> Result<()>);

const ACTS: [Act; 12] = [
    (16, Soak::add_sound),
    (12, Soak::add_transcript),
    (6, Soak::add_again),
    (20, Soak::search),
    (10, Soak::show),
    (8, Soak::list),
    (12, Soak::start_worker),
    (10, Soak::kill_worker),
    (6, Soak::cancel),
    (6, Soak::remove),
    (2, Soak::reindex),
    (2, Soak::backup),
];

/// Exit codes that an act on something that changes meanwhile may have: not found, busy.
const RACES: [i32; 2] = [3, 5];

impl Soak {
    /// A library that is empty, with a server.
    ///
    /// # Errors
    /// If the program can't be started.
    pub fn begin(program: Program, scratch: &Path, seed: u64) -> Result<Self> {
        let workers = Workers::start(&program)?;
        let has_backup = program.run(&["backup", "--help"])?.code == Some(0);
        Ok(Self {
            program,
            workers,
            random: Random::new(seed),
            items: Vec::new(),
            log: Log::default(),
            has_backup,
            scratch: scratch.to_owned(),
            backups: 0,
        })
    }

    /// Does one thing, drawn at random.
    ///
    /// # Errors
    /// If the program can't be called; what it does wrong is logged.
    pub fn act(&mut self) -> Result<()> {
        let mut draw = self.random.below(ACTS.iter().map(|(share, _)| share).sum());
        for (share, act) in ACTS {
            if draw < share {
                return act(self);
            }
            draw -= share;
        }
        Ok(())
    }

    /// Calls the program; any other code than 0 and these is a fault.
    pub fn call(&mut self, name: &'static str, arguments: &[&str], allowed: &[i32]) -> Result<Ran> {
        let ran = self.program.run(arguments)?;
        self.log.did(name, ran.took);
        if !ran.code.is_some_and(|code| code == 0 || allowed.contains(&code)) {
            let code = ran.code.map_or("a signal".to_owned(), |code| format!("code {code}"));
            self.log.fault(name, format!("`{}` ended with {code}: {}", arguments.join(" "), ran.last_words()));
        }
        Ok(ran)
    }

    fn add_sound(&mut self) -> Result<()> {
        let title = format!("sound {}", self.items.len());
        let file = self.scratch.join(format!("{title}.wav"));
        write_sound(&file, &mut self.random)?;
        self.add(title, file, Kind::Sound)
    }

    fn add_transcript(&mut self) -> Result<()> {
        let title = format!("transcript {}", self.items.len());
        let file = self.scratch.join(format!("{title}.txt"));
        // Longer than the other words, so that none of them is taken for it by respelling.
        let marker = format!("zy{}", made_up(self.items.len() * 7919, 5));
        write_transcript(&file, &marker, &mut self.random)?;
        self.add(title, file, Kind::Transcript(marker))
    }

    fn add(&mut self, title: String, file: PathBuf, kind: Kind) -> Result<()> {
        let name = if kind == Kind::Sound { "add sound" } else { "add a transcript" };
        let path = file.display().to_string();
        let mut arguments = vec!["add", &path, "--title", &title, "--queue", "--json"];
        if kind == Kind::Sound {
            arguments.extend(["--model", "fake"]);
        }
        let ran = self.call(name, &arguments, &[])?;
        if ran.code == Some(0) {
            let added = &ran.json()?["added"][0];
            let episode = id_of(&added["episode_id"]).context("an added episode has no id")?;
            if added["existed"] == true {
                self.log.fault(name, format!("{title} is said to have been there already"));
            }
            self.items.push(Item { title, file, kind, episode, fate: Fate::Kept, words: None });
        }
        Ok(())
    }

    fn add_again(&mut self) -> Result<()> {
        let Some(at) = self.any(|item| item.fate == Fate::Kept) else { return Ok(()) };
        let Item { title, file, episode, .. } = self.items[at].clone();
        let ran = self.call("add again", &["add", &file.display().to_string(), "--queue", "--json"], &[])?;
        if ran.code == Some(0) {
            let added = &ran.json()?["added"][0];
            if added["existed"] != true || id_of(&added["episode_id"]).as_ref() != Some(&episode) {
                self.log.fault("add again", format!("{title} was there and was added anew: {added}"));
            }
        }
        Ok(())
    }

    fn search(&mut self) -> Result<()> {
        let marker = self.any(|item| matches!(item.kind, Kind::Transcript(_)));
        let query = match marker.map(|at| &self.items[at].kind) {
            Some(Kind::Transcript(marker)) => marker.clone(),
            _ => "two".to_owned(),
        };
        let ran = self.call("search", &["search", &query, "--json"], &[])?;
        if ran.code == Some(0) {
            let total = ran.json()?["total"].as_u64().unwrap_or(u64::MAX);
            if query != "two" && total > 1 {
                self.log.fault("search", format!("`{query}`, said once, was found {total} times"));
            }
        }
        Ok(())
    }

    fn show(&mut self) -> Result<()> {
        let Some(at) = self.any(|item| item.fate == Fate::Kept) else { return Ok(()) };
        let episode = self.items[at].episode.clone();
        // What has no words yet can't be shown: not found.
        self.call("show", &["show", &episode, "--json"], &RACES).map(drop)
    }

    fn list(&mut self) -> Result<()> {
        let arguments: &[&str] = if self.random.below(2) == 0 { &["list", "--json"] } else { &["jobs", "--json"] };
        self.call("list", arguments, &[]).map(drop)
    }

    fn start_worker(&mut self) -> Result<()> {
        if self.workers.add(&self.program)? {
            self.log.did("start a worker", std::time::Duration::ZERO);
        }
        Ok(())
    }

    fn kill_worker(&mut self) -> Result<()> {
        // A moment in the midst of something.
        std::thread::sleep(std::time::Duration::from_millis(self.random.below(400) as u64));
        if self.workers.kill(&mut self.random)? {
            self.log.did("kill a worker", std::time::Duration::ZERO);
        }
        Ok(())
    }

    fn cancel(&mut self) -> Result<()> {
        let jobs = self.call("list", &["jobs", "--json"], &[])?;
        let Ok(jobs) = jobs.json() else { return Ok(()) };
        let is_open = |job: &&serde_json::Value| job["state"] == "queued" || job["state"] == "running";
        let open: Vec<&serde_json::Value> = jobs["jobs"].as_array().into_iter().flatten().filter(is_open).collect();
        let Some(job) = open.get(self.random.below(open.len())) else { return Ok(()) };
        let (Some(id), Some(episode)) = (id_of(&job["id"]), id_of(&job["episode_id"])) else { return Ok(()) };
        // It may be done before it can be cancelled.
        let ran = self.call("cancel", &["jobs", "cancel", &id], &[1, 3, 5])?;
        if let (Some(0), Some(item)) = (ran.code, self.items.iter_mut().find(|item| item.episode == episode)) {
            item.fate = Fate::Cancelled;
        }
        Ok(())
    }

    fn remove(&mut self) -> Result<()> {
        let Some(at) = self.any(|item| item.fate != Fate::Removed) else { return Ok(()) };
        let episode = self.items[at].episode.clone();
        if self.call("remove", &["rm", &episode, "--yes"], &[5])?.code == Some(0) {
            self.items[at].fate = Fate::Removed;
        }
        Ok(())
    }

    fn reindex(&mut self) -> Result<()> {
        self.call("reindex", &["reindex"], &[5]).map(drop)
    }

    fn backup(&mut self) -> Result<()> {
        if !self.has_backup {
            return Ok(());
        }
        self.backups += 1;
        let to = self.scratch.join(format!("backup-{}", self.backups)).display().to_string();
        if self.call("backup", &["backup", &to], &[5])?.code == Some(0) {
            let before = self.items.iter().filter(|item| item.fate != Fate::Removed).count() as u64;
            let listed = self.call("list a backup", &["list", "--library", &to, "--json"], &[])?;
            let there = listed.json().ok().and_then(|list| list["total"].as_u64());
            if there != Some(before) {
                self.log.fault("backup", format!("{to} holds {there:?} episodes of {before}"));
            }
            std::fs::remove_dir_all(&to).with_context(|| format!("remove {to}"))?;
        }
        Ok(())
    }

    /// Any item of which this holds.
    fn any(&mut self, holds: fn(&Item) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.items.len()).filter(|at| holds(&self.items[*at])).collect();
        fitting.get(self.random.below(fitting.len())).copied()
    }
}

/// An id, which JSON may hold as a number or as a string.
pub fn id_of(value: &serde_json::Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_u64().map(|number| number.to_string()))
}
