//! `serve`: the library in a browser.

use super::Context;
use super::work::{self, Attached, Effort};
use crate::dto::ServingDto;
use crate::exit::{Ending, Outcome};
use crate::input::{self, Hours};
use crate::server::{self, ServeOptions};
use crate::{interrupt, output};
use clap::Args;
use ear_engine::{Library, Result, Stop};
use std::io;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Where pages are served unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:7979";

/// Read, search and listen in your browser
///
/// Also works through the queue. Only this machine can connect, unless you say otherwise; then
/// everybody who connects needs a token.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ServeArgs {
    /// The address and port to listen on, or a port of this machine; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN, value_parser = input::address)]
    listen: SocketAddr,
    /// What visitors must know, 16 characters at least; better given by the environment, where other users can't see it
    #[arg(long, env = "EARWITNESS_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Leave the queue to `earwitness work`
    #[arg(long)]
    no_work: bool,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    attached: Attached,
    /// Look at feeds for new episodes every so many hours, or `never`
    #[arg(long, value_name = "HOURS", default_value = "1", value_parser = input::hours)]
    refresh: Hours,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
}

const EXAMPLES: &str = "\
Examples:
  earwitness serve --open
  earwitness serve --listen 8080 --no-work
  earwitness serve --refresh 6              look at feeds four times a day
  EARWITNESS_TOKEN=$(openssl rand -hex 16) earwitness serve --listen 0.0.0.0:7979";

pub fn run(context: &Context, args: ServeArgs) -> Outcome {
    let options = ServeOptions {
        listen: args.listen,
        token: args.token,
        work: !args.no_work,
        threads: args.effort.workers(),
        nice: args.effort.nice(),
        refresh: args.refresh.0,
        // Who leaves the queue to others asks nobody.
        model: if args.no_work { None } else { args.attached.endpoint(context)? },
    };
    options.check()?;
    let library = context.library_made()?;
    let stop = interrupt::watch(context.talk.clone(), work::ON_STOP)?;
    serve(context, library, &options, &stop, |address| {
        context.talk.note("press Ctrl-C to stop");
        if args.open {
            open(context, address);
        }
    })?;
    Ok(Ending::Done)
}

/// Serves until it is asked to stop. The address goes to stdout as soon as visitors can connect; then `then` runs.
pub fn serve(
    context: &Context,
    library: Library,
    options: &ServeOptions,
    stop: &Stop,
    then: impl FnOnce(SocketAddr),
) -> Result<()> {
    server::serve(Arc::new(library), options, stop, |address| {
        if let Err(error) = tell(context, address) {
            context.talk.note(&format!("note: the address, {}, can't be printed: {error}", url(address)));
        }
        then(address);
    })
}

/// Opens the pages in the user's browser; a note where there is none.
pub fn open(context: &Context, address: SocketAddr) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(program);
    command.arg(url(address)).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if command.spawn().is_err() {
        context.talk.note("note: no browser could be opened; open the address yourself");
    }
}

/// The address of the first page.
pub fn url(address: SocketAddr) -> String {
    format!("http://{address}/")
}

fn tell(context: &Context, address: SocketAddr) -> io::Result<()> {
    let url = url(address);
    if context.json { output::json(&ServingDto { url }) } else { output::line(&format!("serving on {url}")) }
}
