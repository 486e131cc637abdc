-- Names of people, places, organisations and things, where they are said, and proposals that heard words stand
-- for one. Names, spellings and decisions are ground; which names an episode has, mentions and what is only
-- proposed are made from words, and made again.

CREATE TABLE names (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT CHECK (kind IN ('person', 'place', 'organisation', 'thing')),
    role TEXT,
    followed INTEGER NOT NULL DEFAULT 0,
    -- The user made, renamed, joined or split it, or gave it its kind: it is never swept.
    by_hand INTEGER NOT NULL DEFAULT 0,
    -- The kind is the user's, also where it is NULL.
    kind_by_hand INTEGER NOT NULL DEFAULT 0,
    -- When it was last met.
    found_at INTEGER NOT NULL
) STRICT;

-- All right spellings of a name, itself among them. Two people may share one.
CREATE TABLE name_spellings (
    name_id INTEGER NOT NULL REFERENCES names (id) ON DELETE CASCADE,
    -- As compared: lower case, without accents, marks at the ends and possessive.
    folded TEXT NOT NULL,
    text TEXT NOT NULL,
    -- A part has some of the name's words; several names share it easily.
    form TEXT NOT NULL CHECK (form IN ('name', 'spelling', 'part')),
    by_hand INTEGER NOT NULL,
    PRIMARY KEY (name_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX name_spellings_by_folded ON name_spellings (folded, name_id);

-- Names that were joined into another.
CREATE TABLE names_forwarded (
    old_id INTEGER PRIMARY KEY,
    name_id INTEGER NOT NULL REFERENCES names (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX names_forwarded_to ON names_forwarded (name_id);

-- Spellings that a name does not take, because the user said that they are another's.
CREATE TABLE names_apart (
    name_id INTEGER NOT NULL REFERENCES names (id) ON DELETE CASCADE,
    folded TEXT NOT NULL,
    other_id INTEGER NOT NULL REFERENCES names (id) ON DELETE CASCADE,
    PRIMARY KEY (name_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_apart_from ON names_apart (other_id);

-- Of which transcript the names of an episode were made, and by what.
CREATE TABLE names_made (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    maker TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX names_made_of ON names_made (transcript_id);

CREATE TABLE episode_names (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    name_id INTEGER NOT NULL REFERENCES names (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    -- Where it was met, as JSON.
    sources TEXT NOT NULL,
    -- The publisher or the user names it for this episode.
    credited INTEGER NOT NULL,
    -- How often it is said, by words or accepted repairs.
    said INTEGER NOT NULL,
    PRIMARY KEY (episode_id, name_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_names_by_name ON episode_names (name_id, said);

-- Words that spell a name.
CREATE TABLE mentions (
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    first_word INTEGER NOT NULL CHECK (first_word >= 0),
    end_word INTEGER NOT NULL,
    name_id INTEGER NOT NULL REFERENCES names (id),
    start_ms INTEGER,
    end_ms INTEGER,
    heard TEXT NOT NULL,
    PRIMARY KEY (transcript_id, first_word, name_id),
    CHECK (end_word > first_word)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_of_name ON mentions (name_id, heard);

CREATE TABLE repairs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    first_word INTEGER NOT NULL CHECK (first_word >= 0),
    end_word INTEGER NOT NULL,
    name_id INTEGER NOT NULL REFERENCES names (id),
    start_ms INTEGER,
    end_ms INTEGER,
    heard TEXT NOT NULL,
    heard_folded TEXT NOT NULL,
    meant TEXT NOT NULL CHECK (meant <> ''),
    probability REAL NOT NULL,
    evidence TEXT NOT NULL,
    runner_up TEXT,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'accepted', 'refused')),
    by_hand INTEGER NOT NULL,
    UNIQUE (transcript_id, first_word, end_word, name_id),
    CHECK (end_word > first_word)
) STRICT;
CREATE INDEX repairs_accepted ON repairs (transcript_id, first_word) WHERE state = 'accepted';
CREATE INDEX repairs_of_name ON repairs (name_id, state);
CREATE INDEX repairs_decided ON repairs (heard_folded, name_id, state) WHERE state <> 'proposed';
CREATE INDEX repairs_alike ON repairs (heard_folded, name_id);

-- Every decision about a repair; those made at once have the same batch.
CREATE TABLE repair_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    at INTEGER NOT NULL,
    repair_id INTEGER NOT NULL REFERENCES repairs (id) ON DELETE CASCADE,
    -- NULL where the repair was made by this decision.
    old_state TEXT,
    new_state TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX repair_decisions_of_repair ON repair_decisions (repair_id);
CREATE INDEX repair_decisions_open ON repair_decisions (batch) WHERE undone = 0;

-- What is read: names spelled by words, but where an accepted repair reads otherwise, and accepted repairs. No
-- two of these overlap, so that only the last that begins before a mention's end can reach into it.
CREATE VIEW said AS
    SELECT transcript_id, first_word, end_word, name_id, start_ms, end_ms, heard, 0 AS repaired FROM mentions
    WHERE coalesce((SELECT repairs.end_word FROM repairs WHERE repairs.transcript_id = mentions.transcript_id
        AND state = 'accepted' AND repairs.first_word < mentions.end_word
        ORDER BY repairs.first_word DESC LIMIT 1), 0) <= mentions.first_word
    UNION ALL
    SELECT transcript_id, first_word, end_word, name_id, start_ms, end_ms, heard, 1 FROM repairs
    WHERE state = 'accepted';
