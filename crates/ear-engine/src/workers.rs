//! Who works on a library. Each worker holds a lock that the system gives back when its process ends, however
//! it ends: so a dead worker's jobs are taken over at once, not when their leases run out. Where a disk knows
//! no locks, the leases alone decide.

use crate::{Library, Result};
use ear_store::now;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// How the lock files of workers end.
const LOCK: &str = "worker";

/// A worker's name, and its lock for as long as this lives.
pub(crate) struct Presence<'a> {
    library: &'a Library,
    /// Distinct among all workers of a library: two threads of one process are two workers.
    pub name: String,
    lock: Option<(File, PathBuf)>,
}

impl<'a> Presence<'a> {
    /// Begins to be a worker of this library.
    pub fn begin(library: &'a Library) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("{}-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed), now());
        let path = lock_file(&library.inbox(), &name);
        // The lock is taken before the name is used anywhere, so nobody can find it free while we live.
        let lock = File::options().create_new(true).write(true).open(&path).ok();
        let lock = lock.filter(|file| file.try_lock().is_ok()).map(|file| (file, path));
        Self { library, name, lock }
    }
}

impl Drop for Presence<'_> {
    /// The file stays where jobs stay that could not be given back: free, it tells that nobody works on them.
    fn drop(&mut self) {
        let gave_all_back = || self.library.store.workers().is_ok_and(|workers| !workers.contains(&self.name));
        if let Some((_, path)) = &self.lock
            && gave_all_back()
        {
            fs::remove_file(path).unwrap_or_default();
        }
    }
}

impl Library {
    /// Lets go of the jobs of workers that are gone. How many jobs.
    pub(crate) fn end_leases_of_the_dead(&self) -> Result<usize> {
        self.dead_workers()?.iter().try_fold(0, |ended, worker| Ok(ended + self.store.end_leases(worker)?))
    }

    /// Workers that hold jobs and are known to be gone.
    pub(crate) fn dead_workers(&self) -> Result<Vec<String>> {
        let mut workers = self.store.workers()?;
        workers.retain(|worker| is_gone(&lock_file(&self.inbox(), worker)));
        Ok(workers)
    }
}

/// Whether a file in the inbox is the lock of a worker that lives.
pub(crate) fn is_held(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == LOCK) && !is_gone(file)
}

/// Whether the lock is there and nobody holds it. A name comes from the database, so it may be anything.
fn is_gone(lock: &Path) -> bool {
    let Ok(file) = File::open(lock) else { return false };
    match file.try_lock_shared() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

fn lock_file(inbox: &Path, worker: &str) -> PathBuf {
    let plain: String = worker.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    inbox.join(format!("{plain}.{LOCK}"))
}
