//! Where libraries live.

use ear_engine::{Error, ErrorKind, Result};
use std::ffi::OsString;
use std::path::PathBuf;

/// The folder of the library, or of another of the program's folders, where the user names none.
pub fn default_folder(name: &str) -> Result<PathBuf> {
    let folder = data_folder(std::env::var_os("XDG_DATA_HOME"), std::env::home_dir());
    let folder = folder.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, "there is no home folder to keep the library in")
            .remedy("Say where with --library DIR or EARWITNESS_LIBRARY")
    })?;
    Ok(folder.join("earwitness").join(name))
}

/// The user's data folder after the XDG base directory specification, which wants relative paths ignored.
fn data_folder(xdg: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let xdg = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    xdg.or_else(|| home.filter(|home| home.is_absolute()).map(|home| home.join(".local/share")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_follows_the_specification() {
        for (xdg, home, expected) in [
            (Some("/data"), Some("/home/a"), Some("/data")),
            (Some("data"), Some("/home/a"), Some("/home/a/.local/share")),
            (Some(""), Some("/home/a"), Some("/home/a/.local/share")),
            (None, Some("/home/a"), Some("/home/a/.local/share")),
            (None, Some(""), None),
            (None, None, None),
        ] {
            let found = data_folder(xdg.map(Into::into), home.map(Into::into));
            assert_eq!(found, expected.map(Into::into), "{xdg:?} {home:?}");
        }
    }
}
