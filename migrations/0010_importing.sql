-- A file that was imported: one transaction, all or nothing.
CREATE TABLE import_batch (
    id           ID NOT NULL PRIMARY KEY,
    kind         TEXT NOT NULL,
    file_name    TEXT NOT NULL,
    file_hash    TEXT NOT NULL,
    mapping      TEXT NOT NULL,
    row_count    INT NOT NULL,
    invoices     INT NOT NULL,
    credit_notes INT NOT NULL,
    adjustments  INT NOT NULL,
    new_parties  INT NOT NULL,
    new_items    INT NOT NULL,
    net          INT NOT NULL,
    credit_net   INT NOT NULL,
    currency     TEXT NOT NULL,
    imported_at  INT NOT NULL,
    undone_at    INT
) CLUSTERED;
CREATE INDEX import_batch_hash ON import_batch (file_hash);

-- What became of every source row: a line of a document, a stock adjustment, or nothing, with a reason.
CREATE TABLE import_row (
    batch    ID NOT NULL REFERENCES import_batch (id),
    n        INT NOT NULL,     -- row of the file, the header being 1
    outcome  TEXT NOT NULL CHECK (outcome IN ('line', 'adjustment', 'record', 'skipped')),
    subject  ID,               -- the document, adjustment or record
    line     INT NOT NULL,     -- the line of the document
    PRIMARY KEY (batch, n)
) CLUSTERED;
CREATE INDEX import_row_subject ON import_row (subject, line);
NO UPDATE ON import_row;
NO DELETE ON import_row;

-- What the import report says: about a row, or about several rows of the same sort.
CREATE TABLE import_issue (
    batch   ID NOT NULL REFERENCES import_batch (id),
    n       INT NOT NULL,
    row_n   INT NOT NULL,      -- the first row it is about
    rows    INT NOT NULL,      -- how many
    field   TEXT NOT NULL,
    code    TEXT NOT NULL,
    value   TEXT NOT NULL,
    PRIMARY KEY (batch, n)
) CLUSTERED;

-- Column mappings that were used, by the header of the file they were used for.
CREATE TABLE import_mapping (
    kind    TEXT NOT NULL,
    header  TEXT NOT NULL,
    mapping TEXT NOT NULL,
    PRIMARY KEY (kind, header)
) PLAIN;
