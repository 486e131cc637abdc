use crate::builders::{Library, new_episode, new_recording, transcript};
use ear_core::{EpisodeId, Origin, Timing};
use ear_store::{Keep, KeepRule, NewEpisode, NewJob};

const NONE: KeepRule = KeepRule { keep: Keep::None, even_only_copies: false };

#[test]
fn rules_of_the_library_and_of_shows_are_kept() {
    let library = Library::new();
    let store = &library.store;
    assert_eq!(store.keep_rule().unwrap(), KeepRule::default());
    store.set_keep_rule(&NONE).unwrap();
    let show = store.show_named("Reports").unwrap();
    assert_eq!(store.show_keep_rule(show).unwrap(), None);
    let newest = KeepRule { keep: Keep::Newest(3), even_only_copies: true };
    store.set_show_keep_rule(show, Some(&newest)).unwrap();
    assert_eq!((library.again().keep_rule().unwrap(), store.show_keep_rule(show).unwrap()), (NONE, Some(newest)));
    store.set_show_keep_rule(show, None).unwrap();
    assert_eq!(store.show_keep_rule(show).unwrap(), None);
    library.raw().execute("UPDATE settings SET value = 'what a later version says'", []).unwrap();
    assert_eq!(store.keep_rule().unwrap(), KeepRule::default());
}

#[test]
fn only_sound_that_was_heard_and_is_not_wanted_goes() {
    let library = Library::new();
    let store = &library.store;
    let id = library.episode_with_sound("Talk", 'a');
    let hash = "a".repeat(64);
    let remove = || store.note_sound_removed(&hash, &NONE).unwrap();
    let sound = || store.sounds(None).unwrap().remove(0);
    assert!(!remove() && !sound().heard);
    store.add_transcript(id, &transcript(Origin::Recognised, Timing::Words)).unwrap();
    let job = store.enqueue(&NewJob::new("transcribe", Some(id))).unwrap();
    assert!(!remove() && sound().wanted);
    store.cancel(job).unwrap();
    // The index is made of words and needs no sound.
    store.enqueue(&NewJob::new("index", Some(id))).unwrap();
    assert!(remove() && !remove());
    let removed = store.episode(id).unwrap().unwrap().sound_removed.unwrap();
    assert_eq!(removed.rule, "none");
    assert_eq!(store.recording(&hash).unwrap().unwrap().removed, Some(removed));

    // The same file again brings it back.
    let again = NewEpisode { recording: Some(new_recording('a')), ..new_episode("Again") };
    assert!(store.add_episode(&again).unwrap().existed);
    assert_eq!(store.episode(id).unwrap().unwrap().sound_removed, None);
    assert!(remove());
    store.note_sound_back(&hash).unwrap();
    assert_eq!(sound().recording.removed, None);
}

#[test]
fn sound_is_listed_by_show_and_newest_first() {
    let library = Library::new();
    let store = &library.store;
    let show = store.show_named("Reports").unwrap();
    for (digit, date) in [('a', "2020-01-01"), ('b', "2022-01-01"), ('c', "2021-01-01")] {
        let recording = Some(new_recording(digit));
        let new = NewEpisode { show: Some(show), date: date.parse().ok(), recording, ..new_episode(date) };
        store.add_episode(&new).unwrap();
    }
    library.episode_with_sound("Alone", 'd');
    library.episode("Silent");
    let ids = |show| store.sounds(show).unwrap().iter().map(|sound| sound.episode).collect::<Vec<_>>();
    assert_eq!(ids(Some(Some(show))), [2, 3, 1].map(EpisodeId));
    assert_eq!(ids(Some(None)), [EpisodeId(4)]);
    assert_eq!(ids(None).len(), 4);
}
