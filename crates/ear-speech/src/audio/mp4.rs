//! The parts of an MP4 file that the demuxer keeps to itself: edit lists, which say how much silence the encoder put
//! before the sound, and chapters, be they Nero's (a `chpl` box) or QuickTime's (a track of texts that another track
//! refers to). Layout after ISO/IEC 14496-12 and the QuickTime file format; `chpl` as common tools write it.

use super::{
    samples::SampleTable,
    tags::{ChapterMark, MOST_CHAPTERS, text},
};
use std::{
    fs::File,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

/// What was found; empty for other files.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Mp4Notes {
    /// One entry a track.
    pub edits: Vec<Edit>,
    /// Chapters.
    pub chapters: Vec<ChapterMark>,
}

/// Which part of a track is heard, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Edit {
    /// The track's id.
    pub track: u32,
    /// Seconds of the track's sound to leave out at its start.
    pub skip: f64,
    /// Seconds of silence before it.
    pub wait: f64,
    /// Seconds that are heard, where the list says so.
    pub length: Option<f64>,
}

/// Boxes looked at in one file, so that a file of nothing but boxes ends as well.
const MOST_BOXES: usize = 20_000;
/// Largest box that is read into memory.
const LARGEST_BOX: u64 = 1 << 20;

/// Reads the notes of an MP4 file; whatever is damaged is left out.
pub(super) fn read(file: File) -> Mp4Notes {
    let Ok(end) = file.metadata().map(|metadata| metadata.len()) else { return Mp4Notes::default() };
    let mut walk = Walk {
        file: BufReader::new(file),
        boxes: 0,
        notes: Mp4Notes::default(),
        movie: 0,
        track: Track::default(),
        tracks: Vec::new(),
    };
    // Damage only ends the walk: the notes so far still hold.
    walk.children(0, end, 0).unwrap_or_default();
    if walk.notes.chapters.is_empty() {
        walk.read_chapter_track();
    }
    walk.notes
}

struct Walk {
    file: BufReader<File>,
    boxes: usize,
    notes: Mp4Notes,
    /// Ticks a second of the movie's clock.
    movie: u32,
    track: Track,
    tracks: Vec<Track>,
}

#[derive(Default)]
struct Track {
    id: u32,
    /// Ticks a second of the track's clock.
    clock: u32,
    /// Length in movie ticks and start in track ticks (−1: silence) of each edit.
    edits: Vec<(u64, i64)>,
    /// Tracks that hold this one's chapters.
    chapter_tracks: Vec<u32>,
    /// What the track holds (`soun`, `text`).
    handler: [u8; 4],
    samples: SampleTable,
}

impl Walk {
    fn children(&mut self, mut at: u64, end: u64, depth: usize) -> io::Result<()> {
        while at + 8 <= end && self.boxes < MOST_BOXES {
            self.boxes += 1;
            self.file.seek(SeekFrom::Start(at))?;
            let mut head = [0; 8];
            self.file.read_exact(&mut head)?;
            let [a, b, c, d, kind @ ..] = head;
            let (size, header) = match u32::from_be_bytes([a, b, c, d]) {
                0 => (end - at, 8),
                1 => {
                    let mut large = [0; 8];
                    self.file.read_exact(&mut large)?;
                    (u64::from_be_bytes(large), 16)
                }
                size => (u64::from(size), 8),
            };
            if size < header || size > end - at {
                return Ok(());
            }
            self.one(kind, at + header, at + size, depth)?;
            at += size;
        }
        Ok(())
    }

    fn one(&mut self, kind: [u8; 4], from: u64, to: u64, depth: usize) -> io::Result<()> {
        match &kind {
            b"trak" if depth < 8 => {
                self.track = Track::default();
                self.children(from, to, depth + 1)?;
                self.finish_track();
            }
            b"moov" | b"mdia" | b"edts" | b"udta" | b"tref" | b"minf" | b"stbl" if depth < 8 => {
                self.children(from, to, depth + 1)?
            }
            b"mvhd" | b"mdhd" | b"tkhd" | b"elst" | b"chpl" | b"hdlr" | b"chap" if to - from <= LARGEST_BOX => {
                let body = self.body(from, to)?;
                self.leaf(kind, &mut Bytes(&body));
            }
            // The tables of sound tracks are large, and nothing here needs them.
            b"stts" | b"stsz" | b"stsc" | b"stco" | b"co64"
                if to - from <= LARGEST_BOX && matches!(&self.track.handler, b"text" | b"sbtl") =>
            {
                let body = self.body(from, to)?;
                self.track.samples.take(kind, &mut Bytes(&body));
            }
            _ => {}
        }
        Ok(())
    }

    fn body(&mut self, from: u64, to: u64) -> io::Result<Vec<u8>> {
        let mut body = vec![0; (to - from) as usize];
        self.file.read_exact(&mut body)?;
        Ok(body)
    }

    /// Reads a box that has no children; gives up where it ends too early.
    fn leaf(&mut self, kind: [u8; 4], body: &mut Bytes<'_>) -> Option<()> {
        if &kind == b"chap" {
            while let Some(track) = body.u32() {
                self.track.chapter_tracks.push(track);
            }
            return Some(());
        }
        let version = body.u8()?;
        body.skip(3)?;
        let times = if version == 1 { 16 } else { 8 };
        match &kind {
            b"mvhd" => self.movie = body.skip(times)?.u32()?,
            b"mdhd" => self.track.clock = body.skip(times)?.u32()?,
            b"tkhd" => self.track.id = body.skip(times)?.u32()?,
            b"hdlr" => self.track.handler = body.skip(4)?.array()?,
            b"elst" => {
                for _ in 0..body.u32()?.min(1_000) {
                    let edit = if version == 1 {
                        (body.u64()?, body.u64()? as i64)
                    } else {
                        (u64::from(body.u32()?), i64::from(body.u32()? as i32))
                    };
                    body.skip(4)?;
                    self.track.edits.push(edit);
                }
            }
            _ => self.chapters(version, body)?,
        }
        Some(())
    }

    fn chapters(&mut self, version: u8, body: &mut Bytes<'_>) -> Option<()> {
        // Version 1 has a reserved field that version 0 lacks; both count time in units of 100 ns.
        let count = if version == 0 { body.u8()? } else { body.skip(4)?.u8()? };
        for _ in 0..usize::from(count).min(MOST_CHAPTERS) {
            let start = body.u64()? / 10_000;
            let length = usize::from(body.u8()?);
            let title = String::from_utf8_lossy(body.take(length)?).into_owned();
            self.notes.chapters.push((start, None, text(&title).unwrap_or_default()));
        }
        Some(())
    }

    /// QuickTime's chapters: each sample of the text track is a length of two bytes and a title.
    fn read_chapter_track(&mut self) {
        let wanted: Vec<u32> = self.tracks.iter().flat_map(|track| track.chapter_tracks.iter().copied()).collect();
        let is_chapters = |track: &&Track| wanted.contains(&track.id) && matches!(&track.handler, b"text" | b"sbtl");
        let Some(track) = self.tracks.iter().find(is_chapters) else { return };
        let clock = u64::from(track.clock.max(1));
        for sample in track.samples.samples(MOST_CHAPTERS) {
            let mut bytes = vec![0; sample.size.min(1_024) as usize];
            if self.file.seek(SeekFrom::Start(sample.offset)).and_then(|_| self.file.read_exact(&mut bytes)).is_err() {
                return;
            }
            let [high, low, rest @ ..] = bytes.as_slice() else { continue };
            let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
            let title = text(&String::from_utf8_lossy(&rest[..length])).unwrap_or_default();
            let millis = |ticks: u64| ticks.saturating_mul(1_000) / clock;
            self.notes.chapters.push((millis(sample.start), Some(millis(sample.end)), title));
        }
    }

    /// Understands the two forms in use: an optional wait, then one stretch of the track. Others are cuts made by
    /// editors, which players follow and which would shift nothing at the start; they are left alone.
    fn finish_track(&mut self) {
        self.tracks.push(std::mem::take(&mut self.track));
        let Some(track) = self.tracks.last() else { return };
        let (movie, clock) = (f64::from(self.movie.max(1)), f64::from(track.clock.max(1)));
        let (wait, rest) = match track.edits.as_slice() {
            [(length, -1), rest @ ..] => (*length as f64 / movie, rest),
            edits => (0.0, edits),
        };
        let [(length, start)] = rest else { return };
        let length = (*length > 0).then_some(*length as f64 / movie);
        self.notes.edits.push(Edit { track: track.id, skip: (*start).max(0) as f64 / clock, wait, length });
    }
}

/// A reader that never reads past its end.
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn skip(&mut self, count: usize) -> Option<&mut Self> {
        self.take(count)?;
        Some(self)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn notes(bytes: &[u8]) -> Mp4Notes {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        read(file)
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// A movie of 1,000 ticks a second with a track of 44,100 and the given edits (length, start).
    fn movie(edits: &[(u32, i32)]) -> Vec<u8> {
        let entries = edits.iter().flat_map(|(length, start)| words(&[*length, *start as u32, 1 << 16]));
        let elst: Vec<u8> = words(&[0, edits.len() as u32]).into_iter().chain(entries).collect();
        let track = [
            boxed(b"tkhd", &words(&[0, 0, 0, 7])),
            boxed(b"edts", &boxed(b"elst", &elst)),
            boxed(b"mdia", &boxed(b"mdhd", &words(&[0, 0, 0, 44_100]))),
        ];
        boxed(b"moov", &[boxed(b"mvhd", &words(&[0, 0, 0, 1_000])), boxed(b"trak", &track.concat())].concat())
    }

    #[test]
    fn edit_lists_say_what_is_heard() {
        let edit = |skip, wait, length| vec![Edit { track: 7, skip, wait, length }];
        for (edits, expected) in [
            (&[(5_000, 44_100)][..], edit(1.0, 0.0, Some(5.0))),
            (&[(0, 0)], edit(0.0, 0.0, None)),
            (&[(250, -1), (5_000, 0)], edit(0.0, 0.25, Some(5.0))),
            (&[(1_000, 0), (1_000, 88_200)], vec![]),
            (&[], vec![]),
        ] {
            assert_eq!(notes(&movie(edits)).edits, expected, "{edits:?}");
        }
    }

    #[test]
    fn nero_chapters_are_read_and_cut_ones_end_the_list() {
        let mut chpl = words(&[0x0100_0000, 0]);
        chpl.push(2);
        for (start, title) in [(0u64, "One"), (95_000_000, "Two")] {
            chpl.extend(start.to_be_bytes());
            chpl.push(title.len() as u8);
            chpl.extend(title.as_bytes());
        }
        let file = |body: &[u8]| boxed(b"moov", &boxed(b"udta", &boxed(b"chpl", body)));
        let one = (0, None, "One".to_owned());
        assert_eq!(notes(&file(&chpl)).chapters, [one.clone(), (9_500, None, "Two".to_owned())]);
        assert_eq!(notes(&file(&chpl[..chpl.len() - 2])).chapters, [one]);
    }

    #[test]
    fn boxes_in_boxes_end() {
        let deep = (0..500).fold(Vec::new(), |inner, _| boxed(b"moov", &inner));
        assert_eq!(notes(&deep), Mp4Notes::default());
        assert_eq!(notes(&b"\0\0\0\x08moov".repeat(50_000)), Mp4Notes::default());
    }
}
