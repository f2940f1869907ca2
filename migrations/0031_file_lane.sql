-- Content on its way here, in pieces; it becomes content once its hash is right. Kernel tables, never replicated, never dumped.
CREATE TABLE file_arriving (
    hash    TEXT NOT NULL PRIMARY KEY,
    size    INT NOT NULL CHECK (size > 0),  -- bytes of the whole
    came_at INT NOT NULL                    -- ms UTC: the newest piece
) PLAIN;
CREATE TABLE file_piece (
    hash  TEXT NOT NULL REFERENCES file_arriving (hash),
    n     INT NOT NULL CHECK (n > 0),       -- from 1, without gaps
    bytes BYTES NOT NULL,                   -- 256 KiB, the last one less
    PRIMARY KEY (hash, n)
) PLAIN;

-- What a device knows of its server's copy of content, and whether somebody here waits for it.
CREATE TABLE file_way (
    hash     TEXT NOT NULL PRIMARY KEY,
    state    TEXT NOT NULL,                 -- as the server last said; empty before
    has      INT NOT NULL,                  -- pieces that the server has
    asked_at INT NOT NULL,                  -- ms UTC
    wanted   INT NOT NULL CHECK (wanted IN (0, 1)),
    reason   TEXT                           -- why it does not go on: an error as JSON
) PLAIN;
