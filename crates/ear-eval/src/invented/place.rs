//! Which sound to listen to: files, folders, and parts of files.

use crate::files;
use crate::listen::Clip;
use crate::wav;
use anyhow::{Context, Result, ensure};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file or folder as it was named, perhaps with `@from-to` in seconds behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    path: PathBuf,
    seconds: Option<Range<f64>>,
}

impl Place {
    /// Reads `music.wav`, `music.wav@5-12.5` or `music.wav@5-`. A file whose own name looks so is that file.
    pub fn read(named: &Path) -> Self {
        let whole = Self { path: named.to_owned(), seconds: None };
        let text = named.to_string_lossy();
        if named.exists() {
            return whole;
        }
        match text.rsplit_once('@').and_then(|(path, part)| Some((path, part_of(part)?))) {
            Some((path, seconds)) => Self { path: path.into(), seconds: Some(seconds) },
            None => whole,
        }
    }

    /// The clips here. Parts are cut into files in `scratch`.
    ///
    /// # Errors
    /// If there is no sound here.
    pub fn clips(&self, scratch: &Path) -> Result<Vec<Clip>> {
        let sounds = files::sounds(&self.path)?;
        ensure!(!sounds.is_empty(), "{}: there is no sound file", self.path.display());
        let clip = |(number, sound): (usize, PathBuf)| {
            let name = files::name_below(&self.path, &sound);
            let Some(seconds) = &self.seconds else { return Ok(Clip { name, sound }) };
            let name = format!("{name}@{}-{}", seconds.start, finite(seconds.end));
            let folder = tempfile::tempdir_in(scratch).context("make a folder for a part")?.keep();
            let part = folder.join(format!("{number}.wav"));
            cut(&sound, seconds, &part)?;
            Ok(Clip { name, sound: part })
        };
        sounds.into_iter().enumerate().map(clip).collect()
    }
}

fn finite(seconds: f64) -> String {
    if seconds.is_finite() { seconds.to_string() } else { String::new() }
}

fn part_of(text: &str) -> Option<Range<f64>> {
    let (from, to) = text.split_once('-')?;
    let from = from.parse().ok()?;
    let to = if to.is_empty() { f64::INFINITY } else { to.parse().ok()? };
    (0.0 <= from && from < to).then_some(from..to)
}

fn cut(sound: &Path, seconds: &Range<f64>, to: &Path) -> Result<()> {
    let all = wav::decode(sound)?;
    let end = wav::samples(seconds.end.min(wav::seconds(all.len())));
    let part = all.get(wav::samples(seconds.start)..end);
    wav::write(to, part.with_context(|| format!("{}: ends before {} s", sound.display(), seconds.start))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_from_names() {
        let check = |named: &str, path: &str, seconds: Option<Range<f64>>| {
            assert_eq!(Place::read(Path::new(named)), Place { path: path.into(), seconds }, "{named}");
        };
        check("a.wav", "a.wav", None);
        check("a.wav@5-12.5", "a.wav", Some(5.0..12.5));
        check("a@b.wav@5-", "a@b.wav", Some(5.0..f64::INFINITY));
        check("a.wav@5", "a.wav@5", None);
        check("a.wav@9-5", "a.wav@9-5", None);
    }

    #[test]
    fn parts_are_cut() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.wav");
        let ramp: Vec<f32> = (0..wav::samples(2.0)).map(|at| at as f32 / 32_000.0).collect();
        wav::write(&file, &ramp).unwrap();
        let clips = Place::read(&folder.path().join("a.wav@0.5-1")).clips(folder.path()).unwrap();
        assert_eq!(clips[0].name, "a.wav@0.5-1");
        let part = wav::decode(&clips[0].sound).unwrap();
        assert!(part.len() == 8000 && (part[0] - 0.25).abs() < 0.001);
        assert!(Place::read(&folder.path().join("a.wav@3-")).clips(folder.path()).is_err());
        assert!(Place::read(&folder.path().join("absent")).clips(folder.path()).is_err());
    }
}
