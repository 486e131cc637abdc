//! Choosing the clips, one after another.

use super::{Asked, Candidate, Clips, Next, Reason, SAME, Subject, When};
use std::cmp::Ordering;

/// Two clips that follow each other and are at least so alike tell one story.
const GOES_ON: f32 = 0.5;
/// Clips less alike than this have nothing to do with each other: of two of one show one pair in ten is nearer.
const UNLIKE: f32 = 0.35;
/// What shared subjects have to weigh together to be a reason.
const TELLING: f32 = 0.5;
/// What weighs so much is named as a reason where clips are alike anyhow.
const NAMED: f32 = 0.25;
/// Less alike than this, clips share subjects by coincidence, unless these weigh a lot.
const COINCIDENCE: f32 = 0.15;
/// That lot.
const NO_COINCIDENCE: f32 = 1.5;
/// What shared subjects weigh at most.
const MOST_SHARED: f32 = 3.0;
/// The most of one show in a row.
const IN_A_ROW: usize = 2;
/// As many of the last chosen count when the next has to differ.
const RECENT: usize = 3;
/// What likeness to those costs.
const SAMENESS: f32 = 0.35;
/// Only so many of the best are chosen from, and as many of other shows.
const CONSIDERED: usize = 400;

impl Clips {
    /// The clips to hear after one of them, best first.
    pub fn next(&self, asked: &Asked<'_>) -> Vec<Next> {
        let Some(current) = self.candidates.get(asked.from) else { return Vec::new() };
        let (likeness, shared) = (self.likeness(asked.from), self.shared_with(asked.from));
        let mut queue = Queue { clips: self, asked, current, likeness, shared, chosen: Vec::new() };
        queue.story();
        queue.related();
        queue.rest();
        queue.chosen
    }
}

struct Queue<'a> {
    clips: &'a Clips,
    asked: &'a Asked<'a>,
    current: &'a Candidate,
    /// How much each candidate means the same as the clip asked about.
    likeness: Vec<f32>,
    /// What the subjects weigh that each shares with it.
    shared: Vec<f32>,
    chosen: Vec<Next>,
}

/// A candidate that has to do with the clip asked about.
struct Related {
    at: usize,
    score: f32,
    /// How much it is like each one chosen.
    like: Vec<f32>,
}

impl Queue<'_> {
    /// What follows in the same episode for as long as the story goes on. A piece of it that was heard is passed over.
    fn story(&mut self) {
        let mut before = self.asked.from;
        for at in self.clips.following(self.asked.from, self.asked.place) {
            let goes_on = self.clips.alike(before, at).max(self.likeness[at]) >= GOES_ON;
            // A clip that is asked about but no candidate tells no story.
            if at == self.asked.from || !goes_on || self.is_full() {
                break;
            }
            before = at;
            if !self.is_heard(at) {
                self.chosen.push(Next { candidate: at, reason: Reason::GoesOn });
            }
        }
    }

    /// Takes the best of what is related one by one, each as unlike the last ones as can be.
    fn related(&mut self) {
        let mut related = self.best();
        for chosen in &self.chosen {
            self.clips.compare(&mut related, chosen.candidate);
        }
        while !self.is_full() {
            // Another show has the word where one has said enough; where no other has any, the same goes on.
            let others = related.iter().enumerate().filter(|(_, one)| !self.is_third_in_a_row(one.at));
            let Some(best) = first_of_best(others).or_else(|| first_of_best(related.iter().enumerate())) else { break };
            let Related { at, .. } = related.remove(best);
            if self.was_told(at) {
                continue;
            }
            self.clips.compare(&mut related, at);
            self.chosen.push(Next { candidate: at, reason: self.reason(at) });
        }
    }

    /// What is related, the best first: of all, and of other shows than this one.
    fn best(&self) -> Vec<Related> {
        let following = self.clips.following(self.asked.from, self.asked.place);
        // Of its own episode, only what comes next: the rest of it keeps its order.
        let next = following.clone().find(|&at| !self.is_taken(at) && !self.is_heard(at));
        let mut scored: Vec<(f32, usize)> = Vec::new();
        for (at, (alike, shared)) in self.likeness.iter().zip(&self.shared).enumerate() {
            let telling = match self.knows_likeness(at) && *alike < COINCIDENCE {
                true => NO_COINCIDENCE,
                false => TELLING,
            };
            if *alike < UNLIKE && *shared < telling {
                continue;
            }
            let one = &self.clips.candidates[at];
            let is_elsewhere = one.episode != self.current.episode;
            if (is_elsewhere || next == Some(at)) && self.is_wanted(at) && !self.is_taken(at) && !self.is_heard(at) {
                scored.push((self.score(at), at));
            }
        }
        let is_better = |a: &(f32, usize), b: &(f32, usize)| {
            let clip = |at: usize| self.clips.candidates[at].clip;
            b.0.total_cmp(&a.0).then_with(|| clip(a.1).cmp(&clip(b.1)))
        };
        let of_others = scored.iter().filter(|(_, at)| self.clips.candidates[*at].show != self.current.show);
        let of_others = keep(of_others.copied().collect(), is_better);
        let mut best = keep(scored, is_better);
        best.extend(of_others);
        best.sort_by(is_better);
        best.dedup_by_key(|(_, at)| *at);
        best.into_iter().map(|(score, at)| Related { at, score, like: Vec::new() }).collect()
    }

    fn score(&self, at: usize) -> f32 {
        let meaning = ((self.likeness[at] - COINCIDENCE) / (1.0 - COINCIDENCE)).max(0.0);
        let relation = 0.6 * meaning + 0.4 * self.shared[at].min(MOST_SHARED) / MOST_SHARED;
        relation * (0.6 + 0.4 * self.clips.freshness(at))
    }

    fn reason(&self, at: usize) -> Reason {
        let other = &self.clips.candidates[at];
        let days = other.date.zip(self.current.date).map(|(other, current)| other.days_after(current));
        let when = match other.episode == self.current.episode {
            true => When::SameEpisode,
            false => days.map_or(When::Unknown, When::Days),
        };
        let mut shared = shared(&self.current.subjects, &other.subjects);
        shared.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.id.cmp(&b.id)));
        let named = shared.iter().filter(|subject| subject.weight >= NAMED).count();
        if named == 0 && self.likeness[at] >= UNLIKE {
            return Reason::Alike(when);
        }
        Reason::About(shared.iter().take(named.max(1)).map(|subject| subject.id).collect(), when)
    }

    /// Who has nothing related still wants to go on: the episode first, then what is new.
    fn rest(&mut self) {
        let following = self.clips.following(self.asked.from, self.asked.place);
        for may_repeat_show in [false, true] {
            let newest = self.clips.newest.iter().map(|at| *at as usize);
            for at in following.clone().chain(newest.filter(|at| !following.contains(at))) {
                if self.is_full() {
                    return;
                }
                let is_ready = self.is_wanted(at) && !self.is_taken(at) && !self.is_heard(at);
                if !is_ready || !may_repeat_show && self.is_third_in_a_row(at) || self.was_told(at) {
                    continue;
                }
                let reason = if following.contains(&at) { Reason::SameEpisode } else { Reason::New };
                self.chosen.push(Next { candidate: at, reason });
            }
        }
    }

    fn is_full(&self) -> bool {
        self.chosen.len() >= self.asked.limit
    }

    /// Of the show that is asked for, and not the clip that was heard, unless that stands for one before it.
    fn is_wanted(&self, at: usize) -> bool {
        let one = &self.clips.candidates[at];
        let is_current = at == self.asked.from && one.place <= self.asked.place;
        !is_current && (!self.asked.same_show || one.show == self.current.show)
    }

    /// Whether it can be told how much a candidate means the same as the clip asked about.
    fn knows_likeness(&self, at: usize) -> bool {
        self.clips.has_vector(at) && self.clips.has_vector(self.asked.from)
    }

    fn is_heard(&self, at: usize) -> bool {
        (self.asked.is_heard)(self.clips.candidates[at].clip)
    }

    fn is_taken(&self, at: usize) -> bool {
        self.chosen.iter().any(|next| next.candidate == at)
    }

    /// The same piece as the clip that was heard, or as one that was chosen.
    fn was_told(&self, at: usize) -> bool {
        let is_same = |other: usize| match self.clips.has_vector(at) && self.clips.has_vector(other) {
            true => self.clips.cosine(other, at) >= SAME,
            false => (self.asked.is_same)(other, at),
        };
        at != self.asked.from && is_same(self.asked.from) || self.chosen.iter().any(|next| is_same(next.candidate))
    }

    fn is_third_in_a_row(&self, at: usize) -> bool {
        let Some(show) = self.clips.candidates[at].show else { return false };
        let is_same = |next: &Next| self.clips.candidates[next.candidate].show == Some(show);
        // A story that goes on is one piece, however many clips it has.
        let mut last = self.chosen.iter().rev().take(IN_A_ROW);
        self.chosen.len() >= IN_A_ROW && last.all(|next| next.reason != Reason::GoesOn && is_same(next))
    }
}

impl Clips {
    fn alike(&self, one: usize, other: usize) -> f32 {
        self.alike_to(&self.meant(one), other)
    }

    fn cosine(&self, one: usize, other: usize) -> f32 {
        self.cosine_to(&self.meant(one), other)
    }

    /// Notes how much each is like the one that was chosen.
    fn compare(&self, related: &mut [Related], chosen: usize) {
        let with = self.meant(chosen);
        related.iter_mut().for_each(|one| one.like.push(self.alike_to(&with, one.at)));
    }

    /// 1 for what is of the newest day, half of it after a half-life, a third after two: so that of two old ones the
    /// newer is ahead, too.
    fn freshness(&self, at: usize) -> f32 {
        self.ages[at].map_or(0.0, |days| 1.0 / (1.0 + days as f32 / self.candidates[at].half_life.max(0.1)))
    }
}

/// Of those that are worth most the first, which is the better one before it was compared.
fn first_of_best<'a>(related: impl Iterator<Item = (usize, &'a Related)>) -> Option<usize> {
    let worth = |one: &Related| {
        let most = one.like.iter().rev().take(RECENT).copied().fold(0.0, f32::max);
        one.score - SAMENESS * one.score * most
    };
    let worths = related.map(|(index, one)| (index, worth(one)));
    worths.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(index, _)| index)
}

/// The best ones, in no order.
fn keep(
    mut scored: Vec<(f32, usize)>,
    is_better: impl Fn(&(f32, usize), &(f32, usize)) -> Ordering,
) -> Vec<(f32, usize)> {
    if scored.len() > CONSIDERED {
        scored.select_nth_unstable_by(CONSIDERED, is_better);
        scored.truncate(CONSIDERED);
    }
    scored
}

/// What both are about, as telling as it is for the one for which it is less so.
fn shared(these: &[Subject], those: &[Subject]) -> Vec<Subject> {
    let both = these.iter().filter_map(|one| {
        let other = those[those.binary_search_by_key(&one.id, |other| other.id).ok()?];
        Some(Subject { id: one.id, weight: one.weight.min(other.weight) })
    });
    both.collect()
}
