-- A place of a series whose document is not in the books, though its number is out in the world: the entry
-- that took it did not go through, or a server that was restored has not got it again.
CREATE TABLE number_held (
    series  ID NOT NULL REFERENCES number_series (id),
    n       INT NOT NULL,
    command ID NOT NULL,                -- of the entry that took the number, or of the one that came after it
    PRIMARY KEY (series, n)
) CLUSTERED;
NO UPDATE ON number_held;
