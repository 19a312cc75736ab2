-- Dondoc's tables. A shipped migration is never edited: add the next number, in both folders.
-- Columns are the same in sqlite/ and postgres/; only the spelling of types differs.

-- What the database knows of a plan; its text stays in the files, whose fingerprint shows a change.
CREATE TABLE plans (
    id          TEXT      PRIMARY KEY NOT NULL,
    number      TEXT      NOT NULL,
    title       TEXT      NOT NULL,
    issued_on   DATE      NOT NULL,
    year        BIGINT    NOT NULL,
    fingerprint TEXT      NOT NULL,
    loaded_at   TIMESTAMP NOT NULL
);

CREATE TABLE contacts (
    id         TEXT      PRIMARY KEY NOT NULL,
    agency     TEXT      NOT NULL,
    role       TEXT      NOT NULL,
    title      TEXT      NOT NULL,
    channels   TEXT      NOT NULL, -- order of preference: 'zalo_oa,telegram,email'
    active     BOOLEAN   NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX contacts_agency ON contacts (agency);

CREATE TABLE addresses (
    contact TEXT      NOT NULL REFERENCES contacts (id),
    channel TEXT      NOT NULL,
    address TEXT      NOT NULL CHECK (address <> ''),
    state   TEXT      NOT NULL CHECK (state IN ('alive', 'dead')),
    reason  TEXT,
    since   TIMESTAMP NOT NULL,
    PRIMARY KEY (contact, channel),
    CHECK ((state = 'dead') = (reason IS NOT NULL))
) WITHOUT ROWID;
CREATE INDEX addresses_by_address ON addresses (channel, address);

CREATE TABLE obligations (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    plan            TEXT   NOT NULL REFERENCES plans (id),
    task            TEXT   NOT NULL,
    milestone       BIGINT NOT NULL CHECK (milestone BETWEEN 1 AND 65535),
    agency          TEXT   NOT NULL,
    kind            TEXT   NOT NULL CHECK (kind IN ('due', 'continuous', 'event')),
    opens_on        DATE,
    due_on          DATE,
    original_due_on DATE,
    act_by          DATE,
    state           TEXT   NOT NULL CHECK (state IN ('asleep', 'open', 'done', 'suspended', 'cancelled')),
    done_on         DATE,
    next_rung_on    DATE, -- the planner looks at it again on this day; null: nothing will fall due
    UNIQUE (plan, task, milestone, agency),
    CHECK ((state = 'done') = (done_on IS NOT NULL))
);
-- Planning reads this and nothing else: a day on which nothing is due costs one look.
CREATE INDEX obligations_planning ON obligations (next_rung_on) WHERE state = 'open';
CREATE INDEX obligations_agency ON obligations (agency, due_on);

-- The ledger: rows are added, never changed.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    plan       TEXT      NOT NULL REFERENCES plans (id),
    obligation BIGINT    REFERENCES obligations (id),
    at         TIMESTAMP NOT NULL,
    actor      TEXT      NOT NULL, -- 'system', 'operator' or 'contact:<id>'
    kind       TEXT      NOT NULL,
    payload    TEXT      NOT NULL, -- JSON
    source     TEXT                -- the message it came from
);
CREATE INDEX events_plan ON events (plan, at);
CREATE INDEX events_obligation ON events (obligation, id) WHERE obligation IS NOT NULL;

-- The primary key is the promise: one brief for a person and day.
CREATE TABLE briefs (
    contact     TEXT      NOT NULL REFERENCES contacts (id),
    day         DATE      NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    unreachable TEXT, -- why there is no delivery: no address left
    PRIMARY KEY (contact, day)
) WITHOUT ROWID;

CREATE INDEX briefs_unreachable ON briefs (day) WHERE unreachable IS NOT NULL;

CREATE TABLE brief_items (
    contact    TEXT   NOT NULL,
    day        DATE   NOT NULL,
    obligation BIGINT NOT NULL REFERENCES obligations (id),
    rung       TEXT   NOT NULL,
    audience   TEXT   NOT NULL,
    PRIMARY KEY (contact, day, obligation),
    FOREIGN KEY (contact, day) REFERENCES briefs (contact, day)
) WITHOUT ROWID;
CREATE INDEX brief_items_told ON brief_items (obligation, contact, day);

-- The outbox.
CREATE TABLE deliveries (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    contact      TEXT      REFERENCES contacts (id),
    kind         TEXT      NOT NULL,
    brief_day    DATE,
    channel      TEXT      NOT NULL,
    address      TEXT      NOT NULL CHECK (address <> ''),
    subject      TEXT      NOT NULL,
    body         TEXT      NOT NULL,
    body_html    TEXT,
    message_id   TEXT      NOT NULL UNIQUE,
    thread_key   TEXT,
    state        TEXT      NOT NULL CHECK (state IN ('queued', 'leased', 'sent', 'failed', 'unknown', 'cancelled')),
    attempts     BIGINT    NOT NULL DEFAULT 0,
    claimable_at TIMESTAMP NOT NULL, -- queued: not before; leased: the lease ends
    lease_owner  TEXT,
    provider_id  TEXT,
    reason       TEXT,
    reroutes     BIGINT    UNIQUE REFERENCES deliveries (id), -- the failed delivery that this one replaces
    created_at   TIMESTAMP NOT NULL,
    sent_at      TIMESTAMP,
    FOREIGN KEY (contact, brief_day) REFERENCES briefs (contact, day),
    CHECK ((state = 'leased') = (lease_owner IS NOT NULL)),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX deliveries_waiting ON deliveries (channel, claimable_at, id) WHERE state IN ('queued', 'leased');
CREATE INDEX deliveries_queued ON deliveries (brief_day) WHERE state = 'queued';
CREATE INDEX deliveries_stuck ON deliveries (state, id) WHERE state IN ('failed', 'unknown');
CREATE INDEX deliveries_contact ON deliveries (contact, brief_day);

-- Written before the request is: a row without an end is a request that may have arrived.
CREATE TABLE attempts (
    delivery    BIGINT    NOT NULL REFERENCES deliveries (id),
    number      BIGINT    NOT NULL CHECK (number >= 1),
    started_at  TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    outcome     TEXT      CHECK (outcome IN ('sent', 'retry', 'rejected', 'unknown')),
    reason      TEXT,
    provider_id TEXT,
    PRIMARY KEY (delivery, number),
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
) WITHOUT ROWID;

-- Who may use a bot token, a mailbox or a job just now.
CREATE TABLE leases (
    name       TEXT      PRIMARY KEY NOT NULL,
    owner      TEXT      NOT NULL,
    held_until TIMESTAMP NOT NULL
);

-- How far a job has come: days never go back.
CREATE TABLE watermarks (
    name TEXT PRIMARY KEY NOT NULL,
    day  DATE NOT NULL
);
