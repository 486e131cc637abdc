//! Notices lines of plain text that look like page furniture: they are kept, and warned of.

use super::{Line, Warnings, labels, quote};

/// Lines that pages put around transcripts.
const PHRASES: [&str; 44] = [
    "coming up next",
    "up next",
    "share",
    "share this",
    "share this episode",
    "subscribe",
    "subscribe now",
    "advertisement",
    "ad",
    "sponsored",
    "read more",
    "show more",
    "learn more",
    "listen",
    "listen now",
    "download",
    "follow us",
    "sign up",
    "sign in",
    "log in",
    "transcript",
    "transcription",
    "full transcript",
    "read transcript",
    "show notes",
    "comments",
    "related",
    "related episodes",
    "related articles",
    "more episodes",
    "all episodes",
    "back to top",
    "menu",
    "home",
    "search",
    "loading",
    "loading...",
    "play",
    "play episode",
    "embed",
    "privacy policy",
    "terms of use",
    "terms of service",
    "skip to content",
];

/// The most words in a headline.
const HEADLINE: usize = 14;

/// How many lines at the start may be headlines: a show and a title.
const HEADLINES: usize = 3;

/// Warns of each line that looks like furniture, and returns the headline if there is one.
/// `skipped` lines at either end are not spoken, so they are not warned of.
pub(super) fn look(lines: &[Line<'_>], spoken: &[Line<'_>], warnings: &mut Warnings) -> Option<String> {
    let headlines = headlines(lines);
    let title = headlines.first().map(|line| labels::clean(line.text.trim_start_matches(['#', ' ', '\t'])));
    let headlines: Vec<usize> = headlines.iter().map(|line| line.number).collect();
    let front_matter = front_matter(lines);
    if let (true, Some(line)) = (front_matter > 0, spoken.first().filter(|line| line.number <= front_matter)) {
        warnings.add(line.number, format!("lines 1 to {front_matter} look like a page's header; {KEPT}"));
    }
    for line in spoken.iter().filter(|line| line.number > front_matter) {
        if headlines.contains(&line.number) {
            warnings.add(line.number, format!("{} looks like a headline; {KEPT}", quote(line.text)));
        } else if is_furniture(line.text) {
            warnings.add(line.number, format!("{} looks like page furniture; {KEPT}", quote(line.text)));
        }
    }
    title.filter(|title| !title.is_empty())
}

const KEPT: &str = "it is taken as spoken unless it is skipped";

/// The short lines without a full stop with which a page begins, each followed by a blank line.
fn headlines<'a, 'b>(lines: &'a [Line<'b>]) -> Vec<&'a Line<'b>> {
    let mut found = Vec::new();
    let written: Vec<usize> = (0..lines.len()).filter(|index| !lines[*index].is_blank()).take(HEADLINES + 1).collect();
    for index in written.iter().take(HEADLINES) {
        let followed = lines.get(index + 1).is_some_and(Line::is_blank);
        let last = written.last() == Some(index);
        if !followed || last || !is_headline(lines[*index].text.trim()) {
            break;
        }
        found.push(&lines[*index]);
    }
    found
}

fn is_headline(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let ends = text.ends_with(['.', ',', ':', ';', '…', '。', '-', '"', '”']);
    let capital = text.trim_start_matches(['#', '*', ' ', '“', '"', '‘']).chars().next();
    let begins = capital.is_some_and(|c| c.is_alphanumeric() && !c.is_lowercase());
    let is_label = text.contains(": ") && text.split(": ").next().is_some_and(labels::is_name);
    let has_clock = text.contains(':') && text.split_whitespace().any(|word| word.starts_with(['[', '(']));
    words <= HEADLINE && !ends && begins && !is_label && !has_clock
}

fn is_furniture(text: &str) -> bool {
    let text = text.trim();
    if text.starts_with('#') && text.trim_start_matches('#').starts_with(' ') || text.starts_with('©') {
        return true;
    }
    if text.split_whitespace().count() > HEADLINE {
        return false;
    }
    let plain = text.trim_matches(|c: char| c.is_whitespace() || "*_#.:!>-–—[]|»".contains(c)).to_lowercase();
    let copyright = ["copyright ©", "copyright (c)", "(c) 20", "copyright 20", "copyright 19"];
    PHRASES.contains(&plain.as_str())
        || copyright.iter().any(|start| plain.starts_with(start))
        || plain.contains("all rights reserved")
}

/// How many lines a block of `---` at the very start takes, as static sites put it before their pages.
fn front_matter(lines: &[Line<'_>]) -> usize {
    const LONGEST: usize = 60;
    if lines.first().is_none_or(|line| line.text.trim_end() != "---") {
        return 0;
    }
    let end = lines.iter().skip(1).take(LONGEST).find(|line| line.text.trim_end() == "---");
    end.map_or(0, |line| line.number)
}
