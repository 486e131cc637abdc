use crate::builders::{Library, new_episode, new_recording, timed_words, transcript};
use ear_core::{EpisodeId, Origin, ShowId, Timing};
use ear_store::{EpisodeEdit, EpisodeQuery, EpisodeState, Error, JobError, Moment, NewEpisode, NewJob, Wanted};

#[test]
fn a_show_is_one_however_its_title_is_written() {
    let Library { store, .. } = &Library::new();
    let id = store.show_named("Über  Physik ").unwrap();
    for title in ["über physik", " ÜBER PHYSIK", "Über\tPhysik"] {
        assert_eq!(store.show_named(title).unwrap(), id, "{title}");
    }
    assert_eq!(store.show(id).unwrap().unwrap().title, "Über Physik");
    assert_eq!(store.find_show("ÜBER PHYSIK").unwrap().unwrap().id, id);
    assert_eq!(store.find_show("Chemie").unwrap(), None);
    assert!(matches!(store.show_named(" \n"), Err(Error::EmptyTitle { .. })));
}

#[test]
fn shows_are_edited_and_counted() {
    let library = Library::new();
    let store = &library.store;
    let (a, b) = (store.show_named("Zebra").unwrap(), store.show_named("Apes").unwrap());
    for (title, digit) in [("one", '1'), ("two", '2')] {
        let new = NewEpisode { show: Some(a), recording: Some(new_recording(digit)), ..new_episode(title) };
        store.add_episode(&new).unwrap();
    }
    store.edit_show(a, Some("zebra"), Some("striped")).unwrap();
    assert!(matches!(store.edit_show(a, Some("APES"), None), Err(Error::TitleTaken { .. })));
    assert!(matches!(store.edit_show(ShowId(99), None, None), Err(Error::Missing { .. })));
    let listed: Vec<_> = store
        .shows()
        .unwrap()
        .into_iter()
        .map(|l| (l.show.id, l.show.title, l.show.notes, l.episodes, l.duration))
        .collect();
    assert_eq!(
        listed,
        [(b, "Apes".into(), String::new(), 0, 0), (a, "zebra".into(), String::from("striped"), 2, 120_000)]
    );
}

#[test]
fn removing_a_show_takes_all_that_is_in_it() {
    let library = Library::new();
    let store = &library.store;
    let show = store.show_named("Gone").unwrap();
    let new = NewEpisode { show: Some(show), recording: Some(new_recording('a')), ..new_episode("in it") };
    let inside = store.add_episode(&new).unwrap().id;
    let outside = library.episode_with_sound("outside", 'b');
    let version = store.add_transcript(inside, &transcript(Origin::Imported, Timing::None)).unwrap();
    store.set_indexed(inside, version, "v1").unwrap();
    let job = store.enqueue(&NewJob::new("index", Some(inside))).unwrap();

    let removed = store.remove_show(show).unwrap();
    assert_eq!(removed.episodes, [inside]);
    assert_eq!(removed.recordings.iter().map(|r| r.hash.as_str()).collect::<Vec<_>>(), ["a".repeat(64)]);
    assert_eq!(store.episode(inside).unwrap(), None);
    assert_eq!(store.transcript_info(version).unwrap(), None);
    assert_eq!(store.words(version, 0..3).unwrap(), []);
    assert_eq!(store.job(job).unwrap(), None);
    assert_eq!(store.all_indexed().unwrap(), []);
    assert!(store.episode(outside).unwrap().is_some());
    let left: i64 = library.raw().query_row("SELECT count(*) FROM transcript_chunks", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
    assert!(matches!(store.remove_show(show), Err(Error::Missing { .. })));
    // What is gone does not lend its id to what comes.
    assert!(library.episode("next") > outside);
}

#[test]
fn adding_the_same_twice_is_adding_it_once() {
    let library = Library::new();
    let store = &library.store;
    let sound = NewEpisode { recording: Some(new_recording('a')), ..new_episode("With sound") };
    let text = NewEpisode { source_key: Some("content".into()), ..new_episode("Without") };
    for new in [&sound, &text] {
        let first = store.add_episode(new).unwrap();
        let second = store.add_episode(&NewEpisode { title: "Another title".into(), ..new.clone() }).unwrap();
        assert_eq!((first.existed, second.existed, second.id), (false, true, first.id));
        assert_eq!(store.episode(first.id).unwrap().unwrap().title, new.title);
    }
    assert_eq!(
        store.episode_from("content").unwrap(),
        store.episode_from(&"a".repeat(64)).unwrap().map(|id| EpisodeId(id.0 + 1))
    );
    assert_eq!(store.recordings().unwrap().len(), 1);
    // Without sound or key nothing tells two episodes apart.
    assert_ne!(library.episode("Same"), library.episode("Same"));
}

#[test]
fn threads_that_add_the_same_get_the_same_episode() {
    let library = Library::new();
    let new = NewEpisode { recording: Some(new_recording('c')), ..new_episode("Once") };
    let other = library.again();
    let added: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = [&library.store, &other]
            .into_iter()
            .cycle()
            .take(8)
            .map(|store| scope.spawn(|| store.add_episode(&new).unwrap()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(added.iter().all(|one| one.id == added[0].id));
    assert_eq!(added.iter().filter(|one| !one.existed).count(), 1);
}

#[test]
fn what_cannot_be_added_leaves_nothing_behind() {
    let Library { store, .. } = &Library::new();
    let recording = Some(new_recording('d'));
    let no_show = NewEpisode { show: Some(ShowId(5)), recording: recording.clone(), ..new_episode("x") };
    assert!(matches!(store.add_episode(&no_show), Err(Error::Missing { what: "show", .. })));
    let no_title = NewEpisode { recording, ..new_episode("  ") };
    assert!(matches!(store.add_episode(&no_title), Err(Error::EmptyTitle { .. })));
    let mut bad_hash = new_recording('e');
    bad_hash.hash = "../../etc/passwd".into();
    let bad_hash = NewEpisode { recording: Some(bad_hash), ..new_episode("x") };
    assert!(matches!(store.add_episode(&bad_hash), Err(Error::Sql { doing: "add an episode", .. })));
    assert_eq!((store.recordings().unwrap(), store.list_episodes(&EpisodeQuery::default()).unwrap()), (vec![], vec![]));
}

#[test]
fn recordings_go_with_their_episodes() {
    let library = Library::new();
    let store = &library.store;
    let (a, b) = (library.episode_with_sound("a", 'a'), library.episode("b"));
    assert!(
        matches!(store.attach_recording(b, &new_recording('a')), Err(Error::RecordingTaken { episode }) if episode == a)
    );
    assert_eq!(store.attach_recording(b, &new_recording('b')).unwrap(), None);
    assert_eq!(store.attach_recording(b, &new_recording('b')).unwrap(), None);
    let replaced = store.attach_recording(b, &new_recording('c')).unwrap();
    assert_eq!(replaced.map(|recording| recording.hash), Some("b".repeat(64)));
    assert!(matches!(store.attach_recording(EpisodeId(99), &new_recording('d')), Err(Error::Missing { .. })));

    store.set_recording_duration(&"c".repeat(64), 5_000).unwrap();
    assert_eq!(store.episode(b).unwrap().unwrap().duration, Some(5_000));
    assert!(matches!(store.set_recording_duration("none", 1), Err(Error::Missing { .. })));

    let removed = store.remove_episodes(&[b, EpisodeId(77)]).unwrap();
    assert_eq!((removed.episodes, removed.recordings.len()), (vec![b], 1));
    assert_eq!(store.recordings().unwrap().len(), 1);
}

#[test]
fn episodes_are_found_by_id_title_or_part_of_it() {
    let library = Library::new();
    let titles = ["Pilot", "Pilot 2", "100 % proof", "100 times", "a_b", "aXb", "Zurück in Ålesund", "C:\\talks", "7"];
    let ids: Vec<_> = titles.iter().map(|title| library.episode(title)).collect();
    let check = |text: &str, expected: &[usize]| {
        let found: Vec<_> = library.store.find_episodes(text, 10).unwrap().into_iter().map(|e| e.id).collect();
        assert_eq!(found, expected.iter().map(|n| ids[*n]).collect::<Vec<_>>(), "{text}");
    };
    check("pilot", &[0]);
    check("PILO", &[1, 0]);
    check("100 %", &[2]);
    check("100", &[3, 2]);
    check("a_b", &[4]);
    check("ZURÜCK", &[6]);
    check("ålesund", &[6]);
    check("\\TALKS", &[7]);
    check(" 2 ", &[1]);
    check("7", &[6]);
    check("%", &[2]);
    check("'", &[]);
    check("", &[]);
    assert_eq!(library.store.find_episodes("o", 2).unwrap().len(), 2);
}

#[test]
fn episodes_are_listed_newest_first_and_in_pages() {
    let library = Library::new();
    let store = &library.store;
    let show = store.show_named("Show").unwrap();
    let add = |title: &str, date: Option<&str>, show| {
        let new = NewEpisode { date: date.map(|d| d.parse().unwrap()), show, ..new_episode(title) };
        store.add_episode(&new).unwrap();
    };
    add("old", Some("1999-05-01"), Some(show));
    add("undated", None, None);
    add("older", Some("1998-05-01"), Some(show));
    add("future", Some("9999-01-01"), None);
    let titles = |query: &EpisodeQuery| -> Vec<String> {
        store.list_episodes(query).unwrap().into_iter().map(|episode| episode.title).collect()
    };
    let all = EpisodeQuery::default();
    assert_eq!(titles(&all), ["future", "undated", "old", "older"]);
    assert_eq!(titles(&EpisodeQuery { offset: 1, limit: 2, ..all }), ["undated", "old"]);
    assert_eq!(titles(&EpisodeQuery { show: Some(Some(show)), ..all }), ["old", "older"]);
    assert_eq!(titles(&EpisodeQuery { show: Some(None), limit: usize::MAX, ..all }), ["future", "undated"]);
    assert_eq!(store.count_episodes(&EpisodeQuery { show: Some(Some(show)), limit: 1, ..all }).unwrap(), 2);
    assert_eq!(store.list_episodes(&all).unwrap()[2].show_title.as_deref(), Some("Show"));
}

#[test]
fn an_edit_changes_what_it_names_and_nothing_else() {
    let library = Library::new();
    let store = &library.store;
    let new = NewEpisode {
        date: "2020-01-31".parse().ok(),
        notes: "notes".into(),
        language: Some("de".into()),
        cover_media_type: Some("image/png".into()),
        ..new_episode("Before")
    };
    let id = store.add_episode(&new).unwrap().id;
    let before = store.episode(id).unwrap().unwrap();
    store.edit_episode(id, &EpisodeEdit::default()).unwrap();
    assert_eq!(store.episode(id).unwrap().unwrap(), before);

    let show = store.show_named("Show").unwrap();
    let edit = EpisodeEdit {
        title: Some("After".into()),
        show: Some(Some(show)),
        date: Some(None),
        language: Some(None),
        ..EpisodeEdit::default()
    };
    store.edit_episode(id, &edit).unwrap();
    let after = store.episode(id).unwrap().unwrap();
    assert_eq!((after.title.as_str(), after.show, after.date, after.language), ("After", Some(show), None, None));
    assert_eq!((after.notes, after.cover_media_type), (before.notes, before.cover_media_type));
    assert_eq!(store.find_episodes("after", 1).unwrap().len(), 1);
    assert!(store.find_episodes("before", 1).unwrap().is_empty());

    let edit = |edit: EpisodeEdit| store.edit_episode(id, &edit);
    assert!(matches!(
        edit(EpisodeEdit { title: Some(" ".into()), ..Default::default() }),
        Err(Error::EmptyTitle { .. })
    ));
    assert!(matches!(
        edit(EpisodeEdit { show: Some(Some(ShowId(9))), ..Default::default() }),
        Err(Error::Missing { .. })
    ));
    assert!(matches!(store.edit_episode(EpisodeId(9), &EpisodeEdit::default()), Err(Error::Missing { .. })));
}

#[test]
fn the_state_of_an_episode_follows_its_jobs() {
    let library = Library::new();
    let store = &library.store;
    let id = library.episode("Talk");
    let check = |expected: EpisodeState| {
        assert_eq!(store.episode(id).unwrap().unwrap().state, expected);
        let query = EpisodeQuery { state: Some(expected), ..EpisodeQuery::default() };
        assert_eq!(store.count_episodes(&query).unwrap(), 1);
        assert_eq!(store.list_episodes(&query).unwrap().len(), 1);
    };
    check(EpisodeState::New);
    let job = store.enqueue(&NewJob::new("transcribe", Some(id))).unwrap();
    check(EpisodeState::Queued);
    store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap();
    check(EpisodeState::Working);
    store.fail(job, "w", &JobError { message: "no model".into(), remedy: None }, Moment::at(0), None).unwrap();
    check(EpisodeState::Failed);
    // Asked for again and done, the failure is history.
    store.enqueue(&NewJob::new("transcribe", Some(id))).unwrap();
    let job = store.claim("w", Moment::at(0), 1_000, &Wanted::default()).unwrap().unwrap();
    store.finish(job.id, "w", &[]).unwrap();
    check(EpisodeState::New);
    let mut version = transcript(Origin::Imported, Timing::Words);
    version.words = timed_words(10);
    version.duration = Some(2_950);
    let version = store.add_transcript(id, &version).unwrap();
    check(EpisodeState::Ready);
    let episode = store.episode(id).unwrap().unwrap();
    assert_eq!((episode.transcript, episode.duration), (Some(version), Some(2_950)));
}

#[test]
fn what_is_not_indexed_is_known() {
    let library = Library::new();
    let store = &library.store;
    let (a, b) = (library.episode("a"), library.episode("b"));
    assert_eq!(store.not_indexed("v1").unwrap(), []);
    let of_a = store.add_transcript(a, &transcript(Origin::Imported, Timing::None)).unwrap();
    let of_b = store.add_transcript(b, &transcript(Origin::Imported, Timing::None)).unwrap();
    store.set_indexed(a, of_a, "v1").unwrap();
    assert_eq!(store.not_indexed("v1").unwrap(), [(b, of_b)]);
    assert_eq!(store.not_indexed("v2").unwrap(), [(a, of_a), (b, of_b)]);
    let better = store.add_transcript(a, &transcript(Origin::Corrected, Timing::None)).unwrap();
    assert_eq!(store.not_indexed("v1").unwrap(), [(a, better), (b, of_b)]);
    store.set_indexed(a, better, "v1").unwrap();
    let marker = store.indexed(a).unwrap().unwrap();
    assert_eq!((marker.transcript, marker.fingerprint.as_str()), (better, "v1"));
    store.clear_indexed().unwrap();
    assert_eq!(store.indexed(a).unwrap(), None);
}
