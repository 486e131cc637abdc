//! Finding sound files that have a written reference.

use crate::files;
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A sound file and what is said in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The path below the folder that was named.
    pub name: String,
    /// The sound.
    pub sound: PathBuf,
    /// The words, as written.
    pub text: String,
    /// Those of its words that are rare, where a table tells.
    pub rare: Option<Vec<String>>,
}

const TABLE: &str = "transcripts.tsv";
/// How far above a folder or file its table may lie.
const FOLDERS_UP: usize = 3;
const MAX_REFERENCE_BYTES: u64 = 64 << 20;

/// Every sound file at or below these paths that has a reference, sorted by path and each once: X.txt or X.stm
/// beside X, else a row with its stem as id in a `transcripts.tsv` of its folder or one above.
///
/// # Errors
/// If a path can't be read, or there is not one reference below it.
pub fn find(places: &[PathBuf]) -> Result<Vec<Reference>> {
    let mut found = BTreeMap::new();
    for place in places {
        ensure!(
            find_in(place, &mut found)? > 0,
            "{}: no sound file with a reference: X.txt or X.stm beside X.wav (or another sound), or a {TABLE} of ids and texts",
            place.display(),
        );
    }
    Ok(found.into_values().collect())
}

/// How many there are in this place, those included that another place holds as well.
fn find_in(place: &Path, found: &mut BTreeMap<PathBuf, Reference>) -> Result<usize> {
    let mut sounds = Vec::new();
    let mut tables = BTreeMap::new();
    // What is named may be a part of what a table some folders up covers.
    for folder in place.ancestors().skip(1).take(FOLDERS_UP) {
        note_table(folder, &mut tables)?;
    }
    if place.is_file() {
        sounds.push(place.to_owned());
    } else {
        let all = files::below(place)?;
        for table in all.iter().filter(|path| path.file_name().is_some_and(|name| name == TABLE)) {
            note_table(table.parent().unwrap_or(place), &mut tables)?;
        }
        sounds.extend(all.into_iter().filter(|path| files::is_sound(path)));
    }
    let mut count = 0;
    for sound in sounds {
        if let Some((text, rare)) = reference_text(&sound, &tables)? {
            let name = files::name_below(place, &sound);
            found.entry(sound.clone()).or_insert(Reference { name, sound, text, rare });
            count += 1;
        }
    }
    Ok(count)
}

/// A text and its rare words.
type Row = (String, Option<Vec<String>>);
/// Rows of a table, by id.
type Table = BTreeMap<String, Row>;

fn note_table(folder: &Path, tables: &mut BTreeMap<PathBuf, Table>) -> Result<()> {
    let path = folder.join(TABLE);
    if path.is_file() {
        tables.insert(folder.to_owned(), table(&read(&path)?));
    }
    Ok(())
}

fn reference_text(sound: &Path, tables: &BTreeMap<PathBuf, Table>) -> Result<Option<Row>> {
    let (plain, timed) = (sound.with_extension("txt"), sound.with_extension("stm"));
    if plain.is_file() {
        return Ok(Some((read(&plain)?, None)));
    }
    if timed.is_file() {
        let text = utterances(&read(&timed)?).with_context(|| timed.display().to_string())?;
        return Ok(Some((text, None)));
    }
    let stem = sound.file_stem().unwrap_or_default().to_string_lossy();
    let row = sound.ancestors().skip(1).find_map(|folder| tables.get(folder)?.get(stem.as_ref()));
    Ok(row.cloned())
}

/// Lines of id, text and perhaps a JSON list of rare words, separated by tabs.
fn table(text: &str) -> Table {
    let row = |line: &str| {
        let mut cells = line.split('\t');
        let (id, text) = (cells.next()?.trim().to_owned(), cells.next()?.trim().to_owned());
        let rare = cells.next().and_then(|list| serde_json::from_str(list).ok());
        Some((id, (text, rare)))
    };
    text.lines().filter_map(row).collect()
}

/// The utterances of an STM file (NIST sclite: file, channel, speaker, start, end, perhaps a `<label>`, text) in
/// the order of their starts. The file may name another recording: here the file's own name decides.
fn utterances(text: &str) -> Result<String> {
    let mut found = Vec::new();
    for (number, line) in
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with(";;"))
    {
        let Some((start, words)) = utterance(line) else {
            bail!("line {}: not `file channel speaker start end text`", number + 1);
        };
        if !words.eq_ignore_ascii_case("ignore_time_segment_in_scoring") {
            found.push((start, words));
        }
    }
    found.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    Ok(found.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(" "))
}

fn utterance(line: &str) -> Option<(f64, String)> {
    let mut fields = line.split_whitespace();
    let start = fields.nth(3)?.parse().ok()?;
    fields.next()?.parse::<f64>().ok()?;
    let mut words = fields.peekable();
    words.next_if(|word| word.starts_with('<') && word.ends_with('>'));
    Some((start, words.collect::<Vec<_>>().join(" ")))
}

fn read(path: &Path) -> Result<String> {
    files::read_text(path, MAX_REFERENCE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn rare_words_are_read_where_there_are_any() {
        let rows = table("a\tone text\t[\"text\"]\nb\tanother\nc\tthird\tno list\nd\tfourth\t[]\n");
        let rare = |id: &str| rows.get(id).and_then(|(_, rare)| rare.as_ref().map(Vec::len));
        assert_eq!([rare("a"), rare("b"), rare("c"), rare("d")], [Some(1), None, None, Some(0)]);
    }

    fn found(places: &[PathBuf]) -> Vec<(String, String)> {
        find(places).unwrap().into_iter().map(|found| (found.name, found.text)).collect()
    }

    #[test]
    fn references_are_found_in_every_form() {
        let folder = folder(&[
            ("b.wav", ""),
            ("b.txt", "\u{feff}plain words"),
            ("a/c.MP3", ""),
            (
                "a/c.stm",
                ";; note\nx 1 Ann 5.0 6.0 <o,f0> there\nx 1 Bob 1.5 2 hello\nx 1 Bob 3 4 ignore_time_segment_in_scoring\n",
            ),
            ("set/transcripts.tsv", "id-1\tfrom the table\t[]\nid-2\tno sound\n"),
            ("set/deep/id-1.flac", ""),
            ("set/deep/id-3.flac", ""),
            ("alone.wav", ""),
            ("readme.txt", "no sound"),
            (".hidden/d.wav", ""),
            (".hidden/d.txt", "unseen"),
        ]);
        let pair = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let table = pair("set/deep/id-1.flac", "from the table");
        let all = [pair("a/c.MP3", "hello there"), pair("b.wav", "plain words"), table.clone()];
        assert_eq!(found(&[folder.path().into()]), all);
        assert_eq!(found(&[folder.path().into(), folder.path().join("b.wav")]), all);
        assert_eq!(found(&[folder.path().join("b.wav")]), [pair("b.wav", "plain words")]);
        assert_eq!(found(&[folder.path().join("set/deep")]), [pair("id-1.flac", table.1.as_str())]);
        assert_eq!(found(&[folder.path().join("set/deep/id-1.flac")]), [pair("id-1.flac", table.1.as_str())]);
    }

    #[test]
    fn a_folder_without_references_is_an_error() {
        let folder = folder(&[("alone.wav", "")]);
        let error = find(&[folder.path().into()]).unwrap_err().to_string();
        assert!(error.contains("no sound file with a reference"), "{error}");
        assert!(find(&[folder.path().join("absent")]).is_err());
    }

    #[test]
    fn a_broken_stm_names_its_line() {
        let folder = folder(&[("a.wav", ""), ("a.stm", "a 1 s 0 1 fine\na 1 s zero 1 broken\n")]);
        let error = format!("{:#}", find(&[folder.path().into()]).unwrap_err());
        assert!(error.ends_with("a.stm: line 2: not `file channel speaker start end text`"), "{error}");
    }

    #[test]
    fn the_test_data_has_references() {
        let Some(speech) = std::env::var_os("EARWITNESS_TESTDATA").map(|data| Path::new(&data).join("speech")) else {
            eprintln!("skipped: EARWITNESS_TESTDATA is not set");
            return;
        };
        if !speech.is_dir() {
            eprintln!("skipped: {} is not there", speech.display());
            return;
        }
        let found = found(&[speech]);
        let text = |name: &str| found.iter().find(|(found, _)| found == name).map_or("", |(_, text)| text);
        assert!(text("phone_call.wav").starts_with("Hello? Hello? Oh, hello."), "{}", text("phone_call.wav"));
        assert!(text("jfk.flac").to_lowercase().contains("ask not"));
        assert!(found.iter().filter(|(name, _)| name.starts_with("librispeech")).count() >= 10);
        assert!(found.iter().all(|(name, text)| !text.is_empty() && !name.contains("spanish")));
    }
}
