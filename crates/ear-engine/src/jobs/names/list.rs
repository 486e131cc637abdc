//! The names that an episode may say, from all that is known, each once.

use ear_core::{Name, NameId, NameKind, NameSource, SourceKind};
use ear_language::names::gazetteer_names;
use ear_store::{StoredName, fold_name as fold};
use std::collections::{HashMap, HashSet};

/// Spellings kept of a name.
const SPELLINGS: usize = 24;

/// Names, the most certain first, with the ids of those that the library knows.
#[derive(Debug, Default)]
pub(super) struct List {
    pub names: Vec<Name>,
    pub ids: Vec<Option<NameId>>,
    places: HashMap<String, usize>,
    /// Names that the user wants to see no more, folded; they are never added.
    forgotten: HashSet<String>,
}

impl List {
    /// A list that takes all names but these.
    pub fn without(forgotten: &[StoredName]) -> Self {
        Self { forgotten: forgotten.iter().map(|name| fold(&name.name)).collect(), ..Self::default() }
    }

    /// Adds a name, or what it brings to one that is there: its sources, and spellings.
    pub fn add(&mut self, name: Name) {
        let key = fold(&name.name);
        if key.is_empty() || self.forgotten.contains(&key) {
            return;
        }
        match self.places.get(&key) {
            Some(&at) => self.join(at, name),
            None => {
                self.places.insert(key, self.names.len());
                self.names.push(name);
                self.ids.push(None);
            }
        }
    }

    /// Where a name that the library knows is in this list.
    pub fn place_of(&self, known: &StoredName) -> Option<usize> {
        self.ids.iter().position(|id| *id == Some(known.id)).or_else(|| self.alike(&plain(known)))
    }

    /// Adds a name that the library knows. Its spelling is the one to keep.
    pub fn add_known(&mut self, known: &StoredName, source: NameSource) {
        if known.forgotten {
            return;
        }
        let name = Name { sources: vec![source], ..plain(known) };
        let at = self.place_of(known);
        match at {
            Some(at) => {
                let old = std::mem::replace(&mut self.names[at].name, name.name.clone());
                self.places.insert(fold(&name.name), at);
                self.join(at, name);
                self.names[at].variants.push(old);
                tidy(&mut self.names[at]);
                self.ids[at] = Some(known.id);
            }
            None => {
                let at = self.names.len();
                self.add(name);
                if at < self.names.len() {
                    self.ids[at] = Some(known.id);
                }
            }
        }
    }

    /// The place of a name that is the same: spelled so, or so among the spellings of one that is no other kind of
    /// thing. One word alone may stand for many.
    fn alike(&self, name: &Name) -> Option<usize> {
        let of = |spelling: &str| self.places.get(&fold(spelling)).copied();
        let may_be = |at: &usize| agree(self.names[*at].kind, name.kind);
        let by_variant = |spelling: &String| {
            let is_whole = spelling.contains(' ');
            of(spelling).filter(|at| if is_whole { may_be(at) } else { same(self.names[*at].kind, name.kind) })
        };
        of(&name.name).filter(may_be).or_else(|| name.variants.iter().find_map(by_variant))
    }

    fn join(&mut self, at: usize, more: Name) {
        let name = &mut self.names[at];
        name.kind = name.kind.or(more.kind);
        name.role = name.role.take().or(more.role);
        name.variants.push(more.name);
        name.variants.extend(more.variants);
        for source in more.sources {
            if !name.sources.contains(&source) {
                name.sources.push(source);
            }
        }
        tidy(name);
    }

    /// Adds countries, their people and cities.
    pub fn add_gazetteer(&mut self) {
        gazetteer_names().into_iter().for_each(|name| self.add(name));
    }

    /// Whether only the gazetteer knows a name.
    pub fn is_gazetteer_alone(&self, at: usize) -> bool {
        self.names[at].sources.iter().all(|source| source.kind == SourceKind::Gazetteer)
    }

    /// Whether only the transcript itself has a name, which may be misheard where it stands as well as elsewhere.
    pub fn is_said_alone(&self, at: usize) -> bool {
        self.names[at].sources.iter().all(|source| source.kind == SourceKind::Said)
    }

    /// Whether a name belongs to the episode though nobody says it: its own text names it.
    pub fn is_own(&self, at: usize) -> bool {
        use SourceKind::{Followed, Gazetteer, Library, Regular};
        self.names[at].sources.iter().any(|source| !matches!(source.kind, Followed | Gazetteer | Library | Regular))
    }
}

fn plain(known: &StoredName) -> Name {
    let variants = known.variants.iter().filter(|variant| !variant.misheard).map(|variant| variant.text.clone());
    Name {
        name: known.name.clone(),
        kind: known.kind,
        role: known.role.clone(),
        variants: variants.collect(),
        sources: Vec::new(),
    }
}

fn agree(a: Option<NameKind>, b: Option<NameKind>) -> bool {
    a.is_none() || b.is_none() || a == b
}

fn same(a: Option<NameKind>, b: Option<NameKind>) -> bool {
    a.is_some() && a == b
}

/// Each spelling once, and not the name itself.
fn tidy(name: &mut Name) {
    let Name { name, variants, .. } = name;
    let mut seen = vec![name.clone()];
    variants.retain(|variant| {
        let is_new = !seen.contains(variant);
        seen.push(variant.clone());
        is_new
    });
    variants.truncate(SPELLINGS);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, kind: Option<NameKind>, source: SourceKind) -> Name {
        let sources = vec![NameSource { kind: source, text: String::new() }];
        Name { name: text.into(), kind, role: None, variants: Vec::new(), sources }
    }

    fn known(id: i64, text: &str, kind: Option<NameKind>, variants: &[&str]) -> StoredName {
        let variant = |text: &&str| ear_store::Variant { text: (*text).into(), misheard: false, count: 1 };
        StoredName {
            id: NameId(id),
            name: text.into(),
            kind,
            role: None,
            variants: variants.iter().map(variant).collect(),
            followed: false,
            by_hand: false,
            forgotten: false,
        }
    }

    #[test]
    fn what_is_known_joins_what_was_met() {
        use NameKind::{Person, Place};
        let library = || NameSource { kind: SourceKind::Library, text: String::new() };
        let check = |met: Name, known: StoredName, expected: &[(&str, Option<i64>)]| {
            let mut list = List::default();
            list.add(met);
            list.add_known(&known, library());
            let found: Vec<_> =
                list.names.iter().zip(&list.ids).map(|(name, id)| (name.name.as_str(), id.map(|id| id.0))).collect();
            assert_eq!(found, expected);
        };
        let met = |text, kind| name(text, kind, SourceKind::Notes);
        check(met("Ann Lee", None), known(1, "ann lee", Some(Person), &[]), &[("ann lee", Some(1))]);
        check(met("Anne Leigh", None), known(1, "Ann Lee", None, &["Anne Leigh"]), &[("Ann Lee", Some(1))]);
        // Half a name is another's too.
        let washington = known(2, "Ada Washington", Some(Person), &["Washington"]);
        check(met("Washington", Some(Place)), washington, &[("Washington", None), ("Ada Washington", Some(2))]);
        check(met("Lee", Some(Person)), known(1, "Ann Lee", Some(Person), &["Lee"]), &[("Ann Lee", Some(1))]);
    }

    #[test]
    fn forgotten_names_are_not_listed() {
        let gone = StoredName { forgotten: true, ..known(3, "Thé Vote", None, &[]) };
        let mut list = List::without(std::slice::from_ref(&gone));
        list.add(name("The Vote", None, SourceKind::Title));
        list.add_known(&gone, NameSource { kind: SourceKind::Library, text: String::new() });
        list.add(name("The Votes", None, SourceKind::Title));
        assert_eq!(list.names.iter().map(|name| name.name.as_str()).collect::<Vec<_>>(), ["The Votes"]);
    }

    #[test]
    fn a_name_is_listed_once_with_all_its_sources() {
        let mut list = List::default();
        list.add(name("Zürich", Some(NameKind::Place), SourceKind::Title));
        list.add(name("Zurich", None, SourceKind::Notes));
        assert_eq!((list.names.len(), list.names[0].sources.len()), (1, 2));
        assert_eq!(list.names[0].variants, ["Zurich"]);
        let gathered = list.names.len();
        list.add_gazetteer();
        assert!(list.names.len() > gathered + 100);
        assert!(list.is_own(0) && !list.is_own(list.names.len() - 1));
    }
}
