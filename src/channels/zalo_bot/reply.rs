//! What the platform answers: `{ok[,result][,description][,error_code]}`, read leniently.
//!
//! HTTP 200 may carry `ok: false`; `error_code` may be absent, 0 or a string; a gateway answers 429 in HTML.

use serde_json::Value;

use crate::channels::http::Answer;
use crate::channels::lenient;

/// An answer, as far as it is one of the platform.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// It did what was asked.
    Good(Value),
    /// It did not.
    Bad {
        /// `error_code`, or the HTTP status; 0 when neither says anything.
        code: u16,
        /// What it says, in lower case.
        text: String,
    },
    /// It begins as an answer and breaks off.
    BrokenOff,
    /// Something in between answered.
    Foreign,
}

impl Reply {
    /// Reads it.
    pub(super) fn of(answer: &Answer) -> Self {
        let status = if answer.status >= 400 {
            answer.status
        } else {
            0
        };
        let Ok(mut envelope) = serde_json::from_slice::<Value>(&answer.body) else {
            return if status == 0 && answer.body.trim_ascii_start().starts_with(b"{") {
                Self::BrokenOff
            } else {
                Self::Foreign
            };
        };
        let Some(fields) = envelope.as_object_mut() else {
            return Self::Foreign;
        };
        let says_ok = match fields.get("ok") {
            Some(ok) => *ok == Value::Bool(true),
            None => status == 0 && fields.contains_key("result"),
        };
        if says_ok && status == 0 {
            return Self::Good(fields.remove("result").unwrap_or_default());
        }
        let code = fields
            .get("error_code")
            .and_then(lenient::number)
            .and_then(|code| u16::try_from(code).ok())
            .filter(|code| *code != 0);
        let text = fields.get("description").and_then(lenient::text);
        if fields.get("ok").is_none() && code.is_none() && text.is_none() {
            return Self::Foreign;
        }
        Self::Bad {
            code: code.unwrap_or(status),
            text: text.unwrap_or_default().to_lowercase(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(status: u16, body: &str) -> Reply {
        Reply::of(&Answer {
            status,
            retry_after: None,
            body: body.as_bytes().to_vec(),
        })
    }

    fn bad(code: u16, text: &str) -> Reply {
        Reply::Bad {
            code,
            text: text.to_owned(),
        }
    }

    #[test]
    fn an_error_is_known_whatever_form_its_code_has() {
        for (status, body, expected) in [
            (
                400,
                r#"{"ok":false,"description":"Bad","error_code":400}"#,
                bad(400, "bad"),
            ),
            (
                400,
                r#"{"ok":false,"description":"Bad","error_code":"400"}"#,
                bad(400, "bad"),
            ),
            (
                401,
                r#"{"ok":false,"description":"Unauthorized"}"#,
                bad(401, "unauthorized"),
            ),
            (
                200,
                r#"{"ok":false,"description":"Quota exceeded","error_code":429}"#,
                bad(429, "quota exceeded"),
            ),
            (200, r#"{"ok":false,"error_code":0}"#, bad(0, "")),
            (200, r#"{"ok":false}"#, bad(0, "")),
            (500, r#"{"ok":true,"result":{}}"#, bad(500, "")),
        ] {
            assert_eq!(of(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn a_success_needs_no_code_and_may_carry_a_zero() {
        for body in [
            r#"{"ok":true,"result":{"id":"1"}}"#,
            r#"{"ok":true,"result":{"id":"1"},"error_code":0,"description":""}"#,
            r#"{"result":{"id":"1"}}"#,
        ] {
            assert_eq!(of(200, body), Reply::Good(json!({"id": "1"})), "{body}");
        }
        assert_eq!(of(200, r#"{"ok":true}"#), Reply::Good(Value::Null));
    }

    #[test]
    fn what_is_not_of_the_platform_is_told_from_what_breaks_off() {
        for (status, body) in [
            (429, "<html>slow down</html>"),
            (200, "<html>login</html>"),
            (502, ""),
            (200, ""),
            (200, "[]"),
            (500, r#"{"message":"from a gateway"}"#),
            (500, r#"{"ok":fa"#),
        ] {
            assert_eq!(of(status, body), Reply::Foreign, "{status} {body}");
        }
        assert_eq!(of(200, r#"{"ok":true,"resu"#), Reply::BrokenOff);
    }
}
