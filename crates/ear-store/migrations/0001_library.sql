-- The first form of the library. Times of the world are unix milliseconds (_at, _ms of jobs), times within
-- an episode milliseconds from its start. AUTOINCREMENT, so that the id of something removed never recurs.

CREATE TABLE shows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (title <> ''),
    -- The title in lower case with single spaces: SQLite itself folds ASCII only.
    folded TEXT NOT NULL UNIQUE,
    notes TEXT NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recordings (
    -- SHA-256 of the file, from which its name in the library folder is made.
    hash TEXT PRIMARY KEY NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    extension TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    duration_ms INTEGER,
    original_name TEXT,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE episodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    show_id INTEGER REFERENCES shows (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    folded TEXT NOT NULL,
    date TEXT,
    notes TEXT NOT NULL,
    language TEXT,
    recording TEXT UNIQUE REFERENCES recordings (hash),
    source TEXT NOT NULL,
    source_key TEXT UNIQUE,
    cover_media_type TEXT,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX episodes_of_show ON episodes (show_id);
CREATE INDEX episodes_newest ON episodes (coalesce(date, date(added_at / 1000, 'unixepoch')) DESC, id DESC);

CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    origin TEXT NOT NULL CHECK (origin IN ('recognised', 'published', 'imported', 'corrected')),
    language TEXT,
    engine TEXT,
    model TEXT,
    -- Of engine, model and settings: only what the same maker began may be continued.
    fingerprint TEXT,
    timing TEXT NOT NULL CHECK (timing IN ('words', 'cues', 'none')),
    duration_ms INTEGER,
    turns TEXT NOT NULL,
    -- Of the whole, once complete; until then each chunk keeps its own.
    stretches TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('partial', 'complete')),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX transcripts_of_episode ON transcripts (episode_id);
CREATE UNIQUE INDEX transcripts_begun ON transcripts (episode_id, fingerprint) WHERE state = 'partial';

CREATE TABLE transcript_chunks (
    id INTEGER PRIMARY KEY,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL CHECK (seq >= 0),
    first_word INTEGER NOT NULL CHECK (first_word >= 0),
    word_count INTEGER NOT NULL CHECK (word_count >= 0),
    start_ms INTEGER,
    end_ms INTEGER,
    -- [["text", [start, end] or null, confidence or null, 1 where no space stands before it], …]
    words TEXT NOT NULL,
    stretches TEXT NOT NULL,
    UNIQUE (transcript_id, seq)
) STRICT;
CREATE INDEX transcript_chunks_by_word ON transcript_chunks (transcript_id, first_word, word_count);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    episode_id INTEGER REFERENCES episodes (id) ON DELETE CASCADE,
    options TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    max_attempts INTEGER NOT NULL CHECK (max_attempts > 0),
    not_before_ms INTEGER NOT NULL,
    lease_until_ms INTEGER,
    worker TEXT,
    stage TEXT,
    progress REAL NOT NULL DEFAULT 0,
    done_ms INTEGER,
    total_ms INTEGER,
    error_message TEXT,
    error_remedy TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    CHECK (state <> 'running' OR (worker IS NOT NULL AND lease_until_ms IS NOT NULL))
) STRICT;
CREATE INDEX jobs_open ON jobs (priority DESC, id) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_of_episode ON jobs (episode_id, kind, state);
CREATE INDEX jobs_by_state ON jobs (state, id);

-- Which transcript of an episode the search index holds, and what made it.
CREATE TABLE indexed (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX indexed_transcripts ON indexed (transcript_id);
