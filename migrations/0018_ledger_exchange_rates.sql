-- Exchange rates by day. A document keeps the rate it took; these are what the next one takes.
CREATE TABLE exchange_rate (
    id       ID NOT NULL PRIMARY KEY,
    currency TEXT NOT NULL,
    valid_on TEXT NOT NULL,
    rate     INT NOT NULL CHECK (rate > 0),   -- base currency for one unit, in millionths
    source   TEXT NOT NULL,
    UNIQUE (currency, valid_on)
) CLUSTERED;
