//! Search by meaning, with vectors made by hand: a few directions stand for what is meant.

use crate::library::{Library, request};
use ear_core::{EpisodeId, ShowId, TranscriptId};
use ear_language::vectors::{SIZE, Vector};
use ear_search::{
    EpisodeDoc, FLOOR, FusedHit, FusedRequest, Order, PassageDoc, Piece, Request, VectorFile, Vectors, asked_in_words,
    text_key,
};
use proptest::prelude::*;
use std::path::Path;
use std::time::Instant;
use tempfile::TempDir;

/// What a passage says, and how much it means of two things.
type Said<'a> = (&'a str, f32, f32);

fn vector(one: f32, other: f32) -> Vector {
    let mut floats = [0.0; SIZE];
    (floats[0], floats[1]) = (one, other);
    // Whatever else it is about.
    floats[2] = (1.0 - one * one - other * other).max(0.0).sqrt();
    Vector::from_floats(&floats)
}

/// An episode of each of these, with its vectors; its show has the episode's number.
fn library(episodes: &[&[Said]]) -> (Library, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut docs = Vec::new();
    for (number, said) in (1..).zip(episodes) {
        let mut start = 0;
        let (mut passages, mut pieces) = (Vec::new(), Vec::new());
        for (text, one, other) in *said {
            let texts: Vec<String> = text.split(' ').map(str::to_owned).collect();
            let words = start..start + texts.len();
            start = words.end;
            pieces.push(Piece { words: words.clone(), key: text_key(text), vector: vector(*one, *other) });
            passages.push(PassageDoc { words, texts, ..PassageDoc::default() });
        }
        write(folder.path(), number, pieces);
        docs.push(EpisodeDoc {
            episode: EpisodeId(number),
            show: ShowId(number),
            show_name: format!("Show {number}"),
            title: String::new(),
            date: format!("2020-01-{number:02}").parse().ok(),
            language: Some("en".into()),
            transcript: TranscriptId(number),
            passages,
        });
    }
    (Library::with(docs), folder)
}

fn write(folder: &Path, transcript: i64, pieces: Vec<Piece>) {
    let file = VectorFile {
        transcript: TranscriptId(transcript),
        fingerprint: "hand".into(),
        passages: pieces.clone(),
        sentences: pieces,
    };
    file.write(folder).unwrap();
    Vectors::changed(folder, "hand").unwrap();
}

fn near(library: &Library, vectors: &Vectors, request: &Request) -> Vec<(i64, usize)> {
    let found = library.index.meaning(request, vectors, &vector(1.0, 0.0)).unwrap();
    found.hits.iter().map(|(hit, _)| (hit.episode.0, hit.words.start)).collect()
}

const EPISODES: [&[Said]; 3] = [
    &[("the ships left the port", 0.9, 0.1), ("a pie needs butter", 0.0, 0.9)],
    &[("all vessels departed a harbour", 0.95, 0.0), ("the ships sank", 0.5, 0.0)],
    &[("the weather was fine", 0.2, 0.2)],
];

#[test]
fn the_nearest_come_first_and_the_far_not_at_all() {
    let (library, folder) = library(&EPISODES);
    let vectors = Vectors::new(folder.path(), "hand");
    let check = |request: Request, expected: &[(i64, usize)]| {
        assert_eq!(near(&library, &vectors, &request), expected, "{request:?}");
    };
    check(request("fleet"), &[(2, 0), (1, 0), (2, 5)]);
    check(request("fleet show:1"), &[(1, 0)]);
    check(Request { show: Some("Show 2".into()), ..request("fleet") }, &[(2, 0), (2, 5)]);
    check(Request { until: "2020-01-01".parse().ok(), ..request("fleet") }, &[(1, 0)]);
    check(Request { episode: Some(EpisodeId(3)), ..request("fleet") }, &[]);
    check(Request { order: Order::Oldest, ..request("fleet") }, &[(1, 0), (2, 0), (2, 5)]);
    check(Request { order: Order::Newest, ..request("fleet") }, &[(2, 0), (2, 5), (1, 0)]);
    check(Request { offset: 1, limit: 1, ..request("fleet") }, &[(1, 0)]);
    let found = library.index.meaning(&Request { limit: 1, ..request("fleet") }, &vectors, &vector(1.0, 0.0)).unwrap();
    assert_eq!((found.total, found.hits[0].1.clone()), (3, Some(0..5)));
    assert!(found.hits.iter().all(|(hit, _)| hit.score >= FLOOR));
}

#[test]
fn operators_are_not_for_meaning() {
    let (library, folder) = library(&EPISODES);
    let vectors = Vectors::new(folder.path(), "hand");
    for query in ["\"the ships\"", "ships OR port", "-ships port", "ship*", "show:1"] {
        assert!(library.index.meaning(&request(query), &vectors, &vector(1.0, 0.0)).is_err(), "{query}");
    }
    let check = |query: &str, expected: Option<&str>| {
        assert_eq!(asked_in_words(query).unwrap().as_deref(), expected, "{query}");
    };
    check("who left port show:1", Some("who left port"));
    check("\"left port\"", None);
    check("left -port", None);
    check("show:1", None);
}

#[test]
fn what_changes_is_seen() {
    let (mut library, folder) = library(&EPISODES);
    let vectors = Vectors::new(folder.path(), "hand");
    let other = Vectors::new(folder.path(), "another model");
    assert_eq!(near(&library, &other, &request("fleet")), []);
    assert_eq!(near(&library, &vectors, &request("fleet")).len(), 3);
    // One whose words are others now is not found by what they meant.
    let passages = vec![PassageDoc { words: 0..1, texts: vec!["bread".into()], ..PassageDoc::default() }];
    let doc = EpisodeDoc {
        episode: EpisodeId(1),
        show: ShowId(1),
        show_name: String::new(),
        title: String::new(),
        date: None,
        language: None,
        transcript: TranscriptId(1),
        passages,
    };
    library.put(&[doc]);
    assert_eq!(near(&library, &vectors, &request("fleet")), [(2, 0), (2, 5)]);
    write(folder.path(), 1, vec![Piece { words: 0..1, key: 1, vector: vector(0.99, 0.0) }]);
    assert_eq!(near(&library, &vectors, &request("fleet")), [(1, 0), (2, 0), (2, 5)]);
    library.index.remove(&[EpisodeId(2)]).unwrap();
    assert_eq!(near(&library, &vectors, &request("fleet")), [(1, 0)]);
    std::fs::write(VectorFile::place(folder.path(), TranscriptId(1)), "broken").unwrap();
    Vectors::changed(folder.path(), "hand").unwrap();
    assert_eq!(near(&library, &vectors, &request("fleet")), []);
}

/// What is found, in order: by words, or by meaning in parentheses.
fn fused(library: &Library, vectors: &Vectors, request: &Request) -> (usize, Vec<String>) {
    let meant = vector(1.0, 0.0);
    let asked = FusedRequest { request: request.clone(), sounding: &[], meaning: Some((vectors, &meant)) };
    let found = library.index.fused(&asked).unwrap();
    let show = |hit: &FusedHit| match hit {
        FusedHit::Words(hit, _) => format!("{}:{}", hit.episode, hit.words.start),
        FusedHit::Meaning(hit, _) => format!("({}:{})", hit.episode, hit.words.start),
        FusedHit::Sound(at) => format!("sound {at}"),
    };
    (found.total, found.hits.iter().map(show).collect())
}

#[test]
fn keywords_come_before_what_means_the_like() {
    let (library, folder) = library(&EPISODES);
    let vectors = Vectors::new(folder.path(), "hand");
    let check = |query: &str, expected: &[&str]| {
        let (total, hits) = fused(&library, &vectors, &request(query));
        assert_eq!((total, hits), (expected.len(), expected.iter().map(|hit| (*hit).to_owned()).collect()), "{query}");
    };
    check("ships", &["1:0", "2:5", "(2:0)"]);
    check("sank", &["2:5", "(2:0)", "(1:0)"]);
    // A passage of three words says too little to be found by what it means.
    check("butter", &["1:5", "(2:0)", "(1:0)"]);
    check("vessels show:1", &["(1:0)"]);
    // Some of the words of a question are enough, and meaning counts as much.
    check("when had the ships left port", &["1:0", "(2:0)", "2:5"]);
}

#[test]
fn the_fewer_words_the_nearer_their_meaning_has_to_be() {
    let (library, folder) = library(&[
        &[("ships are built of good steel", 0.44, 0.0), ("rust", 0.9, 0.0)],
        &[("bread and butter", 0.0, 0.0)],
    ]);
    let vectors = Vectors::new(folder.path(), "hand");
    let check = |query: &str, expected: &[&str]| {
        assert_eq!(fused(&library, &vectors, &request(query)).1, expected, "{query}");
    };
    check("linode", &[]);
    check("linode servers", &[]);
    // One of the words is something.
    check("linode ships", &["1:0"]);
    check("linode servers abroad", &["(1:0)"]);
    check("who has servers at linode", &["(1:6)", "(1:0)"]);
}

#[test]
fn pages_hold_each_hit_once() {
    let many: Vec<String> = (0..700).map(|n| format!("ships and word{n}")).collect();
    let said: Vec<Said> =
        many.iter().enumerate().map(|(n, text)| (text.as_str(), (n % 100) as f32 / 100.0, 0.0)).collect();
    let (library, folder) = library(&[&said, EPISODES[1]]);
    let vectors = Vectors::new(folder.path(), "hand");
    let mut seen = Vec::new();
    let (total, _) = fused(&library, &vectors, &request("ships"));
    for offset in (0..).step_by(90).take_while(|offset| *offset < total + 90) {
        let (again, hits) = fused(&library, &vectors, &Request { offset, limit: 90, ..request("ships") });
        assert_eq!(again, total);
        seen.extend(hits);
    }
    assert_eq!((total, seen.len()), (702, 702));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 702);
}

#[test]
fn without_meaning_it_is_as_by_words_alone() {
    let (library, _) = library(&EPISODES);
    for query in ["ships", "the ships", "butter", "nothing", "shisp"] {
        let asked = FusedRequest { request: request(query), sounding: &[], meaning: None };
        let fused = library.index.fused(&asked).unwrap();
        let words = library.index.search(&request(query)).unwrap();
        let passages = fused.hits.iter().map(|hit| match hit {
            FusedHit::Words(hit, _) => hit.words.clone(),
            other => panic!("{other:?}"),
        });
        let passages: Vec<_> = passages.collect();
        assert_eq!(passages, words.hits.iter().map(|hit| hit.words.clone()).collect::<Vec<_>>(), "{query}");
        assert_eq!((fused.total, &fused.respelled), (words.total, &words.respelled), "{query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_scan_is_exact(parts in prop::collection::vec((0.0_f32..1.0, 0.0_f32..0.3), 1..60)) {
        let texts: Vec<String> = (0..parts.len()).map(|n| format!("word{n} said")).collect();
        let said: Vec<Said> = texts.iter().zip(&parts).map(|(text, (a, b))| (text.as_str(), *a, *b)).collect();
        let (library, folder) = library(&[&said]);
        let vectors = Vectors::new(folder.path(), "hand");
        let asked = vector(1.0, 0.0);
        let mut expected: Vec<(f32, usize)> = said.iter().enumerate()
            .map(|(at, (_, a, b))| (vector(*a, *b).dot(&asked), at * 2))
            .filter(|(cosine, _)| *cosine >= FLOOR)
            .collect();
        expected.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let found = near(&library, &vectors, &Request { limit: 100, ..request("fleet") });
        prop_assert_eq!(found, expected.into_iter().map(|(_, start)| (1, start)).collect::<Vec<_>>());
    }
}

/// Not a test of speed but of size: many vectors are looked through in no time worth waiting for.
#[test]
fn many_vectors_are_looked_through_at_once() {
    let texts: Vec<String> = (0..30_000).map(|n| format!("w{n}")).collect();
    let said: Vec<Said> = texts.iter().map(|text| (text.as_str(), 0.1, 0.0)).collect();
    let (library, folder) = library(&[&said[..15_000], &said[15_000..], EPISODES[1]]);
    let vectors = Vectors::new(folder.path(), "hand");
    assert_eq!(near(&library, &vectors, &request("fleet")), [(3, 0), (3, 5)]);
    let began = Instant::now();
    assert_eq!(near(&library, &vectors, &request("fleet")), [(3, 0), (3, 5)]);
    eprintln!("{} vectors in {:?}", said.len(), began.elapsed());
}
