//! What comes next after each clip of a library made of talk: how mixed it is, whether anything repeats, whether all
//! clips are ever reached, and how long it takes.

use crate::Outcome;
use crate::table::{Table, percent};
use crate::topics::episode;
use anyhow::{Context, Result, ensure};
use clap::Args;
use ear_core::{ClipId, EpisodeDate};
use ear_engine::{Library, NextOptions, NextReason, NextView, Stop, WorkOptions};
use ear_language::vectors::Vector;
use ear_store::{NewEpisode, NewJob, Store};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::Instant;

/// Transcripts are no longer than this, in bytes.
const LONGEST: u64 = 16 << 20;
/// Clips whose vectors are at least so alike are the same.
const SAME: f32 = 0.94;

/// What comes next after each clip.
#[derive(Args, Debug)]
pub struct NextArgs {
    /// A folder with a folder for each show, whose files are episodes: Markdown, `**Name:**` before each turn. They are
    /// dated a week apart.
    folder: PathBuf,
    /// Take in only so many episodes of each show.
    #[arg(long, value_name = "N", default_value_t = 30)]
    episodes: usize,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    shows: usize,
    episodes: usize,
    clips: usize,
    /// Shows among the next ten, on average.
    shows_among_ten: f64,
    /// Pairs in a queue that are the same clip, or have nearly the same vector.
    repeats: usize,
    /// The share of clips that come after some clip.
    reached: f64,
    /// The share of reasons: the story goes on, shared subjects, alike, next in the episode, new.
    goes_on: f64,
    about: f64,
    alike: f64,
    same_episode: f64,
    new: f64,
    first_ms: f64,
    p50_ms: f64,
    p95_ms: f64,
}

/// Makes a library and asks after each of its clips.
pub fn run(args: &NextArgs) -> Result<Outcome> {
    let folder = tempfile::tempdir().context("make a folder for the library")?;
    let library = Library::open(folder.path())?;
    let store = Store::open(&folder.path().join("earwitness.db"))?;
    let (shows, episodes) = fill(&store, args)?;
    ensure!(episodes > 0, "{}: there is no folder with transcripts", args.folder.display());
    eprintln!("{episodes} episodes of {shows} shows; cutting them into clips");
    let done = library.work(&WorkOptions::default(), &Stop::default(), &|_| {})?;
    ensure!(done.failed == 0, "{} jobs failed", done.failed);
    crate::print(args.json, &measure(&library, &store, shows, episodes)?, table)?;
    Ok(Outcome::Complete)
}

/// How many shows and episodes there are.
fn fill(store: &Store, args: &NextArgs) -> Result<(usize, usize)> {
    let mut shows: HashMap<PathBuf, usize> = HashMap::new();
    let mut episodes = 0;
    for path in crate::files::below(&args.folder)? {
        let Some(of) = path.parent().filter(|_| path.extension().is_some_and(|e| e == "md")) else { continue };
        let taken = shows.entry(of.to_path_buf()).or_default();
        if *taken >= args.episodes {
            continue;
        }
        let transcript = episode(&crate::files::read_text(&path, LONGEST)?).transcript;
        if transcript.words.is_empty() {
            continue;
        }
        let title = crate::files::name_below(&args.folder, &path);
        let show = store.show_named(&crate::files::name_below(&args.folder, of))?;
        let date = Some(week(*taken)?);
        let new = NewEpisode { source: title.clone(), title, show: Some(show), date, ..NewEpisode::default() };
        let added = store.add_episode(&NewEpisode { language: Some("en".into()), ..new })?.id;
        store.add_transcript(added, &transcript)?;
        store.enqueue(&NewJob::new("index", Some(added)))?;
        (*taken, episodes) = (*taken + 1, episodes + 1);
    }
    Ok((shows.values().filter(|taken| **taken > 0).count(), episodes))
}

/// A day in about the week of this number: four weeks a month.
fn week(number: usize) -> Result<EpisodeDate> {
    Ok(format!("{}-{:02}-{:02}", 2000 + number / 48, number / 4 % 12 + 1, number % 4 * 7 + 1).parse()?)
}

fn measure(library: &Library, store: &Store, shows: usize, episodes: usize) -> Result<Report> {
    let clips = store.clip_candidates(None)?;
    let first = clips.first().context("there are no clips")?.id;
    let vectors: HashMap<ClipId, Vector> =
        clips.iter().filter_map(|clip| Some((clip.id, Vector::from_bytes(clip.vector.as_deref()?)?))).collect();
    let began = Instant::now();
    library.next(first, &NextOptions::default())?;
    let first_ms = milliseconds(began);
    let (mut times, mut reached, mut reasons) = (Vec::new(), HashSet::new(), HashMap::new());
    let (mut mixed, mut repeats, mut offered) = (0, 0, 0_usize);
    for clip in &clips {
        let began = Instant::now();
        let next = library.next(clip.id, &NextOptions::default())?;
        times.push(milliseconds(began));
        mixed += next.iter().filter_map(|next| Some(next.clip.show.as_ref()?.0)).collect::<HashSet<_>>().len();
        repeats += repeated(clip.id, &next, &vectors);
        offered += next.len();
        for next in next {
            *reasons.entry(next.kind).or_insert(0_usize) += 1;
            reached.insert(next.clip.id);
        }
    }
    times.sort_by(f64::total_cmp);
    let share = |kind| *reasons.get(&kind).unwrap_or(&0) as f64 / offered.max(1) as f64;
    Ok(Report {
        shows,
        episodes,
        clips: clips.len(),
        shows_among_ten: mixed as f64 / clips.len() as f64,
        repeats,
        reached: reached.len() as f64 / clips.len() as f64,
        goes_on: share(NextReason::GoesOn),
        about: share(NextReason::About),
        alike: share(NextReason::Alike),
        same_episode: share(NextReason::SameEpisode),
        new: share(NextReason::New),
        first_ms,
        p50_ms: times[times.len() / 2],
        p95_ms: times[times.len() * 95 / 100],
    })
}

/// Pairs among a clip and what comes after it that are the same.
fn repeated(from: ClipId, next: &[NextView], vectors: &HashMap<ClipId, Vector>) -> usize {
    let all: Vec<ClipId> = std::iter::once(from).chain(next.iter().map(|next| next.clip.id)).collect();
    let is_same = |one: &ClipId, other: &ClipId| {
        let alike = || Some(vectors.get(one)?.dot(vectors.get(other)?) >= SAME);
        one == other || alike().unwrap_or(false)
    };
    (0..all.len()).map(|at| all[at + 1..].iter().filter(|other| is_same(&all[at], other)).count()).sum()
}

fn milliseconds(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1e3
}

fn table(report: &Report) -> String {
    let mut table = Table::new(vec![String::new(), String::new()]);
    let mut row = |name: &str, value: String| table.row(vec![name.to_owned(), value]);
    row("shows, episodes, clips", format!("{}, {}, {}", report.shows, report.episodes, report.clips));
    row("shows among ten", format!("{:.2}", report.shows_among_ten));
    row("repeats", report.repeats.to_string());
    row("clips that ever come", percent(Some(report.reached)));
    row("because the story goes on", percent(Some(report.goes_on)));
    row("because of shared subjects", percent(Some(report.about)));
    row("because they are alike", percent(Some(report.alike)));
    row("because they come next", percent(Some(report.same_episode)));
    row("because they are new", percent(Some(report.new)));
    row("first answer", format!("{:.0} ms", report.first_ms));
    row("p50, p95", format!("{:.1} ms, {:.1} ms", report.p50_ms, report.p95_ms));
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn weeks_ascend() {
        let dates: Vec<EpisodeDate> = (0..200).map(|number| week(number).unwrap()).collect();
        assert!(dates.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn a_library_is_made_and_asked() {
        let folder = tempfile::tempdir().unwrap();
        let sentence = "**Ann:** The harbour master burned the crane near the pier before anybody could stop it.\n\n";
        for (show, episode) in [("one", "a.md"), ("one", "b.md"), ("two", "a.md")] {
            fs::create_dir_all(folder.path().join(show)).unwrap();
            fs::write(folder.path().join(show).join(episode), format!("{show} {episode} {}", sentence.repeat(5)))
                .unwrap();
        }
        let made = tempfile::tempdir().unwrap();
        let library = Library::open(made.path()).unwrap();
        let store = Store::open(&made.path().join("earwitness.db")).unwrap();
        let args = NextArgs { folder: folder.path().to_owned(), episodes: 1, json: false };
        assert_eq!(fill(&store, &args).unwrap(), (2, 2));
        library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap();
        let report = measure(&library, &store, 2, 2).unwrap();
        // Both say the same, so that neither comes after the other.
        assert_eq!((report.clips, report.repeats, report.reached), (2, 0, 0.0));
    }
}
