-- What a person typed into a draft, to go on from there; gone when the draft is posted or discarded.
CREATE TABLE billing_draft (
    document ID NOT NULL PRIMARY KEY REFERENCES billing_document (id) DEFERRABLE INITIALLY DEFERRED,
    typed    TEXT NOT NULL      -- the draft as JSON
) CLUSTERED;
