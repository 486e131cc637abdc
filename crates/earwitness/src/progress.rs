//! Shows work as it goes: bars on a terminal, a plain line now and then elsewhere.

use crate::exit::error_text;
use crate::terminal::{Talk, dim_stderr, harmless, size};
use ear_engine::core::{EpisodeId, JobId, Millis};
use ear_engine::{Error, ErrorKind, Event, Outlook, Stage, StageOutlook};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Without a terminal a job tells how far it is this often.
const PLAIN_INTERVAL: Duration = Duration::from_secs(10);

/// The columns of a bar, at most.
const MOST_BAR: usize = 22;

/// How far a piece of work is.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done now.
    pub stage: Stage,
    /// Sound done so far.
    pub done: Millis,
    /// Length of the sound, where it is known.
    pub total: Option<Millis>,
    /// Seconds of sound done per second.
    pub rate: Option<f64>,
    /// The words heard since the last step.
    pub heard: String,
}

/// Consumes the engine's events. Any thread may tell.
#[derive(Debug)]
pub struct Progress {
    talk: Talk,
    on_terminal: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    jobs: HashMap<JobId, Shown>,
    /// What waits and runs, and when it was counted.
    outlook: Option<(Outlook, Instant)>,
    failures: Vec<(EpisodeId, ErrorKind)>,
}

#[derive(Debug)]
struct Shown {
    title: String,
    bar: ProgressBar,
    /// The words heard last, as many as may be shown.
    heard: String,
    told: Instant,
}

impl Progress {
    /// Shows progress where `talk` talks.
    pub fn new(talk: &Talk) -> Self {
        let on_terminal = io::stderr().is_terminal() && !talk.quiet();
        Self { talk: talk.clone(), on_terminal, state: Mutex::default() }
    }

    /// Shows one event.
    pub fn event(&self, event: Event) {
        match event {
            Event::Started { job, title, stage, .. } => self.start(job, &title, stage),
            Event::Progress { job, stage, done, total, rate, heard, .. } => {
                self.step(job, &Step { stage, done, total, rate, heard });
            }
            Event::Finished { job, title, stage, .. } => self.finish(job, &title, stage),
            Event::Failed { job, episode, title, error, will_retry } => {
                self.fail(job, episode, &title, &error, will_retry);
            }
            Event::Warning { message, .. } => self.talk.note(&format!("note: {}", harmless(&message))),
        }
    }

    /// Whether what waits should be counted again.
    pub fn wants_outlook(&self) -> bool {
        const OFTEN: Duration = Duration::from_secs(5);
        !self.talk.quiet() && self.state().outlook.as_ref().is_none_or(|(_, at)| at.elapsed() >= OFTEN)
    }

    /// Notes what waits and runs.
    pub fn outlook(&self, outlook: Option<Outlook>) {
        self.state().outlook = Some((outlook.unwrap_or_default(), Instant::now()));
    }

    /// A piece of work begins.
    pub fn start(&self, job: JobId, title: &str, stage: Stage) {
        let title = harmless(title).into_owned();
        if !self.on_terminal {
            self.talk.note(&format!("{}: {title}", stage.label()));
        }
        let mut state = self.state();
        let shown = state.jobs.entry(job).or_insert_with(|| self.shown(&title));
        if self.on_terminal {
            shown.bar.set_message(format!("{title}  {}", stage.label()));
        }
    }

    /// A piece of work goes on.
    pub fn step(&self, job: JobId, step: &Step) {
        let mut state = self.state();
        let rest = state.outlook.as_ref().and_then(|(outlook, _)| outlook_text(outlook, step));
        let Some(shown) = state.jobs.get_mut(&job) else { return };
        if self.on_terminal {
            remember(&mut shown.heard, &step.heard);
            shown.bar.set_message(bar_text(&shown.title, step, rest.as_deref(), &shown.heard, width()));
        } else if shown.told.elapsed() >= PLAIN_INTERVAL {
            shown.told = Instant::now();
            self.talk.note(&plain_text(&shown.title, step, rest.as_deref()));
        }
    }

    /// A piece of work is done.
    pub fn finish(&self, job: JobId, title: &str, stage: Stage) {
        self.clear(job);
        let what = match stage {
            Stage::Fetching => "fetched",
            Stage::Loading => "the model is loaded",
            Stage::Recognising => "recognised",
            Stage::Aligning => "compared with the sound",
            Stage::Indexing => "ready to search",
            Stage::Naming => "names looked for",
            Stage::Understanding => "meaning learned",
            Stage::Cutting => "clips cut",
            Stage::Describing => "model asked",
        };
        self.talk.note(&format!("{what}: {}", harmless(title)));
    }

    /// The episodes whose failure was told of and is not tried again, and the kind of each.
    pub fn failures(&self) -> Vec<(EpisodeId, ErrorKind)> {
        self.state().failures.clone()
    }

    /// Takes the bars away.
    pub fn close(&self) {
        for (_, shown) in self.state().jobs.drain() {
            shown.bar.finish_and_clear();
        }
    }

    fn fail(&self, job: JobId, episode: EpisodeId, title: &str, error: &Error, will_retry: bool) {
        self.clear(job);
        // What was stopped on request has not failed, and the one who asked knows.
        if error.kind == ErrorKind::Stopped {
            return;
        }
        let next = if will_retry {
            "It will be tried again by itself.".to_owned()
        } else {
            self.state().failures.push((episode, error.kind));
            format!("Try it again with: earwitness jobs retry {job}")
        };
        let error = error_text(error).replacen("error: ", "", 1);
        self.talk.line(&format!("failed: {}\n  {error}\n  {next}", harmless(title)));
    }

    fn clear(&self, job: JobId) {
        if let Some(shown) = self.state().jobs.remove(&job) {
            shown.bar.finish_and_clear();
        }
    }

    fn shown(&self, title: &str) -> Shown {
        let bar = if self.on_terminal {
            let style = ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
            self.talk.bars().add(ProgressBar::no_length().with_style(style))
        } else {
            ProgressBar::hidden()
        };
        Shown { title: title.to_owned(), bar, heard: String::new(), told: Instant::now() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is shown is never left half changed, so a panic elsewhere does not matter here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds words to those heard before and forgets what no line has room for.
fn remember(heard: &mut String, new: &str) {
    const ROOM: usize = 500;
    if !new.trim().is_empty() {
        heard.push(' ');
        heard.push_str(new.trim());
    }
    if heard.len() > ROOM {
        let cut = heard.ceil_char_boundary(heard.len() - ROOM);
        heard.drain(..cut);
    }
}

fn width() -> usize {
    usize::from(console::Term::stderr().size().1).clamp(40, 120)
}

/// Lines for a terminal: how far it is, and below it what was heard last and what else waits.
fn bar_text(title: &str, step: &Step, rest: Option<&str>, heard: &str, width: usize) -> String {
    let facts = facts(step);
    // The bar gives way to the title, but for a stub; both give way to the facts.
    let spare = width.saturating_sub(console::measure_text_width(&facts) + 2);
    let title = console::truncate_str(title, spare.saturating_sub(MOST_BAR / 2).max(10), "…");
    let bar_room = spare.saturating_sub(console::measure_text_width(&title) + 2).min(MOST_BAR);
    let bar = share(step).filter(|_| bar_room >= 6).map(|share| format!("{}  ", bar(share, bar_room)));
    let first = format!("{title}  {}{facts}", bar.unwrap_or_default());
    let first = console::truncate_str(&first, width, "…");
    let heard = harmless(heard).replace(['\n', '\t'], " ");
    let mut text = first.into_owned();
    if !heard.trim().is_empty() {
        text.push_str(&format!("\n  {}", dim_stderr(&last_columns(heard.trim(), width.saturating_sub(3)))));
    }
    if let Some(rest) = rest {
        text.push_str(&format!("\n  {}", dim_stderr(&console::truncate_str(rest, width.saturating_sub(3), "…"))));
    }
    text
}

/// One line for a log.
fn plain_text(title: &str, step: &Step, rest: Option<&str>) -> String {
    let rest = rest.map(|rest| format!("; {rest}")).unwrap_or_default();
    format!("{title}: {}{rest}", facts(step))
}

/// What waits and runs beside one piece of work, where there is more: `in all 2 to fetch, 5 to hear, about
/// 1 h 20 min left`. Where the last ones tell nothing, the pace of this one counts.
fn outlook_text(outlook: &Outlook, step: &Step) -> Option<String> {
    let worked: Vec<_> = outlook.stages.iter().filter(|stage| what_is_done(stage.stage).is_some()).collect();
    if worked.iter().map(|stage| stage.jobs).max()? < 2 {
        return None;
    }
    let counts: Vec<String> =
        worked.iter().filter_map(|stage| Some(format!("{} to {}", stage.jobs, what_is_done(stage.stage)?))).collect();
    let left = left_of(outlook, step.rate.filter(|_| step.stage == Stage::Recognising));
    let left = left.map(|left| format!(", about {} left", span_text(left))).unwrap_or_default();
    Some(format!("in all {}{left}", counts.join(", ")))
}

fn what_is_done(stage: Stage) -> Option<&'static str> {
    match stage {
        Stage::Fetching => Some("fetch"),
        Stage::Recognising => Some("hear"),
        _ => None,
    }
}

/// How long all of it takes. Fetching and hearing go on side by side, so the longer one counts.
pub fn left_of(outlook: &Outlook, rate: Option<f64>) -> Option<Duration> {
    let of = |stage: &StageOutlook| {
        let at_this_rate = || {
            let rate = rate.filter(|rate| stage.stage == Stage::Recognising && *rate > 0.0)?;
            (stage.unknown == 0).then(|| (stage.rest as f64 / rate) as u64)
        };
        stage.left.or_else(at_this_rate)
    };
    let all: Option<Vec<u64>> = outlook.stages.iter().map(of).collect();
    all?.into_iter().max().map(Duration::from_millis)
}

/// `43 %, recognising, 12× real time, 3 min left`, as far as it is known.
fn facts(step: &Step) -> String {
    let is_fetch = step.stage == Stage::Fetching;
    let done = match share(step) {
        Some(share) => format!("{:.0} %", (share * 100.0).floor()),
        None if is_fetch => size(step.done),
        None => ear_engine::core::clock(step.done),
    };
    let mut facts = vec![done, step.stage.label().to_owned()];
    let rate = if is_fetch { step.rate.and_then(speed_text) } else { step.rate.and_then(rate_text) };
    facts.extend(rate);
    facts.extend(left(step).map(|left| format!("{} left", span_text(left))));
    facts.join(", ")
}

/// What is done, 0 to 1.
fn share(step: &Step) -> Option<f64> {
    let total = step.total.filter(|&total| total > 0)?;
    Some((step.done as f64 / total as f64).min(1.0))
}

/// How long the rest takes.
fn left(step: &Step) -> Option<Duration> {
    let rate = step.rate.filter(|rate| rate.is_finite() && *rate > 0.0)?;
    let rest = step.total?.saturating_sub(step.done) as f64 / 1000.0;
    Duration::try_from_secs_f64(rest / rate).ok()
}

/// How fast something is fetched; the rate is in thousands of bytes a second.
fn speed_text(rate: f64) -> Option<String> {
    (rate.is_finite() && rate > 0.0).then(|| format!("{}/s", size((rate * 1000.0) as u64)))
}

fn rate_text(rate: f64) -> Option<String> {
    match rate {
        rate if !rate.is_finite() || rate <= 0.0 => None,
        rate if rate < 1.0 => Some(format!("{rate:.2}× real time")),
        rate if rate < 9.95 => Some(format!("{rate:.1}× real time")),
        rate => Some(format!("{rate:.0}× real time")),
    }
}

/// A time as people say it: seconds, minutes, hours.
pub fn span_text(span: Duration) -> String {
    match span.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn bar(share: f64, width: usize) -> String {
    let full = ((share * width as f64) as usize).min(width);
    format!("{}{}", "━".repeat(full), "╌".repeat(width - full))
}

/// The end of a text, as much as fits in `width` columns.
fn last_columns(text: &str, width: usize) -> String {
    if console::measure_text_width(text) <= width {
        return text.to_owned();
    }
    let mut start = text.len();
    let mut used = 1;
    for (index, character) in text.char_indices().rev() {
        used += console::measure_text_width(character.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        start = index;
    }
    format!("…{}", &text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(done: Millis, total: Option<Millis>, rate: Option<f64>) -> Step {
        Step { stage: Stage::Recognising, done, total, rate, heard: String::new() }
    }

    #[test]
    fn facts_tell_what_is_known() {
        for (done, total, rate, expected) in [
            (0, None, None, "0:00, recognising"),
            (61_000, None, Some(3.26), "1:01, recognising, 3.3× real time"),
            (430_000, Some(1_000_000), Some(12.4), "43 %, recognising, 12× real time, 45 s left"),
            (0, Some(7_200_000), Some(1.5), "0 %, recognising, 1.5× real time, 1 h 20 min left"),
            (999, Some(1000), Some(0.25), "99 %, recognising, 0.25× real time, 0 s left"),
            (1200, Some(1000), Some(0.0), "100 %, recognising"),
            (5, Some(0), Some(f64::NAN), "0:00, recognising"),
            (0, Some(u64::MAX), Some(f64::MIN_POSITIVE), "0 %, recognising, 0.00× real time"),
        ] {
            assert_eq!(facts(&step(done, total, rate)), expected);
        }
    }

    #[test]
    fn the_rest_of_the_queue_is_told_where_there_is_one() {
        let stage = |stage, jobs, rest, unknown, left| StageOutlook { stage, jobs, rest, unknown, left };
        let check = |stages: Vec<StageOutlook>, rate, expected: Option<&str>| {
            let told = outlook_text(&Outlook { stages }, &step(0, None, rate));
            assert_eq!(told.as_deref(), expected);
        };
        let hear = |left| stage(Stage::Recognising, 5, 3_600_000, 0, left);
        check(vec![hear(Some(600_000))], None, Some("in all 5 to hear, about 10 min left"));
        check(vec![hear(None)], Some(60.0), Some("in all 5 to hear, about 1 min left"));
        check(vec![hear(None)], None, Some("in all 5 to hear"));
        let fetch = stage(Stage::Fetching, 2, 0, 2, Some(900_000));
        check(vec![fetch, hear(Some(600_000))], None, Some("in all 2 to fetch, 5 to hear, about 15 min left"));
        check(vec![stage(Stage::Recognising, 1, 9, 0, Some(1))], None, None);
        check(vec![], None, None);
    }

    #[test]
    fn times_are_said_as_people_do() {
        for (seconds, expected) in
            [(0, "0 s"), (59, "59 s"), (60, "1 min"), (61, "2 min"), (3599, "60 min"), (3660, "1 h 01 min")]
        {
            assert_eq!(span_text(Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn bars_fit_the_terminal() {
        let step = step(500, Some(1000), Some(12.0));
        let heard = "so this is what we heard last and it goes on for longer than there is room\u{1b}[2J";
        for width in [40, 80, 120] {
            let text = bar_text(
                "A rather long title of an episode that nobody would want to read in a bar",
                &step,
                None,
                heard,
                width,
            );
            assert!(text.lines().all(|line| console::measure_text_width(line) <= width), "{text}");
            assert!(!text.contains("\u{1b}[2J"), "{text}");
        }
        insta::assert_snapshot!(
            [40, 60, 80, 120].map(|width| bar_text("The vote in Baghdad", &step, None, heard, width)).join("\n")
        );
    }

    #[test]
    fn words_are_remembered_while_there_is_room() {
        let mut heard = String::new();
        for new in ["one", "", " two "] {
            remember(&mut heard, new);
        }
        assert_eq!(heard, " one two");
        remember(&mut heard, &"日".repeat(1000));
        assert!(heard.len() <= 500 && heard.chars().all(|character| character == '日'));
    }

    #[test]
    fn bars_fill() {
        for (share, expected) in [(0.0, "╌╌╌╌"), (0.5, "━━╌╌"), (0.99, "━━━╌"), (1.0, "━━━━")]
        {
            assert_eq!(bar(share, 4), expected);
        }
    }

    #[test]
    fn the_last_words_stay() {
        for (text, width, expected) in
            [("one two", 7, "one two"), ("one two", 5, "… two"), ("日本語", 5, "…本語"), ("", 3, "")]
        {
            assert_eq!(last_columns(text, width), expected, "{text}");
        }
    }
}
