//! Taking in sound and transcripts.

use crate::jobs::{INDEX, TRANSCRIBE};
use crate::{Error, ErrorKind, Library, Result};
use ear_core::{EpisodeDate, EpisodeId, Origin};
use ear_ingest::transcript::{self, Format, TextOptions};
use ear_speech::audio::{self, FileInfo};
use ear_store::{NewEpisode, NewJob, NewRecording};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// What the user says of what they add; what they leave out is taken from the file.
#[derive(Clone, Debug, Default)]
pub struct AddOptions {
    /// The show's name.
    pub show: Option<String>,
    /// The episode's title; otherwise from the file's tags or name.
    pub title: Option<String>,
    /// When it was published.
    pub date: Option<EpisodeDate>,
    /// ISO 639-1 code of the language spoken; otherwise detected.
    pub language: Option<String>,
    /// Show notes, as plain text.
    pub notes: Option<String>,
    /// The model to recognise with; otherwise the default.
    pub model: Option<String>,
    /// Lines of a plain text to leave out at its start.
    pub skip_head: usize,
    /// Lines of a plain text to leave out at its end.
    pub skip_tail: usize,
    /// The name the file had where it comes from, for uploads; otherwise the path's.
    pub name: Option<String>,
}

/// What became of one source.
#[derive(Clone, Debug)]
pub struct Added {
    /// The episode it is now.
    pub episode: EpisodeId,
    /// Its title.
    pub title: String,
    /// It was there before; nothing was added.
    pub existed: bool,
    /// Faults of the source that did not stop it, with their lines or times.
    pub warnings: Vec<String>,
}

/// Enough of a file to tell text from sound.
const HEAD: usize = 64 * 1024;
/// Endings that a folder is searched for. Content decides in the end; this keeps pictures and programs out.
const SOUND_ENDINGS: [&str; 23] = [
    "wav", "flac", "mp3", "m4a", "m4b", "mp4", "aac", "ogg", "oga", "opus", "webm", "mka", "mkv", "aif", "aiff",
    "aifc", "caf", "alac", "wma", "amr", "mov", "m4v", "avi",
];
const TEXT_ENDINGS: [&str; 6] = ["srt", "vtt", "txt", "sbv", "md", "text"];

impl Library {
    /// Takes in one sound or transcript file: copies it, reads what it says of itself, queues its work.
    /// The same content added twice is one episode.
    pub fn add(&self, file: &Path, options: &AddOptions) -> Result<Added> {
        let mut options = options.clone();
        options.title = options.title.map(|title| clean_title(&title)).filter(|title| !title.is_empty());
        options.show = options.show.map(|show| clean_title(&show)).filter(|show| !show.is_empty());
        options.language = options.language.as_deref().map(checked_language).transpose()?;
        let options = &options;
        if let Some(model) = &options.model {
            crate::models::check_name(model)?;
        }
        let metadata = fs::metadata(file).map_err(|error| Error::file(file, &error))?;
        let place = || file.display().to_string();
        if !metadata.is_file() {
            let what = if metadata.is_dir() { "this folder can't be read" } else { "is not a file" };
            return Err(Error::new(ErrorKind::BadInput, what).at(place()));
        }
        if metadata.len() == 0 {
            let error = Error::new(ErrorKind::BadInput, "the file is empty");
            return Err(error.at(place()).remedy("Copy or download it again"));
        }
        let source = Source::new(file, options);
        match transcript::detect(&source.name, &head(file)?) {
            Some(format) => self.add_transcript(&source, format),
            None => self.add_sound(&source),
        }
    }

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
                let (path, hidden) = (entry.path(), entry.file_name().to_string_lossy().starts_with('.'));
                // Links to folders are not followed: they may lead in circles.
                let kind = entry.file_type().map_err(|error| Error::file(&path, &error))?;
                if hidden {
                    continue;
                }
                if kind.is_dir() {
                    folders.push(path);
                } else if has_ending(&path, &SOUND_ENDINGS) || has_ending(&path, &TEXT_ENDINGS) {
                    found.push(path);
                }
            }
        }
        found.sort();
        Ok(found)
    }

    fn add_sound(&self, source: &Source) -> Result<Added> {
        let info = audio::probe(source.file).map_err(|error| {
            let not_sound = matches!(error, audio::AudioError::NotSound { .. });
            let error = Error::from(error);
            if not_sound { error.remedy("Give sound, video, or a transcript: srt, vtt, sbv, txt, md") } else { error }
        })?;
        let (hash, bytes) = self.keep_recording(source.file, info.extension)?;
        let cover = info.tags.cover.as_ref();
        if let Some(cover) = cover {
            self.keep_cover(&hash, &cover.bytes)?;
        }
        let new = NewEpisode {
            recording: Some(NewRecording {
                hash,
                extension: info.extension.to_owned(),
                media_type: info.media_type.clone(),
                bytes,
                duration: info.duration,
                original_name: Some(source.name.clone()),
            }),
            cover_media_type: cover.map(|cover| cover.media_type.clone()),
            ..self.described(source, &info)?
        };
        let added = self.store.add_episode(&new)?;
        self.queue_transcription(added.id, source.options)?;
        self.added(added.id, added.existed, source.passed_over(added.existed))
    }

    /// Queues the recognition of an episode that has no transcript and no work waiting.
    fn queue_transcription(&self, episode: EpisodeId, options: &AddOptions) -> Result<()> {
        if self.store.current_transcript(episode)?.is_some() || !self.store.pending_for(&[episode])?.is_empty() {
            return Ok(());
        }
        let work = serde_json::json!({ "model": options.model, "language": options.language });
        self.store.enqueue(&NewJob { options: work.to_string(), ..NewJob::new(TRANSCRIBE, Some(episode)) })?;
        Ok(())
    }

    fn add_transcript(&self, source: &Source, format: Format) -> Result<Added> {
        let options = TextOptions { skip_head: source.options.skip_head, skip_tail: source.options.skip_tail };
        let bytes = read_bounded(source.file)?;
        let parsed = transcript::parse(&bytes, format, &options).map_err(|error| {
            Error::new(ErrorKind::BadInput, error.to_string()).at(source.file.display().to_string())
        })?;
        let mut transcript = parsed.transcript;
        transcript.origin = Origin::Imported;
        transcript.language = source.options.language.clone().or(transcript.language);
        let options = source.options;
        let new = NewEpisode {
            show: options.show.as_deref().map(|show| self.store.show_named(show)).transpose()?,
            title: options.title.clone().or_else(|| tagged(&parsed.title)).unwrap_or_else(|| source.title()),
            date: options.date,
            notes: options.notes.clone().unwrap_or_default(),
            language: transcript.language.clone(),
            recording: None,
            source: source.name.clone(),
            // What was left out belongs to the identity: the same file cut otherwise is another text.
            source_key: Some(format!("{}:{}:{}", hex(&Sha256::digest(&bytes)), options.skip_head, options.skip_tail)),
            cover_media_type: None,
        };
        let added = self.store.add_episode(&new)?;
        if self.store.current_transcript(added.id)?.is_none() {
            let id = self.store.add_transcript(added.id, &transcript)?;
            self.queue_indexing(added.id, id)?;
        }
        let mut warnings = source.passed_over(added.existed);
        warnings.extend(parsed.warnings.iter().map(ToString::to_string));
        if !has_ending(Path::new(&source.name), &TEXT_ENDINGS) {
            warnings.insert(0, "holds text whatever its name says, and was taken as a transcript".into());
        }
        self.added(added.id, added.existed, warnings)
    }

    pub(crate) fn queue_indexing(&self, episode: EpisodeId, transcript: ear_core::TranscriptId) -> Result<()> {
        self.store.enqueue(&index_job(episode, transcript))?;
        Ok(())
    }

    fn described(&self, source: &Source, info: &FileInfo) -> Result<NewEpisode> {
        let (options, tags) = (source.options, &info.tags);
        let show = options.show.clone().or_else(|| tagged(&tags.album));
        let show = show.as_deref();
        let said = [&tags.description, &tags.comment].into_iter().flatten().max_by_key(|text| text.len()).cloned();
        Ok(NewEpisode {
            show: show.map(|show| self.store.show_named(show)).transpose()?,
            title: options.title.clone().or_else(|| tagged(&tags.title)).unwrap_or_else(|| source.title()),
            date: options.date.or_else(|| tags.date.as_deref().and_then(date_of)),
            notes: options.notes.clone().or(said).unwrap_or_default(),
            language: options.language.clone(),
            recording: None,
            source: source.name.clone(),
            source_key: None,
            cover_media_type: None,
        })
    }

    /// Copies a recording to its place; its hash and size. Nobody sees it half written.
    fn keep_recording(&self, file: &Path, extension: &str) -> Result<(String, u64)> {
        let at = |error: std::io::Error| Error::file(file, &error);
        let inbox = self.inbox();
        let mut copy = NamedTempFile::new_in(&inbox).map_err(|error| Error::file(&inbox, &error))?;
        let mut from = File::open(file).map_err(at)?;
        let (mut hasher, mut bytes, mut block) = (Sha256::new(), 0u64, vec![0; 1 << 18]);
        loop {
            let read = from.read(&mut block).map_err(at)?;
            if read == 0 {
                break;
            }
            hasher.update(&block[..read]);
            copy.write_all(&block[..read]).map_err(|error| Error::file(&inbox, &error))?;
            bytes += read as u64;
        }
        let hash = hex(&hasher.finalize());
        let place = self.recording_place(&hash, extension);
        if fs::metadata(&place).is_ok_and(|there| there.len() == bytes) {
            return Ok((hash, bytes));
        }
        let failed = |error: &std::io::Error| Error::file(&place, error);
        fs::create_dir_all(place.parent().unwrap_or(&inbox)).map_err(|error| failed(&error))?;
        copy.as_file().sync_all().map_err(|error| failed(&error))?;
        copy.persist(&place).map_err(|error| failed(&error.error))?;
        Ok((hash, bytes))
    }

    fn keep_cover(&self, hash: &str, bytes: &[u8]) -> Result<()> {
        let (inbox, place) = (self.inbox(), self.cover_place(hash));
        let mut file = NamedTempFile::new_in(&inbox).map_err(|error| Error::file(&inbox, &error))?;
        file.write_all(bytes).map_err(|error| Error::file(&inbox, &error))?;
        file.persist(&place).map(drop).map_err(|error| Error::file(&place, &error.error))
    }

    fn added(&self, episode: EpisodeId, existed: bool, warnings: Vec<String>) -> Result<Added> {
        let title = self.store.episode(episode)?.map(|episode| episode.title).unwrap_or_default();
        Ok(Added { episode, title, existed, warnings })
    }
}

pub(crate) fn index_job(episode: EpisodeId, transcript: ear_core::TranscriptId) -> NewJob {
    let options = serde_json::json!({ "transcript": transcript }).to_string();
    // Before any transcription: what is known should be findable first.
    NewJob { options, priority: 10, ..NewJob::new(INDEX, Some(episode)) }
}

/// A file on its way in, with what is said of it.
struct Source<'a> {
    file: &'a Path,
    name: String,
    options: &'a AddOptions,
}

impl<'a> Source<'a> {
    fn new(file: &'a Path, options: &'a AddOptions) -> Self {
        let path_name =
            || file.file_name().map_or_else(|| "recording".into(), |name| name.to_string_lossy().into_owned());
        Self { file, name: options.name.clone().unwrap_or_else(path_name), options }
    }

    /// Says so where options were given for what was there before.
    fn passed_over(&self, existed: bool) -> Vec<String> {
        let AddOptions { show, title, date, language, notes, model, .. } = self.options;
        let given = [show, title, language, notes, model].iter().any(|option| option.is_some()) || date.is_some();
        let warning = "was here before, so what was said of it now changes nothing; use `earwitness edit`";
        if existed && given { vec![warning.to_owned()] } else { Vec::new() }
    }

    /// A title from the file's name: "two_cities.wav" becomes "Two cities".
    fn title(&self) -> String {
        let stem =
            Path::new(&self.name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let spaced = stem.replace('_', " ");
        let title = clean_title(&spaced);
        let mut letters = title.chars();
        match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => "Untitled".into(),
        }
    }
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| endings.contains(&ending.as_str()))
}

fn head(file: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let from = File::open(file).map_err(|error| Error::file(file, &error))?;
    from.take(HEAD as u64).read_to_end(&mut head).map_err(|error| Error::file(file, &error))?;
    Ok(head)
}

/// One byte more than may be, so that the parser says what the limit is.
fn read_bounded(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let from = File::open(file).map_err(|error| Error::file(file, &error))?;
    from.take(transcript::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| Error::file(file, &error))?;
    Ok(bytes)
}

/// A title out of a file, if there is something to it.
fn tagged(title: &Option<String>) -> Option<String> {
    title.as_deref().map(clean_title).filter(|title| !title.is_empty())
}

/// Longest title kept, in characters.
const LONGEST_TITLE: usize = 300;

/// A title as it is kept: one line, without control characters or marks that turn the direction of what
/// follows, and not without end.
pub(crate) fn clean_title(title: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let plain: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !turns(*c)).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_TITLE).collect()
}

/// An ISO 639 code, or an error that says what one is.
pub(crate) fn checked_language(code: &str) -> Result<String> {
    let fits = (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase());
    let error = || Error::new(ErrorKind::BadInput, "this is not the code of a language");
    if fits { Ok(code.to_owned()) } else { Err(error().remedy("Codes are two or three small letters: en, de, es")) }
}

/// The day in a tag's date, which may go on with a time: "2020-01-07T05:00".
fn date_of(tag: &str) -> Option<EpisodeDate> {
    tag.get(..10)?.parse().ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_one_line_and_bounded() {
        for (title, expected) in [(" a\n\tb\u{7} ", "a b"), ("\u{202E}abc", "abc"), ("\0", "")] {
            assert_eq!(clean_title(title), expected);
        }
        assert_eq!(clean_title(&"x".repeat(1000)).len(), LONGEST_TITLE);
        assert!(checked_language("de").is_ok() && checked_language("haw").is_ok());
        assert!(["<script>", "EN", "", "english"].iter().all(|code| checked_language(code).is_err()));
    }

    #[test]
    fn titles_come_from_names() {
        let options = AddOptions::default();
        for (name, expected) in
            [("two_cities.wav", "Two cities"), ("/a/b.c.mp3", "B.c"), ("__.wav", "Untitled"), ("élan.ogg", "Élan")]
        {
            assert_eq!(Source::new(Path::new(name), &options).title(), expected);
        }
    }
}
