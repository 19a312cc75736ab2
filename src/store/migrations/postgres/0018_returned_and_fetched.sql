-- What became of a completion that was reported last, where it was returned: whoever reported it has answered.
ALTER TABLE statements ADD COLUMN returned_on DATE;
ALTER TABLE statements ADD COLUMN returned_because TEXT;

-- What a file of a reply was when it was fetched. The line of the ledger that names it stays as it was written, and Dondoc keeps no
-- files: its hash alone is kept, by the name under which the channel has it.
CREATE TABLE fetched_files (
    file       TEXT        PRIMARY KEY,
    sha256     TEXT        NOT NULL,
    size       BIGINT      NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL
);

-- What is owed no longer: the auditor looks whether somebody else owes it.
CREATE INDEX obligations_over ON obligations (id) WHERE state = 'cancelled';

-- Briefs that were tried and did not arrive.
CREATE INDEX deliveries_lost ON deliveries (brief_day) WHERE state IN ('failed', 'cancelled') AND attempts > 0;
