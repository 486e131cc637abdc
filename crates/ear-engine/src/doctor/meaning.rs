//! The vectors: derived, so that what is of no use is removed, and what is broken is made anew.

use super::{Fault, Visit, files_in, is_old};
use crate::{Error, Result};
use ear_search::VectorFile;
use std::fs;

impl Visit<'_> {
    pub(super) fn vectors(&mut self) -> Result<()> {
        let folder = self.library.vectors_folder();
        for file in files_in(&folder)? {
            let fault = match VectorFile::transcript_of(&file) {
                Some(id) if self.library.store.transcript_info(id)?.is_none() => "is of a transcript that is gone",
                Some(id) if VectorFile::glance(&folder, id).is_none() => "is no whole file of vectors",
                Some(id) if self.options.thorough && VectorFile::read(&folder, id)?.is_none() => {
                    "holds other bytes than were written"
                }
                Some(_) => continue,
                // Files that a killed process left beside those that it meant.
                None if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
                    && is_old(&file) =>
                {
                    "was being written when its process ended"
                }
                None => continue,
            };
            if self.options.repair {
                fs::remove_file(&file).map_err(|error| Error::file(&file, &error))?;
            }
            let mended = self.options.repair;
            self.found(
                Fault::VectorsBroken,
                format!("{fault}; `earwitness work` makes those anew that are missing"),
                mended,
            )
            .at(&file);
        }
        Ok(())
    }
}
