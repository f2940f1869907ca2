-- What goods that crossed the firm's border cost: apart from the move, because whoever moves goods need not see their cost.
-- One row per move between a place of the firm and the outside; moves within the firm change no value. Insert-only.
CREATE TABLE move_cost (
    move           ID NOT NULL PRIMARY KEY REFERENCES stock_move (id),
    value          INT NOT NULL,            -- cost in minor units of the base currency
    short_quantity INT NOT NULL CHECK (short_quantity >= 0)
) CLUSTERED;
INSERT INTO move_cost (move, value, short_quantity)
SELECT m.id, m.value, m.short_quantity
FROM stock_move m
JOIN location f ON f.id = m.from_location
JOIN location t ON t.id = m.to_location
WHERE (f.kind IN ('storage', 'production', 'transit', 'input', 'output')) <> (t.kind IN ('storage', 'production', 'transit', 'input', 'output'));
NO UPDATE ON move_cost;
NO DELETE ON move_cost;
ALTER TABLE stock_move DROP COLUMN value;
ALTER TABLE stock_move DROP COLUMN short_quantity;

-- What is still open of an invoice is a figure of the ledger: NULL where the books do not hold the ledger.
DROP VIEW billing_invoice;
CREATE VIEW billing_invoice AS
SELECT d.id, d.number, d.kind,
       CASE WHEN d.state = 'posted' AND EXISTS (SELECT 1 FROM billing_document r WHERE r.reverses = d.id AND r.state = 'posted') THEN 'reversed' ELSE d.state END AS state,
       d.party, d.party_name, d.issue_date, d.due_date, d.currency, d.net, d.tax, d.gross, d.payable, d.country,
       coalesce((SELECT CAST(sum(o.open) AS INT) FROM open_item o WHERE o.entry = d.entry),
                CASE WHEN d.entry IS NULL OR EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = d.entry) THEN 0 END) AS open,
       d.buyer_reference, d.project, d.contract, d.order_reference, d.sales_order
FROM billing_document d;
