//! Times as people and programs write them.

use super::{Warnings, quote};
use ear_core::{Millis, clock};

/// Times beyond this are taken for faults: no episode is longer.
pub(crate) const LAST: Millis = 100 * 3600 * 1000;

/// Cues longer than this are taken for faults.
pub(super) const LONGEST_CUE: Millis = 10 * 60 * 1000;

/// Reads `1:02:03.456`, `02:03,4`, `75:12` and the bare seconds `4.240` that some programs write.
pub(crate) fn time(text: &str) -> Option<Millis> {
    let (clock, fraction) = match text.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, millis(fraction)?),
        None => (text, 0),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let seconds = match parts[..] {
        [seconds] if text.len() > clock.len() => number(seconds, 6)?,
        [minutes, seconds] => number(minutes, 4)? * 60 + below_60(seconds)?,
        [hours, minutes, seconds] => number(hours, 4)? * 3600 + below_60(minutes)? * 60 + below_60(seconds)?,
        _ => return None,
    };
    Some(seconds * 1000 + fraction)
}

/// The start and end that a line of times gives a cue, with a warning for each fault; an end that cannot be
/// right is left open, and a cue without a start, or of more than `longest`, is kept without times.
pub(super) fn cue_times(
    line: usize,
    text: &str,
    longest: Millis,
    warnings: &mut Warnings,
) -> (Option<Millis>, Option<Millis>) {
    let Some((start, end)) = split_times(text) else {
        warnings.add(line, format!("{} is not a line of times; the words are kept without times", quote(text)));
        return (None, None);
    };
    let (start, end) = match (time(start), time(end)) {
        (Some(start), Some(end)) => (start, end),
        (None, _) => {
            warnings.add(line, format!("{} is not a time; the words are kept without times", quote(start)));
            return (None, None);
        }
        (Some(start), None) => {
            warnings.add(line, format!("{} is not a time; the end is guessed", quote(end)));
            return if start > LAST { (None, None) } else { (Some(start), None) };
        }
    };
    if start.max(end) > LAST {
        warnings.add(line, "a time beyond 100 hours; the words are kept without times");
        return (None, None);
    }
    if end <= start {
        warnings.add(line, format!("the cue at {} does not end after its start; the end is guessed", clock(start)));
        return (Some(start), None);
    }
    if end - start > longest {
        warnings.add(
            line,
            format!(
                "the cue at {} lasts longer than {} minutes; the words are kept without times",
                clock(start),
                longest / 60_000
            ),
        );
        return (None, None);
    }
    (Some(start), Some(end))
}

/// The two sides of a line of times: `a --> b settings`, or SBV's `a,b`.
pub(super) fn split_times(text: &str) -> Option<(&str, &str)> {
    if let Some((start, end)) = text.split_once("-->") {
        return Some((start.trim(), end.split_whitespace().next().unwrap_or_default()));
    }
    let (start, end) = text.trim().split_once(',')?;
    // A comma may also be a decimal mark, so SBV's form must hold two full times.
    (start.contains(':') && end.contains(':') && time(start).is_some() && time(end).is_some()).then_some((start, end))
}

fn number(digits: &str, longest: usize) -> Option<Millis> {
    let plain = !digits.is_empty() && digits.len() <= longest && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

fn below_60(digits: &str) -> Option<Millis> {
    number(digits, 2).filter(|value| *value < 60)
}

/// Decimals of a second, cut to whole milliseconds.
fn millis(fraction: &str) -> Option<Millis> {
    number(fraction, 9)?;
    let digits = &fraction[..fraction.len().min(3)];
    Some(number(digits, 3)? * 10_u64.pow(3 - digits.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_written() {
        let cases = [
            ("00:00:01,500", Some(1_500)),
            ("1:02:03.4", Some(3_723_400)),
            ("01:02", Some(62_000)),
            ("75:12.123456", Some(4_512_123)),
            ("4.240", Some(4_240)),
            ("0.000", Some(0)),
            ("100:00:00.000", Some(360_000_000)),
            ("00:00:1d.890", None),
            ("00:61:00", None),
            ("00:00:60", None),
            ("12", None),
            ("1:2:3:4", None),
            ("-1:00", None),
            ("99999999999999999999:00", None),
            ("1:00.", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn faulty_times_are_warned_of() {
        let check = |text, expected, warned: &str| {
            let mut warnings = Warnings::default();
            assert_eq!(cue_times(7, text, LONGEST_CUE, &mut warnings), expected, "{text}");
            let warnings = warnings.finish();
            assert_eq!(warnings.first().map(|w| w.to_string()).unwrap_or_default(), warned, "{text}");
        };
        check("00:01.000 --> 00:02.000 align:start", (Some(1000), Some(2000)), "");
        check("0:00:01.000,0:00:02.000", (Some(1000), Some(2000)), "");
        check("x --> 00:02.000", (None, None), "line 7: `x` is not a time; the words are kept without times");
        check("00:01.000 --> 00:0d", (Some(1000), None), "line 7: `00:0d` is not a time; the end is guessed");
        check(
            "00:02.000 -->00:01.000",
            (Some(2000), None),
            "line 7: the cue at 0:02 does not end after its start; the end is guessed",
        );
        check(
            "00:00.000 --> 10:00.001",
            (None, None),
            "line 7: the cue at 0:00 lasts longer than 10 minutes; the words are kept without times",
        );
        check(
            "101:00:00.000 --> 101:00:01.000",
            (None, None),
            "line 7: a time beyond 100 hours; the words are kept without times",
        );
    }
}
