//! `ear-eval voices` as it is called.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::Value;
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn voices(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ear-eval")).arg("voices").arg(folder).args(args).output().unwrap()
}

fn object(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

fn wer(report: &Value, way: &str) -> f64 {
    report[way]["rest_wer"].as_f64().unwrap()
}

fn found(report: &Value, way: &str) -> u64 {
    report[way]["found"].as_u64().unwrap()
}

/// Four seconds of silence at 16 kHz.
fn write_silence(path: &Path) {
    let data = vec![0u8; 4 * 32_000];
    let length = data.len() as u32;
    let mut file = Vec::new();
    for part in [b"RIFF", &(36 + length).to_le_bytes(), b"WAVE", b"fmt ", &16u32.to_le_bytes(), &[1, 0, 1, 0]] {
        file.extend(part);
    }
    for part in [&16_000u32.to_le_bytes(), &32_000u32.to_le_bytes(), &[2, 0, 16, 0], b"data", &length.to_le_bytes()] {
        file.extend(part);
    }
    file.extend(data);
    fs::write(path, file).unwrap();
}

#[test]
fn any_folder_of_the_form_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    write_silence(&folder.path().join("001.wav"));
    // The fake recogniser counts; numbers in a row are one number after normalisation.
    fs::write(folder.path().join("001.txt"), "We met Tuuli Hakkarila.").unwrap();
    fs::write(folder.path().join("names.tsv"), "001\tperson\tTuuli Hakkarila\tbm_fable\n").unwrap();
    let output = voices(folder.path(), &["--model", "fake", "--json"]);
    let report = object(&output);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((found(&report, "words"), &report["words"]["names"]), (0, &1.into()));
    // Both words beside the name were not heard.
    assert!(wer(&report, "words") >= 1.0, "{report}");
    assert_eq!(report["items"][0]["voice"], "bm_fable");

    let output = voices(&folder.path().join("none"), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("speak_names.py"), "{said}");
}

/// Needs a folder that tools/speak_names.py made, and the default model.
#[test]
fn sound_and_lists_find_rare_names() {
    let Some(folder) = env::var_os("EARWITNESS_VOICES") else {
        eprintln!("skipped: EARWITNESS_VOICES is not set to a folder of tools/speak_names.py");
        return;
    };
    let default = ear_engine::models().into_iter().find(|model| model.default).unwrap();
    if default.folder.is_none() {
        eprintln!("skipped: the model {} is not installed", default.name);
        return;
    }
    let output = voices(Path::new(&folder), &["--names", "20", "--json"]);
    let report = object(&output);
    assert_eq!((output.status.code(), &report["words"]["names"]), (Some(0), &20.into()));
    let missed = |way: &str| 20 - found(&report, way);
    for way in ["sound", "repairs"] {
        assert!(missed(way) * 10 <= missed("words") * 6, "40 % fewer names are missed by {way}: {report:#}");
    }
    assert!((wer(&report, "repairs") - wer(&report, "words")).abs() <= 0.002, "other words stay: {report:#}");
}
