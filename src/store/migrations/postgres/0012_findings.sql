-- What the auditor found to be owed to somebody that has neither a delivery nor a reason. A row stays once it is mended.
CREATE TABLE findings (
    kind       TEXT      NOT NULL,
    subject    TEXT      NOT NULL, -- what it is about; the same at every look
    plan       TEXT      REFERENCES plans (id),
    obligation BIGINT    REFERENCES obligations (id),
    contact    TEXT      REFERENCES contacts (id),
    day        DATE,
    detail     TEXT      NOT NULL,
    first_seen TIMESTAMPTZ NOT NULL,
    last_seen  TIMESTAMPTZ NOT NULL,
    cleared_at TIMESTAMPTZ,          -- null: it stands
    PRIMARY KEY (kind, subject)
);
CREATE INDEX findings_open ON findings (kind, subject) WHERE cleared_at IS NULL;

-- When the mark moved: what changed since was not there for the job.
ALTER TABLE watermarks ADD COLUMN at TIMESTAMPTZ;

-- The auditor reads what fell due since it last looked, and never the table.
CREATE INDEX obligations_opening ON obligations (opens_on) WHERE state = 'open';
CREATE INDEX obligations_due ON obligations (due_on) WHERE state = 'open';
CREATE INDEX obligations_snoozed ON obligations (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX briefs_day ON briefs (day);
CREATE INDEX deliveries_digests ON deliveries (created_at) WHERE kind = 'digest';
