-- A series of legal numbers: one document type, one device, one year. One writer, hence gapless.
CREATE TABLE number_series (
    id        ID NOT NULL PRIMARY KEY,
    document  TEXT NOT NULL,
    device    ID NOT NULL REFERENCES device (id),
    year      INT NOT NULL,
    pattern   TEXT NOT NULL,
    last      INT NOT NULL,
    last_hash TEXT NOT NULL,
    origin    TEXT NOT NULL CHECK (origin IN ('daybook', 'imported')),
    UNIQUE (document, device, year, origin)
) CLUSTERED;

-- A number that was given out, with the hash of the one before it in its series.
CREATE TABLE number_issued (
    series    ID NOT NULL REFERENCES number_series (id),
    n         INT NOT NULL,
    text      TEXT NOT NULL,
    document  TEXT NOT NULL,
    subject   ID NOT NULL,
    issued_on TEXT NOT NULL,
    content   TEXT NOT NULL,
    prev      TEXT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (series, n),
    UNIQUE (document, text)
) CLUSTERED;
NO UPDATE ON number_issued;
NO DELETE ON number_issued;
