use crate::builders::{Library, timed_words, transcript};
use ear_core::{Origin, Timing, Transcript};

#[test]
fn a_sound_library_has_no_findings() {
    let library = Library::new();
    let id = library.episode_with_sound("Talk", 'a');
    library.store.add_transcript(id, &transcript(Origin::Imported, Timing::Words)).unwrap();
    assert_eq!(library.store.integrity().unwrap(), Vec::<String>::new());
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
        assert_eq!(library.store.integrity().unwrap(), expected, "{sql}");
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
    check("UPDATE transcripts SET state = 'odd'", &["CHECK constraint failed in transcripts"]);
    check(
        "INSERT INTO episodes SELECT 2, NULL, 'b', 'b', NULL, '', NULL, NULL, '', NULL, NULL, 0;
         INSERT INTO indexed VALUES (2, 1, 'v1', 0)",
        &["episode 2 is indexed with a transcript of episode 1"],
    );
}
