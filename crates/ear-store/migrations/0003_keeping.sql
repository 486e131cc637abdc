-- What is kept, and for how long: other readings of what was heard, rules for sound, sound that a rule removed.

-- Other readings of the chunk's sound, best first, as JSON; NULL where there are none.
ALTER TABLE transcript_chunks ADD COLUMN alternatives TEXT;

-- The rule for the sound of this show; NULL: that of the library.
ALTER TABLE shows ADD COLUMN keep TEXT;

-- When a rule removed the file, and which; NULL while the file is here.
ALTER TABLE recordings ADD COLUMN removed_at INTEGER;
ALTER TABLE recordings ADD COLUMN removed_by TEXT;

-- When a job was told to wait until not_before_ms: before that moment the clock was set back, and it does
-- not wait any more.
ALTER TABLE jobs ADD COLUMN waits_since_ms INTEGER NOT NULL DEFAULT 0;

-- Of a text beside sound: the share of what was heard that is in it, from 0 to 1; NULL while nobody compared.
ALTER TABLE transcripts ADD COLUMN covers REAL;

-- From here on lease_until_ms counts by a clock that nobody sets; what was written by the other means nothing.
UPDATE jobs SET lease_until_ms = -1 WHERE state = 'running';

CREATE TABLE settings (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
