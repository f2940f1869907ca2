-- Search as you type: a copy of the searched columns, indexed word by word and by prefix. The copy gives the
-- whole numbers that FTS5 needs, since the tables themselves are clustered by id.
CREATE TABLE party_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE VIRTUAL TABLE party_fts USING fts5 (
    text, content = 'party_search', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);;
INSERT INTO party_search (id, text) SELECT id, code || ' ' || name || ' ' || city || ' ' || vat_id || ' ' || email FROM party;;
INSERT INTO party_fts (party_fts) VALUES ('rebuild');;
CREATE TRIGGER party_search_insert AFTER INSERT ON party BEGIN
    INSERT INTO party_search (id, text) VALUES (NEW.id, NEW.code || ' ' || NEW.name || ' ' || NEW.city || ' ' || NEW.vat_id || ' ' || NEW.email);
    INSERT INTO party_fts (rowid, text) SELECT n, text FROM party_search WHERE id = NEW.id;
END;;
CREATE TRIGGER party_search_update AFTER UPDATE OF code, name, city, vat_id, email ON party
WHEN OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.city <> NEW.city OR OLD.vat_id <> NEW.vat_id OR OLD.email <> NEW.email BEGIN
    INSERT INTO party_fts (party_fts, rowid, text) SELECT 'delete', n, text FROM party_search WHERE id = OLD.id;
    UPDATE party_search SET text = NEW.code || ' ' || NEW.name || ' ' || NEW.city || ' ' || NEW.vat_id || ' ' || NEW.email WHERE id = NEW.id;
    INSERT INTO party_fts (rowid, text) SELECT n, text FROM party_search WHERE id = NEW.id;
END;;
CREATE TRIGGER party_search_delete AFTER DELETE ON party BEGIN
    INSERT INTO party_fts (party_fts, rowid, text) SELECT 'delete', n, text FROM party_search WHERE id = OLD.id;
    DELETE FROM party_search WHERE id = OLD.id;
END;;

CREATE TABLE item_search (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, text TEXT NOT NULL) STRICT;;
CREATE VIRTUAL TABLE item_fts USING fts5 (
    text, content = 'item_search', content_rowid = 'n', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);;
INSERT INTO item_search (id, text) SELECT id, code || ' ' || name || ' ' || description FROM item;;
INSERT INTO item_fts (item_fts) VALUES ('rebuild');;
CREATE TRIGGER item_search_insert AFTER INSERT ON item BEGIN
    INSERT INTO item_search (id, text) VALUES (NEW.id, NEW.code || ' ' || NEW.name || ' ' || NEW.description);
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.id;
END;;
CREATE TRIGGER item_search_update AFTER UPDATE OF code, name, description ON item
WHEN OLD.code <> NEW.code OR OLD.name <> NEW.name OR OLD.description <> NEW.description BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = OLD.id;
    UPDATE item_search SET text = NEW.code || ' ' || NEW.name || ' ' || NEW.description WHERE id = NEW.id;
    INSERT INTO item_fts (rowid, text) SELECT n, text FROM item_search WHERE id = NEW.id;
END;;
CREATE TRIGGER item_search_delete AFTER DELETE ON item BEGIN
    INSERT INTO item_fts (item_fts, rowid, text) SELECT 'delete', n, text FROM item_search WHERE id = OLD.id;
    DELETE FROM item_search WHERE id = OLD.id;
END;;
