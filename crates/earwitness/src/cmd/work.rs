//! `work`: draining the queue.

use super::Context;
use crate::dto::WorkDto;
use crate::exit::{self, Ending, Outcome};
use crate::interrupt;
use crate::progress::Progress;
use crate::terminal::count;
use clap::Args;
use ear_engine::core::EpisodeId;
use ear_engine::{Endpoint, Error, ErrorKind, Library, Result, Stop, WorkOptions, WorkSummary};

/// Said at the first Ctrl-C wherever the queue is worked through.
pub const ON_STOP: &str = "stopping after this chunk; press again to stop at once; `earwitness work` goes on from here";

/// Work through the queue: recognise speech and make it searchable
///
/// Any number of processes may work on one library at the same time, beside `serve`. Work that is
/// stopped, or whose process dies, goes on where it was.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct WorkArgs {
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    attached: Attached,
    /// Wait for more when the queue is empty, until stopped
    #[arg(long, visible_alias = "watch")]
    keep_going: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness work                      until the queue is empty; Ctrl-C stops it safely
  earwitness work --keep-going         and then wait for what is added
  earwitness work --workers 1          take less memory, leave cores to others
  earwitness work --llm http://localhost:11434/v1 --llm-model qwen2.5:7b
                                       let a model of yours propose headlines; its key, where it
                                       needs one, is taken from EARWITNESS_LLM_KEY";

pub fn run(context: &Context, args: &WorkArgs) -> Outcome {
    // One who waits for work may begin before there is any.
    let library = if args.keep_going { context.library_made()? } else { context.library()? };
    let stop = interrupt::watch(context.talk.clone(), ON_STOP)?;
    let model = args.attached.endpoint(context)?;
    let options = WorkOptions { keep_going: args.keep_going, model, ..args.effort.options() };
    let worked = drain(context, &library, &options, &stop)?;
    context.print(&WorkDto::from(&worked.summary), || worked.text())?;
    Ok(worked.ending())
}

/// How much of the machine work may take.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Effort {
    /// Windows of sound that are heard side by side; each takes 200 MB and a core [default: 2]
    #[arg(long, visible_alias = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    workers: Option<u16>,
    /// Work as hard as other programs, instead of letting them go first
    #[arg(long)]
    no_nice: bool,
}

impl Effort {
    /// Windows heard side by side; 0 means one a core, two at most.
    pub fn workers(self) -> usize {
        self.workers.map_or(0, usize::from)
    }

    /// Whether other programs go first.
    pub fn nice(self) -> bool {
        !self.no_nice
    }

    /// How to work through the queue.
    pub fn options(self) -> WorkOptions {
        WorkOptions { threads: self.workers(), nice: self.nice(), ..WorkOptions::default() }
    }
}

/// A language model that may propose what clips say of themselves.
#[derive(Clone, Debug, Default, Args)]
pub struct Attached {
    /// Send the words of clips to the language model at this OpenAI-compatible address, which proposes headlines and
    /// summaries; those that the words bear out are shown, marked as the model's. Nothing is sent unless you name one
    #[arg(long, value_name = "URL", env = "EARWITNESS_LLM_URL", hide_env_values = true)]
    llm: Option<String>,
    /// The model to ask there, as its server calls it
    #[arg(long, value_name = "NAME", env = "EARWITNESS_LLM_MODEL", hide_env_values = true)]
    llm_model: Option<String>,
}

/// The key of the language model. Only the environment is asked for it, since other users see arguments.
const LLM_KEY: &str = "EARWITNESS_LLM_KEY";

impl Attached {
    /// The model, if one was named; says what is sent where.
    pub fn endpoint(&self, context: &Context) -> Result<Option<Endpoint>> {
        // What is set to nothing is not set.
        let Some(url) = self.llm.as_deref().filter(|url| !url.trim().is_empty()) else {
            return match &self.llm_model {
                Some(name) if std::env::var_os("EARWITNESS_LLM_MODEL").is_none() => {
                    let message = format!("--llm-model {name} is named, but no address to ask it at");
                    Err(Error::new(ErrorKind::BadInput, message).remedy("Give that as well: --llm URL"))
                }
                _ => Ok(None),
            };
        };
        let key = match std::env::var(LLM_KEY) {
            Ok(key) => Some(key),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Error::new(ErrorKind::BadInput, format!("{LLM_KEY} holds what can't be sent")));
            }
        };
        let endpoint = Endpoint::new(url, self.llm_model.as_deref().unwrap_or_default(), key.as_deref())?;
        context.talk.note(&endpoint.says());
        Ok(Some(endpoint))
    }
}

/// What working came to.
#[derive(Debug, Default)]
pub struct Worked {
    pub summary: WorkSummary,
    /// The episodes whose failure was told of, and the kind of each.
    pub failures: Vec<(EpisodeId, ErrorKind)>,
}

impl Worked {
    /// How a command ends that does nothing but this.
    pub fn ending(&self) -> Ending {
        if self.summary.stopped { Ending::Stopped } else { exit::told(&self.kinds()) }
    }

    /// The kinds of errors that were told of, and of those that put something off.
    pub fn kinds(&self) -> Vec<ErrorKind> {
        let postponed = std::iter::repeat_n(ErrorKind::Network, self.summary.postponed.min(1));
        self.failures.iter().map(|(_, kind)| *kind).chain(postponed).collect()
    }

    fn text(&self) -> String {
        let WorkSummary { done, failed, postponed, .. } = self.summary;
        if done + failed + postponed == 0 {
            return "nothing to do".into();
        }
        let mut text = format!("{} done", count(done, "job", "jobs"));
        if failed > 0 {
            text.push_str(&format!(", {failed} failed"));
        }
        if postponed > 0 {
            text.push_str(&format!(", {postponed} to be tried again later"));
        }
        text
    }
}

/// Works as `options` say and shows how it goes.
pub fn drain(context: &Context, library: &Library, options: &WorkOptions, stop: &Stop) -> Result<Worked> {
    drain_with(library, options, stop, &Progress::new(&context.talk))
}

/// The same, shown where others are shown.
pub fn drain_with(library: &Library, options: &WorkOptions, stop: &Stop, progress: &Progress) -> Result<Worked> {
    let summary = library.work(options, stop, &|event| {
        if progress.wants_outlook() {
            // What can't be counted is not shown; the work itself says what is wrong.
            progress.outlook(library.outlook().ok());
        }
        progress.event(event);
    });
    progress.close();
    Ok(Worked { summary: summary?, failures: progress.failures() })
}
