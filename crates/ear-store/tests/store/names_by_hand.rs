use crate::names::{Talk, draft, name, put, said, talk};
use ear_core::{MentionBy, NameId, NameKind, RepairState};
use ear_store::{Error, StoredName};

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
    store.merge_names(keep, away).unwrap();
    store.merge_names(keep, away).unwrap();

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
    store.merge_names(old, new).unwrap();
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
