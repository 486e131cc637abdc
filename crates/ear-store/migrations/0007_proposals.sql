-- What language models proposed to say of clips. Kept so that nothing is asked twice; checked again each time before any
-- of it is shown.

CREATE TABLE clip_proposals (
    episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
    -- Of the model and all that it was asked.
    key TEXT NOT NULL,
    -- As it came; empty for one that was too long to be read.
    answer TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (episode_id, key)
) STRICT, WITHOUT ROWID;

-- For which clips of an episode a model was asked last.
CREATE TABLE clips_proposed (
    episode_id INTEGER PRIMARY KEY REFERENCES episodes (id) ON DELETE CASCADE,
    -- Of clips_made.
    version INTEGER NOT NULL,
    model TEXT NOT NULL,
    -- Headlines, sentences and whole answers that were refused.
    refused INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
