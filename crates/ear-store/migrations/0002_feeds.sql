-- Feeds and what they offer, documents kept as they came, and what publisher and user say of an episode.

CREATE TABLE feeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    show_id INTEGER NOT NULL REFERENCES shows (id) ON DELETE CASCADE,
    -- As the user named it: http, https or file.
    url TEXT NOT NULL UNIQUE,
    -- The feed's own name for itself, which outlives its address.
    guid TEXT,
    -- What it says it is in, as a hint; and what the user says is spoken.
    language TEXT,
    spoken TEXT,
    -- Names that the user expects in all its episodes, one a line.
    names TEXT,
    -- The user allows addresses of this machine and its network.
    allow_private INTEGER NOT NULL DEFAULT 0,
    -- The model its episodes are recognised with; NULL is the default.
    model TEXT,
    -- What the server said of the last answer, to ask whether there is another.
    etag TEXT,
    last_modified TEXT,
    checked_at INTEGER,
    succeeded_at INTEGER,
    -- Failures in a row.
    failures INTEGER NOT NULL DEFAULT 0,
    error_message TEXT,
    error_remedy TEXT,
    added_at INTEGER NOT NULL
) STRICT;
CREATE INDEX feeds_of_show ON feeds (show_id);

-- Every item that a feed was ever seen to offer. One that was taken and has no episode was removed by the
-- user, and stays away.
CREATE TABLE feed_items (
    feed_id INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    taken INTEGER NOT NULL,
    episode_id INTEGER REFERENCES episodes (id) ON DELETE SET NULL,
    -- Of its sound: the same sound under another key is the same item.
    enclosure TEXT,
    -- What was asked for beside the sound, as JSON: asked for again only when it is another.
    links TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (feed_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_items_of_episode ON feed_items (episode_id);
CREATE INDEX feed_items_by_enclosure ON feed_items (feed_id, enclosure);

-- What came beside the sound, as it came: transcripts, chapters, lists of names.
CREATE TABLE documents (
    hash TEXT PRIMARY KEY NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE episode_documents (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('transcript', 'chapters', 'names')),
    hash TEXT NOT NULL REFERENCES documents (hash),
    -- The address or path it came from.
    source TEXT NOT NULL,
    media_type TEXT,
    language TEXT,
    transcript_id INTEGER REFERENCES transcripts (id) ON DELETE SET NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (episode_id, kind, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_documents_by_hash ON episode_documents (hash);
CREATE INDEX episode_documents_of_transcript ON episode_documents (transcript_id);

CREATE TABLE chapters (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    start_ms INTEGER NOT NULL CHECK (start_ms >= 0),
    end_ms INTEGER,
    title TEXT NOT NULL,
    url TEXT,
    PRIMARY KEY (episode_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE credits (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    role TEXT,
    url TEXT,
    PRIMARY KEY (episode_id, seq)
) STRICT, WITHOUT ROWID;

-- What a feed says of an episode beside title, date and notes; and the names that the user expects in it,
-- one a line, as they were written.
CREATE TABLE episode_facts (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    link TEXT,
    season INTEGER,
    number INTEGER,
    kind TEXT,
    explicit INTEGER,
    -- As the feed says; the sound's own length is with the recording.
    duration_ms INTEGER,
    names TEXT
) STRICT;

-- The files that episodes came from, so that a renamed file is known and its neighbours are found.
CREATE TABLE episode_files (
    path TEXT PRIMARY KEY NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_files_of_episode ON episode_files (episode_id);
CREATE INDEX episode_files_by_hash ON episode_files (hash);
