-- Units of UN/ECE Recommendation 20 and 21. One unit = numerator / denominator of the dimension's base;
-- packages have no ratio.
CREATE TABLE unit (
    code        TEXT NOT NULL PRIMARY KEY,
    name        TEXT NOT NULL,
    symbol      TEXT NOT NULL,
    dimension   TEXT NOT NULL,
    numerator   INT CHECK (numerator > 0),
    denominator INT CHECK (denominator > 0)
) CLUSTERED;

-- Categories: accounts, tax and valuation of the items in them.
CREATE TABLE item_category (
    id                ID NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL,
    tax_class         TEXT CHECK (tax_class IN ('standard', 'reduced', 'second_reduced', 'super_reduced', 'zero', 'exempt', 'outside')),
    revenue_account   TEXT NOT NULL,
    inventory_account TEXT NOT NULL,
    cost_account      TEXT NOT NULL,
    valuation         TEXT CHECK (valuation IN ('average', 'fifo')),
    archived          INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;

-- Goods and services.
CREATE TABLE item (
    id                 ID NOT NULL PRIMARY KEY,
    code               TEXT NOT NULL,
    code_key           TEXT NOT NULL UNIQUE,  -- the code in capitals: unique whatever the case
    name               TEXT NOT NULL,
    description        TEXT NOT NULL,
    kind               TEXT NOT NULL CHECK (kind IN ('goods', 'service')),
    category           ID REFERENCES item_category (id),
    base_unit          TEXT NOT NULL REFERENCES unit (code),
    sales_unit         TEXT REFERENCES unit (code),
    purchase_unit      TEXT REFERENCES unit (code),
    tracking           TEXT NOT NULL CHECK (tracking IN ('none', 'lot', 'serial')),
    tax_class          TEXT NOT NULL CHECK (tax_class IN ('standard', 'reduced', 'second_reduced', 'super_reduced', 'zero', 'exempt', 'outside')),
    sales_price        INT NOT NULL CHECK (sales_price >= 0),
    price_includes_tax INT NOT NULL CHECK (price_includes_tax IN (0, 1)),
    purchase_price     INT CHECK (purchase_price >= 0),
    standard_id        TEXT NOT NULL,
    origin_country     TEXT NOT NULL,
    used               INT NOT NULL CHECK (used IN (0, 1)),
    archived           INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;
CREATE INDEX item_name ON item (name, id);
CREATE INDEX item_standard_id ON item (standard_id);
CREATE INDEX item_of_category ON item (category) WHERE category IS NOT NULL;
NO UPDATE ON item WHEN OLD.used = 1 AND (OLD.base_unit <> NEW.base_unit OR OLD.kind <> NEW.kind OR OLD.tracking <> NEW.tracking);

-- Codes on packages: each says which item, and how much of it.
CREATE TABLE item_barcode (
    id       ID NOT NULL PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    item     ID NOT NULL REFERENCES item (id),
    unit     TEXT NOT NULL REFERENCES unit (code),
    quantity INT NOT NULL CHECK (quantity > 0),
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;
CREATE INDEX item_barcode_item ON item_barcode (item, id);

-- Units that hold for one item: one unit = numerator / denominator base units.
CREATE TABLE item_unit (
    id          ID NOT NULL PRIMARY KEY,
    item        ID NOT NULL REFERENCES item (id),
    unit        TEXT NOT NULL REFERENCES unit (code),
    numerator   INT NOT NULL CHECK (numerator > 0),
    denominator INT NOT NULL CHECK (denominator > 0),
    UNIQUE (item, unit)
) CLUSTERED;

CREATE TABLE price_list (
    id           ID NOT NULL PRIMARY KEY,
    name         TEXT NOT NULL,
    currency     TEXT NOT NULL,
    includes_tax INT NOT NULL CHECK (includes_tax IN (0, 1)),
    archived     INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;

CREATE TABLE price (
    id            ID NOT NULL PRIMARY KEY,
    list          ID NOT NULL REFERENCES price_list (id),
    item          ID NOT NULL REFERENCES item (id),
    unit          TEXT NOT NULL REFERENCES unit (code),
    from_quantity INT NOT NULL CHECK (from_quantity >= 0),
    valid_from    TEXT NOT NULL,
    valid_to      TEXT,
    currency      TEXT NOT NULL,
    price         INT NOT NULL CHECK (price >= 0),
    includes_tax  INT NOT NULL CHECK (includes_tax IN (0, 1)),
    UNIQUE (list, item, unit, currency, from_quantity, valid_from)
) CLUSTERED;
CREATE INDEX price_item ON price (item, list);
