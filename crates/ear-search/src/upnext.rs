//! What to hear after a clip: an order of other clips, each with its reason.
//!
//! First the rest of a story that goes on in the same episode. Then what is alike in meaning or about the same people,
//! places and things, newer before older, chosen one by one so that each differs from those before it (maximal marginal
//! relevance, Carbonell and Goldstein 1998). Never what was heard, never the same piece twice (reruns, the same wire
//! report), never more than two in a row of one show. Everything is a pure function of what is given, so that the same
//! library gives the same order.

use ear_core::{ClipId, EpisodeDate, EpisodeId, ShowId};
use std::cmp::Ordering;

/// Clips at least so alike are the same piece, told again.
const SAME: f32 = 0.94;
/// Two clips that follow each other and are at least so alike tell one story.
const GOES_ON: f32 = 0.55;
/// Clips less alike than this have nothing to do with each other.
const UNLIKE: f32 = 0.30;
/// What shared subjects have to weigh together to be a reason.
const TELLING: f32 = 0.5;
/// What shared subjects weigh at most.
const MOST_SHARED: f32 = 3.0;
/// The most of one show in a row.
const IN_A_ROW: usize = 2;
/// As many of the last chosen count when the next has to differ.
const RECENT: usize = 3;
/// What likeness to those costs.
const SAMENESS: f32 = 0.35;
/// Only so many of the best are chosen from.
const CONSIDERED: usize = 400;

/// Something that a clip is about: a name or a keyword.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subject {
    /// Which one, in a table of the caller's.
    pub id: u32,
    /// How telling it is, 0 to 1: what a few clips are about tells more than what all are about.
    pub weight: f32,
}

/// A clip that is heard, or may be next.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Which.
    pub clip: ClipId,
    /// Its episode.
    pub episode: EpisodeId,
    /// Its show.
    pub show: Option<ShowId>,
    /// When the episode was published.
    pub date: Option<EpisodeDate>,
    /// Its number among the clips of its episode.
    pub place: usize,
    /// What it is about, ascending by id.
    pub subjects: Vec<Subject>,
    /// Days after which it is half as fresh: few for news, many for talk.
    pub half_life: f32,
    /// Somebody heard it already.
    pub heard: bool,
}

/// Why a clip comes next.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// It goes on with the story of the clip before it.
    GoesOn,
    /// It is about some of the same, by [`Subject::id`], the most telling first. Days after the clip asked about.
    About(Vec<u32>, Option<i64>),
    /// It means something like it. Days after the clip asked about.
    Alike(Option<i64>),
    /// It comes next in the same episode.
    SameEpisode,
    /// It is the newest that nobody heard.
    New,
}

/// A clip that comes next.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// Index into the candidates.
    pub candidate: usize,
    /// Why.
    pub reason: Reason,
}

/// The clips to hear after `candidates[from]`, best first, at most `limit`. `alike` tells how much two candidates mean
/// the same, from 0 to 1; 0 where nobody knows. `today` is the day from which freshness counts.
pub fn up_next(
    candidates: &[Candidate],
    from: usize,
    today: Option<EpisodeDate>,
    limit: usize,
    alike: &dyn Fn(usize, usize) -> f32,
) -> Vec<Next> {
    let Some(current) = candidates.get(from) else { return Vec::new() };
    let mut queue = story(candidates, from, limit, alike);
    let taken = |queue: &[Next], at: usize| queue.iter().any(|next| next.candidate == at);

    let mut related: Vec<Related> = (0..candidates.len())
        .filter(|&at| at != from && !candidates[at].heard && !taken(&queue, at))
        .filter_map(|at| Related::of(candidates, from, at, today, alike(from, at)))
        .collect();
    related.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| candidates[a.at].clip.cmp(&candidates[b.at].clip)));
    related.truncate(CONSIDERED);
    choose(candidates, &mut queue, related, limit, alike);

    // Who has nothing related still wants to go on: the episode first, then what is new.
    let mut rest: Vec<usize> = (0..candidates.len())
        .filter(|&at| at != from && !candidates[at].heard && !taken(&queue, at))
        .filter(|&at| queue.len() < limit && alike(from, at) < SAME)
        .collect();
    rest.sort_by(|&a, &b| after(current, &candidates[a], &candidates[b]));
    rest.truncate(CONSIDERED);
    for at in rest {
        if queue.len() >= limit {
            break;
        }
        if queue.iter().any(|next| alike(next.candidate, at) >= SAME) || is_third_in_a_row(candidates, &queue, at) {
            continue;
        }
        let follows = candidates[at].episode == current.episode && candidates[at].place > current.place;
        queue.push(Next { candidate: at, reason: if follows { Reason::SameEpisode } else { Reason::New } });
    }
    queue
}

/// What follows in the same episode for as long as the story goes on. A piece of it that was heard is passed over.
fn story(candidates: &[Candidate], from: usize, limit: usize, alike: &dyn Fn(usize, usize) -> f32) -> Vec<Next> {
    let current = &candidates[from];
    let mut following: Vec<usize> = (0..candidates.len())
        .filter(|&at| candidates[at].episode == current.episode && candidates[at].place > current.place)
        .collect();
    following.sort_by_key(|&at| candidates[at].place);
    let (mut queue, mut before) = (Vec::new(), from);
    for at in following {
        if alike(before, at) < GOES_ON && alike(from, at) < GOES_ON {
            break;
        }
        before = at;
        if !candidates[at].heard && queue.len() < limit {
            queue.push(Next { candidate: at, reason: Reason::GoesOn });
        }
    }
    queue
}

/// A candidate that has to do with the clip asked about.
struct Related {
    at: usize,
    score: f32,
    reason: Reason,
}

impl Related {
    fn of(candidates: &[Candidate], from: usize, at: usize, today: Option<EpisodeDate>, alike: f32) -> Option<Self> {
        let (current, other) = (&candidates[from], &candidates[at]);
        if alike >= SAME {
            return None;
        }
        let mut shared = shared(&current.subjects, &other.subjects);
        let weight: f32 = shared.iter().map(|subject| subject.weight).sum();
        if alike < UNLIKE && weight < TELLING {
            return None;
        }
        let meaning = ((alike - UNLIKE) / (1.0 - UNLIKE)).max(0.0);
        let relation = 0.6 * meaning + 0.4 * weight.min(MOST_SHARED) / MOST_SHARED;
        let score = relation * (0.6 + 0.4 * freshness(other, today));
        let days = other.date.zip(current.date).map(|(other, current)| other.days_after(current));
        shared.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
        let reason = match weight >= TELLING {
            true => Reason::About(shared.iter().map(|subject| subject.id).collect(), days),
            false => Reason::Alike(days),
        };
        Some(Self { at, score, reason })
    }
}

/// Takes the best one by one, each as unlike the last ones as can be.
fn choose(
    candidates: &[Candidate],
    queue: &mut Vec<Next>,
    mut related: Vec<Related>,
    limit: usize,
    alike: &dyn Fn(usize, usize) -> f32,
) {
    while queue.len() < limit && !related.is_empty() {
        let recent = &queue[queue.len().saturating_sub(RECENT)..];
        let worth = |one: &Related| {
            let most = recent.iter().map(|next| alike(next.candidate, one.at)).fold(0.0, f32::max);
            one.score - SAMENESS * one.score * most
        };
        let best = related.iter().enumerate().filter(|(_, one)| !is_third_in_a_row(candidates, queue, one.at));
        let best = best.map(|(index, one)| (index, worth(one)));
        // Of equals the first, which is the better one before it was compared.
        let best = best.reduce(|best, other| if other.1 > best.1 { other } else { best });
        let Some((index, _)) = best else { break };
        let Related { at, reason, .. } = related.remove(index);
        related.retain(|other| alike(at, other.at) < SAME);
        queue.push(Next { candidate: at, reason });
    }
}

fn is_third_in_a_row(candidates: &[Candidate], queue: &[Next], at: usize) -> bool {
    let Some(show) = candidates[at].show else { return false };
    let last = queue.iter().rev().take(IN_A_ROW);
    // A story that goes on is one piece, however many clips it has.
    queue.len() >= IN_A_ROW
        && last.into_iter().all(|next| next.reason != Reason::GoesOn && candidates[next.candidate].show == Some(show))
}

fn shared(these: &[Subject], those: &[Subject]) -> Vec<Subject> {
    these.iter().filter(|one| those.binary_search_by_key(&one.id, |other| other.id).is_ok()).copied().collect()
}

/// 1 for what is of today, half of it after each half-life.
fn freshness(candidate: &Candidate, today: Option<EpisodeDate>) -> f32 {
    let age = today.zip(candidate.date).map(|(today, date)| today.days_after(date).max(0));
    age.map_or(0.0, |days| (-(days as f32) / candidate.half_life.max(0.1)).exp2())
}

/// The rest of the episode in its order, then the newest first.
fn after(current: &Candidate, a: &Candidate, b: &Candidate) -> Ordering {
    let follows = |one: &Candidate| one.episode == current.episode && one.place > current.place;
    let of_both = |one: &Candidate| (!follows(one), if follows(one) { one.place } else { 0 });
    of_both(a).cmp(&of_both(b)).then_with(|| b.date.cmp(&a.date)).then_with(|| a.clip.cmp(&b.clip))
}

impl Reason {
    /// As people read it: "also about Beirut, two days later". `subject` tells what a subject is called.
    pub fn text(&self, subject: &dyn Fn(u32) -> String) -> String {
        match self {
            Self::GoesOn => "the story goes on".into(),
            Self::SameEpisode => "next in this episode".into(),
            Self::New => "not heard yet".into(),
            Self::Alike(days) => with_days("on a similar subject", *days),
            Self::About(subjects, days) => {
                let names: Vec<String> = subjects.iter().take(2).map(|id| subject(*id)).collect();
                with_days(&format!("also about {}", names.join(" and ")), *days)
            }
        }
    }
}

fn with_days(text: &str, days: Option<i64>) -> String {
    let Some(days) = days else { return text.to_owned() };
    let when = if days < 0 { "earlier" } else { "later" };
    match days.unsigned_abs() {
        0 => format!("{text}, the same day"),
        1 => format!("{text}, a day {when}"),
        count @ 2..=13 => format!("{text}, {count} days {when}"),
        count @ 14..=59 => format!("{text}, {} weeks {when}", count / 7),
        count @ 60..=729 => format!("{text}, {} months {when}", count / 30),
        count => format!("{text}, {} years {when}", count / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clips as "clip episode show day subjects…", with what they are alike.
    struct Library {
        candidates: Vec<Candidate>,
        alike: Vec<(i64, i64, f32)>,
    }

    impl Library {
        fn new(clips: &[&str], alike: &[(i64, i64, f32)]) -> Self {
            let mut places = std::collections::HashMap::new();
            let candidates = clips.iter().map(|line| {
                let numbers: Vec<i64> = line.split_whitespace().map(|part| part.parse().unwrap()).collect();
                let place = places.entry(numbers[1]).or_insert(0);
                *place += 1;
                Candidate {
                    clip: ClipId(numbers[0]),
                    episode: EpisodeId(numbers[1]),
                    show: Some(ShowId(numbers[2])),
                    date: format!("2020-01-{:02}", numbers[3]).parse().ok(),
                    place: *place,
                    subjects: numbers[4..].iter().map(|id| Subject { id: *id as u32, weight: 0.6 }).collect(),
                    half_life: 10.0,
                    heard: false,
                }
            });
            Self { candidates: candidates.collect(), alike: alike.to_vec() }
        }

        fn next(&self, from: usize, limit: usize) -> Vec<Next> {
            let id = |at: usize| self.candidates[at].clip.0;
            let alike = |a: usize, b: usize| {
                let pair = (id(a), id(b));
                self.alike.iter().find(|(x, y, _)| (*x, *y) == pair || (*y, *x) == pair).map_or(0.1, |found| found.2)
            };
            up_next(&self.candidates, from, "2020-01-31".parse().ok(), limit, &alike)
        }

        fn clips(&self, from: usize, limit: usize) -> Vec<i64> {
            self.next(from, limit).iter().map(|next| self.candidates[next.candidate].clip.0).collect()
        }

        fn reasons(&self, from: usize, limit: usize) -> Vec<String> {
            self.next(from, limit).iter().map(|next| next.reason.text(&|id| format!("subject {id}"))).collect()
        }
    }

    #[test]
    fn a_story_goes_on_before_others_are_told() {
        let library = Library::new(
            &["1 1 1 5", "2 1 1 5", "3 1 1 5", "4 2 2 7 9"],
            &[(1, 2, 0.7), (2, 3, 0.2), (1, 4, 0.9), (1, 3, 0.1)],
        );
        assert_eq!(library.clips(0, 5), [2, 4, 3]);
        assert_eq!(
            library.reasons(0, 5),
            ["the story goes on", "on a similar subject, 2 days later", "next in this episode"]
        );
    }

    #[test]
    fn shared_subjects_are_a_reason_and_newer_comes_first() {
        let library = Library::new(&["1 1 1 5 9", "2 2 2 6 9", "3 3 3 30 9"], &[]);
        assert_eq!(library.clips(0, 5), [3, 2]);
        assert_eq!(library.reasons(0, 5), ["also about subject 9, 3 weeks later", "also about subject 9, a day later"]);
    }

    #[test]
    fn nothing_heard_and_nothing_twice() {
        let alike = [(1, 2, 0.97), (1, 3, 0.6), (1, 4, 0.6), (3, 4, 0.96), (1, 5, 0.5)];
        let mut library = Library::new(&["1 1 1 5", "2 2 2 5", "3 3 3 5", "4 4 4 5", "5 5 5 5"], &alike);
        assert_eq!(library.clips(0, 9), [3, 5], "a rerun of this, and one of two that are the same, are left out");
        library.candidates[2].heard = true;
        assert_eq!(library.clips(0, 9), [4, 5]);
    }

    #[test]
    fn shows_take_turns() {
        let clips = ["1 1 9 5 7", "2 2 1 9 7", "3 3 1 8 7", "4 4 1 7 7", "5 5 2 1 7"];
        assert_eq!(Library::new(&clips, &[]).clips(0, 9), [2, 3, 5, 4]);
    }

    #[test]
    fn where_nothing_is_related_the_episode_goes_on_and_then_what_is_new() {
        let library = Library::new(&["1 2 1 5", "2 2 1 5", "3 3 2 8", "4 4 3 9"], &[]);
        assert_eq!(library.clips(0, 9), [2, 4, 3]);
        assert_eq!(library.reasons(0, 9), ["next in this episode", "not heard yet", "not heard yet"]);
        assert_eq!(library.clips(0, 1), [2]);
        assert!(Library::new(&[], &[]).next(0, 5).is_empty());
    }

    #[test]
    fn days_are_told_as_people_tell_them() {
        for (days, expected) in
            [(0, "x, the same day"), (-1, "x, a day earlier"), (20, "x, 2 weeks later"), (-800, "x, 2 years earlier")]
        {
            assert_eq!(with_days("x", Some(days)), expected);
        }
    }
}
