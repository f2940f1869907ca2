-- Invoices and credit notes with every business term (BT) of EN 16931. Amounts in minor units of `currency`.
CREATE TABLE billing_document (
    id                ID NOT NULL PRIMARY KEY,
    kind              TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    type_code         TEXT NOT NULL,   -- BT-3: 380, 381, 384, 386, 389 …
    state             TEXT NOT NULL CHECK (state IN ('draft', 'posted')),
    number            TEXT NOT NULL,   -- BT-1, empty while a draft
    party             ID NOT NULL REFERENCES party (id),
    party_name        TEXT NOT NULL,
    country           TEXT NOT NULL,   -- of delivery, else of the buyer
    issue_date        TEXT NOT NULL,   -- BT-2
    accounting_date   TEXT NOT NULL,
    tax_point_date    TEXT,            -- BT-7
    tax_point_code    TEXT NOT NULL,   -- BT-8
    due_date          TEXT,            -- BT-9
    delivery_date     TEXT,            -- BT-72
    period_start      TEXT,            -- BT-73
    period_end        TEXT,            -- BT-74
    currency          TEXT NOT NULL,   -- BT-5
    exchange_rate     INT NOT NULL,
    tax_currency      TEXT,            -- BT-6
    tax_in_currency   INT,             -- BT-111
    buyer_reference   TEXT NOT NULL,   -- BT-10
    project           TEXT NOT NULL,   -- BT-11
    contract          TEXT NOT NULL,   -- BT-12
    order_reference   TEXT NOT NULL,   -- BT-13
    sales_order       TEXT NOT NULL,   -- BT-14
    receipt_advice    TEXT NOT NULL,   -- BT-15
    despatch_advice   TEXT NOT NULL,   -- BT-16
    tender            TEXT NOT NULL,   -- BT-17
    object_id         TEXT NOT NULL,   -- BT-18
    object_scheme     TEXT NOT NULL,
    buyer_accounting  TEXT NOT NULL,   -- BT-19
    payment_terms     TEXT NOT NULL,   -- BT-20
    process           TEXT NOT NULL,   -- BT-23
    profile           TEXT NOT NULL,   -- BT-24
    payment_means     TEXT NOT NULL,   -- BT-81
    payment_text      TEXT NOT NULL,   -- BT-82
    remittance        TEXT NOT NULL,   -- BT-83
    card_number       TEXT NOT NULL,   -- BT-87
    card_holder       TEXT NOT NULL,   -- BT-88
    mandate           TEXT NOT NULL,   -- BT-89
    creditor_id       TEXT NOT NULL,   -- BT-90
    debtor_account    TEXT NOT NULL,   -- BT-91
    lines_net         INT NOT NULL,    -- BT-106
    allowances        INT NOT NULL,    -- BT-107
    charges           INT NOT NULL,    -- BT-108
    net               INT NOT NULL,    -- BT-109
    tax               INT NOT NULL,    -- BT-110
    gross             INT NOT NULL,    -- BT-112
    prepaid           INT NOT NULL,    -- BT-113
    rounding          INT NOT NULL,    -- BT-114
    payable           INT NOT NULL,    -- BT-115
    language          TEXT NOT NULL,
    template          TEXT NOT NULL,
    moves_stock       INT NOT NULL CHECK (moves_stock IN (0, 1)),
    imported          INT NOT NULL CHECK (imported IN (0, 1)),
    reverses          ID REFERENCES billing_document (id),
    entry             ID REFERENCES journal_entry (id),
    content_hash      TEXT NOT NULL,
    recorded_at       INT NOT NULL,
    CHECK (state = 'draft' OR (number <> '' AND content_hash <> '')),
    CHECK (tax_point_date IS NULL OR tax_point_code = '')   -- BR-CO-03
) CLUSTERED;
CREATE INDEX billing_document_date ON billing_document (issue_date, id);
CREATE INDEX billing_document_number ON billing_document (number, id);
CREATE INDEX billing_document_party ON billing_document (party, issue_date);
CREATE INDEX billing_document_name ON billing_document (party_name, id);
CREATE UNIQUE INDEX billing_document_reverses ON billing_document (reverses) WHERE reverses IS NOT NULL AND state = 'posted';
NO UPDATE ON billing_document WHEN OLD.state <> 'draft';
NO DELETE ON billing_document WHEN OLD.state <> 'draft';

-- BG-25.
CREATE TABLE billing_line (
    document        ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    n               INT NOT NULL,      -- BT-126
    item            ID REFERENCES item (id),
    item_code       TEXT NOT NULL,     -- BT-155
    buyer_code      TEXT NOT NULL,     -- BT-156
    standard_id     TEXT NOT NULL,     -- BT-157
    standard_scheme TEXT NOT NULL,
    name            TEXT NOT NULL,     -- BT-153
    description     TEXT NOT NULL,     -- BT-154
    note            TEXT NOT NULL,     -- BT-127
    object_id       TEXT NOT NULL,     -- BT-128
    object_scheme   TEXT NOT NULL,
    quantity        INT NOT NULL,      -- BT-129
    unit            TEXT NOT NULL,     -- BT-130
    base_quantity   INT NOT NULL,      -- in the item's base unit
    price           INT NOT NULL,      -- BT-146
    price_base      INT NOT NULL,      -- BT-149
    gross_price     INT,               -- BT-148
    price_discount  INT,               -- BT-147
    entered_price   INT NOT NULL,
    includes_tax    INT NOT NULL CHECK (includes_tax IN (0, 1)),
    price_row       ID,
    net             INT NOT NULL,      -- BT-131
    tax             ID NOT NULL REFERENCES tax (id),
    tax_code        TEXT NOT NULL,
    tax_category    TEXT NOT NULL,     -- BT-151
    tax_rate        INT NOT NULL,      -- BT-152
    order_line      TEXT NOT NULL,     -- BT-132
    accounting      TEXT NOT NULL,     -- BT-133
    period_start    TEXT,              -- BT-134
    period_end      TEXT,              -- BT-135
    origin          TEXT NOT NULL,     -- BT-159
    revenue_account TEXT NOT NULL,
    PRIMARY KEY (document, n)
) CLUSTERED;
CREATE INDEX billing_line_item ON billing_line (item, document);
NO UPDATE ON billing_line WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_line WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_line WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');

-- BG-20, BG-21 (line 0) and BG-27, BG-28.
CREATE TABLE billing_adjustment (
    document     ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    line         INT NOT NULL,
    n            INT NOT NULL,
    charge       INT NOT NULL CHECK (charge IN (0, 1)),
    amount       INT NOT NULL,         -- BT-92/99/136/141
    base         INT,                  -- BT-93/100/137/142
    percent      INT,                  -- BT-94/101/138/143
    reason       TEXT NOT NULL,        -- BT-97/104/139/144
    reason_code  TEXT NOT NULL,        -- BT-98/105/140/145
    tax          ID REFERENCES tax (id),
    tax_category TEXT NOT NULL,        -- BT-95/102
    tax_rate     INT NOT NULL,         -- BT-96/103
    PRIMARY KEY (document, line, n)
) CLUSTERED;
NO UPDATE ON billing_adjustment WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_adjustment WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_adjustment WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');

-- BG-23.
CREATE TABLE billing_tax (
    document       ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    category       TEXT NOT NULL,      -- BT-118
    rate           INT NOT NULL,       -- BT-119
    base           INT NOT NULL,       -- BT-116
    tax            INT NOT NULL,       -- BT-117
    code           TEXT NOT NULL,
    name           TEXT NOT NULL,
    exemption_code TEXT NOT NULL,      -- BT-121
    exemption_text TEXT NOT NULL,      -- BT-120
    PRIMARY KEY (document, category, rate)
) CLUSTERED;
NO UPDATE ON billing_tax WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_tax WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_tax WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');

-- BG-4, BG-7, BG-10, BG-11, BG-13: everyone on the document, frozen as they were.
CREATE TABLE billing_party (
    document        ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    role            TEXT NOT NULL CHECK (role IN ('seller', 'buyer', 'payee', 'tax_representative', 'deliver_to')),
    name            TEXT NOT NULL,     -- BT-27/44/59/62/70
    trading_name    TEXT NOT NULL,     -- BT-28/45
    code            TEXT NOT NULL,     -- BT-29/46/60/71
    code_scheme     TEXT NOT NULL,
    legal_id        TEXT NOT NULL,     -- BT-30/47/61
    legal_scheme    TEXT NOT NULL,
    legal_form      TEXT NOT NULL,     -- BT-33
    vat_id          TEXT NOT NULL,     -- BT-31/48/63
    tax_number      TEXT NOT NULL,     -- BT-32
    endpoint        TEXT NOT NULL,     -- BT-34/49
    endpoint_scheme TEXT NOT NULL,
    line1           TEXT NOT NULL,     -- BT-35/50/64/75
    line2           TEXT NOT NULL,     -- BT-36/51/65/76
    line3           TEXT NOT NULL,     -- BT-162/163/164/165
    city            TEXT NOT NULL,     -- BT-37/52/66/77
    postcode        TEXT NOT NULL,     -- BT-38/53/67/78
    region          TEXT NOT NULL,     -- BT-39/54/68/79
    country         TEXT NOT NULL,     -- BT-40/55/69/80
    contact         TEXT NOT NULL,     -- BT-41/56
    phone           TEXT NOT NULL,     -- BT-42/57
    email           TEXT NOT NULL,     -- BT-43/58
    PRIMARY KEY (document, role)
) CLUSTERED;
NO UPDATE ON billing_party WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_party WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_party WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');

-- What repeats and is plain text: notes (BG-1), preceding invoices (BG-3), credit accounts (BG-17),
-- supporting documents (BG-24), item attributes (BG-32) and classes (BT-158).
CREATE TABLE billing_detail (
    document ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    kind     TEXT NOT NULL CHECK (kind IN ('note', 'preceding', 'account', 'attachment', 'attribute', 'class')),
    line     INT NOT NULL,
    n        INT NOT NULL,
    code     TEXT NOT NULL,   -- BT-21, BT-25, BT-84, BT-122, BT-160, BT-158
    text     TEXT NOT NULL,   -- BT-22, BT-26, BT-85, BT-123, BT-161, scheme
    extra    TEXT NOT NULL,   -- BT-86, BT-124, scheme version
    subject  ID,              -- the preceding document, the attached file
    PRIMARY KEY (document, kind, line, n)
) CLUSTERED;
NO UPDATE ON billing_detail WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_detail WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_detail WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');

-- For lists: a document with what is derived of it. `reversed` follows from the document that reverses it.
CREATE VIEW billing_invoice AS
SELECT d.id, d.number, d.kind,
       CASE WHEN d.state = 'posted' AND EXISTS (SELECT 1 FROM billing_document r WHERE r.reverses = d.id AND r.state = 'posted') THEN 'reversed' ELSE d.state END AS state,
       d.party, d.party_name, d.issue_date, d.due_date, d.currency, d.net, d.tax, d.gross, d.payable, d.country,
       coalesce((SELECT CAST(sum(o.open) AS INT) FROM open_item o WHERE o.entry = d.entry), 0) AS open
FROM billing_document d;
CREATE INDEX billing_detail_subject ON billing_detail (subject, document) WHERE subject IS NOT NULL;
