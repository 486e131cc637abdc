//! `ear-eval names` as it is called, on folders of the form of Earnings-21.

#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn names(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ear-eval")).arg("names").arg(folder).args(args).output().unwrap()
}

fn object(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// What was said, names in it as (entity type, first word, words), what was heard.
type Call<'a> = (&'a str, &'a [(&'a str, usize, usize)], &'a str);

/// A folder of calls.
fn write(folder: &Path, calls: &[Call<'_>]) {
    for place in ["reference", "entities", "heard/google", "heard/kaldi_libri", "participants"] {
        fs::create_dir_all(folder.join(place)).unwrap();
    }
    for (number, (said, names, heard)) in calls.iter().enumerate() {
        let row = |(at, word): (usize, &str)| {
            let tags = names.iter().enumerate().filter(|(_, (_, first, words))| (*first..first + words).contains(&at));
            let tags: Vec<String> = tags.map(|(tag, _)| format!("'{tag}'")).collect();
            format!("{word}|1||||LC|[]|[{}]\n", tags.join(", "))
        };
        let rows: String = said.split(' ').enumerate().map(row).collect();
        let header = "token|speaker|ts|endTs|punctuation|case|tags";
        fs::write(folder.join(format!("reference/{number}.nlp")), format!("{header}|wer_tags\n{rows}")).unwrap();
        let entities: serde_json::Map<String, Value> =
            names.iter().enumerate().map(|(tag, name)| (tag.to_string(), json!({ "entity_type": name.0 }))).collect();
        fs::write(folder.join(format!("entities/{number}.wer_tag.json")), Value::Object(entities).to_string()).unwrap();
        let rows: String = heard.split(' ').map(|word| format!("{word}|1|||||\n")).collect();
        fs::write(folder.join(format!("heard/google/{number}.nlp")), format!("{header}\n{rows}")).unwrap();
        let rows: String =
            heard.split(' ').map(|word| format!("{number} A 1.5 0.2 {} 0.9\n", word.to_uppercase())).collect();
        fs::write(folder.join(format!("heard/kaldi_libri/{number}.ctm")), rows).unwrap();
        fs::write(folder.join(format!("participants/{number}.names.txt")), "Qasem Soleimani - General\n").unwrap();
    }
}

#[test]
fn any_folder_of_the_form_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    write(
        folder.path(),
        &[
            (
                "so general Soleimani went to Iran",
                &[("PERSON", 2, 1), ("GPE", 5, 1)],
                "so general sola money went to iran",
            ),
            (
                "then Iran said Soleimani and 1 March",
                &[("GPE", 1, 1), ("PERSON", 3, 1), ("DATE", 5, 2)],
                "then iran said soleimani and one march",
            ),
        ],
    );
    let output = names(folder.path(), &["--json", "--systems", "google,kaldi_libri"]);
    let report = object(&output);
    assert_eq!(output.status.code(), Some(0), "{report}");
    assert_eq!((&report["names"], &report["calls"], &report["pooled"]), (&json!(2), &json!(2), &json!(["google"])));
    for system in ["google", "kaldi_libri"] {
        assert_eq!(report["systems"][system]["heard"], json!({ "exact": 3, "misheard": 1 }));
    }
    // Half of the one name's mentions and all of the other's.
    assert_eq!(report["baselines"]["exact"]["twv"], json!(0.75));
    assert!(report["baselines"]["phones"]["mtwv"].as_f64().is_some_and(|worth| worth >= 0.75));
    assert_eq!(report["total"]["repair_list"]["listed"], json!(1));
    let table = String::from_utf8(names(folder.path(), &["--systems", "google"]).stdout).unwrap();
    assert!(table.contains("double_metaphone") && table.contains("2 names in 2 calls"), "{table}");
}

#[test]
fn what_is_missing_is_said_and_the_rest_measured() {
    let folder = tempfile::tempdir().unwrap();
    let call: Call<'_> = ("so Soleimani said", &[("PERSON", 1, 1)], "so soleimani said");
    write(folder.path(), &[call, call]);
    fs::remove_file(folder.path().join("heard/google/1.nlp")).unwrap();
    fs::remove_dir_all(folder.path().join("participants")).unwrap();
    let output = names(folder.path(), &["--json", "--systems", "google", "--cross-validate"]);
    let report = object(&output);
    assert_eq!((output.status.code(), &report["total"]["mentions"]), (Some(1), &json!(1)));
    assert!(report["notes"].to_string().contains("heard/google has no 1"), "{report}");
    let nothing = names(&folder.path().join("heard"), &[]);
    assert_eq!(nothing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("reference"));
}

#[test]
fn real_calls_are_measured() {
    let Some(folder) = env::var_os("EARWITNESS_TESTDATA").map(|root| Path::new(&root).join("earnings21")) else {
        eprintln!("skipped: EARWITNESS_TESTDATA is not set");
        return;
    };
    if !folder.is_dir() {
        eprintln!("skipped: no {}", folder.display());
        return;
    }
    let output = names(&folder, &["--json", "--calls", "1", "--queries", "20", "--systems", "google"]);
    let report = object(&output);
    let mentions = report["total"]["mentions"].as_u64().unwrap();
    let heard = &report["systems"]["google"]["heard"];
    let exact = heard["exact"].as_u64().unwrap();
    assert!(mentions >= 20 && exact * 5 > mentions, "{heard}");
    // Whoever looks for letters or sounds finds no less than whoever looks for words alone.
    for method in ["fuzzy", "double_metaphone", "trigrams", "phones"] {
        let (more, exact) = (&report["baselines"][method]["mtwv"], &report["baselines"]["exact"]["mtwv"]);
        assert!(more.as_f64() >= exact.as_f64(), "{method}: {more} < {exact}");
    }
}
