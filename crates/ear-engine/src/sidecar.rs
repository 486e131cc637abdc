//! Files that belong together by their names: `talk.mp3` with `talk.srt`, `talk.en.vtt`,
//! `talk.chapters.json` and `talk.names.txt` beside it.

use crate::folder::{is_sound_name, is_text_name};
use crate::{Library, Result};
use ear_core::EpisodeId;
use std::fs;
use std::path::{Path, PathBuf};

/// What a file beside a recording is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// Names that may be said in it, one a line.
    Names,
    /// Its chapters.
    Chapters,
    /// What is said in it.
    Transcript,
}

/// What a file may be beside a recording, by its name, and the names without ending that the recording
/// may have, the likeliest first. `None` where it is nothing of the kind.
fn candidates(name: &str) -> Option<(Part, Vec<&str>)> {
    let lower = name.to_lowercase();
    // Lower case changes the length of some letters, but of none in these endings.
    for (ending, part) in [(".chapters.json", Part::Chapters), (".names.txt", Part::Names)] {
        if lower.ends_with(ending) {
            let stem = name.get(..name.len().checked_sub(ending.len())?)?;
            return (!stem.is_empty()).then(|| (part, vec![stem]));
        }
    }
    if !is_text_name(name) {
        return None;
    }
    let (stem, _) = name.rsplit_once('.')?;
    let mut stems = vec![stem];
    if let Some((shorter, language)) = stem.rsplit_once('.')
        && is_language(language)
        && !shorter.is_empty()
    {
        stems.push(shorter);
    }
    (!stem.is_empty()).then_some((Part::Transcript, stems))
}

/// What the file `name` is beside the recording `sound`, if it belongs to it; lower is likelier.
fn belonging(name: &str, sound: &str) -> Option<(Part, usize)> {
    let (part, stems) = candidates(name)?;
    let stem = sound.rsplit_once('.').map_or(sound, |(stem, _)| stem);
    // Some programs write talk.mp3.srt.
    let place = stems.iter().position(|candidate| *candidate == stem || *candidate == sound)?;
    Some((part, place))
}

/// Whether a file of this name belongs to the recording `sound` of the same folder.
pub fn belongs_to(name: &str, sound: &str) -> bool {
    is_sound_name(sound) && belonging(name, sound).is_some()
}

/// Whether a file has the name of something that is only ever taken in with a recording.
pub(crate) fn only_beside(name: &str) -> Option<Part> {
    candidates(name).map(|(part, _)| part).filter(|part| *part != Part::Transcript)
}

/// The language in a name such as `talk.en.vtt`.
pub(crate) fn language_of(name: &str) -> Option<String> {
    let (stem, _) = name.rsplit_once('.')?;
    let (_, code) = stem.rsplit_once('.')?;
    is_language(code).then(|| code.split(['-', '_']).next().unwrap_or(code).to_lowercase())
}

/// `en`, `deu`, `pt-BR`: what stands for a language between the dots of a name. Two letters only, or three
/// with a region, since `talk.two.txt` is no language.
fn is_language(code: &str) -> bool {
    let (language, region) =
        code.split_once(['-', '_']).map_or((code, None), |(language, region)| (language, Some(region)));
    let letters = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    match region {
        None => letters(language, 2..=2),
        Some(region) => {
            letters(language, 2..=3) && region.len() <= 4 && region.bytes().all(|b| b.is_ascii_alphanumeric())
        }
    }
}

/// The files on disk beside a recording that belong to it: names first, so that they are known when it is
/// recognised.
pub(crate) fn beside(sound: &Path) -> Vec<(Part, PathBuf)> {
    let (Some(folder), Some(name)) = (sound.parent(), sound.file_name().and_then(|name| name.to_str())) else {
        return Vec::new();
    };
    // What can't be listed has nothing beside it that we could read.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(Part, PathBuf)> = entries
        .filter_map(|entry| {
            let other = entry.file_name();
            let (part, _) = belonging(other.to_str()?, name)?;
            Some((part, entry.path()))
        })
        .collect();
    found.sort();
    found
}

impl Library {
    /// The episode of the recording that lies beside this file and that it belongs to.
    pub(crate) fn recording_beside(&self, file: &Path) -> Result<Option<EpisodeId>> {
        let Some((folder, name)) = place(file) else { return Ok(None) };
        let Some((_, stems)) = candidates(&name) else { return Ok(None) };
        let shortest = stems.last().copied().unwrap_or(&name);
        let known = self.store.files_beginning(&format!("{folder}{shortest}"))?;
        let near = known.into_iter().filter_map(|known| {
            let other = known.path.strip_prefix(&folder)?;
            let (_, distance) = belonging(&name, other).filter(|_| is_sound_name(other))?;
            Some((distance, known.episode))
        });
        Ok(near.min().map(|(_, episode)| episode))
    }

    /// The episode without sound whose transcript lies beside this recording and belongs to it.
    pub(crate) fn text_beside(&self, sound: &Path) -> Result<Option<EpisodeId>> {
        let Some((folder, name)) = place(sound) else { return Ok(None) };
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        for known in self.store.files_beginning(&format!("{folder}{stem}"))? {
            let belongs = known.path.strip_prefix(&folder).and_then(|other| belonging(other, &name)).is_some();
            if belongs && self.store.episode(known.episode)?.is_some_and(|episode| episode.recording.is_none()) {
                return Ok(Some(known.episode));
            }
        }
        Ok(None)
    }
}

/// The folder with its slash, and the name within.
fn place(file: &Path) -> Option<(String, String)> {
    let name = file.file_name()?.to_str()?.to_owned();
    let path = file.to_str()?;
    Some((path.strip_suffix(&name)?.to_owned(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_belongs_together() {
        use Part::{Chapters, Names, Transcript};
        for (name, sound, expected) in [
            ("talk.srt", "talk.mp3", Some((Transcript, 0))),
            ("talk.en.vtt", "talk.mp3", Some((Transcript, 1))),
            ("talk.pt-BR.vtt", "talk.mp3", Some((Transcript, 1))),
            ("talk.en.vtt", "talk.en.mp3", Some((Transcript, 0))),
            ("talk.mp3.srt", "talk.mp3", Some((Transcript, 0))),
            ("talk.part.two.txt", "talk.mp3", None),
            ("talk.two.txt", "talk.mp3", None),
            ("talk.chapters.json", "talk.mp3", Some((Chapters, 0))),
            ("Talk.NAMES.TXT", "Talk.opus", Some((Names, 0))),
            ("talk2.srt", "talk.mp3", None),
            ("talk.png", "talk.mp3", None),
            (".names.txt", ".mp3", None),
            ("gespräch.de.srt", "gespräch.wav", Some((Transcript, 1))),
        ] {
            assert_eq!(belonging(name, sound), expected, "{name} beside {sound}");
        }
        assert_eq!(language_of("talk.pt-BR.vtt"), Some("pt".into()));
        assert_eq!(language_of("talk.vtt"), None);
    }
}
