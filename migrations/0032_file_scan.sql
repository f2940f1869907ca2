-- What a server's scanner said of content. Content without a row is in quarantine.
CREATE TABLE file_scan (
    hash    TEXT NOT NULL PRIMARY KEY REFERENCES file_content (hash),
    state   TEXT NOT NULL CHECK (state IN ('quarantine', 'scanning', 'clean', 'infected', 'failed')),
    tries   INT NOT NULL,                   -- begun so far
    next_at INT NOT NULL,                   -- ms UTC: not scanned before; while scanning, when it counts as failed
    said    TEXT NOT NULL                   -- name of what was found, or why it failed
) PLAIN;
CREATE INDEX file_scan_due ON file_scan (next_at) WHERE state IN ('quarantine', 'scanning', 'failed');
