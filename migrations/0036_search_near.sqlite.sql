-- Search that forgives a mistyped letter, and finds notes, telephone numbers, bar codes, amounts and what is written into
-- the journal by hand. What is searched of a record stands once, in the view <record>_searched; the copy and its index
-- follow as in 0012, by triggers. <record>_cut has the words of the copy, each whole and with one letter left out, so
-- that a word with one letter wrong meets the one that was meant; words stay there when their rows go.
-- The indexes keep neither where a word stands nor how long a text is: nothing asks for phrases or ranks, and a third
-- of the time and the bytes is enough. Marks are parts of words (Hindi, Thai).
DROP TRIGGER IF EXISTS party_search_insert;;
DROP TRIGGER IF EXISTS party_search_update;;
DROP TRIGGER IF EXISTS party_search_delete;;
DROP TABLE party_fts;;
DROP TABLE party_search;;
CREATE VIEW party_searched AS SELECT id, code || ' ' || name || ' ' || city || ' ' || vat_id || ' ' || email || ' ' || phone || ' ' || note || ' ' || legal_name || ' ' || contact_name AS text FROM party;;
CREATE TABLE party_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE TABLE party_cut (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) STRICT, WITHOUT ROWID;;
CREATE VIRTUAL TABLE party_fts USING fts5 (text, content = 'party_search', content_rowid = 'n', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '1 2 3 4 5', detail = none, columnsize = 0);;
INSERT INTO party_search (id, text) SELECT s.id, s.text FROM party_searched s JOIN party r ON r.id = s.id ORDER BY r.id;;
INSERT INTO party_fts (party_fts) VALUES ('rebuild');;
INSERT OR IGNORE INTO party_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM party_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;;
CREATE TRIGGER party_cut_insert AFTER INSERT ON party_search BEGIN
    INSERT OR IGNORE INTO party_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.text)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM party_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER party_cut_update AFTER UPDATE OF text ON party_search BEGIN
    INSERT OR IGNORE INTO party_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.text)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM party_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER party_search_insert AFTER INSERT ON party BEGIN
    INSERT INTO party_search (id, text) SELECT id, text FROM party_searched WHERE id = NEW.id;
    INSERT INTO party_fts (rowid, text) SELECT n, text FROM party_search WHERE id = NEW.id;
END;;
CREATE TRIGGER party_search_update AFTER UPDATE OF code, name, city, vat_id, email, phone, note, legal_name, contact_name ON party
WHEN OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.city <> NEW.city OR OLD.vat_id <> NEW.vat_id OR OLD.email <> NEW.email OR OLD.phone <> NEW.phone OR OLD.note <> NEW.note
    OR OLD.legal_name <> NEW.legal_name OR OLD.contact_name <> NEW.contact_name BEGIN
    INSERT INTO party_fts (party_fts, rowid, text) SELECT 'delete', n, text FROM party_search WHERE id = NEW.id;
    UPDATE party_search SET text = (SELECT text FROM party_searched WHERE id = NEW.id) WHERE id = NEW.id;
    INSERT INTO party_fts (rowid, text) SELECT n, text FROM party_search WHERE id = NEW.id;
END;;
CREATE TRIGGER party_search_delete AFTER DELETE ON party BEGIN
    INSERT INTO party_fts (party_fts, rowid, text) SELECT 'delete', n, text FROM party_search WHERE id = OLD.id;
    DELETE FROM party_search WHERE id = OLD.id;
END;;

DROP TRIGGER IF EXISTS item_search_insert;;
DROP TRIGGER IF EXISTS item_search_update;;
DROP TRIGGER IF EXISTS item_search_delete;;
DROP TABLE item_fts;;
DROP TABLE item_search;;
CREATE VIEW item_searched AS SELECT id, code || ' ' || name || ' ' || description || ' ' || standard_id || ' ' || coalesce((SELECT group_concat(b.code, ' ') FROM item_barcode b WHERE b.item = i.id), '') AS text FROM item i;;
CREATE TABLE item_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE TABLE item_cut (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) STRICT, WITHOUT ROWID;;
CREATE VIRTUAL TABLE item_fts USING fts5 (text, content = 'item_search', content_rowid = 'n', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '1 2 3 4 5', detail = none, columnsize = 0);;
INSERT INTO item_search (id, text) SELECT s.id, s.text FROM item_searched s JOIN item r ON r.id = s.id ORDER BY r.id;;
INSERT INTO item_fts (item_fts) VALUES ('rebuild');;
INSERT OR IGNORE INTO item_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM item_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;;
CREATE TRIGGER item_cut_insert AFTER INSERT ON item_search BEGIN
    INSERT OR IGNORE INTO item_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.text)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM item_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER item_cut_update AFTER UPDATE OF text ON item_search BEGIN
    INSERT OR IGNORE INTO item_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.text)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM item_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER item_search_insert AFTER INSERT ON item BEGIN
    INSERT INTO item_search (id, text) SELECT id, text FROM item_searched WHERE id = NEW.id;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.id;
END;;
CREATE TRIGGER item_search_update AFTER UPDATE OF code, name, description, standard_id ON item
WHEN OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.description <> NEW.description OR OLD.standard_id <> NEW.standard_id BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = NEW.id;
    UPDATE item_search SET text = (SELECT text FROM item_searched WHERE id = NEW.id) WHERE id = NEW.id;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.id;
END;;
CREATE TRIGGER item_search_delete AFTER DELETE ON item BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = OLD.id;
    DELETE FROM item_search WHERE id = OLD.id;
END;;
CREATE TRIGGER item_search_barcode_insert AFTER INSERT ON item_barcode BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = NEW.item;
    UPDATE item_search SET text = (SELECT text FROM item_searched WHERE id = NEW.item) WHERE id = NEW.item;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.item;
END;;
CREATE TRIGGER item_search_barcode_delete AFTER DELETE ON item_barcode BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = OLD.item;
    UPDATE item_search SET text = (SELECT text FROM item_searched WHERE id = OLD.item) WHERE id = OLD.item;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = OLD.item;
END;;
CREATE TRIGGER item_search_barcode_update AFTER UPDATE OF code, item ON item_barcode BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = OLD.item;
    UPDATE item_search SET text = (SELECT text FROM item_searched WHERE id = OLD.item) WHERE id = OLD.item;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = OLD.item;
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = NEW.item;
    UPDATE item_search SET text = (SELECT text FROM item_searched WHERE id = NEW.item) WHERE id = NEW.item;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.item;
END;;

DROP TRIGGER IF EXISTS billing_invoice_search_insert;;
DROP TRIGGER IF EXISTS billing_invoice_search_update;;
DROP TRIGGER IF EXISTS billing_invoice_search_delete;;
DROP TABLE billing_invoice_fts;;
DROP TABLE billing_invoice_search;;
CREATE VIEW billing_invoice_searched AS SELECT id, number || ' ' || party_name || ' ' || buyer_reference || ' ' || project || ' ' || contract || ' ' || order_reference || ' ' || sales_order AS text FROM billing_document;;
CREATE TABLE billing_invoice_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE TABLE billing_invoice_cut (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) STRICT, WITHOUT ROWID;;
CREATE VIRTUAL TABLE billing_invoice_fts USING fts5 (text, content = 'billing_invoice_search', content_rowid = 'n', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '1 2 3 4 5', detail = none, columnsize = 0);;
INSERT INTO billing_invoice_search (id, text) SELECT s.id, s.text FROM billing_invoice_searched s JOIN billing_document r ON r.id = s.id ORDER BY r.issue_date, r.id;;
INSERT INTO billing_invoice_fts (billing_invoice_fts) VALUES ('rebuild');;
CREATE INDEX billing_document_payable ON billing_document (payable);;
INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM billing_invoice_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;;
-- Posting is to pay little: the words of a customer's name are there already when another document has it, most documents
-- quote nothing of the customer's, most numbers have no word in them, and what is searched is written out in the trigger.
CREATE TRIGGER billing_invoice_cut_insert_name AFTER INSERT ON billing_document WHEN NOT EXISTS (SELECT 1 FROM billing_document d WHERE d.party_name = NEW.party_name AND d.id <> NEW.id) BEGIN
    INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.party_name)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM billing_invoice_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER billing_invoice_cut_update_name AFTER UPDATE OF party_name ON billing_document WHEN OLD.party_name <> NEW.party_name AND NOT EXISTS (SELECT 1 FROM billing_document d WHERE d.party_name = NEW.party_name AND d.id <> NEW.id) BEGIN
    INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.party_name)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM billing_invoice_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER billing_invoice_cut_insert AFTER INSERT ON billing_document
WHEN NEW.buyer_reference <> '' OR NEW.project <> '' OR NEW.contract <> '' OR NEW.order_reference <> '' OR NEW.sales_order <> '' OR NEW.number GLOB '*[^- ./0-9][^- ./0-9][^- ./0-9][^- ./0-9]*' BEGIN
    INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.number || ' ' || NEW.buyer_reference || ' ' || NEW.project || ' ' || NEW.contract || ' ' || NEW.order_reference || ' ' || NEW.sales_order)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM billing_invoice_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER billing_invoice_cut_update AFTER UPDATE OF number, buyer_reference, project, contract, order_reference, sales_order ON billing_document
WHEN NEW.buyer_reference <> '' OR NEW.project <> '' OR NEW.contract <> '' OR NEW.order_reference <> '' OR NEW.sales_order <> '' OR NEW.number GLOB '*[^- ./0-9][^- ./0-9][^- ./0-9][^- ./0-9]*' BEGIN
    INSERT OR IGNORE INTO billing_invoice_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.number || ' ' || NEW.buyer_reference || ' ' || NEW.project || ' ' || NEW.contract || ' ' || NEW.order_reference || ' ' || NEW.sales_order)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM billing_invoice_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER billing_invoice_search_insert AFTER INSERT ON billing_document BEGIN
    INSERT INTO billing_invoice_search (id, text) VALUES (NEW.id, NEW.number || ' ' || NEW.party_name || ' ' || NEW.buyer_reference || ' ' || NEW.project || ' ' || NEW.contract || ' ' || NEW.order_reference || ' ' || NEW.sales_order);
    INSERT INTO billing_invoice_fts (rowid, text) SELECT n, text FROM billing_invoice_search WHERE id = NEW.id;
END;;
CREATE TRIGGER billing_invoice_search_update AFTER UPDATE OF number, party_name, buyer_reference, project, contract, order_reference, sales_order ON billing_document
WHEN OLD.number <> NEW.number OR OLD.party_name <> NEW.party_name OR OLD.buyer_reference <> NEW.buyer_reference OR OLD.project <> NEW.project OR OLD.contract <> NEW.contract OR OLD.order_reference <> NEW.order_reference OR OLD.sales_order <> NEW.sales_order BEGIN
    INSERT INTO billing_invoice_fts (billing_invoice_fts, rowid, text) SELECT 'delete', n, text FROM billing_invoice_search WHERE id = NEW.id;
    UPDATE billing_invoice_search SET text = (SELECT text FROM billing_invoice_searched WHERE id = NEW.id) WHERE id = NEW.id;
    INSERT INTO billing_invoice_fts (rowid, text) SELECT n, text FROM billing_invoice_search WHERE id = NEW.id;
END;;
CREATE TRIGGER billing_invoice_search_delete AFTER DELETE ON billing_document BEGIN
    INSERT INTO billing_invoice_fts (billing_invoice_fts, rowid, text) SELECT 'delete', n, text FROM billing_invoice_search WHERE id = OLD.id;
    DELETE FROM billing_invoice_search WHERE id = OLD.id;
END;;

CREATE VIEW journal_entry_searched AS SELECT id, reference || ' ' || text AS text FROM journal_entry WHERE source = 'manual';;
CREATE TABLE journal_entry_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE TABLE journal_entry_cut (cut TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (cut, word)) STRICT, WITHOUT ROWID;;
CREATE VIRTUAL TABLE journal_entry_fts USING fts5 (text, content = 'journal_entry_search', content_rowid = 'n', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'", prefix = '1 2 3 4 5', detail = none, columnsize = 0);;
INSERT INTO journal_entry_search (id, text) SELECT s.id, s.text FROM journal_entry_searched s JOIN journal_entry r ON r.id = s.id ORDER BY r.date, r.id;;
INSERT INTO journal_entry_fts (journal_entry_fts) VALUES ('rebuild');;
INSERT OR IGNORE INTO journal_entry_cut (cut, word) SELECT c.value, w.word FROM (SELECT DISTINCT j.value AS word FROM journal_entry_search s, json_each(daybook_words(s.text)) j) w, json_each(daybook_cuts(w.word)) c;;
CREATE TRIGGER journal_entry_cut_insert AFTER INSERT ON journal_entry_search BEGIN
    INSERT OR IGNORE INTO journal_entry_cut (cut, word) SELECT c.value, w.value FROM json_each(daybook_words(NEW.text)) w, json_each(daybook_cuts(w.value)) c WHERE NOT EXISTS (SELECT 1 FROM journal_entry_cut k WHERE k.cut = w.value AND k.word = w.value);
END;;
CREATE TRIGGER journal_entry_search_insert AFTER INSERT ON journal_entry
WHEN NEW.source = 'manual' BEGIN
    INSERT INTO journal_entry_search (id, text) SELECT id, text FROM journal_entry_searched WHERE id = NEW.id;
    INSERT INTO journal_entry_fts (rowid, text) SELECT n, text FROM journal_entry_search WHERE id = NEW.id;
END;;
CREATE TRIGGER journal_entry_search_delete AFTER DELETE ON journal_entry BEGIN
    INSERT INTO journal_entry_fts (journal_entry_fts, rowid, text) SELECT 'delete', n, text FROM journal_entry_search WHERE id = OLD.id;
    DELETE FROM journal_entry_search WHERE id = OLD.id;
END;;
