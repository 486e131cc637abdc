//! Taking in sound and transcripts.

mod beside;
mod sound;
mod transcript;

use crate::{Error, ErrorKind, Library, Result, sidecar};
use ear_core::{EpisodeDate, EpisodeId};
use ear_ingest::transcript as written;
use ear_store::{EpisodeFile, UnixMillis};
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

pub use beside::read_names;
pub(crate) use sound::{sound_tags, transcribe_job};
pub(crate) use transcript::{index_job, reading_job};

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
    /// Names that may be said, one a line, as `--names` takes them.
    pub names: Option<String>,
    /// The episode that a transcript belongs to; otherwise that of the recording beside it, if any.
    pub joins: Option<EpisodeId>,
    /// How many of a feed's newest episodes to take; otherwise 5 at first, and then what is new.
    pub last: Option<usize>,
    /// Allow a feed, and all that it names, to lie on this machine or its network.
    pub allow_private: bool,
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
    /// It was added to an episode that was there before.
    pub joined: bool,
    /// Faults of the source that did not stop it, with their lines or times.
    pub warnings: Vec<String>,
}

/// Enough of a file to tell text from sound.
const HEAD: usize = 64 * 1024;

impl Library {
    /// Takes in one file of sound, a transcript, or what belongs to a recording: copies it, reads what it says
    /// of itself, queues its work. The same content added twice is one episode, and so are a recording and
    /// the transcript of the same name beside it.
    pub fn add(&self, file: &Path, options: &AddOptions) -> Result<Added> {
        let options = &checked(options)?;
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
        let source = Source::new(file, &metadata, options);
        if let Some(part) = sidecar::only_beside(&source.name) {
            return self.add_beside(&source, part);
        }
        if let Some(episode) = self.unchanged(&source)? {
            return self.added(&source, episode, Became::Existing, Vec::new());
        }
        match written::detect(&source.name, &head(file)?) {
            Some(format) => self.add_transcript(&source, format),
            None => self.add_sound(&source),
        }
    }

    /// The episode that came from this very file, if nothing about it changed and its sound is still there:
    /// then it need not be read again.
    fn unchanged(&self, source: &Source) -> Result<Option<EpisodeId>> {
        let Some(path) = &source.path else { return Ok(None) };
        let known = self.store.file_at(&path.display().to_string())?;
        let Some(known) = known.filter(|known| known.bytes == source.bytes && known.modified == source.modified) else {
            return Ok(None);
        };
        let episode = self.store.episode(known.episode)?;
        let Some(hash) = episode.and_then(|episode| episode.recording).filter(|hash| *hash == known.hash) else {
            return Ok(None);
        };
        let kept = self.store.recording(&hash)?.map(|recording| self.recording_file(&recording));
        let is_whole = kept.and_then(|file| fs::metadata(file).ok()).is_some_and(|file| file.len() == source.bytes);
        Ok(is_whole.then_some(known.episode))
    }

    /// Notes the file an episode came from. Where it came from another one that is gone, the file was renamed.
    fn note_file(&self, source: &Source, episode: EpisodeId, hash: &str) -> Result<()> {
        let Some(path) = &source.path else { return Ok(()) };
        let path = path.display().to_string();
        let mut renamed = false;
        for known in self.store.files_with(hash)? {
            if known.episode == episode && known.path != path && !Path::new(&known.path).exists() {
                self.store.forget_file(&known.path)?;
                renamed |= self.store.episode(episode)?.is_some_and(|episode| episode.source == known.path);
            }
        }
        if renamed {
            self.store.set_source(episode, &path)?;
        }
        let (bytes, modified) = (source.bytes, source.modified);
        Ok(self.store.note_file(&EpisodeFile { path, episode, hash: hash.to_owned(), bytes, modified })?)
    }

    fn added(&self, source: &Source, episode: EpisodeId, became: Became, more: Vec<String>) -> Result<Added> {
        let title = self.store.episode(episode)?.map(|episode| episode.title).unwrap_or_default();
        let mut warnings = if became == Became::New { Vec::new() } else { source.passed_over() };
        warnings.extend(more);
        Ok(Added { episode, title, existed: became == Became::Existing, joined: became == Became::Joined, warnings })
    }
}

/// What became of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Became {
    New,
    Joined,
    Existing,
}

/// The options in their one form, or what is wrong with them.
pub(crate) fn checked(options: &AddOptions) -> Result<AddOptions> {
    let mut options = options.clone();
    options.title = options.title.map(|title| clean_title(&title)).filter(|title| !title.is_empty());
    options.show = options.show.map(|show| clean_title(&show)).filter(|show| !show.is_empty());
    options.language = options.language.as_deref().map(checked_language).transpose()?;
    if let Some(model) = &options.model {
        crate::models::check_name(model)?;
    }
    Ok(options)
}

/// A file on its way in, with what is said of it.
struct Source<'a> {
    file: &'a Path,
    name: String,
    /// Where it lies and will be found again; nothing for uploads.
    path: Option<PathBuf>,
    bytes: u64,
    modified: UnixMillis,
    options: &'a AddOptions,
}

impl<'a> Source<'a> {
    fn new(file: &'a Path, metadata: &Metadata, options: &'a AddOptions) -> Self {
        let path_name =
            || file.file_name().map_or_else(|| "recording".into(), |name| name.to_string_lossy().into_owned());
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Self {
            file,
            name: options.name.clone().unwrap_or_else(path_name),
            path: if options.name.is_none() { fs::canonicalize(file).ok() } else { None },
            bytes: metadata.len(),
            modified: modified.map_or(0, |since| since.as_millis() as UnixMillis),
            options,
        }
    }

    /// Where it comes from, for people.
    fn origin(&self) -> String {
        self.path.as_ref().map_or_else(|| self.name.clone(), |path| path.display().to_string())
    }

    /// Says so where options were given for an episode that was there before.
    fn passed_over(&self) -> Vec<String> {
        let AddOptions { show, title, date, language, notes, model, .. } = self.options;
        let given = [show, title, language, notes, model].iter().any(|option| option.is_some()) || date.is_some();
        let warning = "was here before, so what was said of it now changes nothing; use `earwitness edit`";
        if given { vec![warning.to_owned()] } else { Vec::new() }
    }

    /// A title from the file's name: "two_cities.wav" becomes "Two cities".
    fn title(&self) -> String {
        title_of(&self.name)
    }
}

/// A title from a file's name: "two_cities.wav" becomes "Two cities".
pub(crate) fn title_of(name: &str) -> String {
    let stem = Path::new(name).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let title = clean_title(&stem.replace('_', " "));
    let mut letters = title.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Untitled".into(),
    }
}

pub(crate) fn head(file: &Path) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    let from = File::open(file).map_err(|error| Error::file(file, &error))?;
    from.take(HEAD as u64).read_to_end(&mut head).map_err(|error| Error::file(file, &error))?;
    Ok(head)
}

/// One byte more than may be, so that the parser says what the limit is.
pub(crate) fn read_bounded(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let from = File::open(file).map_err(|error| Error::file(file, &error))?;
    from.take(written::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| Error::file(file, &error))?;
    Ok(bytes)
}

/// A title out of a file, if there is something to it.
pub(crate) fn tagged(title: &Option<String>) -> Option<String> {
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
        for (name, expected) in
            [("two_cities.wav", "Two cities"), ("/a/b.c.mp3", "B.c"), ("__.wav", "Untitled"), ("élan.ogg", "Élan")]
        {
            assert_eq!(title_of(name), expected);
        }
    }
}
