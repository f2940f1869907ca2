-- Taxes: what a company charges and pays.
CREATE TABLE tax (
    id               ID NOT NULL PRIMARY KEY,
    code             TEXT NOT NULL UNIQUE,
    name             TEXT NOT NULL,
    category         TEXT NOT NULL CHECK (category IN ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
    direction        TEXT NOT NULL CHECK (direction IN ('sales', 'purchases', 'both')),
    exemption_code   TEXT NOT NULL,
    exemption_text   TEXT NOT NULL,
    sales_account    TEXT NOT NULL,
    purchase_account TEXT NOT NULL,
    archived         INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;

-- Rates: each from its date until the next one's, or its own last day.
CREATE TABLE tax_rate (
    tax        ID NOT NULL REFERENCES tax (id),
    valid_from TEXT NOT NULL,
    valid_to   TEXT,
    rate       INT NOT NULL CHECK (rate BETWEEN 0 AND 100000000),
    used       INT NOT NULL CHECK (used IN (0, 1)),
    PRIMARY KEY (tax, valid_from)
) CLUSTERED;
NO UPDATE ON tax_rate WHEN OLD.used = 1 AND (OLD.rate <> NEW.rate OR NEW.used <> 1);

-- Which tax applies: the first rule that fits, in the order of n. NULL fits everything.
CREATE TABLE tax_rule (
    n          INT NOT NULL PRIMARY KEY,
    item_class TEXT CHECK (item_class IN ('standard', 'reduced', 'second_reduced', 'super_reduced', 'zero', 'exempt', 'outside')),
    item_kind  TEXT CHECK (item_kind IN ('goods', 'service')),
    zone       TEXT CHECK (zone IN ('domestic', 'eu', 'world')),
    vat_id     INT CHECK (vat_id IN (0, 1)),
    valid_from TEXT,
    valid_to   TEXT,
    sales      ID NOT NULL REFERENCES tax (id),
    purchases  ID NOT NULL REFERENCES tax (id)
) PLAIN;
