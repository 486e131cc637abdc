//! Rows of names as they were, and putting them back.

use super::fold_name;
use crate::Result;
use crate::columns::{json_list, parsed};
use ear_core::{EpisodeId, NameId};
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A table whose rows an act may change.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    /// Which rows belong to names, whose ids are the JSON list ?1.
    of_names: &'static str,
    /// What a row needs to be there: its column, and the table with that id.
    needs: &'static [(&'static str, &'static str)],
}

/// What belongs to names, what others point to first. Mentions are not among them: they can be many, and whose they
/// are is told by their words.
const TABLES: [Table; 7] = [
    Table { name: "names", key: &["id"], of_names: "id IN (SELECT value FROM json_each(?1))", needs: &[] },
    Table {
        name: "names_forwarded",
        key: &["old_id"],
        of_names: "name_id IN (SELECT value FROM json_each(?1))",
        needs: &[("name_id", "names")],
    },
    Table {
        name: "name_spellings",
        key: &["name_id", "folded"],
        of_names: "name_id IN (SELECT value FROM json_each(?1))",
        needs: &[("name_id", "names")],
    },
    Table {
        name: "names_apart",
        key: &["name_id", "folded"],
        of_names: "name_id IN (SELECT value FROM json_each(?1)) OR other_id IN (SELECT value FROM json_each(?1))",
        needs: &[("name_id", "names"), ("other_id", "names")],
    },
    Table {
        name: "episode_names",
        key: &["episode_id", "name_id"],
        of_names: "name_id IN (SELECT value FROM json_each(?1))",
        needs: &[("episode_id", "episodes"), ("name_id", "names")],
    },
    Table {
        name: "repairs",
        key: &["id"],
        of_names: "name_id IN (SELECT value FROM json_each(?1))",
        needs: &[("transcript_id", "transcripts"), ("name_id", "names")],
    },
    Table {
        name: "repair_decisions",
        key: &["id"],
        of_names: "repair_id IN (SELECT id FROM repairs WHERE name_id IN (SELECT value FROM json_each(?1)))",
        needs: &[("repair_id", "repairs")],
    },
];

/// Changes as names are met again, and is nothing that a user does.
const MET: &str = "found_at";

/// All rows of some names, by table and key.
pub(super) type Rows = BTreeMap<(usize, String), Map<String, Value>>;

/// What tells the rows of before from those of now.
pub(super) fn changes(before: &Rows, mut after: Rows) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((table, key), old) in before {
        let change = |how, old| Change { table: *table, key: key.clone(), how, old };
        let Some(new) = after.remove(&(*table, key.clone())) else {
            changes.push(change(How::Gone, old.clone()));
            continue;
        };
        let differs = |(column, value): &(&String, &Value)| new.get(*column) != Some(*value);
        let old = old.iter().filter(differs).map(|(column, value)| (column.clone(), value.clone()));
        let old: Map<String, Value> = old.collect();
        let is_new = old.keys().any(|column| column != MET);
        changes.extend(is_new.then(|| change(How::Changed, old)));
    }
    let made = after.into_keys().map(|(table, key)| Change { table, key, how: How::Made, old: Map::new() });
    changes.extend(made);
    changes
}

/// What putting rows back has changed.
#[derive(Default)]
pub(super) struct PutBack {
    /// Episodes that have one of the names.
    pub episodes: BTreeSet<EpisodeId>,
    /// Episodes with accepted repairs that came or went.
    pub read_otherwise: BTreeSet<EpisodeId>,
}

/// Puts the rows back that an act has changed.
pub(super) fn put_back(tx: &Connection, act: i64) -> Result<PutBack> {
    let changes = written_down(tx, act)?;
    if changes.is_empty() {
        return Ok(PutBack::default());
    }
    // Rows that point to each other come back one after the other.
    tx.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    let names = concerned(&changes);
    let mut done = PutBack { episodes: episodes_of(tx, &names)?, ..PutBack::default() };
    for change in changes.iter().filter(|change| change.how == How::Changed) {
        change.change_back(tx)?;
    }
    for change in changes.iter().filter(|change| change.how == How::Gone) {
        if change.insert(tx)? && TABLES[change.table].name == "repairs" && change.is_accepted() {
            done.read_otherwise.extend(episode_of(tx, change)?);
        }
    }
    let (made, other): (Vec<&Change>, Vec<&Change>) = changes
        .iter()
        .rev()
        .filter(|change| change.how == How::Made)
        .partition(|change| TABLES[change.table].name == "names");
    other.iter().try_for_each(|change| change.delete(tx))?;
    // Now that each has its spellings again.
    move_mentions(tx, &names, &made.iter().filter_map(|change| change.name()).collect::<Vec<_>>())?;
    made.iter().try_for_each(|change| change.delete(tx))?;
    done.episodes.extend(episodes_of(tx, &names)?);
    tx.prepare_cached("DELETE FROM act_rows WHERE act = ?1")?.execute([act])?;
    Ok(done)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Made,
    Changed,
    Gone,
}

impl How {
    const ALL: [Self; 3] = [Self::Made, Self::Changed, Self::Gone];

    fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

/// One row, and how it was before.
pub(super) struct Change {
    table: usize,
    key: String,
    how: How,
    old: Map<String, Value>,
}

impl Change {
    fn key(&self) -> Map<String, Value> {
        object(&self.key)
    }

    /// Whose row it is, where its key says so.
    fn name(&self) -> Option<NameId> {
        let column = match TABLES[self.table].name {
            "names" => "id",
            "name_spellings" | "episode_names" => "name_id",
            _ => return None,
        };
        self.key().get(column).and_then(Value::as_i64).map(NameId)
    }

    fn is_accepted(&self) -> bool {
        self.old.get("state").and_then(Value::as_str) == Some("accepted")
    }

    fn change_back(&self, tx: &Connection) -> Result<()> {
        let (key, Table { name, .. }) = (self.key(), &TABLES[self.table]);
        let columns = equal(self.old.keys(), ", ");
        let sql = format!("UPDATE OR IGNORE {name} SET {columns} WHERE {}", equal(key.keys(), " AND "));
        tx.prepare_cached(&sql)?.execute(params_from_iter(self.old.values().chain(key.values()).map(sql_of)))?;
        Ok(())
    }

    /// False where what the row needs is gone meanwhile, with its episode.
    fn insert(&self, tx: &Connection) -> Result<bool> {
        let Table { name, needs, .. } = &TABLES[self.table];
        for (column, table) in *needs {
            let id = self.old.get(*column).map_or(Sql::Null, sql_of);
            if !tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE id = ?1"))?.exists([id])? {
                return Ok(false);
            }
        }
        let columns = self.old.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let marks = vec!["?"; self.old.len()].join(", ");
        let sql = format!("INSERT OR IGNORE INTO {name} ({columns}) VALUES ({marks})");
        Ok(tx.prepare_cached(&sql)?.execute(params_from_iter(self.old.values().map(sql_of)))? > 0)
    }

    /// A name that something has come to stand for meanwhile stays, as one that nobody made.
    fn delete(&self, tx: &Connection) -> Result<()> {
        let (key, Table { name, .. }) = (self.key(), &TABLES[self.table]);
        let is_used = "(EXISTS (SELECT 1 FROM repairs WHERE name_id = names.id)
            OR EXISTS (SELECT 1 FROM mentions WHERE name_id = names.id))";
        let at = equal(key.keys(), " AND ");
        let and = if *name == "names" { format!(" AND NOT {is_used}") } else { String::new() };
        let values = || params_from_iter(key.values().map(sql_of));
        let gone = tx.prepare_cached(&format!("DELETE FROM {name} WHERE {at}{and}"))?.execute(values())?;
        if gone == 0 && *name == "names" {
            let sql = format!("UPDATE names SET by_hand = 0, kind_by_hand = 0, followed = 0 WHERE {at}");
            tx.prepare_cached(&sql)?.execute(values())?;
        }
        Ok(())
    }
}

pub(super) fn write_down(tx: &Connection, act: i64, changes: &[Change]) -> Result<()> {
    let mut insert =
        tx.prepare_cached("INSERT INTO act_rows (act, of_table, key, how, old) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for Change { table, key, how, old } in changes {
        let old = Value::Object(old.clone()).to_string();
        insert.execute((act, TABLES[*table].name, key, how.name(), old))?;
    }
    Ok(())
}

/// In the order of tables: what others point to comes first.
fn written_down(tx: &Connection, act: i64) -> Result<Vec<Change>> {
    let mut query = tx.prepare_cached("SELECT of_table, key, how, old FROM act_rows WHERE act = ?1 ORDER BY id")?;
    let mut rows = query.query([act])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let table = parsed(row, "of_table", |name| TABLES.iter().position(|table| table.name == name))?;
        let how = parsed(row, "how", |name| How::ALL.into_iter().find(|how| how.name() == name))?;
        let old = object(&row.get::<_, String>("old")?);
        changes.push(Change { table, key: row.get("key")?, how, old });
    }
    changes.sort_by_key(|change| change.table);
    Ok(changes)
}

/// What belongs to these names.
pub(super) fn rows_of(tx: &Connection, names: &[NameId]) -> Result<Rows> {
    let mut found = Rows::new();
    let ids = json_list(names.iter().map(|name| name.0));
    for (at, table) in TABLES.iter().enumerate() {
        let mut query = tx.prepare_cached(&format!("SELECT * FROM {} WHERE {}", table.name, table.of_names))?;
        let columns: Vec<String> = query.column_names().map(str::to_owned).collect();
        let mut rows = query.query([&ids])?;
        while let Some(row) = rows.next()? {
            let mut values = Map::new();
            for (index, column) in columns.iter().enumerate() {
                values.insert(column.clone(), json_of(row.get_ref(index)?));
            }
            let key = table.key.iter().map(|column| ((*column).to_owned(), values[*column].clone()));
            found.insert((at, Value::Object(key.collect()).to_string()), values);
        }
    }
    Ok(found)
}

/// The names whose rows these are.
fn concerned(changes: &[Change]) -> Vec<NameId> {
    let names: BTreeSet<NameId> = changes.iter().filter_map(Change::name).collect();
    names.into_iter().collect()
}

/// Gives what is said of these names to the one that has its spelling, where it has not already; nothing stays with
/// those that go.
fn move_mentions(tx: &Connection, names: &[NameId], going: &[NameId]) -> Result<()> {
    let staying: Vec<NameId> = names.iter().copied().filter(|name| !going.contains(name)).collect();
    let mut spellings: Vec<(NameId, HashSet<String>)> = Vec::new();
    let mut query = tx.prepare_cached("SELECT folded FROM name_spellings WHERE name_id = ?1")?;
    for name in &staying {
        let own = query.query_map([name.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        spellings.push((*name, own));
    }
    let mut heard = tx.prepare_cached("SELECT DISTINCT heard FROM mentions WHERE name_id = ?1")?;
    let mut give =
        tx.prepare_cached("UPDATE OR REPLACE mentions SET name_id = ?2 WHERE name_id = ?1 AND heard = ?3")?;
    for name in names {
        let texts: Vec<String> = heard.query_map([name.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for text in texts {
            let folded = fold_name(&text);
            let has = |one: &&(NameId, HashSet<String>)| one.1.contains(&folded);
            if spellings.iter().any(|one| one.0 == *name && has(&one)) {
                continue;
            }
            let other = spellings.iter().find(has).map(|one| one.0);
            let heir = other.or_else(|| staying.first().copied().filter(|_| going.contains(name)));
            if let Some(heir) = heir {
                give.execute((name.0, heir.0, &text))?;
            }
        }
    }
    if let Some(heir) = staying.first() {
        // Proposals of late; what was decided came back with its row.
        let mut give = tx.prepare_cached("UPDATE OR IGNORE repairs SET name_id = ?2 WHERE name_id = ?1")?;
        let mut drop = tx.prepare_cached("DELETE FROM repairs WHERE name_id = ?1 AND state = 'proposed'")?;
        for name in going {
            give.execute((name.0, heir.0))?;
            drop.execute([name.0])?;
        }
    }
    Ok(())
}

fn episodes_of(tx: &Connection, names: &[NameId]) -> Result<BTreeSet<EpisodeId>> {
    let mut query = tx.prepare_cached(
        "SELECT episode_id FROM episode_names WHERE name_id = ?1 UNION
         SELECT episode_id FROM repairs JOIN transcripts ON transcripts.id = transcript_id WHERE name_id = ?1",
    )?;
    let mut found = BTreeSet::new();
    for name in names {
        let rows = query.query_map([name.0], |row| row.get(0).map(EpisodeId))?;
        found.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
    }
    Ok(found)
}

fn episode_of(tx: &Connection, repair: &Change) -> Result<Option<EpisodeId>> {
    let transcript = repair.old.get("transcript_id").map_or(Sql::Null, sql_of);
    let mut query = tx.prepare_cached("SELECT episode_id FROM transcripts WHERE id = ?1")?;
    let mut rows = query.query([transcript])?;
    Ok(rows.next()?.map(|row| row.get(0).map(EpisodeId)).transpose()?)
}

/// `a = ? AND b = ?`
fn equal<'a>(columns: impl Iterator<Item = &'a String>, between: &str) -> String {
    columns.map(|column| format!("{column} = ?")).collect::<Vec<_>>().join(between)
}

/// What we wrote ourselves; of what is damaged nothing is left.
fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap_or_default()
}

/// No column of these tables holds bytes.
fn json_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

fn sql_of(value: &Value) -> Sql {
    match value {
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Sql::Real(number.as_f64().unwrap_or_default()), Sql::Integer)
        }
        Value::String(text) => Sql::Text(text.clone()),
        _ => Sql::Null,
    }
}
