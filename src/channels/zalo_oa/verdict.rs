//! From an answer of the API to an outcome. Errors come with HTTP 200 and a negative number ("mã lỗi").

use std::time::Duration;

use serde_json::Value;

use crate::channels::held::Hold;
use crate::channels::http::{Answer, CallError, printable};
use crate::channels::lenient;
use crate::domain::delivery::Outcome;

/// 4000 requests a minute are allowed to an application.
const RATE_WAIT: Duration = Duration::from_mins(1);
/// How long to hold when the quota is used up.
const QUOTA_WAIT: Duration = Duration::from_hours(6);
/// How long to wait for somebody to change something about the account.
const ADMIN_WAIT: Duration = Duration::from_hours(1);

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The attempt is over.
    Final(Outcome),
    /// Zalo wants silence from the whole account.
    Hold(Hold),
    /// The access token is not accepted.
    Token(String),
}

/// What the answer, or its absence, means.
pub(super) fn verdict_on(result: &Result<Answer, CallError>) -> Verdict {
    match result {
        Ok(answer) => on_answer(answer),
        Err(CallError::NotSent(why)) => retry(format!("Zalo cannot be reached: {why}")),
        Err(CallError::Lost(why)) => unknown(format!("Zalo did not answer: {why}")),
    }
}

fn on_answer(answer: &Answer) -> Verdict {
    let value: Value = match serde_json::from_slice(&answer.body) {
        Ok(value) => value,
        Err(_) => return on_foreign(answer),
    };
    let message_id = lenient::text(&value["data"]["message_id"]);
    match lenient::number(&value["error"]) {
        Some(0) => sent(message_id),
        Some(code) => on_error(code, &lenient::text(&value["message"]).unwrap_or_default()),
        None if message_id.is_some() && answer.status < 300 => sent(message_id),
        None => on_foreign(answer),
    }
}

fn sent(message_id: Option<String>) -> Verdict {
    Verdict::Final(Outcome::Sent {
        provider_id: message_id.unwrap_or_default(),
    })
}

/// Not the API's JSON.
fn on_foreign(answer: &Answer) -> Verdict {
    let status = answer.status;
    let broken = serde_json::from_slice::<Value>(&answer.body).is_err()
        && answer.body.trim_ascii_start().starts_with(b"{");
    match status {
        // Some gateways refuse a token before the API sees it.
        401 => Verdict::Token("HTTP 401".into()),
        429 => Verdict::Hold(Hold {
            wait: answer.retry_after.map_or(RATE_WAIT, Duration::from_secs),
            reason: "Zalo told the Official Account to wait (429)".into(),
        }),
        200..300 if broken => unknown(format!("Zalo's answer (HTTP {status}) breaks off")),
        504 => unknown("the gateway before Zalo got no answer (504)".into()),
        _ => retry(format!(
            "something other than Zalo answered (HTTP {status})"
        )),
    }
}

/// By the official list of error codes. What is not in it is a `Retry`, which the retry schedule bounds.
fn on_error(code: i64, message: &str) -> Verdict {
    let said = format!("{code} {}", printable(message));
    match code {
        -32 => hold(
            RATE_WAIT,
            format!("Zalo's limit of calls is reached: {said}"),
        ),
        -211 => hold(
            QUOTA_WAIT,
            format!("the quota of the Zalo Official Account is used up, buy more or wait: {said}"),
        ),
        -218 => wait(
            QUOTA_WAIT,
            format!("this person has received all that Zalo lets them today: {said}"),
        ),
        -234 => wait(
            ADMIN_WAIT,
            format!("Zalo takes no messages at night: {said}"),
        ),
        -216 | -220 => Verdict::Token(said),
        -213 | -217 | -227 | -244 => Verdict::Final(Outcome::Rejected {
            reason: format!("this person cannot be written to: {said}"),
        }),
        -201 if names_the_user(message) => Verdict::Final(Outcome::Rejected {
            reason: format!("Zalo does not know this user id: {said}"),
        }),
        -230 | -232 => Verdict::Final(Outcome::Silent {
            reason: format!("this person has been silent for more than seven days: {said}"),
        }),
        -233 | -248 => closed(format!("Zalo does not take this message there: {said}")),
        -100 | -201 | -210 => closed(format!(
            "Zalo does not take this message (a fault of Dondoc): {said}"
        )),
        -204 | -205 | -209 | -212 | -219 | -221 | -223 | -224 | -242 | -320 | -321 => wait(
            ADMIN_WAIT,
            format!("an administrator of the Zalo Official Account must act: {said}"),
        ),
        _ => retry(format!("Zalo answered {said}")),
    }
}

/// "`<field>` is invalid!" tells which.
fn names_the_user(message: &str) -> bool {
    let message = message.to_lowercase();
    message.contains("user_id") || message.contains("user id") || message.contains("group_id")
}

fn hold(wait: Duration, reason: String) -> Verdict {
    Verdict::Hold(Hold { wait, reason })
}

fn wait(after: Duration, reason: String) -> Verdict {
    Verdict::Final(Outcome::Retry {
        after: Some(after),
        reason,
    })
}

fn retry(reason: String) -> Verdict {
    Verdict::Final(Outcome::Retry {
        after: None,
        reason,
    })
}

fn closed(reason: String) -> Verdict {
    Verdict::Final(Outcome::Closed { reason })
}

fn unknown(reason: String) -> Verdict {
    Verdict::Final(Outcome::Unknown { reason })
}
