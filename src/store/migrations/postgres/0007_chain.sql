-- The ledger as a chain (docs/evidence.md): one row for each line, with the hash of what it says and of the hash before.
-- Task, milestone and agency are those of the obligation on the day: whoever rewrites "obligations" moves no line.
CREATE TABLE seals (
    event     BIGINT PRIMARY KEY NOT NULL REFERENCES events (id),
    plan      TEXT   NOT NULL,
    place     BIGINT NOT NULL, -- in the chain of its plan, from 1
    task      TEXT,
    milestone BIGINT,
    agency    TEXT,
    hash      BYTEA NOT NULL,
    UNIQUE (plan, place)
);

-- Where the chain of a plan ends, so that cutting off its last lines shows. Who appends locks this row.
CREATE TABLE heads (
    plan  TEXT   PRIMARY KEY NOT NULL REFERENCES plans (id),
    count BIGINT NOT NULL,
    hash  BYTEA -- null: what was written before there were seals has none yet
);
INSERT INTO heads (plan, count) SELECT id, 0 FROM plans WHERE EXISTS (SELECT 1 FROM events WHERE events.plan = plans.id);

-- What became of a message that came in.
CREATE INDEX events_source ON events (source) WHERE source IS NOT NULL;
