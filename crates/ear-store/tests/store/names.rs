use crate::builders::{Library, new_episode};
use ear_core::{
    EpisodeId, Evidence, EvidenceKind, MentionBy, Name, NameId, NameKind, NameSource, Origin, RepairState, SourceKind,
    Span, Timing, Transcript, TranscriptId, Word,
};
use ear_store::{Act, Anomaly, EpisodeName, Error, MentionRow, NewEpisode, Ruled, StoredRepairDraft};
use proptest::prelude::*;
use std::ops::Range;

use RepairState::{Accepted, Proposed, Refused};

pub fn name(text: &str, kind: Option<NameKind>, variants: &[&str]) -> Name {
    let source = NameSource { kind: SourceKind::Notes, text: text.into() };
    let variants = variants.iter().map(|text| (*text).into()).collect();
    Name { name: text.into(), kind, role: None, variants, sources: vec![source] }
}

/// A library with one episode whose words are given.
pub struct Talk {
    pub library: Library,
    pub episode: EpisodeId,
    pub transcript: TranscriptId,
}

impl Talk {
    pub fn of(text: &str) -> Self {
        let library = Library::new();
        let (episode, transcript) = talk(&library, "Talk", text);
        Self { library, episode, transcript }
    }

    pub fn add(&self, name: Name) -> NameId {
        self.library.store.find_or_add_names(Some(self.episode), &[name]).unwrap()[0]
    }

    pub fn put(&self, mentions: &[MentionRow], repairs: &[StoredRepairDraft]) {
        put(&self.library, self.episode, self.transcript, mentions, repairs);
    }

    /// Names and states of all repairs, in the order of words.
    pub fn states(&self) -> Vec<(Range<usize>, RepairState)> {
        let repairs = self.library.store.repairs(self.transcript).unwrap();
        repairs.into_iter().map(|repair| (repair.words, repair.state)).collect()
    }
}

pub fn talk(library: &Library, title: &str, text: &str) -> (EpisodeId, TranscriptId) {
    let episode = library.episode(title);
    (episode, words(library, episode, text))
}

fn words(library: &Library, episode: EpisodeId, text: &str) -> TranscriptId {
    let words = text.split(' ').map(Word::untimed).collect();
    let whole = Transcript { timing: Timing::None, words, ..Transcript::empty(Origin::Imported) };
    library.store.add_transcript(episode, &whole).unwrap()
}

pub fn put(
    library: &Library,
    episode: EpisodeId,
    transcript: TranscriptId,
    mentions: &[MentionRow],
    repairs: &[StoredRepairDraft],
) {
    let ids = mentions.iter().map(|mention| mention.0).chain(repairs.iter().map(|repair| repair.name));
    let source = NameSource { kind: SourceKind::Notes, text: "notes".into() };
    let names: Vec<_> = ids.map(|name| EpisodeName { name, sources: vec![source.clone()] }).collect();
    library.store.put_episode_names(episode, transcript, "v1", &names, mentions, repairs).unwrap();
}

pub fn said(name: NameId, words: Range<usize>) -> MentionRow {
    (name, words, MentionBy::Words, None)
}

pub fn draft(name: NameId, words: Range<usize>, heard: &str, meant: &str) -> StoredRepairDraft {
    StoredRepairDraft {
        name,
        words,
        span: Some(Span::new(100, 900)),
        heard: heard.into(),
        meant: meant.into(),
        probability: 0.75,
        evidence: vec![Evidence { kind: EvidenceKind::Sound, text: "sounds alike".into(), weight: 2.5 }],
        runner_up: Some("Salami".into()),
        state: Proposed,
        by_hand: false,
    }
}

#[test]
fn names_are_found_by_their_spellings() {
    let check = |first: Name, second: Name, one: bool| {
        let talk = Talk::of("a");
        let (a, b) = (talk.add(first.clone()), talk.add(second.clone()));
        assert_eq!(a == b, one, "{first:?} {second:?}");
    };
    let (person, place) = (Some(NameKind::Person), Some(NameKind::Place));
    check(name("Qasem Soleimani", person, &[]), name("qasem  soleimaní’s", None, &[]), true);
    check(name("Qasem Soleimani", person, &["Qassem Soleimani"]), name("Qassem Soleimani", None, &[]), true);
    check(name("Qassem Soleimani", person, &[]), name("Qasem Soleimani", None, &["Qassem Soleimani"]), true);
    check(name("Qasem Soleimani", person, &["Soleimani"]), name("Soleimani", None, &[]), true);
    // A part leads to the whole, but the whole is not made of a part.
    check(name("Smith", None, &[]), name("John Smith", person, &["Smith"]), false);
    check(name("John Smith", person, &["Smith"]), name("Jane Smith", person, &["Smith"]), false);
    check(name("George Washington", person, &["Washington"]), name("Washington", place, &[]), false);
    // What a spelling is of is not always the same to lists.
    check(name("Georgia", person, &[]), name("Georgia", place, &[]), true);
}

#[test]
fn of_several_the_one_of_the_episode_is_meant() {
    let Talk { library, episode, .. } = Talk::of("a");
    let store = &library.store;
    let john = name("John Smith", None, &["Smith"]);
    let jane = name("Jane Smith", None, &["Smith"]);
    let both = store.find_or_add_names(None, &[john.clone(), jane.clone()]).unwrap();
    let alone = store.find_or_add_names(Some(episode), &[name("Smith", None, &[]), jane]).unwrap();
    assert_eq!(alone, [both[1], both[1]]);
    // Nobody can tell here, so that it is somebody else.
    let other = store.find_or_add_names(None, &[name("Smith", None, &[])]).unwrap()[0];
    assert!(!both.contains(&other));
}

#[test]
fn lists_complete_a_name_and_change_nothing_of_it() {
    let talk = Talk::of("a");
    let store = &talk.library.store;
    let id = talk.add(name("Qasem Soleimani", None, &["Soleimani"]));
    talk.add(Name {
        role: Some("general".into()),
        ..name("QASEM SOLEIMANI", Some(NameKind::Person), &["Ghasem Soleimani", "soleimani"])
    });
    talk.add(Name { role: Some("singer".into()), ..name("Qasem Soleimani", Some(NameKind::Place), &[]) });
    let stored = store.name(id).unwrap().unwrap();
    assert_eq!((stored.name.as_str(), stored.kind), ("Qasem Soleimani", Some(NameKind::Person)));
    assert_eq!((stored.role.as_deref(), stored.by_hand, stored.followed), (Some("general"), false, false));
    let variants: Vec<_> = stored.variants.iter().map(|variant| variant.text.as_str()).collect();
    assert_eq!(variants, ["Ghasem Soleimani", "Soleimani"]);
    assert!(matches!(store.find_or_add_names(None, &[name(" ", None, &[])]), Err(Error::EmptyName)));
    let long = store.find_or_add_names(None, &[name(&"x".repeat(5000), None, &[])]).unwrap()[0];
    assert_eq!(store.name(long).unwrap().unwrap().name.len(), 200);
}

#[test]
fn an_episode_gives_back_what_was_put() {
    let talk = Talk::of("Iran buried general sola money, Soleimani’s coffin in Iran.");
    let store = &talk.library.store;
    let (iran, qasem) = (talk.add(name("Iran", None, &[])), talk.add(name("Soleimani", None, &[])));
    assert_eq!(store.episodes_without_names("v1").unwrap(), [talk.episode]);
    talk.put(
        &[said(iran, 0..1), said(qasem, 5..6), said(iran, 8..9)],
        &[draft(qasem, 3..5, "sola money,", "Soleimani")],
    );
    assert_eq!(store.names_made_by(talk.transcript).unwrap().as_deref(), Some("v1"));
    assert_eq!(store.episodes_without_names("v1").unwrap(), []);
    assert_eq!(store.episodes_without_names("v2").unwrap(), [talk.episode]);
    assert_eq!(store.mentions(talk.transcript).unwrap(), [said(iran, 0..1), said(qasem, 5..6), said(iran, 8..9)]);
    let [repair] = store.repairs(talk.transcript).unwrap().try_into().unwrap();
    assert_eq!((repair.heard.as_str(), repair.meant.as_str(), repair.state), ("sola money", "Soleimani", Proposed));
    assert_eq!((repair.span, repair.evidence.len()), (Some(Span::new(100, 900)), 1));
    assert_eq!(store.repair(repair.id).unwrap(), repair);
    let names = store.episode_names(talk.episode).unwrap();
    assert_eq!(
        names.iter().map(|(name, sources)| (name.id, sources.len())).collect::<Vec<_>>(),
        [(iran, 1), (qasem, 1)]
    );
    let heard: Vec<_> = store.name_places(qasem, 9, 0).unwrap().into_iter().map(|place| place.heard).collect();
    assert_eq!(heard, ["Soleimani’s"]);
    let (listed, total) = store.names_listing(None, None, 1, 0).unwrap();
    assert_eq!((listed[0].name.id, listed[0].mentions, listed[0].episodes, total), (iran, 2, 1, 2));
    let (listed, _) = store.names_listing(None, Some("SOLEI"), 9, 0).unwrap();
    assert_eq!((listed.len(), listed[0].mentions, listed[0].proposed), (1, 1, 1));
    assert_eq!(store.names_listing(Some(NameKind::Place), None, 9, 0).unwrap().1, 0);
    assert_eq!(store.integrity(true).unwrap(), []);
}

#[test]
fn what_is_put_has_to_fit() {
    let talk = Talk::of("one two");
    let store = &talk.library.store;
    let id = talk.add(name("Iran", None, &[]));
    let fails = |mentions: &[MentionRow]| {
        store.put_episode_names(talk.episode, talk.transcript, "v1", &[], mentions, &[]).unwrap_err()
    };
    assert_eq!(fails(&[said(id, 1..3)]).to_string(), "transcript 1 has no words 1 to 3: it has 2 words");
    assert!(matches!(fails(&[said(id, 1..1)]), Error::NoSuchWords { .. }));
    assert!(matches!(fails(&[said(NameId(77), 0..1)]), Error::Missing { what: "name", .. }));
    assert!(matches!(fails(&vec![said(id, 0..1); 200_001]), Error::TooMany { .. }));
    assert_eq!(store.names_made_by(talk.transcript).unwrap(), None);
    let long = Evidence { kind: EvidenceKind::Sound, text: "é".repeat(9000), weight: f32::NAN };
    talk.put(&[], &[StoredRepairDraft { evidence: vec![long; 400], ..draft(id, 0..1, "one", "Iran") }]);
    let evidence = store.repairs(talk.transcript).unwrap().remove(0).evidence;
    assert!((1..400).contains(&evidence.len()) && evidence[0].weight == 0.0, "{}", evidence.len());
}

#[test]
fn an_accepted_repair_is_read_and_can_be_undone() {
    let talk = Talk::of("general sola money and sola money again");
    let store = &talk.library.store;
    let (qasem, money) = (talk.add(name("Soleimani", None, &[])), talk.add(name("Money", None, &[])));
    talk.put(
        &[said(money, 2..3), said(money, 5..6)],
        &[draft(qasem, 1..3, "sola money", "Soleimani"), draft(qasem, 4..6, "Sola Money", "Soleimani")],
    );
    let first = store.repairs(talk.transcript).unwrap()[0].id;
    let alike = store.alike(first, Some(talk.episode)).unwrap();
    assert_eq!((alike.len(), store.alike(first, Some(EpisodeId(9))).unwrap().len()), (2, 0));
    assert_eq!(store.decide(&alike, Accepted).unwrap().episodes, [talk.episode]);
    assert_eq!(store.decide(&alike, Accepted).unwrap(), Ruled::default());
    assert_eq!(store.accepted(talk.transcript).unwrap().len(), 2);
    let by: Vec<_> = store.mentions(talk.transcript).unwrap().into_iter().map(|row| (row.0, row.2)).collect();
    assert_eq!(by, [(qasem, MentionBy::Repair); 2]);
    let variant = store.name(qasem).unwrap().unwrap().variants.remove(0);
    assert_eq!((variant.misheard, variant.count, variant.text.to_lowercase()), (true, 2, "sola money".into()));
    let [ruling] = store.rulings().unwrap().try_into().unwrap();
    assert_eq!((ruling.heard.as_str(), ruling.name, ruling.state), ("sola money", qasem, Accepted));
    assert_eq!((ruling.count, ruling.episodes, ruling.meant.as_str()), (2, 1, "Soleimani"));
    let counts =
        |id| store.names_listing(None, None, 9, 0).unwrap().0.iter().find(|one| one.name.id == id).unwrap().mentions;
    assert_eq!((counts(qasem), counts(money)), (2, 0));

    let undone = store.undo_last(None).unwrap().unwrap();
    assert_eq!((undone.repairs, undone.episodes), (alike, vec![talk.episode]));
    assert_eq!((counts(qasem), counts(money)), (0, 2));
    assert_eq!(store.undo_last(None).unwrap(), None);
    assert_eq!(store.rulings().unwrap(), []);
}

#[test]
fn one_reading_is_accepted_for_each_stretch() {
    let talk = Talk::of("a b c d e");
    let store = &talk.library.store;
    let (x, y) = (talk.add(name("X", None, &[])), talk.add(name("Y", None, &[])));
    talk.put(&[], &[draft(x, 0..2, "a b", "X"), draft(y, 1..3, "b c", "Y"), draft(x, 3..5, "d e", "X")]);
    let ids: Vec<_> = store.repairs(talk.transcript).unwrap().iter().map(|repair| repair.id).collect();
    store.decide(&ids[..1], Accepted).unwrap();
    assert_eq!(store.decide(&ids[1..], Accepted).unwrap().displaced, ids[..1]);
    assert_eq!(talk.states(), [(0..2, Proposed), (1..3, Accepted), (3..5, Accepted)]);
    // Each decision is undone as a whole, the last first.
    assert_eq!(store.undo_last(None).unwrap().unwrap().repairs, ids);
    assert_eq!(talk.states(), [(0..2, Accepted), (1..3, Proposed), (3..5, Proposed)]);
    store.undo_last(None).unwrap().unwrap();
    assert!(talk.states().iter().all(|(_, state)| *state == Proposed));
    let gone = [ids[0], ear_core::RepairId(77)];
    assert!(matches!(store.decide(&gone, Accepted), Err(Error::Missing { what: "repair", .. })));
    assert!(talk.states().iter().all(|(_, state)| *state == Proposed));
}

#[test]
fn decisions_outlive_making_again() {
    let talk = Talk::of("a b c d e f g h");
    let store = &talk.library.store;
    let (x, y) = (talk.add(name("X", None, &[])), talk.add(name("Y", None, &[])));
    let all = [draft(x, 0..1, "a", "X"), draft(x, 2..3, "c", "X"), draft(x, 4..5, "e", "X"), draft(x, 6..7, "C", "X")];
    talk.put(&[], &all);
    let ids: Vec<_> = store.repairs(talk.transcript).unwrap().iter().map(|repair| repair.id).collect();
    store.decide(&ids[..1], Accepted).unwrap();
    store.decide(&ids[1..2], Refused).unwrap();
    // What was refused is not proposed again, there and elsewhere; nor is anything over what was accepted. What
    // is no longer proposed goes.
    let again = [all[0].clone(), draft(y, 0..2, "a b", "Y"), all[1].clone(), all[3].clone(), draft(y, 5..6, "f", "Y")];
    talk.put(&[], &again);
    assert_eq!(talk.states(), [(0..1, Accepted), (2..3, Refused), (5..6, Proposed)]);
    assert_eq!(store.repairs(talk.transcript).unwrap()[..2].iter().map(|one| one.id).collect::<Vec<_>>(), ids[..2]);
    let kept = store.repairs(talk.transcript).unwrap()[2].id;
    talk.put(&[], &again);
    assert_eq!(store.repairs(talk.transcript).unwrap()[2].id, kept);
    // Taken back and not proposed any more, it stays while the decision may be undone.
    store.decide(&ids[..1], Proposed).unwrap();
    talk.put(&[], &[]);
    assert_eq!(talk.states(), [(0..1, Proposed), (2..3, Refused)]);
    store.undo_last(None).unwrap();
    assert_eq!(talk.states(), [(0..1, Accepted), (2..3, Refused)]);
}

#[test]
fn a_new_transcript_takes_the_place_of_the_old_and_its_decisions() {
    let talk = Talk::of("a b c");
    let store = &talk.library.store;
    let (x, y) = (talk.add(name("X", None, &[])), talk.add(name("Y", None, &[])));
    talk.put(&[said(y, 2..3)], &[draft(x, 0..1, "a", "X"), draft(x, 1..2, "b", "X")]);
    let old = store.repairs(talk.transcript).unwrap();
    store.decide(&[old[0].id], Accepted).unwrap();
    let newer = words(&talk.library, talk.episode, "a b c d");
    assert_eq!(store.episodes_without_names("v1").unwrap(), [talk.episode]);
    let inherited = StoredRepairDraft { state: Accepted, ..draft(x, 1..2, "a", "X") };
    let mut proposals = vec![draft(y, 1..3, "b c", "Y"), draft(y, 3..4, "d", "Y"), inherited];
    put(&talk.library, talk.episode, newer, &[said(y, 2..3)], &proposals);
    let now: Vec<_> = store.repairs(newer).unwrap().iter().map(|one| (one.words.clone(), one.state)).collect();
    assert_eq!(now, [(1..2, Accepted), (3..4, Proposed)]);
    assert_eq!(
        (store.names_made_by(talk.transcript).unwrap(), store.repairs_of_episode(talk.episode).unwrap().len()),
        (None, 3)
    );
    let places: Vec<_> = store.name_places(x, 9, 0).unwrap().iter().map(|place| (place.transcript, place.by)).collect();
    assert_eq!(places, [(newer, MentionBy::Repair)]);
    // Taken back here, it is not inherited once more.
    let id = store.accepted(newer).unwrap()[0].id;
    store.decide(&[id], Proposed).unwrap();
    proposals.remove(0);
    put(&talk.library, talk.episode, newer, &[], &proposals);
    assert_eq!(store.accepted(newer).unwrap(), []);
}

#[test]
fn a_repair_by_hand_is_accepted_and_undone() {
    let talk = Talk::of("a b c");
    let store = &talk.library.store;
    let x = talk.add(name("X", None, &[]));
    talk.put(&[], &[draft(x, 0..1, "a", "X")]);
    let before = store.repairs(talk.transcript).unwrap();
    let (id, _) = store.add_repair(talk.transcript, &draft(x, 0..1, "a", "X's")).unwrap();
    assert_eq!((store.repairs(talk.transcript).unwrap()[0].id, store.repair(id).unwrap().meant), (id, "X's".into()));
    let (new, ruled) = store.add_repair(talk.transcript, &draft(x, 0..3, "a b c", "X")).unwrap();
    assert_eq!((ruled.displaced, ruled.episodes), (vec![id], vec![talk.episode]));
    assert!(store.repair(new).unwrap().by_hand);
    talk.put(&[], &[]);
    assert_eq!(talk.states(), [(0..1, Proposed), (0..3, Accepted)]);
    let undone = store.undo_last(None).unwrap().unwrap();
    assert_eq!((undone.repairs, undone.gone, undone.episodes), (vec![id], vec![new], vec![talk.episode]));
    assert_eq!(
        (undone.what, undone.name.as_deref(), undone.other.as_deref()),
        (Act::Corrected, Some("X"), Some("a b c"))
    );
    assert_eq!(talk.states(), [(0..1, Accepted)]);
    assert!(matches!(store.repair(new), Err(Error::Missing { .. })));
    // The other is again what it was before anybody said anything of it.
    store.undo_last(None).unwrap().unwrap();
    assert_eq!(store.repairs(talk.transcript).unwrap(), before);
    let beyond = draft(x, 2..4, "c", "X");
    assert!(matches!(store.add_repair(talk.transcript, &beyond), Err(Error::NoSuchWords { words: 3, .. })));
}

#[test]
fn names_of_a_show_and_of_a_time_are_found() {
    let library = Library::new();
    let store = &library.store;
    let show = store.show_named("Show").unwrap();
    let ids = store.find_or_add_names(None, &[name("Host", None, &[]), name("Iran", None, &[])]).unwrap();
    let mut episodes = Vec::new();
    for (n, date) in ["2020-01-01", "2020-01-08", "2020-03-01"].iter().enumerate() {
        let new = NewEpisode { show: Some(show), date: date.parse().ok(), ..new_episode(&format!("E{n}")) };
        let episode = store.add_episode(&new).unwrap().id;
        let transcript = words(&library, episode, "a b");
        let source = NameSource { kind: SourceKind::Credit, text: String::new() };
        let names = [EpisodeName { name: ids[0], sources: vec![source] }];
        let mentions: &[_] = if n < 2 { &[said(ids[1], 0..1)] } else { &[] };
        store.put_episode_names(episode, transcript, "v1", &names, mentions, &[]).unwrap();
        episodes.push(episode);
    }
    let regulars = |except, share| store.regulars(show, except, share, 9).unwrap();
    assert_eq!(regulars(episodes[2], 0.5), [(ids[0], 2), (ids[1], 2)]);
    assert_eq!(regulars(episodes[0], 0.5), [(ids[0], 2)]);
    let other = EpisodeId(999);
    assert_eq!(regulars(other, 0.5), [(ids[0], 3), (ids[1], 2)]);
    assert_eq!(regulars(other, 0.9), [(ids[0], 3)]);
    let near = |except, days| store.near_names(except, "2020-01-02".parse().unwrap(), days, 9).unwrap();
    assert_eq!(near(episodes[2], 7), [(ids[1], 2)]);
    assert_eq!(near(episodes[0], 6), [(ids[1], 1)]);
    assert_eq!(near(episodes[0], 5), []);
}

#[test]
fn names_that_nobody_uses_are_swept() {
    let talk = Talk::of("a b");
    let store = &talk.library.store;
    let used = talk.add(name("Used", None, &[]));
    let (other, kinded) = (talk.add(name("Other", None, &[])), talk.add(name("Kinded", None, &[])));
    let followed = store.add_name(&name("Followed", None, &[])).unwrap();
    store.set_name_kind(kinded, Some(NameKind::Thing)).unwrap();
    talk.put(&[said(used, 0..1)], &[draft(used, 1..2, "b", "Used")]);
    store.decide(&[store.repairs(talk.transcript).unwrap()[0].id], Refused).unwrap();
    assert_eq!(store.sweep_names(0).unwrap(), 0);
    assert_eq!(store.sweep_names(i64::MAX).unwrap(), 1);
    assert_eq!(store.name(other).unwrap(), None);
    store.remove_episodes(&[talk.episode]).unwrap();
    assert_eq!(store.sweep_names(i64::MAX).unwrap(), 1);
    let left: Vec<_> = store.names_by_id(&[used, kinded, followed]).unwrap().iter().map(|name| name.id).collect();
    assert_eq!(left, [kinded, followed]);
    // Of the refusal nothing is left to take back; of what was done to names there is.
    let undone: Vec<_> = std::iter::from_fn(|| store.undo_last(None).unwrap().map(|undone| undone.what)).collect();
    assert_eq!((undone, store.integrity(true).unwrap()), (vec![Act::Sorted, Act::Added], vec![]));
}

#[test]
fn damage_of_names_is_found_and_mended() {
    let check = |sql: &str, expected: &[&str]| {
        let talk = Talk::of("a b c d");
        let x = talk.add(name("X", None, &[]));
        talk.put(&[said(x, 0..1)], &[draft(x, 1..3, "b c", "X"), draft(x, 2..4, "c d", "X")]);
        let store = &talk.library.store;
        store.decide(&[store.repairs(talk.transcript).unwrap()[0].id], Accepted).unwrap();
        talk.library.raw().execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
        let found = store.integrity(true).unwrap();
        let mut found: Vec<_> = found.iter().map(Anomaly::message).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{sql}");
        store.mend_orphans().unwrap();
        assert_eq!(store.integrity(true).unwrap(), [], "{sql}");
        assert_eq!(store.accepted(talk.transcript).unwrap().len(), usize::from(!sql.contains("repairs SET end")));
    };
    check("UPDATE mentions SET end_word = 5", &["transcript 1 has mentions beyond its words: 1"]);
    check("UPDATE repairs SET end_word = 5", &["transcript 1 has repairs beyond its words: 2"]);
    check(
        "UPDATE repairs SET state = 'accepted'",
        &["repairs 1 and 2 of transcript 1 are both accepted for the same words"],
    );
    let lost = |table: &str, row: &str| format!("a row of {table} points to a missing row of names: row {row}");
    check(
        "DELETE FROM names",
        &[
            &*lost("episode_names", "without id"),
            &*lost("mentions", "without id"),
            &*lost("name_spellings", "without id"),
            &*lost("repairs", "1"),
            &*lost("repairs", "2"),
        ],
    );
}

#[test]
fn ten_hours_of_names_are_stored_at_once() {
    let text: Vec<_> = (0..90_000).map(|n| format!("word{}", n % 5000)).collect();
    let talk = Talk::of(&text.join(" "));
    let store = &talk.library.store;
    let names: Vec<_> = (0..500).map(|n| name(&format!("First{n} Last{n}"), None, &[&format!("Last{n}")])).collect();
    let ids = store.find_or_add_names(Some(talk.episode), &names).unwrap();
    let mentions: Vec<_> = (0..4000).map(|n| said(ids[n % 500], n * 20..n * 20 + 2)).collect();
    let repairs: Vec<_> = (0..2000).map(|n| draft(ids[n % 500], n * 40 + 5..n * 40 + 7, "heard so", "Last")).collect();
    let begun = std::time::Instant::now();
    talk.put(&mentions, &repairs);
    talk.put(&mentions, &repairs);
    assert_eq!(store.find_or_add_names(Some(talk.episode), &names).unwrap(), ids);
    let all: Vec<_> = store.repairs(talk.transcript).unwrap().iter().map(|repair| repair.id).collect();
    store.decide(&all, Accepted).unwrap();
    assert_eq!(store.mentions(talk.transcript).unwrap().len(), 6000);
    assert_eq!(store.episode_names(talk.episode).unwrap().len(), 500);
    // Half a second alone, without optimisation; what is quadratic takes minutes.
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is decided, no two accepted repairs overlap, and undoing everything leads back to the start.
    #[test]
    fn decisions_never_overlap_and_undo_to_the_start(
        places in prop::collection::vec((0usize..12, 1usize..4), 1..8),
        moves in prop::collection::vec((prop::collection::vec(0usize..8, 1..4), 0u8..3), 1..10),
    ) {
        let talk = Talk::of("a b c d e f g h i j k l m n o p");
        let store = &talk.library.store;
        let x = talk.add(name("X", None, &[]));
        talk.put(&[], &places.iter().map(|(at, len)| draft(x, *at..at + len, "h", "X")).collect::<Vec<_>>());
        let ids: Vec<_> = store.repairs(talk.transcript).unwrap().iter().map(|repair| repair.id).collect();
        for (which, verdict) in moves {
            let which: Vec<_> = which.iter().map(|index| ids[index % ids.len()]).collect();
            store.decide(&which, [Proposed, Accepted, Refused][usize::from(verdict)]).unwrap();
            let accepted = store.accepted(talk.transcript).unwrap();
            prop_assert!(accepted.windows(2).all(|pair| pair[0].words.end <= pair[1].words.start));
        }
        while store.undo_last(None).unwrap().is_some() {}
        prop_assert!(talk.states().iter().all(|(_, state)| *state == Proposed));
    }
}
