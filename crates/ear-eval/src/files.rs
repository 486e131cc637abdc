//! Looking through folders.

use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};

const MAX_DEPTH: usize = 32;
const SOUND_EXTENSIONS: [&str; 17] = [
    "aac", "aif", "aiff", "flac", "m4a", "m4b", "mka", "mkv", "mov", "mp3", "mp4", "oga", "ogg", "opus", "wav", "webm",
    "wma",
];

/// Every file below `folder`, sorted by path; hidden ones are passed over.
///
/// # Errors
/// If a folder can't be read.
pub fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.sort();
    Ok(files)
}

/// A text file, at most `limit` bytes of it; what is not UTF-8 is replaced, a byte order mark dropped.
///
/// # Errors
/// If it can't be read, or is longer.
pub fn read_text(path: &Path, limit: u64) -> Result<String> {
    let bytes = fs::metadata(path).with_context(|| format!("open {}", path.display()))?.len();
    ensure!(bytes <= limit, "{}: {bytes} bytes are more than expected", path.display());
    let text = fs::read(path).with_context(|| format!("read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&text).trim_start_matches('\u{feff}').to_owned())
}

/// Whether a file is named as sound or film is.
pub fn is_sound(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    SOUND_EXTENSIONS.contains(&extension.as_str())
}

/// The sound files at or below a path, sorted.
///
/// # Errors
/// If a folder can't be read.
pub fn sounds(place: &Path) -> Result<Vec<PathBuf>> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    Ok(below(place)?.into_iter().filter(|path| is_sound(path)).collect())
}

/// What a file is called below the place that was named.
pub fn name_below(place: &Path, file: &Path) -> String {
    let below = file.strip_prefix(place).ok().filter(|below| !below.as_os_str().is_empty());
    below.unwrap_or_else(|| file.file_name().map_or(file, Path::new)).display().to_string()
}

/// Size of a file, or of all files below a folder.
///
/// # Errors
/// If one can't be read.
pub fn bytes(path: &Path) -> Result<u64> {
    let files = if path.is_dir() { below(path)? } else { vec![path.to_owned()] };
    let size =
        |file: &PathBuf| fs::metadata(file).map(|data| data.len()).with_context(|| format!("open {}", file.display()));
    files.iter().map(size).sum()
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    ensure!(depth < MAX_DEPTH, "{}: more than {MAX_DEPTH} folders deep", folder.display());
    for entry in fs::read_dir(folder).with_context(|| format!("open {}", folder.display()))? {
        let path = entry.with_context(|| format!("read {}", folder.display()))?.path();
        if path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() { walk(&path, depth + 1, files)? } else { files.push(path) }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_and_measured() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("a/.b")).unwrap();
        for name in ["z.txt", "a/y.txt", "a/.b/x.txt", ".w.txt"] {
            fs::write(root.join(name), "\u{feff}four").unwrap();
        }
        assert_eq!(below(root).unwrap(), [root.join("a/y.txt"), root.join("z.txt")]);
        assert_eq!((bytes(root).unwrap(), bytes(&root.join("z.txt")).unwrap()), (14, 7));
        assert_eq!(read_text(&root.join("z.txt"), 100).unwrap(), "four");
        assert!(read_text(&root.join("z.txt"), 6).is_err());
        assert!(below(&root.join("absent")).is_err());
    }
}
