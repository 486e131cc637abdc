//! The vectors of a library in memory, and where in the index their passages stand.

use super::file::VectorFile;
use crate::Error;
use crate::index::View;
use crate::request::Order;
use crate::schema::column;
use ear_core::TranscriptId;
use ear_language::vectors::{SIZE, Vector};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use tantivy::{DocAddress, SegmentReader};

/// Changes whenever a file of the folder does, so that nobody has to look at all of them.
const STAMP: &str = "stamp";
/// No row.
const NONE: u32 = u32::MAX;

/// The vectors of a library: a folder shared by any number of threads and processes.
///
/// They are read when they are first asked for, and again where files changed. A passage takes 0.4 kB of memory.
pub struct Vectors {
    folder: PathBuf,
    fingerprint: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// `None` before the folder was looked at.
    stamp: Option<Vec<u8>>,
    chunks: Chunks,
    /// By the commit of the index.
    laid: Option<(Vec<u8>, Arc<Laid>)>,
}

/// `None` for files that can't be used.
type Chunks = BTreeMap<TranscriptId, (Mark, Option<Arc<Chunk>>)>;

/// Tells whether a file is the same: when it was written, and how long it is.
type Mark = (Option<SystemTime>, u64);

/// The passages of one transcript.
pub(super) struct Chunk {
    transcript: TranscriptId,
    /// Their first words and how many, ascending.
    places: Vec<(u32, u32)>,
    /// The factors of their vectors.
    pub scales: Vec<f32>,
    /// The parts of their vectors, [`SIZE`] each.
    pub parts: Vec<i8>,
    sentences: Vec<(u32, u32)>,
    /// Where in the file the vectors of sentences begin.
    border: u64,
}

/// The vectors laid beside the index at one commit. Rows count the passages of all chunks.
pub(crate) struct Laid {
    pub(super) chunks: Vec<Arc<Chunk>>,
    /// The first row of each chunk, and the number of all.
    pub(super) starts: Vec<u32>,
    /// The passage of each row, where it is in the index.
    docs: Vec<Option<DocAddress>>,
    /// Date and episode of each chunk.
    known: Vec<(u64, i64)>,
    /// The row of each document, by segment.
    rows: Vec<Vec<u32>>,
}

impl Vectors {
    /// The vectors in this folder that a maker of this fingerprint made; others are left alone. Reads nothing yet.
    pub fn new(folder: &Path, fingerprint: &str) -> Self {
        Self { folder: folder.to_owned(), fingerprint: fingerprint.to_owned(), state: Mutex::default() }
    }

    /// What made the newest vectors of a folder; `None` where there are none.
    pub fn newest(folder: &Path) -> Option<String> {
        let stamp = fs::read_to_string(folder.join(STAMP)).ok()?;
        stamp.split(' ').next().map(str::to_owned)
    }

    /// Tells every process that a maker of this fingerprint changed files of this folder.
    pub fn changed(folder: &Path, fingerprint: &str) -> Result<(), Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let stamp = format!("{fingerprint} {now} {}", std::process::id());
        let (place, beside) = (folder.join(STAMP), folder.join(format!(".{STAMP}.{}", std::process::id())));
        fs::write(&beside, stamp).and_then(|()| fs::rename(&beside, &place)).map_err(|source| Error::File {
            action: "write",
            path: place,
            source,
        })
    }

    /// The transcripts whose vectors were there when they were last looked at.
    pub fn transcripts(&self) -> Vec<TranscriptId> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.chunks.iter().filter(|(_, (_, chunk))| chunk.is_some()).map(|(id, _)| *id).collect()
    }

    /// Of the sentences within the passage of a row, the one nearest to `meant` and its cosine; `None` where that is
    /// not known. Reads no more of the file than these.
    pub(super) fn best_sentence(&self, laid: &Laid, row: u32, meant: &Vector) -> Option<(Range<usize>, f32)> {
        let (chunk, words) = laid.passage(row);
        let first = chunk.sentences.partition_point(|(start, _)| (*start as usize) < words.start);
        let inside: Vec<Range<usize>> = chunk.sentences[first..]
            .iter()
            .map(|&(start, count)| start as usize..(start + count) as usize)
            .take_while(|sentence| sentence.end <= words.end)
            .collect();
        let mut file = File::open(VectorFile::place(&self.folder, chunk.transcript)).ok()?;
        file.seek(SeekFrom::Start(chunk.border + (first * Vector::BYTES) as u64)).ok()?;
        let mut bytes = vec![0; inside.len() * Vector::BYTES];
        file.read_exact(&mut bytes).ok()?;
        let cosine = |bytes| Vector::from_bytes(bytes).map_or(-1.0, |vector| vector.dot(meant));
        let near = inside.into_iter().zip(bytes.chunks_exact(Vector::BYTES).map(cosine));
        // The first of equals.
        near.reduce(|best, one| if one.1 > best.1 { one } else { best })
    }

    /// The newest files beside this view of the index. Others wait while they are read: reading twice would take twice
    /// the memory and no less time.
    pub(crate) fn laid(&self, view: &View) -> tantivy::Result<Arc<Laid>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Read before the files: if one changes in between, the next search looks once more.
        let stamp = fs::read(self.folder.join(STAMP)).unwrap_or_default();
        if state.stamp.as_ref() != Some(&stamp) {
            state.chunks = self.read(std::mem::take(&mut state.chunks))?;
            (state.stamp, state.laid) = (Some(stamp), None);
        }
        match &state.laid {
            Some((commit, laid)) if *commit == view.commit => Ok(laid.clone()),
            _ => {
                let chunks: Vec<_> = state.chunks.values().filter_map(|(_, chunk)| chunk.clone()).collect();
                let laid = Arc::new(Laid::new(chunks, view)?);
                state.laid = Some((view.commit.clone(), laid.clone()));
                Ok(laid)
            }
        }
    }

    /// All files of the folder; those that are as they were are not read again.
    fn read(&self, mut known: Chunks) -> tantivy::Result<Chunks> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
            entries => entries?,
        };
        let mut chunks = BTreeMap::new();
        for entry in entries {
            let path = entry?.path();
            let Some(transcript) = VectorFile::transcript_of(&path) else { continue };
            // One that is gone by now is as good as never listed.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let mark = (metadata.modified().ok(), metadata.len());
            let chunk = match known.remove(&transcript) {
                Some((before, chunk)) if before == mark => chunk,
                _ => self.chunk(&path, transcript).map(Arc::new),
            };
            chunks.insert(transcript, (mark, chunk));
        }
        Ok(chunks)
    }

    /// `None` for what can't be read or compared: it is made anew by others.
    fn chunk(&self, path: &Path, transcript: TranscriptId) -> Option<Chunk> {
        let (file, border) = VectorFile::head(&VectorFile::head_bytes(path)?)?;
        let is_ours = file.fingerprint == self.fingerprint && file.transcript == transcript;
        let mut passages = file.passages;
        passages.sort_by_key(|piece| piece.words.start);
        let place = |words: &Range<usize>| (words.start as u32, words.len() as u32);
        is_ours.then(|| Chunk {
            transcript,
            places: passages.iter().map(|piece| place(&piece.words)).collect(),
            scales: passages.iter().map(|piece| piece.vector.scale()).collect(),
            parts: passages.iter().flat_map(|piece| piece.vector.parts().iter().copied()).collect(),
            sentences: file.sentences.iter().map(|piece| place(&piece.words)).collect(),
            border: border as u64,
        })
    }
}

impl Laid {
    fn new(chunks: Vec<Arc<Chunk>>, view: &View) -> tantivy::Result<Self> {
        let mut starts = vec![0];
        starts.extend(chunks.iter().scan(0, |end, chunk| {
            *end += chunk.places.len() as u32;
            Some(*end)
        }));
        let rows = starts.last().map_or(0, |rows| *rows as usize);
        let known = vec![(0, 0); chunks.len()];
        let mut laid = Self { chunks, starts, docs: vec![None; rows], known, rows: Vec::new() };
        for (ord, segment) in view.searcher.segment_readers().iter().enumerate() {
            let rows = laid.rows_of(ord as u32, segment)?;
            laid.rows.push(rows);
        }
        Ok(laid)
    }

    fn rows_of(&mut self, ord: u32, segment: &SegmentReader) -> tantivy::Result<Vec<u32>> {
        let columns = segment.fast_fields();
        let (transcript, first) = (columns.i64(column::TRANSCRIPT)?, columns.u64(column::FIRST_WORD)?);
        let (words, episode, date) =
            (columns.u64(column::WORDS)?, columns.i64(column::EPISODE)?, columns.u64(column::DATE)?);
        let mut rows = vec![NONE; segment.max_doc() as usize];
        // Passages of a transcript stand together.
        let mut last: (i64, Option<usize>) = (i64::MIN, None);
        for doc in segment.doc_ids_alive() {
            let id = transcript.first(doc).unwrap_or_default();
            if last.0 != id {
                let found = self.chunks.binary_search_by_key(&TranscriptId(id), |chunk| chunk.transcript).ok();
                last = (id, found);
                if let Some(at) = found {
                    self.known[at] = (date.first(doc).unwrap_or(0), episode.first(doc).unwrap_or(0));
                }
            }
            let Some(at) = last.1 else { continue };
            let place = (first.first(doc).unwrap_or(0) as u32, words.first(doc).unwrap_or(0) as u32);
            if let Ok(within) = self.chunks[at].places.binary_search(&place) {
                let row = self.starts[at] + within as u32;
                rows[doc as usize] = row;
                self.docs[row as usize] = Some(DocAddress::new(ord, doc));
            }
        }
        Ok(rows)
    }

    /// The row of a passage, where it has one.
    pub(crate) fn row(&self, address: DocAddress) -> Option<u32> {
        let row = self.rows.get(address.segment_ord as usize)?.get(address.doc_id as usize)?;
        (*row != NONE).then_some(*row)
    }

    pub(super) fn is_indexed(&self, row: u32) -> bool {
        self.docs[row as usize].is_some()
    }

    /// The passage of a row that is in the index, as those are that were found.
    pub(crate) fn address(&self, row: u32) -> DocAddress {
        self.docs[row as usize].unwrap_or(DocAddress::new(0, 0))
    }

    /// How many words the passage of a row has.
    pub(crate) fn length(&self, row: u32) -> usize {
        self.passage(row).1.len()
    }

    /// The cosine of a row with a vector.
    pub(crate) fn cosine(&self, row: u32, meant: &Vector) -> f32 {
        let at = self.chunk_of(row);
        let within = (row - self.starts[at]) as usize;
        let chunk = &self.chunks[at];
        let parts = &chunk.parts[within * SIZE..(within + 1) * SIZE];
        super::scan::multiplied(parts, &super::scan::wide(meant)) as f32 * chunk.scales[within] * meant.scale()
    }

    /// Orders rows by time; the least comes first.
    pub(super) fn time_key(&self, row: u32, order: Order) -> (u64, i64, u32) {
        let (date, episode) = self.known[self.chunk_of(row)];
        let key = match order {
            Order::Oldest if date == 0 => u64::MAX,
            Order::Oldest => date,
            Order::Newest | Order::Relevance => u64::MAX - date,
        };
        (key, episode, row)
    }

    /// The chunk of a row, and the words of its passage.
    fn passage(&self, row: u32) -> (&Chunk, Range<usize>) {
        let at = self.chunk_of(row);
        let chunk = &self.chunks[at];
        let (start, count) = chunk.places[(row - self.starts[at]) as usize];
        (chunk, start as usize..(start + count) as usize)
    }

    fn chunk_of(&self, row: u32) -> usize {
        self.starts.partition_point(|start| *start <= row) - 1
    }
}
