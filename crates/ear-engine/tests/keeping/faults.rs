use crate::made::{Heard, add, hits, tone, work};
use ear_engine::Fault;
use ear_store::{EpisodeEdit, Moment, NewJob, Wanted};
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Plants a fault; the doctor has to find just that, say it with and without repair, and leave a sound library
/// where it says it mended it.
fn check(plant: impl FnOnce(&Heard), thorough: bool, code: &str, mended: bool) -> Heard {
    let heard = Heard::new();
    plant(&heard);
    let heard = heard.again();
    let codes = |repair| {
        let findings = heard.findings(repair, thorough);
        findings.iter().map(|finding| (finding.fault.code(), finding.mended)).collect::<Vec<_>>()
    };
    assert_eq!(codes(false), [(code, false)], "{code}");
    assert_eq!(codes(true), [(code, mended)], "{code}");
    if mended {
        assert_eq!(codes(false), [], "{code}");
        work(&heard.library);
        assert_eq!(heard.findings(false, true), [], "{code}");
        assert!(hits(&heard.library, "three") > 0, "{code}");
    }
    heard
}

/// A file that was last written two hours ago.
fn old_file(path: &Path, content: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(7200)).unwrap();
}

#[test]
fn sound_that_is_missing_or_damaged_is_found() {
    let heard = check(|heard| fs::remove_file(heard.sound()).unwrap(), false, "sound_missing", false);
    let findings = heard.findings(false, false);
    assert!(findings[0].message.contains("tone.wav") && findings[0].remedy.is_some(), "{findings:?}");
    add(&heard.library, &heard.path("tone.wav"));
    assert_eq!(heard.findings(false, true), []);

    let shorter = |heard: &Heard| fs::write(heard.sound(), b"RIFF").unwrap();
    let heard = check(shorter, false, "sound_wrong_size", false);
    assert_eq!(heard.findings(false, false)[0].fault.code(), "sound_missing");
    add(&heard.library, &heard.path("tone.wav"));
    assert_eq!(heard.findings(false, true), []);

    let flip = |heard: &Heard| {
        let mut bytes = fs::read(heard.sound()).unwrap();
        bytes[1000] ^= 1;
        fs::write(heard.sound(), bytes).unwrap();
    };
    let heard = check(flip, true, "sound_wrong_content", false);
    add(&heard.library, &heard.path("tone.wav"));
    assert_eq!(heard.findings(false, true), []);
}

#[test]
fn sound_that_was_put_aside_comes_back() {
    let aside = |heard: &Heard| {
        let (sound, lost) = (heard.sound(), heard.library.folder().join("lost"));
        fs::create_dir_all(&lost).unwrap();
        fs::rename(&sound, lost.join(sound.file_name().unwrap())).unwrap();
    };
    check(aside, false, "sound_missing", true);
}

#[test]
fn strays_are_put_aside_and_young_files_left_alone() {
    let plant = |heard: &Heard| {
        let recordings = heard.library.folder().join("recordings");
        old_file(&recordings.join("00/old.wav"), b"x");
        fs::write(recordings.join("00/young.wav"), b"x").unwrap();
    };
    let heard = check(plant, false, "sound_stray", true);
    assert!(heard.library.folder().join("lost/old.wav").exists());
    assert!(heard.library.folder().join("recordings/00/young.wav").exists());
    let loose = |heard: &Heard| old_file(&heard.library.folder().join("recordings/loose.mp3"), b"x");
    check(loose, false, "sound_stray", true);
    check(|heard| old_file(&heard.library.folder().join("covers/stray"), b"x"), false, "cover_stray", true);
    check(|heard| old_file(&heard.library.folder().join("documents/00/stray"), b"x"), false, "document_stray", true);
    check(|heard| old_file(&heard.library.folder().join("tmp/.tmpAbC"), b"x"), false, "left_over", true);
}

#[test]
fn covers_that_are_missing_or_broken_are_found() {
    let cover = |heard: &Heard, content: Option<&[u8]>| {
        let edit = EpisodeEdit { cover_media_type: Some(Some("image/png".into())), ..EpisodeEdit::default() };
        heard.store().edit_episode(heard.episode, &edit).unwrap();
        if let Some(content) = content {
            let hash = heard.store().episode(heard.episode).unwrap().unwrap().recording.unwrap();
            fs::write(heard.library.folder().join("covers").join(hash), content).unwrap();
        }
    };
    check(|heard| cover(heard, None), false, "cover_missing", true);
    check(|heard| cover(heard, Some(b"no picture")), false, "cover_broken", true);
    check(|heard| cover(heard, Some(b"")), false, "cover_broken", true);
}

#[test]
fn an_index_that_lost_something_is_filled() {
    let index = |heard: &Heard| heard.library.folder().join("index");
    check(|heard| fs::remove_dir_all(index(heard)).unwrap(), false, "index_missing", true);
    check(|heard| fs::write(index(heard).join("meta.json"), "{").unwrap(), false, "index_damaged", true);
    check(|heard| fs::write(index(heard).join("format.json"), "{\"format\":0}").unwrap(), false, "index_damaged", true);
    let flip = |heard: &Heard| {
        let mut file = fs::read_dir(index(heard)).unwrap().map(|entry| entry.unwrap().path());
        let file = file.find(|path| path.extension().is_some_and(|ending| ending == "pos" || ending == "idx"));
        let file = file.unwrap();
        let mut bytes = fs::read(&file).unwrap();
        bytes[0] ^= 1;
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
    };
    check(flip, true, "index_damaged", true);
    check(|heard| heard.sql("DELETE FROM indexed"), false, "index_lacks", true);
    let lacking = |heard: &Heard| {
        let index = ear_search::WordIndex::open(&index(heard)).unwrap();
        index.remove(&[heard.episode]).unwrap();
    };
    check(lacking, false, "index_lacks", true);
}

#[test]
fn an_episode_in_the_index_that_is_in_no_library_is_taken_out() {
    let heard = Heard::new();
    let other = add(&heard.library, &tone(heard.folder.path(), "other.wav", 3, 0.3));
    work(&heard.library);
    heard.store().remove_episodes(&[other]).unwrap();
    let mut findings = heard.findings(true, false);
    // Vectors, where a model of meaning made some, are as foreign as the words.
    findings.retain(|finding| finding.fault != Fault::VectorsBroken);
    assert_eq!(findings.iter().map(|finding| finding.fault.code()).collect::<Vec<_>>(), ["index_foreign"]);
    assert_eq!(heard.findings(false, false), []);
}

#[test]
fn rows_that_do_not_fit_are_mended() {
    let zeros = "0".repeat(64);
    let recording = format!("INSERT INTO recordings VALUES ('{zeros}', 'wav', 'audio/wav', 1, 1, NULL, 0, NULL, NULL)");
    let heard = Heard::new();
    heard.sql(&recording);
    let found = heard.findings(false, false);
    // The row and the file it names.
    assert_eq!(found.iter().map(|finding| finding.fault.code()).collect::<Vec<_>>(), ["rows_broken", "sound_missing"]);
    assert!(heard.findings(true, false).iter().all(|finding| finding.mended));
    assert_eq!(heard.findings(false, false), []);
    check(|heard| heard.sql("UPDATE episodes SET date = 'soon'"), false, "rows_broken", true);
    check(|heard| heard.sql("UPDATE episodes SET show_id = 77"), false, "rows_broken", true);
}

#[test]
fn what_nobody_goes_on_with_is_queued() {
    // As it was begun: the language is known when it is complete.
    let begun = "UPDATE transcripts SET state = 'partial', language = NULL; DELETE FROM indexed; DELETE FROM jobs";
    check_partial(begun, 1);
    // Another version of the program goes on with nothing of it, and hears it anew.
    check_partial(&format!("{begun}; UPDATE transcripts SET fingerprint = 'of an older version'"), 2);

    let stranded = |heard: &Heard| {
        let job = NewJob { options: "{\"model\":\"fake\"}".into(), ..NewJob::new("transcribe", Some(heard.episode)) };
        heard.store().enqueue(&job).unwrap();
        // By the clock of a machine that has been up for longer than this one ever was.
        let long_ago = Moment { world: 0, steady: i64::MAX / 2 };
        heard.store().claim("gone", long_ago, 15_000, &Wanted::default()).unwrap().unwrap();
    };
    check(stranded, false, "job_stranded", true);
}

/// Plants a transcript that nobody goes on with; `visits` of the doctor and of a worker make all well.
fn check_partial(plant: &str, visits: usize) {
    let heard = Heard::new();
    heard.sql(plant);
    for _ in 0..visits {
        let found = heard.findings(true, false);
        let is_mended = found.iter().all(|finding| finding.mended);
        let is_found = found.iter().any(|finding| finding.fault.code() == "transcript_stranded");
        assert!(is_found && is_mended, "{plant}: {found:?}");
        work(&heard.library);
    }
    assert_eq!(heard.findings(false, true), [], "{plant}");
    assert_eq!(heard.library.episode(heard.episode).unwrap().transcripts.len(), 1, "{plant}");
}

#[test]
fn an_episode_that_was_added_and_never_asked_for_is_heard() {
    let heard = Heard::new();
    heard.sql("DELETE FROM jobs; DELETE FROM transcript_chunks; DELETE FROM indexed; DELETE FROM transcripts");
    let found = heard.findings(true, false);
    assert!(found.iter().any(|finding| finding.fault.code() == "episode_forgotten" && finding.mended), "{found:?}");
    assert_eq!(heard.store().pending_for(&[heard.episode]).unwrap()[0].kind, "transcribe");
}

#[test]
fn words_that_cannot_be_read_say_what_to_do() {
    let heard = Heard::new();
    heard.sql("UPDATE transcript_chunks SET words = '['");
    let findings = heard.findings(true, false);
    let damaged = findings.iter().find(|finding| finding.fault.code() == "transcript_damaged").unwrap();
    assert!(!damaged.mended && damaged.remedy.as_deref().unwrap().contains("earwitness restore"), "{damaged:?}");
}

#[test]
fn a_damaged_database_says_to_restore() {
    let Heard { folder, library, .. } = Heard::new();
    let path = library.folder().join("earwitness.db");
    drop(library);
    let mut bytes = fs::read(&path).unwrap();
    // Pages in the middle, so that the head still says it is a database.
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xA5);
    fs::write(&path, &bytes).unwrap();
    let opened = ear_engine::Library::open(&folder.path().join("library"))
        .and_then(|library| library.doctor(&ear_engine::DoctorOptions::default(), &|_| ()));
    match opened {
        Ok(findings) => {
            assert!(findings.iter().all(|finding| finding.fault.code() == "database_damaged"), "{findings:?}");
            assert!(!findings.is_empty() && findings[0].remedy.as_deref().unwrap().contains("restore"));
        }
        Err(error) => assert!(error.remedy.as_deref().is_some_and(|remedy| remedy.contains("restore")), "{error}"),
    }
    fs::write(&path, b"this is no database, and it is longer than the head of one would be, by far".repeat(9)).unwrap();
    let error = ear_engine::Library::open(&folder.path().join("library")).unwrap_err();
    assert!(error.remedy.as_deref().is_some_and(|remedy| remedy.contains("restore")), "{error}");
}
