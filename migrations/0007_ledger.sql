-- The chart of accounts. A heading groups, a postable account takes lines.
CREATE TABLE account (
    id       ID NOT NULL PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
    role     TEXT UNIQUE,               -- the one account the program posts to for this purpose
    parent   ID REFERENCES account (id),
    postable INT NOT NULL CHECK (postable IN (0, 1)),
    by_party INT NOT NULL CHECK (by_party IN (0, 1)),
    currency TEXT,
    archived INT NOT NULL CHECK (archived IN (0, 1)),
    CHECK (role IS NULL OR (postable = 1 AND archived = 0)),
    CHECK (by_party = 0 OR (postable = 1 AND kind IN ('asset', 'liability'))),
    CHECK (role IS NULL OR role NOT IN ('receivable', 'payable') OR by_party = 1)
) CLUSTERED;

CREATE TABLE journal (
    id   ID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sales', 'purchases', 'stock', 'bank', 'general', 'opening'))
) CLUSTERED;

-- How far each area is closed: one soft and one hard row; the soft one may be reopened for a time.
CREATE TABLE period_lock (
    area           TEXT NOT NULL CHECK (area IN ('all', 'sales', 'purchases', 'stock', 'tax')),
    hard           INT NOT NULL CHECK (hard IN (0, 1)),
    locked_through TEXT NOT NULL,
    reason         TEXT NOT NULL,
    reopen_from    INT,
    reopen_until   INT,
    PRIMARY KEY (area, hard),
    CHECK ((reopen_from IS NULL) = (reopen_until IS NULL)),
    CHECK (hard = 0 OR reopen_from IS NULL)
) CLUSTERED;
NO DELETE ON period_lock;
NO UPDATE ON period_lock WHEN OLD.hard = 1 AND NEW.locked_through < OLD.locked_through;

-- The newest entry number of a journal in a fiscal year.
CREATE TABLE entry_series (
    journal ID NOT NULL REFERENCES journal (id),
    year    TEXT NOT NULL,
    last    INT NOT NULL CHECK (last > 0),
    PRIMARY KEY (journal, year)
) CLUSTERED;
NO DELETE ON entry_series;

CREATE TABLE journal_entry (
    id            ID NOT NULL PRIMARY KEY,
    journal       ID NOT NULL REFERENCES journal (id),
    year          TEXT NOT NULL,
    number        INT NOT NULL CHECK (number > 0),
    date          TEXT NOT NULL,
    document_date TEXT NOT NULL,
    recorded_at   INT NOT NULL,         -- also the validation date: posted is final
    source        TEXT NOT NULL,
    source_id     ID,
    reference     TEXT NOT NULL,
    text          TEXT NOT NULL,
    reverses      ID REFERENCES journal_entry (id),
    UNIQUE (journal, year, number)
) CLUSTERED;
CREATE INDEX journal_entry_date ON journal_entry (date, id);
CREATE INDEX journal_entry_source ON journal_entry (source_id) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX journal_entry_reverses ON journal_entry (reverses) WHERE reverses IS NOT NULL;

-- Lines come first, then their entry, which seals them: hence the deferred link.
CREATE TABLE journal_line (
    entry           ID NOT NULL REFERENCES journal_entry (id) DEFERRABLE INITIALLY DEFERRED,
    n               INT NOT NULL CHECK (n > 0),
    account         ID NOT NULL REFERENCES account (id),
    date            TEXT NOT NULL,      -- the entry's
    party           ID REFERENCES party (id),
    debit           INT NOT NULL CHECK (debit >= 0),
    credit          INT NOT NULL CHECK (credit >= 0),
    currency        TEXT NOT NULL,
    foreign_amount  INT CHECK (foreign_amount >= 0),
    text            TEXT NOT NULL,
    tax             TEXT,
    tax_base        INT,
    due_date        TEXT,
    counter_account ID REFERENCES account (id),
    PRIMARY KEY (entry, n),
    CHECK ((debit = 0) <> (credit = 0))
) CLUSTERED;
CREATE INDEX journal_line_account ON journal_line (account, date, entry, n, debit, credit);
CREATE INDEX journal_line_party ON journal_line (party, account, date, entry, n, debit, credit) WHERE party IS NOT NULL;

NO UPDATE ON journal_line;
NO DELETE ON journal_line;
NO INSERT ON journal_line WHEN EXISTS (SELECT 1 FROM journal_entry WHERE id = NEW.entry);
NO UPDATE ON journal_entry;
NO DELETE ON journal_entry;
NO INSERT ON journal_entry WHEN (SELECT coalesce(sum(debit) - sum(credit), 1) FROM journal_line WHERE entry = NEW.id) <> 0;

-- Maintained: Σ lines per account and month.
CREATE TABLE account_balance (
    account ID NOT NULL REFERENCES account (id),
    month   TEXT NOT NULL,
    debit   INT NOT NULL,
    credit  INT NOT NULL,
    PRIMARY KEY (account, month)
) CLUSTERED;

-- Maintained: Σ lines per party, account and month.
CREATE TABLE party_balance (
    party   ID NOT NULL REFERENCES party (id),
    account ID NOT NULL REFERENCES account (id),
    month   TEXT NOT NULL,
    debit   INT NOT NULL,
    credit  INT NOT NULL,
    PRIMARY KEY (party, account, month)
) CLUSTERED;

-- Maintained: what is still open of each receivable or payable line; debit positive.
CREATE TABLE open_item (
    entry     ID NOT NULL,
    n         INT NOT NULL,
    party     ID NOT NULL REFERENCES party (id),
    account   ID NOT NULL REFERENCES account (id),
    date      TEXT NOT NULL,
    due_date  TEXT NOT NULL,
    reference TEXT NOT NULL,
    amount    INT NOT NULL,
    open      INT NOT NULL,
    currency  TEXT NOT NULL,
    PRIMARY KEY (entry, n),
    FOREIGN KEY (entry, n) REFERENCES journal_line (entry, n),
    CHECK ((amount > 0 AND open BETWEEN 0 AND amount) OR (amount < 0 AND open BETWEEN amount AND 0))
) CLUSTERED;
CREATE INDEX open_item_open ON open_item (account, party, due_date, date, open) WHERE open <> 0;
CREATE INDEX open_item_party ON open_item (party, date);

-- What settled what. Insert-only.
CREATE TABLE allocation (
    id           ID NOT NULL PRIMARY KEY,
    debit_entry  ID NOT NULL,
    debit_n      INT NOT NULL,
    credit_entry ID NOT NULL,
    credit_n     INT NOT NULL,
    amount       INT NOT NULL CHECK (amount > 0),
    date         TEXT NOT NULL,
    FOREIGN KEY (debit_entry, debit_n) REFERENCES journal_line (entry, n),
    FOREIGN KEY (credit_entry, credit_n) REFERENCES journal_line (entry, n)
) CLUSTERED;
CREATE INDEX allocation_debit ON allocation (debit_entry, debit_n);
CREATE INDEX allocation_credit ON allocation (credit_entry, credit_n);
CREATE INDEX allocation_date ON allocation (date);
NO UPDATE ON allocation;
NO DELETE ON allocation;
