//! Clips as people read them in a terminal.

use crate::reading;
use crate::terminal::{Look, count, harmless};
use ear_engine::core::{Author, Clip, ClipKind, Grounded, NameId, Span, clock};
use ear_engine::{ClipView, ClipsView, NextView, ReadableTranscript};

/// Where what is told of a clip begins, below its headline.
const INDENT: &str = "                        ";

/// The clips of an episode as its table of contents.
pub fn contents(title: &str, view: &ClipsView, adverts: bool, look: Look) -> String {
    let mut parts = vec![look.bold(&harmless(title))];
    let mut chapter: Option<&str> = None;
    let shown: Vec<&ClipView> = view.clips.iter().filter(|clip| adverts || clip.is_told()).collect();
    for clip in &shown {
        let of = clip.clip.chapter.as_deref();
        // A chapter that is one clip is told by that.
        if of != chapter && clip.clip.kind != ClipKind::Publisher {
            parts.extend(of.map(|title| look.bold(&format!("  Chapter: {}", harmless(title)))));
        }
        chapter = of;
        parts.push([row(clip, look), about(clip, INDENT, look)].join("\n").trim_end().to_owned());
    }
    if shown.is_empty() {
        parts.push("  no clips".into());
    }
    parts.join("\n\n")
}

/// Clips with a line each.
pub fn lines(clips: &[ClipView], look: Look) -> String {
    let line = |clip: &ClipView| match facts(clip).join(" · ") {
        facts if facts.is_empty() => line(clip, look),
        facts => format!("{}  {}", line(clip, look), look.dim(&facts)),
    };
    clips.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A clip with its line, and below it what it is and who says so.
fn row(view: &ClipView, look: Look) -> String {
    match facts(view).join(" · ") {
        facts if facts.is_empty() => line(view, look),
        facts => format!("{}\n{}", line(view, look), look.dim(&look.wrapped(&facts, INDENT))),
    }
}

/// "   12     0:00    4:31  Parliament Votes to Expel Troops"
fn line(view: &ClipView, look: Look) -> String {
    let clip = &view.clip;
    let headline = look.bold(&harmless(&clip.description.headline));
    format!("{:>5} {:>8} {:>8}  {headline}", view.id.to_string(), start(clip), length(clip))
}

fn start(clip: &Clip) -> String {
    clip.span.map_or_else(|| format!("w{}", clip.words.start), |span| clock(span.start()))
}

fn length(clip: &Clip) -> String {
    clip.span.map_or_else(|| format!("{} w", clip.words.len()), |span| clock(span.duration()))
}

/// What it is, and who says so.
fn facts(view: &ClipView) -> Vec<String> {
    let (clip, said) = (&view.clip, &view.clip.description);
    let mut facts: Vec<String> = Vec::new();
    facts.extend(match (clip.kind, clip.label.as_deref()) {
        (ClipKind::Advertisement, Some(label)) => Some(format!("advertisement: {}", harmless(label))),
        (ClipKind::Advertisement, None) => Some("advertisement".into()),
        (ClipKind::Publisher, _) => Some("a chapter of the publisher's".into()),
        (ClipKind::Music | ClipKind::Topic, _) => None,
    });
    facts.extend(match said.headline_by {
        Author::Words | Author::Publisher => None,
        Author::Notes => Some("headline from the show notes".into()),
        Author::Model => {
            Some(format!("headline by {}", harmless(said.headline_source.as_deref().unwrap_or("a language model"))))
        }
        Author::Hand => Some("headline by you".into()),
    });
    let mut told = |is: bool, text: &str| facts.extend(is.then(|| text.to_owned()));
    told(view.by_hand && said.headline_by != Author::Hand, "set by you");
    told(view.heard, "heard");
    told(clip.broken_off, "breaks off in the middle of a sentence, as its source does");
    facts
}

/// Keywords and names, a line each.
fn about(view: &ClipView, indent: &str, look: Look) -> String {
    let names = |names: &[(NameId, String)]| names.iter().map(|(_, name)| name.clone()).collect::<Vec<_>>();
    let lists = [
        ("keywords", view.clip.description.keywords.clone()),
        ("people", names(&view.people)),
        ("places", names(&view.places)),
        ("organisations", names(&view.organisations)),
    ];
    let line = |(head, list): (&str, Vec<String>)| {
        let text = format!("{head}: {}", harmless(&list.join(", ")));
        (!list.is_empty()).then(|| look.dim(&look.wrapped(&text, indent)))
    };
    lists.into_iter().filter_map(line).collect::<Vec<_>>().join("\n")
}

/// A clip with its summary, its words and what comes after it.
pub fn detail(view: &ClipView, read: &ReadableTranscript, next: &[NextView], look: Look) -> String {
    let mut parts = vec![
        head(view, look),
        summary(view, read, look),
        about(view, "  ", look),
        reading::within(read, &view.clip.words, look),
    ];
    if !next.is_empty() {
        parts.push(format!("{}\n{}", look.bold("Coming up next"), queue_rows(Some(view), next, look)));
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn head(view: &ClipView, look: Look) -> String {
    let (clip, said) = (&view.clip, &view.clip.description);
    let mut facts = vec![format!("clip {}", view.id)];
    facts.push(match clip.span {
        Some(span) => format!("{}–{}", clock(span.start()), clock(span.end())),
        None => count(clip.words.len(), "word", "words"),
    });
    facts.extend(self::facts(view));
    facts.extend((said.summary_by == Author::Model).then(|| "summary by a language model".to_owned()));
    let mut from = source(view);
    from.extend(clip.chapter.as_deref().map(|chapter| format!("chapter “{}”", harmless(chapter))));
    let mut lines = vec![look.bold(&harmless(&said.headline))];
    lines.extend([facts, from].map(|facts| look.wrapped(&facts.join(" · "), "  ")));
    if let (Author::Notes, Some(line)) = (said.headline_by, &said.headline_source) {
        lines.push(look.wrapped(&format!("show notes: “{}”", harmless(line)), "  "));
    }
    lines.join("\n")
}

/// Show, episode and date.
fn source(view: &ClipView) -> Vec<String> {
    let mut source: Vec<String> = view.show.iter().map(|(_, show)| harmless(show).into_owned()).collect();
    source.push(harmless(&view.episode.1).into_owned());
    source.extend(view.date.map(|date| date.to_string()));
    source
}

/// The sentences of the summary, each with the moment that says so.
fn summary(view: &ClipView, read: &ReadableTranscript, look: Look) -> String {
    let line = |said: &Grounded| {
        let moment = read.transcript.span_of(said.words.clone()).map(Span::start);
        let moment = moment.map_or_else(|| format!("w{}", said.words.start), clock);
        format!("{moment:>8}  {}", look.wrapped(&harmless(&said.text), "          ").trim_start())
    };
    view.clip.description.summary.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What to hear after a clip, in order.
pub fn queue(after: Option<&ClipView>, next: &[NextView], look: Look) -> String {
    let head = after.map(|clip| {
        let headline = look.bold(&harmless(&clip.clip.description.headline));
        format!("After clip {}, {headline}", clip.id)
    });
    let queue = match next {
        [] => "  nothing that is not heard yet".to_owned(),
        next => queue_rows(after, next, look),
    };
    head.into_iter().chain([queue]).collect::<Vec<_>>().join("\n\n")
}

fn queue_rows(after: Option<&ClipView>, next: &[NextView], look: Look) -> String {
    let row = |next: &NextView| {
        let mut facts = vec![harmless(&next.reason).into_owned()];
        if after.is_none_or(|after| after.episode.0 != next.clip.episode.0) {
            facts.extend(source(&next.clip));
        }
        format!("{}\n{}", line(&next.clip, look), look.dim(&look.wrapped(&facts.join(" · "), INDENT)))
    };
    next.iter().map(row).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::clip_samples as samples;
    use ear_engine::core::{Origin, Transcript, TranscriptId, Turn, Word};

    fn read() -> ReadableTranscript {
        let word = |at: u64| Word::timed("yes", Span::new(at * 300, at * 300 + 200));
        let transcript = Transcript {
            words: (0..900).map(word).collect(),
            turns: vec![Turn { speaker: Some("Ann".into()), words: 0..900 }],
            ..Transcript::empty(Origin::Imported)
        };
        let passages = vec![0..3, 3..6];
        ReadableTranscript { id: TranscriptId(9), transcript, sentences: vec![], passages, repaired: vec![] }
    }

    #[test]
    fn clips_read_well() {
        let look = Look::plain(Some(80));
        let view = samples::view();
        insta::assert_snapshot!("contents", contents("The vote", &view, true, look));
        assert!(!contents("The vote", &view, false, look).contains("Brightwater"));
        assert_eq!(contents("The vote", &ClipsView::default(), true, look), "The vote\n\n  no clips");
        insta::assert_snapshot!("detail", detail(&view.clips[0], &read(), &crate::dto::next_samples::next(), look));
    }

    #[test]
    fn what_comes_next_reads_well() {
        let (clip, next) = (samples::clip(), crate::dto::next_samples::next());
        insta::assert_snapshot!("queue", queue(Some(&clip), &next, Look::plain(Some(80))));
        assert_eq!(queue(None, &[], Look::plain(None)), "  nothing that is not heard yet");
    }
}
