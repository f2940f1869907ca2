-- Content of files, in pieces, under the BLAKE3 hash of the whole. Written by the kernel, outside the daybook.
CREATE TABLE file_content (
    hash      TEXT NOT NULL PRIMARY KEY,
    size      INT NOT NULL CHECK (size > 0),
    stored_at INT NOT NULL              -- when somebody last handed it over
) PLAIN;
CREATE TABLE file_chunk (
    hash  TEXT NOT NULL REFERENCES file_content (hash),
    n     INT NOT NULL,                 -- from 1
    bytes BYTES NOT NULL,               -- at most 256 KiB
    PRIMARY KEY (hash, n)
) PLAIN;
NO UPDATE ON file_chunk;

-- What content is attached to, and as what.
CREATE TABLE file_attachment (
    subject_kind TEXT NOT NULL,         -- the table of the subject
    subject      ID NOT NULL,
    n            INT NOT NULL,
    hash         TEXT NOT NULL,
    name         TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    size         INT NOT NULL,
    kept         INT NOT NULL CHECK (kept IN (0, 1)),   -- on something posted: stays for good
    PRIMARY KEY (subject_kind, subject, n)
) CLUSTERED;
CREATE INDEX file_attachment_hash ON file_attachment (hash);
NO UPDATE ON file_attachment WHEN OLD.kept = 1;
NO DELETE ON file_attachment WHEN OLD.kept = 1;
NO INSERT ON file_attachment WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.subject AND state <> 'draft');
