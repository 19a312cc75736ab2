//! From an answer of the Bot API to an outcome.
//!
//! Decided by `error_code` first and by the loose beginning of the description second: exact texts drift. What is not
//! recognised is a `Retry`, which the retry schedule bounds. 403 and a few 400s condemn the chat; everything that is
//! not the API's own JSON comes from something in between (a proxy, a block page) and condemns nobody.

use std::time::Duration;

use super::envelope::Envelope;
use crate::channels::http::{Answer, CallError, printable};
use crate::domain::delivery::Outcome;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The attempt is over.
    Final(Outcome),
    /// The provider wants silence towards this chat for so long.
    Hold(Option<Duration>),
    /// The group lives on under this id.
    Migrated(i64),
}

/// Beginnings (after "Bad Request: ", in lower case) of 400s that condemn the chat.
const DEAD_CHAT: [&str; 11] = [
    "chat not found",
    "chat_id is empty",
    "peer_id_invalid",
    "user not found",
    "user_deactivated",
    "input_user_deactivated",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights",
    "chat_write_forbidden",
    "chat_restricted",
];

/// Beginnings of 400s that this very message would meet again: a fault of ours, to be shown as such.
const BAD_MESSAGE: [&str; 6] = [
    "message is too long",
    "message_too_long",
    "text is too long",
    "message text is empty",
    "text must be non-empty",
    "can't parse entities",
];

/// What the answer, or its absence, means.
pub(super) fn verdict_on(result: &Result<Answer, CallError>) -> Verdict {
    match result {
        Ok(answer) => on_answer(answer),
        Err(CallError::NotSent(why)) => retry(format!("Telegram cannot be reached: {why}")),
        Err(CallError::Lost(why)) => unknown(format!("Telegram did not answer: {why}")),
    }
}

/// Whether Telegram does not accept the bot's token; `None` when Telegram itself did not answer.
pub(super) fn refuses_us(result: &Result<Answer, CallError>) -> Option<bool> {
    let answer = result.as_ref().ok()?;
    let envelope = Envelope::read(&answer.body)?;
    let code = envelope.error_code.unwrap_or(answer.status);
    Some(!envelope.ok && matches!(code, 401 | 404))
}

fn on_answer(answer: &Answer) -> Verdict {
    let Some(envelope) = Envelope::read(&answer.body) else {
        return on_foreign_answer(answer);
    };
    if envelope.ok {
        let id = envelope.value()["message_id"].as_i64();
        return Verdict::Final(Outcome::Sent {
            provider_id: id.map(|id| id.to_string()).unwrap_or_default(),
        });
    }
    let parameters = envelope.parameters.unwrap_or_default();
    if let Some(to) = parameters.migrate_to_chat_id {
        return Verdict::Migrated(to);
    }
    let code = envelope.error_code.unwrap_or(answer.status);
    let retry_after = parameters.retry_after.or(answer.retry_after);
    on_error(code, &envelope.description.unwrap_or_default(), retry_after)
}

/// Not the API's JSON.
fn on_foreign_answer(answer: &Answer) -> Verdict {
    let status = answer.status;
    let begins_as_json = answer.body.trim_ascii_start().starts_with(b"{");
    match status {
        429 => Verdict::Hold(answer.retry_after.map(Duration::from_secs)),
        200..300 if begins_as_json => {
            unknown(format!("Telegram's answer (HTTP {status}) breaks off"))
        }
        // The gateway had passed the request on and got no answer.
        504 => unknown(format!(
            "the gateway before Telegram got no answer (HTTP {status})"
        )),
        _ => retry(format!(
            "something other than Telegram answered (HTTP {status})"
        )),
    }
}

fn on_error(code: u16, description: &str, retry_after: Option<u64>) -> Verdict {
    let text = description.to_lowercase();
    let detail = text
        .split_once(": ")
        .map_or(text.as_str(), |(_, rest)| rest);
    let begins = |list: &[&str]| list.iter().any(|beginning| detail.starts_with(beginning));
    match code {
        429 => Verdict::Hold(retry_after.map(Duration::from_secs)),
        403 => rejected(format!("Telegram forbids it: {}", printable(detail))),
        400 if begins(&DEAD_CHAT) => rejected(format!(
            "Telegram does not deliver there: {}",
            printable(detail)
        )),
        400 if begins(&BAD_MESSAGE) => rejected(format!(
            "Telegram does not take this message (a fault of Dondoc): {}",
            printable(detail)
        )),
        401 => retry(
            "Telegram does not accept the bot token: set the current one from @BotFather".into(),
        ),
        404 => retry(
            "the Telegram API is not at `api_url`, or does not know the bot token (404)".into(),
        ),
        _ => retry(format!("Telegram answered {code}: {}", printable(detail))),
    }
}

fn retry(reason: String) -> Verdict {
    Verdict::Final(Outcome::Retry {
        after: None,
        reason,
    })
}

fn rejected(reason: String) -> Verdict {
    Verdict::Final(Outcome::Rejected { reason })
}

fn unknown(reason: String) -> Verdict {
    Verdict::Final(Outcome::Unknown { reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(status: u16, body: &str) -> Verdict {
        verdict_on(&Ok(Answer {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        }))
    }

    fn on_error_text(code: u16, description: &str) -> Verdict {
        on(
            code,
            &serde_json::json!({ "ok": false, "error_code": code, "description": description })
                .to_string(),
        )
    }

    #[test]
    fn a_chat_that_cannot_be_written_to_is_rejected() {
        for (code, description) in [
            (403, "Forbidden: bot was blocked by the user"),
            (403, "Forbidden: user is deactivated"),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
            ),
            (403, "Forbidden: the bot can't send messages to the bot"),
            (403, "Forbidden: bot was kicked from the group chat"),
            (403, "Forbidden: bot is not a member of the supergroup chat"),
            (403, "Forbidden: the group chat was deleted"),
            (400, "Bad Request: chat not found"),
            (400, "Bad Request: chat_id is empty"),
            (400, "Bad Request: PEER_ID_INVALID"),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
            ),
        ] {
            let verdict = on_error_text(code, description);
            assert!(
                matches!(verdict, Verdict::Final(Outcome::Rejected { .. })),
                "{description}"
            );
        }
    }

    #[test]
    fn a_message_telegram_cannot_take_is_rejected_as_a_fault_of_ours() {
        for description in [
            "Bad Request: message is too long",
            "Bad Request: MESSAGE_TOO_LONG",
            "Bad Request: text is too long",
            "Bad Request: message text is empty",
            "Bad Request: text must be non-empty",
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
        ] {
            let Verdict::Final(Outcome::Rejected { reason }) = on_error_text(400, description)
            else {
                panic!("{description}")
            };
            assert!(reason.contains("a fault of Dondoc"), "{reason}");
        }
    }

    #[test]
    fn a_fault_of_the_server_or_of_the_configuration_condemns_no_chat() {
        for (code, description) in [
            (401, "Unauthorized"),
            (401, "Unauthorized: invalid token specified"),
            (404, "Not Found"),
            (409, "Conflict: terminated by other getUpdates request"),
            (500, "Internal Server Error: restart"),
            (400, "Bad Request: something nobody has seen yet"),
        ] {
            let verdict = on_error_text(code, description);
            assert!(
                matches!(verdict, Verdict::Final(Outcome::Retry { after: None, .. })),
                "{description}"
            );
        }
        for (status, page) in [
            (502, "<html>Bad Gateway</html>"),
            (403, "<html>blocked</html>"),
            (200, "<html>login"),
            (302, ""),
        ] {
            assert!(
                matches!(
                    on(status, page),
                    Verdict::Final(Outcome::Retry { after: None, .. })
                ),
                "{status} {page}"
            );
        }
    }

    #[test]
    fn only_telegram_itself_says_whether_the_token_is_accepted() {
        let told = |status: u16, body: &str| {
            refuses_us(&Ok(Answer {
                status,
                retry_after: None,
                body: body.as_bytes().to_vec(),
            }))
        };
        for (status, body, expected) in [
            (
                401,
                r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#,
                Some(true),
            ),
            (
                404,
                r#"{"ok":false,"error_code":404,"description":"Not Found"}"#,
                Some(true),
            ),
            (
                403,
                r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked"}"#,
                Some(false),
            ),
            (200, r#"{"ok":true,"result":{"message_id":7}}"#, Some(false)),
            (401, "<html>a proxy wants a login</html>", None),
        ] {
            assert_eq!(told(status, body), expected, "{status} {body}");
        }
        assert_eq!(refuses_us(&Err(CallError::Lost("reset".into()))), None);
    }

    #[test]
    fn a_success_is_believed_whatever_else_the_answer_holds() {
        let sent = |id: &str| {
            Verdict::Final(Outcome::Sent {
                provider_id: id.into(),
            })
        };
        assert_eq!(
            on(
                200,
                r#"{"ok":true,"result":{"message_id":77,"new_in_11_0":[1]},"also_new":1}"#
            ),
            sent("77")
        );
        assert_eq!(on(200, r#"{"ok":true,"result":true}"#), sent(""));
    }

    #[test]
    fn an_answer_that_breaks_off_or_never_reached_the_gateway_leaves_the_fate_open() {
        for (status, body) in [
            (200, r#"{"ok":true,"resu"#),
            (504, "<html>Gateway Time-out</html>"),
        ] {
            assert!(
                matches!(on(status, body), Verdict::Final(Outcome::Unknown { .. })),
                "{status}"
            );
        }
        let lost = verdict_on(&Err(CallError::Lost("reset".into())));
        assert!(matches!(lost, Verdict::Final(Outcome::Unknown { .. })));
    }

    #[test]
    fn waiting_times_come_from_the_body_before_the_header() {
        let answer = |body: &str| {
            verdict_on(&Ok(Answer {
                status: 429,
                retry_after: Some(9),
                body: body.as_bytes().to_vec(),
            }))
        };
        let body =
            r#"{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":5}}"#;
        assert_eq!(answer(body), Verdict::Hold(Some(Duration::from_secs(5))));
        assert_eq!(
            answer("<html>slow down</html>"),
            Verdict::Hold(Some(Duration::from_secs(9)))
        );
    }

    #[test]
    fn a_group_that_was_upgraded_tells_its_new_id() {
        let body = r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}"#;
        assert_eq!(on(400, body), Verdict::Migrated(-1_001_234_567_890));
    }
}
