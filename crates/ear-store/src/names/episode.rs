//! What is derived from an episode's words: its names, mentions and proposals. Made again whenever what makes
//! them changes; what was decided stays.

use super::fold::without_marks;
use super::repairs::{Ready, of_transcript};
use super::{
    EpisodeName, LONGEST, MentionRow, StoredName, StoredRepair, StoredRepairDraft, bounded_json, entities, fold_name,
    resolve, shortened, span, state_name, words,
};
use crate::columns::parsed;
use crate::transcripts::{self, RANK};
use crate::{Error, Result, Store, now};
use ear_core::{
    EpisodeId, MentionBy, NameId, NameSource, RepairState, SourceKind, Span, TranscriptId, WordRange, join_words,
};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{HashMap, HashSet};

/// More of an episode's names, mentions or repairs than this come from a mistake.
const MOST: usize = 200_000;

/// Where a publisher or user names who takes part, as against what is only talked about.
const CREDITS: [SourceKind; 3] = [SourceKind::List, SourceKind::Credit, SourceKind::Followed];

impl Store {
    /// Stores the names, mentions and proposals of an episode, made of this transcript by `maker`, in place of
    /// those there were, also of its other transcripts. Repairs that were decided stay as they are, and so does
    /// what the user made. Left out are proposals over an accepted repair, proposals that were refused more
    /// often than accepted for the same heard words and name, proposals of names that were forgotten, and mentions by
    /// repairs, which accepted repairs themselves are. What the user split off goes to the name it was split to.
    ///
    /// # Errors
    /// [`Error::Missing`] where episode, transcript or a name does not exist, [`Error::NoSuchWords`],
    /// [`Error::EmptyName`] where a repair means nothing, [`Error::TooMany`].
    pub fn put_episode_names(
        &self,
        episode: EpisodeId,
        transcript: TranscriptId,
        maker: &str,
        names: &[EpisodeName],
        mentions: &[MentionRow],
        repairs: &[StoredRepairDraft],
    ) -> Result<()> {
        for (what, count) in [("names", names.len()), ("mentions", mentions.len()), ("repairs", repairs.len())] {
            if count > MOST {
                return Err(Error::TooMany { what, count, most: MOST });
            }
        }
        // Read before the transaction that writes: words never change, and turning them into text is slow.
        let said: Vec<_> = mentions.iter().filter(|mention| mention.2 == MentionBy::Words).cloned().collect();
        let heard = self.heard(transcript, &said)?;
        let repairs = repairs.iter().map(Ready::of).collect::<Result<Vec<_>>>()?;
        self.write("store the names of an episode", |tx| {
            check_transcript(tx, episode, transcript)?;
            check_words(tx, transcript, said.iter().map(|mention| &mention.1))?;
            check_words(tx, transcript, repairs.iter().map(|repair| &repair.words))?;
            let mut known = Known::of(tx)?;
            clear(tx, episode)?;
            put_names(&mut known, episode, names)?;
            put_mentions(&mut known, transcript, &said, &heard)?;
            put_repairs(&mut known, transcript, repairs)?;
            tx.prepare_cached("INSERT OR REPLACE INTO names_made VALUES (?1, ?2, ?3, ?4)")?.execute((
                episode.0,
                transcript.0,
                maker,
                now(),
            ))?;
            recount(tx, episode)
        })
    }

    /// What made the names of this transcript; `None` where nobody has, or another transcript's took their place.
    pub fn names_made_by(&self, transcript: TranscriptId) -> Result<Option<String>> {
        self.read("read what made names", |tx| {
            let mut query = tx.prepare_cached("SELECT maker FROM names_made WHERE transcript_id = ?1")?;
            Ok(query.query_row([transcript.0], |row| row.get(0)).optional()?)
        })
    }

    /// Episodes whose names were not made of the transcript that is read, or by another maker; oldest first.
    pub fn episodes_without_names(&self, maker: &str) -> Result<Vec<EpisodeId>> {
        self.read("look for episodes without names", |tx| {
            let mut query = tx.prepare_cached(&format!(
                "SELECT id FROM (SELECT id, (SELECT id FROM transcripts
                         WHERE episode_id = episodes.id AND state = 'complete' ORDER BY {RANK}, id DESC LIMIT 1)
                     AS current FROM episodes)
                 WHERE current IS NOT NULL AND NOT EXISTS (SELECT 1 FROM names_made
                     WHERE episode_id = id AND transcript_id = current AND maker = ?1)
                 ORDER BY id"
            ))?;
            Ok(query.query_map([maker], |row| row.get(0).map(EpisodeId))?.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The names of an episode with where they were met, in the order they were given; then those that only
    /// accepted repairs brought.
    pub fn episode_names(&self, episode: EpisodeId) -> Result<Vec<(StoredName, Vec<NameSource>)>> {
        self.read("read the names of an episode", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT name_id, sources FROM episode_names
                 WHERE episode_id = ?1 AND name_id NOT IN (SELECT id FROM names WHERE forgotten)
                 ORDER BY seq, name_id",
            )?;
            let rows = query.query_map([episode.0], |row| {
                Ok((NameId(row.get(0)?), parsed(row, "sources", |text| serde_json::from_str(text).ok())?))
            })?;
            let mut all = Vec::new();
            for row in rows {
                let (id, sources) = row?;
                all.extend(entities::one(tx, id)?.map(|name| (name, sources)));
            }
            Ok(all)
        })
    }

    /// Where names are said in a transcript as it is read: spelled by its words, but where an accepted repair
    /// reads otherwise, or by an accepted repair. In the order of its words.
    pub fn mentions(&self, transcript: TranscriptId) -> Result<Vec<MentionRow>> {
        self.read("read mentions", |tx| {
            let mut query = tx
                .prepare_cached("SELECT * FROM said WHERE transcript_id = ?1 ORDER BY first_word, end_word, name_id")?;
            let rows = query.query_map([transcript.0], |row| {
                let by = if row.get("repaired")? { MentionBy::Repair } else { MentionBy::Words };
                Ok((NameId(row.get("name_id")?), words(row)?, by, span(row)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The words of mentions as running text, without the marks around them.
    fn heard(&self, transcript: TranscriptId, mentions: &[MentionRow]) -> Result<Vec<String>> {
        let end = mentions.iter().map(|mention| mention.1.end).max().unwrap_or(0);
        let all = self.words(transcript, 0..end)?;
        let text = |range: &WordRange| all.get(range.clone()).map(join_words).unwrap_or_default();
        Ok(mentions.iter().map(|mention| shortened(without_marks(&text(&mention.1)), LONGEST)).collect())
    }
}

/// Which names the given ids lead to, and which spellings the user split off.
struct Known<'a> {
    tx: &'a Connection,
    resolved: HashMap<NameId, NameId>,
    /// Names that the user wants to see no more.
    forgotten: HashSet<NameId>,
    apart: HashMap<NameId, HashMap<String, NameId>>,
}

impl<'a> Known<'a> {
    fn of(tx: &'a Connection) -> Result<Self> {
        let mut apart: HashMap<_, HashMap<_, _>> = HashMap::new();
        let mut query = tx.prepare_cached("SELECT name_id, folded, other_id FROM names_apart")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            apart.entry(NameId(row.get(0)?)).or_default().insert(row.get(1)?, NameId(row.get(2)?));
        }
        Ok(Self { tx, resolved: HashMap::new(), forgotten: super::forgotten(tx)?, apart })
    }

    fn name(&mut self, id: NameId) -> Result<NameId> {
        if let Some(known) = self.resolved.get(&id) {
            return Ok(*known);
        }
        let found = resolve(self.tx, id)?;
        self.resolved.insert(id, found);
        Ok(found)
    }

    /// The name that this spelling of a name means.
    fn name_spelled(&mut self, id: NameId, text: &str) -> Result<NameId> {
        let id = self.name(id)?;
        let other = self.apart.get(&id).and_then(|apart| apart.get(&fold_name(text)));
        Ok(other.copied().unwrap_or(id))
    }
}

fn check_transcript(tx: &Connection, episode: EpisodeId, transcript: TranscriptId) -> Result<()> {
    let info = transcripts::one(tx, transcript)?.filter(|info| info.episode == episode);
    info.map(|_| ()).ok_or_else(|| Error::missing("transcript", transcript))
}

/// Whether a transcript has these words.
pub(super) fn check_words<'a>(
    tx: &Connection,
    transcript: TranscriptId,
    ranges: impl IntoIterator<Item = &'a WordRange>,
) -> Result<()> {
    let info = transcripts::one(tx, transcript)?.ok_or_else(|| Error::missing("transcript", transcript))?;
    let fits = |range: &WordRange| range.start < range.end && range.end <= info.words;
    match ranges.into_iter().find(|range| !fits(range)) {
        Some(range) => Err(Error::NoSuchWords { transcript, start: range.start, end: range.end, words: info.words }),
        None => Ok(()),
    }
}

/// Drops what is derived of an episode, but its proposals: those that come again keep their ids.
fn clear(tx: &Connection, episode: EpisodeId) -> Result<()> {
    tx.prepare_cached("DELETE FROM episode_names WHERE episode_id = ?1")?.execute([episode.0])?;
    tx.prepare_cached(
        "DELETE FROM mentions WHERE transcript_id IN (SELECT id FROM transcripts WHERE episode_id = ?1)",
    )?
    .execute([episode.0])?;
    Ok(())
}

fn put_names(known: &mut Known<'_>, episode: EpisodeId, names: &[EpisodeName]) -> Result<()> {
    let mut order: Vec<NameId> = Vec::new();
    let mut sources: HashMap<NameId, Vec<NameSource>> = HashMap::new();
    for EpisodeName { name, sources: met } in names {
        let id = known.name(*name)?;
        let all = sources.entry(id).or_insert_with(|| {
            order.push(id);
            Vec::new()
        });
        for source in met {
            if !all.contains(source) {
                all.push(source.clone());
            }
        }
    }
    let mut insert = known.tx.prepare_cached("INSERT INTO episode_names VALUES (?1, ?2, ?3, ?4, ?5, 0)")?;
    for (seq, id) in order.iter().enumerate() {
        let met = &sources[id];
        let credited = met.iter().any(|source| CREDITS.contains(&source.kind));
        insert.execute((episode.0, id.0, seq, sources_json(met), credited))?;
    }
    Ok(())
}

pub(super) fn sources_json(sources: &[NameSource]) -> String {
    bounded_json(sources, |source, most| NameSource { kind: source.kind, text: shortened(&source.text, most) })
}

fn put_mentions(
    known: &mut Known<'_>,
    transcript: TranscriptId,
    mentions: &[MentionRow],
    heard: &[String],
) -> Result<()> {
    let tx = known.tx;
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO mentions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for ((name, words, _, span), heard) in mentions.iter().zip(heard) {
        let name = known.name_spelled(*name, heard)?;
        let (start, end) = (span.map(Span::start), span.map(Span::end));
        insert.execute((transcript.0, words.start, words.end, name.0, start, end, heard))?;
    }
    Ok(())
}

fn put_repairs(known: &mut Known<'_>, transcript: TranscriptId, drafts: Vec<Ready>) -> Result<()> {
    let tx = known.tx;
    let there = of_transcript(tx, transcript)?;
    let mut taken: Vec<_> = there.iter().filter(|repair| repair.state == RepairState::Accepted).collect();
    taken.sort_by_key(|repair| repair.words.start);
    let mut taken: Vec<WordRange> = taken.into_iter().map(|repair| repair.words.clone()).collect();
    let by_place: HashMap<_, _> = there.iter().map(|repair| ((repair.words.clone(), repair.name), repair)).collect();
    let refused = refused(tx)?;
    let mut again = HashSet::new();
    // What was decided elsewhere comes first: a proposal yields to it.
    let (decided, proposed): (Vec<_>, Vec<_>) =
        drafts.into_iter().partition(|draft| draft.state != RepairState::Proposed);
    for mut draft in decided.into_iter().chain(proposed) {
        draft.name = known.name_spelled(draft.name, &draft.meant)?;
        draft.name = known.name_spelled(draft.name, &draft.heard_folded)?;
        let place = (draft.words.clone(), draft.name);
        let is_refused = refused.contains(&(draft.heard_folded.clone(), draft.name));
        if draft.state == RepairState::Proposed && known.forgotten.contains(&draft.name) {
            continue;
        }
        if again.contains(&place) || (draft.state == RepairState::Proposed && is_refused && !draft.by_hand) {
            continue;
        }
        if draft.state != RepairState::Refused && overlaps(&taken, &draft.words) {
            continue;
        }
        let state = match by_place.get(&place) {
            Some(repair) => renew(tx, repair, &draft)?,
            None => draft.insert(tx, transcript).map(|_| draft.state)?,
        };
        if state == RepairState::Accepted {
            taken.insert(taken.partition_point(|range| range.start < draft.words.start), draft.words.clone());
        }
        again.insert(place);
    }
    drop_stale(tx, transcript, &there, &again)
}

/// A repair that comes again: what was decided about it stays; what nobody decided takes what was decided about
/// the same sound elsewhere. Its state afterwards.
fn renew(tx: &Connection, repair: &StoredRepair, draft: &Ready) -> Result<RepairState> {
    if repair.state != RepairState::Proposed {
        return Ok(repair.state);
    }
    draft.update(tx, repair.id)?;
    let mut decided = tx.prepare_cached("SELECT 1 FROM repair_decisions WHERE repair_id = ?1")?;
    if draft.state == RepairState::Proposed || decided.exists([repair.id.0])? {
        return Ok(repair.state);
    }
    tx.prepare_cached("UPDATE repairs SET state = ?2 WHERE id = ?1")?
        .execute((repair.id.0, state_name(draft.state)))?;
    Ok(draft.state)
}

/// Removes proposals that were not made again, here and in the episode's other transcripts, but those that a
/// hand made or that a decision, which may yet be undone, knows.
fn drop_stale(
    tx: &Connection,
    transcript: TranscriptId,
    there: &[StoredRepair],
    again: &HashSet<(WordRange, NameId)>,
) -> Result<()> {
    const LOOSE: &str = "state = 'proposed' AND NOT by_hand
        AND NOT EXISTS (SELECT 1 FROM repair_decisions WHERE repair_id = repairs.id AND undone = 0)";
    let mut delete = tx.prepare_cached(&format!("DELETE FROM repairs WHERE id = ?1 AND {LOOSE}"))?;
    for repair in there.iter().filter(|repair| !again.contains(&(repair.words.clone(), repair.name))) {
        delete.execute([repair.id.0])?;
    }
    tx.prepare_cached(&format!(
        "DELETE FROM repairs WHERE {LOOSE} AND transcript_id <> ?1 AND transcript_id IN (SELECT id FROM transcripts
             WHERE episode_id = (SELECT episode_id FROM transcripts WHERE id = ?1))"
    ))?
    .execute([transcript.0])?;
    Ok(())
}

/// Whether one of these stretches, ascending and without overlap, shares a word with another.
fn overlaps(taken: &[WordRange], words: &WordRange) -> bool {
    let before_end = taken.partition_point(|range| range.start < words.end);
    taken[..before_end].last().is_some_and(|range| range.end > words.start)
}

/// What was heard for a name and refused more often than accepted.
fn refused(tx: &Connection) -> Result<HashSet<(String, NameId)>> {
    let mut query = tx.prepare_cached(
        "SELECT heard_folded, name_id FROM repairs WHERE state <> 'proposed' GROUP BY heard_folded, name_id
         HAVING sum(iif(state = 'refused', 1, -1)) > 0",
    )?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, NameId(row.get(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Counts anew how often the names of an episode are said in it.
pub(super) fn recount(tx: &Connection, episode: EpisodeId) -> Result<()> {
    tx.prepare_cached("UPDATE episode_names SET said = 0 WHERE episode_id = ?1")?.execute([episode.0])?;
    tx.prepare_cached(
        "INSERT INTO episode_names (episode_id, name_id, seq, sources, credited, said)
         SELECT ?1, name_id, 1000000, '[]', 0, count(*) FROM said WHERE transcript_id IN
             (SELECT id FROM transcripts WHERE episode_id = ?1 AND id = coalesce(
                 (SELECT transcript_id FROM names_made WHERE episode_id = ?1), id))
         GROUP BY name_id
         ON CONFLICT (episode_id, name_id) DO UPDATE SET said = excluded.said",
    )?
    .execute([episode.0])?;
    tx.prepare_cached("DELETE FROM episode_names WHERE episode_id = ?1 AND said = 0 AND sources = '[]'")?
        .execute([episode.0])?;
    Ok(())
}
