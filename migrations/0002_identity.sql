-- The firm these books are of: exactly one row.
CREATE TABLE company (
    id              ID NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    legal_form      TEXT NOT NULL,
    country         TEXT NOT NULL,
    currency        TEXT NOT NULL,
    chart           TEXT NOT NULL,
    fiscal_month    INT NOT NULL CHECK (fiscal_month BETWEEN 1 AND 12),
    sample          INT NOT NULL CHECK (sample IN (0, 1)),
    tax_rounding    TEXT NOT NULL CHECK (tax_rounding IN ('group', 'line')),
    valuation       TEXT NOT NULL CHECK (valuation IN ('average', 'fifo')),
    line1           TEXT NOT NULL,
    line2           TEXT NOT NULL,
    postcode        TEXT NOT NULL,
    city            TEXT NOT NULL,
    region          TEXT NOT NULL,
    vat_id          TEXT NOT NULL,
    tax_number      TEXT NOT NULL,
    registration    TEXT NOT NULL,
    endpoint        TEXT NOT NULL,
    endpoint_scheme TEXT NOT NULL,
    contact_name    TEXT NOT NULL,
    phone           TEXT NOT NULL,
    email           TEXT NOT NULL,
    website         TEXT NOT NULL,
    iban            TEXT NOT NULL,
    bic             TEXT NOT NULL,
    bank_name       TEXT NOT NULL,
    footer          TEXT NOT NULL
) CLUSTERED;

CREATE TABLE app_user (
    id       ID NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'accountant', 'sales', 'purchasing', 'warehouse', 'auditor')),
    email    TEXT NOT NULL,
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;

CREATE TABLE device (
    id       ID NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    letter   TEXT NOT NULL UNIQUE,
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;
