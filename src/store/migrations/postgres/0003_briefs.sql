-- The words of a message stand in a row of their own: SQLite writes a whole row anew for every change of one column, and
-- a delivery changes its state three times.

CREATE TABLE bodies (
    delivery  BIGINT PRIMARY KEY NOT NULL REFERENCES deliveries (id),
    body      TEXT NOT NULL,
    body_html TEXT
);
INSERT INTO bodies (delivery, body, body_html) SELECT id, body, body_html FROM deliveries;
ALTER TABLE deliveries DROP COLUMN body;
ALTER TABLE deliveries DROP COLUMN body_html;

-- Who was told of an obligation, and when, is asked for everything that is late: both indexes answer alone.
DROP INDEX brief_items_told;
CREATE INDEX brief_items_told ON brief_items (obligation, contact, day, audience);
DROP INDEX deliveries_contact;
CREATE INDEX deliveries_contact ON deliveries (contact, brief_day, state);
