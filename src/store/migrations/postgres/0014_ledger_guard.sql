-- The ledger is only added to, and the database holds everybody to it. One way remains, for the words of a person who is to
-- be erased (docs/privacy.md): what is left of the line is noted here first, and only that may take its place.
-- A later migration that makes "events", "seals", "heads" or "erasures" anew has to make these triggers anew.

CREATE TABLE erasures (
    event   BIGINT      PRIMARY KEY NOT NULL REFERENCES events (id),
    contact TEXT        NOT NULL REFERENCES contacts (id),
    payload TEXT        NOT NULL, -- what is left, JSON
    at      TIMESTAMPTZ NOT NULL
);

CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only added to';
END
$$;
CREATE FUNCTION keep_ledger_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id = OLD.id AND NEW.plan = OLD.plan AND NEW.obligation IS NOT DISTINCT FROM OLD.obligation AND NEW.at = OLD.at
        AND NEW.actor = OLD.actor AND NEW.kind = OLD.kind AND NEW.source IS NOT DISTINCT FROM OLD.source
        AND EXISTS (SELECT 1 FROM erasures WHERE erasures.event = OLD.id AND erasures.payload = NEW.payload)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the ledger is only added to';
END
$$;

CREATE TRIGGER events_change BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION keep_ledger_line();
CREATE TRIGGER events_removal BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER events_emptying BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER seals_change BEFORE UPDATE OR DELETE ON seals FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER seals_emptying BEFORE TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER heads_removal BEFORE DELETE ON heads FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER heads_emptying BEFORE TRUNCATE ON heads FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER erasures_change BEFORE UPDATE OR DELETE ON erasures FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
CREATE TRIGGER erasures_emptying BEFORE TRUNCATE ON erasures FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- When the person behind a contact was erased.
ALTER TABLE contacts ADD COLUMN erased_at TIMESTAMPTZ;
