-- Customers and suppliers.
CREATE TABLE party (
    id                 ID NOT NULL PRIMARY KEY,
    code               TEXT NOT NULL,
    code_key           TEXT UNIQUE,         -- the code in capitals: unique whatever the case; NULL for none
    name               TEXT NOT NULL,
    legal_name         TEXT NOT NULL,
    is_customer        INT NOT NULL CHECK (is_customer IN (0, 1)),
    is_supplier        INT NOT NULL CHECK (is_supplier IN (0, 1)),
    country            TEXT NOT NULL,
    language           TEXT NOT NULL,
    currency           TEXT,
    payment_days       INT CHECK (payment_days BETWEEN 0 AND 3650),
    credit_limit       INT,
    on_hold            INT NOT NULL CHECK (on_hold IN (0, 1)),
    email              TEXT NOT NULL,
    phone              TEXT NOT NULL,
    vat_id             TEXT NOT NULL,
    tax_number         TEXT NOT NULL,
    line1              TEXT NOT NULL,
    line2              TEXT NOT NULL,
    postcode           TEXT NOT NULL,
    city               TEXT NOT NULL,
    region             TEXT NOT NULL,
    receivable_account TEXT NOT NULL,
    payable_account    TEXT NOT NULL,
    price_list         ID,
    tags               TEXT NOT NULL,
    note               TEXT NOT NULL,
    archived           INT NOT NULL CHECK (archived IN (0, 1)),
    merged_into        ID REFERENCES party (id),
    CHECK (is_customer = 1 OR is_supplier = 1),
    CHECK (merged_into IS NULL OR (merged_into <> id AND archived = 1))
) CLUSTERED;
CREATE INDEX party_name ON party (name, id);
CREATE INDEX party_merged ON party (merged_into) WHERE merged_into IS NOT NULL;

-- Further addresses: where to deliver, where a branch is.
CREATE TABLE party_address (
    id       ID NOT NULL PRIMARY KEY,
    party    ID NOT NULL REFERENCES party (id),
    purpose  TEXT NOT NULL CHECK (purpose IN ('invoice', 'delivery', 'other')),
    name     TEXT NOT NULL,
    line1    TEXT NOT NULL,
    line2    TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city     TEXT NOT NULL,
    region   TEXT NOT NULL,
    country  TEXT NOT NULL,
    gln      TEXT NOT NULL,
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;
CREATE INDEX party_address_party ON party_address (party, id);

-- Registrations and electronic addresses.
CREATE TABLE party_identifier (
    id       ID NOT NULL PRIMARY KEY,
    party    ID NOT NULL REFERENCES party (id),
    kind     TEXT NOT NULL CHECK (kind IN ('vat', 'registration', 'gln', 'endpoint', 'other')),
    scheme   TEXT NOT NULL,
    value    TEXT NOT NULL,
    archived INT NOT NULL CHECK (archived IN (0, 1)),
    UNIQUE (party, kind, scheme, value)
) CLUSTERED;
