//! What people see: colours, widths, and the one way to talk to them beside the results.

use crate::exit::Failure;
use indicatif::MultiProgress;
use std::borrow::Cow;
use std::io::{self, BufRead, IsTerminal, Write};

/// Talks on stderr, between progress bars where there are any. Clones share the bars.
#[derive(Clone, Debug)]
pub struct Talk {
    bars: MultiProgress,
    quiet: bool,
    verbose: bool,
}

impl Talk {
    /// Talks as much as asked for.
    pub fn new(quiet: bool, verbose: bool) -> Self {
        Self { bars: MultiProgress::new(), quiet, verbose }
    }

    /// Talks without knowing what was asked for.
    pub fn plain() -> Self {
        Self::new(false, false)
    }

    /// The progress bars that are drawn below what is said.
    pub fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// Whether only failures are to be told.
    pub fn quiet(&self) -> bool {
        self.quiet
    }

    /// Says something that matters also with `--quiet`: failures.
    pub fn line(&self, text: &str) {
        self.bars.suspend(|| {
            // Where stderr is closed nobody is left to be told.
            let _closed = writeln!(io::stderr().lock(), "{text}");
        });
    }

    /// Says something good to know.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// Says something that only helps to find out what happens inside.
    pub fn detail(&self, text: &str) {
        if self.verbose && !self.quiet {
            self.line(&dim_stderr(text));
        }
    }
}

/// How results look on stdout.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    colour: bool,
    /// Columns to wrap at; `None` where nobody reads along and long lines are handier.
    width: Option<usize>,
}

impl Look {
    /// The look that suits where stdout goes; `NO_COLOR` is respected.
    pub fn of_stdout() -> Self {
        let width = io::stdout().is_terminal().then(|| usize::from(console::Term::stdout().size().1).clamp(40, 100));
        Self { colour: console::colors_enabled(), width }
    }

    /// No colour and no wrapping, or wrapping at `width`.
    #[cfg(test)]
    pub fn plain(width: Option<usize>) -> Self {
        Self { colour: false, width }
    }

    /// Whether text can be made to stand out by its colour.
    pub fn has_colour(self) -> bool {
        self.colour
    }

    /// Bold text.
    pub fn bold(self, text: &str) -> String {
        console::style(text).bold().force_styling(self.colour).to_string()
    }

    /// Text that stands back.
    pub fn dim(self, text: &str) -> String {
        console::style(text).dim().force_styling(self.colour).to_string()
    }

    /// What matched a query: bold, or within «» where there is no colour.
    pub fn matched(self, text: &str) -> String {
        if self.colour { self.bold(text) } else { format!("«{text}»") }
    }

    /// Text with each line set in by `indent` and wrapped at the terminal's width.
    pub fn wrapped(self, text: &str, indent: &str) -> String {
        let room = self.width.map(|width| width.saturating_sub(indent.len()).max(20));
        let lines: Vec<String> = match room {
            Some(room) => wrap(text, room),
            None => vec![text.to_owned()],
        };
        lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
    }
}

/// Text that stands back on stderr.
pub fn dim_stderr(text: &str) -> String {
    console::style(text).dim().for_stderr().to_string()
}

/// Strangers' text with its control characters replaced, so that it can't steer the terminal.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let harms = |c: char| c.is_control() && c != '\n' && c != '\t';
    if text.contains(harms) { Cow::Owned(text.replace(harms, " ")) } else { Cow::Borrowed(text) }
}

/// Whether the user wants this; without `yes` they are asked, which takes a terminal.
pub fn agreed(what: &str, question: &str, yes: bool) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Usage(format!("{what}\nNobody can be asked here; say --yes to do it")));
    }
    let mut terminal = io::stderr().lock();
    write!(terminal, "{what}\n{question} [y/N] ")?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// `1 episode`, `2 episodes`.
pub fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let width = console::measure_text_width(word);
        if used > 0 && used + 1 + width > room {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is always a last line");
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_wraps_by_what_is_seen() {
        for (text, room, expected) in [
            ("one two three", 7, vec!["one two", "three"]),
            ("a \u{1b}[1mbold\u{1b}[0m word", 6, vec!["a \u{1b}[1mbold\u{1b}[0m", "word"]),
            ("immeasurable", 5, vec!["immeasurable"]),
            ("日本 日本", 5, vec!["日本", "日本"]),
            ("", 5, vec![""]),
        ] {
            assert_eq!(wrap(text, room), expected, "{text}");
        }
    }

    #[test]
    fn without_a_terminal_nothing_is_wrapped_or_coloured() {
        let look = Look::plain(None);
        assert_eq!(look.wrapped(&format!("{} b", "a ".repeat(100)), "  ").lines().count(), 1);
        assert_eq!([look.bold("x"), look.dim("x"), look.matched("x")], ["x", "x", "«x»"]);
    }

    #[test]
    fn strangers_do_not_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{7}\n\tc"), "a [2Jb \n\tc");
        assert!(matches!(harmless("plain"), Cow::Borrowed("plain")));
    }

    #[test]
    fn sizes_are_round() {
        let sizes = [0, 1, 145_900_000, 2_340_000_000].map(size);
        assert_eq!(sizes, ["0 kB", "1 kB", "145 MB", "2.3 GB"]);
    }
}
