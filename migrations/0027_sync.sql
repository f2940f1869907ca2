-- What an entry did: digest of the rows it left and of what it changed, per scope (daybook/digest.rs).
-- NULL for entries older than this.
ALTER TABLE daybook ADD COLUMN effect BYTES;
-- Why an entry was refused or deferred, or what was made of it with exceptions (JSON).
ALTER TABLE daybook ADD COLUMN reason TEXT;

-- The log of a server, one row per entry of its daybook: what devices pull.
CREATE TABLE log_entry (
    pos         INT NOT NULL PRIMARY KEY REFERENCES daybook (pos),
    received_at INT NOT NULL,           -- ms UTC, the server's clock
    chain       BYTES NOT NULL,         -- BLAKE3 over the chain before it and what this entry came to
    digests     BYTES NOT NULL,         -- digest of every scope after it
    confirmed   INT NOT NULL CHECK (confirmed IN (0, 1))  -- its device has the same rows already
) PLAIN;

-- The row images of an entry in one scope.
CREATE TABLE log_rows (
    pos    INT NOT NULL REFERENCES log_entry (pos),
    scope  TEXT NOT NULL,
    count  INT NOT NULL,
    images BYTES NOT NULL,
    PRIMARY KEY (pos, scope)
) CLUSTERED;

-- How far each device has pushed and pulled.
CREATE TABLE device_cursor (
    device    ID NOT NULL,
    epoch     INT NOT NULL,
    last_seq  INT NOT NULL,
    last_hash BYTES NOT NULL,
    pulled    INT NOT NULL,
    seen_at   INT NOT NULL,
    PRIMARY KEY (device, epoch)
) CLUSTERED;

-- An entry that a device sent again under another epoch.
CREATE TABLE entry_alias (
    device ID NOT NULL,
    epoch  INT NOT NULL,
    seq    INT NOT NULL,
    hash   BYTES NOT NULL,
    pos    INT NOT NULL REFERENCES daybook (pos),
    PRIMARY KEY (device, epoch, seq)
) CLUSTERED;

-- The digest of the rows of each scope: on a server of all, on a device of those the server confirmed.
CREATE TABLE scope_head (
    scope  TEXT NOT NULL PRIMARY KEY,
    digest BYTES NOT NULL
) PLAIN;

-- Work of this device that did not go through, until somebody deals with it.
CREATE TABLE attention (
    command     ID NOT NULL PRIMARY KEY,
    pos         INT NOT NULL REFERENCES daybook (pos),
    root        ID NOT NULL,            -- the command at which the chain of failures began
    raised_at   INT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'resubmitted', 'discarded')),
    remark      TEXT NOT NULL,
    resolved_by ID
) CLUSTERED;
CREATE INDEX attention_open ON attention (root, pos) WHERE state = 'open';

CREATE INDEX daybook_pending ON daybook (pos) WHERE state = 'pending';

-- Journals written before know rows by another hash; what they undo is final.
DELETE FROM daybook_undo;
