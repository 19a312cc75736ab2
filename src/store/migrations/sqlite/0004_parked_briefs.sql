-- A brief whose words cannot be made waits here for better templates: why, as the template engine says.
ALTER TABLE briefs ADD COLUMN parked TEXT;
CREATE INDEX briefs_parked ON briefs (day) WHERE parked IS NOT NULL;
