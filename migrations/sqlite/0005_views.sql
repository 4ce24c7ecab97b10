-- Searches that are kept under a name (the PostgreSQL file of the same name has the same table).
CREATE TABLE saved_view (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    query    TEXT    NOT NULL,
    -- last_seen, first_seen, events, users or trends.
    sort     TEXT    NOT NULL,
    position INTEGER NOT NULL,
    pinned   INTEGER NOT NULL
) STRICT;
INSERT INTO saved_view (name, query, sort, position, pinned) VALUES
    ('Unresolved', 'is:unresolved', 'last_seen', 0, 1),
    ('New today', 'is:unresolved first_seen:-24h', 'first_seen', 1, 1),
    ('Regressed', 'is:regressed', 'last_seen', 2, 1),
    ('Everything', '', 'last_seen', 3, 1);
