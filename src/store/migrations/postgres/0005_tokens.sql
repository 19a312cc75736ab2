-- Pairs of tokens that a provider replaces at each refresh, one for each account. The refresh token is for a single use, so
-- whoever spends it claims the row first; "version" changes with every change.
CREATE TABLE tokens (
    account       TEXT        PRIMARY KEY NOT NULL,
    version       BIGINT      NOT NULL,
    access_token  TEXT,                 -- null when only a refresh token was given
    refresh_token TEXT        NOT NULL,
    seed          TEXT        NOT NULL, -- hash of the refresh token that was given by hand
    obtained_at   TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL, -- of the access token
    claimed_until TIMESTAMPTZ,          -- somebody is spending the refresh token
    failure       TEXT,                 -- why there will be no further pair
    failed_at     TIMESTAMPTZ,
    CHECK ((failure IS NULL) = (failed_at IS NULL))
);
