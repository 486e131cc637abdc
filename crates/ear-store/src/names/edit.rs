//! What the user does to names by hand. It outlives everything that is made again, and each act can be taken back.

use super::entities::{self, Given, add_spelling, is_apart};
use super::journal::{Act, Acting};
use super::{Form, episode, fold_name, kind_name, required, resolve, spelled};
use crate::columns::parsed;
use crate::{Result, Store};
use ear_core::{EpisodeId, Name, NameId, NameKind, NameSource};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeSet, HashSet};

impl Store {
    /// Adds a name that the user follows, or follows the one there is, also where it was forgotten.
    ///
    /// # Errors
    /// [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn add_name(&self, name: &Name) -> Result<NameId> {
        let given = Given::of(name)?;
        self.write("add a name", |tx| {
            let found = entities::find(tx, &given, &HashSet::new())?;
            let mut acting = Acting::on(tx, found.as_slice())?;
            let id = match found {
                Some(id) => id,
                None => {
                    let id = entities::insert(tx, &given.text, given.kind)?;
                    acting.made(id);
                    id
                }
            };
            entities::enrich(tx, id, &given)?;
            tx.prepare_cached("UPDATE names SET followed = 1, by_hand = 1, forgotten = 0 WHERE id = ?1")?
                .execute([id.0])?;
            acting.done(if found.is_some() { Act::Followed } else { Act::Added }, &shown(tx, id)?, None)?;
            recount(tx, &[id])?;
            Ok(id)
        })
    }

    /// Follows a name in all episodes, also where it was forgotten; or no longer.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing).
    pub fn follow_name(&self, id: NameId, followed: bool) -> Result<()> {
        self.write("follow a name", |tx| {
            let id = resolve(tx, id)?;
            let acting = Acting::on(tx, &[id])?;
            tx.prepare_cached("UPDATE names SET followed = ?2, forgotten = forgotten AND NOT ?2 WHERE id = ?1")?
                .execute((id.0, followed))?;
            acting.done(if followed { Act::Followed } else { Act::Unfollowed }, &shown(tx, id)?, None)?;
            recount(tx, &[id])
        })
    }

    /// Says what a name is the name of; `None`: nothing of these. Lists do not change it any more.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing).
    pub fn set_name_kind(&self, id: NameId, kind: Option<NameKind>) -> Result<()> {
        self.write("set the kind of a name", |tx| {
            let id = resolve(tx, id)?;
            let acting = Acting::on(tx, &[id])?;
            tx.prepare_cached("UPDATE names SET kind = ?2, kind_by_hand = 1, by_hand = 1 WHERE id = ?1")?
                .execute((id.0, kind.map(kind_name)))?;
            acting.done(Act::Sorted, &shown(tx, id)?, kind.map(kind_name))
        })
    }

    /// Gives a name another spelling to be shown by; the one it had still leads to it. What accepted repairs
    /// read stays as it was accepted.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing), [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn rename_name(&self, id: NameId, name: &str) -> Result<()> {
        let name = required(name)?;
        let own = fold_name(&name);
        self.write("rename a name", |tx| {
            let id = resolve(tx, id)?;
            let (old, acting) = (shown(tx, id)?, Acting::on(tx, &[id])?);
            tx.prepare_cached("UPDATE names SET name = ?2, by_hand = 1 WHERE id = ?1")?.execute((id.0, &name))?;
            tx.prepare_cached("DELETE FROM names_apart WHERE name_id = ?1 AND folded = ?2")?.execute((id.0, &own))?;
            tx.prepare_cached("UPDATE name_spellings SET by_hand = 1 WHERE name_id = ?1 AND form = 'name'")?
                .execute([id.0])?;
            add_spelling(tx, id, &name, Form::Name, true)?;
            tx.prepare_cached("UPDATE name_spellings SET text = ?3 WHERE name_id = ?1 AND folded = ?2")?
                .execute((id.0, &own, &name))?;
            let mut update =
                tx.prepare_cached("UPDATE name_spellings SET form = ?3 WHERE name_id = ?1 AND folded = ?2")?;
            for (folded, _, _) in spellings(tx, id)? {
                update.execute((id.0, &folded, Form::of(&folded, &own).name()))?;
            }
            acting.done(Act::Renamed, &old, Some(&name))
        })
    }

    /// Joins the names `away` into `keep`, with their spellings, mentions and repairs. All ids lead to the joined
    /// one from now on. Joining twice is joining once. The episodes that read otherwise now: those where the same
    /// words had accepted repairs to two of them.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing); then nothing is joined.
    pub fn merge_names(&self, keep: NameId, away: &[NameId]) -> Result<Vec<EpisodeId>> {
        self.write("join names", |tx| {
            let keep = resolve(tx, keep)?;
            let all = away.iter().map(|id| resolve(tx, *id)).collect::<Result<Vec<_>>>()?;
            let mut away: Vec<NameId> = Vec::new();
            for id in all {
                if id != keep && !away.contains(&id) {
                    away.push(id);
                }
            }
            let (mut episodes, mut concerned) = (BTreeSet::new(), vec![keep]);
            concerned.extend(&away);
            for id in &concerned {
                episodes.extend(episodes_of(tx, *id)?);
            }
            let acting = Acting::on(tx, &concerned)?;
            let names = away.iter().map(|id| shown(tx, *id)).collect::<Result<Vec<_>>>()?.join(", ");
            let before = readings(tx, &concerned)?;
            for away in &away {
                join(tx, keep, *away)?;
            }
            acting.done(Act::Joined, &shown(tx, keep)?, Some(&names))?;
            episodes.iter().try_for_each(|episode| episode::recount(tx, *episode))?;
            let after = readings(tx, &concerned)?;
            Ok(before.difference(&after).map(|(episode, _)| *episode).collect::<BTreeSet<_>>().into_iter().collect())
        })
    }

    /// Takes a name out of all lists, and proposes it no more; `forget` false brings it back. What its accepted
    /// repairs read stays. It is not followed any longer.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing).
    pub fn forget_name(&self, id: NameId, forget: bool) -> Result<()> {
        self.write("forget a name", |tx| {
            let id = resolve(tx, id)?;
            let acting = Acting::on(tx, &[id])?;
            // By hand, so that it is not swept and met again as a new one.
            tx.prepare_cached(
                "UPDATE names SET forgotten = ?2, followed = followed AND NOT ?2, by_hand = 1 WHERE id = ?1",
            )?
            .execute((id.0, forget))?;
            if forget {
                // Written down with the act, so that it is known where the name was when it comes back.
                tx.prepare_cached("DELETE FROM episode_names WHERE name_id = ?1")?.execute([id.0])?;
            }
            acting.done(if forget { Act::Forgot } else { Act::Recalled }, &shown(tx, id)?, None)?;
            recount(tx, &[id])
        })
    }

    /// Splits spellings off a name: they, what they spell and what was repaired to them, or heard so, become
    /// those of a new name, and are never joined to the old one again but by hand. The spelling by which the
    /// old one is shown stays with it.
    ///
    /// # Errors
    /// [`Error::Missing`](crate::Error::Missing), [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn split_name(&self, id: NameId, variants: &[String], new_name: &str) -> Result<NameId> {
        let new_name = required(new_name)?;
        let texts = variants.iter().map(|text| spelled(text)).filter(|text| !text.is_empty());
        let texts: Vec<_> = texts.chain([new_name.clone()]).collect();
        self.write("split a name", |tx| {
            let id = resolve(tx, id)?;
            let mut acting = Acting::on(tx, &[id])?;
            let new = entities::insert(tx, &new_name, None)?;
            acting.made(new);
            tx.prepare_cached("UPDATE names SET by_hand = 1 WHERE id IN (?1, ?2)")?.execute((id.0, new.0))?;
            tx.prepare_cached("UPDATE names SET kind = (SELECT kind FROM names WHERE id = ?1) WHERE id = ?2")?
                .execute((id.0, new.0))?;
            let there = spellings(tx, id)?;
            let own = there.iter().find(|spelling| spelling.2 == Form::Name).map_or("", |spelling| &spelling.0);
            let mut folded: HashSet<_> = texts.iter().map(|text| fold_name(text)).collect();
            folded.remove(own);
            let misheard = move_said(tx, id, new, &folded)?;
            for text in texts.iter().filter(|text| folded.contains(&fold_name(text))) {
                let is_spelling = there.iter().any(|spelling| spelling.0 == fold_name(text));
                if is_spelling || !misheard.contains(&fold_name(text)) {
                    let form = Form::of(&fold_name(text), &fold_name(&new_name));
                    add_spelling(tx, new, text, form, true)?;
                }
                keep_apart(tx, id, &fold_name(text), new)?;
            }
            // A part that stays may well be a part of the new one too ("Smith").
            for (spelling, _, form) in there.iter().filter(|spelling| spelling.2 != Form::Part) {
                if !folded.contains(spelling) && (*form != Form::Name || *spelling != fold_name(&new_name)) {
                    keep_apart(tx, new, spelling, id)?;
                }
            }
            acting.done(Act::Split, &shown(tx, id)?, Some(&new_name))?;
            recount(tx, &[id, new])?;
            Ok(new)
        })
    }

    /// The episodes that have a name, said or only listed, or repairs to it, or had it before it was forgotten.
    pub fn episodes_with_name(&self, id: NameId) -> Result<Vec<EpisodeId>> {
        self.read("find the episodes of a name", |tx| {
            let id = resolve(tx, id)?;
            let mut episodes: BTreeSet<EpisodeId> = episodes_of(tx, id)?.into_iter().collect();
            let mut query = tx.prepare_cached(
                "SELECT episodes.id FROM act_rows JOIN episodes ON episodes.id = json_extract(key, '$.episode_id')
                 WHERE of_table = 'episode_names' AND json_extract(key, '$.name_id') = ?1",
            )?;
            let rows = query.query_map([id.0], |row| row.get(0).map(EpisodeId))?;
            episodes.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            Ok(episodes.into_iter().collect())
        })
    }
}

/// What remains of joining ?2 into ?1 once its spellings are there. Of two repairs of the same words the one
/// that was decided stays.
const JOIN: &[&str] = &[
    "DELETE FROM repairs WHERE name_id = ?2 AND EXISTS (SELECT 1 FROM repairs AS other WHERE other.name_id = ?1
         AND other.transcript_id = repairs.transcript_id AND other.first_word = repairs.first_word
         AND other.end_word = repairs.end_word AND (other.state <> 'proposed' OR repairs.state = 'proposed'))",
    "DELETE FROM repairs WHERE name_id = ?1 AND EXISTS (SELECT 1 FROM repairs AS other WHERE other.name_id = ?2
         AND other.transcript_id = repairs.transcript_id AND other.first_word = repairs.first_word
         AND other.end_word = repairs.end_word)",
    "UPDATE repairs SET name_id = ?1 WHERE name_id = ?2",
    "INSERT OR IGNORE INTO mentions SELECT transcript_id, first_word, end_word, ?1, start_ms, end_ms, heard
         FROM mentions WHERE name_id = ?2",
    "DELETE FROM mentions WHERE ?1 <> ?2 AND name_id = ?2",
    "UPDATE OR REPLACE names_apart SET other_id = ?1 WHERE other_id = ?2",
    "UPDATE OR IGNORE names_apart SET name_id = ?1 WHERE name_id = ?2 AND other_id <> ?1",
    "UPDATE names_forwarded SET name_id = ?1 WHERE name_id = ?2",
    "UPDATE names SET by_hand = 1, followed = max(followed, away.its_followed),
         kind = iif(kind_by_hand, kind, iif(away.its_hand, away.its_kind, coalesce(kind, away.its_kind))),
         kind_by_hand = max(kind_by_hand, away.its_hand), role = coalesce(role, away.its_role)
     FROM (SELECT followed AS its_followed, kind AS its_kind, kind_by_hand AS its_hand, role AS its_role
           FROM names WHERE id = ?2) AS away
     WHERE id = ?1",
    "DELETE FROM names WHERE ?1 <> ?2 AND id = ?2",
    "INSERT INTO names_forwarded VALUES (?2, ?1)",
];

/// Joins `away` into `keep`.
fn join(tx: &Connection, keep: NameId, away: NameId) -> Result<()> {
    join_episode_names(tx, keep, away)?;
    join_spellings(tx, keep, away)?;
    for sql in JOIN {
        tx.prepare_cached(sql)?.execute((keep.0, away.0))?;
    }
    Ok(())
}

/// What repairs to these names read, and in which episode.
fn readings(tx: &Connection, names: &[NameId]) -> Result<BTreeSet<(EpisodeId, String)>> {
    let mut query = tx.prepare_cached(
        "SELECT episode_id, transcript_id || ':' || first_word || '-' || end_word || ' ' || meant FROM repairs
         JOIN transcripts ON transcripts.id = transcript_id WHERE name_id = ?1 AND repairs.state = 'accepted'",
    )?;
    let mut found = BTreeSet::new();
    for name in names {
        let rows = query.query_map([name.0], |row| Ok((EpisodeId(row.get(0)?), row.get(1)?)))?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// Counts anew how often the names of the episodes of these names are said.
fn recount(tx: &Connection, names: &[NameId]) -> Result<()> {
    let mut episodes = BTreeSet::new();
    for name in names {
        episodes.extend(episodes_of(tx, *name)?);
    }
    episodes.into_iter().try_for_each(|episode| episode::recount(tx, episode))
}

/// A name as it is called now.
fn shown(tx: &Connection, id: NameId) -> Result<String> {
    let mut query = tx.prepare_cached("SELECT name FROM names WHERE id = ?1")?;
    Ok(query.query_row([id.0], |row| row.get(0))?)
}

fn join_spellings(tx: &Connection, keep: NameId, away: NameId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM names_apart WHERE (name_id = ?1 AND other_id = ?2) OR (name_id = ?2 AND other_id = ?1)",
    )?
    .execute((keep.0, away.0))?;
    let own = shown(tx, keep)?;
    for (folded, text, _) in spellings(tx, away)? {
        if !is_apart(tx, keep, &folded)? {
            // By hand, so that it leads here whatever kind a list gives it.
            add_spelling(tx, keep, &text, Form::of(&folded, &fold_name(&own)), true)?;
        }
    }
    Ok(())
}

fn join_episode_names(tx: &Connection, keep: NameId, away: NameId) -> Result<()> {
    let mut query = tx.prepare_cached("SELECT episode_id, sources FROM episode_names WHERE name_id = ?1")?;
    let rows = query.query_map([away.0], |row| Ok((row.get::<_, i64>(0)?, sources(row)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut kept = tx.prepare_cached("SELECT sources FROM episode_names WHERE episode_id = ?1 AND name_id = ?2")?;
    let mut update =
        tx.prepare_cached("UPDATE episode_names SET sources = ?3 WHERE episode_id = ?1 AND name_id = ?2")?;
    for (episode, more) in rows {
        let Some(mut all) = kept.query_row((episode, keep.0), sources).optional()? else { continue };
        all.extend(more);
        update.execute((episode, keep.0, episode::sources_json(&all)))?;
    }
    // Credited in both is credited once.
    tx.prepare_cached(
        "INSERT INTO episode_names SELECT episode_id, ?1, seq, sources, credited, said FROM episode_names
         WHERE name_id = ?2
         ON CONFLICT (episode_id, name_id) DO UPDATE SET credited = max(credited, excluded.credited)",
    )?
    .execute((keep.0, away.0))?;
    tx.prepare_cached("DELETE FROM episode_names WHERE name_id = ?1")?.execute([away.0])?;
    Ok(())
}

fn sources(row: &rusqlite::Row<'_>) -> rusqlite::Result<Vec<NameSource>> {
    parsed(row, "sources", |text| serde_json::from_str(text).ok())
}

/// Gives what is said by these spellings, or was heard so, to another name. Which of them were misheard.
fn move_said(tx: &Connection, from: NameId, to: NameId, folded: &HashSet<String>) -> Result<HashSet<String>> {
    let mut query = tx.prepare_cached("SELECT DISTINCT heard FROM mentions WHERE name_id = ?1")?;
    let heard: Vec<String> = query.query_map([from.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut update =
        tx.prepare_cached("UPDATE OR REPLACE mentions SET name_id = ?2 WHERE name_id = ?1 AND heard = ?3")?;
    for text in heard.iter().filter(|text| folded.contains(&fold_name(text))) {
        update.execute((from.0, to.0, text))?;
    }
    let mut query = tx.prepare_cached("SELECT id, heard_folded, meant FROM repairs WHERE name_id = ?1")?;
    let rows = query.query_map([from.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(i64, String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut update = tx.prepare_cached("UPDATE repairs SET name_id = ?2 WHERE id = ?1")?;
    let mut misheard = HashSet::new();
    for (id, heard, meant) in rows {
        let is_heard = folded.contains(&heard);
        if is_heard || folded.contains(&fold_name(&meant)) {
            update.execute((id, to.0))?;
        }
        if is_heard {
            misheard.insert(heard);
        }
    }
    Ok(misheard)
}

fn keep_apart(tx: &Connection, id: NameId, folded: &str, other: NameId) -> Result<()> {
    tx.prepare_cached("INSERT OR REPLACE INTO names_apart VALUES (?1, ?2, ?3)")?.execute((id.0, folded, other.0))?;
    tx.prepare_cached("DELETE FROM name_spellings WHERE name_id = ?1 AND folded = ?2")?.execute((id.0, folded))?;
    Ok(())
}

/// Folded, as written, and what it is to the name.
fn spellings(tx: &Connection, id: NameId) -> Result<Vec<(String, String, Form)>> {
    let mut query = tx.prepare_cached("SELECT folded, text, form FROM name_spellings WHERE name_id = ?1")?;
    let rows = query.query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?, parsed(row, "form", Form::named)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn episodes_of(tx: &Connection, id: NameId) -> Result<Vec<EpisodeId>> {
    let mut query = tx.prepare_cached(
        "SELECT episode_id FROM episode_names WHERE name_id = ?1 UNION
         SELECT episode_id FROM repairs JOIN transcripts ON transcripts.id = transcript_id WHERE name_id = ?1",
    )?;
    Ok(query.query_map([id.0], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?)
}
