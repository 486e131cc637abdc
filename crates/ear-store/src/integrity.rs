//! Looks for damage, for the doctor.

use crate::{Result, Store};
use rusqlite::Connection;

/// Each finds rows that should not exist and says in words what is wrong with them.
const ANOMALIES: &[&str] = &[
    "SELECT 'recording ' || hash || ' belongs to no episode' FROM recordings
     WHERE NOT EXISTS (SELECT 1 FROM episodes WHERE recording = hash)",
    "SELECT 'episode ' || id || ' has the date `' || date || '`, which is none' FROM episodes
     WHERE date IS NOT NULL AND date IS NOT date(date)",
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' does not follow the one before'
     FROM (SELECT transcript_id, seq, first_word,
             coalesce(lag(seq + 1) OVER chunks, 0) AS expected_seq,
             coalesce(lag(first_word + word_count) OVER chunks, 0) AS expected_word
         FROM transcript_chunks WINDOW chunks AS (PARTITION BY transcript_id ORDER BY seq))
     WHERE seq <> expected_seq OR first_word <> expected_word",
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' cannot be read' FROM transcript_chunks
     WHERE NOT json_valid(words) OR NOT json_valid(stretches)",
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' should hold ' || word_count || ' words and holds '
         || json_array_length(words)
     FROM transcript_chunks WHERE iif(json_valid(words), json_array_length(words) <> word_count, 0)",
    "SELECT 'transcript ' || id || ': its turns or stretches cannot be read' FROM transcripts
     WHERE NOT json_valid(turns) OR NOT json_valid(stretches)",
    "SELECT 'episode ' || indexed.episode_id || ' is indexed with a transcript of episode ' || transcripts.episode_id
     FROM indexed JOIN transcripts ON transcripts.id = transcript_id
     WHERE transcripts.episode_id <> indexed.episode_id",
];

/// No more than this of each kind of damage; one broken page can break thousands of rows.
const MOST: usize = 20;

impl Store {
    /// What is wrong with the database, one sentence a finding; empty where all is well. Reads the whole
    /// file.
    ///
    /// # Errors
    /// Where the file is too damaged even to be checked.
    pub fn integrity(&self) -> Result<Vec<String>> {
        self.read("check the tables", |tx| {
            let mut findings = texts(tx, "SELECT quick_check FROM pragma_quick_check")?;
            findings.retain(|finding| finding != "ok");
            findings.extend(texts(
                tx,
                "SELECT 'a row of ' || \"table\" || ' points to a missing row of ' || parent || ': row '
                     || coalesce(rowid, 'without id') FROM pragma_foreign_key_check",
            )?);
            for sql in ANOMALIES {
                findings.extend(texts(tx, sql)?);
            }
            Ok(findings)
        })
    }
}

fn texts(tx: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut query = tx.prepare(&format!("{sql} LIMIT {MOST}"))?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
