//! Words that nobody said: recognition of sound without English speech.

mod place;
mod sounds;

use crate::Outcome;
use crate::listen::{Clip, Heard, HeardWord, SystemArgs};
use crate::table::{Table, number};
use crate::wav;
use anyhow::{Context, Result, ensure};
use clap::Args;
use place::Place;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const SEED: u64 = 1;
/// As much of an invented text is shown.
const SHOWN: usize = 80;

/// Words in stretches labelled English, in sound that holds no English speech.
#[derive(Args, Debug)]
pub struct InventedArgs {
    /// Sound without English speech: folders, files, or parts of files such as `music.wav@5-12.5` (seconds).
    places: Vec<PathBuf>,
    #[command(flatten)]
    systems: SystemArgs,
    /// ISO 639-1 code that systems are told; `auto` has them tell it.
    #[arg(long, default_value = "auto")]
    language: String,
    /// Seconds of each sound that is made: silence, hiss, white and pink noise, tones, hum, clicks, applause,
    /// chords. 0 leaves them out.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=3600))]
    made: u32,
    /// Write one JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    ours: Scores,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    peers: BTreeMap<String, Scores>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Scores {
    total: Total,
    files: Vec<FileScore>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Total {
    /// Words labelled English, or not labelled at all.
    words: usize,
    minutes: f64,
    words_per_minute: Option<f64>,
    /// Words labelled as another language: no inventions.
    other_words: usize,
}

#[derive(Debug, PartialEq, Serialize)]
struct FileScore {
    name: String,
    words: usize,
    minutes: f64,
    other_words: usize,
    /// The beginning of what was invented.
    #[serde(skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Measures, and prints a table or an object. Incomplete where a file or a peer failed.
pub fn run(args: &InventedArgs) -> Result<Outcome> {
    let scratch = tempfile::tempdir().context("make a folder for sounds")?;
    let clips = clips(args, scratch.path())?;
    let settings = args.systems.settings(&args.language);
    let mut systems = args.systems.prepare(&settings);
    let (ours, peers) = systems.listen_once(&settings, &clips)?;
    let report = Report {
        ours: score(&clips, &ours),
        peers: peers.iter().map(|(name, heard)| (name.clone(), score(&clips, heard))).collect(),
    };
    crate::print(args.json, &report, table)?;
    let failed = report.ours.files.iter().any(|file| file.error.is_some());
    Ok(Outcome::complete_if(systems.complete && !failed))
}

fn clips(args: &InventedArgs, scratch: &Path) -> Result<Vec<Clip>> {
    let mut clips = Vec::new();
    for named in &args.places {
        clips.extend(Place::read(named).clips(scratch)?);
    }
    if args.made > 0 {
        for (name, samples) in sounds::made(args.made.into(), SEED) {
            let sound = scratch.join(format!("{name}.wav"));
            wav::write(&sound, &samples)?;
            clips.push(Clip { name: format!("({name})"), sound });
        }
    }
    ensure!(!clips.is_empty(), "there is no sound to listen to: name some, or leave out `--made 0`");
    Ok(clips)
}

fn score(clips: &[Clip], heard: &[Heard]) -> Scores {
    let files: Vec<FileScore> = clips.iter().zip(heard).map(|(clip, heard)| file_score(clip, heard)).collect();
    let minutes: f64 = files.iter().map(|file| file.minutes).sum();
    let words = files.iter().map(|file| file.words).sum();
    let total = Total {
        words,
        minutes,
        words_per_minute: (minutes > 0.0).then(|| words as f64 / minutes),
        other_words: files.iter().map(|file| file.other_words).sum(),
    };
    Scores { total, files }
}

fn file_score(clip: &Clip, heard: &Heard) -> FileScore {
    let words = without_marks(&heard.words);
    let is_english = |word: &&&HeardWord| word.language.as_deref().is_none_or(|language| language == "en");
    let invented: Vec<&str> = words.iter().filter(is_english).map(|word| word.text.as_str()).collect();
    FileScore {
        name: clip.name.clone(),
        words: invented.len(),
        minutes: heard.sound_s / 60.0,
        other_words: words.len() - invented.len(),
        text: invented.join(" ").chars().take(SHOWN).collect(),
        error: heard.error.clone(),
    }
}

/// Words that are not in brackets: `[Music]` and `(upbeat music)` say that nobody speaks.
fn without_marks(words: &[HeardWord]) -> Vec<&HeardWord> {
    let mut is_mark = false;
    let is_spoken = |word: &&HeardWord| {
        let opens = word.text.starts_with(['[', '(']);
        let within = is_mark || opens;
        is_mark = within && !word.text.trim_end_matches(['.', ',']).ends_with([']', ')']);
        !within
    };
    words.iter().filter(is_spoken).collect()
}

fn table(report: &Report) -> String {
    let systems: Vec<(&str, &Scores)> =
        [("ours", &report.ours)].into_iter().chain(report.peers.iter().map(|(name, s)| (name.as_str(), s))).collect();
    let mut columns = vec!["file".to_owned(), "minutes".into()];
    columns.extend(systems.iter().map(|(name, _)| format!("English words {name}")));
    columns.extend(systems.iter().map(|(name, _)| format!("other words {name}")));
    let mut table = Table::new(columns);
    for (at, file) in report.ours.files.iter().enumerate() {
        let files = || systems.iter().filter_map(|(_, scores)| scores.files.get(at));
        let mut row = vec![file.name.clone(), number(Some(file.minutes), 2)];
        row.extend(files().map(|file| file.words.to_string()));
        row.extend(files().map(|file| file.other_words.to_string()));
        table.row(row);
    }
    table.rule();
    let totals = || systems.iter().map(|(_, scores)| &scores.total);
    let mut row = vec!["total".to_owned(), number(Some(report.ours.total.minutes), 2)];
    row.extend(totals().map(|total| total.words.to_string()));
    row.extend(totals().map(|total| total.other_words.to_string()));
    table.row(row);
    let mut row = vec!["a minute".to_owned(), String::new()];
    row.extend(totals().map(|total| number(total.words_per_minute, 2)));
    table.row(row);
    let mut notes = String::new();
    for (name, scores) in &systems {
        for file in &scores.files {
            if let Some(error) = &file.error {
                notes += &format!("{name}: {} could not be recognised: {error}\n", file.name);
            } else if file.words > 0 {
                notes += &format!("{name}: {}: “{}”\n", file.name, file.text);
            }
        }
    }
    format!(
        "{table}\n{notes}English words are those that a system labels English or does not label; marks in brackets such as [Music] \
         are none. Sounds in brackets were made, the same in every run."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(words: &[(&str, Option<&str>)], sound_s: f64) -> Heard {
        let word = |(text, language): &(&str, Option<&str>)| HeardWord {
            text: (*text).to_owned(),
            language: language.map(str::to_owned),
            ..HeardWord::default()
        };
        Heard { sound_s, words: words.iter().map(word).collect(), ..Heard::default() }
    }

    fn report() -> Report {
        let clips = ["hum.wav", "hola.wav"].map(|name| Clip { name: name.into(), sound: name.into() });
        let ours = [heard(&[], 60.0), heard(&[("hola", Some("es"))], 30.0)];
        let peer = [heard(&[("Thank", Some("en")), ("you.", None)], 60.0), heard(&[("oh", Some("en"))], 30.0)];
        Report { ours: score(&clips, &ours), peers: [("faster-whisper".to_owned(), score(&clips, &peer))].into() }
    }

    #[test]
    fn the_object_has_its_documented_keys() {
        insta::assert_json_snapshot!(report().ours, @r#"
        {
          "total": {
            "words": 0,
            "minutes": 1.5,
            "words_per_minute": 0.0,
            "other_words": 1
          },
          "files": [
            {
              "name": "hum.wav",
              "words": 0,
              "minutes": 1.0,
              "other_words": 0
            },
            {
              "name": "hola.wav",
              "words": 0,
              "minutes": 0.5,
              "other_words": 1
            }
          ]
        }
        "#);
    }

    #[test]
    fn marks_are_no_words() {
        let check = |text: &str, expected: usize| {
            let words: Vec<(&str, Option<&str>)> = text.split_whitespace().map(|word| (word, None)).collect();
            assert_eq!(without_marks(&heard(&words, 1.0).words).len(), expected, "{text}");
        };
        check("", 0);
        check("[Music]", 0);
        check("[Music playing] Thank you. (upbeat music). Bye", 3);
        check("hello [sic", 1);
    }

    #[test]
    fn words_are_counted_by_their_label() {
        insta::assert_snapshot!(table(&report()), @r#"
        file      minutes  English words ours  English words faster-whisper  other words ours  other words faster-whisper
        --------  -------  ------------------  ----------------------------  ----------------  --------------------------
        hum.wav      1.00                   0                             2                 0                           0
        hola.wav     0.50                   0                             1                 1                           0
        --------  -------  ------------------  ----------------------------  ----------------  --------------------------
        total        1.50                   0                             3                 1                           0
        a minute                         0.00                          2.00

        faster-whisper: hum.wav: “Thank you.”
        faster-whisper: hola.wav: “oh”
        English words are those that a system labels English or does not label; marks in brackets such as [Music] are none. Sounds in brackets were made, the same in every run.
        "#);
    }
}
