//! Looks for damage, for the doctor, and mends what rows can tell about each other.

use crate::columns::fold;
use crate::recordings::{self, Recording};
use crate::{Result, Store};
use ear_core::EpisodeId;
use rusqlite::Connection;

/// Something that is wrong with the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anomaly {
    /// The file itself is damaged.
    Corruption(String),
    /// What was said cannot be read where it was stored.
    DamagedTranscript(String),
    /// Rows do not fit each other.
    Orphan(String),
}

impl Anomaly {
    /// What is wrong, in a sentence.
    pub fn message(&self) -> &str {
        let (Self::Corruption(message) | Self::DamagedTranscript(message) | Self::Orphan(message)) = self;
        message
    }
}

/// Each finds rows that should not exist and says in words what is wrong with them.
const ORPHANS: &[&str] = &[
    "SELECT 'a row of ' || \"table\" || ' points to a missing row of ' || parent || ': row '
         || coalesce(rowid, 'without id') FROM pragma_foreign_key_check",
    "SELECT 'recording ' || hash || ' belongs to no episode' FROM recordings
     WHERE NOT EXISTS (SELECT 1 FROM episodes WHERE recording = hash)",
    "SELECT 'episode ' || id || ' has the date `' || date || '`, which is none' FROM episodes
     WHERE date IS NOT NULL AND date IS NOT date(date)",
    "SELECT 'episode ' || indexed.episode_id || ' is indexed with a transcript of episode ' || transcripts.episode_id
     FROM indexed JOIN transcripts ON transcripts.id = transcript_id
     WHERE transcripts.episode_id <> indexed.episode_id",
    "SELECT 'episode ' || names_made.episode_id || ' has the names of a transcript of episode ' || transcripts.episode_id
     FROM names_made JOIN transcripts ON transcripts.id = transcript_id
     WHERE transcripts.episode_id <> names_made.episode_id",
    "SELECT 'episode ' || clips_made.episode_id || ' has the clips of a transcript of episode ' || transcripts.episode_id
     FROM clips_made JOIN transcripts ON transcripts.id = transcript_id
     WHERE transcripts.episode_id <> clips_made.episode_id",
    "SELECT 'transcript ' || transcript_id || ' has clips beyond its words: ' || count(*) FROM clips
     WHERE end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
         WHERE transcript_chunks.transcript_id = clips.transcript_id), 0) GROUP BY transcript_id",
    "SELECT 'transcript ' || transcript_id || ' has mentions beyond its words: ' || count(*) FROM mentions
     WHERE end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
         WHERE transcript_chunks.transcript_id = mentions.transcript_id), 0) GROUP BY transcript_id",
    "SELECT 'transcript ' || transcript_id || ' has repairs beyond its words: ' || count(*) FROM repairs
     WHERE end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
         WHERE transcript_chunks.transcript_id = repairs.transcript_id), 0) GROUP BY transcript_id",
    "SELECT 'repairs ' || one.id || ' and ' || other.id || ' of transcript ' || one.transcript_id
         || ' are both accepted for the same words'
     FROM repairs AS one JOIN repairs AS other ON other.transcript_id = one.transcript_id AND other.id > one.id
         AND other.first_word < one.end_word AND other.end_word > one.first_word
     WHERE one.state = 'accepted' AND other.state = 'accepted'",
];

/// The same for words.
const DAMAGED: &[&str] = &[
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' does not follow the one before'
     FROM (SELECT transcript_id, seq, first_word,
             coalesce(lag(seq + 1) OVER chunks, 0) AS expected_seq,
             coalesce(lag(first_word + word_count) OVER chunks, 0) AS expected_word
         FROM transcript_chunks WINDOW chunks AS (PARTITION BY transcript_id ORDER BY seq))
     WHERE seq <> expected_seq OR first_word <> expected_word",
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' cannot be read' FROM transcript_chunks
     WHERE NOT json_valid(words) OR NOT json_valid(stretches) OR NOT coalesce(json_valid(alternatives), 1)",
    "SELECT 'transcript ' || transcript_id || ': chunk ' || seq || ' should hold ' || word_count || ' words and holds '
         || json_array_length(words)
     FROM transcript_chunks WHERE iif(json_valid(words), json_array_length(words) <> word_count, 0)",
    "SELECT 'transcript ' || id || ': its turns or stretches cannot be read' FROM transcripts
     WHERE NOT json_valid(turns) OR NOT json_valid(stretches)",
];

/// Makes rows fit each other again without dropping a word: words whose episode is gone get one anew, and so do
/// repairs whose name is gone.
const MENDS: &[&str] = &[
    "DELETE FROM transcripts WHERE state = 'partial' AND episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM transcript_chunks WHERE transcript_id NOT IN (SELECT id FROM transcripts)",
    "DELETE FROM jobs WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM indexed WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR transcript_id NOT IN (SELECT id FROM transcripts WHERE transcripts.episode_id = indexed.episode_id)",
    "UPDATE episodes SET show_id = NULL WHERE show_id NOT IN (SELECT id FROM shows)",
    "UPDATE episodes SET recording = NULL WHERE recording NOT IN (SELECT hash FROM recordings)",
    "UPDATE episodes SET date = NULL WHERE date IS NOT NULL AND date IS NOT date(date)",
    "DELETE FROM feeds WHERE show_id NOT IN (SELECT id FROM shows)",
    "DELETE FROM feed_items WHERE feed_id NOT IN (SELECT id FROM feeds)",
    "UPDATE feed_items SET episode_id = NULL WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM episode_documents WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR hash NOT IN (SELECT hash FROM documents)",
    "UPDATE episode_documents SET transcript_id = NULL WHERE transcript_id NOT IN (SELECT id FROM transcripts)",
    "DELETE FROM chapters WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM credits WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM episode_facts WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM episode_files WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM name_spellings WHERE name_id NOT IN (SELECT id FROM names)",
    "DELETE FROM names_forwarded WHERE name_id NOT IN (SELECT id FROM names)",
    "DELETE FROM names_apart WHERE name_id NOT IN (SELECT id FROM names) OR other_id NOT IN (SELECT id FROM names)",
    "DELETE FROM episode_names WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR name_id NOT IN (SELECT id FROM names)",
    "DELETE FROM repairs WHERE transcript_id NOT IN (SELECT id FROM transcripts)
         OR end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
             WHERE transcript_chunks.transcript_id = repairs.transcript_id), 0)",
    "UPDATE repairs SET state = 'proposed' WHERE state = 'accepted' AND EXISTS (SELECT 1 FROM repairs AS other
         WHERE other.state = 'accepted' AND other.transcript_id = repairs.transcript_id AND other.id < repairs.id
             AND other.first_word < repairs.end_word AND other.end_word > repairs.first_word)",
    "DELETE FROM repair_decisions WHERE repair_id NOT IN (SELECT id FROM repairs)",
    // Without this mark the names are made again, and with them the mentions that go here.
    "DELETE FROM names_made WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR transcript_id NOT IN (SELECT id FROM transcripts WHERE transcripts.episode_id = names_made.episode_id)
         OR transcript_id IN (SELECT transcript_id FROM mentions
             WHERE name_id NOT IN (SELECT id FROM names)
                 OR end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
                     WHERE transcript_chunks.transcript_id = mentions.transcript_id), 0))",
    "DELETE FROM mentions WHERE transcript_id NOT IN (SELECT id FROM transcripts)
         OR name_id NOT IN (SELECT id FROM names)
         OR end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
             WHERE transcript_chunks.transcript_id = mentions.transcript_id), 0)",
    "DELETE FROM clip_work WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR made_by NOT IN (SELECT id FROM clip_edits)",
    "UPDATE clip_work SET ended_by = NULL WHERE ended_by NOT IN (SELECT id FROM clip_edits)",
    "DELETE FROM clip_edits WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM clip_heard WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "DELETE FROM sentence_keys WHERE episode_id NOT IN (SELECT id FROM episodes)",
    // Without this mark the clips are made again, in place of those that go here.
    "DELETE FROM clips_made WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR transcript_id NOT IN (SELECT id FROM transcripts WHERE transcripts.episode_id = clips_made.episode_id)
         OR transcript_id IN (SELECT transcript_id FROM clips
             WHERE end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
                 WHERE transcript_chunks.transcript_id = clips.transcript_id), 0))",
    "DELETE FROM clips WHERE episode_id NOT IN (SELECT id FROM episodes)
         OR transcript_id NOT IN (SELECT id FROM transcripts)
         OR end_word > coalesce((SELECT max(first_word + word_count) FROM transcript_chunks
             WHERE transcript_chunks.transcript_id = clips.transcript_id), 0)",
    "DELETE FROM clips_gone WHERE episode_id NOT IN (SELECT id FROM episodes)",
    "UPDATE clips_gone SET clip_id = NULL WHERE clip_id NOT IN (SELECT id FROM clips)",
];

/// No more than this of each kind of damage; one broken page can break thousands of rows.
const MOST: usize = 20;

impl Store {
    /// What is wrong with the database; empty where all is well. Reads the whole file; `thorough` compares
    /// also what its own indexes say with the rows.
    ///
    /// # Errors
    /// Where the file is too damaged even to be checked.
    pub fn integrity(&self, thorough: bool) -> Result<Vec<Anomaly>> {
        self.read("check the tables", |tx| {
            let check = if thorough { "integrity_check" } else { "quick_check" };
            let mut corrupt = texts(tx, &format!("SELECT {check} FROM pragma_{check}"))?;
            corrupt.retain(|finding| finding != "ok");
            let mut findings: Vec<_> = corrupt.into_iter().map(Anomaly::Corruption).collect();
            for sql in ORPHANS {
                findings.extend(texts(tx, sql)?.into_iter().map(Anomaly::Orphan));
            }
            for sql in DAMAGED {
                findings.extend(texts(tx, sql)?.into_iter().map(Anomaly::DamagedTranscript));
            }
            Ok(findings)
        })
    }

    /// Makes rows fit each other again. Words whose episode is gone get an episode anew; recordings that no
    /// episode has are returned, and their files are nobody's any more.
    pub fn mend_orphans(&self) -> Result<Vec<Recording>> {
        self.write("mend the tables", |tx| {
            let mut lost = tx.prepare(
                "SELECT DISTINCT episode_id FROM transcripts
                 WHERE state = 'complete' AND episode_id NOT IN (SELECT id FROM episodes)",
            )?;
            let lost: Vec<EpisodeId> =
                lost.query_map([], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?;
            for episode in lost {
                let title = format!("Recovered episode {episode}");
                tx.execute(
                    "INSERT INTO episodes (id, title, folded, notes, source, added_at) VALUES (?1, ?2, ?3, '', '', ?4)",
                    (episode.0, &title, fold(&title), crate::now()),
                )?;
            }
            crate::names::recover(tx)?;
            for sql in MENDS {
                tx.execute(sql, [])?;
            }
            recordings::remove_unused(tx)
        })
    }

    /// Transcripts that were begun and that no job will complete: none waits, runs, or can be retried.
    pub fn stranded_partials(&self) -> Result<Vec<crate::TranscriptInfo>> {
        self.read("look for stranded transcripts", |tx| {
            let mut query = tx.prepare(
                "SELECT id FROM transcripts WHERE state = 'partial' AND NOT EXISTS (SELECT 1 FROM jobs
                     WHERE jobs.episode_id = transcripts.episode_id AND kind NOT IN ('index', 'names', 'meaning', 'clips', 'describe')
                         AND jobs.state <> 'done')
                 ORDER BY id",
            )?;
            let ids: Vec<i64> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            let found = ids.into_iter().map(|id| crate::transcripts::one(tx, ear_core::TranscriptId(id)));
            Ok(found.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// Episodes with sound and no transcript that nobody ever asked to hear: their process ended between
    /// adding them and asking.
    pub fn never_asked_for(&self) -> Result<Vec<EpisodeId>> {
        self.read("look for forgotten episodes", |tx| {
            let mut query = tx.prepare(
                "SELECT id FROM episodes WHERE recording IS NOT NULL
                     AND NOT EXISTS (SELECT 1 FROM jobs WHERE episode_id = episodes.id)
                     AND NOT EXISTS (SELECT 1 FROM transcripts WHERE episode_id = episodes.id) ORDER BY id",
            )?;
            Ok(query.query_map([], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn texts(tx: &Connection, sql: &str) -> Result<Vec<String>> {
    let mut query = tx.prepare(&format!("{sql} LIMIT {MOST}"))?;
    Ok(query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
