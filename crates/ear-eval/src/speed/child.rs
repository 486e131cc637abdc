//! Indexing and searching, each in a process of its own, so that the peak memory is its own.

use super::queries::Queries;
use crate::random::Random;
use crate::usage;
use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use ear_engine::{By, Event, Library, SearchRequest};
use ear_search::Vectors;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Write, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// One query in so many is asked before anything is measured.
const WARM_UP: usize = 10;

/// The hidden command that measures one task.
#[derive(Args, Debug)]
pub struct RunArgs {
    task: Task,
    library: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Task {
    /// Builds the index from the database.
    Index,
    /// Asks the queries that stdin holds as JSON.
    Search,
}

/// What indexing took.
#[derive(Debug, Serialize, Deserialize)]
pub struct Indexed {
    /// Seconds by the clock, from reading the words in the database to a searchable index.
    pub seconds: f64,
    /// The most memory held, in MB.
    pub peak_mb: Option<f64>,
}

/// What searching took.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Searched {
    /// Milliseconds of each query, by kind.
    pub words_ms: Vec<f64>,
    /// As above.
    pub phrases_ms: Vec<f64>,
    /// As above.
    pub misses_ms: Vec<f64>,
    /// As above; by sound.
    pub sound_ms: Vec<f64>,
    /// As above; by meaning, where there is a model.
    pub meaning_ms: Vec<f64>,
    /// Milliseconds of the first search by sound, which reads and pronounces all words of the index.
    pub first_sound_ms: f64,
    /// Queries that should have found something and did not.
    pub unanswered: Vec<String>,
    /// The most memory held, in MB.
    pub peak_mb: Option<f64>,
}

/// Indexes the library in another process.
pub fn index(library: &Path) -> Result<Indexed> {
    in_process(&RunArgs { task: Task::Index, library: library.into() }, "")
}

/// Asks the queries in another process.
pub fn search(library: &Path, queries: &Queries) -> Result<Searched> {
    in_process(&RunArgs { task: Task::Search, library: library.into() }, &serde_json::to_string(queries)?)
}

fn in_process<T: DeserializeOwned>(args: &RunArgs, input: &str) -> Result<T> {
    let name = args.task.to_possible_value().context("every task has a name")?;
    let mut command = Command::new(std::env::current_exe().context("find this program")?);
    command.args(["speed-run", name.get_name()]).arg(&args.library);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("start a process to measure")?;
    let mut stdin = child.stdin.take().context("the process has no pipe")?;
    // It reads all of it before it answers, so this can't block.
    stdin.write_all(input.as_bytes()).context("hand over the queries")?;
    drop(stdin);
    let output = child.wait_with_output().context("wait for the process")?;
    if !output.status.success() {
        bail!("measuring `{}` ended with {}", name.get_name(), output.status);
    }
    serde_json::from_slice(&output.stdout).context("read what was measured")
}

/// Measures, and writes one JSON object.
pub fn run(args: &RunArgs) -> Result<()> {
    let library = Library::open(&args.library)?;
    let measured = match args.task {
        Task::Index => serde_json::to_string(&run_index(&library)?)?,
        Task::Search => serde_json::to_string(&run_search(&library, serde_json::from_reader(stdin())?)?)?,
    };
    Ok(writeln!(stdout(), "{measured}")?)
}

fn run_index(library: &Library) -> Result<Indexed> {
    let began = Instant::now();
    library.reindex(&|event| {
        if let Event::Warning { message, .. } = event {
            eprintln!("{message}");
        }
    })?;
    Ok(Indexed { seconds: began.elapsed().as_secs_f64(), peak_mb: usage::peak_mb().ok() })
}

#[derive(Clone, Copy)]
enum Kind {
    Word,
    Phrase,
    Miss,
    Sound,
    Meaning,
}

fn run_search(library: &Library, mut queries: Queries) -> Result<Searched> {
    let began = Instant::now();
    library.search(&SearchRequest { query: "Soleimani".into(), by: By::Sound, ..SearchRequest::default() })?;
    let first_sound_ms = began.elapsed().as_secs_f64() * 1000.0;
    if Vectors::newest(&library.folder().join("vectors")).is_none() {
        queries.questions.clear();
    }
    let warm = queries.take_every(WARM_UP);
    ask(library, &warm, &mut Searched::default())?;
    let mut searched = Searched { first_sound_ms, ..Searched::default() };
    ask(library, &queries, &mut searched)?;
    Ok(Searched { peak_mb: usage::peak_mb().ok(), ..searched })
}

/// Asks all queries, the kinds mixed as people mix them.
fn ask(library: &Library, queries: &Queries, searched: &mut Searched) -> Result<()> {
    let kinds = [
        (Kind::Word, &queries.words),
        (Kind::Phrase, &queries.phrases),
        (Kind::Miss, &queries.misses),
        (Kind::Sound, &queries.names),
        (Kind::Meaning, &queries.questions),
    ];
    let mut random = Random::new(1);
    let all = kinds.into_iter().flat_map(|(kind, queries)| queries.iter().map(move |query| (kind, query)));
    let mut shuffled: Vec<_> = all.map(|query| (random.bits(), query)).collect();
    shuffled.sort_by_key(|(place, _)| *place);
    for (_, (kind, query)) in shuffled {
        let by = match kind {
            Kind::Sound => By::Sound,
            Kind::Meaning => By::Meaning,
            Kind::Word | Kind::Phrase | Kind::Miss => By::Words,
        };
        let request = SearchRequest { query: query.clone(), by, ..SearchRequest::default() };
        let began = Instant::now();
        let answer = library.search(&request)?;
        let took_ms = began.elapsed().as_secs_f64() * 1000.0;
        let times = match kind {
            Kind::Word => &mut searched.words_ms,
            Kind::Phrase => &mut searched.phrases_ms,
            Kind::Miss => &mut searched.misses_ms,
            Kind::Sound => &mut searched.sound_ms,
            Kind::Meaning => &mut searched.meaning_ms,
        };
        times.push(took_ms);
        if answer.hits.is_empty() && matches!(kind, Kind::Word | Kind::Phrase) {
            searched.unanswered.push(query.clone());
        }
    }
    Ok(())
}
