-- What somebody asks another to do, because a role does not grant it: a decision as a command of the register.
CREATE TABLE approval (
    id         ID NOT NULL PRIMARY KEY,
    asker      ID NOT NULL REFERENCES app_user (id),
    command    TEXT NOT NULL,           -- its name
    needs      TEXT NOT NULL,           -- the permission that it needs
    args       TEXT NOT NULL,           -- its arguments (JSON)
    reason     TEXT NOT NULL,           -- why it is asked for
    asked_at   INT NOT NULL,            -- ms UTC
    state      TEXT NOT NULL CHECK (state IN ('asked', 'approved', 'denied', 'withdrawn')),
    decided_by ID REFERENCES app_user (id),
    decided_at INT,                     -- ms UTC
    remark     TEXT NOT NULL,           -- why it was denied
    CHECK (decided_by IS NULL OR decided_by <> asker)
) CLUSTERED;
CREATE INDEX approval_open ON approval (asked_at) WHERE state IN ('asked', 'denied');
CREATE INDEX approval_order ON approval (asked_at, id);
