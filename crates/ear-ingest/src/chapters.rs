//! Chapters: Podcasting 2.0's JSON
//! (<https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/chapters/jsonChapters.md>), and WebVTT
//! whose cues are titles.
//!
//! A WebVTT file of chapters looks like one of captions, unless its header says `Kind: chapters`: whoever asks for
//! chapters says what it is, and `transcript::parse` refuses only those that say so themselves.

use crate::{
    Error,
    json::{self, Node},
    markup,
    transcript::{self, Warning, Warnings},
};
use ear_core::{Chapter, Millis};

/// The most chapters of an episode.
const MOST: usize = 10_000;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 300;

/// The longest address, in bytes.
const LONGEST_URL: usize = 2000;

/// Reads chapters, in the order of their times. Those marked as hidden from the table of contents (`toc: false`)
/// are left out, as they only change the picture. Titles are plain text; addresses are http or https.
///
/// # Errors
/// [`Error::TooBig`], [`Error::TooLong`], [`Error::NotText`], [`Error::Json`], or [`Error::NoChapters`]. Lesser faults are warnings.
pub fn parse(bytes: &[u8]) -> Result<(Vec<Chapter>, Vec<Warning>), Error> {
    let mut warnings = Warnings::default();
    let text = transcript::decode_unicode(bytes, &mut warnings)?;
    let start = text.trim_start();
    let mut chapters =
        if start.starts_with(['{', '[']) { of_json(start, &mut warnings)? } else { of_vtt(&text, &mut warnings)? };
    if !chapters.is_sorted_by_key(|chapter| chapter.start) {
        warnings.add(0, "chapters out of order were put in their places");
        chapters.sort_by_key(|chapter| chapter.start);
    }
    Ok((chapters, warnings.finish()))
}

fn of_json(text: &str, warnings: &mut Warnings) -> Result<Vec<Chapter>, Error> {
    let document = json::parse(text)?;
    let list = document.root.get("chapters").filter(|list| list.is_list()).ok_or(Error::NoChapters)?;
    let items = list.items();
    if items.len() > MOST {
        return Err(Error::TooLong { limit: MOST, of: "chapters" });
    }
    let mut chapters = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(start) = item.first(&["startTime", "start"]).and_then(millis) else {
            warnings.add(0, format!("chapter {} has no `startTime` that is a time; it is left out", index + 1));
            continue;
        };
        if item.get("toc") == Some(&Node::Bool(false)) {
            continue;
        }
        let end = item.first(&["endTime", "end"]).and_then(millis).filter(|end| *end > start);
        let title = markup::line(item.text("title").unwrap_or_default(), LONGEST_TITLE);
        let url = item.text("url").map(str::trim).filter(|url| !url.is_empty());
        if url.is_some_and(|url| !is_web(url)) {
            warnings
                .add(0, format!("chapter {} has an address that is neither http nor https; it is left out", index + 1));
        }
        let url = url.filter(|url| is_web(url)).map(str::to_owned);
        chapters.push(Chapter { start, end, title, url });
    }
    if chapters.is_empty() { Err(Error::NoChapters) } else { Ok(chapters) }
}

fn of_vtt(text: &str, warnings: &mut Warnings) -> Result<Vec<Chapter>, Error> {
    let mut chapters = Vec::new();
    for (start, end, title) in transcript::vtt_titles(text, warnings)? {
        if chapters.len() == MOST {
            return Err(Error::TooLong { limit: MOST, of: "chapters" });
        }
        let title = markup::clean(&title, LONGEST_TITLE);
        chapters.push(Chapter { start, end, title, url: None });
    }
    if chapters.is_empty() { Err(Error::NoChapters) } else { Ok(chapters) }
}

/// Seconds, as a number or a text, or a time such as `1:02:03`.
fn millis(value: &Node) -> Option<Millis> {
    let written = || transcript::time(value.as_text()?.trim());
    match value.as_number() {
        Some(seconds) => {
            let millis = (seconds * 1000.0).round();
            (0.0..=transcript::LAST as f64).contains(&millis).then_some(millis as Millis)
        }
        None => written().filter(|millis| *millis <= transcript::LAST),
    }
}

fn is_web(url: &str) -> bool {
    let lower = url.get(..8).unwrap_or(url).to_ascii_lowercase();
    let schemed = lower.starts_with("http://") || lower.starts_with("https://");
    schemed && url.len() <= LONGEST_URL && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(document: &str) -> String {
        let (chapters, warnings) = match parse(document.as_bytes()) {
            Ok(found) => found,
            Err(error) => return error.to_string(),
        };
        let chapter = |chapter: &Chapter| {
            let end = chapter.end.map(|end| format!("-{end}")).unwrap_or_default();
            let url = chapter.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
            format!("{}{end} {}{url}", chapter.start, chapter.title)
        };
        let warnings = warnings.iter().map(|warning| format!("! {warning}"));
        chapters.iter().map(chapter).chain(warnings).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn podcasting_chapters_are_read() {
        let document = r#"{"version": "1.2.0", "author": "Esme", "chapters": [
            {"startTime": 0, "title": "The <b>tide</b> &amp; the boat", "img": "https://example.org/a.jpg"},
            {"startTime": 62.5, "endTime": 70, "title": "Ropes", "url": "https://example.org/ropes"},
            {"startTime": 65, "toc": false, "img": "https://example.org/b.jpg"},
            {"startTime": "1:30", "title": "Late", "url": "javascript:alert(1)"},
            {"startTime": 80, "endTime": 10},
            {"startTime": -3, "title": "Before"},
            {"title": "Nowhere"}]}"#;
        insta::assert_snapshot!(page(document), @r"
        0 The tide & the boat
        62500-70000 Ropes https://example.org/ropes
        80000 
        90000 Late
        ! chapter 4 has an address that is neither http nor https; it is left out
        ! chapter 6 has no `startTime` that is a time; it is left out
        ! chapter 7 has no `startTime` that is a time; it is left out
        ! chapters out of order were put in their places
        ");
    }

    #[test]
    fn webvtt_chapters_are_read() {
        let document = "WEBVTT\nKind: chapters\n\n1\n00:00.000 --> 00:10.000\nThe <i>tide</i>\nand the boat\n\n00:10.000 --> 20:00:00.000\nRopes &amp; knots\n\nNOTE over\n\n00:30.000 --> 00:05.000\nOdd\n";
        insta::assert_snapshot!(page(document), @r"
        0-10000 The tide and the boat
        10000-72000000 Ropes & knots
        30000 Odd
        ! line 14: the cue at 0:30 does not end after its start; the end is guessed
        ");
    }

    #[test]
    fn what_holds_no_chapters_says_so() {
        for document in ["{}", "{\"chapters\": []}", "{\"chapters\": 3}", "[]", "WEBVTT\n", "", "plain"] {
            assert!(page(document).starts_with("no chapters found"), "{document}: {}", page(document));
        }
        assert!(page("{\"chapters\": [").starts_with("not valid JSON"));
        let many = format!("{{\"chapters\": [{}{{}}]}}", "{},".repeat(MOST));
        assert_eq!(page(&many), "too long: more than 10000 chapters; split the file into its episodes");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(\\{|\\}|\\[|\\]|\"chapters\":|\"startTime\":|\"title\":|-?[0-9]{1,3}|1e300|,|\"x\"|WEBVTT\n\n|00:01.000 --> 00:02.000\n|\n){0,40}") {
            if let Ok((chapters, _)) = parse(text.as_bytes()) {
                prop_assert!(chapters.is_sorted_by_key(|chapter| chapter.start));
            }
        }
    }
}
