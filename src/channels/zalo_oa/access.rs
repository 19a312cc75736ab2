//! A valid access token, whatever it takes.
//!
//! One at a time in this process, and one process at a time by the keeper's claim. A new pair is stored before it is
//! used; one that could not be stored is kept here and stored before anything else. While the access token lives, a
//! refresh that does not succeed stops nobody: the refresh is due five hours before the end.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::oauth::{OAuth, Refreshed};
use super::tokens::{Consent, KeepError, Pair, TokenKeeper, Tokens};

/// When a pair is refreshed, of the 25 hours of its access token.
pub const REFRESH_AFTER: TimeDelta = TimeDelta::hours(20);
/// How long to wait after a refresh that could not be made.
const PAUSE: TimeDelta = TimeDelta::minutes(5);
/// How much longer than the call a claim holds: the clocks of two machines differ.
const CLAIM_MARGIN: TimeDelta = TimeDelta::minutes(2);

/// Why there is no token. The texts name none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoToken {
    /// Try again later.
    #[error("{0}")]
    Later(String),
    /// Only an administrator of the account repairs it.
    #[error(
        "Zalo gives this Official Account no further tokens ({0}): an administrator of it must consent again; then put the new refresh token where the configuration says and send SIGHUP"
    )]
    Broken(String),
}

impl From<KeepError> for NoToken {
    fn from(error: KeepError) -> Self {
        Self::Later(error.to_string())
    }
}

/// Gives access tokens.
#[derive(Clone, Debug)]
pub(super) struct Access {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    keeper: Arc<dyn TokenKeeper>,
    oauth: OAuth,
    claim: TimeDelta,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Tokens>,
    /// A pair that Zalo gave and that is not stored: the only copy.
    unsaved: Option<(i64, Pair)>,
    /// No refresh before this.
    pause_until: Option<DateTime<Utc>>,
}

impl Access {
    pub(super) fn new(keeper: Arc<dyn TokenKeeper>, oauth: OAuth, call: Duration) -> Self {
        let call = TimeDelta::from_std(call).unwrap_or(TimeDelta::minutes(1));
        let inner = Inner {
            keeper,
            oauth,
            claim: call + CLAIM_MARGIN,
            state: Mutex::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Hands over what a new consent gave.
    pub(super) fn give(&self, consent: Consent) {
        self.inner.keeper.give(consent);
    }

    /// An access token that lives, other than `refused`.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) async fn token(
        &self,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, NoToken> {
        let inner = Arc::clone(&self.inner);
        let refused = refused.cloned();
        // A task of its own: whoever asks may give up, a refresh that was begun may not.
        tokio::spawn(async move { inner.token(refused.as_ref()).await })
            .await
            .unwrap_or_else(|_| {
                Err(NoToken::Later(
                    "the refresh of the tokens was stopped".into(),
                ))
            })
    }
}

impl Inner {
    async fn token(&self, refused: Option<&SecretString>) -> Result<SecretString, NoToken> {
        let mut state = self.state.lock().await;
        self.save(&mut state).await?;
        let now = self.keeper.now();
        if let Some(token) = state
            .known
            .as_ref()
            .and_then(|known| fresh(known, refused, now))
        {
            return Ok(token);
        }
        // Another process may have refreshed it.
        let Some(known) = self.keeper.load().await? else {
            return Err(NoToken::Broken("none was ever given".into()));
        };
        if let Some(token) = fresh(&known, refused, now) {
            state.known = Some(known);
            return Ok(token);
        }
        let living = living(&known, refused, now);
        match self.refresh(&mut state, known, now).await {
            Ok(token) => Ok(token),
            Err(error) => living.ok_or(error),
        }
    }

    async fn refresh(
        &self,
        state: &mut State,
        known: Tokens,
        now: DateTime<Utc>,
    ) -> Result<SecretString, NoToken> {
        if let Some(failure) = known.failure {
            return Err(NoToken::Broken(failure));
        }
        if state.pause_until.is_some_and(|until| now < until) {
            return Err(NoToken::Later(
                "the tokens could not be refreshed just now".into(),
            ));
        }
        let Some(version) = self.keeper.claim(known.version, now + self.claim).await? else {
            return Err(NoToken::Later("the tokens are being refreshed".into()));
        };
        match self.oauth.refresh(&known.refresh).await {
            Refreshed::Pair(pair) => {
                state.pause_until = None;
                state.unsaved = Some((version, pair));
                self.save(state).await?;
                tracing::info!("the tokens of the Zalo Official Account were refreshed");
                // Read back: what is used is what is stored.
                state.known = self.keeper.load().await?;
                let stored = state.known.as_ref();
                stored
                    .and_then(|known| living(known, None, now))
                    .ok_or_else(|| NoToken::Later("the new tokens have expired already".into()))
            }
            Refreshed::NotSent(why) => {
                self.pause(state, version, now).await?;
                Err(NoToken::Later(format!(
                    "the tokens cannot be refreshed: {why}"
                )))
            }
            Refreshed::Application(why) => {
                tracing::error!(
                    why,
                    "Zalo does not know the application: correct app_id or app_secret of [zalo_oa]"
                );
                self.pause(state, version, now).await?;
                Err(NoToken::Later(format!(
                    "Zalo does not know the application: {why}"
                )))
            }
            // The claim is left to end by itself: then the same token is tried once more, in case it was not spent.
            Refreshed::Lost(why) => {
                tracing::error!(
                    why,
                    "no answer to the refresh of the Zalo Official Account's tokens: the next pair may be lost"
                );
                Err(NoToken::Later(format!(
                    "no answer to the refresh of the tokens: {why}"
                )))
            }
            Refreshed::Refused(why) => {
                let error = NoToken::Broken(why.clone());
                tracing::error!("{error}");
                self.keeper.fail(version, &why).await?;
                Err(error)
            }
        }
    }

    async fn pause(
        &self,
        state: &mut State,
        version: i64,
        now: DateTime<Utc>,
    ) -> Result<(), NoToken> {
        state.pause_until = Some(now + PAUSE);
        Ok(self.keeper.release(version).await?)
    }

    /// Stores the pair that waits for it. Until that has succeeded nothing else is done with the tokens.
    async fn save(&self, state: &mut State) -> Result<(), NoToken> {
        let Some((version, pair)) = &state.unsaved else {
            return Ok(());
        };
        match self.keeper.replace(*version, pair).await {
            Ok(_) => {
                state.unsaved = None;
                state.known = None;
                Ok(())
            }
            Err(error) => {
                tracing::error!(
                    %error,
                    "the new tokens of the Zalo Official Account are not stored: do not stop this process before they are"
                );
                Err(error.into())
            }
        }
    }
}

/// The access token, if it lives, was not refused and is not due to be refreshed.
fn fresh(
    tokens: &Tokens,
    refused: Option<&SecretString>,
    now: DateTime<Utc>,
) -> Option<SecretString> {
    let life = tokens.expires_at - tokens.obtained_at;
    let due = tokens.obtained_at + REFRESH_AFTER.min(life * 4 / 5);
    living(tokens, refused, now).filter(|_| now < due)
}

/// The access token, if it lives and was not refused.
fn living(
    tokens: &Tokens,
    refused: Option<&SecretString>,
    now: DateTime<Utc>,
) -> Option<SecretString> {
    let is_refused = |token: &SecretString| {
        refused.is_some_and(|refused| refused.expose_secret() == token.expose_secret())
    };
    tokens
        .access
        .clone()
        .filter(|token| now < tokens.expires_at && !is_refused(token))
}
