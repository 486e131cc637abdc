//! A random key of the library's own, from which the cookies of logins follow. It is kept, so that who signed in
//! stays so when the server is started again.

use ear_engine::{Error, ErrorKind, Result};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// 256 random bits.
pub(crate) type SessionKey = [u8; 32];

const NAME: &str = "session.key";

/// The key of the library in this folder; makes it the first time.
pub(crate) fn session_key(folder: &Path) -> Result<SessionKey> {
    let path = folder.join(NAME);
    match make(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map_err(|error| fault(&path, &error.to_string())),
    }
    let bytes = fs::read(&path).map_err(|error| fault(&path, &error.to_string()))?;
    bytes.try_into().map_err(|_bytes| fault(&path, "it is not 32 bytes long"))
}

/// Only this user may read it, and a file that is there is left alone.
fn make(path: &Path) -> io::Result<SessionKey> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let mut key = SessionKey::default();
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    file.write_all(&key)?;
    Ok(key)
}

fn fault(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("the key of the logins can't be used: {why}"))
        .at(path.display().to_string())
        .remedy("Remove the file; everybody signs in again then")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let key = session_key(folder.path()).unwrap();
        assert_ne!(key, SessionKey::default());
        assert_eq!(session_key(folder.path()).unwrap(), key);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(folder.path().join(NAME), "short").unwrap();
        assert!(session_key(folder.path()).unwrap_err().to_string().contains("32 bytes"));
    }
}
