-- For how long a lease was taken, renewed or given back to rest. Whoever sees one stand still for so long knows that its holder
-- is gone, also when a clock that ran ahead wrote an end that lies far away.
ALTER TABLE leases ADD COLUMN lasts_ms BIGINT NOT NULL DEFAULT 25000;
-- What the auditor took lasts longer than the leases of nodes.
UPDATE leases SET lasts_ms = 3300000 WHERE name = 'audit';
