//! Names as the library knows them: found by their spelling, or added.

use super::{Form, StoredName, Variant, fold_name, kind, kind_name, required, resolve, spelled};
use crate::columns::parsed;
use crate::{Result, Store, UnixMillis, now};
use ear_core::{EpisodeId, Name, NameId, NameKind};
use rusqlite::{Connection, OptionalExtension, named_params};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Most spellings that are kept of a name.
const MOST_SPELLINGS: u32 = 100;

impl Store {
    /// The names of a list as the library knows them, in its order; those it does not know are added. A name is
    /// found by any of its spellings; what the list says more of it (kind, role, variants) is added, and nothing
    /// that the user did by hand is undone. Of several that a spelling may mean, the one that `episode` has is
    /// taken, then the one said most; a part ("Smith") that means several elsewhere becomes a name of its own.
    ///
    /// # Errors
    /// [`Error::EmptyName`](crate::Error::EmptyName).
    pub fn find_or_add_names(&self, episode: Option<EpisodeId>, names: &[Name]) -> Result<Vec<NameId>> {
        let given = names.iter().map(Given::of).collect::<Result<Vec<_>>>()?;
        // The longest first, so that a part finds the whole of the same list.
        let mut order: Vec<usize> = (0..given.len()).collect();
        order.sort_by_key(|&index| Reverse(given[index].folded.split(' ').count()));
        self.write("remember names", |tx| {
            let mut here = names_of(tx, episode)?;
            let mut ids = vec![NameId(0); given.len()];
            for index in order {
                let given = &given[index];
                let id = match find(tx, given, &here)? {
                    Some(id) => id,
                    None => insert(tx, &given.text, given.kind)?,
                };
                enrich(tx, id, given)?;
                here.insert(id);
                ids[index] = id;
            }
            Ok(ids)
        })
    }

    /// One name; one that was joined into another leads there.
    pub fn name(&self, id: NameId) -> Result<Option<StoredName>> {
        Ok(self.names_by_id(&[id])?.pop())
    }

    /// Names in the order asked for; those that do not exist are left out, those joined into another lead there.
    pub fn names_by_id(&self, ids: &[NameId]) -> Result<Vec<StoredName>> {
        self.read("read names", |tx| {
            let found = ids.iter().filter_map(|id| match resolve(tx, *id) {
                Err(crate::Error::Missing { .. }) => None,
                Err(error) => Some(Err(error)),
                Ok(id) => one(tx, id).transpose(),
            });
            found.collect()
        })
    }

    /// The names that the user follows, oldest first.
    pub fn followed_names(&self) -> Result<Vec<StoredName>> {
        self.read("read followed names", |tx| {
            let mut query = tx.prepare_cached("SELECT id FROM names WHERE followed ORDER BY id")?;
            let ids: Vec<_> = query.query_map([], |row| row.get(0).map(NameId))?.collect::<rusqlite::Result<_>>()?;
            ids.into_iter().filter_map(|id| one(tx, id).transpose()).collect()
        })
    }

    /// The names that the user wants to see no more, oldest first.
    pub fn forgotten_names(&self) -> Result<Vec<StoredName>> {
        self.read("read forgotten names", |tx| {
            let mut ids: Vec<_> = super::forgotten(tx)?.into_iter().collect();
            ids.sort_unstable();
            ids.into_iter().filter_map(|id| one(tx, id).transpose()).collect()
        })
    }

    /// The names with this spelling, misheard ones left out; the most said first.
    pub fn names_spelled(&self, text: &str) -> Result<Vec<NameId>> {
        let folded = fold_name(text);
        self.read("find names by spelling", |tx| {
            let mut found = candidates(tx, &folded)?;
            found.sort_by_key(|candidate| (candidate.form, Reverse(candidate.said), candidate.id));
            Ok(found.into_iter().map(|candidate| candidate.id).collect())
        })
    }

    /// Removes names that no episode has, that nothing stands for and that no hand has touched, and that were
    /// last met before this moment (a running job may have found them and not yet said so). How many went.
    pub fn sweep_names(&self, met_before: UnixMillis) -> Result<usize> {
        self.write("sweep names", |tx| {
            let mut delete = tx.prepare_cached(
                "DELETE FROM names WHERE NOT by_hand AND NOT followed AND found_at < ?1
                     AND NOT EXISTS (SELECT 1 FROM episode_names WHERE name_id = names.id)
                     AND NOT EXISTS (SELECT 1 FROM mentions WHERE name_id = names.id)
                     AND NOT EXISTS (SELECT 1 FROM repairs WHERE name_id = names.id)",
            )?;
            Ok(delete.execute([met_before])?)
        })
    }
}

/// Gives repairs whose name is gone one anew, called as the first of them reads.
pub(crate) fn recover(tx: &Connection) -> Result<()> {
    let mut lost = tx.prepare(
        "SELECT name_id, meant, min(id) FROM repairs WHERE name_id NOT IN (SELECT id FROM names) GROUP BY name_id",
    )?;
    let lost: Vec<(i64, String)> =
        lost.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    for (id, name) in lost {
        tx.execute("INSERT INTO names (id, name, found_at) VALUES (?1, ?2, ?3)", (id, &name, now()))?;
        add_spelling(tx, NameId(id), &name, Form::Name, false)?;
    }
    Ok(())
}

/// A name of a list with its spellings folded.
pub(super) struct Given {
    pub text: String,
    pub folded: String,
    pub kind: Option<NameKind>,
    role: Option<String>,
    /// As written and folded, none twice.
    variants: Vec<(String, String)>,
}

impl Given {
    pub(super) fn of(name: &Name) -> Result<Self> {
        let text = required(&name.name)?;
        let folded = fold_name(&text);
        let mut seen = HashSet::from([folded.clone()]);
        let variants = name.variants.iter().map(|text| spelled(text)).map(|text| (fold_name(&text), text));
        let variants = variants.filter(|(folded, _)| !folded.is_empty() && seen.insert(folded.clone()));
        let variants = variants.map(|(folded, text)| (text, folded)).collect();
        let role = name.role.as_deref().map(spelled).filter(|role| !role.is_empty());
        Ok(Self { text, folded, kind: name.kind, role, variants })
    }
}

/// A name that has a spelling.
struct Candidate {
    id: NameId,
    form: Form,
    by_hand: bool,
    kind: Option<NameKind>,
    said: u64,
}

fn candidates(tx: &Connection, folded: &str) -> Result<Vec<Candidate>> {
    let mut query = tx.prepare_cached(
        "SELECT id, form, name_spellings.by_hand, kind,
             (SELECT coalesce(sum(said), 0) FROM episode_names WHERE name_id = id) AS said
         FROM name_spellings JOIN names ON id = name_id WHERE folded = ?1 LIMIT 200",
    )?;
    let rows = query.query_map([folded], |row| {
        Ok(Candidate {
            id: NameId(row.get("id")?),
            form: parsed(row, "form", Form::named)?,
            by_hand: row.get("by_hand")?,
            kind: kind(row)?,
            said: row.get("said")?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The name that a given one means, if the library knows it.
pub(super) fn find(tx: &Connection, given: &Given, here: &HashSet<NameId>) -> Result<Option<NameId>> {
    let found = candidates(tx, &given.folded)?;
    if let Some(id) = choose(found, given.kind, here) {
        return Ok(Some(id));
    }
    // A list that gives another spelling of a whole name says that both are one. A part says no such thing.
    for (_, folded) in &given.variants {
        if Form::of(folded, &given.folded) == Form::Part {
            continue;
        }
        let mut found = candidates(tx, folded)?;
        found.retain(|candidate| candidate.form != Form::Part && compatible(candidate.kind, given.kind));
        if let Some(id) = choose(found, given.kind, here)
            && !is_apart(tx, id, &given.folded)?
        {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn choose(mut found: Vec<Candidate>, kind: Option<NameKind>, here: &HashSet<NameId>) -> Option<NameId> {
    found.retain(|one| one.form == Form::Name || one.by_hand || compatible(one.kind, kind));
    let best = found
        .iter()
        .min_by_key(|one| (!here.contains(&one.id), one.form, one.kind != kind, Reverse(one.said), one.id))?;
    let is_guess = best.form == Form::Part && !here.contains(&best.id) && found.len() > 1;
    (!is_guess).then_some(best.id)
}

fn compatible(a: Option<NameKind>, b: Option<NameKind>) -> bool {
    a.is_none() || b.is_none() || a == b
}

pub(super) fn is_apart(tx: &Connection, id: NameId, folded: &str) -> Result<bool> {
    let mut query = tx.prepare_cached("SELECT 1 FROM names_apart WHERE name_id = ?1 AND folded = ?2")?;
    Ok(query.exists((id.0, folded))?)
}

pub(super) fn names_of(tx: &Connection, episode: Option<EpisodeId>) -> Result<HashSet<NameId>> {
    let mut query = tx.prepare_cached("SELECT name_id FROM episode_names WHERE episode_id = ?1")?;
    let rows = query.query_map([episode.map(|episode| episode.0)], |row| row.get(0).map(NameId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn insert(tx: &Connection, text: &str, kind: Option<NameKind>) -> Result<NameId> {
    tx.prepare_cached("INSERT INTO names (name, kind, found_at) VALUES (?1, ?2, ?3)")?.execute((
        text,
        kind.map(kind_name),
        now(),
    ))?;
    let id = NameId(tx.last_insert_rowid());
    add_spelling(tx, id, text, Form::Name, false)?;
    Ok(id)
}

/// Adds what a list says of a name to what is known.
pub(super) fn enrich(tx: &Connection, id: NameId, given: &Given) -> Result<()> {
    let mut update = tx.prepare_cached(
        "UPDATE names SET kind = iif(kind_by_hand, kind, coalesce(kind, :kind)), role = coalesce(role, :role),
             found_at = :now WHERE id = :id RETURNING name",
    )?;
    let name: String = update.query_row(
        named_params! { ":id": id.0, ":kind": given.kind.map(kind_name), ":role": given.role, ":now": now() },
        |row| row.get(0),
    )?;
    let own = fold_name(&name);
    let all = std::iter::once((&given.text, &given.folded)).chain(given.variants.iter().map(|(a, b)| (a, b)));
    for (text, folded) in all {
        if *folded != own && !is_apart(tx, id, folded)? {
            add_spelling(tx, id, text, Form::of(folded, &own), false)?;
        }
    }
    Ok(())
}

/// Gives a name a spelling that it may have already.
pub(super) fn add_spelling(tx: &Connection, id: NameId, text: &str, form: Form, by_hand: bool) -> Result<()> {
    // What a hand gives is kept whatever the number.
    tx.prepare_cached(
        "INSERT INTO name_spellings SELECT ?1, ?2, ?3, ?4, ?5
         WHERE ?5 OR (SELECT count(*) FROM name_spellings WHERE name_id = ?1) < ?6
         ON CONFLICT (name_id, folded) DO UPDATE SET by_hand = max(by_hand, excluded.by_hand)",
    )?
    .execute((id.0, fold_name(text), text, form.name(), by_hand, MOST_SPELLINGS))?;
    Ok(())
}

pub(super) fn one(tx: &Connection, id: NameId) -> Result<Option<StoredName>> {
    let mut query = tx.prepare_cached("SELECT * FROM names WHERE id = ?1")?;
    let found = query.query_row([id.0], |row| {
        Ok(StoredName {
            id,
            name: row.get("name")?,
            kind: kind(row)?,
            role: row.get("role")?,
            variants: Vec::new(),
            followed: row.get("followed")?,
            by_hand: row.get("by_hand")?,
            forgotten: row.get("forgotten")?,
        })
    });
    let Some(mut name) = found.optional()? else { return Ok(None) };
    name.variants = variants(tx, id)?;
    Ok(Some(name))
}

fn variants(tx: &Connection, id: NameId) -> Result<Vec<Variant>> {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut query = tx.prepare_cached("SELECT heard, count(*) FROM mentions WHERE name_id = ?1 GROUP BY heard")?;
    let mut rows = query.query([id.0])?;
    while let Some(row) = rows.next()? {
        *counts.entry(fold_name(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)).or_default() +=
            row.get::<_, u32>(1)?;
    }
    let mut query =
        tx.prepare_cached("SELECT text, folded FROM name_spellings WHERE name_id = ?1 AND form <> 'name'")?;
    let right = query.query_map([id.0], |row| {
        let folded: String = row.get(1)?;
        Ok(Variant { text: row.get(0)?, misheard: false, count: counts.get(&folded).copied().unwrap_or(0) })
    })?;
    let mut all = right.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut query = tx.prepare_cached(
        "SELECT min(heard), count(*) FROM repairs WHERE name_id = ?1 AND state = 'accepted'
             AND heard_folded NOT IN (SELECT folded FROM name_spellings WHERE name_id = ?1) GROUP BY heard_folded",
    )?;
    let misheard =
        query.query_map([id.0], |row| Ok(Variant { text: row.get(0)?, misheard: true, count: row.get(1)? }))?;
    all.extend(misheard.collect::<rusqlite::Result<Vec<_>>>()?);
    all.sort_by(|a, b| (a.misheard, Reverse(a.count), &a.text).cmp(&(b.misheard, Reverse(b.count), &b.text)));
    Ok(all)
}
