use crate::made::{Heard, add, tone, work};
use ear_engine::core::EpisodeId;
use ear_engine::{Keep, KeepRule, Library};
use ear_store::{NewRecording, Store};
use std::fs;
use tempfile::TempDir;

const NONE: KeepRule = KeepRule { keep: Keep::None, even_only_copies: false };
const NONE_AT_ALL: KeepRule = KeepRule { keep: Keep::None, even_only_copies: true };

/// Says that a feed offered the sound of an episode.
fn offered(library: &Library, episode: EpisodeId, enclosure: &str) {
    let store = Store::open(&library.folder().join("earwitness.db")).unwrap();
    let show = store.show_named("Fed").unwrap();
    let raw = rusqlite::Connection::open(library.folder().join("earwitness.db")).unwrap();
    let feed = "INSERT INTO feeds (show_id, url, added_at) VALUES (?1, ?2, 0)";
    raw.execute(feed, (show.0, enclosure)).unwrap();
    let sql = "INSERT INTO feed_items (feed_id, key, taken, episode_id, enclosure, links, seen_at)
        SELECT id, ?1, 1, ?1, ?2, '', 0 FROM feeds WHERE url = ?2";
    raw.execute(sql, (episode.0, enclosure)).unwrap();
}

/// Three episodes without a show, of which the first two are offered by feeds.
fn three() -> (TempDir, Library, Vec<EpisodeId>) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(&folder.path().join("library")).unwrap();
    let episodes: Vec<EpisodeId> = (0..3)
        .map(|n| add(&library, &tone(folder.path(), &format!("{n}.wav"), 3, 0.2 + f64::from(n) / 10.0)))
        .collect();
    for episode in &episodes[..2] {
        offered(&library, *episode, &format!("https://example.org/{episode}.wav"));
    }
    (folder, library, episodes)
}

fn has_sound(library: &Library, episode: EpisodeId) -> bool {
    let told = library.episode(episode).unwrap();
    assert_eq!(told.summary.has_sound, library.recording(episode).unwrap().is_some());
    assert_eq!(told.summary.has_sound, told.sound_removed.is_none());
    told.summary.has_sound
}

#[test]
fn sound_goes_once_it_was_heard_and_can_be_fetched_again() {
    let (_folder, library, episodes) = three();
    let plan = library.keep_plan(None, Some(&NONE)).unwrap();
    assert_eq!((plan.removes.len(), plan.spares.len(), plan.waits), (0, 0, 3));
    assert_eq!(library.set_keep_rule(None, Some(&NONE)).unwrap(), []);
    let files = || {
        let episodes = library.disk_use().unwrap().shows;
        episodes.iter().map(|show| (show.kept.0, show.removed.0)).collect::<Vec<_>>()
    };
    assert_eq!(files(), [(3, 0)]);
    // The job after which an episode has been heard removes it.
    work(&library);
    assert_eq!(files(), [(1, 2)]);
    assert_eq!(episodes.iter().map(|id| has_sound(&library, *id)).collect::<Vec<_>>(), [false, false, true]);
    let removed = library.episode(episodes[0]).unwrap().sound_removed.unwrap();
    assert!(removed.rule == "none after transcription" && removed.date.is_some(), "{removed:?}");
    // What exists nowhere else goes only by force.
    let plan = library.keep_plan(None, Some(&NONE)).unwrap();
    assert_eq!((plan.removes.len(), plan.spares.len()), (0, 1));
    assert_eq!(library.set_keep_rule(None, Some(&NONE_AT_ALL)).unwrap().len(), 1);
    assert!(!has_sound(&library, episodes[2]));
    assert_eq!(library.doctor(&ear_engine::DoctorOptions { repair: false, thorough: true }, &|_| ()).unwrap(), []);
}

#[test]
fn the_newest_are_kept_and_a_second_look_takes_no_more() {
    let (_folder, library, episodes) = three();
    work(&library);
    let newest = KeepRule { keep: Keep::Newest(2), even_only_copies: true };
    let plan = library.keep_plan(None, Some(&newest)).unwrap();
    assert_eq!(plan.removes.iter().map(|doomed| doomed.episode).collect::<Vec<_>>(), [episodes[0]]);
    assert!(has_sound(&library, episodes[0]), "a plan removes nothing");
    assert_eq!(library.set_keep_rule(None, Some(&newest)).unwrap(), plan.removes);
    assert_eq!(library.set_keep_rule(None, Some(&newest)).unwrap(), []);
    assert_eq!(episodes.iter().map(|id| has_sound(&library, *id)).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_show_may_have_a_rule_of_its_own() {
    let (_folder, library, episodes) = three();
    work(&library);
    let edit = ear_engine::EpisodeEdit { show: Some(Some("Fed".into())), ..ear_engine::EpisodeEdit::default() };
    library.edit_episode(episodes[0], &edit).unwrap();
    let show = library.find_show("fed").unwrap();
    library.set_keep_rule(Some(show), Some(&KeepRule::default())).unwrap();
    assert_eq!(library.set_keep_rule(None, Some(&NONE)).unwrap().len(), 1);
    assert_eq!(episodes.iter().map(|id| has_sound(&library, *id)).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(library.keep_rule(Some(show)).unwrap(), (KeepRule::default(), true));
    // Without its own rule the library's holds.
    assert_eq!(library.set_keep_rule(Some(show), None).unwrap().len(), 1);
    assert!(!has_sound(&library, episodes[0]));
}

#[test]
fn sound_that_was_removed_comes_back_when_it_is_added() {
    let heard = Heard::new();
    heard.library.set_keep_rule(None, Some(&NONE_AT_ALL)).unwrap();
    assert!(!has_sound(&heard.library, heard.episode));
    heard.library.set_keep_rule(None, Some(&KeepRule::default())).unwrap();
    add(&heard.library, &heard.path("tone.wav"));
    assert!(has_sound(&heard.library, heard.episode) && heard.sound().is_file());
}

#[test]
fn a_removal_that_was_broken_off_is_finished_by_the_doctor() {
    let heard = Heard::new();
    let sound = heard.sound();
    let bytes = fs::read(&sound).unwrap();
    heard.library.set_keep_rule(None, Some(&NONE_AT_ALL)).unwrap();
    // As if the process had been killed between the note and the file.
    fs::write(&sound, bytes).unwrap();
    let findings = heard.findings(true, false);
    assert!(findings.len() == 1 && findings[0].fault.code() == "sound_left_over" && findings[0].mended);
    assert!(!sound.exists());
}

#[test]
fn a_job_without_its_sound_says_which_rule_took_it() {
    let heard = Heard::new();
    heard.library.set_keep_rule(None, Some(&NONE_AT_ALL)).unwrap();
    let job = ear_store::NewJob::new("transcribe", Some(heard.episode));
    let options = serde_json::json!({ "model": "fake", "language": "de" }).to_string();
    heard.store().enqueue(&ear_store::NewJob { options, ..job }).unwrap();
    work(&heard.library);
    let told = heard.library.jobs(true).unwrap()[0].error.clone().unwrap();
    assert!(told.contains("removed by the rule `none"), "{told}");
}

#[test]
fn a_feed_of_files_counts_while_the_file_is_there() {
    let heard = Heard::new();
    let file = heard.path("tone.wav");
    offered(&heard.library, heard.episode, &format!("file://{}", file.display()));
    let plan = || heard.library.keep_plan(None, Some(&NONE)).unwrap();
    assert_eq!((plan().removes.len(), plan().spares.len()), (1, 0));
    fs::remove_file(file).unwrap();
    assert_eq!((plan().removes.len(), plan().spares.len()), (0, 1));
}

#[test]
fn sound_of_another_episode_replaces_what_was_removed() {
    let heard = Heard::new();
    heard.library.set_keep_rule(None, Some(&NONE_AT_ALL)).unwrap();
    let recording = heard.store().recordings().unwrap().remove(0);
    let again = NewRecording {
        hash: recording.hash,
        extension: recording.extension,
        media_type: recording.media_type,
        bytes: recording.bytes,
        duration: recording.duration,
        original_name: recording.original_name,
    };
    heard.store().attach_recording(heard.episode, &again).unwrap();
    assert!(has_sound(&heard.library, heard.episode));
}
