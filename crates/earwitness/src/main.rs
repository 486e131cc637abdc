//! Earwitness turns hours of talk into pages that people read, search, quote and check by ear.

mod clip_edits;
mod cmd;
mod counter;
mod decisions;
mod dto;
mod exit;
mod input;
mod interrupt;
mod likelihood;
mod notes;
mod output;
mod paths;
mod progress;
mod reading;
mod server;
mod taken;
mod terminal;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

fn main() -> ExitCode {
    exit::apologise_for_bugs();
    let (cli, json) = match cmd::Cli::from_arguments(std::env::args_os()) {
        Ok(cli) => {
            let json = cli.wants_json();
            (cli, json)
        }
        Err(told) => return told,
    };
    // Nothing of a broken run is used again, so it does not matter in which state it left its data.
    match catch_unwind(AssertUnwindSafe(|| cmd::run(cli))) {
        Ok(outcome) => exit::report(outcome, json),
        Err(_) => exit::after_panic(json),
    }
}
