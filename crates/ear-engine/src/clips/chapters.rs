//! Clips as chapters for other programs: feeds, players, taggers.

use super::make::shortened;
use crate::names::parts;
use crate::{Error, ErrorKind, Library, Reading, Result};
use ear_core::{EpisodeId, Millis, Span, WordRange};

/// The most characters of a soundbite's title, as its namespace asks.
const SOUNDBITE_TITLE: usize = 128;
/// Soundbites are at least so long, in milliseconds, as their namespace asks.
const SHORTEST_SOUNDBITE: Millis = 15_000;
/// Soundbites are at most so long, in milliseconds, as their namespace asks.
const LONGEST_SOUNDBITE: Millis = 120_000;
/// The most entries of one table of contents in ID3, which counts them in a byte.
const ID3_ENTRIES: usize = 255;
/// A tag of ID3 has its size in 28 bits.
const ID3_MOST: usize = (1 << 28) - 1;

/// A format that chapters are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChapterFormat {
    /// The JSON that `podcast:chapters` of Podcasting 2.0 leads to.
    Json,
    /// WebVTT with a cue for each chapter, as `<track kind="chapters">` takes it.
    Vtt,
    /// Elements `podcast:soundbite` for the item of a feed: the beginning of each clip, up to two minutes and to the
    /// end of a sentence.
    Soundbites,
    /// Text that FFmpeg takes as metadata, and puts into MP3, M4A, MKA and what else it writes, beside what the file
    /// says already.
    FfMetadata,
    /// A tag of ID3v2.4 with frames CHAP and CTOC, for programs that tag MP3 and for files that have no tag yet: it
    /// goes in front of the file.
    Id3,
}

/// A chapter to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    title: String,
    span: Span,
    /// Advertisements and music are no part of the table of contents.
    listed: bool,
    words: WordRange,
}

impl Library {
    /// The clips of an episode as chapters; advertisements and music only where asked for. Text but for
    /// [`ChapterFormat::Id3`].
    pub fn export_chapters(&self, episode: EpisodeId, format: ChapterFormat, adverts: bool) -> Result<Vec<u8>> {
        let view = self.clips(episode)?;
        let title = self.known(episode)?.title;
        let Some(transcript) = view.transcript else { return Err(crate::listing::no_transcript(episode)) };
        if view.clips.is_empty() {
            let error = Error::new(ErrorKind::NotFound, format!("episode {episode} has no clips yet"));
            return Err(error.remedy("`earwitness work` makes them"));
        }
        let wanted = || view.clips.iter().filter(|clip| adverts || clip.is_told());
        let entries: Vec<Entry> = wanted()
            .filter_map(|clip| {
                let title = clip.clip.description.headline.clone();
                Some(Entry { title, span: clip.clip.span?, listed: clip.is_told(), words: clip.clip.words.clone() })
            })
            .collect();
        if entries.is_empty() && wanted().next().is_some() {
            let error = Error::new(ErrorKind::BadInput, "this transcript has no times, and chapters need them");
            let remedy = "Add the sound that it belongs to, which gives it times; or export it as txt, md or json";
            return Err(error.at(format!("episode {episode}")).remedy(remedy));
        }
        Ok(match format {
            ChapterFormat::Json => json(&title, &entries).into_bytes(),
            ChapterFormat::Vtt => vtt(&entries).into_bytes(),
            ChapterFormat::FfMetadata => ff_metadata(&title, &entries).into_bytes(),
            ChapterFormat::Id3 => id3(&title, &entries),
            ChapterFormat::Soundbites => {
                let (transcript, _) = self.read_transcript(transcript, Reading::Repaired)?;
                let sentences: Vec<(WordRange, Span)> = parts(&transcript)
                    .0
                    .into_iter()
                    .filter_map(|words| Some((words.clone(), transcript.span_of(words)?)))
                    .collect();
                soundbites(&entries, &sentences).into_bytes()
            }
        })
    }
}

fn json(title: &str, entries: &[Entry]) -> String {
    let chapter = |entry: &Entry| {
        let mut chapter = serde_json::json!({
            "startTime": seconds(entry.span.start()),
            "endTime": seconds(entry.span.end()),
            "title": entry.title,
        });
        if !entry.listed {
            chapter["toc"] = false.into();
        }
        chapter
    };
    let chapters: Vec<_> = entries.iter().map(chapter).collect();
    let whole = serde_json::json!({ "version": "1.2.0", "title": title, "chapters": chapters });
    format!("{whole:#}\n")
}

fn vtt(entries: &[Entry]) -> String {
    let mut text = "WEBVTT\n".to_owned();
    for (number, entry) in entries.iter().enumerate() {
        let (start, end) = (stamp(entry.span.start()), stamp(entry.span.end()));
        text.push_str(&format!("\n{}\n{start} --> {end}\n{}\n", number + 1, escaped(&entry.title)));
    }
    text
}

fn soundbites(entries: &[Entry], sentences: &[(WordRange, Span)]) -> String {
    let mut text = String::new();
    for entry in entries.iter().filter(|entry| entry.listed) {
        let Some(span) = bite(entry, sentences) else { continue };
        let title = escaped(&shortened(&entry.title, SOUNDBITE_TITLE));
        let (start, length) = (seconds(span.start()), seconds(span.duration()));
        text.push_str(&format!(
            "<podcast:soundbite startTime=\"{start}\" duration=\"{length}\">{title}</podcast:soundbite>\n"
        ));
    }
    text
}

/// As many whole sentences from the beginning of a clip as a soundbite may have. None where that is too short.
fn bite(entry: &Entry, sentences: &[(WordRange, Span)]) -> Option<Span> {
    let start = entry.span.start();
    let inside = sentences.iter().filter(|(words, _)| entry.words.start <= words.start && words.end <= entry.words.end);
    let ends = inside.map(|(_, span)| span.end()).take_while(|end| *end <= start + LONGEST_SOUNDBITE);
    let end = ends.last().unwrap_or(start + LONGEST_SOUNDBITE).min(entry.span.end());
    Some(Span::new(start, end)).filter(|span| span.duration() >= SHORTEST_SOUNDBITE)
}

fn ff_metadata(title: &str, entries: &[Entry]) -> String {
    let mut text = format!(";FFMETADATA1\ntitle={}\n", for_ffmpeg(title));
    for entry in entries {
        let (start, end) = (entry.span.start(), entry.span.end());
        let title = for_ffmpeg(&entry.title);
        text.push_str(&format!("\n[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"));
    }
    text
}

/// What means something in FFmpeg's metadata, written so that it does not.
fn for_ffmpeg(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        if matches!(character, '=' | ';' | '#' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A tag with its chapters and the tables that list them ("ID3v2 Chapter Frame Addendum", version 1.0).
fn id3(title: &str, entries: &[Entry]) -> Vec<u8> {
    let mut frames = text_frame(title);
    let listed: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].listed).collect();
    let tables: Vec<&[usize]> = listed.chunks(ID3_ENTRIES).collect();
    let chapter_ids = |table: &[usize]| table.iter().map(|at| format!("chp{at}")).collect::<Vec<_>>();
    match tables.as_slice() {
        [] => {}
        [only] => frames.extend(table("toc", true, &chapter_ids(only))),
        several => {
            // Beyond what one table holds, a table of tables.
            let names: Vec<String> = (0..several.len().min(ID3_ENTRIES)).map(|at| format!("toc{at}")).collect();
            frames.extend(table("toc", true, &names));
            names.iter().zip(several).for_each(|(name, part)| frames.extend(table(name, false, &chapter_ids(part))));
        }
    }
    for (at, entry) in entries.iter().enumerate() {
        let chapter = chapter(&format!("chp{at}"), entry);
        if frames.len() + chapter.len() > ID3_MOST {
            break;
        }
        frames.extend(chapter);
    }
    let mut tag = b"ID3\x04\x00\x00".to_vec();
    tag.extend(syncsafe(frames.len()));
    tag.extend(frames);
    tag
}

fn chapter(id: &str, entry: &Entry) -> Vec<u8> {
    let moment = |at: Millis| u32::try_from(at).unwrap_or(u32::MAX - 1).to_be_bytes();
    let mut body = id.as_bytes().to_vec();
    body.push(0);
    body.extend(moment(entry.span.start()));
    body.extend(moment(entry.span.end()));
    // No places in the file: times say where.
    body.extend([0xff; 8]);
    body.extend(text_frame(&entry.title));
    frame(b"CHAP", &body)
}

fn table(id: &str, is_top: bool, entries: &[String]) -> Vec<u8> {
    const ORDERED: u8 = 1;
    const TOP: u8 = 2;
    let mut body = id.as_bytes().to_vec();
    body.extend([0, ORDERED | if is_top { TOP } else { 0 }]);
    body.push(u8::try_from(entries.len()).unwrap_or(u8::MAX));
    for entry in entries {
        body.extend(entry.as_bytes());
        body.push(0);
    }
    frame(b"CTOC", &body)
}

/// A title in UTF-8.
fn text_frame(title: &str) -> Vec<u8> {
    const UTF_8: u8 = 3;
    let mut body = vec![UTF_8];
    body.extend(one_line(title).as_bytes());
    frame(b"TIT2", &body)
}

fn frame(id: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut frame = id.to_vec();
    frame.extend(syncsafe(body.len()));
    frame.extend([0, 0]);
    frame.extend(body);
    frame
}

/// Seven bits a byte, so that no size looks like the beginning of sound.
fn syncsafe(size: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| (size >> shift & 0x7f) as u8)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\0', "")
}

fn seconds(moment: Millis) -> f64 {
    moment as f64 / 1000.0
}

/// `01:02:03.456`.
fn stamp(moment: Millis) -> String {
    let seconds = moment / 1000;
    format!("{:02}:{:02}:{:02}.{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, moment % 1000)
}

/// What means something in XML and in cues, written so that it does not.
fn escaped(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let entry = |title: &str, start, end, listed, words| Entry {
            title: title.into(),
            span: Span::new(start, end),
            listed,
            words,
        };
        vec![
            entry("Talks & <tea>; #1 = best", 0, 200_000, true, 0..20),
            entry("An advertisement", 200_000, 230_000, false, 20..30),
            entry("Zürich votes", 230_000, 240_500, true, 30..40),
        ]
    }

    #[test]
    fn chapters_as_json() {
        insta::assert_snapshot!(json("Episode", &entries()[1..]), @r#"
        {
          "chapters": [
            {
              "endTime": 230.0,
              "startTime": 200.0,
              "title": "An advertisement",
              "toc": false
            },
            {
              "endTime": 240.5,
              "startTime": 230.0,
              "title": "Zürich votes"
            }
          ],
          "title": "Episode",
          "version": "1.2.0"
        }
        "#);
    }

    #[test]
    fn chapters_as_cues_and_for_ffmpeg() {
        insta::assert_snapshot!(vtt(&entries()[..1]), @r"
        WEBVTT

        1
        00:00:00.000 --> 00:03:20.000
        Talks &amp; &lt;tea&gt;; #1 = best
        ");
        insta::assert_snapshot!(ff_metadata("a=b", &entries()[..1]), @r"
        ;FFMETADATA1
        title=a\=b

        [CHAPTER]
        TIMEBASE=1/1000
        START=0
        END=200000
        title=Talks & <tea>\; \#1 \= best
        ");
    }

    #[test]
    fn soundbites_end_with_a_sentence() {
        let sentences: Vec<(WordRange, Span)> = (0..4)
            .map(|at| (at * 10..at * 10 + 10, Span::new(at as u64 * 50_000, at as u64 * 50_000 + 48_000)))
            .collect();
        let entry = Entry { words: 0..40, ..entries()[0].clone() };
        assert_eq!(bite(&entry, &sentences), Some(Span::new(0, 98_000)));
        assert_eq!(bite(&entry, &[]), Some(Span::new(0, 120_000)));
        insta::assert_snapshot!(soundbites(&entries(), &[]), @r#"<podcast:soundbite startTime="0" duration="120">Talks &amp; &lt;tea&gt;; #1 = best</podcast:soundbite>"#);
    }

    #[test]
    fn a_tag_says_where_each_chapter_is() {
        let tag = id3("T", &entries());
        let size = tag[6..10].iter().fold(0_usize, |size, byte| size << 7 | usize::from(*byte));
        assert_eq!((&tag[..6], size), (&b"ID3\x04\x00\x00"[..], tag.len() - 10));
        let (mut at, mut found) = (10, Vec::new());
        while at < tag.len() {
            let size = tag[at + 4..at + 8].iter().fold(0_usize, |size, byte| size << 7 | usize::from(*byte));
            found.push(String::from_utf8_lossy(&tag[at..at + 4]).into_owned());
            at += 10 + size;
        }
        assert_eq!((at, found.join(" ")), (tag.len(), "TIT2 CTOC CHAP CHAP CHAP".to_owned()));
        let toc = b"toc\x00\x03\x02chp0\x00chp2\x00";
        assert!(tag.windows(toc.len()).any(|part| part == toc));
        let chapter = b"chp2\x00\x00\x03\x82\x70\x00\x03\xab\x74\xff\xff\xff\xff\xff\xff\xff\xffTIT2";
        assert!(tag.windows(chapter.len()).any(|part| part == chapter));
    }

    #[test]
    fn many_chapters_have_a_table_of_tables() {
        let many: Vec<Entry> = (0..600).map(|_| entries()[0].clone()).collect();
        let tag = id3("T", &many);
        let count = |id: &[u8]| tag.windows(4).filter(|part| *part == id).count();
        assert_eq!((count(b"CTOC"), count(b"CHAP")), (4, 600));
    }
}
