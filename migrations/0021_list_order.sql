-- Lists: what is in use by name, which also counts it; records by their exact code; invoices and stock moves newest first.
CREATE INDEX party_current ON party (name, id) WHERE archived = 0;
CREATE INDEX party_code ON party (code, id);
CREATE INDEX item_current ON item (name, id) WHERE archived = 0;
CREATE INDEX item_code ON item (code, id);
CREATE INDEX billing_document_order ON billing_document (issue_date, number, id);
DROP INDEX IF EXISTS billing_document_date;
CREATE INDEX stock_move_order ON stock_move (moved_on, id);
