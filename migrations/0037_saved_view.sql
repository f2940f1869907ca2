-- A list as somebody wants to see it again, under a name: what it looks for, its order, columns and density.
CREATE TABLE saved_view (
    id       ID NOT NULL PRIMARY KEY,
    record   TEXT NOT NULL,              -- whose list
    name     TEXT NOT NULL,
    owner    ID NOT NULL REFERENCES app_user (id),
    shared   INT NOT NULL CHECK (shared IN (0, 1)),    -- everybody sees it; only its owner changes it
    look     TEXT NOT NULL,              -- JSON
    archived INT NOT NULL CHECK (archived IN (0, 1))
) CLUSTERED;
CREATE INDEX saved_view_order ON saved_view (name, id);
