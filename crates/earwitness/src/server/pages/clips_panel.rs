//! The clips of an episode on its page: a table of contents, and headings in what was said.

use super::address;
use super::reading::TurnView;
use crate::server::fields::Fields;
use crate::server::text::{self, seconds};
use ear_core::{ClipId, ClipKind, WordRange, clock};
use ear_engine::{ClipView, ClipsView, ReadableTranscript};

/// How many clips are listed before the others are folded.
const FIRST: usize = 12;

/// How many people are named with a clip.
const MOST_PEOPLE: usize = 3;

/// The clips of an episode, ready to be shown.
pub(super) struct Panel {
    /// Those that are seen at once.
    pub(super) groups: Vec<Group>,
    /// Those that are shown on demand.
    pub(super) more: Vec<Group>,
    /// How many there are without advertisements and music.
    pub(super) told: usize,
    /// Whether there are advertisements.
    pub(super) has_adverts: bool,
    /// Whether they are unfolded.
    pub(super) shows_adverts: bool,
    /// The address that folds or unfolds them.
    pub(super) toggle: String,
    /// Clips are still to be made, or to be made anew.
    pub(super) pending: bool,
    /// What could make them better; whether a piece is something to type.
    pub(super) note: Vec<(String, bool)>,
}

/// Clips in a row of one chapter of the publisher's, or of none.
pub(super) struct Group {
    pub(super) chapter: Option<String>,
    pub(super) rows: Vec<Row>,
}

/// A line of the table of contents.
pub(super) struct Row {
    pub(super) url: String,
    pub(super) headline: String,
    /// When it begins.
    pub(super) clock: Option<String>,
    /// A query and a fragment that lead to its moment on the episode's page.
    pub(super) moment: String,
    pub(super) length: String,
    pub(super) people: String,
    pub(super) heard: bool,
    pub(super) broken_off: bool,
    /// What stands for it while it is folded: "Advertisement, 1:10". Only for what is no part of the talk.
    pub(super) aside: Option<String>,
    /// Something is said in it, so that it has a page worth a look.
    pub(super) has_words: bool,
}

/// Some of what was said: a clip, or what is in none.
pub(super) struct Part {
    pub(super) row: Option<Row>,
    /// The name of the heading, for links.
    pub(super) id: String,
    pub(super) open: bool,
    pub(super) turns: Vec<TurnView>,
}

impl Panel {
    /// `here` is the address of the page, with the values that it keeps.
    pub(super) fn new(view: &ClipsView, here: &str, keep: &[(&str, &str)], fields: &Fields) -> Self {
        let shows_adverts = shows_adverts(fields);
        let mut values = keep.to_vec();
        values.push(("adverts", if shows_adverts { "" } else { "1" }));
        let rows: Vec<(Option<String>, Row)> =
            view.clips.iter().map(|clip| (clip.clip.chapter.clone(), Row::from(clip))).collect();
        let mut first = rows;
        let more = first.split_off(cut(first.len()));
        Self {
            groups: grouped(first),
            more: grouped(more),
            told: view.told().count(),
            has_adverts: view.clips.iter().any(|clip| clip.clip.kind == ClipKind::Advertisement),
            shows_adverts,
            toggle: format!("{}#clips", address(here, &values)),
            pending: view.pending,
            note: view.note.as_deref().map(|note| typed(&text::sentence(note))).unwrap_or_default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// A few more than fit are shown all the same: who unfolds wants to find something.
fn cut(count: usize) -> usize {
    if count <= FIRST + FIRST / 3 { count } else { FIRST }
}

/// `adverts=1` unfolds them.
fn shows_adverts(fields: &Fields) -> bool {
    fields.text("adverts") == "1"
}

fn grouped(rows: Vec<(Option<String>, Row)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (chapter, row) in rows {
        match groups.last_mut() {
            // An advertisement between two clips of a chapter does not divide it.
            Some(last) if last.chapter == chapter || row.aside.is_some() => last.rows.push(row),
            _ => groups.push(Group { chapter, rows: vec![row] }),
        }
    }
    for group in &mut groups {
        // A chapter that is one clip, called like it, needs no heading.
        let mut told = group.rows.iter().filter(|row| row.aside.is_none());
        let (only, more) = (told.next(), told.next());
        let same = only.filter(|_| more.is_none()).map(|row| row.headline.to_lowercase());
        group.chapter.take_if(|chapter| same == Some(chapter.to_lowercase()));
    }
    groups
}

impl From<&ClipView> for Row {
    fn from(view: &ClipView) -> Self {
        let clip = &view.clip;
        let start = clip.span.map(|span| span.start());
        let length = length(view);
        Self {
            url: view.url.clone(),
            headline: clip.description.headline.clone(),
            clock: start.map(clock),
            moment: match start.map(seconds) {
                Some(start) => format!("?t={start}#t={start}"),
                None => format!("?w={0}#w={0}", clip.words.start),
            },
            people: named(view.people.iter().map(|(_, name)| name.as_str())),
            heard: view.heard,
            broken_off: clip.broken_off,
            aside: aside(view).map(|what| format!("{what}, {length}")),
            has_words: !clip.words.is_empty(),
            length,
        }
    }
}

/// How long a clip is: `3:07`, or in words where there are no times.
pub(super) fn length(view: &ClipView) -> String {
    match view.clip.span {
        Some(span) => clock(span.duration()),
        None => text::count(view.clip.words.len(), "word"),
    }
}

/// What a clip is that is no part of the talk.
pub(super) fn aside(view: &ClipView) -> Option<&'static str> {
    match (view.clip.kind, view.clip.label.as_deref()) {
        (ClipKind::Topic | ClipKind::Publisher, _) => None,
        (ClipKind::Music, _) => Some("Music"),
        (ClipKind::Advertisement, Some("promotion")) => Some("Promotion"),
        (ClipKind::Advertisement, Some("credits")) => Some("Credits"),
        (ClipKind::Advertisement, Some("jingle")) => Some("Jingle"),
        (ClipKind::Advertisement, _) => Some("Advertisement"),
    }
}

/// The first few names, and how many there are beside.
fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    let shown: Vec<&str> = names.take(MOST_PEOPLE).collect();
    let more = if count > shown.len() { format!(" and {} more", count - shown.len()) } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Cuts a note at what is to be typed, which stands between backticks.
pub(super) fn typed(note: &str) -> Vec<(String, bool)> {
    let pieces = note.split('`').enumerate().map(|(at, piece)| (piece.to_owned(), at % 2 == 1));
    pieces.filter(|(piece, _)| !piece.is_empty()).collect()
}

/// The words of each clip, and of what is in none: a partition of all words.
pub(super) fn stretches(view: &ClipsView, read: &ReadableTranscript) -> Vec<(Option<usize>, WordRange)> {
    let (words, mut at) = (read.transcript.words.len(), 0);
    let mut stretches = Vec::new();
    for (place, clip) in view.clips.iter().enumerate() {
        let range = clip.clip.words.start.max(at)..clip.clip.words.end.min(words);
        if range.is_empty() {
            continue;
        }
        if at < range.start {
            stretches.push((None, at..range.start));
        }
        at = range.end;
        stretches.push((Some(place), range));
    }
    if at < words {
        stretches.push((None, at..words));
    }
    stretches
}

/// Puts headings to what was laid out for [`stretches`].
pub(super) fn headed(
    view: &ClipsView,
    stretches: &[(Option<usize>, WordRange)],
    laid: Vec<Vec<TurnView>>,
    fields: &Fields,
) -> Vec<Part> {
    let open = shows_adverts(fields);
    let part = |((place, _), turns): (&(Option<usize>, WordRange), Vec<TurnView>)| {
        let clip = place.map(|place| &view.clips[place]);
        Part {
            row: clip.map(Row::from),
            id: clip.map(|clip| heading_id(clip.id)).unwrap_or_default(),
            open: open || turns.iter().any(TurnView::is_sought),
            turns,
        }
    };
    stretches.iter().zip(laid).map(part).collect()
}

fn heading_id(id: ClipId) -> String {
    format!("c{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(headline: &str, aside: bool) -> Row {
        Row {
            url: String::new(),
            headline: headline.into(),
            clock: None,
            moment: String::new(),
            length: String::new(),
            people: String::new(),
            heard: false,
            broken_off: false,
            aside: aside.then(String::new),
            has_words: true,
        }
    }

    #[test]
    fn chapters_head_their_clips() {
        let chapter = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        let rows = [("", "a", false), ("One", "b", false), ("", "ad", true), ("One", "c", false), ("Two", "d", false)];
        let groups = grouped(rows.map(|(name, headline, aside)| (chapter(name), row(headline, aside))).into());
        let told: Vec<(Option<&str>, Vec<&str>)> = groups
            .iter()
            .map(|group| (group.chapter.as_deref(), group.rows.iter().map(|row| row.headline.as_str()).collect()))
            .collect();
        assert_eq!(told, [(None, vec!["a"]), (Some("One"), vec!["b", "ad", "c"]), (Some("Two"), vec!["d"])]);
    }

    #[test]
    fn a_chapter_that_is_its_clip_is_not_said_twice() {
        let rows = vec![(Some("Closing Words".to_owned()), row("Closing words", false)), (None, row("ad", true))];
        let groups = grouped(rows);
        assert_eq!((groups.len(), groups[0].chapter.as_deref()), (1, None));
    }

    #[test]
    fn long_lists_are_folded_only_where_it_helps() {
        assert_eq!([0, 12, 16, 17, 143].map(cut), [0, 12, 16, 12, 12]);
    }

    #[test]
    fn some_people_are_named() {
        let check = |names: &[&str]| named(names.iter().copied());
        assert_eq!(check(&[]), "");
        assert_eq!(check(&["Ada", "Bo"]), "Ada, Bo");
        assert_eq!(check(&["Ada", "Bo", "Cy", "Di", "Ed"]), "Ada, Bo, Cy and 2 more");
    }

    #[test]
    fn notes_show_what_to_type() {
        let pieces = typed("Cut by words; `earwitness work` helps.");
        let expected = [("Cut by words; ", false), ("earwitness work", true), (" helps.", false)];
        assert_eq!(pieces, expected.map(|(text, code)| (text.to_owned(), code)));
    }
}
