-- What a process has in hand after another died: whatever is found here of a dead one is what it may have died of.
CREATE TABLE in_hand (
    what   TEXT        PRIMARY KEY,
    owner  TEXT        NOT NULL,
    deaths BIGINT      NOT NULL,
    since  TIMESTAMPTZ NOT NULL
);
