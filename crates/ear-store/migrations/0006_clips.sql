-- Clips: topical stretches of an episode. They are made from words and made again, with the same ids as long as
-- they cover the same. What the user did to them, and what was heard, is ground.

CREATE TABLE clips (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    -- Their order within the episode.
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('topic', 'publisher', 'advertisement', 'music')),
    label TEXT,
    -- Equal for music, which has no words.
    first_word INTEGER NOT NULL CHECK (first_word >= 0),
    end_word INTEGER NOT NULL CHECK (end_word >= first_word),
    start_ms INTEGER,
    end_ms INTEGER,
    chapter TEXT,
    -- Headline, summary and keywords, as JSON.
    description TEXT NOT NULL,
    broken_off INTEGER NOT NULL,
    -- The user set its edges, its headline or its kind.
    by_hand INTEGER NOT NULL,
    -- What it is about, as the maker of vectors writes it.
    vector BLOB
) STRICT;
CREATE INDEX clips_of_transcript ON clips (transcript_id, seq);
CREATE INDEX clips_of_episode ON clips (episode_id, seq);

-- Clips that are no more, what they covered, and the clip that took their place.
CREATE TABLE clips_gone (
    id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    clip_id INTEGER REFERENCES clips (id) ON DELETE SET NULL,
    transcript_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    first_word INTEGER NOT NULL,
    end_word INTEGER NOT NULL,
    start_ms INTEGER,
    end_ms INTEGER
) STRICT;
CREATE INDEX clips_gone_to ON clips_gone (clip_id);
CREATE INDEX clips_gone_of_episode ON clips_gone (episode_id);

-- Of which transcript the clips of an episode were made, by what, and of what else.
CREATE TABLE clips_made (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    transcript_id INTEGER NOT NULL REFERENCES transcripts (id) ON DELETE CASCADE,
    maker TEXT NOT NULL,
    made_of TEXT NOT NULL,
    -- How many edits and undoings there had been.
    edits INTEGER NOT NULL,
    -- Counts how often they were made.
    version INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX clips_made_of ON clips_made (transcript_id);

-- Ids stay those of clips that are no more: they may come again.
CREATE TABLE clip_heard (
    clip_id INTEGER PRIMARY KEY,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX clip_heard_of_episode ON clip_heard (episode_id);

-- What the user did, so that it can be undone.
CREATE TABLE clip_edits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX clip_edits_of_episode ON clip_edits (episode_id, undone);

-- What an edit says of words: that they are one clip, or how the clip is called or what it is.
CREATE TABLE clip_work (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    -- Whose words these are; elsewhere, their times tell.
    transcript_id INTEGER NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('range', 'headline', 'kind')),
    first_word INTEGER NOT NULL CHECK (first_word >= 0),
    end_word INTEGER NOT NULL CHECK (end_word > first_word),
    start_ms INTEGER,
    end_ms INTEGER,
    value TEXT,
    made_by INTEGER NOT NULL REFERENCES clip_edits (id) ON DELETE CASCADE,
    -- The edit that put other work in its place.
    ended_by INTEGER REFERENCES clip_edits (id)
) STRICT;
CREATE INDEX clip_work_of_episode ON clip_work (episode_id);
CREATE INDEX clip_work_made_by ON clip_work (made_by);
CREATE INDEX clip_work_ended_by ON clip_work (ended_by);

-- Which sentences an episode says, to know those that stand in many: advertisements, credits.
CREATE TABLE sentence_keys (
    key INTEGER NOT NULL,
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    PRIMARY KEY (key, episode_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sentence_keys_of_episode ON sentence_keys (episode_id);
