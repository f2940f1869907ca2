-- Sums of what is open come from the index alone.
DROP INDEX open_item_open;
CREATE INDEX open_item_open ON open_item (account, party, due_date, date, amount, open) WHERE open <> 0;
