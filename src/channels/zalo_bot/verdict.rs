//! From an answer to `sendMessage` to what follows.
//!
//! Nothing official says how a blocked or unknown chat is answered, and 403 is documented as an internal error. So a chat
//! is condemned only when the text names it; everything else is a `Retry`, which the retry schedule bounds.

use std::time::Duration;

use super::reply::Reply;
use crate::channels::held::Hold;
use crate::channels::http::{Answer, CallError, printable};
use crate::channels::lenient;
use crate::domain::delivery::Outcome;

/// How long to hold after "Quota exceeded". The quota is of the month; we ask again four times a day.
const QUOTA_WAIT: Duration = Duration::from_hours(6);
/// How long to hold after a 429 that is no quota and names no time.
const RATE_WAIT: Duration = Duration::from_mins(1);

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The attempt is over.
    Final(Outcome),
    /// The platform wants silence from the whole bot.
    Hold(Hold),
}

/// Parts of texts that say the chat is gone or shut.
const DEAD_CHAT: [&str; 9] = [
    "blocked",
    "chat not found",
    "chat_id not found",
    "chat does not exist",
    "chat_id is invalid",
    "invalid chat_id",
    "user not found",
    "not a member",
    "kicked",
];

/// Parts of texts that say the message itself is at fault.
const BAD_MESSAGE: [&str; 4] = [
    "text is too long",
    "text must",
    "text is required",
    "too long",
];

/// What the answer, or its absence, means.
pub(super) fn verdict_on(result: &Result<Answer, CallError>) -> Verdict {
    match result {
        Ok(answer) => on_answer(answer),
        Err(CallError::NotSent(why)) => retry(format!("Zalo cannot be reached: {why}")),
        Err(CallError::Lost(why)) => unknown(format!("Zalo did not answer: {why}")),
    }
}

/// Whether the platform does not accept the bot's token; `None` when it did not answer itself.
pub(super) fn refuses_us(result: &Result<Answer, CallError>) -> Option<bool> {
    match Reply::of(result.as_ref().ok()?) {
        Reply::Good(_) => Some(false),
        Reply::Bad { code, .. } => Some(code == 401),
        Reply::BrokenOff | Reply::Foreign => None,
    }
}

/// What a 429, or a text that names a quota, asks for; `None` for other errors.
pub(super) fn hold_of(answer: &Answer, code: u16, text: &str) -> Option<Hold> {
    let told = answer.retry_after.map(Duration::from_secs);
    if text.contains("quota") {
        Some(Hold {
            wait: told.unwrap_or_default().max(QUOTA_WAIT),
            reason:
                "the monthly quota of the Zalo bot is used up: raise it, or wait for the next month"
                    .into(),
        })
    } else if code == 429 {
        Some(Hold {
            wait: told.unwrap_or(RATE_WAIT),
            reason: "Zalo told the bot to wait (429)".into(),
        })
    } else {
        None
    }
}

fn on_answer(answer: &Answer) -> Verdict {
    match Reply::of(answer) {
        Reply::Good(result) => Verdict::Final(Outcome::Sent {
            provider_id: lenient::text(&result["message_id"]).unwrap_or_default(),
        }),
        Reply::Bad { code, text } => on_error(answer, code, &text),
        Reply::BrokenOff => unknown("Zalo's answer breaks off".into()),
        Reply::Foreign => match (answer.status, hold_of(answer, answer.status, "")) {
            (_, Some(hold)) => Verdict::Hold(hold),
            // The gateway had passed the request on and got no answer.
            (504, None) => unknown("the gateway before Zalo got no answer (504)".into()),
            (status, None) => retry(format!(
                "something other than Zalo answered (HTTP {status})"
            )),
        },
    }
}

fn on_error(answer: &Answer, code: u16, text: &str) -> Verdict {
    if let Some(hold) = hold_of(answer, code, text) {
        return Verdict::Hold(hold);
    }
    let names = |list: &[&str]| list.iter().any(|part| text.contains(part));
    match code {
        401 => retry("Zalo does not accept the bot token: set the current one".into()),
        408 => unknown("Zalo ran out of time (408)".into()),
        0 | 400 | 403 | 404 if names(&DEAD_CHAT) => Verdict::Final(Outcome::Rejected {
            reason: format!("Zalo does not deliver there: {}", printable(text)),
        }),
        0 | 400 if names(&BAD_MESSAGE) => Verdict::Final(Outcome::Closed {
            reason: format!(
                "Zalo does not take this message (a fault of Dondoc): {}",
                printable(text)
            ),
        }),
        404 => {
            retry("the Bot Platform is not at `api_url`, or does not know the token (404)".into())
        }
        _ => retry(format!("Zalo answered {code}: {}", printable(text))),
    }
}

fn retry(reason: String) -> Verdict {
    Verdict::Final(Outcome::Retry {
        after: None,
        reason,
    })
}

fn unknown(reason: String) -> Verdict {
    Verdict::Final(Outcome::Unknown { reason })
}
