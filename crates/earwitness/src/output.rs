//! Results: to stdout, or to a file that is there whole or not at all.

use ear_engine::{Error, ErrorKind};
use serde::Serialize;
use std::io::{self, Write};
use std::path::Path;

/// Prints a value as JSON.
pub fn json(value: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(text)
}

/// Prints text, or bytes as they are.
pub fn print(content: impl AsRef<[u8]>) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(content.as_ref())?;
    stdout.flush()
}

/// Prints text and ends its line.
pub fn line(text: &str) -> io::Result<()> {
    print(format!("{text}\n"))
}

/// Refuses to write what is made of a file over that file.
pub fn check_not_over(source: &Path, output: &Path) -> Result<(), Error> {
    let real = |path: &Path| path.canonicalize().ok();
    match (real(source), real(output)) {
        (Some(source), Some(output)) if source == output => {
            let error = Error::new(ErrorKind::BadInput, "is the file that is read: writing there would destroy it");
            Err(error.at(output.display().to_string()).remedy("Choose another name for --output"))
        }
        _ => Ok(()),
    }
}

/// Writes a file beside its final place and moves it there, so that no reader finds half of it.
pub fn write_file(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Error> {
    let failed = |error: io::Error| {
        Error::new(ErrorKind::Storage, format!("can't be written: {error}")).at(path.display().to_string())
    };
    // A link is followed, and what is no ordinary file (a device, a pipe) is written to, not replaced.
    let resolved = path.canonicalize();
    let path = resolved.as_deref().unwrap_or(path);
    if path.exists() && !path.is_file() {
        return std::fs::write(path, content).map_err(failed);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file; what the user's mask takes away is taken away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.prefix(".earwitness-").tempfile_in(folder).map_err(failed)?;
    file.write_all(content.as_ref()).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        write_file(&path, "one").unwrap();
        write_file(&path, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let error = write_file(&folder.path().join("none/out.txt"), "x").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Storage);
    }
}
