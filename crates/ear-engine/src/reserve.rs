//! A little room on the disk that is kept free, so that a worker who meets a full disk can still note that its
//! job is to be done later.

use crate::{ErrorKind, Library, Result};
use std::fs;
use std::path::PathBuf;

/// The file that takes the room, in the inbox.
pub(crate) const RESERVE: &str = "reserve";
/// Its size: what a few small changes to the database need.
const BYTES: usize = 128 * 1024;

impl Library {
    /// Takes the room, where it is not taken. That it can't be had is no reason not to go on.
    pub(crate) fn take_reserve(&self) {
        let file = self.reserve();
        if !file.exists() && fs::write(&file, filling()).is_err() {
            self.free_reserve();
        }
    }

    /// Gives the room to whoever needs it now.
    pub(crate) fn free_reserve(&self) {
        fs::remove_file(self.reserve()).unwrap_or_default();
    }

    /// Does what frees room; on a full disk once more with the room that was kept for it.
    pub(crate) fn with_reserve<T>(&self, work: impl Fn() -> Result<T>) -> Result<T> {
        match work() {
            Err(error) if error.kind == ErrorKind::DiskFull => {
                self.free_reserve();
                work()
            }
            result => result,
        }
    }

    fn reserve(&self) -> PathBuf {
        self.inbox().join(RESERVE)
    }
}

/// Bytes that no file system makes smaller.
fn filling() -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    (0..BYTES).map(|_| next()).collect()
}
