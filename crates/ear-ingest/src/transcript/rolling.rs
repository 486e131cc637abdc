//! Takes out what rolling captions repeat: each cue of live captions shows the line before once more.

use super::{
    Warnings,
    token::{Cue, Token},
};
use ear_core::Millis;

/// Cues further apart than this do not roll.
const GAP: Millis = 1000;

/// How many lines of the previous cue are tried as the start of a repeat.
const LINES: usize = 6;

/// Where captions roll, drops the words with which a cue repeats the end of the cue before.
///
/// People repeat themselves too. Captions are taken to roll only if a quarter of all neighbours repeat, and one
/// of these goes on after the repeat.
pub(super) fn remove(cues: &mut [Cue], warnings: &mut Warnings) {
    let spoken: Vec<usize> = (0..cues.len()).filter(|index| cues[*index].kept().next().is_some()).collect();
    let mut repeats = Vec::new();
    let mut grows = false;
    let mut neighbours = 0;
    for pair in spoken.windows(2) {
        let (before, after) = (&cues[pair[0]], &cues[pair[1]]);
        if !are_close(before, after) {
            continue;
        }
        neighbours += 1;
        let Some((length, whole_line)) = overlap(before, after) else { continue };
        grows |= (length > 1 || whole_line) && length < after.kept().count();
        repeats.push((pair[1], length));
    }
    if !grows || repeats.len() * 4 < neighbours {
        return;
    }
    let line = cues[repeats[0].0].line;
    warnings.add(line, format!("captions that roll: the words that {} cues repeat were taken once", repeats.len()));
    for (cue, length) in repeats {
        cues[cue].tokens.iter_mut().filter(|token| token.kept).take(length).for_each(|token| token.kept = false);
    }
}

fn are_close(before: &Cue, after: &Cue) -> bool {
    match (before.start, before.end, after.start) {
        (Some(_), Some(end), Some(start)) => start <= end + GAP,
        (Some(_), None, Some(_)) => true,
        _ => false,
    }
}

/// How many words at the start of `after` repeat the end of `before`, from the start of one of its lines, and
/// whether they are a line of their own.
fn overlap(before: &Cue, after: &Cue) -> Option<(usize, bool)> {
    let before: Vec<&Token> = before.kept().collect();
    let after: Vec<&Token> = after.kept().collect();
    let starts =
        before.iter().enumerate().rev().filter(|(index, token)| *index == 0 || token.first).map(|(index, _)| index);
    let mut starts: Vec<usize> = starts.take(LINES).collect();
    starts.push(0);
    starts.sort_unstable();
    let same = |start: usize| before[start..].iter().zip(&after).all(|(one, other)| one.text == other.text);
    let start = starts.into_iter().find(|start| before.len() - start <= after.len() && same(*start))?;
    let length = before.len() - start;
    Some((length, after.get(length).is_some_and(|token| token.first)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::token::tokens;

    fn check(texts: &[&str], expected: &str, warned: bool) {
        let cue = |(index, text): (usize, &&str)| {
            let start = index as u64 * 1000;
            Cue { line: index + 1, start: Some(start), end: Some(start + 1000), tokens: tokens(text) }
        };
        let mut cues: Vec<Cue> = texts.iter().enumerate().map(cue).collect();
        let mut warnings = Warnings::default();
        remove(&mut cues, &mut warnings);
        let words: Vec<&str> = cues.iter().flat_map(Cue::kept).map(|token| token.text.as_str()).collect();
        assert_eq!(words.join(" "), expected);
        assert_eq!(warnings.finish().len(), usize::from(warned));
    }

    #[test]
    fn repeated_lines_are_taken_once() {
        check(
            &["so we went", "so we went\nto the sea", "to the sea", "to the sea\nand swam"],
            "so we went to the sea and swam",
            true,
        );
        check(&["I", "I think", "I think so", "too"], "I think so too", true);
        check(&["yeah", "yeah\nwhat"], "yeah what", true);
        check(&["one two\nthree four", "three four\nfive six", "five six"], "one two three four five six", true);
    }

    #[test]
    fn people_who_repeat_themselves_are_heard() {
        check(&["No.", "No.", "No.", "No."], "No. No. No. No.", false);
        check(&["Yeah.", "Yeah. Right.", "Good", "day"], "Yeah. Yeah. Right. Good day", false);
        let speech = ["I have a dream", "I have a dream that one day", "it", "will", "be", "so", "for", "us"];
        check(&speech, &speech.join(" "), false);
    }
}
