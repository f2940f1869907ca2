-- Search as you type over invoices: by number, customer and the references that people quote (BT-10 to BT-14). The
-- index is a copy made by triggers, derived of rows that passed the record door: it is neither dumped nor undone of
-- its own, it follows its rows. As in 0013, a prefix index for every length up to eight letters.
DROP VIEW IF EXISTS billing_invoice;;
CREATE VIEW billing_invoice AS
SELECT d.id, d.number, d.kind,
       CASE WHEN d.state = 'posted' AND EXISTS (SELECT 1 FROM billing_document r WHERE r.reverses = d.id AND r.state = 'posted') THEN 'reversed' ELSE d.state END AS state,
       d.party, d.party_name, d.issue_date, d.due_date, d.currency, d.net, d.tax, d.gross, d.payable, d.country,
       coalesce((SELECT CAST(sum(o.open) AS INTEGER) FROM open_item o WHERE o.entry = d.entry), 0) AS open,
       d.buyer_reference, d.project, d.contract, d.order_reference, d.sales_order
FROM billing_document d;;
CREATE TABLE billing_invoice_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE VIRTUAL TABLE billing_invoice_fts USING fts5 (
    text, content = 'billing_invoice_search', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3 4 5 6 7 8'
);;
INSERT INTO billing_invoice_search (id, text)
SELECT id, number || ' ' || party_name || ' ' || buyer_reference || ' ' || project || ' ' || contract || ' ' || order_reference || ' ' || sales_order
FROM billing_document ORDER BY issue_date, id;;
INSERT INTO billing_invoice_fts (billing_invoice_fts) VALUES ('rebuild');;
CREATE TRIGGER billing_invoice_search_insert AFTER INSERT ON billing_document BEGIN
    INSERT INTO billing_invoice_search (id, text) VALUES (NEW.id, NEW.number || ' ' || NEW.party_name || ' ' || NEW.buyer_reference || ' ' || NEW.project || ' ' || NEW.contract || ' ' || NEW.order_reference || ' ' || NEW.sales_order);
    INSERT INTO billing_invoice_fts (rowid, text) SELECT n, text FROM billing_invoice_search WHERE id = NEW.id;
END;;
CREATE TRIGGER billing_invoice_search_update AFTER UPDATE OF number, party_name, buyer_reference, project, contract, order_reference, sales_order ON billing_document
WHEN OLD.number <> NEW.number OR OLD.party_name <> NEW.party_name OR OLD.buyer_reference <> NEW.buyer_reference OR OLD.project <> NEW.project
    OR OLD.contract <> NEW.contract OR OLD.order_reference <> NEW.order_reference OR OLD.sales_order <> NEW.sales_order BEGIN
    INSERT INTO billing_invoice_fts (billing_invoice_fts, rowid, text) SELECT 'delete', n, text FROM billing_invoice_search WHERE id = OLD.id;
    UPDATE billing_invoice_search SET text = NEW.number || ' ' || NEW.party_name || ' ' || NEW.buyer_reference || ' ' || NEW.project || ' ' || NEW.contract || ' ' || NEW.order_reference || ' ' || NEW.sales_order WHERE id = NEW.id;
    INSERT INTO billing_invoice_fts (rowid, text) SELECT n, text FROM billing_invoice_search WHERE id = NEW.id;
END;;
CREATE TRIGGER billing_invoice_search_delete AFTER DELETE ON billing_document BEGIN
    INSERT INTO billing_invoice_fts (billing_invoice_fts, rowid, text) SELECT 'delete', n, text FROM billing_invoice_search WHERE id = OLD.id;
    DELETE FROM billing_invoice_search WHERE id = OLD.id;
END;;
