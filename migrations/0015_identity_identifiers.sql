-- What EN 16931 knows of a seller beyond the first books: trading name (BT-28), scheme of the registration (BT-30),
-- third address line (BT-162), and identifiers by scheme (BT-29), which repeat.
ALTER TABLE company ADD COLUMN trading_name TEXT NOT NULL DEFAULT '';
ALTER TABLE company ADD COLUMN registration_scheme TEXT NOT NULL DEFAULT '';
ALTER TABLE company ADD COLUMN line3 TEXT NOT NULL DEFAULT '';

CREATE TABLE company_identifier (
    id       ID NOT NULL PRIMARY KEY,
    scheme   TEXT NOT NULL,
    value    TEXT NOT NULL,
    archived INT NOT NULL CHECK (archived IN (0, 1)),
    UNIQUE (scheme, value)
) CLUSTERED;
