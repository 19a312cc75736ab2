-- What numbered documents change of a plan that is running.
CREATE TABLE amendments (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    plan      TEXT      NOT NULL REFERENCES plans (id),
    kind      TEXT      NOT NULL, -- the word of its events in the ledger
    document  TEXT      NOT NULL CHECK (document <> ''),
    signed_on DATE,
    reason    TEXT,
    at        TIMESTAMP NOT NULL,
    revokes   BIGINT    UNIQUE REFERENCES amendments (id)
);
CREATE INDEX amendments_plan ON amendments (plan, id);

-- Its terms for each obligation: before it, and since.
CREATE TABLE amendment_items (
    amendment   BIGINT NOT NULL REFERENCES amendments (id),
    obligation  BIGINT NOT NULL REFERENCES obligations (id),
    kind        TEXT   NOT NULL, -- of a transfer: given by one agency, taken over by another
    counterpart TEXT,            -- the other agency
    was         TEXT   NOT NULL, -- JSON
    now         TEXT   NOT NULL, -- JSON
    PRIMARY KEY (amendment, obligation)
) WITHOUT ROWID;
CREATE INDEX amendment_items_obligation ON amendment_items (obligation, amendment);

-- Who is told of it, once, in the next brief: its day, once that is planned.
CREATE TABLE announcements (
    contact    TEXT   NOT NULL REFERENCES contacts (id),
    amendment  BIGINT NOT NULL,
    obligation BIGINT NOT NULL,
    day        DATE,
    PRIMARY KEY (contact, amendment, obligation),
    FOREIGN KEY (amendment, obligation) REFERENCES amendment_items (amendment, obligation)
) WITHOUT ROWID;
CREATE INDEX announcements_waiting ON announcements (contact) WHERE day IS NULL;
CREATE INDEX announcements_of ON announcements (obligation) WHERE day IS NOT NULL;
CREATE INDEX announcements_told ON announcements (contact, day) WHERE day IS NOT NULL;

-- The agency that owed it before a document gave it to this one: it is owed though the plan's own cell names another.
ALTER TABLE obligations ADD COLUMN taken_from TEXT;
