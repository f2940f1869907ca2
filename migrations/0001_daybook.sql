-- The book of original entry: outbox, idempotency record and audit trail at once.
CREATE TABLE daybook (
    pos          INT NOT NULL PRIMARY KEY,  -- dense, in commit order
    command      ID NOT NULL UNIQUE,
    device       ID NOT NULL,
    epoch        INT NOT NULL,
    seq          INT NOT NULL,              -- dense per (device, epoch)
    name         TEXT NOT NULL,
    actor        ID NOT NULL,
    recorded_at  INT NOT NULL,              -- ms UTC, the device's clock
    batch        ID,                        -- the import or other batch it belongs to
    envelope     BYTES NOT NULL,            -- exact bytes that were hashed
    content_hash BYTES NOT NULL,            -- over name, version and arguments
    prev         BYTES NOT NULL,            -- hash of the entry before it
    hash         BYTES NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('local', 'pending', 'accepted', 'excepted', 'refused', 'deferred')),
    result       BYTES NOT NULL,            -- the answer, replayed to a retry
    UNIQUE (device, epoch, seq)
) PLAIN;
CREATE INDEX daybook_batch ON daybook (batch, pos);
NO DELETE ON daybook;
NO UPDATE ON daybook WHEN OLD.hash <> NEW.hash OR OLD.envelope <> NEW.envelope OR OLD.pos <> NEW.pos OR OLD.command <> NEW.command OR OLD.result <> NEW.result;

-- How to take back what an entry did, for as long as it may have to be.
CREATE TABLE daybook_undo (
    pos     INT NOT NULL PRIMARY KEY REFERENCES daybook (pos),
    schema  INT NOT NULL,
    journal BYTES NOT NULL
) PLAIN;

-- Side effects (mail, webhook, PDF) that happen after the commit, at least once, with a stable id.
CREATE TABLE event (
    pos     INT NOT NULL REFERENCES daybook (pos),
    n       INT NOT NULL,
    name    TEXT NOT NULL,
    subject ID NOT NULL,
    body    TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    PRIMARY KEY (pos, n)
) CLUSTERED;
CREATE INDEX event_waiting ON event (pos, n) WHERE state = 'waiting';

-- What this device knows of itself; never leaves it.
CREATE TABLE device_state (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) PLAIN;
