use crate::builders::{Library, timed_words, transcript};
use ear_core::{EpisodeId, Origin, Timing, Transcript, TranscriptId};
use ear_store::{Anomaly, NewJob};

#[test]
fn a_sound_library_has_no_findings() {
    let library = Library::new();
    let id = library.episode_with_sound("Talk", 'a');
    library.store.add_transcript(id, &transcript(Origin::Imported, Timing::Words)).unwrap();
    assert_eq!(library.store.integrity(true).unwrap(), []);
}

#[test]
fn each_kind_of_damage_is_found() {
    let check = |sql: &str, expected: &[&str]| {
        let library = Library::new();
        let id = library.episode_with_sound("Talk", 'a');
        let whole = Transcript { words: timed_words(250), ..transcript(Origin::Imported, Timing::Words) };
        library.store.add_transcript(id, &whole).unwrap();
        library
            .raw()
            .execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}"))
            .unwrap();
        let found = library.store.integrity(true).unwrap();
        assert_eq!(found.iter().map(Anomaly::message).collect::<Vec<_>>(), expected, "{sql}");
        let words = library.store.transcript_info(TranscriptId(1)).unwrap().map(|info| info.words);
        if found.iter().all(|anomaly| matches!(anomaly, Anomaly::Orphan(_))) {
            library.store.mend_orphans().unwrap();
            assert_eq!(library.store.integrity(true).unwrap(), [], "{sql}");
            assert_eq!(library.store.transcript_info(TranscriptId(1)).unwrap().map(|info| info.words), words, "{sql}");
        }
    };
    let hash = "a".repeat(64);
    check("UPDATE episodes SET recording = NULL", &[&format!("recording {hash} belongs to no episode")]);
    check("UPDATE episodes SET date = '2023-02-31'", &["episode 1 has the date `2023-02-31`, which is none"]);
    check("DELETE FROM transcript_chunks WHERE seq = 1", &["transcript 1: chunk 2 does not follow the one before"]);
    check("DELETE FROM transcript_chunks WHERE seq = 0", &["transcript 1: chunk 1 does not follow the one before"]);
    check("UPDATE transcript_chunks SET words = '[' WHERE seq = 2", &["transcript 1: chunk 2 cannot be read"]);
    check("UPDATE transcripts SET stretches = 'x'", &["transcript 1: its turns or stretches cannot be read"]);
    check(
        "UPDATE transcripts SET episode_id = 5",
        &["a row of transcripts points to a missing row of episodes: row 1"],
    );
    check("DELETE FROM recordings", &["a row of episodes points to a missing row of recordings: row 1"]);
    check("UPDATE transcripts SET state = 'odd'", &["CHECK constraint failed in transcripts"]);
    check(
        "INSERT INTO episodes SELECT 2, NULL, 'b', 'b', NULL, '', NULL, NULL, '', NULL, NULL, 0;
         INSERT INTO indexed VALUES (2, 1, 'v1', 0)",
        &["episode 2 is indexed with a transcript of episode 1"],
    );
}

#[test]
fn words_whose_episode_is_gone_get_one_anew() {
    let library = Library::new();
    let id = library.episode("Talk");
    let transcript = library.store.add_transcript(id, &transcript(Origin::Imported, Timing::Words)).unwrap();
    library.raw().execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM episodes").unwrap();
    library.store.mend_orphans().unwrap();
    let episode = library.store.episode(id).unwrap().unwrap();
    assert_eq!((episode.title.as_str(), episode.transcript), ("Recovered episode 1", Some(transcript)));
}

#[test]
fn what_nobody_goes_on_with_is_found() {
    let library = Library::new();
    let store = &library.store;
    let (begun, forgotten) = (library.episode("Begun"), library.episode_with_sound("Forgotten", 'a'));
    store.begin_transcript(begun, &crate::builders::head("f")).unwrap();
    assert_eq!(store.stranded_partials().unwrap().len(), 1);
    assert_eq!(store.never_asked_for().unwrap(), [forgotten]);
    for episode in [begun, forgotten] {
        let job = store.enqueue(&NewJob::new("transcribe", Some(episode))).unwrap();
        store.cancel(job).unwrap();
    }
    // What somebody cancelled can be retried, and keeps what it had.
    assert_eq!(store.stranded_partials().unwrap(), []);
    assert_eq!(store.never_asked_for().unwrap(), Vec::<EpisodeId>::new());
}
