-- What the user did to names and repairs, one act after another, so that the last can be taken back, whatever it was.
-- Decisions about repairs stay in repair_decisions, whose batch is the act; all else an act changed is in act_rows.

CREATE TABLE acts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    -- The name it was about, as it was called then, and what it was given, became or was joined with.
    name TEXT,
    other TEXT,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO acts (id, at, what, undone)
    SELECT batch, min(at), 'decided', min(undone) FROM repair_decisions GROUP BY batch;

-- Rows as they were before an act, so that they can be put back.
CREATE TABLE act_rows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    act INTEGER NOT NULL REFERENCES acts (id) ON DELETE CASCADE,
    of_table TEXT NOT NULL,
    -- The columns of the primary key as a JSON object.
    key TEXT NOT NULL,
    -- made: it did not exist; changed: these columns had these values; gone: the whole row.
    how TEXT NOT NULL CHECK (how IN ('made', 'changed', 'gone')),
    old TEXT NOT NULL
) STRICT;
CREATE INDEX act_rows_of_act ON act_rows (act);

-- The user wants to see it no more: it is in no list, and nothing is proposed to stand for it.
ALTER TABLE names ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;
CREATE INDEX names_forgotten ON names (id) WHERE forgotten;

-- As before, without the names that the user wants to see no more. What an accepted repair of one reads stays.
DROP VIEW said;
CREATE VIEW said AS
    SELECT transcript_id, first_word, end_word, name_id, start_ms, end_ms, heard, 0 AS repaired FROM mentions
    WHERE coalesce((SELECT repairs.end_word FROM repairs WHERE repairs.transcript_id = mentions.transcript_id
        AND state = 'accepted' AND repairs.first_word < mentions.end_word
        ORDER BY repairs.first_word DESC LIMIT 1), 0) <= mentions.first_word
        AND name_id NOT IN (SELECT id FROM names WHERE forgotten)
    UNION ALL
    SELECT transcript_id, first_word, end_word, name_id, start_ms, end_ms, heard, 1 FROM repairs
    WHERE state = 'accepted' AND name_id NOT IN (SELECT id FROM names WHERE forgotten);
