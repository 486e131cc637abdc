//! `completions`: what the shell needs to complete commands.

use super::Cli;
use crate::exit::{Ending, Outcome};
use crate::output;
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Print the completions of a shell
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  earwitness completions bash > ~/.local/share/bash-completion/completions/earwitness
  earwitness completions zsh > ~/.zfunc/_earwitness
  earwitness completions fish > ~/.config/fish/completions/earwitness.fish";

pub fn run(args: &CompletionsArgs) -> Outcome {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "earwitness", &mut script);
    output::print(&script)?;
    Ok(Ending::Done)
}
