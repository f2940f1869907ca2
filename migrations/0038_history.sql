-- What people may undo: the newest steps of each person, and where each person's steps begin and end (history/model.rs).
CREATE TABLE history_trail (
    actor  ID NOT NULL PRIMARY KEY REFERENCES app_user (id),
    first  INT NOT NULL,                -- the oldest step that is kept
    last   INT NOT NULL,                -- the newest
    size   INT NOT NULL,                -- bytes of their changes
    undone INT NOT NULL                 -- how many of them are undone now
) CLUSTERED;

CREATE TABLE history_step (
    actor   ID NOT NULL REFERENCES app_user (id),
    n       INT NOT NULL,
    command ID NOT NULL,                -- the entry whose changes they are
    name    TEXT NOT NULL,              -- its command
    done_at INT NOT NULL,               -- ms UTC
    undone  INT NOT NULL,               -- 0, or as which of the undone ones it was undone
    changes BYTES NOT NULL,             -- each changed row: what the columns said before and after (CBOR)
    PRIMARY KEY (actor, n)
) CLUSTERED;

-- The changes of a step that only those see who see costs.
CREATE TABLE history_cost (
    actor   ID NOT NULL,
    n       INT NOT NULL,
    changes BYTES NOT NULL,
    PRIMARY KEY (actor, n)
) CLUSTERED;
