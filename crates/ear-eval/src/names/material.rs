//! Calls, what was said in them, and what machines heard: a folder of the form of Earnings-21.

use super::mentions::{self, HeardMention, Kind, Query, Tagged};
use super::same;
use crate::files;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Range;
use std::path::Path;

const MAX_BYTES: u64 = 64 << 20;

/// Everything that is searched and everything that is known about it.
#[derive(Debug)]
pub struct Material {
    /// In the order of their names.
    pub calls: Vec<Call>,
    /// In the order asked for.
    pub systems: Vec<HeardSystem>,
    /// The distinct names.
    pub queries: Vec<Query>,
    /// For each query the others that are the same name in other letters.
    pub same: Vec<Vec<usize>>,
    /// What could not be read, and names left out: sentences for people.
    pub notes: Vec<String>,
    /// Whether something asked for is missing.
    pub incomplete: bool,
}

/// What was said in a call.
#[derive(Debug)]
pub struct Call {
    /// The file's name without its ending.
    pub id: String,
    /// As written by people.
    pub words: Vec<String>,
    /// Names that they marked.
    pub tagged: Vec<Tagged>,
    /// Who is known, before the call, to take part.
    pub participants: Vec<Participant>,
}

impl Call {
    /// Words that were said, without marks for what nobody understood.
    pub fn spoken(&self) -> usize {
        let is_word = |word: &&String| !word.starts_with('<') && word.contains(char::is_alphanumeric);
        self.words.iter().filter(is_word).count()
    }
}

/// A line of a list of participants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// The person's name as written.
    pub name: String,
    /// Role, firm or both; may be empty.
    pub role: String,
}

/// What one machine heard.
#[derive(Debug)]
pub struct HeardSystem {
    /// The folder's name.
    pub name: String,
    /// Parallel to [`Material::calls`]; `None` where there is no file.
    pub calls: Vec<Option<HeardCall>>,
}

/// What one machine heard of one call.
#[derive(Debug)]
pub struct HeardCall {
    /// In order.
    pub words: Vec<HeardWord>,
    /// Where the names are that people marked in the reference.
    pub mentions: Vec<HeardMention>,
    /// Where the words of a name were said though nobody marked them as one: not asked for, but no false alarm
    /// either. Query and heard words.
    pub unmarked: Vec<(usize, Range<usize>)>,
    /// Where the reference has what sounds like the whole name, of two words or more, of somebody who takes part,
    /// however it is spelled there: the name and, where it has as many words there, each of its words; as the list
    /// spells them, with the heard words.
    pub participants: Vec<(String, Range<usize>)>,
}

/// A word as heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeardWord {
    /// As written by the machine.
    pub text: String,
    /// What it wrote after it.
    pub punctuation: String,
    /// Start and end in seconds, where it tells.
    pub span: Option<(f64, f64)>,
    /// 0 to 1, where it tells.
    pub confidence: Option<f32>,
}

/// What of a folder is read.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Names of folders below heard/.
    pub systems: Vec<String>,
    /// The first so many calls.
    pub calls: usize,
    /// So many of the names, spread evenly.
    pub queries: usize,
}

/// Reads a folder, finds the names in it and where each system heard them.
///
/// # Errors
/// If there is no reference with a name in it, or nothing heard.
pub fn load(folder: &Path, selection: &Selection) -> Result<Material> {
    let mut notes = Vec::new();
    let mut calls = Vec::new();
    for (id, path) in stems(&folder.join("reference"), "nlp")?.into_iter().take(selection.calls) {
        match call(folder, &id, &path, &mut notes) {
            Ok(call) => calls.push(call),
            Err(error) => notes.push(format!("{error:#}")),
        }
    }
    let queries = mentions::queries(&calls, selection.queries, &mut notes);
    ensure!(!queries.is_empty(), "{}: no names in reference and entities", folder.display());
    let mut incomplete = false;
    let mut systems = Vec::new();
    for name in &selection.systems {
        let heard = heard_files(&folder.join("heard").join(name));
        let read = |call: &Call| {
            let path = heard.get(&call.id).with_context(|| format!("heard/{name} has no {}", call.id))?;
            heard_words(&files::read_text(path, MAX_BYTES)?, path)
        };
        let mut system = HeardSystem { name: name.clone(), calls: Vec::new() };
        for call in &calls {
            let words = read(call).inspect_err(|error| notes.push(format!("{error:#}"))).ok();
            incomplete |= words.is_none();
            system.calls.push(words.map(|words| mentions::locate(call, &queries, words)));
        }
        if system.calls.iter().any(Option::is_some) {
            eprintln!("{name}: {} calls read and aligned", system.calls.iter().flatten().count());
            systems.push(system);
        }
    }
    ensure!(!systems.is_empty(), "{}: nothing of {} below heard", folder.display(), selection.systems.join(", "));
    let same = same::spelled_otherwise(&queries);
    Ok(Material { calls, systems, queries, same, notes, incomplete })
}

fn stems(folder: &Path, extension: &str) -> Result<BTreeMap<String, std::path::PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("open {}", folder.display()))?;
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let fitting = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
    Ok(fitting.filter_map(|path| Some((path.file_stem()?.to_string_lossy().into_owned(), path))).collect())
}

fn heard_files(folder: &Path) -> BTreeMap<String, std::path::PathBuf> {
    let mut files = stems(folder, "ctm").unwrap_or_default();
    files.extend(stems(folder, "nlp").unwrap_or_default());
    files
}

#[derive(Deserialize)]
struct Entity {
    entity_type: String,
}

fn call(folder: &Path, id: &str, path: &Path, notes: &mut Vec<String>) -> Result<Call> {
    let rows = rows(&files::read_text(path, MAX_BYTES)?, path)?;
    let entities = folder.join("entities").join(format!("{id}.wer_tag.json"));
    let entities: HashMap<String, Entity> = serde_json::from_str(&files::read_text(&entities, MAX_BYTES)?)
        .with_context(|| format!("read {}", entities.display()))?;
    let mut found: BTreeMap<u64, (Kind, Range<usize>)> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        // A list in Python's spelling: ['4', '12'].
        for tag in row.get("wer_tags").map_or("", String::as_str).split(|letter: char| !letter.is_ascii_digit()) {
            let kind = entities.get(tag).and_then(|entity| Kind::from_tag(&entity.entity_type));
            if let (Some(kind), Ok(number)) = (kind, tag.parse()) {
                found.entry(number).or_insert((kind, at..at)).1.end = at + 1;
            }
        }
    }
    let list = folder.join("participants").join(format!("{id}.names.txt"));
    let participants = files::read_text(&list, MAX_BYTES).map(|text| participants(&text));
    Ok(Call {
        id: id.to_owned(),
        words: rows.into_iter().map(|mut row| row.remove("token").unwrap_or_default()).collect(),
        tagged: found.into_values().map(|(kind, words)| Tagged { kind, words }).collect(),
        participants: participants.inspect_err(|error| notes.push(format!("{error:#}"))).unwrap_or_default(),
    })
}

fn participants(text: &str) -> Vec<Participant> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let split = lines.map(|line| line.split_once(" - ").unwrap_or((line, "")));
    split.map(|(name, role)| Participant { name: name.trim().to_owned(), role: role.trim().to_owned() }).collect()
}

/// The lines of a table as column → value; the first line names the columns.
fn rows(text: &str, path: &Path) -> Result<Vec<HashMap<String, String>>> {
    let mut lines = text.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().trim().split('|').collect();
    ensure!(columns.contains(&"token"), "{}: the first line names no column \"token\"", path.display());
    let row = |line: &str| {
        columns.iter().zip(line.split('|')).map(|(name, value)| ((*name).to_owned(), value.to_owned())).collect()
    };
    Ok(lines.filter(|line| !line.trim().is_empty()).map(row).collect())
}

fn heard_words(text: &str, path: &Path) -> Result<Vec<HeardWord>> {
    if path.extension().is_some_and(|extension| extension == "ctm") {
        return Ok(text.lines().filter_map(ctm_word).collect());
    }
    let word = |row: HashMap<String, String>| {
        let value = |column: &str| row.get(column).map(|value| value.trim().to_owned()).unwrap_or_default();
        let span = value("ts").parse().ok().zip(value("endTs").parse().ok());
        HeardWord { text: value("token"), punctuation: value("punctuation"), span, confidence: None }
    };
    Ok(rows(text, path)?.into_iter().map(word).collect())
}

/// A line of NIST's form: file, channel, start, length, word, confidence.
fn ctm_word(line: &str) -> Option<HeardWord> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, _, start, length, text, rest @ ..] = fields.as_slice() else { return None };
    let (start, length): (f64, f64) = (start.parse().ok()?, length.parse().ok()?);
    Some(HeardWord {
        text: (*text).to_owned(),
        span: Some((start, start + length)),
        confidence: rest.first().and_then(|confidence| confidence.parse().ok()),
        ..HeardWord::default()
    })
}
