use crate::names::{Talk, draft, name, put, said, talk};
use ear_core::{EpisodeId, MentionBy, NameId, NameKind, RepairState, TranscriptId};
use ear_store::{Act, Error, NamePlace, NameSummary, Store, StoredName, StoredRepair};
use proptest::prelude::*;

fn texts(name: &StoredName) -> Vec<&str> {
    name.variants.iter().map(|variant| variant.text.as_str()).collect()
}

#[test]
fn what_a_hand_says_of_a_name_stays() {
    let talk = Talk::of("a");
    let store = &talk.library.store;
    let id = talk.add(name("Soleimany", Some(NameKind::Place), &[]));
    store.set_name_kind(id, None).unwrap();
    store.rename_name(id, " Qasem  Soleimani ").unwrap();
    assert_eq!(talk.add(name("soleimany", Some(NameKind::Place), &["Soleimani"])), id);
    assert_eq!(talk.add(name("Qasem Soleimani", Some(NameKind::Place), &[])), id);
    let stored = store.name(id).unwrap().unwrap();
    assert_eq!((stored.name.as_str(), stored.kind, stored.by_hand), ("Qasem Soleimani", None, true));
    assert_eq!(texts(&stored), ["Soleimani", "Soleimany"]);
    store.rename_name(id, "QASEM SOLEIMANI").unwrap();
    store.rename_name(id, "Soleimani").unwrap();
    assert_eq!(texts(&store.name(id).unwrap().unwrap()), ["QASEM SOLEIMANI", "Soleimany"]);
    assert!(matches!(store.rename_name(id, " "), Err(Error::EmptyName)));
    assert!(matches!(store.rename_name(NameId(77), "x"), Err(Error::Missing { what: "name", .. })));
}

#[test]
fn followed_names_are_those_the_user_added_or_follows() {
    let talk = Talk::of("a");
    let store = &talk.library.store;
    let id = talk.add(name("Iran", None, &[]));
    assert_eq!(store.add_name(&name("IRAN", Some(NameKind::Place), &["Persia"])).unwrap(), id);
    let other = store.add_name(&name("Iraq", None, &[])).unwrap();
    let followed = || store.followed_names().unwrap().iter().map(|name| name.id).collect::<Vec<_>>();
    assert_eq!(followed(), [id, other]);
    store.follow_name(id, false).unwrap();
    assert_eq!(followed(), [other]);
    assert_eq!(store.names_spelled("persia's").unwrap(), [id]);
}

#[test]
fn joined_names_are_one_from_then_on() {
    let talk = Talk::of("Soleimani met sola money and Suleimani");
    let store = &talk.library.store;
    let keep = talk.add(name("Soleimani", None, &["Qasem Soleimani"]));
    let away = talk.add(name("Suleimani", Some(NameKind::Person), &["Haj Qasem"]));
    talk.put(
        &[said(keep, 0..1), said(away, 5..6)],
        &[draft(keep, 2..4, "sola money", "Soleimani"), draft(away, 2..4, "sola money", "Suleimani")],
    );
    let [_, of_away] = store.repairs(talk.transcript).unwrap().try_into().unwrap();
    store.decide(&[of_away.id], RepairState::Accepted).unwrap();
    store.merge_names(keep, &[away]).unwrap();
    store.merge_names(keep, &[away]).unwrap();

    let stored = store.name(away).unwrap().unwrap();
    assert_eq!((stored.id, stored.kind, stored.by_hand), (keep, Some(NameKind::Person), true));
    assert_eq!(texts(&stored), ["Suleimani", "Haj Qasem", "Qasem Soleimani", "sola money"]);
    assert_eq!(talk.states(), [(2..4, RepairState::Accepted)]);
    let by: Vec<_> = store.mentions(talk.transcript).unwrap().into_iter().map(|row| (row.0, row.2)).collect();
    assert_eq!(by, [(keep, MentionBy::Words), (keep, MentionBy::Repair), (keep, MentionBy::Words)]);
    let summary = store.name_summary(away).unwrap().unwrap();
    assert_eq!((summary.name.id, summary.mentions, summary.episodes), (keep, 3, 1));
    assert_eq!(store.names_listing(None, None, 9, 0).unwrap(), (vec![summary], 1));
    assert_eq!(store.name_summary(NameId(77)).unwrap(), None);
    assert_eq!(store.episodes_with_name(away).unwrap(), [talk.episode]);
    // Lists that know nothing of it, and jobs that began before it, lead there too.
    assert_eq!(talk.add(name("Suleimani", Some(NameKind::Place), &[])), keep);
    talk.put(&[said(away, 5..6)], &[]);
    assert_eq!(store.name_places(keep, 9, 0).unwrap().len(), 2);
    assert_eq!(store.integrity(true).unwrap(), []);
}

#[test]
fn split_names_stay_split() {
    let talk = Talk::of("John Smith and Johnny Smith and jon myth");
    let store = &talk.library.store;
    let list = name("John Smith", Some(NameKind::Person), &["Johnny Smith", "Smith"]);
    let old = talk.add(list.clone());
    let mentions = [said(old, 0..2), said(old, 3..5)];
    let repairs = [draft(old, 6..8, "jon myth", "Johnny Smith")];
    talk.put(&mentions, &repairs);
    let new = store.split_name(old, &["Johnny Smith".into()], "Johnny Smith Junior").unwrap();
    let check = || {
        let (old, new) = (store.name(old).unwrap().unwrap(), store.name(new).unwrap().unwrap());
        assert_eq!((texts(&old), texts(&new)), (vec!["Smith"], vec!["Johnny Smith"]));
        assert_eq!((new.kind, new.by_hand, old.by_hand), (Some(NameKind::Person), true, true));
        let said: Vec<_> = store.mentions(talk.transcript).unwrap().into_iter().map(|row| row.0).collect();
        assert_eq!((said, store.repairs(talk.transcript).unwrap()[0].name), (vec![old.id, new.id], new.id));
    };
    check();
    // The same list again, and mentions made with it.
    assert_eq!(talk.add(list), old);
    talk.put(&mentions, &repairs);
    check();
    assert_eq!(talk.add(name("Johnny Smith", None, &["John Smith"])), new);
    check();
    store.merge_names(old, &[new]).unwrap();
    assert_eq!(talk.add(name("Johnny Smith", None, &[])), old);
    assert_eq!(texts(&store.name(old).unwrap().unwrap()).len(), 3);
    assert_eq!(store.integrity(true).unwrap(), []);
}

#[test]
fn two_people_may_have_one_name() {
    let first = Talk::of("John Smith and J. Smith");
    let store = &first.library.store;
    let old = first.add(name("John Smith", None, &["J. Smith"]));
    first.put(&[said(old, 0..2), said(old, 3..5)], &[draft(old, 2..3, "and", "John Smith")]);
    let new = store.split_name(old, &["J. Smith".into()], "John Smith").unwrap();
    let (episode, transcript) = talk(&first.library, "Other", "John Smith");
    put(&first.library, episode, transcript, &[said(new, 0..2)], &[]);
    assert_eq!(store.names_spelled("john smith").unwrap(), [new, old]);
    let meant = |episode| store.find_or_add_names(Some(episode), &[name("John Smith", None, &[])]).unwrap()[0];
    assert_eq!(meant(episode), new);
    // What was misheard may be split off too, and is no right spelling for that.
    let third = store.split_name(old, &["and".into()], "Andy").unwrap();
    assert_eq!(store.repairs(first.transcript).unwrap()[0].name, third);
    assert_eq!(texts(&store.name(third).unwrap().unwrap()), Vec::<&str>::new());
}

/// All that can be seen of names.
#[derive(Debug, PartialEq)]
struct Seen {
    listed: Vec<NameSummary>,
    places: Vec<Vec<NamePlace>>,
    repairs: Vec<StoredRepair>,
    episode: Vec<NameId>,
    followed: Vec<NameId>,
    leads: Vec<Option<NameId>>,
}

fn seen(store: &Store, episode: EpisodeId, transcript: TranscriptId) -> Seen {
    let listed = store.names_listing(None, None, 99, 0).unwrap().0;
    let id = |name: &StoredName| name.id;
    Seen {
        places: listed.iter().map(|one| store.name_places(one.name.id, 99, 0).unwrap()).collect(),
        listed,
        repairs: store.repairs(transcript).unwrap(),
        episode: store.episode_names(episode).unwrap().iter().map(|(name, _)| name.id).collect(),
        followed: store.followed_names().unwrap().iter().map(id).collect(),
        leads: (1..9).map(|number| store.name(NameId(number)).unwrap().as_ref().map(id)).collect(),
    }
}

/// Two spellings of one name, another, and what may be misheard for them.
fn bazaar() -> (Talk, [NameId; 3]) {
    let talk = Talk::of("Soleimani met sola money and Suleimani in Erbil with Smith or hair bull");
    let keep = talk.add(name("Soleimani", None, &["Qasem Soleimani"]));
    let away = talk.add(name("Suleimani", Some(NameKind::Person), &["Haj Qasem"]));
    let erbil = talk.add(name("Erbil", Some(NameKind::Place), &["Arbil"]));
    talk.put(
        &[said(keep, 0..1), said(away, 5..6), said(erbil, 7..8)],
        &[
            draft(keep, 2..4, "sola money", "Soleimani"),
            draft(away, 2..4, "sola money", "Suleimani"),
            draft(erbil, 11..13, "hair bull", "Erbil"),
        ],
    );
    (talk, [keep, away, erbil])
}

#[test]
fn every_act_is_taken_back_as_a_whole() {
    let (talk, [keep, away, erbil]) = bazaar();
    let store = &talk.library.store;
    let repair = |of: NameId| {
        let all = store.repairs(talk.transcript).unwrap();
        all.into_iter().find(|one| one.name == of).unwrap().id
    };
    store.decide(&[repair(keep)], RepairState::Refused).unwrap();
    store.decide(&[repair(away)], RepairState::Accepted).unwrap();
    let before = seen(store, talk.episode, talk.transcript);
    let check = |what: Act, told: (&str, Option<&str>), act: &dyn Fn()| {
        act();
        assert_ne!(seen(store, talk.episode, talk.transcript), before, "{what:?}");
        let undone = store.undo_last(None).unwrap().unwrap();
        assert_eq!((undone.what, undone.name.as_deref(), undone.other.as_deref()), (what, Some(told.0), told.1));
        assert_eq!(seen(store, talk.episode, talk.transcript), before, "{what:?}");
        assert_eq!(store.integrity(true).unwrap(), [], "{what:?}");
    };
    check(Act::Joined, ("Soleimani", Some("Suleimani")), &|| {
        // Of two decisions on the same words that of the kept name stays, and the words read as heard.
        assert_eq!(store.merge_names(keep, &[away]).unwrap(), [talk.episode]);
    });
    check(Act::Joined, ("Erbil", Some("Soleimani, Suleimani")), &|| {
        store.merge_names(erbil, &[keep, away]).unwrap();
    });
    check(Act::Split, ("Erbil", Some("Arbil")), &|| {
        store.split_name(erbil, &["Arbil".into(), "hair bull".into()], "Arbil").unwrap();
    });
    check(Act::Renamed, ("Erbil", Some("Hewler")), &|| store.rename_name(erbil, "Hewler").unwrap());
    check(Act::Sorted, ("Suleimani", None), &|| store.set_name_kind(away, None).unwrap());
    check(Act::Followed, ("Suleimani", None), &|| store.follow_name(away, true).unwrap());
    check(Act::Followed, ("Erbil", None), &|| {
        store.add_name(&name("Arbil", None, &["Irbil"])).unwrap();
    });
    check(Act::Added, ("Mosul", None), &|| {
        store.add_name(&name("Mosul", None, &["Nineveh"])).unwrap();
    });
    check(Act::Forgot, ("Erbil", None), &|| store.forget_name(erbil, true).unwrap());
    // What changes nothing is no act: the last is a decision.
    store.follow_name(keep, false).unwrap();
    store.merge_names(keep, &[keep]).unwrap();
    let last = store.last_act().unwrap().unwrap();
    assert_eq!(store.undo_last(Some(last.number + 1)).unwrap(), None);
    let undone = store.undo_last(Some(last.number)).unwrap().unwrap();
    assert_eq!((undone.what, undone.repairs.len()), (Act::Decided, 1));
    assert_eq!((last.what, last.repairs), (undone.what, undone.repairs));
    store.undo_last(None).unwrap().unwrap();
    assert_eq!(store.undo_last(None).unwrap(), None);
}

#[test]
fn what_was_met_since_does_not_stand_in_the_way() {
    let (talk, [keep, away, _]) = bazaar();
    let store = &talk.library.store;
    store.merge_names(keep, &[away]).unwrap();
    let again = || talk.put(&[said(away, 0..1), said(keep, 5..6)], &[draft(away, 2..4, "sola money", "Soleimani")]);
    again();
    let undone = store.undo_last(None).unwrap().unwrap();
    assert_eq!(undone.concerned, [talk.episode]);
    let by: Vec<_> = store.mentions(talk.transcript).unwrap().into_iter().map(|row| row.0).collect();
    assert_eq!((by, store.name(away).unwrap().unwrap().id), (vec![keep, away], away));

    let new = store.split_name(keep, &["Qasem Soleimani".into()], "Qasem Soleimani").unwrap();
    talk.put(&[said(new, 0..1)], &[draft(new, 2..4, "sola money", "Qasem Soleimani")]);
    store.undo_last(None).unwrap().unwrap();
    assert_eq!(store.name(new).unwrap(), None);
    assert!(store.mentions(talk.transcript).unwrap().iter().all(|row| row.0 == keep));

    let added = store.add_name(&name("Smith", None, &[])).unwrap();
    talk.put(&[said(added, 9..10)], &[]);
    store.undo_last(None).unwrap().unwrap();
    let stored = store.name(added).unwrap().unwrap();
    assert!(!stored.followed && !stored.by_hand, "somebody says it");
    // An episode that goes takes its part of the act with it.
    store.merge_names(keep, &[away]).unwrap();
    store.remove_episodes(&[talk.episode]).unwrap();
    store.undo_last(None).unwrap().unwrap();
    assert_eq!((store.name(away).unwrap().unwrap().id, store.integrity(true).unwrap()), (away, vec![]));
}

#[test]
fn forgotten_names_are_in_no_list() {
    let (talk, [_, _, erbil]) = bazaar();
    let store = &talk.library.store;
    store.follow_name(erbil, true).unwrap();
    store.forget_name(erbil, true).unwrap();
    let is_seen = || {
        let seen = seen(store, talk.episode, talk.transcript);
        let listed = seen.listed.iter().any(|one| one.name.id == erbil);
        let proposed = seen.repairs.iter().any(|one| one.name == erbil);
        assert!([listed, proposed, seen.episode.contains(&erbil)].iter().all(|one| *one == listed));
        assert!(listed || !seen.followed.contains(&erbil));
        listed
    };
    assert!(!is_seen());
    // It is met again, and nobody sees it.
    let (again, repair) = (talk.add(name("ERBIL", None, &[])), draft(erbil, 11..13, "hair bull", "Erbil"));
    assert_eq!((again, store.forgotten_names().unwrap().len()), (erbil, 1));
    talk.put(&[said(erbil, 7..8)], std::slice::from_ref(&repair));
    assert!(!is_seen() && store.mentions(talk.transcript).unwrap().is_empty());
    store.forget_name(erbil, false).unwrap();
    talk.put(&[said(erbil, 7..8)], std::slice::from_ref(&repair));
    assert!(is_seen());
    for known_again in [
        &|| store.follow_name(erbil, true).unwrap(),
        &|| _ = store.add_name(&name("Erbil", None, &[])).unwrap(),
        &|| _ = store.add_repair(talk.transcript, &repair).unwrap(),
    ] as [&dyn Fn(); 3]
    {
        store.forget_name(erbil, true).unwrap();
        known_again();
        assert!(is_seen() || store.accepted(talk.transcript).unwrap().len() == 1);
    }
    // What was accepted reads as it did.
    store.forget_name(erbil, true).unwrap();
    assert_eq!(store.accepted(talk.transcript).unwrap().len(), 1);
}

#[test]
fn what_is_refused_for_a_name_is_known_by_its_spellings() {
    let (talk, [keep, ..]) = bazaar();
    let store = &talk.library.store;
    let refused = |spelling: &str| store.refused_for(spelling).unwrap().into_iter().collect::<Vec<_>>();
    let id = store.repairs(talk.transcript).unwrap().iter().find(|one| one.name == keep).unwrap().id;
    assert!(refused("Soleimani").is_empty());
    store.decide(&[id], RepairState::Refused).unwrap();
    assert_eq!((refused("QASEM soleimani"), refused("Suleimani").len()), (vec!["sola money".to_owned()], 0));
    store.undo_last(None).unwrap();
    assert!(refused("Soleimani").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever is done in whatever order is taken back step by step.
    #[test]
    fn acts_are_taken_back_one_by_one(acts in prop::collection::vec((0_usize..8, 0_usize..4, 0_usize..4), 1..9)) {
        let (talk, _) = bazaar();
        let store = &talk.library.store;
        let mut all = vec![seen(store, talk.episode, talk.transcript)];
        for (what, one, other) in acts {
            let id = |at: usize| all[all.len() - 1].listed.get(at).map_or(NameId(1), |one| one.name.id);
            let repairs = store.repairs(talk.transcript).unwrap();
            match (what, repairs.get(one)) {
                (0, _) => store.merge_names(id(one), &[id(other)]).map(drop),
                (1, _) => {
                    let name = store.name(id(one)).unwrap().unwrap();
                    let spelling = name.variants.get(other).map_or("Smith".to_owned(), |variant| variant.text.clone());
                    store.split_name(name.id, &[spelling], ["Smith", "Erbil", "A", "B"][other]).map(drop)
                }
                (2, _) => store.rename_name(id(one), ["Erbil", "Suleimani", "Hewler", "Qasem"][other]),
                (3, _) => store.forget_name(id(one), true),
                (4, _) => store.add_name(&name(["Erbil", "Smith", "Mosul", "Money"][other], None, &["Arbil"])).map(drop),
                (5, Some(repair)) => store.decide(&[repair.id], RepairState::Accepted).map(drop),
                (6, Some(repair)) => store.decide(&[repair.id], RepairState::Refused).map(drop),
                (7, _) => {
                    let words = one * 3..one * 3 + other + 1;
                    store.add_repair(talk.transcript, &draft(id(other), words, "so heard", "X")).map(drop)
                }
                _ => Ok(()),
            }.unwrap();
            let now = seen(store, talk.episode, talk.transcript);
            if now != all[all.len() - 1] {
                all.push(now);
            }
            prop_assert_eq!(store.integrity(true).unwrap(), vec![]);
        }
        // Acts of which nothing can be seen (a spelling that is now the user's) are in between.
        while store.undo_last(None).unwrap().is_some() {
            prop_assert_eq!(store.integrity(true).unwrap(), vec![]);
            let now = seen(store, talk.episode, talk.transcript);
            while all.len() > 1 && now != all[all.len() - 1] {
                all.pop();
            }
        }
        prop_assert_eq!(all.len(), 1);
        prop_assert_eq!(&seen(store, talk.episode, talk.transcript), &all[0]);
    }
}
