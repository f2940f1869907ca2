-- Where goods are: a tree. Supplier, customer and loss are locations too, so every move has two ends.
CREATE TABLE location (
    id       ID NOT NULL PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('storage', 'view', 'supplier', 'customer', 'production', 'transit', 'loss', 'input', 'output')),
    parent   ID REFERENCES location (id),
    negative TEXT NOT NULL CHECK (negative IN ('allow', 'refuse')),
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;

-- Goods that moved. Insert-only; corrected by a move the other way.
CREATE TABLE stock_move (
    id             ID NOT NULL PRIMARY KEY,
    item           ID NOT NULL REFERENCES item (id),
    from_location  ID NOT NULL REFERENCES location (id),
    to_location    ID NOT NULL REFERENCES location (id),
    quantity       INT NOT NULL CHECK (quantity > 0),
    moved_on       TEXT NOT NULL,
    recorded_at    INT NOT NULL,
    value          INT NOT NULL,            -- cost in minor units of the base currency
    short_quantity INT NOT NULL CHECK (short_quantity >= 0),
    source         TEXT NOT NULL,
    source_id      ID NOT NULL,
    line           INT NOT NULL,
    reason         TEXT NOT NULL,
    reverses       ID REFERENCES stock_move (id),
    CHECK (from_location <> to_location)
) CLUSTERED;
CREATE INDEX stock_move_item ON stock_move (item, moved_on);
CREATE INDEX stock_move_source ON stock_move (source_id, line);
NO UPDATE ON stock_move;
NO DELETE ON stock_move;

-- Maintained: on hand per item and location = Σ moves.
CREATE TABLE stock_level (
    item     ID NOT NULL REFERENCES item (id),
    location ID NOT NULL REFERENCES location (id),
    quantity INT NOT NULL,
    PRIMARY KEY (item, location)
) CLUSTERED;

-- Maintained: what is owned of an item and what it cost; value = the item's share of the inventory account.
CREATE TABLE item_cost (
    item           ID NOT NULL PRIMARY KEY REFERENCES item (id),
    quantity       INT NOT NULL,
    value          INT NOT NULL,
    last_cost      INT NOT NULL,
    short_quantity INT NOT NULL CHECK (short_quantity >= 0),
    short_value    INT NOT NULL
) CLUSTERED;

-- First in, first out: what is left of each receipt.
CREATE TABLE cost_layer (
    item      ID NOT NULL REFERENCES item (id),
    move      ID NOT NULL REFERENCES stock_move (id) DEFERRABLE INITIALLY DEFERRED,
    moved_on  TEXT NOT NULL,
    remaining INT NOT NULL CHECK (remaining >= 0),
    value     INT NOT NULL,
    PRIMARY KEY (item, move)
) CLUSTERED;
CREATE INDEX cost_layer_open ON cost_layer (item, moved_on, move) WHERE remaining > 0;

-- Which layers an issue took. Insert-only.
CREATE TABLE cost_take (
    move     ID NOT NULL REFERENCES stock_move (id) DEFERRABLE INITIALLY DEFERRED,
    layer    ID NOT NULL REFERENCES stock_move (id),
    quantity INT NOT NULL,
    value    INT NOT NULL,
    PRIMARY KEY (move, layer)
) CLUSTERED;
NO UPDATE ON cost_take;
NO DELETE ON cost_take;

-- Cost that became known after the goods had left: the receipt that covered a shortage. Insert-only.
CREATE TABLE cost_correction (
    move     ID NOT NULL PRIMARY KEY REFERENCES stock_move (id) DEFERRABLE INITIALLY DEFERRED,
    item     ID NOT NULL REFERENCES item (id),
    quantity INT NOT NULL,
    value    INT NOT NULL
) CLUSTERED;
NO UPDATE ON cost_correction;
NO DELETE ON cost_correction;
