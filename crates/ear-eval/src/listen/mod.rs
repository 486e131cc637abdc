//! Recognisers under test, each a process of its own, so that its peak memory is its own: ours and its peers.

mod ours;
mod peer;
mod protocol;

pub use ours::{RunArgs, run as run_ours};
pub use protocol::{Heard, HeardWord, Settings};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use peer::Peer;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What every evaluation that recognises takes.
#[derive(Args, Debug)]
pub struct SystemArgs {
    /// Name of a model, or a folder with a CTranslate2 Whisper.
    #[arg(long)]
    model: Option<String>,
    /// Beam width.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=64))]
    beam: u16,
    /// Threads that recognise.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
    /// Measure this system beside ours, in the same run; may be given more than once.
    #[arg(long = "peer")]
    peers: Vec<PeerName>,
    /// Let peers leave out what their voice detector takes for silence: the batched one always does, whisper.cpp never.
    #[arg(long, requires = "peers")]
    peer_vad: bool,
    /// Where peers are installed.
    #[arg(long = "peers", value_name = "DIR", default_value = "target/eval-peers")]
    peer_folder: PathBuf,
}

impl SystemArgs {
    /// The settings all systems get, for a language (ISO 639-1, `auto` for theirs to tell).
    pub fn settings(&self, language: &str) -> Settings {
        Settings {
            model: self.model.clone(),
            beam: self.beam.into(),
            threads: self.threads.into(),
            language: Some(language.to_owned()).filter(|language| language != "auto"),
            peer_vad: self.peer_vad,
            names: Vec::new(),
        }
    }

    /// Makes ready what was asked for. A peer that can't be had is said and left out.
    pub fn prepare(&self, settings: &Settings) -> Systems {
        let mut wanted = self.peers.clone();
        wanted.sort();
        wanted.dedup();
        let prepare = |name: &PeerName| told(name.label(), Peer::prepare(&self.peer_folder, *name, settings));
        let peers: Vec<Peer> = wanted.iter().filter_map(prepare).collect();
        Systems { complete: peers.len() == wanted.len(), peers }
    }
}

/// Systems to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum PeerName {
    /// faster-whisper 1.2.1, a window at a time.
    FasterWhisper,
    /// faster-whisper 1.2.1, eight windows at once.
    FasterWhisperBatched,
    /// whisper.cpp by pywhispercpp 1.5.1, the same weights converted to its 8-bit form.
    #[value(name = "whisper.cpp")]
    WhisperCpp,
}

impl PeerName {
    /// As tables and objects call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::FasterWhisper => "faster-whisper",
            Self::FasterWhisperBatched => "faster-whisper-batched",
            Self::WhisperCpp => "whisper.cpp",
        }
    }
}

/// Sound to hear, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clip {
    /// For people.
    pub name: String,
    /// The file.
    pub sound: PathBuf,
}

/// Ours, and the peers that are ready.
#[derive(Debug)]
pub struct Systems {
    peers: Vec<Peer>,
    /// Whether every peer asked for is still with us.
    pub complete: bool,
}

/// What ours heard, clip by clip, and what each peer did, by name.
pub type Once = (Vec<Heard>, BTreeMap<String, Vec<Heard>>);

/// What each system heard: run by run, clip by clip.
#[derive(Debug)]
pub struct Listened {
    /// Earwitness.
    pub ours: Vec<Vec<Heard>>,
    /// The others, by name; one that failed has fewer runs, or none.
    pub peers: BTreeMap<String, Vec<Vec<Heard>>>,
}

impl Systems {
    /// Has every system hear every clip so many times, by turns. A peer that fails is said and left out.
    ///
    /// # Errors
    /// If ours fails.
    pub fn listen(&mut self, settings: &Settings, clips: &[Clip], runs: usize) -> Result<Listened> {
        let mut listened = Listened { ours: Vec::new(), peers: BTreeMap::new() };
        for _ in 0..runs {
            listened.ours.push(listen("ours", ours::command(settings)?, clips)?);
            let mut left = Vec::new();
            for peer in self.peers.drain(..) {
                let label = peer.name.label();
                let heard = peer.ready(clips).and_then(|(clips, _keep)| listen(label, peer.command(settings)?, &clips));
                if let Some(heard) = told(label, heard) {
                    listened.peers.entry(label.to_owned()).or_default().push(heard);
                    left.push(peer);
                } else {
                    self.complete = false;
                }
            }
            self.peers = left;
        }
        Ok(listened)
    }

    /// As [`Systems::listen`], once: what each system heard, clip by clip, under its name.
    ///
    /// # Errors
    /// If ours fails.
    pub fn listen_once(&mut self, settings: &Settings, clips: &[Clip]) -> Result<Once> {
        let mut listened = self.listen(settings, clips, 1)?;
        let ours = listened.ours.pop().context("nothing was heard")?;
        let first = |(name, mut runs): (String, Vec<Vec<Heard>>)| Some((name, runs.pop()?));
        Ok((ours, listened.peers.into_iter().filter_map(first).collect()))
    }
}

/// The value; where there is none, says why and that it goes on.
fn told<T>(name: &str, result: Result<T>) -> Option<T> {
    result.inspect_err(|error| eprintln!("Going on without {name}: {error:#}")).ok()
}

fn listen(name: &str, mut command: std::process::Command, clips: &[Clip]) -> Result<Vec<Heard>> {
    let sounds: Vec<&Path> = clips.iter().map(|clip| clip.sound.as_path()).collect();
    let say = |done: usize| {
        let file = clips.get(done - 1).map_or("", |clip| &clip.name);
        eprintln!("{name}: {done} of {} files, {file}", sounds.len());
    };
    protocol::listen(&mut command, &sounds, &say)
}
