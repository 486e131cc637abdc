//! A file of vectors: those of the sentences and passages of one transcript.
//!
//! ```text
//! "EARMEAN\n", form u32, check u64 of all up to the sentences' vectors, check u64 of these
//! transcript i64, fingerprint (length u32, bytes), passages u32, sentences u32
//! passages, then sentences: first word u32, words u32, key of the text u64
//! vectors of passages, then of sentences
//! ```
//! Numbers are little-endian. A file that is not just so is as good as none, and is made anew.

use crate::Error;
use ear_core::TranscriptId;
use ear_language::vectors::Vector;
use std::fs;
use std::io::{Read, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

const MAGIC: &[u8; 8] = b"EARMEAN\n";
/// Changes with the layout.
const FORM: u32 = 1;
/// A fingerprint is no longer than this.
const MOST_FINGERPRINT: usize = 256;
/// Bytes of the checks with what stands before them.
const CHECKS_END: usize = 28;

/// Words with their vector.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// The words in the transcript.
    pub words: Range<usize>,
    /// Tells whether the text is still the same: [`text_key`].
    pub key: u64,
    /// What the text means.
    pub vector: Vector,
}

/// What a file of vectors holds.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorFile {
    /// The transcript.
    pub transcript: TranscriptId,
    /// What made the vectors; others can't be compared with them.
    pub fingerprint: String,
    /// The passages, as they are indexed.
    pub passages: Vec<Piece>,
    /// The sentences, ascending.
    pub sentences: Vec<Piece>,
}

/// A number that stands for a text (FNV-1a, 64 bits): other texts of an episode hardly ever have the same.
pub fn text_key(text: &str) -> u64 {
    fnv(text.as_bytes())
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

impl VectorFile {
    /// Where the file of a transcript lies in the folder of vectors.
    pub fn place(folder: &Path, transcript: TranscriptId) -> PathBuf {
        folder.join(format!("{transcript}.vectors"))
    }

    /// The transcript whose file this is by its name.
    pub fn transcript_of(file: &Path) -> Option<TranscriptId> {
        let name = file.file_name()?.to_str()?.strip_suffix(".vectors")?;
        name.parse().ok().map(TranscriptId)
    }

    /// Writes the file beside its place and then into it, so that nobody ever reads half of one.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let place = Self::place(folder, self.transcript);
        let beside = folder.join(format!(".{}.{}", self.transcript, std::process::id()));
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = fs::File::create(&beside)?;
            file.write_all(&self.to_bytes())?;
            file.sync_all()?;
            fs::rename(&beside, &place)
        };
        write().map_err(|source| {
            // What can't be removed either is swept by the doctor.
            fs::remove_file(&beside).unwrap_or_default();
            Error::File { action: "write", path: place.clone(), source }
        })
    }

    /// Reads the file of a transcript; `None` where there is none, or none that is whole.
    pub fn read(folder: &Path, transcript: TranscriptId) -> Result<Option<Self>, Error> {
        let place = Self::place(folder, transcript);
        match fs::read(&place) {
            Ok(bytes) => Ok(Self::from_bytes(&bytes).filter(|file| file.transcript == transcript)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::File { action: "read", path: place, source }),
        }
    }

    /// The fingerprint of a transcript's file, where there is one of the right form and length; what is in it is not
    /// looked at.
    pub fn glance(folder: &Path, transcript: TranscriptId) -> Option<String> {
        let mut file = fs::File::open(Self::place(folder, transcript)).ok()?;
        let length = file.metadata().ok()?.len();
        let mut head = Vec::new();
        Read::by_ref(&mut file).take((CHECKS_END + 20 + MOST_FINGERPRINT) as u64).read_to_end(&mut head).ok()?;
        let mut at = Reader { bytes: &head, at: 0 };
        let opening = Opening::read(&mut at)?;
        let pieces = opening.passages.checked_add(opening.sentences)? as u64;
        let whole = pieces.checked_mul(16 + Vector::BYTES as u64)?.checked_add(at.at as u64)?;
        (opening.transcript == transcript && whole == length).then_some(opening.fingerprint)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let pieces = || self.passages.iter().chain(&self.sentences);
        let mut body = Vec::with_capacity(64 + pieces().count() * (16 + Vector::BYTES));
        body.extend(self.transcript.0.to_le_bytes());
        body.extend((self.fingerprint.len() as u32).to_le_bytes());
        body.extend(self.fingerprint.as_bytes());
        body.extend((self.passages.len() as u32).to_le_bytes());
        body.extend((self.sentences.len() as u32).to_le_bytes());
        for piece in pieces() {
            body.extend((piece.words.start as u32).to_le_bytes());
            body.extend((piece.words.len() as u32).to_le_bytes());
            body.extend(piece.key.to_le_bytes());
        }
        self.passages.iter().for_each(|piece| piece.vector.to_bytes(&mut body));
        let border = body.len();
        self.sentences.iter().for_each(|piece| piece.vector.to_bytes(&mut body));
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORM.to_le_bytes());
        bytes.extend(fnv(&body[..border]).to_le_bytes());
        bytes.extend(fnv(&body[border..]).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (mut file, border) = Self::head(bytes)?;
        let rest = bytes.get(border..)?;
        let check = u64::from_le_bytes(*bytes.get(20..CHECKS_END)?.first_chunk()?);
        if rest.len() != file.sentences.len() * Vector::BYTES || fnv(rest) != check {
            return None;
        }
        for (piece, vector) in file.sentences.iter_mut().zip(rest.chunks_exact(Vector::BYTES)) {
            piece.vector = Vector::from_bytes(vector)?;
        }
        Some(file)
    }

    /// The bytes of a file up to the vectors of sentences, which are most of it.
    pub(super) fn head_bytes(path: &Path) -> Option<Vec<u8>> {
        let mut file = fs::File::open(path).ok()?;
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take((CHECKS_END + 20 + MOST_FINGERPRINT) as u64).read_to_end(&mut bytes).ok()?;
        let mut at = Reader { bytes: &bytes, at: 0 };
        let Opening { passages, sentences, .. } = Opening::read(&mut at)?;
        let border = passages.checked_mul(16 + Vector::BYTES)?.checked_add(sentences.checked_mul(16)?)?;
        let rest = border.checked_add(at.at)?.saturating_sub(bytes.len());
        // No more is set aside than the file has.
        file.take(rest as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// All but the vectors of sentences, which are of nothing yet, and where these begin.
    pub(super) fn head(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut at = Reader { bytes, at: 0 };
        let Opening { check, transcript, fingerprint, passages, sentences } = Opening::read(&mut at)?;
        let (passages, sentences) = (at.places(passages)?, at.places(sentences)?);
        let mut file = Self { transcript, fingerprint, passages, sentences };
        for piece in &mut file.passages {
            piece.vector = Vector::from_bytes(at.take(Vector::BYTES)?)?;
        }
        (fnv(bytes.get(CHECKS_END..at.at)?) == check).then_some((file, at.at))
    }
}

/// What a file begins with.
struct Opening {
    check: u64,
    transcript: TranscriptId,
    fingerprint: String,
    passages: usize,
    sentences: usize,
}

impl Opening {
    fn read(at: &mut Reader<'_>) -> Option<Self> {
        if at.take(MAGIC.len())? != MAGIC || at.number()? != FORM as usize {
            return None;
        }
        let check = at.wide()?;
        at.wide()?;
        let transcript = TranscriptId(at.wide()?.cast_signed());
        let length = at.number().filter(|length| *length <= MOST_FINGERPRINT)?;
        let fingerprint = String::from_utf8(at.take(length)?.to_vec()).ok()?;
        Some(Self { check, transcript, fingerprint, passages: at.number()?, sentences: at.number()? })
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(*self.take(4)?.first_chunk()?) as usize)
    }

    fn wide(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(*self.take(8)?.first_chunk()?))
    }

    /// So many pieces without their vectors.
    fn places(&mut self, count: usize) -> Option<Vec<Piece>> {
        // Before anything is set aside for them: a lying count is longer than the file.
        let mut table = Reader { bytes: self.take(count.checked_mul(16)?)?, at: 0 };
        let nothing = Vector::from_floats(&[]);
        let piece = |_| {
            let (first, words, key) = (table.number()?, table.number()?, table.wide()?);
            Some(Piece { words: first..first.checked_add(words)?, key, vector: nothing.clone() })
        };
        (0..count).map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(passages: usize, sentences: usize) -> VectorFile {
        let piece = |at: usize| {
            let vector = Vector::from_floats(&[1.0, at as f32, -2.0]);
            Piece { words: at * 10..at * 10 + 10, key: text_key(&at.to_string()), vector }
        };
        VectorFile {
            transcript: TranscriptId(7),
            fingerprint: "made by a test".into(),
            passages: (0..passages).map(piece).collect(),
            sentences: (0..sentences).map(piece).collect(),
        }
    }

    #[test]
    fn what_was_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(VectorFile::read(folder.path(), TranscriptId(7)).unwrap(), None);
        for written in [file(0, 0), file(3, 8)] {
            written.write(folder.path()).unwrap();
            assert_eq!(VectorFile::read(folder.path(), TranscriptId(7)).unwrap(), Some(written));
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(
            names.iter().map(|name| VectorFile::transcript_of(name)).collect::<Vec<_>>(),
            [Some(TranscriptId(7))]
        );
        // Under another's name it is foreign.
        fs::copy(&names[0], VectorFile::place(folder.path(), TranscriptId(8))).unwrap();
        assert_eq!(VectorFile::read(folder.path(), TranscriptId(8)).unwrap(), None);
    }

    #[test]
    fn lying_counts_are_refused_at_once() {
        let mut bytes = file(1, 1).to_bytes();
        let counts = CHECKS_END + 8 + 4 + 14;
        bytes[counts..counts + 8].fill(0xff);
        assert!(VectorFile::from_bytes(&bytes).is_none());
    }

    proptest! {
        #[test]
        fn no_damage_goes_unseen(at in 0_usize..2000, flip in 1_u8.., cut in any::<bool>()) {
            let mut bytes = file(2, 2).to_bytes();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
            prop_assert!(VectorFile::from_bytes(&bytes).is_none());
        }

        #[test]
        fn strangers_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let bytes = [&MAGIC[..], &FORM.to_le_bytes(), &bytes].concat();
            prop_assert!(VectorFile::from_bytes(&bytes).is_none());
        }
    }
}
