//! Folders of sound and transcripts: taken in once, or watched.
//!
//! A watched folder is looked through again and again; the system's notices of changes (inotify and its
//! kin) only say when it is worth while. So nothing is missed where there are no notices, as on network
//! disks, and nothing depends on their order.

use crate::add::read_bounded;
use crate::{AddOptions, Added, Error, Library, Result, Stop, sidecar};
use ear_ingest::transcript::{self, TextOptions};
use notify::{RecursiveMode, Watcher};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime};

/// Endings that a folder is searched for. Content decides in the end; this keeps pictures and programs out.
const SOUND_ENDINGS: [&str; 25] = [
    "wav", "flac", "mp3", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "opus", "webm", "mka", "mkv", "aif", "aiff",
    "aifc", "caf", "alac", "wma", "amr", "mov", "m4v", "avi", "mp2", "wv",
];
const TEXT_ENDINGS: [&str; 12] =
    ["srt", "vtt", "txt", "sbv", "md", "text", "json", "html", "htm", "otr", "ttml", "dfxp"];
/// What programs put before or after the name of a file that they are still writing.
const UNFINISHED: [&str; 7] = [".part", ".tmp", ".temp", ".crdownload", ".download", ".partial", ".opdownload"];

/// A file is finished when neither its size nor its time changed for this long.
const SETTLED: Duration = Duration::from_secs(2);
/// How often files that are still changing are looked at.
const SOON: Duration = Duration::from_millis(500);
/// How often a folder is looked through without any notice of a change; where the system gives none, and
/// where it does.
const WITHOUT_NOTICE: Duration = Duration::from_secs(2);
const WITH_NOTICE: Duration = Duration::from_secs(30);

/// Something that happened in a watched folder.
#[derive(Clone, Debug)]
pub enum Watched {
    /// All that is there is known; changes are waited for. Said once.
    Waiting,
    /// A file was taken in, or was known under another name.
    Added(PathBuf, Added),
    /// A file could not be taken in.
    Failed(PathBuf, Error),
    /// Something to know that is no failure.
    Warning(String),
}

pub(crate) fn is_sound_name(name: &str) -> bool {
    has_ending(name, &SOUND_ENDINGS)
}

pub(crate) fn is_text_name(name: &str) -> bool {
    has_ending(name, &TEXT_ENDINGS)
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending.to_lowercase().as_str()))
}

/// Whether a folder is searched for files of this name.
fn is_wanted(name: &str) -> bool {
    if name.starts_with(['.', '~']) || !(is_sound_name(name) || is_text_name(name)) {
        return false;
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_lowercase();
    !UNFINISHED.iter().any(|ending| stem.ends_with(ending))
}

/// Much in JSON and HTML is nothing for us; what is said to be sound or text may say why it is not.
fn is_readable(file: &Path) -> bool {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if !has_ending(&name, &["json", "html", "htm", "otr"]) || sidecar::only_beside(&name).is_some() {
        return true;
    }
    // What can't be read is given as it is: adding it says why.
    let Ok(bytes) = read_bounded(file) else { return true };
    let format = transcript::detect(&name, &bytes);
    format.is_some_and(|format| transcript::parse(&bytes, format, &TextOptions::default()).is_ok())
}

impl Library {
    /// The supported files in a folder, without descending into hidden ones, sorted by path; for a file,
    /// itself.
    pub fn sources(path: &Path) -> Result<Vec<PathBuf>> {
        let metadata = fs::metadata(path).map_err(|error| Error::file(path, &error))?;
        if !metadata.is_dir() {
            return Ok(vec![path.to_owned()]);
        }
        let (mut found, mut folders) = (Vec::new(), vec![path.to_owned()]);
        while let Some(folder) = folders.pop() {
            // A folder that can't be read is given as it is: adding it says why, and the rest goes on.
            let Ok(entries) = fs::read_dir(&folder) else {
                found.push(folder);
                continue;
            };
            for entry in entries {
                let entry = entry.map_err(|error| Error::file(&folder, &error))?;
                let (path, name) = (entry.path(), entry.file_name());
                // Links to folders are not followed: they may lead in circles.
                let kind = entry.file_type().map_err(|error| Error::file(&path, &error))?;
                if kind.is_dir() && !name.to_string_lossy().starts_with('.') {
                    folders.push(path);
                } else if !kind.is_dir() && is_wanted(&name.to_string_lossy()) && is_readable(&path) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// Puts recordings before what belongs to them, so that transcripts find their recordings there.
    pub fn in_order(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
        let name = |file: &Path| file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.sort_by_key(|file| !is_sound_name(&name(file)));
        files
    }

    /// Whether a file is of no use alone: chapters or names without their recording.
    pub fn is_only_beside(file: &Path) -> bool {
        file.file_name().and_then(|name| name.to_str()).and_then(sidecar::only_beside).is_some()
    }

    /// Takes in what lies in these folders and what comes into them, each file when it is finished, until
    /// `stop` is requested.
    pub fn watch(
        &self,
        folders: &[PathBuf],
        options: &AddOptions,
        stop: &Stop,
        on_event: &mut dyn FnMut(Watched),
    ) -> Result<()> {
        let folders = folders
            .iter()
            .map(|folder| fs::canonicalize(folder).map_err(|error| Error::file(folder, &error)))
            .collect::<Result<Vec<_>>>()?;
        let notices = Notices::of(&folders, on_event);
        let (mut known, mut told) = (HashMap::new(), false);
        while !stop.requested() {
            let settled = look(&folders, &mut known)?;
            for file in Self::in_order(settled) {
                if stop.requested() {
                    return Ok(());
                }
                on_event(match self.add(&file, options) {
                    Ok(added) => Watched::Added(file, added),
                    Err(error) => Watched::Failed(file, error),
                });
            }
            let changing = known.values().any(|seen| !seen.done);
            if !changing && !std::mem::replace(&mut told, true) {
                on_event(Watched::Waiting);
            }
            notices.wait(changing, stop);
        }
        Ok(())
    }
}

/// How a file was when it was looked at last.
struct Seen {
    bytes: u64,
    modified: Option<SystemTime>,
    since: Instant,
    done: bool,
}

/// Looks at every file and gives those that have settled since the last look.
fn look(folders: &[PathBuf], known: &mut HashMap<PathBuf, Seen>) -> Result<Vec<PathBuf>> {
    let (mut settled, mut there) = (Vec::new(), HashMap::new());
    for folder in folders {
        for file in Library::sources(folder)? {
            // What is gone between two looks was renamed or removed.
            let Ok(metadata) = fs::metadata(&file) else { continue };
            if !metadata.is_file() {
                continue;
            }
            let (bytes, modified) = (metadata.len(), metadata.modified().ok());
            let mut seen = known
                .remove(&file)
                .filter(|seen| seen.bytes == bytes && seen.modified == modified)
                .unwrap_or_else(|| Seen { bytes, modified, since: Instant::now(), done: false });
            let at_rest = seen.since.elapsed() >= SETTLED || is_older(modified, SETTLED * 5);
            if !seen.done && bytes > 0 && at_rest {
                seen.done = true;
                settled.push(file.clone());
            }
            // A file without content has only been begun, and may stay so.
            seen.done |= bytes == 0;
            there.insert(file, seen);
        }
    }
    *known = there;
    settled.sort();
    Ok(settled)
}

/// Whether a file has lain still for so long that it need not be watched first.
fn is_older(modified: Option<SystemTime>, age: Duration) -> bool {
    modified.and_then(|time| time.elapsed().ok()).is_some_and(|elapsed| elapsed > age)
}

/// The system's notices that something changed.
struct Notices {
    receiver: mpsc::Receiver<()>,
    /// Notices come while it lives; `None` where the system gives none.
    watcher: Option<notify::RecommendedWatcher>,
}

impl Notices {
    fn of(folders: &[PathBuf], on_event: &mut dyn FnMut(Watched)) -> Self {
        let (sender, receiver) = mpsc::sync_channel(1);
        let notice = move |event: notify::Result<notify::Event>| {
            let is_change = event.is_ok_and(|event| !matches!(event.kind, notify::EventKind::Access(_)));
            // A notice that already waits says as much as two; and nobody waits for one at the end.
            if is_change {
                sender.try_send(()).unwrap_or_default();
            }
        };
        let watcher = notify::recommended_watcher(notice).and_then(|mut watcher| {
            folders.iter().try_for_each(|folder| watcher.watch(folder, RecursiveMode::Recursive))?;
            Ok(watcher)
        });
        let watcher = watcher.map_err(|error| {
            let why = format!("the system gives no notice of changes ({error}); the folder is looked through instead");
            on_event(Watched::Warning(why));
        });
        Self { receiver, watcher: watcher.ok() }
    }

    /// Waits until it is worth while to look again.
    fn wait(&self, changing: bool, stop: &Stop) {
        let patience = match (&self.watcher, changing) {
            (_, true) => SOON,
            (Some(_), false) => WITH_NOTICE,
            (None, false) => WITHOUT_NOTICE,
        };
        let began = Instant::now();
        while began.elapsed() < patience && !stop.requested() {
            match self.receiver.recv_timeout(SOON.min(patience)) {
                // While a file changes, notices come all the time.
                Ok(()) if !changing => return,
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => std::thread::sleep(SOON),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_and_foreign_files_are_passed_over() {
        for (name, expected) in [
            ("talk.mp3", true),
            ("TALK.WAV", true),
            ("talk.json", true),
            ("talk.mp3.part", false),
            ("talk.part.mp3", false),
            ("talk.temp.mp4", false),
            ("talk.mp3~", false),
            ("~talk.mp3", false),
            (".talk.mp3", false),
            ("talk.crdownload", false),
            ("cover.png", false),
            ("mp3", false),
        ] {
            assert_eq!(is_wanted(name), expected, "{name}");
        }
    }

    #[test]
    fn recordings_come_first() {
        let files = ["a.json", "a.mp3", "b.srt", "b.wav"].map(PathBuf::from).to_vec();
        let ordered = Library::in_order(files);
        assert_eq!(ordered, ["a.mp3", "b.wav", "a.json", "b.srt"].map(PathBuf::from));
    }
}
