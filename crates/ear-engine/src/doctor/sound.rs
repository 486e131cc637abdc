//! Recordings and documents: what the database names has to be in its place, whole.

use super::{Fault, Visit, files_in, folders_in};
use crate::backup::copy;
use crate::{Error, Result};
use ear_store::Recording;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What helps where sound is gone.
const AGAIN: &str = "Add that file again, or bring it back from a backup";

impl Visit<'_> {
    pub(super) fn sound(&mut self) -> Result<()> {
        let recordings = self.library.store.recordings()?;
        for recording in &recordings {
            self.recording(recording)?;
        }
        let known: BTreeSet<PathBuf> = recordings.iter().map(|known| self.library.recording_file(known)).collect();
        let folder = self.library.folder().join("recordings");
        for folder in std::iter::once(folder.clone()).chain(folders_in(&folder)?) {
            self.strays(&folder, |file| known.contains(file), Fault::SoundStray, "sound")?;
        }
        Ok(())
    }

    fn recording(&mut self, recording: &Recording) -> Result<()> {
        let file = self.library.recording_file(recording);
        let name = recording.original_name.as_deref().unwrap_or("a recording").to_owned();
        let size = fs::metadata(&file).ok().map(|metadata| metadata.len());
        if recording.removed.is_some() {
            return self.removed_by_rule(&file, size.is_some());
        }
        let Some(size) = size else {
            let mended = self.options.repair && self.bring_back(recording, &file)?;
            let message = format!("the sound of {name} is missing");
            self.found(Fault::SoundMissing, message, mended).at(&file).remedy(AGAIN);
            return Ok(());
        };
        let (fault, message) = if size != recording.bytes {
            (Fault::SoundWrongSize, format!("has another size than {name} had"))
        } else if self.options.thorough && copy::hash(&file)? != recording.hash {
            (Fault::SoundWrongContent, format!("has other content than {name} had"))
        } else {
            return Ok(());
        };
        let mut mended = false;
        if self.options.repair {
            // In its place it would keep the whole one from being added again.
            self.put_aside(&file)?;
            mended = self.bring_back(recording, &file)?;
        }
        self.found(fault, message, mended).at(&file).remedy(AGAIN);
        Ok(())
    }

    /// A file whose removal was noted and then broken off.
    fn removed_by_rule(&mut self, file: &Path, is_there: bool) -> Result<()> {
        if is_there {
            if self.options.repair {
                fs::remove_file(file).map_err(|error| Error::file(file, &error))?;
            }
            let mended = self.options.repair;
            self.found(Fault::SoundLeftOver, "a rule removed this sound, and its file is still here", mended).at(file);
        }
        Ok(())
    }

    /// Puts sound back in its place that an earlier visit put aside, if it is whole.
    fn bring_back(&self, recording: &Recording, place: &Path) -> Result<bool> {
        for file in files_in(&self.library.folder().join("lost"))? {
            let is_named_so = file.file_name().is_some_and(|name| name.to_string_lossy().contains(&recording.hash));
            if is_named_so && copy::hash(&file)? == recording.hash {
                let folder = place.parent().unwrap_or(place);
                fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
                fs::rename(&file, place).map_err(|error| Error::file(place, &error))?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn documents(&mut self) -> Result<()> {
        let documents = self.library.store.all_documents()?;
        let mut known = BTreeSet::new();
        for (hash, bytes) in documents {
            let file = self.library.document_place(&hash);
            let is_whole = fs::metadata(&file).is_ok_and(|metadata| metadata.len() == bytes)
                && (!self.options.thorough || copy::hash(&file)? == hash);
            if !is_whole {
                self.found(Fault::DocumentMissing, "a document that came with an episode is missing or broken", false)
                    .at(&file)
                    .remedy("Bring it back from a backup; what was read from it is still here");
            }
            known.insert(file);
        }
        for folder in folders_in(&self.library.folder().join("documents"))? {
            self.strays(&folder, |file| known.contains(file), Fault::DocumentStray, "document")?;
        }
        Ok(())
    }
}
