//! Looks for faults of a library, and mends those it can. Nothing that somebody said or recorded is deleted:
//! what has lost its place is put aside into `lost/`.

mod index;
mod meaning;
mod pictures;
mod rows;
mod sound;

use crate::library::lies_still;
use crate::reserve::RESERVE;
use crate::workers::is_held;
use crate::{Error, Event, Library, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoctorOptions {
    /// Mend what can be mended.
    pub repair: bool,
    /// Read all sound and all of the index and compare them with their hashes, which takes long.
    pub thorough: bool,
}

/// What can be wrong with a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The database file itself is damaged.
    DatabaseDamaged,
    /// Rows of the database do not fit each other.
    RowsBroken,
    /// Words of a transcript cannot be read.
    TranscriptDamaged,
    /// A transcript was begun, and no job goes on with it.
    TranscriptStranded,
    /// A job is held by a worker that is gone.
    JobStranded,
    /// An episode has sound that nobody was asked to hear.
    EpisodeForgotten,
    /// The file of a recording is missing.
    SoundMissing,
    /// The file of a recording has another size than it came with.
    SoundWrongSize,
    /// The file of a recording has other content than it came with.
    SoundWrongContent,
    /// A file among the recordings belongs to no episode.
    SoundStray,
    /// The file of a recording is here that a rule removed.
    SoundLeftOver,
    /// A cover picture is missing.
    CoverMissing,
    /// A cover picture is broken.
    CoverBroken,
    /// A picture belongs to no episode.
    CoverStray,
    /// A document that came with an episode is missing or broken.
    DocumentMissing,
    /// A document belongs to no episode.
    DocumentStray,
    /// There is no word index.
    IndexMissing,
    /// The word index is damaged, or of another version.
    IndexDamaged,
    /// An episode with words is not in the word index.
    IndexLacks,
    /// An episode is in the word index that is not in the library.
    IndexForeign,
    /// A file of vectors is broken, or of a transcript that is gone.
    VectorsBroken,
    /// A file lies about that was on its way in.
    LeftOver,
}

impl Fault {
    /// A short stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::DatabaseDamaged => "database_damaged",
            Self::RowsBroken => "rows_broken",
            Self::TranscriptDamaged => "transcript_damaged",
            Self::TranscriptStranded => "transcript_stranded",
            Self::JobStranded => "job_stranded",
            Self::EpisodeForgotten => "episode_forgotten",
            Self::SoundMissing => "sound_missing",
            Self::SoundWrongSize => "sound_wrong_size",
            Self::SoundWrongContent => "sound_wrong_content",
            Self::SoundStray => "sound_stray",
            Self::SoundLeftOver => "sound_left_over",
            Self::CoverMissing => "cover_missing",
            Self::CoverBroken => "cover_broken",
            Self::CoverStray => "cover_stray",
            Self::DocumentMissing => "document_missing",
            Self::DocumentStray => "document_stray",
            Self::IndexMissing => "index_missing",
            Self::IndexDamaged => "index_damaged",
            Self::IndexLacks => "index_lacks",
            Self::IndexForeign => "index_foreign",
            Self::VectorsBroken => "vectors_broken",
            Self::LeftOver => "left_over",
        }
    }
}

/// Something that is wrong with a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of fault.
    pub fault: Fault,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The file, where it is one.
    pub place: Option<String>,
    /// What the reader can do, where a repair can't.
    pub remedy: Option<String>,
    /// It is put right now.
    pub mended: bool,
}

/// A visit of the doctor.
struct Visit<'a> {
    library: &'a Library,
    options: DoctorOptions,
    on_event: &'a dyn Fn(Event),
    findings: Vec<Finding>,
}

impl Library {
    /// Looks for faults, and mends those it can where that is asked for.
    pub fn doctor(&self, options: &DoctorOptions, on_event: &dyn Fn(Event)) -> Result<Vec<Finding>> {
        if let (true, Some(why)) = (options.repair, self.frozen()) {
            return Err(Error::read_only(why));
        }
        let mut visit = Visit { library: self, options: *options, on_event, findings: Vec::new() };
        visit.rows()?;
        if visit.findings.iter().any(|finding| finding.fault == Fault::DatabaseDamaged) {
            // Whatever else is looked at would be compared with rows that may be wrong.
            return Ok(visit.findings);
        }
        visit.jobs()?;
        visit.sound()?;
        visit.pictures()?;
        visit.documents()?;
        visit.index()?;
        visit.vectors()?;
        visit.left_overs()?;
        Ok(visit.findings)
    }
}

impl Visit<'_> {
    fn found(&mut self, fault: Fault, message: impl Into<String>, mended: bool) -> &mut Finding {
        let finding = Finding { fault, message: message.into(), place: None, remedy: None, mended };
        self.findings.push(finding);
        self.findings.last_mut().expect("it was pushed a moment ago")
    }

    /// Files that were on their way in when their process ended. Young ones may still be.
    fn left_overs(&mut self) -> Result<()> {
        for file in files_in(&self.library.inbox())? {
            // What was fetched of something is gone on with, maybe hours later.
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with("fetch-") || name == RESERVE || !is_old(&file) || is_held(&file) {
                continue;
            }
            if self.options.repair {
                fs::remove_file(&file).map_err(|error| Error::file(&file, &error))?;
            }
            let mended = self.options.repair;
            self.found(Fault::LeftOver, "was on its way in when its process ended", mended).at(&file);
        }
        Ok(())
    }

    /// Files of a folder that are known to nobody, and have lain still: put aside where that is asked for.
    fn strays(&mut self, folder: &Path, is_known: impl Fn(&Path) -> bool, fault: Fault, what: &str) -> Result<()> {
        for file in files_in(folder)?.into_iter().filter(|file| !is_known(file) && is_old(file)) {
            if self.options.repair {
                self.put_aside(&file)?;
            }
            let mended = self.options.repair;
            self.found(fault, format!("no episode has this {what}; a repair puts it into lost/"), mended).at(&file);
        }
        Ok(())
    }

    /// Moves a file into `lost/`, where nothing is overwritten.
    fn put_aside(&self, file: &Path) -> Result<()> {
        let lost = self.library.folder().join("lost");
        let failed = |error: std::io::Error| Error::file(file, &error);
        fs::create_dir_all(&lost).map_err(failed)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut place = lost.join(&name);
        for number in 2.. {
            if !place.exists() {
                break;
            }
            place = lost.join(format!("{number}-{name}"));
        }
        fs::rename(file, place).map_err(failed)
    }
}

impl Finding {
    fn at(&mut self, file: &Path) -> &mut Self {
        self.place = Some(file.display().to_string());
        self
    }

    fn remedy(&mut self, remedy: &str) -> &mut Self {
        self.remedy = Some(remedy.to_owned());
        self
    }
}

/// Whether a file has lain still for so long that no process can be about to remember it.
fn is_old(file: &Path) -> bool {
    lies_still(file, Duration::from_secs(3600))
}

/// The files in a folder, sorted; none where there is no folder.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    entries(folder, Path::is_file)
}

/// The folders in a folder.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    entries(folder, Path::is_dir)
}

fn entries(folder: &Path, wanted: fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    let failed = |error: std::io::Error| Error::file(folder, &error);
    let found = match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        found => found.map_err(failed)?,
    };
    let mut paths = Vec::new();
    for entry in found {
        let path = entry.map_err(failed)?.path();
        if wanted(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
