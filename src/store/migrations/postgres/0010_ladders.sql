-- A running escalation climbs the ladder on which it began, whatever the file says by now.
CREATE TABLE ladders (
    id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    text  TEXT      NOT NULL, -- JSON
    since TIMESTAMPTZ NOT NULL
);

-- Null: the newest.
ALTER TABLE obligations ADD COLUMN ladder BIGINT REFERENCES ladders (id);
CREATE INDEX obligations_ladder ON obligations (ladder) WHERE ladder IS NOT NULL;
