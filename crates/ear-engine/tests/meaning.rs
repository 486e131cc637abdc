//! Search by meaning, from a text that is added to hits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use ear_core::EpisodeId;
use ear_engine::{AddOptions, By, DoctorOptions, Hit, Library, SearchBy, SearchRequest, Stop, WorkOptions, models};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const BREAD: &str = "Knead the dough until it is smooth. Then leave it to rise under a cloth for two hours. Bake the \
                     loaf in a hot oven until the crust is brown and it sounds hollow underneath.";
const HARBOUR: &str = "The council met on Tuesday about the port. Fishermen fear that the new pier will cost them \
                       their berths. Nobody could say what the dredging will cost the town in the end.";

/// A library with both texts, worked through; `None`, said loudly, where there is no model of meaning.
fn library() -> Option<(TempDir, Library, Vec<EpisodeId>)> {
    if models().iter().any(|model| model.name == "minilm" && model.folder.is_none()) {
        eprintln!("skipped: there is no model of meaning; `earwitness models fetch minilm` fetches it");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(&folder.path().join("library")).unwrap();
    let add = |(name, text): (&str, &str)| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        let options = AddOptions { language: Some("en".into()), ..AddOptions::default() };
        library.add(&file, &options).unwrap().episode
    };
    let episodes = [("bread.txt", BREAD), ("harbour.txt", HARBOUR)].map(add).to_vec();
    work(&library);
    Some((folder, library, episodes))
}

fn work(library: &Library) {
    let summary = library.work(&WorkOptions::default(), &Stop::default(), &|_| {}).unwrap();
    assert_eq!(summary.failed, 0);
}

fn found(library: &Library, query: &str, by: By) -> Vec<Hit> {
    library.search(&SearchRequest { query: query.into(), by, ..SearchRequest::default() }).unwrap().hits
}

fn files(library: &Library) -> Vec<PathBuf> {
    let folder = library.folder().join("vectors");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "vectors"));
    files.sort();
    files
}

fn written(file: &Path) -> std::time::SystemTime {
    fs::metadata(file).unwrap().modified().unwrap()
}

#[test]
fn what_is_meant_is_found_in_other_words() {
    let Some((_folder, library, episodes)) = library() else { return };
    let hits = found(&library, "how do you make bread at home", By::Meaning);
    assert_eq!(hits[0].episode.0, episodes[0]);
    assert_eq!((hits[0].by, hits[0].matched.len()), (SearchBy::Meaning, 0));
    let hits = found(&library, "how expensive is the work in the harbour for the town", By::Meaning);
    assert_eq!(hits[0].episode.0, episodes[1]);
    // The moment is that of the nearest sentence.
    let at: Vec<&str> = HARBOUR.split_whitespace().collect();
    assert_eq!(at[hits[0].words.start], "Nobody");
    assert!(found(&library, "quantum chromodynamics of the early universe", By::Meaning).is_empty());

    let hits = found(&library, "why are people who fish worried about the pier", By::All);
    assert_eq!(hits[0].episode.0, episodes[1]);
    let hits = found(&library, "fishermen", By::All);
    assert_eq!((hits[0].by, hits[0].matched.len()), (SearchBy::Words, 1));
    let no_words =
        library.search(&SearchRequest { query: "\"dough\" -x".into(), by: By::Meaning, ..Default::default() });
    assert_eq!(no_words.unwrap_err().kind, ear_engine::ErrorKind::Query);
}

#[test]
fn vectors_follow_the_words() {
    let Some((_folder, library, episodes)) = library() else { return };
    let before = files(&library);
    assert_eq!(before.len(), 2);
    let times: Vec<_> = before.iter().map(|file| written(file)).collect();
    work(&library);
    assert_eq!(before.iter().map(|file| written(file)).collect::<Vec<_>>(), times);

    // What is broken is made anew, and so is what is gone.
    fs::write(&before[0], "broken").unwrap();
    fs::remove_file(&before[1]).unwrap();
    let findings = library.doctor(&DoctorOptions::default(), &|_| {}).unwrap();
    assert_eq!(findings.iter().map(|finding| finding.fault.code()).collect::<Vec<_>>(), ["vectors_broken"]);
    work(&library);
    assert_eq!(files(&library), before);
    assert!(library.doctor(&DoctorOptions { thorough: true, ..DoctorOptions::default() }, &|_| {}).unwrap().is_empty());
    assert_eq!(found(&library, "how do you make bread at home", By::Meaning)[0].episode.0, episodes[0]);

    library.remove_episode(episodes[0]).unwrap();
    assert_eq!(files(&library), before[1..]);
    assert!(found(&library, "how do you make bread at home", By::Meaning).is_empty());
}
