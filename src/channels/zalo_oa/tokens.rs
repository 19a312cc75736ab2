//! The pair of tokens, and who keeps it.

use std::fmt::Debug;
use std::pin::Pin;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

/// A pair as Zalo gives it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What each call carries; about 25 hours.
    pub access: SecretString,
    /// What the next pair is asked for with: once.
    pub refresh: SecretString,
    /// How long the access token lives.
    pub lives: TimeDelta,
}

/// The pair that is kept.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Changes with every change, also with a claim.
    pub version: i64,
    /// What each call carries; `None` when only a refresh token was given.
    pub access: Option<SecretString>,
    /// What the next pair is asked for with.
    pub refresh: SecretString,
    /// Since when it is kept.
    pub obtained_at: DateTime<Utc>,
    /// Until when the access token lives.
    pub expires_at: DateTime<Utc>,
    /// Why no further pair will be given; only a new consent repairs it.
    pub failure: Option<String>,
}

/// What a new consent of an administrator gave.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Number of the account.
    pub oa_id: String,
    /// The first refresh token.
    pub refresh: SecretString,
}

/// The pair could not be read or stored. The text names no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tokens of the Zalo Official Account are not at hand: {0}")]
pub struct KeepError(pub String);

/// What a keeper answers.
pub type Keeping<'a, T> = Pin<Box<dyn Future<Output = Result<T, KeepError>> + Send + 'a>>;

/// Keeps the pair durably, for every process that serves the account.
pub trait TokenKeeper: Debug + Send + Sync {
    /// The time.
    fn now(&self) -> DateTime<Utc>;

    /// The pair; `None` when there has never been one.
    fn load(&self) -> Keeping<'_, Option<Tokens>>;

    /// Takes the right to spend the refresh token of `version`, until `until`: a process that dies leaves it to the
    /// others then. Gives the new version; `None` when somebody else has it, or the pair is another by now.
    fn claim(&self, version: i64, until: DateTime<Utc>) -> Keeping<'_, Option<i64>>;

    /// Puts `pair` in the place of the one that was claimed as `version`. It is durable when this returns true; false when
    /// somebody else has put another there.
    fn replace<'a>(&'a self, version: i64, pair: &'a Pair) -> Keeping<'a, bool>;

    /// Gives a claim back: the refresh token was not sent.
    fn release(&self, version: i64) -> Keeping<'_, ()>;

    /// Hands over what a consent gave while this process runs: it takes the place of a pair that has failed, and of one
    /// that will. What failed is tried once more. A consent for another account is left alone.
    fn give(&self, consent: Consent);

    /// Notes that the refresh token claimed as `version` was refused.
    fn fail<'a>(&'a self, version: i64, reason: &'a str) -> Keeping<'a, ()>;
}
