-- What was past its due day before anybody could be reminded of it here: the first day on which anybody could, and the last
-- day on which its agency is asked how it ended. Null for everything else.
ALTER TABLE obligations ADD COLUMN watched_from DATE;
ALTER TABLE obligations ADD COLUMN settle_by DATE;
CREATE INDEX obligations_settle_by ON obligations (settle_by) WHERE settle_by IS NOT NULL;
