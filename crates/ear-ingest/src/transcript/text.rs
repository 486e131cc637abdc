//! Plain text: paragraphs, with or without times and speakers.

use super::{
    Form, Line, Source, TextOptions, Warnings,
    ascent::longest_ascent,
    clock, furniture, labels, quote,
    token::{Cue, Cues, Tokens, Voice},
};
use crate::Error;
use ear_core::Millis;
use std::rc::Rc;

/// Within how many words of a line its time is looked for: after a name.
const REACH: usize = 6;

/// Reads cues, one for each line with a time.
pub(super) fn parse(lines: &[Line<'_>], options: &TextOptions, warnings: &mut Warnings) -> Result<Source, Error> {
    let end = lines.len().saturating_sub(options.skip_tail);
    let spoken = &lines[options.skip_head.min(end)..end];
    let title = furniture::look(lines, spoken, warnings);
    let shapes: Vec<Option<Shape<'_>>> = spoken.iter().map(|line| Shape::of(line.text)).collect();
    let times = Times::of(&shapes);
    let mut cues = Cues::default();
    let mut open = Open { line: spoken.first().map_or(1, |line| line.number), ..Open::default() };
    for (index, (line, shape)) in spoken.iter().zip(&shapes).enumerate() {
        let Some(shape) = shape.as_ref().filter(|_| times.usable) else {
            open.tokens.line();
            open.tokens.text(line.text);
            continue;
        };
        if times.in_order[index] {
            cues.push(open.close())?;
            open = Open { line: line.number, start: Some(shape.start), end: shape.end, tokens: Tokens::default() };
        } else {
            warnings.add(line.number, format!("the time in {} goes backwards; it is left out", quote(line.text)));
        }
        open.tokens.line();
        if !shape.name.is_empty() {
            open.tokens.voice(Voice::Named(Rc::from(labels::clean(shape.name))));
        }
        open.tokens.text(shape.rest);
    }
    cues.push(open.close())?;
    Ok(Source { title, ..Source::new(cues.finish(), Form::Prose) })
}

#[derive(Default)]
struct Open {
    line: usize,
    start: Option<Millis>,
    end: Option<Millis>,
    tokens: Tokens,
}

impl Open {
    fn close(self) -> Cue {
        Cue { line: self.line, start: self.start, end: self.end, tokens: self.tokens.finish() }
    }
}

/// A line that begins with a time, or with a name and a time.
struct Shape<'a> {
    name: &'a str,
    start: Millis,
    end: Option<Millis>,
    rest: &'a str,
    /// It can hardly be anything but a time: it is bracketed, has hours, or stands alone or after a name.
    certain: bool,
}

impl<'a> Shape<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let mut after = line;
        for _ in 0..REACH {
            let before = &line[..line.len() - after.len()];
            let (word, rest) = next_word(after)?;
            if let Some(stamp) = stamp(word) {
                return Self::at(before.trim(), stamp, rest.trim_start());
            }
            after = rest;
        }
        None
    }

    fn at(before: &'a str, stamp: Stamp, rest: &'a str) -> Option<Self> {
        let (end, rest) = range_end(rest);
        let name = before.trim_end_matches([':', '-', '–', '—', '|', ' ']);
        if !name.is_empty() && !((stamp.bracketed || rest.is_empty()) && labels::is_name(&labels::clean(name))) {
            return None;
        }
        let certain = stamp.bracketed || stamp.has_hours || rest.is_empty() || end.is_some() || !name.is_empty();
        let rest = rest.strip_prefix(['-', '–', '—', '|', ':']).map_or(rest, str::trim_start);
        Some(Self { name, start: stamp.moment, end: end.filter(|end| *end > stamp.moment), rest, certain })
    }
}

struct Stamp {
    moment: Millis,
    bracketed: bool,
    has_hours: bool,
}

/// A word that is a time, perhaps between brackets and before a colon.
fn stamp(word: &str) -> Option<Stamp> {
    let word = word.trim_end_matches([':', '-']).trim_matches(['*', '_', '`', '\\']);
    let bracketed = word.starts_with(['[', '(', '<', '{']);
    let core = word.trim_start_matches(['[', '(', '<', '{']).trim_end_matches([']', ')', '>', '}', '\\']);
    let moment = clock::time(core).filter(|moment| core.contains(':') && *moment <= clock::LAST)?;
    // "1:5" is a score, "1:05" a time.
    let seconds = core.split(['.', ',']).next()?.rsplit(':').next()?;
    (seconds.len() == 2).then(|| Stamp { moment, bracketed, has_hours: core.matches(':').count() == 2 })
}

/// The end of a range such as `00:01 - 00:05 text`, and what follows it.
fn range_end(rest: &str) -> (Option<Millis>, &str) {
    let found = next_word(rest).filter(|(dash, _)| ["-", "–", "—", "-->", "->", "→"].contains(dash));
    let end =
        found.and_then(|(_, after)| next_word(after)).and_then(|(word, after)| Some((stamp(word)?.moment, after)));
    end.map_or((None, rest), |(end, after)| (Some(end), after.trim_start()))
}

fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// Which of a text's times to believe.
struct Times {
    usable: bool,
    /// By line: its time takes part in the longest ascent of all times.
    in_order: Vec<bool>,
}

impl Times {
    fn of(shapes: &[Option<Shape<'_>>]) -> Self {
        let found: Vec<(usize, Millis)> =
            shapes.iter().enumerate().filter_map(|(index, shape)| Some((index, shape.as_ref()?.start))).collect();
        let mut in_order = vec![false; shapes.len()];
        let ascent = longest_ascent(&found);
        ascent.iter().for_each(|index| in_order[*index] = true);
        let certain = shapes.iter().flatten().filter(|shape| shape.certain).count();
        // Somebody may well begin a line with "10:30"; that lines do so again and again, ascending, is no accident.
        let orderly = ascent.len() * 5 >= found.len() * 4;
        let usable =
            if certain * 2 >= found.len() { ascent.len() * 2 >= found.len() } else { found.len() > 1 && orderly };
        Self { usable: usable && !found.is_empty(), in_order }
    }
}
