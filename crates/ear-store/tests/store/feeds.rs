//! Feeds and what belongs to episodes beside their words.

use crate::builders::{Library, new_episode, new_recording, transcript};
use ear_core::{Chapter, Credit, Origin, Timing};
use ear_store::{
    Checked, Document, DocumentKind, EpisodeFile, Facts, FeedId, JobError, JobState, NewFeed, NewItem, NewJob,
};

fn feed(library: &Library) -> FeedId {
    let show = library.store.show_named("Talks").unwrap();
    let url = "https://example.org/feed".to_owned();
    library
        .store
        .add_feed(&NewFeed { show, url, guid: None, allow_private: false, model: None, spoken: None, names: None })
        .unwrap()
}

fn item(key: &str) -> NewItem {
    NewItem {
        key: key.into(),
        enclosure: Some(format!("https://example.org/{key}.mp3")),
        links: "[]".into(),
        episode: new_episode(key),
        facts: Facts { season: Some(2), explicit: Some(false), duration: Some(60_000), ..Facts::default() },
        chapters: vec![Chapter { start: 0, end: None, title: "Begin".into(), url: None }],
        credits: vec![Credit { name: "Ann Lee".into(), role: Some("host".into()), url: None }],
        names: None,
    }
}

fn document(digit: char) -> Document {
    Document {
        kind: DocumentKind::Transcript,
        hash: digit.to_string().repeat(64),
        bytes: 12,
        source: "https://example.org/a.vtt".into(),
        media_type: Some("text/vtt".into()),
        language: Some("en".into()),
        transcript: None,
    }
}

#[test]
fn an_item_is_taken_once_and_stays_away_when_removed() {
    let library = Library::new();
    let (store, feed) = (&library.store, feed(&library));
    store.saw_items(feed, &[("a".into(), None), ("b".into(), None)]).unwrap();
    let job = NewJob::new("fetch", None);
    let episode = store.take_item(feed, &item("a"), &job).unwrap().unwrap();
    assert_eq!(store.take_item(feed, &item("a"), &job).unwrap(), None);
    assert_eq!(store.pending_for(&[episode]).unwrap()[0].kind, "fetch");
    assert_eq!(store.facts(episode).unwrap().season, Some(2));
    assert_eq!(store.chapters(episode).unwrap(), item("a").chapters);
    assert_eq!(store.credits(episode).unwrap(), item("a").credits);
    store.remove_episodes(&[episode]).unwrap();
    let items = store.feed_items(feed).unwrap();
    let told: Vec<_> = items.iter().map(|item| (item.key.as_str(), item.taken, item.episode)).collect();
    assert_eq!(told, [("a", true, None), ("b", false, None)]);
    assert_eq!(store.take_item(feed, &item("a"), &job).unwrap(), None);
    store.rename_item(feed, "a", "c").unwrap();
    assert_eq!(store.take_item(feed, &item("c"), &job).unwrap(), None);
}

#[test]
fn a_feed_tells_how_it_went() {
    let library = Library::new();
    let (store, id) = (&library.store, feed(&library));
    assert_eq!(feed(&library), id, "the same address is the same feed");
    let error = JobError { message: "no answer".into(), remedy: None };
    store.feed_failed(id, &error).unwrap();
    store.feed_failed(id, &error).unwrap();
    let failed = store.feeds(None).unwrap().remove(0);
    assert_eq!((failed.failures, failed.error, failed.succeeded_at), (2, Some(error), None));
    let checked = Checked { etag: Some("x".into()), guid: Some("g".into()), ..Checked::default() };
    store.feed_checked(id, &checked).unwrap();
    let well = store.feed_called("g").unwrap().unwrap();
    assert_eq!((well.failures, well.error, well.etag.as_deref()), (0, None, Some("x")));
    store.move_feed(id, "https://example.com/feed").unwrap();
    assert_eq!(store.feed_at("https://example.com/feed").unwrap().unwrap().etag, None);
    store.remove_show(well.show).unwrap();
    assert_eq!(store.feeds(None).unwrap(), []);
}

#[test]
fn documents_go_with_their_last_episode() {
    let library = Library::new();
    let store = &library.store;
    let (one, two) = (library.episode("one"), library.episode("two"));
    for (episode, digit) in [(one, 'a'), (two, 'a'), (two, 'b')] {
        store.add_document(episode, &document(digit)).unwrap();
    }
    let words = store.add_transcript(two, &transcript(Origin::Published, Timing::Cues)).unwrap();
    store.add_document(two, &Document { transcript: Some(words), ..document('b') }).unwrap();
    store.add_document(two, &document('b')).unwrap();
    assert_eq!(store.documents(two).unwrap()[1].transcript, Some(words));
    assert_eq!(store.remove_episodes(&[two]).unwrap().documents, ["b".repeat(64)]);
    assert_eq!(store.all_documents().unwrap(), [("a".repeat(64), 12)]);
    assert_eq!(store.remove_episodes(&[one]).unwrap().documents, ["a".repeat(64)]);
}

#[test]
fn two_episodes_of_one_sound_become_one() {
    let library = Library::new();
    let (store, feed) = (&library.store, feed(&library));
    let mine = library.episode_with_sound("mine", '1');
    let taken = store.take_item(feed, &item("a"), &NewJob::new("fetch", None)).unwrap().unwrap();
    let words = store.add_transcript(taken, &transcript(Origin::Published, Timing::Cues)).unwrap();
    store.add_document(taken, &document('a')).unwrap();
    assert!(store.attach_recording(taken, &new_recording('1')).is_err());
    store.merge_episodes(taken, mine).unwrap();
    assert_eq!(store.episode(taken).unwrap(), None);
    assert_eq!(store.current_transcript(mine).unwrap(), Some(words));
    assert_eq!(store.chapters(mine).unwrap().len(), 1);
    assert_eq!(store.documents(mine).unwrap().len(), 1);
    assert_eq!(store.feed_items(feed).unwrap()[0].episode, Some(mine));
    assert_eq!(store.episode(mine).unwrap().unwrap().title, "mine");
    assert_eq!(store.feed_of(mine).unwrap().map(|feed| feed.id), Some(feed));
    assert_eq!(store.integrity(true).unwrap(), []);
}

#[test]
fn files_are_found_by_place_and_content() {
    let library = Library::new();
    let store = &library.store;
    let episode = library.episode("talk");
    let file = |path: &str| EpisodeFile { path: path.into(), episode, hash: "a".repeat(64), bytes: 5, modified: 7 };
    for path in ["/t/talk.mp3", "/t/talk.srt", "/t/other.mp3", "/talk.mp3"] {
        store.note_file(&file(path)).unwrap();
    }
    let near = store.files_beginning("/t/talk").unwrap();
    assert_eq!(near, ["/t/talk.mp3", "/t/talk.srt"].map(file));
    store.forget_file("/t/talk.mp3").unwrap();
    assert_eq!(store.file_at("/t/talk.mp3").unwrap(), None);
    assert_eq!(store.files_with(&"a".repeat(64)).unwrap().len(), 3);
    store.set_names_text(episode, Some("Ann Lee\n")).unwrap();
    assert_eq!(store.names_text(episode).unwrap().as_deref(), Some("Ann Lee\n"));
}

#[test]
fn what_waits_is_counted_by_kind() {
    let library = Library::new();
    let store = &library.store;
    let heard = library.episode_with_sound("heard", '1');
    let silent = library.episode("silent");
    for episode in [heard, silent] {
        store
            .enqueue(&NewJob { options: r#"{"model":"m"}"#.into(), ..NewJob::new("transcribe", Some(episode)) })
            .unwrap();
    }
    let waiting = store.waiting().unwrap();
    assert_eq!((waiting.len(), waiting[0].jobs, waiting[0].rest, waiting[0].unknown), (1, 2, 60_000, 1));
    assert_eq!(waiting[0].pace, None);
    library
        .raw()
        .execute(
            "UPDATE jobs SET state = ?1, attempts = 1, started_at = 0, finished_at = 6000 WHERE episode_id = ?2",
            (JobState::Done.name(), heard.0),
        )
        .unwrap();
    let waiting = store.waiting().unwrap();
    assert_eq!((waiting[0].jobs, waiting[0].pace), (1, Some(10.0)));
}
