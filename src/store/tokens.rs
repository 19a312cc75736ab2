//! Pairs of tokens of which one is for a single use (Zalo Official Account).
//!
//! Losing the refresh token silences the account until an administrator consents again. So a process claims the row before
//! it spends the token, and no statement here changes a row of which the caller does not know the version: of two
//! processes that read the same pair, one gets the claim. A claim of a dead process ends by itself.
//!
//! Tokens stand here as they are. Whoever can read the database or a backup of it can write in the name of the account.

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{FromRow, query, query_as};

use super::Tx;
use super::error::{Doing, StoreError};

/// A pair that is kept.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Changes with every change.
    pub version: i64,
    /// What each call carries; `None` when only a refresh token was given.
    pub access: Option<SecretString>,
    /// What the next pair is asked for with.
    pub refresh: SecretString,
    /// Since when it is kept.
    pub obtained_at: DateTime<Utc>,
    /// Until when the access token lives.
    pub expires_at: DateTime<Utc>,
    /// Until when somebody has the right to spend the refresh token.
    pub claimed_until: Option<DateTime<Utc>>,
    /// Why there will be no further pair.
    pub failure: Option<String>,
}

/// A pair to be kept.
#[derive(Clone, Copy, Debug)]
pub struct NewTokens<'a> {
    /// What each call carries.
    pub access: Option<&'a SecretString>,
    /// What the next pair is asked for with.
    pub refresh: &'a SecretString,
    /// Until when the access token lives.
    pub expires_at: DateTime<Utc>,
}

/// How the tokens of an account stand, for whoever looks after them: without the tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Which account.
    pub account: String,
    /// Since when the pair is kept.
    pub obtained_at: DateTime<Utc>,
    /// Until when the access token lives.
    pub expires_at: DateTime<Utc>,
    /// Since when no further pair is given, and why.
    pub failure: Option<(DateTime<Utc>, String)>,
}

/// What became of a pair that was given by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeded {
    /// It is the first, or takes the place of one that had failed.
    Kept,
    /// There is one that lives, or this one has failed before.
    Known,
}

/// The pair of an account.
///
/// # Errors
/// When the database fails.
pub async fn find(tx: &mut Tx, account: &str) -> Result<Option<Tokens>, StoreError> {
    let row: Option<Row> = on!(tx, conn => {
        query_as(
            "SELECT version, access_token, refresh_token, obtained_at, expires_at, claimed_until, failure
             FROM tokens WHERE account = $1",
        )
        .bind(account)
        .fetch_optional(conn)
        .await
    })
    .doing(format_args!("reading the tokens of {account}"))?;
    Ok(row.map(Tokens::from))
}

/// Keeps a pair that was given by hand: if there is none, or the one there has failed and came from another seed. `seed` is
/// a hash of its refresh token. What was refreshed since is not overwritten by the seed that it came from.
///
/// # Errors
/// When the database fails.
pub async fn seed(
    tx: &mut Tx,
    account: &str,
    seed: &str,
    tokens: NewTokens<'_>,
    now: DateTime<Utc>,
) -> Result<Seeded, StoreError> {
    let kept = on!(tx, conn => {
        query(
            "INSERT INTO tokens (account, version, access_token, refresh_token, seed, obtained_at, expires_at)
             VALUES ($1, 1, $2, $3, $4, $5, $6)
             ON CONFLICT (account) DO UPDATE SET version = tokens.version + 1,
                 access_token = excluded.access_token, refresh_token = excluded.refresh_token, seed = excluded.seed,
                 obtained_at = excluded.obtained_at, expires_at = excluded.expires_at,
                 claimed_until = NULL, failure = NULL, failed_at = NULL
             WHERE tokens.failure IS NOT NULL AND tokens.seed <> excluded.seed",
        )
        .bind(account)
        .bind(tokens.access.map(ExposeSecret::expose_secret))
        .bind(tokens.refresh.expose_secret())
        .bind(seed)
        .bind(now)
        .bind(tokens.expires_at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("keeping the first tokens of {account}"))?;
    Ok(if kept == 1 {
        Seeded::Kept
    } else {
        Seeded::Known
    })
}

/// By how much the end of somebody else's right may lie behind that of one taken now: beyond it, a clock that ran ahead has
/// written it, and nobody holds it.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Takes the right to spend the refresh token of `version` until `until`, and gives the version from then on. `None` when
/// the pair is another by now, has failed, or somebody else has the right.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut Tx,
    account: &str,
    version: i64,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<i64>, StoreError> {
    let claimed = on!(tx, conn => {
        query(
            "UPDATE tokens SET version = version + 1, claimed_until = $1
             WHERE account = $2 AND version = $3 AND failure IS NULL
               AND (claimed_until IS NULL OR claimed_until <= $4 OR claimed_until > $5)",
        )
        .bind(until)
        .bind(account)
        .bind(version)
        .bind(now)
        .bind(until + AHEAD)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("claiming the tokens of {account}"))?;
    Ok((claimed == 1).then_some(version + 1))
}

/// Puts a new pair in the place of the one claimed as `version`. It goes before a failure that another process noted since:
/// that one spent the token after us. False when the pair was replaced otherwise.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    account: &str,
    version: i64,
    tokens: NewTokens<'_>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let replaced = on!(tx, conn => {
        query(
            "UPDATE tokens SET version = version + 1, access_token = $1, refresh_token = $2, obtained_at = $3,
                 expires_at = $4, claimed_until = NULL, failure = NULL, failed_at = NULL
             WHERE account = $5 AND (version = $6 OR failure IS NOT NULL)",
        )
        .bind(tokens.access.map(ExposeSecret::expose_secret))
        .bind(tokens.refresh.expose_secret())
        .bind(now)
        .bind(tokens.expires_at)
        .bind(account)
        .bind(version)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("storing the new tokens of {account}"))?;
    Ok(replaced == 1)
}

/// Gives a claim back: the refresh token was not sent. False when it had ended.
///
/// # Errors
/// When the database fails.
pub async fn release(tx: &mut Tx, account: &str, version: i64) -> Result<bool, StoreError> {
    let released = on!(tx, conn => {
        query("UPDATE tokens SET version = version + 1, claimed_until = NULL WHERE account = $1 AND version = $2")
            .bind(account)
            .bind(version)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })
    .doing(format_args!("giving back the tokens of {account}"))?;
    Ok(released == 1)
}

/// Notes that the refresh token claimed as `version` was refused: there will be no further pair. False when the pair was
/// replaced since.
///
/// # Errors
/// When the database fails.
pub async fn fail(
    tx: &mut Tx,
    account: &str,
    version: i64,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let failed = on!(tx, conn => {
        query(
            "UPDATE tokens SET version = version + 1, claimed_until = NULL, failure = $1, failed_at = $2
             WHERE account = $3 AND version = $4",
        )
        .bind(reason)
        .bind(now)
        .bind(account)
        .bind(version)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!("noting that the tokens of {account} failed"))?;
    Ok(failed == 1)
}

/// Lets a pair that failed be tried once more.
///
/// # Errors
/// When the database fails.
pub async fn forgive(tx: &mut Tx, account: &str) -> Result<bool, StoreError> {
    let forgiven = on!(tx, conn => {
        query(
            "UPDATE tokens SET version = version + 1, failure = NULL, failed_at = NULL
             WHERE account = $1 AND failure IS NOT NULL",
        )
        .bind(account)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })
    .doing(format_args!(
        "letting the tokens of {account} be tried again"
    ))?;
    Ok(forgiven == 1)
}

/// How the tokens of every account stand.
///
/// # Errors
/// When the database fails.
pub async fn list_health(tx: &mut Tx) -> Result<Vec<Health>, StoreError> {
    let rows: Vec<HealthRow> = on!(tx, conn => {
        query_as("SELECT account, obtained_at, expires_at, failure, failed_at FROM tokens ORDER BY account")
            .fetch_all(conn)
            .await
    })
    .doing("listing how the tokens stand")?;
    Ok(rows.into_iter().map(Health::from).collect())
}

#[derive(FromRow)]
struct Row {
    version: i64,
    access_token: Option<String>,
    refresh_token: String,
    obtained_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    claimed_until: Option<DateTime<Utc>>,
    failure: Option<String>,
}

impl From<Row> for Tokens {
    fn from(row: Row) -> Self {
        Self {
            version: row.version,
            access: row.access_token.map(SecretString::from),
            refresh: SecretString::from(row.refresh_token),
            obtained_at: row.obtained_at,
            expires_at: row.expires_at,
            claimed_until: row.claimed_until,
            failure: row.failure,
        }
    }
}

#[derive(FromRow)]
struct HealthRow {
    account: String,
    obtained_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    failure: Option<String>,
    failed_at: Option<DateTime<Utc>>,
}

impl From<HealthRow> for Health {
    fn from(row: HealthRow) -> Self {
        Self {
            account: row.account,
            obtained_at: row.obtained_at,
            expires_at: row.expires_at,
            failure: row.failed_at.zip(row.failure),
        }
    }
}
