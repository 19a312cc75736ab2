-- The ledger of a plan is read in the order of its chain, which is that of its numbers: clocks may go back.
CREATE INDEX events_in_order ON events (plan, id);
