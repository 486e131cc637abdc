//! How the program answers to its callers: help, mistakes, pipes.

use crate::home::{Home, Ran};

#[test]
fn mistakes_are_told_and_near_misses_suggested() {
    let home = Home::new();
    for (line, expected) in [
        ("serch x", "search"),
        ("add a.wav --titel x", "--title"),
        ("export 1 --format strt", "srt"),
        ("search x --since yesterday", "write it as 2020-01-31"),
        ("add a.wav --language english", "two letters"),
        ("serve --listen nowhere", "127.0.0.1:7979"),
        ("show 1 --at noon", "12:31"),
    ] {
        let ran = home.run(line);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.err.contains(expected), "{line}: {}", ran.err);
    }
    let json = home.run("serch --json");
    assert_eq!((json.code, json.json()["error"]["code"].as_str()), (Some(2), Some("usage")));
}

#[test]
fn nothing_to_read_says_how_to_begin() {
    let home = Home::new();
    for command in ["list", "search x", "work", "show 1", "clips 1", "clips show 1", "trends", "doctor"] {
        let ran = home.run(command);
        assert_eq!(ran.code, Some(3), "{ran:?}");
        assert!(ran.err.contains("earwitness add") && ran.err.contains("earwitness demo"), "{ran:?}");
    }
    assert!(!home.library().exists(), "looking does not make a library");
}

#[test]
fn the_library_is_where_it_is_said_to_be() {
    let home = Home::new();
    home.file("a.txt", "Peace talks begin.");
    home.run("--library here add a.txt --wait").ok();
    assert!(home.path("here").is_dir() && !home.library().exists());
    let mut command = home.command(["list", "--json"]);
    let ran = Ran::from(command.env("EARWITNESS_LIBRARY", home.path("here")).output().unwrap()).ok();
    assert_eq!(ran.json()["total"], 1);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let home = Home::new();
    home.file("long.txt", "Peace talks begin again and again. ".repeat(20_000));
    home.run("add long.txt --wait").ok();
    for line in ["show long", "show long --json", "export long", "--help", "completions bash"] {
        let mut child = home.command(line.split(' ')).spawn().unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{line}");
    }
}

#[test]
fn shells_get_completions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let ran = home.run(&format!("completions {shell}")).ok();
        assert!(ran.out.contains("transcribe"), "{shell}");
    }
}

#[test]
fn models_are_listed() {
    let home = Home::new();
    let models = home.json("models");
    let defaults = models["models"].as_array().unwrap().iter().filter(|model| model["default"] == true).count();
    assert_eq!(defaults, 1, "{models}");
    assert_eq!(home.run("models fetch nothing").code, Some(3));
}

#[test]
fn an_unknown_model_says_which_there_are() {
    let home = Home::new();
    home.sound("a.wav", 5, 220.0);
    let ran = home.run("transcribe a.wav --model nothing");
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.err.contains("`nothing`") && ran.err.contains("whisper-base"), "{ran:?}");
}

#[test]
fn quiet_is_quiet() {
    let home = Home::new();
    home.sound("a.wav", 10, 220.0);
    let ran = home.run("--quiet add a.wav --model fake --wait").ok();
    assert_eq!(ran.err, "");
}
