-- The files of a mail. Their bytes go once it was sent, and a month after it was queued in any case; the rest tells what was sent.
CREATE TABLE attachments (
    delivery   BIGINT  NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    position   BIGINT  NOT NULL, -- in the mail, from 0
    name       TEXT    NOT NULL,
    media_type TEXT    NOT NULL,
    size       BIGINT  NOT NULL,
    bytes      BYTEA,            -- null once they are no longer needed
    PRIMARY KEY (delivery, position)
);
CREATE INDEX attachments_kept ON attachments (delivery) WHERE bytes IS NOT NULL;
