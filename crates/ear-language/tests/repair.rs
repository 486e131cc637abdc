//! Names that were misheard, proposed as repairs.

use ear_core::{EvidenceKind, Name, NameKind, NameSource, Proposal, SourceKind, Word};
use ear_language::names::variants;
use ear_language::repair::{Listed, Settings, propose};
use proptest::prelude::*;

fn words(text: &str) -> Vec<Word> {
    text.split_whitespace().map(Word::untimed).collect()
}

fn listed(name: &str, kind: NameKind) -> Listed {
    let sources = vec![NameSource { kind: SourceKind::Notes, text: "in the notes".into() }];
    let variants = variants(name, Some(kind));
    let name = Name { name: name.into(), kind: Some(kind), role: None, variants, sources };
    Listed { name, heard_before: Vec::new(), refused: Vec::new() }
}

/// Nobody else says anything.
fn alone(phrase: &[&str]) -> u64 {
    if phrase.is_empty() { 100_000 } else { 0 }
}

fn proposed(text: &str, names: &[Listed], least: f32) -> Vec<Proposal> {
    propose(&words(text), names, &Settings { least, ..Settings::default() }, &alone)
}

fn shown(proposals: &[Proposal]) -> String {
    let show = |proposal: &Proposal| format!("{} → {}", proposal.heard, proposal.meant);
    proposals.iter().map(show).collect::<Vec<_>>().join("; ")
}

#[test]
fn misheard_names_are_proposed() {
    let people = [
        listed("Qasem Soleimani", NameKind::Person),
        listed("Satya Nadella", NameKind::Person),
        listed("Reykjavik", NameKind::Place),
    ];
    for (text, expected) in [
        ("They have denounced sula money. But nobody answered.", "sula money → Soleimani"),
        ("It feels like Sola money's killing laid bare the tension.", "Sola money's → Soleimani’s"),
        ("our guest is Sachin Adela from Microsoft", "Sachin Adela → Satya Nadella"),
        ("we flew to recchia vic last week", "recchia vic → Reykjavik"),
        ("He saw Qasem Soleimani in Reykjavik.", ""),
        ("There is not so much money in it this year.", ""),
    ] {
        assert_eq!(shown(&proposed(text, &people, 0.3)), expected, "{text}");
    }
}

#[test]
fn evidence_says_why() {
    let names = [listed("Qasem Soleimani", NameKind::Person)];
    let proposals = proposed("They have denounced sula money. But nobody answered.", &names, 0.3);
    let kinds: Vec<EvidenceKind> = proposals[0].evidence.iter().map(|evidence| evidence.kind).collect();
    assert!(kinds.contains(&EvidenceKind::Sound) && kinds.contains(&EvidenceKind::Source), "{kinds:?}");
    let weights: Vec<f32> = proposals[0].evidence.iter().map(|evidence| evidence.weight.abs()).collect();
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
}

#[test]
fn decisions_teach() {
    let text = "They have denounced sula money. But nobody answered.";
    let mut name = listed("Qasem Soleimani", NameKind::Person);
    name.refused = vec!["sula money".into()];
    assert_eq!(shown(&proposed(text, &[name], 0.3)), "");
}

#[test]
fn what_is_spelled_stays() {
    // A name of the list is no mishearing of another.
    let names = [listed("Iraq", NameKind::Place), listed("Iran", NameKind::Place)];
    for text in ["They went to Iran and to Iraq.", "Iran's will in Iraq", "IRAN"] {
        assert_eq!(shown(&proposed(text, &names, 0.05)), "", "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_and_any_names(text in ".{0,200}", names in prop::collection::vec(".{0,30}", 0..6)) {
        let names: Vec<Listed> = names.iter().map(|name| listed(name, NameKind::Person)).collect();
        let words = words(&text);
        let proposals = propose(&words, &names, &Settings { least: 0.01, ..Settings::default() }, &alone);
        let mut free = 0;
        for proposal in proposals {
            prop_assert!(proposal.words.start >= free && proposal.words.end <= words.len());
            prop_assert!(!proposal.words.is_empty() && (0.0..=1.0).contains(&proposal.probability));
            free = proposal.words.end;
        }
    }
}

/// The page that the product grew from: what was heard, with the facts of its notes.
#[test]
fn the_specimen() {
    let Some(folder) =
        std::env::var_os("EARWITNESS_TESTDATA").map(|folder| std::path::Path::new(&folder).join("specimen"))
    else {
        eprintln!("skipped: EARWITNESS_TESTDATA is not set");
        return;
    };
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let context: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("context.json")).unwrap()).unwrap();
    let of = |key: &str, kind: NameKind| -> Vec<Listed> {
        let names = context[key].as_array().unwrap().iter();
        names.map(|name| listed(name.as_str().unwrap(), kind)).collect()
    };
    let names = [of("people", NameKind::Person), of("places", NameKind::Place)].concat();
    let heard = std::fs::read_to_string(folder.join("heard.txt")).unwrap();
    let proposals = proposed(&heard, &names, 0.2);
    let labels = std::fs::read_to_string(folder.join("labels.dev.tsv")).unwrap();
    let missed: Vec<&str> = labels
        .lines()
        .skip(1)
        .filter(|line| {
            let (heard, meant) = line.split_once('\t').unwrap();
            // "A rock" is a common phrase: that it is Iraq here, only the sound could tell.
            let is_name = ["Soleimani", "Al Asad"].iter().any(|name| meant.starts_with(name));
            let found = proposals.iter().any(|proposal| {
                let meant = meant.trim_end_matches("'s").to_lowercase();
                proposal.heard == heard && meant.contains(&proposal.meant.trim_end_matches("’s").to_lowercase())
            });
            is_name && !found
        })
        .collect();
    eprintln!("{}", shown(&proposals));
    assert!(missed.is_empty(), "{missed:?} of {}", shown(&proposals));
}
