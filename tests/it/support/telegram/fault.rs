//! What goes wrong, by script.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Response, header};
use serde_json::json;

use super::{FakeTelegram, Inner, answer, error};

/// What happens to the next message to a chat, or the next call of a method, instead of what should.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// `error_code` and `description`.
    Error(u16, &'static str),
    /// 429 with a header and a parameter.
    TooMany { retry_after: u64 },
    /// The group is a supergroup now.
    Migrated { to: i64 },
    /// Something in between answers, with this status and body.
    Foreign(u16, &'static str),
    /// The connection is cut, and nothing was done.
    CutBeforeAccept,
    /// Nothing is done, nor answered until the client gives up.
    SilenceBeforeAccept,
    /// Done, and answered late.
    Late(Duration),
    /// Not done, and answered as if it were.
    Swallowed,
    /// Done, then the connection is cut without an answer.
    CutAfterAccept,
    /// Done, then the connection is cut in the middle of the answer.
    CutInAnswer,
    /// Done, then nothing is answered until the client gives up.
    SilenceAfterAccept,
}

impl FakeTelegram {
    /// The next message to `chat` meets `fault`.
    pub(crate) fn fault(&self, chat: i64, fault: Fault) {
        self.fault_of(&chat.to_string(), fault);
    }

    /// What is asked at each message to a chat, where no fault is scripted.
    pub(crate) fn weather(&self, oracle: impl FnMut(i64) -> Option<Fault> + Send + 'static) {
        self.state.weather.set(oracle);
    }

    /// The next call of `method`, or the next `file`, meets `fault`.
    pub(crate) fn poll_weather(&self, mut oracle: impl FnMut() -> Option<Fault> + Send + 'static) {
        self.state.poll_weather.set(move |()| oracle());
    }

    /// What is asked of this method the next time ends so.
    pub(crate) fn fault_of(&self, method: &str, fault: Fault) {
        let mut faults = self.state.faults.lock().unwrap();
        let method = method.to_ascii_lowercase();
        faults.entry(method).or_default().push_back(fault);
    }
}

impl Inner {
    pub(super) fn take_fault(&self, key: &str) -> Option<Fault> {
        self.faults.lock().unwrap().get_mut(key)?.pop_front()
    }
}

impl Fault {
    /// The answer that comes instead of anything being done.
    pub(super) fn instead(&self) -> Option<Response<Body>> {
        Some(match self {
            Self::Error(code, description) => error(*code, description, json!(null)),
            Self::TooMany { retry_after } => {
                let description = format!("Too Many Requests: retry after {retry_after}");
                let mut response = error(429, &description, json!({ "retry_after": retry_after }));
                let headers = response.headers_mut();
                headers.insert(header::RETRY_AFTER, (*retry_after).into());
                response
            }
            Self::Migrated { to } => {
                let description = "Bad Request: group chat was upgraded to a supergroup chat";
                error(400, description, json!({ "migrate_to_chat_id": to }))
            }
            Self::Foreign(status, page) => answer(*status, "text/html", (*page).to_owned()),
            Self::CutBeforeAccept => std::panic::resume_unwind(Box::new("cut")),
            Self::SilenceBeforeAccept
            | Self::Late(_)
            | Self::Swallowed
            | Self::CutAfterAccept
            | Self::CutInAnswer
            | Self::SilenceAfterAccept => return None,
        })
    }

    /// What becomes of the answer to something that was done.
    pub(super) async fn after(self, answer: Response<Body>) -> Response<Body> {
        match self {
            // Unwinding ends the task of the connection, and with it the connection; the panic hook stays silent.
            Self::CutAfterAccept => std::panic::resume_unwind(Box::new("cut")),
            Self::SilenceAfterAccept => std::future::pending().await,
            Self::Late(by) => {
                tokio::time::sleep(by).await;
                answer
            }
            Self::CutInAnswer => {
                let (parts, body) = answer.into_parts();
                let whole = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let half = whole.slice(..whole.len() / 2);
                let pieces = futures_util::stream::unfold(Some(half), async |half| {
                    let Some(half) = half else {
                        // The half leaves when there is nothing more to write for the moment.
                        tokio::task::yield_now().await;
                        std::panic::resume_unwind(Box::new("cut"))
                    };
                    Some((Ok::<_, Infallible>(half), None))
                });
                Response::from_parts(parts, Body::from_stream(pieces))
            }
            _ => answer,
        }
    }
}
