//! Chunks: the pieces a transcript's words are stored in. Each is a checkpoint of recognition, and what a
//! search result reads instead of hours of words.

use crate::transcripts::{self, json};
use crate::{Error, Result, Store, leases};
use ear_core::{Alternative, EpisodeId, JobId, Millis, Span, Stretch, TranscriptId, Word, WordRange};
use rusqlite::{Connection, OptionalExtension};

/// Words in a chunk of a transcript that comes whole: about 40 seconds of talk, 3 kB.
const CHUNK_WORDS: usize = 100;

/// A transcript that was begun and not completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// The transcript; [`Store::load_transcript`] gives its words and stretches so far.
    pub transcript: TranscriptId,
    /// The language its head named.
    pub language: Option<String>,
    /// The chunk to be stored next, counted from 0.
    pub next_seq: usize,
    /// Number of words so far.
    pub words: usize,
    /// Where the last chunk ended: recognition continues here.
    pub end: Millis,
}

/// A chunk to be stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewChunk<'a> {
    /// Its number, counted from 0.
    pub seq: usize,
    /// The sound it covers, words or not.
    pub span: Span,
    /// Its words.
    pub words: &'a [Word],
    /// What that sound is.
    pub stretches: &'a [Stretch],
    /// Other readings of that sound, best first.
    pub alternatives: &'a [Alternative],
}

impl Store {
    /// What the maker with this fingerprint began for an episode and did not complete.
    pub fn resume_partial(&self, episode: EpisodeId, fingerprint: &str) -> Result<Option<Partial>> {
        self.read("find an unfinished transcript", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT id, language FROM transcripts
                 WHERE state = 'partial' AND episode_id = ?1 AND fingerprint = ?2",
            )?;
            let found = query.query_row((episode.0, fingerprint), |row| Ok((TranscriptId(row.get(0)?), row.get(1)?)));
            let Some((transcript, language)) = found.optional()? else { return Ok(None) };
            let Tail { next_seq, words, end } = tail(tx, transcript)?;
            Ok(Some(Partial { transcript, language, next_seq, words, end }))
        })
    }

    /// Stores the next chunk of a transcript that was begun: a checkpoint. Storing the same chunk twice is
    /// storing it once. With `holder`, a job and its worker, nothing is stored unless the job is still that
    /// worker's; and since the job got further, its attempts are counted anew.
    ///
    /// # Errors
    /// [`Error::ChunkOrder`] where chunks before it are missing, [`Error::ChunkDiffers`] where it is there
    /// with other words, [`Error::AlreadyComplete`], [`Error::Missing`], [`Error::NotHeld`].
    pub fn add_chunk(
        &self,
        transcript: TranscriptId,
        chunk: &NewChunk<'_>,
        holder: Option<(JobId, &str)>,
    ) -> Result<()> {
        let mut piece = Piece::new(chunk.seq, 0, chunk.words);
        piece.span = Some(chunk.span);
        piece.stretches = json(chunk.stretches);
        piece.alternatives = (!chunk.alternatives.is_empty()).then(|| json(chunk.alternatives));
        self.write("store a chunk of a transcript", |tx| {
            if let Some((job, worker)) = holder {
                leases::got_further(tx, job, worker)?;
            }
            add(tx, transcript, &mut piece)
        })
    }

    /// Other readings that the recogniser kept, each list with the sound it is of, in order. Chunks without
    /// any are left out.
    ///
    /// # Errors
    /// [`Error::DamagedChunk`].
    pub fn alternatives(&self, transcript: TranscriptId) -> Result<Vec<(Span, Vec<Alternative>)>> {
        self.read("read other readings", |tx| {
            let mut query = tx.prepare_cached(
                "SELECT seq, start_ms, end_ms, alternatives FROM transcript_chunks
                 WHERE transcript_id = ?1 AND alternatives IS NOT NULL ORDER BY seq",
            )?;
            let mut rows = query.query([transcript.0])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (seq, start, end): (usize, Option<Millis>, Option<Millis>) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let readings = serde_json::from_str(row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)
                    .map_err(|source| Error::DamagedChunk { transcript, seq, source })?;
                let start = start.unwrap_or_default();
                all.push((Span::new(start, end.unwrap_or(start)), readings));
            }
            Ok(all)
        })
    }

    /// Some words of a transcript, reading only the chunks they lie in; fewer where it is shorter, none
    /// where it does not exist.
    ///
    /// # Errors
    /// [`Error::DamagedChunk`], [`Error::ChunkLength`].
    pub fn words(&self, transcript: TranscriptId, range: WordRange) -> Result<Vec<Word>> {
        self.read("read words", |tx| words(tx, transcript, range))
    }

    /// [`Store::words`] for many places at once, in the order asked for.
    ///
    /// # Errors
    /// Those of [`Store::words`].
    pub fn words_many(&self, places: &[(TranscriptId, WordRange)]) -> Result<Vec<Vec<Word>>> {
        self.read("read words", |tx| places.iter().map(|(id, range)| words(tx, *id, range.clone())).collect())
    }
}

fn add(tx: &Connection, transcript: TranscriptId, piece: &mut Piece) -> Result<()> {
    let seq = piece.seq;
    let info = transcripts::one(tx, transcript)?.ok_or_else(|| Error::missing("transcript", transcript))?;
    let mut stored = tx.prepare_cached("SELECT words FROM transcript_chunks WHERE transcript_id = ?1 AND seq = ?2")?;
    if let Some(there) = stored.query_row((transcript.0, seq), |row| row.get::<_, String>(0)).optional()? {
        return if there == piece.words { Ok(()) } else { Err(Error::ChunkDiffers { transcript, seq }) };
    }
    if info.complete {
        return Err(Error::AlreadyComplete { transcript });
    }
    let tail = tail(tx, transcript)?;
    if seq != tail.next_seq {
        return Err(Error::ChunkOrder { transcript, seq, expected: tail.next_seq });
    }
    piece.first_word = tail.words;
    piece.insert(tx, transcript)
}

/// A chunk ready to be stored: its words are JSON already.
pub(crate) struct Piece {
    seq: usize,
    first_word: usize,
    word_count: usize,
    span: Option<Span>,
    words: String,
    stretches: String,
    alternatives: Option<String>,
}

impl Piece {
    fn new(seq: usize, first_word: usize, words: &[Word]) -> Self {
        Self {
            seq,
            first_word,
            word_count: words.len(),
            span: words.iter().filter_map(|word| word.span).reduce(Span::join),
            words: encode(words),
            stretches: "[]".into(),
            alternatives: None,
        }
    }

    /// All words of a transcript in chunks.
    pub(crate) fn cut(words: &[Word]) -> Vec<Self> {
        words.chunks(CHUNK_WORDS).enumerate().map(|(seq, words)| Self::new(seq, seq * CHUNK_WORDS, words)).collect()
    }

    pub(crate) fn insert(&self, tx: &Connection, transcript: TranscriptId) -> Result<()> {
        tx.prepare_cached(
            "INSERT INTO transcript_chunks (transcript_id, seq, first_word, word_count, start_ms, end_ms, words, stretches,
                 alternatives)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            transcript.0,
            self.seq,
            self.first_word,
            self.word_count,
            self.span.map(Span::start),
            self.span.map(Span::end),
            &self.words,
            &self.stretches,
            &self.alternatives,
        ))?;
        Ok(())
    }
}

pub(crate) fn words(tx: &Connection, transcript: TranscriptId, range: WordRange) -> Result<Vec<Word>> {
    let mut found = Vec::with_capacity(range.len().min(10_000));
    if range.is_empty() {
        return Ok(found);
    }
    // The inner query finds the chunk that holds the first word by the index, however long the transcript.
    let mut query = tx.prepare_cached(
        "SELECT seq, first_word, word_count, words FROM transcript_chunks
         WHERE transcript_id = ?1 AND word_count > 0 AND first_word < ?3 AND first_word >= coalesce(
             (SELECT max(first_word) FROM transcript_chunks WHERE transcript_id = ?1 AND first_word <= ?2), 0)
         ORDER BY first_word",
    )?;
    let bound = |index: usize| i64::try_from(index).unwrap_or(i64::MAX);
    let mut rows = query.query((transcript.0, bound(range.start), bound(range.end)))?;
    while let Some(row) = rows.next()? {
        let (seq, first): (usize, usize) = (row.get(0)?, row.get(1)?);
        let words = decode(transcript, seq, row.get(2)?, row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?)?;
        let from = range.start.saturating_sub(first);
        let until = (range.end - first).min(words.len());
        found.extend(words.into_iter().take(until).skip(from));
    }
    Ok(found)
}

/// What the chunks say the sound is, one after the other.
pub(crate) fn stretches(tx: &Connection, transcript: TranscriptId) -> Result<Vec<Stretch>> {
    let mut query =
        tx.prepare_cached("SELECT seq, stretches FROM transcript_chunks WHERE transcript_id = ?1 ORDER BY seq")?;
    let mut rows = query.query([transcript.0])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, text): (usize, String) = (row.get(0)?, row.get(1)?);
        let stretches: Vec<Stretch> =
            serde_json::from_str(&text).map_err(|source| Error::DamagedChunk { transcript, seq, source })?;
        all.extend(stretches);
    }
    Ok(all)
}

struct Tail {
    next_seq: usize,
    words: usize,
    end: Millis,
}

fn tail(tx: &Connection, transcript: TranscriptId) -> Result<Tail> {
    let mut query = tx.prepare_cached(
        "SELECT seq + 1, first_word + word_count, coalesce(end_ms, 0) FROM transcript_chunks
         WHERE transcript_id = ?1 ORDER BY seq DESC LIMIT 1",
    )?;
    let last =
        query.query_row([transcript.0], |row| Ok(Tail { next_seq: row.get(0)?, words: row.get(1)?, end: row.get(2)? }));
    Ok(last.optional()?.unwrap_or(Tail { next_seq: 0, words: 0, end: 0 }))
}

/// Text, time, confidence, and 1 where no space stands before it. Lists take half the room of objects with
/// names, and there are ten thousand words an hour. (A confidence that is no number comes back as none.)
type WordRow<T> = (T, Option<Span>, Option<f32>, u8);

fn encode(words: &[Word]) -> String {
    let row = |word| -> WordRow<&str> {
        let Word { text, span, confidence, glued }: &Word = word;
        (text, *span, *confidence, u8::from(*glued))
    };
    json(&words.iter().map(row).collect::<Vec<_>>())
}

fn decode(transcript: TranscriptId, seq: usize, expected: usize, text: &str) -> Result<Vec<Word>> {
    let rows: Vec<WordRow<String>> =
        serde_json::from_str(text).map_err(|source| Error::DamagedChunk { transcript, seq, source })?;
    if rows.len() != expected {
        return Err(Error::ChunkLength { transcript, seq, expected, found: rows.len() });
    }
    let word = |(text, span, confidence, glued)| Word { text, span, confidence, glued: glued != 0 };
    Ok(rows.into_iter().map(word).collect())
}
