//! Why a method of the Bot API did not do what it was asked, apart from sending, whose failures concern a chat.

use std::time::Duration;

use super::envelope::Envelope;
use crate::channels::http::{Answer, CallError, printable};
use crate::channels::receiver::ReceiveError;

/// Why a method failed. The texts name no token, address or URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TelegramError {
    /// 409: another process polls this bot, or a webhook is set.
    #[error("another process receives for this Telegram bot: {0}")]
    Conflict(String),
    /// 401, 404: the token, or `api_url`, is wrong.
    #[error("Telegram does not know this bot: {0}")]
    Refused(String),
    /// Any other answer of the API that says no to this very request.
    #[error("Telegram does not do that: {0}")]
    Denied(String),
    /// Not now: no connection, a fault of the server, something in between, or too many requests.
    #[error("Telegram does not answer as it should: {reason}")]
    Later {
        /// Why.
        reason: String,
        /// How long the provider asks to wait.
        after: Option<Duration>,
    },
}

impl From<TelegramError> for ReceiveError {
    fn from(error: TelegramError) -> Self {
        match error {
            TelegramError::Conflict(text) => Self::Conflict(text),
            TelegramError::Refused(text) => Self::Refused(text),
            TelegramError::Denied(reason) => Self::Later {
                reason,
                after: None,
            },
            TelegramError::Later { reason, after } => Self::Later { reason, after },
        }
    }
}

impl From<CallError> for TelegramError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NotSent(why) | CallError::Lost(why) => later(why),
        }
    }
}

/// The envelope of a success, or what the failure means. Decided by `error_code`; only the API's own JSON can refuse:
/// everything else comes from something in between, and passes.
pub(super) fn success(result: Result<Answer, CallError>) -> Result<Envelope, TelegramError> {
    let answer = result?;
    let Some(envelope) = Envelope::read(&answer.body) else {
        return Err(TelegramError::Later {
            reason: format!(
                "its answer (HTTP {}) is not the Bot API's JSON",
                answer.status
            ),
            after: answer.retry_after.map(Duration::from_secs),
        });
    };
    if envelope.ok {
        return Ok(envelope);
    }
    let code = envelope.error_code.unwrap_or(answer.status);
    let text = format!(
        "{} ({code})",
        printable(envelope.description.as_deref().unwrap_or_default())
    );
    let asked = envelope.parameters.unwrap_or_default().retry_after;
    Err(match code {
        409 => TelegramError::Conflict(text),
        401 | 404 => TelegramError::Refused(text),
        429 | 500.. => TelegramError::Later {
            reason: text,
            after: asked.or(answer.retry_after).map(Duration::from_secs),
        },
        _ => TelegramError::Denied(text),
    })
}

pub(super) fn later(reason: impl Into<String>) -> TelegramError {
    TelegramError::Later {
        reason: reason.into(),
        after: None,
    }
}
