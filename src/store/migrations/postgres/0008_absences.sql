-- Who is away, and who stands in. Days are inclusive; ended early, an absence ends on the day before.
CREATE TABLE absences (
    id         BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    contact    TEXT      NOT NULL REFERENCES contacts (id),
    from_day   DATE      NOT NULL,
    to_day     DATE      NOT NULL,
    deputy     TEXT      REFERENCES contacts (id),
    created_at TIMESTAMPTZ NOT NULL,
    CHECK (from_day <= to_day),
    CHECK (deputy <> contact)
);
CREATE INDEX absences_by_day ON absences (to_day);

-- What waits for somebody is little of what is owed.
CREATE INDEX obligations_waiting ON obligations (plan) WHERE pending IS NOT NULL;
