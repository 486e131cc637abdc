//! The list of what a backup holds. It is written last: a backup without it was not finished.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// The file that makes a folder a whole backup.
pub(crate) const MANIFEST: &str = "backup.json";
/// The file that says that a backup is being made here.
pub(crate) const UNFINISHED: &str = "backup.unfinished";
/// Raised when a backup of today could not be read by the program of yesterday.
const FORMAT: u32 = 1;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The form of this list.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// When it was finished, UTC.
    pub made_at: String,
    /// The database.
    pub database: Entry,
    /// Sound, covers, documents.
    pub files: Vec<Entry>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Within the folder, with `/` between its parts.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its content, lower-case hexadecimal.
    pub sha256: String,
}

impl Manifest {
    pub fn new(database: Entry, files: Vec<Entry>) -> Self {
        let (program, made_at) = (env!("CARGO_PKG_VERSION").to_owned(), jiff::Timestamp::now().to_string());
        Self { format: FORMAT, program, made_at, database, files }
    }

    /// The list of the backup in this folder, if there is one.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(&path, &error)),
        };
        let unreadable = |why: String| {
            let error = Error::new(ErrorKind::Storage, format!("the list of this backup can't be read: {why}"));
            error.at(path.display().to_string()).remedy("Name another backup, or make this one again")
        };
        #[derive(Deserialize)]
        struct Form {
            format: u32,
        }
        let form: Form = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if form.format > FORMAT {
            let message = format!("this backup has form {}, and this program knows form {FORMAT}", form.format);
            let error = Error::new(ErrorKind::BadInput, message);
            return Err(error.at(path.display().to_string()).remedy("Update Earwitness"));
        }
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        match manifest.files.iter().find(|entry| !entry.stays_inside()) {
            Some(entry) => Err(unreadable(format!("`{}` leads out of it", entry.path))),
            None => Ok(Some(manifest)),
        }
    }
}

impl Entry {
    /// A list may come from anywhere, and nothing it names may lie outside the folder.
    fn stays_inside(&self) -> bool {
        let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0']);
        self.path.split('/').all(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_with_suspicion() {
        let check = |content: &str| {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(MANIFEST), content).unwrap();
            Manifest::read(folder.path()).err().map(|error| error.message)
        };
        let entry = |path: &str| Entry { path: path.into(), bytes: 1, sha256: "ab".into() };
        let list =
            |path: &str| serde_json::to_string(&Manifest::new(entry("earwitness.db"), vec![entry(path)])).unwrap();
        assert_eq!(check(&list("recordings/ab/abc.mp3")), None);
        for path in ["../x", "/etc/passwd", "a/../../b", "", "a//b", "c:/x"] {
            assert!(check(&list(path)).is_some_and(|message| message.contains("leads out")), "{path}");
        }
        assert!(check("{").is_some() && check("{}").is_some());
        assert!(check(r#"{"format": 2}"#).is_some_and(|message| message.contains("form 2")));
        assert_eq!(Manifest::read(Path::new("/no/such/folder")).unwrap(), None);
    }
}
