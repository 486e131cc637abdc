//! Backups, rules for sound, room, and the doctor, as people and programs use them.

use crate::durability_disk::{Server, get};
use crate::home::Home;
use serde_json::json;
use std::fs;

fn one_talk() -> Home {
    let home = Home::new();
    home.sound("talk.wav", 10, 220.0);
    home.run("add talk.wav --model fake --show Reports --wait").ok();
    home
}

#[test]
fn a_library_is_backed_up_and_brought_back() {
    let home = one_talk();
    let done = home.json("backup copy");
    assert_eq!((&done["copied"]["files"], &done["problems"]), (&json!(1), &json!([])));
    let again = home.run("backup copy").ok();
    assert!(again.out.contains("0 files copied") && again.out.contains("1 file there already"), "{again:?}");

    let refused = home.run("restore copy --json");
    assert_eq!((refused.code, &refused.json()["error"]["code"]), (Some(1), &json!("bad_input")), "{refused:?}");
    assert!(refused.json()["error"]["remedy"].as_str().unwrap().contains("--force"), "{refused:?}");
    home.run("rm talk --yes").ok();
    let restored = home.json("restore copy --force");
    assert_eq!((&restored["episodes"], &restored["restored"]["files"]), (&json!(1), &json!(1)));
    assert!(fs::exists(restored["moved_aside"].as_str().unwrap()).unwrap());
    assert!(home.json("search two")["total"].as_u64() > Some(0));
    assert_eq!(home.run("doctor --thorough").ok().out, "all is well\n");

    let elsewhere = home.json("restore copy --into elsewhere");
    assert_eq!(elsewhere["moved_aside"], json!(null));
    assert_eq!(home.json("--library elsewhere list")["total"], 1);
    // The backup itself can be looked into.
    assert_eq!(home.json("--library copy list")["total"], 1);
    let missing = home.run("restore nothing");
    assert!(missing.code == Some(3) && missing.err.contains("no backup here"), "{missing:?}");
}

#[test]
fn a_backup_that_lacks_something_says_so() {
    let home = one_talk();
    let sound = crate::home::files_in(&home.library().join("recordings")).remove(0);
    fs::remove_file(&sound).unwrap();
    let ran = home.run("backup copy --json");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.json()["problems"][0].as_str().unwrap().contains("missing from the library"), "{ran:?}");
    assert!(ran.err.contains("not in the backup"), "{ran:?}");
}

#[test]
fn room_is_told_by_show() {
    let home = one_talk();
    home.sound("alone.wav", 5, 330.0);
    home.run("add alone.wav --model fake --wait").ok();
    let used = home.json("disk");
    let shows = used["shows"].as_array().unwrap();
    assert_eq!((&shows[0]["show"], &shows[0]["sound"]["bytes"]), (&json!("Reports"), &json!(80_044)));
    assert_eq!((&shows[1]["show"], &shows[1]["sound"]["bytes"]), (&json!(null), &json!(40_044)));
    assert_eq!(used["parts"]["recordings"], 120_088);
    assert!(used["total_bytes"].as_u64() > Some(120_088) && used["free_bytes"].as_u64() > Some(0));
    let read = home.run("disk").ok();
    assert!(read.out.contains("Reports") && read.out.contains("keeps all") && read.out.contains("free"), "{read:?}");
}

#[test]
fn a_rule_is_listed_before_it_takes_anything() {
    let home = one_talk();
    let spared = home.json("keep none");
    assert_eq!(
        (&spared["applied"], &spared["removes"], &spared["spares"][0]["episode"]),
        (&json!(false), &json!([]), &json!("Talk"))
    );
    let asked = home.run("keep none --force").ok();
    assert!(asked.out.contains("would remove the sound of 1 episode") && asked.out.contains("can't be"), "{asked:?}");
    assert!(asked.err.contains("--yes does it"), "{asked:?}");
    assert_eq!(home.json("keep")["rule"]["keep"], "all");
    assert_eq!(home.json("list")["episodes"][0]["has_sound"], true);

    let done = home.json("keep none --force --yes");
    assert_eq!((&done["applied"], &done["removes"][0]["episode"]), (&json!(true), &json!("Talk")));
    let listed = home.json("list");
    assert_eq!(
        (&listed["episodes"][0]["has_sound"], &listed["episodes"][0]["state"]),
        (&json!(false), &json!("ready"))
    );
    assert!(home.json("search two")["total"].as_u64() > Some(0));
    let detail = home.json("edit talk --language en");
    assert_eq!(detail["sound_removed"]["rule"], "none after transcription, not even what exists nowhere else");
    let used = home.json("disk");
    assert_eq!((&used["shows"][0]["removed"]["files"], &used["shows"][0]["sound"]["files"]), (&json!(1), &json!(0)));
    assert_eq!(home.run("doctor --thorough").ok().out, "all is well\n");

    // What is added from now on goes when it has been heard; a show may keep its own.
    home.sound("later.wav", 5, 330.0);
    home.run("keep all --show reports").ok();
    home.run("add later.wav --model fake --show Reports --wait").ok();
    assert_eq!(home.json("list")["episodes"][0]["has_sound"], true);
    let shown = home.run("keep --show reports").ok();
    assert_eq!(shown.out, "keeps all (its own rule)\n");
    home.run("keep default --show reports --yes").ok();
    assert_eq!(home.json("list")["episodes"][0]["has_sound"], false);
    for (line, code) in
        [("keep default", 2), ("keep some", 2), ("keep 0", 2), ("keep all --show nothing", 3), ("keep --yes", 2)]
    {
        assert_eq!(home.run(line).code, Some(code), "{line}");
    }
}

#[test]
fn a_page_says_where_its_sound_went() {
    let home = one_talk();
    home.run("keep none --force --yes").ok();
    let mut server = Server(home.start("serve --listen 0 --no-work"));
    let address = server.address();
    let page = get(&address, "/e/1");
    assert!(page.contains("The sound was removed on") && page.contains("none after transcription"), "{page}");
    assert!(!page.contains("<audio") && page.contains("id=\"transcript\""), "{page}");
    assert!(get(&address, "/sound/1").starts_with("HTTP/1.1 404"));
}

#[test]
fn the_doctor_tells_programs_what_it_found() {
    let home = one_talk();
    let sound = crate::home::files_in(&home.library().join("recordings")).remove(0);
    let bytes = fs::read(&sound).unwrap();
    fs::write(&sound, vec![0; bytes.len()]).unwrap();
    assert_eq!(home.json("doctor"), json!({ "findings": [] }));
    let ran = home.run("doctor --thorough --json");
    let finding = &ran.json()["findings"][0];
    assert_eq!(
        (ran.code, &finding["code"], &finding["mended"]),
        (Some(1), &json!("sound_wrong_content"), &json!(false))
    );
    assert_eq!(finding["where"].as_str(), sound.to_str());
    home.run("doctor --thorough --repair");
    home.run("add talk.wav").ok();
    assert_eq!(home.run("doctor --thorough").ok().out, "all is well\n");
    fs::remove_dir_all(home.library().join("index")).unwrap();
    let mended = home.json("doctor --repair");
    assert_eq!(
        (&mended["findings"][0]["code"], &mended["findings"][0]["mended"]),
        (&json!("index_missing"), &json!(true))
    );
    assert!(home.json("search two")["total"].as_u64() > Some(0));
}

#[test]
fn an_index_that_is_gone_is_told_and_built_again() {
    let home = one_talk();
    fs::remove_dir_all(home.library().join("index")).unwrap();
    let ran = home.run("search two").ok();
    assert!(ran.err.contains("1 episode can't be searched yet"), "{ran:?}");
    home.run("work").ok();
    assert!(home.json("search two")["total"].as_u64() > Some(0));
    assert_eq!(home.json("reindex")["episodes"], 1);
}
