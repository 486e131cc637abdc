//! How big the index of a large library is, how fast it is made, and how fast it answers.

mod child;
mod corpora;
mod queries;
mod synthetic;
mod vectors;

pub use child::{RunArgs, run as run_child};

use crate::Outcome;
use crate::files;
use crate::stats::percentile;
use crate::table::{Table, number};
use anyhow::{Context, Result, bail};
use clap::Args;
use ear_core::{EpisodeDate, join_words};
use ear_engine::Library;
use ear_store::{NewEpisode, Store};
use queries::{Listener, Queries};
use serde::Serialize;
use std::path::{Path, PathBuf};
use synthetic::{Talk, WORDS_PER_HOUR};

const SEED: u64 = 1;
const WORD_QUERIES: usize = 330;
const PHRASE_QUERIES: usize = 220;
const MISS_QUERIES: usize = 55;

/// Size and speed of the word index over a synthetic library.
#[derive(Args, Debug)]
pub struct SpeedArgs {
    /// Hours of talk in the library, each of 9,000 words.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    hours: u32,
    /// Folder with transcripts (.md, .txt) whose sentences are drawn; otherwise $EARWITNESS_TESTDATA/corpora.
    #[arg(long)]
    corpora: Option<PathBuf>,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    hours: u32,
    index_mb: f64,
    text_mb: f64,
    words: u64,
    words_per_s: f64,
    latency_ms: Latencies,
    first_sound_ms: f64,
    vectors: usize,
    peak_mb: Option<f64>,
    index_peak_mb: Option<f64>,
    database_mb: f64,
    unanswered: usize,
}

#[derive(Debug, Serialize)]
struct Latencies {
    words: Latency,
    phrase: Latency,
    miss: Latency,
    sound: Latency,
    meaning: Latency,
}

#[derive(Debug, Serialize)]
struct Latency {
    queries: usize,
    p50: Option<f64>,
    p95: Option<f64>,
    p99: Option<f64>,
}

impl Latency {
    fn of(mut times_ms: Vec<f64>) -> Self {
        let mut at = |share| percentile(&mut times_ms, share);
        let (p50, p95, p99) = (at(0.5), at(0.95), at(0.99));
        Self { queries: times_ms.len(), p50, p95, p99 }
    }
}

/// Builds the library, indexes it, searches it, and prints a table or an object.
pub fn run(args: &SpeedArgs) -> Result<Outcome> {
    let sentences = corpora::sentences(&corpora_folder(args)?)?;
    let folder = tempfile::tempdir().context("make a folder for the library")?;
    let filled = fill(folder.path(), sentences, args.hours)?;
    eprintln!("Indexing {} words", filled.words);
    let indexed = child::index(folder.path())?;
    let vectors = vectors::write(folder.path(), SEED)?;
    eprintln!("Searching");
    let searched = child::search(folder.path(), &filled.queries)?;
    for query in searched.unanswered.iter().take(5) {
        eprintln!("Nothing was found for {query}, which occurs");
    }
    let megabytes = |name: &str| files::bytes(&folder.path().join(name)).map(|bytes| bytes as f64 / 1e6);
    let report = Report {
        hours: args.hours,
        index_mb: megabytes("index")?,
        text_mb: filled.text_bytes as f64 / 1e6,
        words: filled.words,
        words_per_s: filled.words as f64 / indexed.seconds,
        latency_ms: Latencies {
            words: Latency::of(searched.words_ms),
            phrase: Latency::of(searched.phrases_ms),
            miss: Latency::of(searched.misses_ms),
            sound: Latency::of(searched.sound_ms),
            meaning: Latency::of(searched.meaning_ms),
        },
        first_sound_ms: searched.first_sound_ms,
        vectors,
        peak_mb: searched.peak_mb,
        index_peak_mb: indexed.peak_mb,
        database_mb: megabytes("earwitness.db")?,
        unanswered: searched.unanswered.len(),
    };
    crate::print(args.json, &report, table)?;
    Ok(Outcome::complete_if(report.unanswered == 0))
}

fn corpora_folder(args: &SpeedArgs) -> Result<PathBuf> {
    let from_environment =
        || std::env::var_os("EARWITNESS_TESTDATA").map(|testdata| Path::new(&testdata).join("corpora"));
    match args.corpora.clone().or_else(from_environment) {
        Some(folder) if folder.is_dir() => Ok(folder),
        Some(folder) => bail!("{}: there is no such folder", folder.display()),
        None => bail!("name a folder of transcripts with --corpora, or set EARWITNESS_TESTDATA"),
    }
}

struct Filled {
    words: u64,
    text_bytes: u64,
    queries: Queries,
}

/// Fills a library with talk, an episode an hour, as if all of it had been recognised.
fn fill(folder: &Path, sentences: Vec<String>, hours: u32) -> Result<Filled> {
    // The engine lays the folder out before the database is filled behind its back.
    drop(Library::open(folder)?);
    let store = Store::open(&folder.join("earwitness.db"))?;
    let mut talk = Talk::new(sentences, SEED);
    let mut listener = Listener::new(PHRASE_QUERIES, SEED);
    let (mut words, mut text_bytes) = (0, 0);
    for hour in 0..hours {
        let transcript = talk.episode(WORDS_PER_HOUR);
        listener.hear(&transcript.words);
        words += transcript.words.len() as u64;
        text_bytes += join_words(&transcript.words).len() as u64;
        let episode = store.add_episode(&new_episode(&store, hour)?)?;
        store.add_transcript(episode.id, &transcript)?;
        if hour % 100 == 99 {
            eprintln!("Made {} of {hours} hours", hour + 1);
        }
    }
    Ok(Filled { words, text_bytes, queries: listener.queries(WORD_QUERIES, MISS_QUERIES) })
}

fn new_episode(store: &Store, hour: u32) -> Result<NewEpisode> {
    let date: EpisodeDate =
        format!("{}-{:02}-{:02}", 2000 + hour / 336 % 100, hour / 28 % 12 + 1, hour % 28 + 1).parse()?;
    Ok(NewEpisode {
        show: Some(store.show_named(&format!("Show {}", hour % 10))?),
        title: format!("Episode {hour}"),
        date: Some(date),
        language: Some("en".into()),
        source: format!("synthetic {hour}"),
        source_key: Some(format!("synthetic {hour}")),
        ..NewEpisode::default()
    })
}

fn table(report: &Report) -> String {
    let mut latencies = Table::new(["query", "asked", "p50 ms", "p95 ms", "p99 ms"].map(String::from).to_vec());
    let Latencies { words, phrase, miss, sound, meaning } = &report.latency_ms;
    let kinds = [("words", words), ("phrase", phrase), ("miss", miss), ("sound", sound), ("meaning", meaning)];
    for (name, Latency { queries, p50, p95, p99 }) in kinds {
        let times = [p50, p95, p99].map(|time| number(*time, 1));
        latencies.row([name.to_owned(), queries.to_string()].into_iter().chain(times).collect());
    }
    let mut table = Table::new(["library", ""].map(String::from).to_vec());
    for (name, value, decimals) in [
        ("hours", Some(f64::from(report.hours)), 0),
        ("text MB", Some(report.text_mb), 1),
        ("database MB", Some(report.database_mb), 1),
        ("index MB", Some(report.index_mb), 1),
        ("first search by sound, ms", Some(report.first_sound_ms), 0),
        ("words indexed a second", Some(report.words_per_s), 0),
        ("peak MB while indexing", report.index_peak_mb, 0),
        ("peak MB while searching", report.peak_mb, 0),
    ] {
        table.row(vec![name.into(), number(value, decimals)]);
    }
    let note = "A query is a whole answer of 20 hits with their words. Indexing is from the words in the database to a \
                searchable index.";
    format!("{table}\n{latencies}\n{note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let latency = || Latency::of((1..=200).map(f64::from).collect());
        Report {
            hours: 1000,
            index_mb: 60.25,
            text_mb: 50.0,
            words: 9_000_000,
            words_per_s: 300_000.0,
            latency_ms: Latencies {
                words: latency(),
                phrase: latency(),
                miss: Latency::of(vec![]),
                sound: latency(),
                meaning: latency(),
            },
            first_sound_ms: 500.0,
            vectors: 225_000,
            peak_mb: Some(100.0),
            index_peak_mb: None,
            database_mb: 200.0,
            unanswered: 0,
        }
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        insta::assert_json_snapshot!(report(), @r#"
        {
          "hours": 1000,
          "index_mb": 60.25,
          "text_mb": 50.0,
          "words": 9000000,
          "words_per_s": 300000.0,
          "latency_ms": {
            "words": {
              "queries": 200,
              "p50": 100.0,
              "p95": 190.0,
              "p99": 198.0
            },
            "phrase": {
              "queries": 200,
              "p50": 100.0,
              "p95": 190.0,
              "p99": 198.0
            },
            "miss": {
              "queries": 0,
              "p50": null,
              "p95": null,
              "p99": null
            },
            "sound": {
              "queries": 200,
              "p50": 100.0,
              "p95": 190.0,
              "p99": 198.0
            },
            "meaning": {
              "queries": 200,
              "p50": 100.0,
              "p95": 190.0,
              "p99": 198.0
            }
          },
          "first_sound_ms": 500.0,
          "vectors": 225000,
          "peak_mb": 100.0,
          "index_peak_mb": null,
          "database_mb": 200.0,
          "unanswered": 0
        }
        "#);
    }

    #[test]
    fn the_table_reads_well() {
        insta::assert_snapshot!(table(&report()), @r#"
        library
        -------------------------  ------
        hours                        1000
        text MB                      50.0
        database MB                 200.0
        index MB                     60.2
        first search by sound, ms     500
        words indexed a second     300000
        peak MB while indexing          –
        peak MB while searching       100

        query    asked  p50 ms  p95 ms  p99 ms
        -------  -----  ------  ------  ------
        words      200   100.0   190.0   198.0
        phrase     200   100.0   190.0   198.0
        miss         0       –       –       –
        sound      200   100.0   190.0   198.0
        meaning    200   100.0   190.0   198.0

        A query is a whole answer of 20 hits with their words. Indexing is from the words in the database to a searchable index.
        "#);
    }

    #[test]
    fn episodes_have_dates_however_many() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("test.db")).unwrap();
        let dates: Vec<_> = [0, 335, 336, 99_999].map(|hour| new_episode(&store, hour).unwrap().date).to_vec();
        assert_eq!(
            dates.iter().flatten().map(ToString::to_string).collect::<Vec<_>>(),
            ["2000-01-01", "2000-12-28", "2001-01-01", "2097-08-12"]
        );
    }
}
