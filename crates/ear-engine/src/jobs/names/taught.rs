//! What was decided before teaches: the names that were meant, what is heard for them, and what is not.

use super::list::List;
use crate::{Library, Result};
use ear_core::{NameId, NameSource, RepairState, SourceKind, Word};
use ear_language::repair::Listed;
use ear_store::{Ruling, StoredName, StoredRepair, fold_name};
use std::collections::{BTreeSet, HashMap};

/// Rulings that are looked for in the words of an episode, the most frequent.
const RULINGS: usize = 2000;

impl Library {
    /// Adds names that were decided on in this very transcript.
    pub(super) fn add_decided(&self, list: &mut List, decided: &[StoredRepair]) -> Result<()> {
        let accepted = || decided.iter().filter(|repair| repair.state == RepairState::Accepted);
        let ids: BTreeSet<NameId> = accepted().map(|repair| repair.name).collect();
        for known in self.store.names_by_id(&ids.into_iter().collect::<Vec<_>>())? {
            if list.place_of(&known).is_none() {
                let text = "accepted in this episode".to_owned();
                list.add_known(&known, NameSource { kind: SourceKind::Library, text });
            }
        }
        Ok(())
    }

    /// Adds names for which others were heard elsewhere, where these words hold the same.
    pub(super) fn add_taught(&self, list: &mut List, rulings: &[Ruling], words: &[Word]) -> Result<()> {
        let mut accepted: Vec<&Ruling> =
            rulings.iter().filter(|ruling| ruling.state == RepairState::Accepted).collect();
        accepted.sort_by_key(|ruling| std::cmp::Reverse(ruling.count));
        accepted.truncate(RULINGS);
        if accepted.is_empty() {
            return Ok(());
        }
        let text = plain(words.iter().map(|word| word.text.as_str()));
        for ruling in accepted {
            if !text.contains(&plain(ruling.heard.split(' '))) {
                continue;
            }
            if let Some(known) = self.store.name(ruling.name)?
                && list.place_of(&known).is_none()
            {
                let text = format!("“{}” was heard for it elsewhere", ruling.heard);
                list.add_known(&known, NameSource { kind: SourceKind::Library, text });
            }
        }
        Ok(())
    }

    /// The names of a list with what was decided about each.
    pub(super) fn with_rulings(&self, list: &List, rulings: &[Ruling]) -> Result<Vec<Listed>> {
        let mut listed: Vec<Listed> = list
            .names
            .iter()
            .map(|name| Listed { name: name.clone(), heard_before: Vec::new(), refused: Vec::new() })
            .collect();
        let ids: BTreeSet<NameId> = rulings.iter().map(|ruling| ruling.name).collect();
        let known: HashMap<NameId, StoredName> = self
            .store
            .names_by_id(&ids.into_iter().collect::<Vec<_>>())?
            .into_iter()
            .map(|name| (name.id, name))
            .collect();
        for ruling in rulings {
            let Some(at) = known.get(&ruling.name).and_then(|name| list.place_of(name)) else { continue };
            match ruling.state {
                RepairState::Accepted => listed[at].heard_before.push((ruling.heard.clone(), ruling.count)),
                RepairState::Refused => listed[at].refused.push(ruling.heard.clone()),
                RepairState::Proposed => {}
            }
        }
        Ok(listed)
    }
}

/// Words as compared, with a space before and after each.
fn plain<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::from(" ");
    for word in words.map(fold_name).filter(|word| !word.is_empty()) {
        text.push_str(&word);
        text.push(' ');
    }
    text
}
