-- The ledger is only added to, and the database holds everybody to it. One way remains, for the words of a person who is to
-- be erased (docs/privacy.md): what is left of the line is noted here first, and only that may take its place.
-- A later migration that makes "events", "seals", "heads" or "erasures" anew has to make these triggers anew.

CREATE TABLE erasures (
    event   INTEGER   PRIMARY KEY NOT NULL REFERENCES events (id),
    contact TEXT      NOT NULL REFERENCES contacts (id),
    payload TEXT      NOT NULL, -- what is left, JSON
    at      TIMESTAMP NOT NULL
);

CREATE TRIGGER events_change BEFORE UPDATE ON events
WHEN NOT (
    NEW.id = OLD.id AND NEW.plan = OLD.plan AND NEW.obligation IS OLD.obligation AND NEW.at = OLD.at
    AND NEW.actor = OLD.actor AND NEW.kind = OLD.kind AND NEW.source IS OLD.source
    AND EXISTS (SELECT 1 FROM erasures WHERE erasures.event = OLD.id AND erasures.payload = NEW.payload)
)
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER events_removal BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER seals_change BEFORE UPDATE ON seals
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER seals_removal BEFORE DELETE ON seals
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER heads_removal BEFORE DELETE ON heads
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER erasures_change BEFORE UPDATE ON erasures
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
CREATE TRIGGER erasures_removal BEFORE DELETE ON erasures
BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;

-- When the person behind a contact was erased.
ALTER TABLE contacts ADD COLUMN erased_at TIMESTAMP;
