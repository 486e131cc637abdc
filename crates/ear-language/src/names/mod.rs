//! The names of an episode, gathered from what was written about it, and where its transcript spells them.
//!
//! Clean text is read by its capitals and by the words around them ([`gather`]); lists and credits are taken
//! whole. The parts of a name that stand for it, and its other spellings, are told by rule ([`variants`]).

mod firms;
mod fold;
mod mentions;
mod patterns;
mod phrases;
mod pool;
mod said;
mod shouted;
mod tokens;
mod variants;
mod words;

pub use firms::firms;
pub use fold::fold;
pub use mentions::mentions;
pub use shouted::in_lower_case;
pub use variants::variants;

use ear_core::{Chapter, Credit, Name, NameKind, NameSource, SourceKind, Word, WordRange};
use patterns::{Judged, Votes, judge, kind_of_role};
use phrases::{Phrase, Seen, phrases};
use pool::{Met, Pool};
use tokens::{Line, lines};

/// What is known of an episode. Everything may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Material<'a> {
    /// The episode's title.
    pub title: &'a str,
    /// The show notes as plain text.
    pub notes: &'a str,
    /// People whom the publisher names.
    pub credits: &'a [Credit],
    /// The publisher's chapters.
    pub chapters: &'a [Chapter],
    /// Tags of the file: what it is ("artist", "album", "comment"), and the text.
    pub tags: &'a [(&'a str, &'a str)],
    /// The show's name.
    pub show: &'a str,
    /// What the show says of itself, as plain text.
    pub show_notes: &'a str,
    /// The user's list.
    pub listed: &'a [Listed<'a>],
    /// The transcript.
    pub words: &'a [Word],
    /// Its sentences, where they are known.
    pub sentences: &'a [WordRange],
    /// ISO 639-1 code of the language of the texts, where known.
    pub language: Option<&'a str>,
}

/// An entry of a list that the user gave.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The spelling that is right.
    pub name: &'a str,
    /// Other spellings.
    pub variants: &'a [String],
    /// Who or what it is ("Chief Executive Officer").
    pub role: Option<&'a str>,
    /// What it is the name of, where the list says so; otherwise the role may tell.
    pub kind: Option<NameKind>,
}

/// The most characters around a name that a source keeps.
const AROUND: usize = 120;

/// The most entries of a list, of credits, of chapters and of tags that are looked at.
pub const MOST_ITEMS: usize = 2_000;

/// The names of an episode: each once, the most certain first, at most 500, or as many as the
/// user's list has up to [`MOST_ITEMS`]. Only what the material itself holds
/// is among them: the table of places helps to tell names and adds those that are said, and is no source of
/// names to listen for; [`gazetteer_names`] is.
pub fn gather(material: &Material) -> Vec<Name> {
    let mut pool = Pool::default();
    add_lists(material, &mut pool);
    // German capitalises every noun, and other scripts have no capitals: there, only lists and tags tell.
    if material.language.is_none_or(|language| language != "de") {
        add_texts(material, &mut pool);
        said::add(material.words, material.sentences, &mut pool);
    }
    let mut names = pool.finish();
    said::confirm(material.words, &mut names);
    names
}

/// The table of countries, capitals, large cities and demonyms as names. Demonyms are of no kind: those who live in a
/// place are no place.
pub fn gazetteer_names() -> Vec<Name> {
    use crate::gazetteer::{Place, PlaceKind};
    let name = |place: &Place| Name {
        name: place.name.to_string(),
        kind: (place.kind != PlaceKind::Demonym).then_some(NameKind::Place),
        role: None,
        variants: place.variants.iter().map(ToString::to_string).collect(),
        sources: vec![NameSource { kind: SourceKind::Gazetteer, text: String::new() }],
    };
    crate::gazetteer::places().iter().map(name).collect()
}

/// What was written down as a name is taken whole.
fn add_lists(material: &Material, pool: &mut Pool) {
    let votes = |kind: Option<NameKind>| kind.map_or_else(Votes::default, |kind| Votes::of(kind, 50));
    for listed in material.listed.iter().take(MOST_ITEMS) {
        let kind = listed.kind.or_else(|| listed.role.and_then(kind_of_role));
        let judged = Judged { votes: votes(kind), role: listed.role.map(str::to_owned), acronym: None };
        let source = NameSource { kind: SourceKind::List, text: listed.role.map(clipped).unwrap_or_default() };
        pool.add(Met { name: listed.name, source, judged, variants: listed.variants });
        for firm in listed.role.map(firms).unwrap_or_default() {
            let judged = Judged { votes: votes(Some(NameKind::Organisation)), role: None, acronym: None };
            let source = NameSource { kind: SourceKind::List, text: format!("firm of {}", clipped(listed.name)) };
            pool.add(Met { name: &firm, source, judged, variants: &[] });
        }
    }
    for credit in material.credits.iter().take(MOST_ITEMS) {
        let source =
            NameSource { kind: SourceKind::Credit, text: credit.role.as_deref().map(clipped).unwrap_or_default() };
        let judged = Judged { votes: Votes::of(NameKind::Person, 5), role: credit.role.clone(), acronym: None };
        pool.add(Met { name: &credit.name, source, judged, variants: &[] });
    }
    for (tag, text) in material.tags.iter().take(MOST_ITEMS) {
        add_tag(tag, text, pool);
    }
    let source = NameSource { kind: SourceKind::Show, text: String::new() };
    pool.add(Met {
        name: material.show,
        source,
        judged: Judged { votes: Votes::of(NameKind::Thing, 3), ..Judged::default() },
        variants: &[],
    });
}

/// Tags that hold names, several with semicolons or slashes.
fn add_tag(tag: &str, text: &str, pool: &mut Pool) {
    let votes = match tag.to_ascii_lowercase().replace(['_', '-'], " ").as_str() {
        "artist" | "album artist" | "author" | "narrator" | "performer" | "composer" | "host" | "guest" => {
            Votes::of(NameKind::Person, 1)
        }
        "publisher" | "label" | "organization" => Votes::of(NameKind::Organisation, 2),
        "album" | "show" | "podcast" => Votes::of(NameKind::Thing, 1),
        _ => return,
    };
    for name in text.split([';', '/', '|']).map(str::trim).filter(|name| name.chars().any(char::is_alphabetic)).take(20)
    {
        let source = NameSource { kind: SourceKind::Tag, text: clipped(&format!("{tag}: {text}")) };
        pool.add(Met { name, source, judged: Judged { votes, ..Judged::default() }, variants: &[] });
    }
}

/// Reads the clean texts: first the lines whose capitals mean something, then headlines by what these told.
fn add_texts(material: &Material, pool: &mut Pool) {
    let mut texts = vec![(SourceKind::Title, lines(material.title)), (SourceKind::Notes, lines(material.notes))];
    texts.extend(material.chapters.iter().take(MOST_ITEMS).map(|chapter| (SourceKind::Chapter, lines(&chapter.title))));
    let comments = material.tags.iter().take(MOST_ITEMS).filter(|(tag, _)| {
        matches!(tag.to_ascii_lowercase().as_str(), "title" | "comment" | "description" | "subtitle" | "lyrics")
    });
    texts.extend(comments.map(|(_, text)| (SourceKind::Tag, lines(text))));
    texts.push((SourceKind::Show, lines(material.show_notes)));
    let mut seen = Seen::default();
    for (_, lines) in &texts {
        seen.add(lines);
    }
    for headlines in [false, true] {
        seen.names = pool.known().collect();
        for (kind, lines) in &texts {
            for line in lines.iter().filter(|line| line.headline == headlines) {
                let phrases = phrases(line, &seen);
                let mut judged: Vec<Judged> = phrases.iter().map(|phrase| judge(line, phrase)).collect();
                among_people(line, &phrases, &mut judged);
                for (phrase, judged) in phrases.iter().zip(judged) {
                    add_phrase(*kind, line, phrase, judged, pool);
                }
            }
        }
    }
}

/// What stands in a list that is mostly of people is somebody, too: "Liz Sly, Martine Powers and Mike Vale".
fn among_people(line: &Line, phrases: &[Phrase], judged: &mut [Judged]) {
    let mut start = 0;
    while start < phrases.len() {
        let joined = |at: &usize| is_listing(line, &phrases[*at - 1], &phrases[*at]);
        let end = (start + 1..phrases.len()).take_while(joined).last().map_or(start + 1, |last| last + 1);
        let whole: Vec<usize> = (start..end).filter(|&at| (2..=4).contains(&phrases[at].tokens.len())).collect();
        let people = whole.iter().filter(|&&at| judged[at].votes.kind() == Some(NameKind::Person)).count();
        for &at in whole.iter().filter(|_| people >= 2 && people * 2 >= whole.len()) {
            if judged[at].votes.kind().is_none() {
                judged[at].votes.add(NameKind::Person, 2);
            }
        }
        start = end;
    }
}

/// Whether only a comma or an "and" stands between the two.
fn is_listing(line: &Line, before: &Phrase, after: &Phrase) -> bool {
    let comma = line.tokens[before.tokens.end - 1].trail == ",";
    let between = &line.tokens[before.tokens.end..after.tokens.start];
    match between {
        [] => comma,
        [only] => only.folded == "and" || only.lead == "&",
        _ => false,
    }
}

fn add_phrase(kind: SourceKind, line: &Line, phrase: &Phrase, judged: Judged, pool: &mut Pool) {
    let (first, last) = (&line.tokens[phrase.tokens.start], &line.tokens[phrase.tokens.end - 1]);
    let at = first.at.start..last.at.end;
    let written = &line.text[at.clone()];
    let shouted = line.headline && !line.text.chars().any(char::is_lowercase);
    let name = if shouted { in_title_case(written) } else { written.replace('’', "'") };
    let source = NameSource { kind, text: around(line.text, at) };
    pool.add(Met { name: &name, source, judged, variants: &[] });
}

fn in_title_case(text: &str) -> String {
    let mut inside = false;
    let convert = |character: char| {
        let small = inside && character.is_alphabetic();
        inside = character.is_alphanumeric();
        if small { character.to_lowercase().next().unwrap_or(character) } else { character }
    };
    text.chars().map(convert).collect()
}

/// The words around a stretch of a line.
fn around(line: &str, at: std::ops::Range<usize>) -> String {
    let characters = |text: &str| text.chars().count();
    let room = (AROUND - 2).saturating_sub(characters(&line[at.clone()])) / 2;
    let before = &line[..at.start];
    let from = before.char_indices().rev().take(room).last().map_or(at.start, |(start, _)| start);
    let from = if from == 0 { 0 } else { before[from..].find(' ').map_or(at.start, |gap| from + gap + 1) };
    let after = &line[at.end..];
    let to =
        after.char_indices().nth(room).map_or(line.len(), |(end, _)| at.end + after[..end].rfind(' ').unwrap_or(0));
    let text = line[from..to].trim();
    clipped(&format!("{}{text}{}", if from > 0 { "…" } else { "" }, if to < line.len() { "…" } else { "" }))
}

/// At most as many characters as a source keeps.
fn clipped(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(AROUND - 1) {
        Some((end, last)) if end + last.len_utf8() < text.len() => format!("{}…", &text[..end]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
