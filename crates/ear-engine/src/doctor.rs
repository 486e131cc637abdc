//! Looks for faults of a library, and mends those it can.

use crate::jobs::FINGERPRINT;
use crate::{Error, Library, Result};
use ear_core::EpisodeId;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

impl Library {
    /// Looks for faults; with `repair` mends those it can. Each finding is (what, whether it is now mended).
    pub fn doctor(&self, repair: bool) -> Result<Vec<(String, bool)>> {
        let mut findings: Vec<(String, bool)> =
            self.store.integrity()?.into_iter().map(|fault| (fault, false)).collect();
        findings.extend(self.missing_recordings()?);
        findings.extend(self.stray_files(repair)?);
        findings.extend(self.index_faults(repair)?);
        Ok(findings)
    }

    fn missing_recordings(&self) -> Result<Vec<(String, bool)>> {
        let mut findings = Vec::new();
        for recording in self.store.recordings()? {
            let file = self.recording_file(&recording);
            let name = recording.original_name.as_deref().unwrap_or("a recording");
            match fs::metadata(&file) {
                Ok(metadata) if metadata.len() == recording.bytes => {}
                Ok(_) => findings.push((
                    format!("{}: has another size than {name} had; add that file again", file.display()),
                    false,
                )),
                Err(_) => findings
                    .push((format!("{}: the sound of {name} is missing; add that file again", file.display()), false)),
            }
        }
        Ok(findings)
    }

    /// Recordings that no episode has: left by a process that died between copying and remembering. Young
    /// ones may be just on their way in. Sound is never deleted here: it is put aside into `lost/`.
    fn stray_files(&self, repair: bool) -> Result<Vec<(String, bool)>> {
        let known: BTreeSet<_> =
            self.store.recordings()?.iter().map(|recording| self.recording_file(recording)).collect();
        let mut findings = Vec::new();
        for folder in files_in(&self.folder().join("recordings"))? {
            for file in files_in(&folder)?.into_iter().filter(|file| !known.contains(file) && is_old(file)) {
                if repair {
                    self.put_aside(&file)?;
                }
                findings.push((
                    format!("{}: no episode has this sound; a repair puts it into lost/", file.display()),
                    repair,
                ));
            }
        }
        Ok(findings)
    }

    fn put_aside(&self, file: &Path) -> Result<()> {
        let lost = self.folder().join("lost");
        let failed = |error: std::io::Error| Error::file(file, &error);
        fs::create_dir_all(&lost).map_err(failed)?;
        fs::rename(file, lost.join(file.file_name().unwrap_or_default())).map_err(failed)
    }

    fn index_faults(&self, repair: bool) -> Result<Vec<(String, bool)>> {
        let index = match self.index() {
            Ok(index) => index,
            Err(error) => {
                if repair {
                    self.reindex(&|_| ())?;
                }
                return Ok(vec![(error.to_string(), repair)]);
            }
        };
        let indexed = index.episodes()?;
        let mut findings = Vec::new();
        let mut stale: BTreeSet<EpisodeId> =
            self.store.not_indexed(FINGERPRINT)?.iter().map(|(episode, _)| *episode).collect();
        for marked in self.store.all_indexed()? {
            let words = self.store.transcript_info(marked.transcript)?.map_or(0, |info| info.words);
            let there = indexed.get(&marked.episode).is_some_and(|(transcript, _)| *transcript == marked.transcript);
            // An episode without words has no passages and so is not in the index.
            if !there && words > 0 {
                stale.insert(marked.episode);
            }
        }
        let queued: BTreeSet<_> = self
            .store
            .pending_for(&stale.iter().copied().collect::<Vec<_>>())?
            .iter()
            .filter_map(|job| job.episode)
            .collect();
        for episode in stale.difference(&queued) {
            if repair {
                self.index_episodes(&[*episode])?;
            }
            findings.push((format!("episode {episode}: its words can't be searched"), repair));
        }
        for episode in indexed.keys() {
            if self.store.episode(*episode)?.is_none() {
                if repair {
                    index.remove(&[*episode])?;
                }
                findings.push((format!("episode {episode}: was removed and is still in the index"), repair));
            }
        }
        Ok(findings)
    }
}

/// Whether a file has lain still for so long that no process can be about to remember it.
fn is_old(file: &Path) -> bool {
    const HOUR: Duration = Duration::from_secs(3600);
    let age = fs::metadata(file).and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
    age.is_some_and(|age| age > HOUR)
}

fn files_in(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let failed = |error: std::io::Error| Error::file(folder, &error);
    let entries = fs::read_dir(folder).map_err(failed)?;
    entries.map(|entry| Ok(entry.map_err(failed)?.path())).collect()
}
