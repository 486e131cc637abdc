//! What a file says of itself: title, cover, chapters.

use super::{mp4::Mp4Notes, sniff};
use ear_core::{Millis, Span};
use symphonia::core::{
    formats::FormatReader,
    meta::{
        ChapterGroup, ChapterGroupItem, Metadata, MetadataRevision, RawValue, StandardTag, StandardVisualKey, Tag,
        Visual, well_known::METADATA_ID_ID3V1,
    },
    units::Time,
};

/// What a file says of its content. Strings are trimmed, never empty and at most [`LONGEST_TEXT`] characters long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// Title of the episode.
    pub title: Option<String>,
    /// Who made it.
    pub artist: Option<String>,
    /// Album; podcasts put the show here.
    pub album: Option<String>,
    /// Date as written: `2019`, `2019-05-01`, `2019-05-01T10:00:00`.
    pub date: Option<String>,
    /// Comment, or where there is none, the description.
    pub comment: Option<String>,
    /// Description or synopsis.
    pub description: Option<String>,
    /// Language as written, mostly ISO 639-2 (`eng`).
    pub language: Option<String>,
    /// Cover picture.
    pub cover: Option<Cover>,
    /// Chapters in order of time, without overlap, at most [`MOST_CHAPTERS`]. Titles may be empty.
    pub chapters: Vec<(Span, String)>,
}

/// A cover picture of at most [`LARGEST_COVER`] bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Cover {
    /// `image/jpeg`, `image/png`, `image/webp` or `image/gif`, judged by content.
    pub media_type: String,
    /// The picture's file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Cover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cover({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Longest text kept of one tag, in characters.
pub const LONGEST_TEXT: usize = 10_000;
/// Largest cover kept, in bytes.
pub const LARGEST_COVER: usize = 10_000_000;
/// Most chapters kept.
pub const MOST_CHAPTERS: usize = 1_000;

/// Gathers the tags of an open file. `duration` ends the last chapter where the file does not.
pub(super) fn read(format: &mut dyn FormatReader, notes: &Mp4Notes, duration: Option<Millis>) -> Tags {
    let mut tags = Tags::default();
    for revision in revisions(format.metadata()) {
        take_tags(&mut tags, &revision.media.tags);
        let track_visuals = revision.per_track.iter().flat_map(|track| &track.metadata.visuals);
        take_cover(&mut tags, revision.media.visuals.iter().chain(track_visuals));
        for track in &revision.per_track {
            take_tags(&mut tags, &track.metadata.tags);
        }
    }
    if tags.language.is_none() {
        tags.language = format.tracks().iter().find_map(|track| text(track.language.as_deref()?));
    }
    // "und" and "mis" are ways to say nothing.
    tags.language.take_if(|language| matches!(language.as_str(), "und" | "mis" | "zxx" | "XXX" | "```"));
    let mut starts = notes.chapters.clone();
    if starts.is_empty()
        && let Some(group) = format.chapters()
    {
        flatten(group, &mut starts, 0);
    }
    tags.chapters = lay_out(starts, duration);
    tags
}

/// Start, end where known, title.
pub(super) type ChapterMark = (Millis, Option<Millis>, String);

/// Trims and bounds a text; `None` if nothing remains.
pub(super) fn text(raw: &str) -> Option<String> {
    let clean: String = raw.trim_matches(|c: char| c.is_whitespace() || c == '\0').chars().take(LONGEST_TEXT).collect();
    let clean = clean.replace('\0', " ");
    (!clean.is_empty()).then_some(clean)
}

/// All revisions, the short-winded ID3v1 last.
fn revisions(mut metadata: Metadata<'_>) -> Vec<MetadataRevision> {
    let mut all = Vec::new();
    while let Some(revision) = metadata.pop() {
        all.push(revision);
    }
    all.extend(metadata.current().cloned());
    all.sort_by_key(|revision| revision.info.metadata == METADATA_ID_ID3V1);
    all
}

fn take_tags(tags: &mut Tags, found: &[Tag]) {
    for tag in found {
        let Some(standard) = &tag.std else { continue };
        let year;
        let (slot, value): (&mut Option<String>, &str) = match standard {
            StandardTag::TrackTitle(value) => (&mut tags.title, value),
            StandardTag::Artist(value) => (&mut tags.artist, value),
            StandardTag::AlbumArtist(value) | StandardTag::Author(value) if tags.artist.is_none() => {
                (&mut tags.artist, value)
            }
            StandardTag::Album(value) => (&mut tags.album, value),
            StandardTag::RecordingDate(value) | StandardTag::ReleaseDate(value) => (&mut tags.date, value),
            StandardTag::RecordingYear(value) | StandardTag::ReleaseYear(value) => {
                year = value.to_string();
                (&mut tags.date, &year)
            }
            // What iTunes measures is kept in comments of its own.
            StandardTag::Comment(_) if is_machine_comment(tag) => continue,
            StandardTag::Comment(value) => (&mut tags.comment, value),
            StandardTag::Description(value)
            | StandardTag::PodcastDescription(value)
            | StandardTag::Synopsis(value)
            | StandardTag::Summary(value) => (&mut tags.description, value),
            StandardTag::Language(value) => (&mut tags.language, value),
            _ => continue,
        };
        if slot.is_none() {
            *slot = text(value);
        }
    }
}

fn is_machine_comment(tag: &Tag) -> bool {
    let sub_fields = tag.raw.sub_fields.iter().flatten();
    sub_fields.chain(None).any(|field| matches!(&field.value, RawValue::String(text) if text.starts_with("iTun")))
}

fn take_cover<'a>(tags: &mut Tags, visuals: impl Iterator<Item = &'a Visual>) {
    if tags.cover.is_some() {
        return;
    }
    let usable = visuals.filter_map(|visual| {
        let media_type = sniff::image(&visual.data)?;
        (visual.data.len() <= LARGEST_COVER).then_some((visual, media_type))
    });
    let best = usable.min_by_key(|(visual, _)| visual.usage != Some(StandardVisualKey::FrontCover));
    tags.cover =
        best.map(|(visual, media_type)| Cover { media_type: media_type.to_owned(), bytes: visual.data.to_vec() });
}

fn flatten(group: &ChapterGroup, starts: &mut Vec<ChapterMark>, depth: usize) {
    for item in &group.items {
        if starts.len() >= MOST_CHAPTERS {
            return;
        }
        match item {
            // Matroska nests editions and chapters; deeper nesting than this is a trap.
            ChapterGroupItem::Group(inner) if depth < 4 => flatten(inner, starts, depth + 1),
            ChapterGroupItem::Group(_) => {}
            ChapterGroupItem::Chapter(chapter) => {
                let title = chapter.tags.iter().find_map(|tag| match &tag.std {
                    Some(StandardTag::ChapterTitle(value) | StandardTag::TrackTitle(value)) => text(value),
                    _ => None,
                });
                starts.push((
                    millis(chapter.start_time),
                    chapter.end_time.map(millis).filter(|end| *end > 0),
                    title.unwrap_or_default(),
                ));
            }
        }
    }
}

/// Orders chapters and ends each where the next begins.
fn lay_out(mut starts: Vec<ChapterMark>, duration: Option<Millis>) -> Vec<(Span, String)> {
    starts.sort_by_key(|(start, _, _)| *start);
    starts.truncate(MOST_CHAPTERS);
    let next: Vec<_> = starts.iter().skip(1).map(|(start, _, _)| Some(*start)).chain([None]).collect();
    let chapters = starts.into_iter().zip(next).map(|((start, end, title), next)| {
        let end = match (end, next) {
            (Some(end), Some(next)) => end.min(next),
            (Some(end), None) => end,
            (None, next) => next.or(duration).unwrap_or(start),
        };
        (Span::new(start, end), title)
    });
    chapters.collect()
}

fn millis(time: Time) -> Millis {
    Millis::try_from(time.as_millis()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_end_where_the_next_begins() {
        let mark = |start, end| (start, end, String::new());
        let check = |marks: Vec<ChapterMark>, expected: &[(Millis, Millis)]| {
            let spans: Vec<(Millis, Millis)> =
                lay_out(marks, Some(90)).into_iter().map(|(span, _)| span.into()).collect();
            assert_eq!(spans, expected);
        };
        check(vec![mark(50, None), mark(0, None)], &[(0, 50), (50, 90)]);
        check(vec![mark(0, Some(60)), mark(50, Some(80))], &[(0, 50), (50, 80)]);
        check(vec![mark(0, Some(20)), mark(50, Some(10))], &[(0, 20), (50, 50)]);
        check(vec![], &[]);
    }

    #[test]
    fn texts_are_trimmed_and_bounded() {
        assert_eq!(text(" a\0b \0"), Some("a b".to_owned()));
        assert_eq!(text("\0 "), None);
        assert_eq!(text(&"x".repeat(20_000)).map(|text| text.len()), Some(LONGEST_TEXT));
    }
}
