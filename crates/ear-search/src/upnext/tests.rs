use super::*;
use proptest::prelude::*;
use std::collections::HashSet;

/// Clips as "clip episode show day subjects… / axis=length…": what they are about, and what they mean.
struct Library {
    clips: Clips,
    heard: HashSet<i64>,
    same: Vec<(i64, i64)>,
    same_show: bool,
}

impl Library {
    fn new(lines: &[&str]) -> Self {
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut vectors = Vec::new();
        for line in lines {
            let (known, meaning) = line.split_once('/').unwrap_or((line, ""));
            let numbers: Vec<i64> = known.split_whitespace().map(|part| part.parse().unwrap()).collect();
            let episode = EpisodeId(numbers[1]);
            candidates.push(Candidate {
                clip: ClipId(numbers[0]),
                episode,
                show: Some(ShowId(numbers[2])),
                date: format!("2020-01-{:02}", numbers[3]).parse().ok(),
                place: candidates.iter().filter(|one| one.episode == episode).count(),
                subjects: numbers[4..].iter().map(|id| Subject { id: *id as u32, weight: 0.6 }).collect(),
                half_life: 10.0,
            });
            vectors.push((!meaning.is_empty()).then(|| vector(meaning)));
        }
        let clips = Clips::new(candidates, vectors, None);
        Self { clips, heard: HashSet::new(), same: Vec::new(), same_show: false }
    }

    fn next(&self, from: usize, limit: usize) -> Vec<Next> {
        let id = |at: usize| self.clips.candidates[at].clip.0;
        self.clips.next(&Asked {
            from,
            place: self.clips.candidates.get(from).map_or(0, |one| one.place),
            limit,
            same_show: self.same_show,
            is_heard: &|clip| self.heard.contains(&clip.0),
            is_same: &|a, b| self.same.contains(&(id(a), id(b))) || self.same.contains(&(id(b), id(a))),
        })
    }

    fn clips(&self, from: usize, limit: usize) -> Vec<i64> {
        self.next(from, limit).iter().map(|next| self.clips.candidates[next.candidate].clip.0).collect()
    }

    fn reasons(&self, from: usize, limit: usize) -> Vec<String> {
        self.next(from, limit).iter().map(|next| next.reason.text(&|id| format!("subject {id}"))).collect()
    }
}

/// Lengths along axes.
fn vector(text: &str) -> Vector {
    let mut floats = [0.0; SIZE];
    for part in text.split_whitespace() {
        let (axis, length) = part.split_once('=').unwrap();
        floats[axis.parse::<usize>().unwrap()] = length.parse().unwrap();
    }
    Vector::from_floats(&floats)
}

#[test]
fn a_story_goes_on_before_others_are_told() {
    let library = Library::new(&["1 1 1 5 / 0=1", "2 1 1 5 / 0=8 1=6", "3 1 1 5 / 5=1", "4 2 2 7 9 / 0=9 2=4"]);
    assert_eq!(library.clips(0, 5), [2, 4, 3]);
    assert_eq!(
        library.reasons(0, 5),
        ["the story goes on", "on a similar subject, two days later", "next in this episode"]
    );
}

#[test]
fn a_story_that_was_heard_is_passed_over() {
    let mut library = Library::new(&["1 1 1 5 / 0=1", "2 1 1 5 / 0=8 1=6", "3 1 1 5 / 0=6 1=8"]);
    library.heard = [2].into();
    assert_eq!((library.clips(0, 5), library.reasons(0, 5)[0].as_str()), (vec![3], "the story goes on"));
}

#[test]
fn shared_subjects_are_a_reason_and_newer_comes_first() {
    let library = Library::new(&["1 1 1 5 9", "2 2 2 6 9", "3 3 3 30 9"]);
    assert_eq!(library.clips(0, 5), [3, 2]);
    assert_eq!(library.reasons(0, 5), ["also about subject 9, three weeks later", "also about subject 9, a day later"]);
}

#[test]
fn of_the_same_episode_only_what_comes_next_competes() {
    let library = Library::new(&["1 1 1 5 7", "2 1 1 5 7", "3 1 1 5 8", "4 1 1 5 7", "5 2 1 4 7"]);
    assert_eq!(library.clips(1, 9), [5, 3, 4, 1], "the rest keeps its order");
    assert_eq!(library.reasons(0, 9)[0], "also about subject 7, later in this episode");
}

#[test]
fn nothing_heard_and_nothing_twice() {
    let mut library = Library::new(&[
        "1 1 1 5 / 0=1",
        "2 2 2 5 / 0=10 1=1",
        "3 3 3 5 / 0=7 2=7",
        "4 4 4 5 / 0=7 2=6",
        "5 5 5 5 / 0=6 3=8",
    ]);
    assert_eq!(library.clips(0, 9), [4, 5], "a rerun of this, and one of two that are the same, are left out");
    library.heard = [4].into();
    assert_eq!(library.clips(0, 9), [3, 5]);
    // Without vectors, words tell.
    let mut library = Library::new(&["1 1 1 5 9", "2 2 2 5 9", "3 3 3 5 9", "4 4 4 5 9", "5 5 5 5"]);
    library.same = vec![(1, 2), (3, 4), (3, 5)];
    assert_eq!(library.clips(0, 9), [3]);
}

#[test]
fn shows_take_turns_where_there_are_others() {
    let clips = ["1 1 9 5 7", "2 2 1 9 7", "3 3 1 8 7", "4 4 1 7 7", "5 5 2 1 7"];
    let mut library = Library::new(&clips);
    assert_eq!(library.clips(0, 9), [2, 3, 5, 4]);
    assert_eq!(Library::new(&clips[1..4]).clips(0, 9), [3, 4], "one show alone goes on");
    assert_eq!(Library::new(&["1 1 1 5", "2 2 1 6", "3 3 1 7", "4 4 1 8"]).clips(0, 9), [4, 3, 2]);
    library.same_show = true;
    assert_eq!((library.clips(1, 9), library.clips(0, 9)), (vec![3, 4], vec![]));
}

#[test]
fn where_nothing_is_related_the_episode_goes_on_and_then_what_is_new() {
    let library = Library::new(&["1 2 1 5", "2 2 1 5", "3 3 2 8", "4 4 3 9"]);
    assert_eq!(library.clips(0, 9), [2, 4, 3]);
    assert_eq!(library.reasons(0, 9), ["next in this episode", "not heard yet", "not heard yet"]);
    assert_eq!(library.clips(0, 1), [2]);
    assert!(Library::new(&[]).next(0, 5).is_empty());
}

#[test]
fn what_all_have_in_common_is_no_likeness() {
    // A hundred clips that all share most of what they mean, and two that share what is left.
    let mut lines: Vec<String> = (0..100).map(|n| format!("{n} {n} {n} 5 / 0=10 {}=6", n + 1)).collect();
    lines[40] = "40 40 40 5 / 0=10 200=6 201=2".into();
    lines[70] = "70 70 70 5 / 0=10 200=6 202=4".into();
    let library = Library::new(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(
        (library.clips(40, 3)[0], library.reasons(40, 2)),
        (70, vec!["on a similar subject, the same day".to_owned(), "not heard yet".to_owned()])
    );
}

proptest! {
    #[test]
    fn an_order_is_the_same_each_time_and_holds_what_was_asked_for(
        clips in prop::collection::vec((1_i64..6, 1_i64..3, 1_i64..31, prop::collection::btree_set(0_i64..6, 0..4), 0..5), 1..40),
        from in 0_usize..40, limit in 0_usize..20, heard in prop::collection::hash_set(0_i64..40, 0..10),
    ) {
        let mut clips = clips;
        clips.sort();
        let lines: Vec<String> = clips.iter().enumerate().map(|(id, (episode, show, day, subjects, axis))| {
            let subjects: Vec<String> = subjects.iter().map(i64::to_string).collect();
            let meaning = if *axis == 0 { String::new() } else { format!("/ {axis}=5 {}=3", 10 + id) };
            format!("{id} {episode} {show} {day} {} {meaning}", subjects.join(" "))
        }).collect();
        let mut library = Library::new(&lines.iter().map(String::as_str).collect::<Vec<_>>());
        library.heard = heard;
        let next = library.next(from, limit);
        prop_assert_eq!(&next, &library.next(from, limit));
        prop_assert!(next.len() <= limit);
        let chosen: HashSet<usize> = next.iter().map(|next| next.candidate).collect();
        prop_assert_eq!(chosen.len(), next.len(), "no clip twice");
        prop_assert!(!chosen.contains(&from));
        prop_assert!(chosen.iter().all(|at| !library.heard.contains(&(*at as i64))));
        // Nothing is left out where there is room: no two of these clips are the same.
        let left = clips.len().saturating_sub(1 + library.heard.iter().filter(|id| **id != from as i64 && **id < clips.len() as i64).count());
        if from < clips.len() {
            prop_assert_eq!(next.len(), limit.min(left));
        }
    }
}
