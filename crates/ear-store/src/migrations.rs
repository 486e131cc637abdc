//! The forms the database has had, and the way from each to the next.

use crate::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Each step leads from the form of its index to the next; steps are added, never edited.
const STEPS: &[&str] = &[include_str!("../migrations/0001_library.sql")];

/// "Earw": marks the file as ours among all SQLite files.
const APPLICATION_ID: i64 = 0x4561_7277;

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

/// Brings the file to the form this program knows: all steps or none.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    if form(connection)? == STEPS.len() as i64 {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker, with this program or a newer one.
    check(&transaction, path)?;
    for step in STEPS.iter().skip(form(&transaction)? as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    Ok(transaction.commit()?)
}

fn form(connection: &Connection) -> rusqlite::Result<i64> {
    number(connection, "SELECT user_version FROM pragma_user_version")
}

fn number(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.query_row(sql, [], |row| row.get(0))
}
