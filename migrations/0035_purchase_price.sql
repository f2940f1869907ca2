-- At which price an item is bought: apart from the item, because who sells or moves goods need not see that.
CREATE TABLE purchase_price (
    item           ID NOT NULL PRIMARY KEY REFERENCES item (id),
    purchase_price INT NOT NULL CHECK (purchase_price >= 0)  -- of one purchase unit in the base currency, × 10⁻⁶
) CLUSTERED;
INSERT INTO purchase_price (item, purchase_price) SELECT id, purchase_price FROM item WHERE purchase_price IS NOT NULL;
ALTER TABLE item DROP COLUMN purchase_price;

-- Who sees the ledger sees costs too, and has these rows already; who only buys gets them anew.
UPDATE device_state SET value = 'read see_costs see_ledger' WHERE name = 'scopes' AND value = 'read see_ledger';

-- Rows that travel are others now: what is computed from them is computed anew when the books are opened (app/rewritten.rs).
INSERT INTO device_state (name, value) SELECT 'rows', 'rewritten' WHERE EXISTS (SELECT 1 FROM item) ON CONFLICT (name) DO NOTHING;
