-- What is open, in the order it falls due: the list begins at once, its sums are read from the index alone.
CREATE INDEX open_item_due ON open_item (due_date, account, party, date, amount, open) WHERE open <> 0;
