//! Names as they come together from several places: each once, with all that speaks for it.

use super::fold::fold;
use super::patterns::{Judged, Votes, own_votes};
use super::variants::{canonical, of_familiar, variants};
use super::words::{is_demonym, is_given, is_of_product};
use crate::gazetteer::{Place, PlaceKind, place};
use ear_core::{Name, NameKind, NameSource, SourceKind};
use std::collections::HashMap;

/// The most names of an episode.
pub(super) const MOST_NAMES: usize = 500;
/// The same where the user's own list is longer.
pub(super) const MOST_LISTED: usize = 2000;

/// The most names that are looked at before the best are taken.
const MOST_ENTRIES: usize = 5_000;

/// The most sources that a name keeps.
const MOST_SOURCES: usize = 8;

/// The most variants that a name keeps.
const MOST_VARIANTS: usize = 24;

/// The most characters of a name.
const MOST_CHARACTERS: usize = 120;

/// A name on its way.
#[derive(Default)]
struct Entry {
    name: String,
    votes: Votes,
    role: Option<String>,
    /// Variants that somebody wrote down.
    given: Vec<String>,
    sources: Vec<NameSource>,
    times: u32,
    /// Is a host or guest, who may be called by the first name.
    familiar: bool,
}

/// All names met so far.
#[derive(Default)]
pub(super) struct Pool {
    entries: Vec<Entry>,
    by_key: HashMap<String, usize>,
}

/// How much is known of a name that is met.
pub(super) struct Met<'a> {
    pub name: &'a str,
    pub source: NameSource,
    pub judged: Judged,
    pub variants: &'a [String],
}

/// Whether the user gave this name.
fn is_listed_by_user(name: &Name) -> bool {
    name.sources.iter().any(|source| source.kind == SourceKind::List)
}

impl Pool {
    /// Takes a name in.
    pub fn add(&mut self, met: Met) {
        let place = usual(&met);
        let others: Vec<String> = place.iter().flat_map(|place| &place.variants).map(ToString::to_string).collect();
        let met = match place {
            Some(place) => Met { name: place.name, variants: &others, ..met },
            None => met,
        };
        let nobody = is_of_product(met.name) && !matches!(met.source.kind, SourceKind::List | SourceKind::Credit);
        let mut met = met;
        if nobody {
            met.judged.votes.drop(NameKind::Person);
        }
        let name = met.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = key(&name);
        if key.is_empty() || name.chars().count() > MOST_CHARACTERS {
            return;
        }
        let index = match self.by_key.get(&key) {
            Some(&index) => index,
            None if self.entries.len() >= MOST_ENTRIES => return,
            None => {
                let folded = fold(&name);
                let mut votes = own_votes(&folded.split(' ').collect::<Vec<_>>());
                if is_of_product(&name) {
                    votes.drop(NameKind::Person);
                }
                self.entries.push(Entry { name: name.clone(), votes, ..Entry::default() });
                self.by_key.insert(key, self.entries.len() - 1);
                self.entries.len() - 1
            }
        };
        for variant in met.variants.iter().chain(&met.judged.acronym) {
            self.by_key.entry(self::key(variant)).or_insert(index);
        }
        self.entries[index].meet(name, met);
    }

    /// The folded names and variants so far.
    pub fn known(&self) -> impl Iterator<Item = String> + '_ {
        self.entries.iter().flat_map(|entry| {
            let kind = entry.votes.kind();
            std::iter::once(entry.name.clone())
                .chain(variants(&entry.name, kind))
                .chain(entry.given.clone())
                .map(|name| fold(&name))
        })
    }

    /// The names, the most certain first.
    pub fn finish(mut self) -> Vec<Name> {
        self.join_respelled();
        self.join_parts();
        let mut ranked: Vec<(f32, Name)> =
            self.entries.into_iter().map(|entry| (entry.score(), entry.finish())).collect();
        // Of equals those that were met first: a long list loses its end, not the end of the alphabet.
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let listed = ranked.iter().filter(|(_, name)| is_listed_by_user(name)).count().min(MOST_LISTED);
        ranked.truncate(MOST_NAMES.max(listed));
        ranked.into_iter().map(|(_, name)| name).collect()
    }

    /// Joins what differs only by transliteration: "Qassem Soleimani" to "Qasem Soleimani".
    fn join_respelled(&mut self) {
        let mut first: HashMap<String, usize> = HashMap::new();
        let mut moves = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let key = canonical(&entry.name);
            match first.get(&key) {
                Some(&into) => moves.push((index, into)),
                None => _ = first.insert(key, index),
            }
        }
        self.join(&moves);
    }

    /// Joins parts to the one name that they are part of: "Soleimani", "Microsoft". What is part of several
    /// people's names is dropped, as it is among the variants of each.
    fn join_parts(&mut self) {
        let mut wholes: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let folded = fold(&entry.name);
            let Some((first, last)) =
                folded.split_once(' ').map(|(first, _)| (first, folded.rsplit(' ').next().unwrap_or("")))
            else {
                continue;
            };
            let kind = entry.votes.kind();
            let mut parts: Vec<String> = variants(&entry.name, kind).iter().map(|variant| fold(variant)).collect();
            if kind == Some(NameKind::Person) {
                parts.push(last.to_owned());
                // Many are called Dan: only somebody who is written about is meant by the first name alone.
                if !is_given(first) || entry.is_written() {
                    parts.push(first.to_owned());
                }
            }
            parts.sort();
            parts.dedup();
            for part in parts.into_iter().filter(|part| *part != folded) {
                wholes.entry(part).or_default().push(index);
            }
        }
        let mut moves = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let Some(of) = wholes.get(&fold(&entry.name)) else { continue };
            let into = of.iter().copied().find(|&whole| self.entries[whole].takes(entry));
            moves.extend(into.filter(|&into| into != index).map(|into| (index, into)));
        }
        self.join(&moves);
    }

    /// Moves entries into others and drops them. Chains end where nothing moves on; circles stay.
    fn join(&mut self, moves: &[(usize, usize)]) {
        let target: HashMap<usize, usize> = moves.iter().copied().collect();
        let mut gone = vec![false; self.entries.len()];
        for &(from, into) in moves {
            let mut into = into;
            for _ in 0..4 {
                into = target.get(&into).copied().filter(|&next| next != from).unwrap_or(into);
            }
            if into == from || gone[into] || gone[from] {
                continue;
            }
            gone[from] = true;
            let entry = std::mem::take(&mut self.entries[from]);
            self.entries[into].take(entry);
        }
        let mut gone = gone.into_iter();
        self.entries.retain(|_| !gone.next().unwrap_or(false));
        self.by_key.clear();
    }
}

impl Entry {
    fn meet(&mut self, name: String, met: Met) {
        let better =
            self.sources.iter().all(|source| weight(source.kind) < weight(met.source.kind)) && !self.sources.is_empty();
        if name != self.name {
            let other = if better || is_shouted(&self.name) && !is_shouted(&name) {
                std::mem::replace(&mut self.name, name)
            } else {
                name
            };
            if !is_shouted(&other) {
                push(&mut self.given, other);
            }
        }
        self.votes.join(met.judged.votes);
        self.familiar |= met.source.kind == SourceKind::Credit || met.judged.role.as_deref().is_some_and(is_familiar);
        if self.role.is_none() || better && met.judged.role.is_some() {
            self.role = met.judged.role.or(self.role.take());
        }
        for variant in met.variants.iter().cloned().chain(met.judged.acronym) {
            push(&mut self.given, variant);
        }
        self.source(met.source);
    }

    fn source(&mut self, source: NameSource) {
        self.times += 1;
        if self.sources.len() < MOST_SOURCES && !self.sources.contains(&source) {
            self.sources.push(source);
        }
    }

    /// Whether more than the transcript has it.
    fn is_written(&self) -> bool {
        self.sources.iter().any(|source| source.kind != SourceKind::Said)
    }

    /// Whether the other may be short for this.
    fn takes(&self, other: &Entry) -> bool {
        let (mine, theirs) = (self.votes.kind(), other.votes.kind());
        let shouted = is_shouted(&other.name) && !is_shouted(&self.name) && !self.given.contains(&other.name);
        !shouted
            && !is_demonym(&fold(&other.name))
            && (theirs.is_none()
                || mine.is_none()
                || mine == theirs
                || mine == Some(NameKind::Organisation) && theirs == Some(NameKind::Thing))
    }

    fn take(&mut self, other: Entry) {
        for variant in std::iter::once(other.name).chain(other.given) {
            if fold(&variant) != fold(&self.name) {
                push(&mut self.given, variant);
            }
        }
        self.votes.join(other.votes);
        self.role = self.role.take().or(other.role);
        self.familiar |= other.familiar;
        self.times += other.times;
        let room = MOST_SOURCES.saturating_sub(self.sources.len());
        self.sources.extend(other.sources.into_iter().take(room));
    }

    fn score(&self) -> f32 {
        let best = self.sources.iter().map(|source| weight(source.kind)).fold(0.0, f32::max);
        best + 5.0 * (self.times as f32).ln() + if self.votes.kind().is_some() { 5.0 } else { 0.0 }
    }

    fn finish(mut self) -> Name {
        let kind = self.votes.kind();
        let familiar = self.familiar && kind == Some(NameKind::Person);
        let ruled = if familiar { of_familiar(&self.name) } else { variants(&self.name, kind) };
        for variant in ruled {
            push(&mut self.given, variant);
        }
        let mut kept: Vec<String> = Vec::new();
        for variant in self.given.into_iter().filter(|variant| *variant != self.name) {
            if !kept.contains(&variant) && kept.len() < MOST_VARIANTS {
                kept.push(variant);
            }
        }
        self.sources.sort_by(|a, b| weight(b.kind).total_cmp(&weight(a.kind)));
        Name { name: self.name, kind, role: self.role, variants: kept, sources: self.sources }
    }
}

fn push(list: &mut Vec<String>, text: String) {
    if !fold(&text).is_empty() && !list.contains(&text) && list.len() < MOST_VARIANTS {
        list.push(text);
    }
}

fn is_shouted(name: &str) -> bool {
    name.chars().filter(|character| character.is_alphabetic()).count() > 1 && !name.chars().any(char::is_lowercase)
}

fn is_familiar(role: &str) -> bool {
    fold(role).split(' ').any(|word| matches!(word, "host" | "cohost" | "guest" | "presenter"))
}

/// The country or people that is meant, where running text has another form of it: "U.S.", "Iraqis".
fn usual(met: &Met) -> Option<&'static Place> {
    let whole = matches!(met.source.kind, SourceKind::List | SourceKind::Followed | SourceKind::Credit);
    let place = place(met.name).filter(|_| !whole)?;
    matches!(place.kind, PlaceKind::Country | PlaceKind::Demonym).then_some(place)
}

/// Folded, without spaces: "air base" and "airbase" are one name.
fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(|character| character != ' ');
    key
}

/// How much a place speaks for a name.
fn weight(kind: SourceKind) -> f32 {
    match kind {
        SourceKind::List => 100.0,
        SourceKind::Followed => 95.0,
        SourceKind::Credit => 90.0,
        SourceKind::Title => 60.0,
        SourceKind::Tag => 50.0,
        SourceKind::Chapter => 45.0,
        SourceKind::Notes => 40.0,
        SourceKind::Regular => 35.0,
        SourceKind::Show | SourceKind::Library => 30.0,
        SourceKind::Said => 20.0,
        SourceKind::Gazetteer => 10.0,
    }
}
