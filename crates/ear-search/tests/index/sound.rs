//! Names found by their sound.

use crate::library::{Library, episode, request};
use ear_search::{Request, SoundAnswer, SoundRequest};

const TALK: &str = "It feels like Sola money's killing laid bare the tension.
    They have denounced sula money and +
    the solar panels of his office. He saw Soleimani there.
    Not much money came so many years later.";

fn asked(name: &str, least: f32) -> SoundRequest {
    SoundRequest { request: request(name), without_words: false, least_probability: Some(least) }
}

fn heard(answer: &SoundAnswer) -> Vec<String> {
    answer.groups.iter().map(|group| format!("{} ×{}", group.heard, group.hits)).collect()
}

#[test]
fn a_name_is_found_in_other_words() {
    let library = Library::with([episode(1, TALK), episode(2, "sula money again, and Baghdad.")]);
    let answer = library.index.sound(&asked("Soleimani", 0.05)).unwrap();
    let groups = heard(&answer);
    assert_eq!(groups[0], "soleimani ×1", "{groups:?}");
    assert!(groups.iter().any(|group| group.starts_with("sula money")), "{groups:?}");
    assert!(groups.iter().any(|group| group.starts_with("sola money")), "{groups:?}");
    assert!(!groups.iter().any(|group| group.contains("many") || group.contains("panels")), "{groups:?}");
    let first = &answer.hits[0];
    assert_eq!((first.probability, answer.groups[first.group].is_spelled), (1.0, true));
    assert_eq!(answer.total, answer.hits.len());
    assert!(answer.hits.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
}

#[test]
fn hits_know_their_words() {
    let library = Library::with([episode(1, TALK)]);
    let answer = library.index.sound(&asked("Soleimani", 0.05)).unwrap();
    let texts: Vec<&str> = TALK.split_whitespace().filter(|word| *word != "+").collect();
    for hit in &answer.hits {
        let own = &texts[hit.passage.words.start..hit.passage.words.end + hit.passage.following];
        let words: Vec<String> = own[hit.words(own)].iter().map(|word| word.to_lowercase()).collect();
        let words = words.join(" ").replace("'s", "");
        assert_eq!(words.trim_matches('.'), answer.groups[hit.group].heard);
    }
}

#[test]
fn what_search_by_words_finds_can_be_left_out() {
    let library = Library::with([episode(1, TALK)]);
    let request = SoundRequest { without_words: true, ..asked("Soleimani", 0.05) };
    let answer = library.index.sound(&request).unwrap();
    assert!(answer.total > 0 && answer.groups.iter().all(|group| !group.is_spelled), "{:?}", heard(&answer));
}

#[test]
fn words_across_the_end_of_a_passage_are_one_place() {
    let library = Library::with([episode(1, "They have denounced sula +\n money and left.")]);
    assert_eq!(library.index.sound(&asked("Soleimani", 0.05)).unwrap().total, 1);
}

#[test]
fn filters_fields_and_pages() {
    let library = Library::with((1..=5).map(|id| episode(id, "They have denounced sula money there.")));
    let total = |request: Request| {
        let answer = library.index.sound(&SoundRequest { request, ..asked("", 0.05) }).unwrap();
        (answer.total, answer.hits.len())
    };
    assert_eq!(total(request("Soleimani")), (5, 5));
    assert_eq!(total(Request { episode: Some(ear_core::EpisodeId(2)), ..request("Soleimani") }), (1, 1));
    assert_eq!(total(request("Soleimani title:nothing")), (0, 0));
    assert_eq!(total(Request { offset: 3, limit: 9, ..request("Soleimani") }), (5, 2));
}

#[test]
fn changes_are_seen() {
    let mut library = Library::with([episode(1, "They have denounced sula money there.")]);
    let total = |library: &Library| library.index.sound(&asked("Soleimani", 0.05)).unwrap().total;
    assert_eq!(total(&library), 1);
    library.put(&[episode(2, "And sola money's mission.")]);
    assert_eq!(total(&library), 2);
    library.put(&[episode(1, "Nothing of the kind.")]);
    assert_eq!(total(&library), 1);
    library.index.remove(&[ear_core::EpisodeId(2)]).unwrap();
    assert_eq!(total(&library), 0);
}

#[test]
fn what_has_no_sound_is_refused_or_empty() {
    let library = Library::with([episode(1, TALK)]);
    for query in ["a OR b", "elect*", "Iraq -war", "show:x"] {
        let error = library.index.sound(&asked(query, 0.05)).unwrap_err();
        assert!(error.to_string().contains("search by words"), "{query}: {error}");
    }
    for name in ["Сулеймани", "…", "苏莱曼尼"] {
        assert_eq!(library.index.sound(&asked(name, 0.05)).map(|answer| answer.total).unwrap_or(0), 0, "{name}");
    }
}
