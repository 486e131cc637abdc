//! The forms the database has had, and the way from each to the next.

use crate::opening::{Mode, connect};
use crate::{Error, Frozen, Result};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Each step leads from the form of its index to the next; steps are added, never edited.
const STEPS: &[&str] = &[
    include_str!("../migrations/0001_library.sql"),
    include_str!("../migrations/0002_feeds.sql"),
    include_str!("../migrations/0003_keeping.sql"),
    include_str!("../migrations/0004_names.sql"),
    include_str!("../migrations/0005_names_journal.sql"),
    include_str!("../migrations/0006_clips.sql"),
    include_str!("../migrations/0007_proposals.sql"),
];

/// "Earw": marks the file as ours among all SQLite files.
const APPLICATION_ID: i64 = 0x4561_7277;

/// What was done to a file of an older form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The form it had.
    pub from: i64,
    /// The form it has now.
    pub to: i64,
    /// Where the file as it was is kept.
    pub copy: PathBuf,
}

/// Refuses files that are not ours or are newer than this program, without touching them.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<()> {
    let open = |source| Error::Open { path: path.into(), source };
    let application = number(connection, "SELECT application_id FROM pragma_application_id").map_err(open)?;
    let tables = number(connection, "SELECT count(*) FROM sqlite_schema").map_err(open)?;
    let ours = application == APPLICATION_ID || (application == 0 && tables == 0);
    if !ours {
        return Err(Error::Foreign { path: path.into() });
    }
    let (found, known) = (form(connection).map_err(open)?, STEPS.len() as i64);
    if found > known { Err(Error::Newer { path: path.into(), found, known }) } else { Ok(()) }
}

/// [`check`], and refuses what would first have to be brought to today's form: for those who only read.
pub(crate) fn check_whole(connection: &Connection, path: &Path) -> Result<()> {
    check(connection, path)?;
    let open = |source| Error::Open { path: path.into(), source };
    let (found, known) = (form(connection).map_err(open)?, STEPS.len() as i64);
    if found < known { Err(Error::Older { path: path.into(), found, known }) } else { Ok(()) }
}

/// Brings the file to the form this program knows: all steps or none. What was changed, if it was a library
/// before.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<Option<Migrated>> {
    let (from, to) = (form(connection)?, STEPS.len() as i64);
    if from == to {
        return Ok(None);
    }
    let copy = if from == 0 { None } else { keep_copy(connection, path, from, to)? };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker, with this program or a newer one.
    check(&transaction, path)?;
    for step in STEPS.iter().skip(form(&transaction)? as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    transaction.commit()?;
    Ok(copy.map(|copy| Migrated { from, to, copy }))
}

/// Copies the file as it is beside it: whole or not at all. `None` where another process has changed its form
/// meanwhile, and so has kept a copy already.
fn keep_copy(connection: &Connection, path: &Path, from: i64, to: i64) -> Result<Option<PathBuf>> {
    let beside = |end: String| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let (copy, part) = (beside(format!(".before-v{to}")), beside(format!(".before-v{to}.{}", std::process::id())));
    let failed = |source: std::io::Error| Error::KeepCopy { path: copy.clone(), source };
    if part.exists() {
        fs::remove_file(&part).map_err(failed)?;
    }
    let backup = |source| Error::Backup { path: copy.clone(), source };
    let name = part.to_str().ok_or_else(|| backup(rusqlite::Error::InvalidPath(part.clone())))?;
    connection.execute("VACUUM INTO ?1", [name]).map_err(backup)?;
    let kept = connect(&part, Mode::Frozen { why: Frozen::ReadOnly, immutable: false }, OpenFlags::empty())?;
    let is_old = form(&kept)? == from;
    drop(kept);
    if !is_old {
        fs::remove_file(&part).map_err(failed)?;
        return Ok(None);
    }
    File::open(&part).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(&part, &copy).map_err(failed)?;
    Ok(Some(copy))
}

fn form(connection: &Connection) -> rusqlite::Result<i64> {
    number(connection, "SELECT user_version FROM pragma_user_version")
}

fn number(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.query_row(sql, [], |row| row.get(0))
}
