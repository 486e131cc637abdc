//! A text and what was heard of the same recording come together.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use ear_engine::core::{EpisodeId, Origin, Span, StretchKind, Timing, Transcript, TranscriptId, Turn, Word};
use ear_engine::{Event, Library, Stop, WorkOptions};
use ear_store::{NewEpisode, NewJob, Store};
use std::sync::Mutex;
use tempfile::TempDir;

const SAID: &str = "The harbour never sleeps, she says, and neither do the people who unload the ships by night, \
                    count the crates in the cold sheds, and drink their coffee where the first tram stops at dawn.";

/// A library, its store, and an episode of which something was heard.
fn heard() -> (TempDir, Library, Store, EpisodeId) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let store = Store::open(&folder.path().join("earwitness.db")).unwrap();
    let new = NewEpisode { title: "Harbour".into(), source_key: Some("harbour".into()), ..NewEpisode::default() };
    let episode = store.add_episode(&new).unwrap().id;
    (folder, library, store, episode)
}

/// Says a word each half second, from `from` milliseconds on.
fn timed(from: u64, text: &str) -> Vec<Word> {
    let at = |index: usize| from + index as u64 * 500;
    let words = text.split_whitespace().enumerate();
    words
        .map(|(index, word)| Word { confidence: Some(0.8), ..Word::timed(word, Span::new(at(index), at(index) + 450)) })
        .collect()
}

fn recognised(from: u64) -> Transcript {
    let words = timed(from, &SAID.to_lowercase().replace("tram", "drum"));
    let span = words.iter().filter_map(|word| word.span).reduce(Span::join).unwrap();
    let speech = ear_engine::core::Stretch { span, kind: StretchKind::Speech, language: None };
    Transcript {
        engine: Some("test".into()),
        model: Some("base".into()),
        timing: Timing::Words,
        duration: Some(60_000),
        words,
        stretches: vec![speech],
        ..Transcript::empty(Origin::Recognised)
    }
}

fn written(origin: Origin, timing: Timing, words: Vec<Word>) -> Transcript {
    let turns = vec![Turn { speaker: Some("Ann".into()), words: 0..words.len() }];
    Transcript { timing, words, turns, ..Transcript::empty(origin) }
}

fn bare(text: &str) -> Vec<Word> {
    text.split_whitespace().map(Word::untimed).collect()
}

/// Queues what follows a new transcript and works until nothing is left; the warnings.
fn work(library: &Library, store: &Store, episode: EpisodeId) -> Vec<String> {
    store.enqueue(&NewJob::new("index", Some(episode))).unwrap();
    let warnings = Mutex::new(Vec::new());
    let on_event = |event| {
        if let Event::Warning { message, .. } = event {
            warnings.lock().unwrap().push(message);
        }
    };
    let summary = library.work(&WorkOptions::default(), &Stop::default(), &on_event).unwrap();
    assert_eq!((summary.failed, summary.stopped), (0, false));
    warnings.into_inner().unwrap()
}

fn read(library: &Library, episode: EpisodeId) -> (TranscriptId, Transcript) {
    let readable = library.transcript(episode, None).unwrap().unwrap();
    (readable.id, readable.transcript)
}

#[test]
fn a_published_text_is_read_with_the_times_of_its_sound() {
    let (_folder, library, store, episode) = heard();
    store.add_transcript(episode, &written(Origin::Published, Timing::None, bare(SAID))).unwrap();
    work(&library, &store, episode);
    let heard = store.add_transcript(episode, &recognised(2000)).unwrap();
    assert_eq!(read(&library, episode).0, heard);
    assert_eq!(work(&library, &store, episode), Vec::<String>::new());
    let (_, made) = read(&library, episode);
    assert_eq!((made.origin, made.timing, made.engine.as_deref()), (Origin::Published, Timing::Words, Some("aligned")));
    assert_eq!(made.model.as_deref(), Some("base"));
    assert_eq!((made.words[0].text.as_str(), made.words[0].span), ("The", Some(Span::new(2000, 2450))));
    // It was misheard, and has the time of what was heard for it.
    let tram = made.words.iter().find(|word| word.text == "tram").unwrap();
    assert!(tram.span.is_some() && tram.confidence.is_none(), "{tram:?}");
    assert_eq!(made.turns[0].speaker.as_deref(), Some("Ann"));
    let found = library.search(&ear_engine::SearchRequest { query: "tram".into(), ..Default::default() }).unwrap();
    assert_eq!(found.total, 1);
}

#[test]
fn it_is_done_once_for_each_hearing() {
    let (_folder, library, store, episode) = heard();
    let text = store.add_transcript(episode, &written(Origin::Imported, Timing::None, bare(SAID))).unwrap();
    store.add_transcript(episode, &recognised(2000)).unwrap();
    for _ in 0..2 {
        work(&library, &store, episode);
        assert_eq!(store.transcripts(episode).unwrap().len(), 3);
    }
    // What the user brought is kept as it came, and is not read before what was heard.
    assert_eq!(store.load_transcript(text).unwrap().timing, Timing::None);
    assert_eq!(read(&library, episode).1.origin, Origin::Recognised);
    store.add_transcript(episode, &recognised(7000)).unwrap();
    work(&library, &store, episode);
    let all = store.transcripts(episode).unwrap();
    let newest = all.iter().max_by_key(|info| info.id).unwrap();
    assert_eq!((all.len(), newest.origin, newest.timing), (5, Origin::Imported, Timing::Words));
    assert_eq!(store.load_transcript(newest.id).unwrap().words[0].span, Some(Span::new(7000, 7450)));
}

#[test]
fn published_times_that_are_off_are_told_and_put_right() {
    let (_folder, library, store, episode) = heard();
    let published = store.add_transcript(episode, &written(Origin::Published, Timing::Cues, timed(100, SAID))).unwrap();
    store.add_transcript(episode, &recognised(31_300)).unwrap();
    assert_eq!(work(&library, &store, episode), ["the publisher's times run 31.2 s early"]);
    let (made, transcript) = read(&library, episode);
    assert_eq!(transcript.words[0].span.map(Span::start), Some(31_300));
    let note = |id| library.times_note(episode, id).unwrap();
    assert_eq!(note(made).as_deref(), Some("the publisher's times run 31.2 s early; here they are put right"));
    let expected = format!("the publisher's times run 31.2 s early; transcript {made} has them put right");
    assert_eq!(note(published), Some(expected));
}

#[test]
fn the_text_of_another_recording_is_left_alone() {
    let (_folder, library, store, episode) = heard();
    let other =
        "Quite another matter was before the council on Tuesday, when members from five districts argued over water.";
    store.add_transcript(episode, &written(Origin::Imported, Timing::None, bare(other))).unwrap();
    let heard = store.add_transcript(episode, &recognised(0)).unwrap();
    let warnings = work(&library, &store, episode);
    assert!(warnings.len() == 1 && warnings[0].contains("is not of this recording"), "{warnings:?}");
    assert_eq!((store.transcripts(episode).unwrap().len(), read(&library, episode).0), (2, heard));
    assert_eq!(library.times_note(episode, heard).unwrap(), None);
}
