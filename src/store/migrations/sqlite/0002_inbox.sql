-- What people answer: the inbox, who is writing, what was asked and what was said.

-- A row is stored before its channel is told that it was received. (channel, external_id) makes it apply once.
CREATE TABLE inbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    channel     TEXT      NOT NULL,
    external_id TEXT      NOT NULL,
    sender      TEXT      NOT NULL,
    payload     TEXT      NOT NULL, -- JSON
    received_at TIMESTAMP NOT NULL,
    state       TEXT      NOT NULL CHECK (state IN ('new', 'settled', 'held', 'parked')),
    outcome     TEXT,               -- what became of it
    settled_at  TIMESTAMP,
    UNIQUE (channel, external_id),
    CHECK ((state = 'new') = (settled_at IS NULL))
);
CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_waiting ON inbox (state, id) WHERE state IN ('held', 'parked');

-- How far a channel was read: Telegram's offset, UIDVALIDITY and UID of a mailbox.
CREATE TABLE cursors (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

-- Single-use codes that bind a chat to a contact; only their hash is kept.
CREATE TABLE link_codes (
    hash       TEXT      PRIMARY KEY NOT NULL,
    contact    TEXT      NOT NULL REFERENCES contacts (id),
    channel    TEXT,                -- only there; null: anywhere
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    claimed_on TEXT,                -- the channel and address that sent it and is asked to confirm
    claimed_at TIMESTAMP,
    ended_at   TIMESTAMP,           -- used, or withdrawn by a newer one
    CHECK ((claimed_on IS NULL) = (claimed_at IS NULL))
);
CREATE INDEX link_codes_contact ON link_codes (contact) WHERE ended_at IS NULL;
CREATE INDEX link_codes_claimed ON link_codes (claimed_on) WHERE ended_at IS NULL;

-- Senders who are no contact: one line a day, and a limit to their tries at codes.
CREATE TABLE strangers (
    channel     TEXT   NOT NULL,
    address     TEXT   NOT NULL,
    answered_on DATE,
    tries_on    DATE,
    tries       BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (channel, address)
) WITHOUT ROWID;

-- Groups in which the bot answers, each for one agency.
CREATE TABLE group_chats (
    channel  TEXT      NOT NULL,
    address  TEXT      NOT NULL,
    agency   TEXT      NOT NULL,
    bound_at TIMESTAMP NOT NULL,
    PRIMARY KEY (channel, address)
) WITHOUT ROWID;

-- What the bot asked somebody and waits for; a newer question replaces it.
CREATE TABLE questions (
    contact    TEXT      NOT NULL REFERENCES contacts (id),
    channel    TEXT      NOT NULL,
    token      TEXT      NOT NULL, -- what its buttons carry
    asked_at   TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    payload    TEXT      NOT NULL, -- JSON
    PRIMARY KEY (contact, channel)
) WITHOUT ROWID;

-- The last thing said about an obligation; the ledger has everything.
CREATE TABLE statements (
    obligation  BIGINT    PRIMARY KEY NOT NULL REFERENCES obligations (id),
    contact     TEXT      NOT NULL REFERENCES contacts (id),
    at          TIMESTAMP NOT NULL,
    intent      TEXT      NOT NULL,
    quote       TEXT      NOT NULL,
    percent     BIGINT,
    expected_on DATE,
    document    TEXT
) WITHOUT ROWID;

-- What an obligation waits for besides work: the reminder that was put off, a decision of the monitor.
ALTER TABLE obligations ADD COLUMN snoozed_until DATE;
ALTER TABLE obligations ADD COLUMN pending TEXT CHECK (pending IN ('extension', 'acceptance', 'reassignment'));
CREATE INDEX obligations_pending ON obligations (plan, id) WHERE pending IS NOT NULL;

-- When somebody last wrote from there: a Zalo account may be written to for seven days after that.
ALTER TABLE addresses ADD COLUMN heard_at TIMESTAMP;

-- Buttons under a message, as JSON: a label and a token each.
ALTER TABLE deliveries ADD COLUMN choices TEXT;
CREATE INDEX deliveries_answers ON deliveries (channel, claimable_at, id)
    WHERE state IN ('queued', 'leased') AND kind IN ('receipt', 'notice');
CREATE INDEX deliveries_provider ON deliveries (channel, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX events_actor ON events (actor, id);
