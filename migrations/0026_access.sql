-- Who may come in from outside. Kernel tables of the server: never replicated, never dumped, written outside the record door.
CREATE TABLE access_account (
    user_id      ID NOT NULL PRIMARY KEY,   -- a person of app_user
    email        TEXT NOT NULL UNIQUE,      -- lower case: the name to sign in with
    hash         TEXT NOT NULL,             -- argon2id, PHC string
    one_time     INT NOT NULL CHECK (one_time IN (0, 1)),   -- to be replaced at the next sign-in
    expires      INT NOT NULL,              -- ms UTC: when a one-time password ends; 0 for others
    disabled     INT NOT NULL CHECK (disabled IN (0, 1)),
    failures     INT NOT NULL,              -- wrong passwords in a row
    locked_until INT NOT NULL,              -- ms UTC
    not_before   INT NOT NULL               -- ms UTC: tokens issued earlier are not accepted
) CLUSTERED;

-- Machines that proved a key of their own. The business side (name, letter) is in device.
CREATE TABLE access_device (
    id            ID NOT NULL PRIMARY KEY,
    key           BYTES NOT NULL UNIQUE,    -- Ed25519, 32 bytes
    user_id       ID NOT NULL REFERENCES access_account (user_id),
    registered_at INT NOT NULL,
    seen_at       INT NOT NULL,
    revoked_at    INT                       -- no answer to it any more
) CLUSTERED;

-- A sign-in and everything refreshed from it.
CREATE TABLE access_session (
    id         ID NOT NULL PRIMARY KEY,
    user_id    ID NOT NULL REFERENCES access_account (user_id),
    device_id  ID REFERENCES access_device (id),
    current    BYTES NOT NULL,              -- BLAKE3 of the refresh token that is good now
    previous   BYTES NOT NULL,              -- of the one before it
    started_at INT NOT NULL,
    rotated_at INT NOT NULL,
    expires    INT NOT NULL,
    revoked_at INT
) CLUSTERED;
CREATE INDEX access_session_user ON access_session (user_id);
CREATE INDEX access_session_device ON access_session (device_id);

-- Facts about the tenant as a whole: suspended.
CREATE TABLE access_state (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) PLAIN;
