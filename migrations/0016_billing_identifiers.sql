-- The buyer's contact (BT-56) and third address line (BT-163).
ALTER TABLE party ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN line3 TEXT NOT NULL DEFAULT '';

-- BT-29, BT-46: the identifiers of seller and buyer, by scheme, frozen as they were.
CREATE TABLE billing_identifier (
    document ID NOT NULL REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    role     TEXT NOT NULL CHECK (role IN ('seller', 'buyer')),
    n        INT NOT NULL,
    scheme   TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (document, role, n)
) CLUSTERED;
NO UPDATE ON billing_identifier WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO DELETE ON billing_identifier WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = OLD.document AND state <> 'draft');
NO INSERT ON billing_identifier WHEN EXISTS (SELECT 1 FROM billing_document WHERE id = NEW.document AND state <> 'draft');
