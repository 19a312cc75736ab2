//! The Bot API of our own, after tdlib/telegram-bot-api, with faults by script.
//!
//! Strict: an unknown method or field, a message of the wrong shape, a scripted fault that never came up and a message
//! that no test looked at all fail the test. Answers hold fields of a later API.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, Response, header};
use serde_json::{Value, json};

/// The token the fake knows.
pub(crate) const TOKEN: &str = "4353:fake-Token_of-2019";

/// What happens to the next message to a chat instead of its delivery.
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
    /// Delivered, then the connection is cut without an answer.
    CutAfterAccept,
    /// Delivered, then nothing is answered until the client gives up.
    SilenceAfterAccept,
}

/// A message that was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) chat: i64,
    pub(crate) text: String,
    /// The whole request.
    pub(crate) request: Value,
    /// The id the answer gave it.
    pub(crate) message_id: i64,
}

/// A running Bot API with one bot.
pub(crate) struct FakeTelegram {
    pub(crate) address: SocketAddr,
    state: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    chats: Mutex<Vec<i64>>,
    faults: Mutex<HashMap<i64, VecDeque<Fault>>>,
    delivered: Mutex<Vec<Delivered>>,
    calls: Mutex<usize>,
    violations: Mutex<Vec<String>>,
}

impl FakeTelegram {
    /// A Bot API whose bot may write to `chats`.
    pub(crate) async fn start(chats: &[i64]) -> Self {
        let state = Arc::new(Inner {
            chats: Mutex::new(chats.to_vec()),
            ..Inner::default()
        });
        let app = Router::new()
            .route("/{bot}/{method}", axum::routing::any(handle))
            .fallback(async || error(404, "Not Found", json!(null)))
            .with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, state }
    }

    /// The next message to `chat` meets `fault`.
    pub(crate) fn fault(&self, chat: i64, fault: Fault) {
        self.state
            .faults
            .lock()
            .unwrap()
            .entry(chat)
            .or_default()
            .push_back(fault);
    }

    /// The messages delivered since the last call.
    pub(crate) fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut *self.state.delivered.lock().unwrap())
    }

    /// How many calls there have been.
    pub(crate) fn calls(&self) -> usize {
        *self.state.calls.lock().unwrap()
    }
}

impl Drop for FakeTelegram {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let violations = std::mem::take(&mut *self.state.violations.lock().unwrap());
        assert!(
            violations.is_empty(),
            "the client broke the protocol: {violations:#?}"
        );
        let mut faults = std::mem::take(&mut *self.state.faults.lock().unwrap());
        faults.retain(|_, left| !left.is_empty());
        assert!(faults.is_empty(), "these faults never came up: {faults:?}");
        let delivered = self.take();
        assert!(delivered.is_empty(), "no test looked at: {delivered:?}");
    }
}

async fn handle(
    Shared(state): Shared<Arc<Inner>>,
    Path((bot, method)): Path<(String, String)>,
    verb: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    *state.calls.lock().unwrap() += 1;
    let Some(token) = bot.strip_prefix("bot") else {
        return error(404, "Not Found", json!(null));
    };
    if !token
        .split_once(':')
        .is_some_and(|(id, _)| id.bytes().all(|b| b.is_ascii_digit()))
    {
        return error(401, "Unauthorized: invalid token specified", json!(null));
    }
    if token != TOKEN {
        return error(401, "Unauthorized", json!(null));
    }
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/json");
    if verb != Method::POST || !json {
        state.violation(format!("{verb} {method} that is not a POST of JSON"));
    }
    if method.eq_ignore_ascii_case("sendMessage") {
        return send_message(&state, &body).await;
    }
    state.violation(format!("unknown method {method}"));
    error(404, "Not Found: method not found", json!(null))
}

async fn send_message(state: &Inner, body: &[u8]) -> Response<Body> {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        state.violation("a body that is not JSON".into());
        return error(400, "Bad Request: can't parse JSON object", json!(null));
    };
    check_fields(state, &request);
    let (Some(chat), Some(text)) = (request["chat_id"].as_i64(), request["text"].as_str()) else {
        return error(400, "Bad Request: message text is empty", json!(null));
    };
    let fault = state
        .faults
        .lock()
        .unwrap()
        .get_mut(&chat)
        .and_then(VecDeque::pop_front);
    match fault {
        Some(Fault::Error(code, description)) => return error(code, description, json!(null)),
        Some(Fault::TooMany { retry_after }) => {
            let description = format!("Too Many Requests: retry after {retry_after}");
            let mut response = error(429, &description, json!({ "retry_after": retry_after }));
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, retry_after.into());
            return response;
        }
        Some(Fault::Migrated { to }) => {
            let description = "Bad Request: group chat was upgraded to a supergroup chat";
            return error(400, description, json!({ "migrate_to_chat_id": to }));
        }
        Some(Fault::Foreign(status, page)) => return answer(status, "text/html", page.to_owned()),
        Some(Fault::CutAfterAccept | Fault::SilenceAfterAccept) | None => {}
    }
    if !state.chats.lock().unwrap().contains(&chat) {
        return error(400, "Bad Request: chat not found", json!(null));
    }
    if text.len() > 32_768 {
        return error(400, "Bad Request: text is too long", json!(null));
    }
    if text.chars().count() > 4096 {
        return error(400, "Bad Request: message is too long", json!(null));
    }
    if text.trim().is_empty() {
        return error(400, "Bad Request: text must be non-empty", json!(null));
    }
    let message_id = state.deliver(chat, text, &request);
    match fault {
        // Unwinding ends the task of the connection, and with it the connection; the panic hook stays silent.
        Some(Fault::CutAfterAccept) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::SilenceAfterAccept) => std::future::pending().await,
        _ => {}
    }
    let kind = if chat < 0 { "supergroup" } else { "private" };
    let result = json!({
        "message_id": message_id,
        "from": { "id": 4353, "is_bot": true, "first_name": "Đôn đốc", "username": "dondoc_bot", "can_do_more_in_2027": true },
        "chat": { "id": chat, "type": kind, "shade_of_a_later_api": [1, 2] },
        "date": 1_584_318_600,
        "text": text,
        "a_field_of_a_later_api": { "kind": "unheard_of" },
    });
    answer(
        200,
        "application/json",
        json!({ "ok": true, "result": result, "also_later": 1 }).to_string(),
    )
}

/// Every field must be one of the Bot API's, and of the right shape.
fn check_fields(state: &Inner, request: &Value) {
    let Some(fields) = request.as_object() else {
        return state.violation("a request that is no object".into());
    };
    for (name, value) in fields {
        let fits = match name.as_str() {
            "chat_id" => value.is_i64() || value.is_string(),
            "text" => value.is_string(),
            "parse_mode" => false,
            "link_preview_options" => value == &json!({ "is_disabled": true }),
            _ => false,
        };
        if !fits {
            state.violation(format!("field {name}: {value}"));
        }
    }
    if !fields.contains_key("link_preview_options") {
        state.violation("the link preview is not off".into());
    }
}

impl Inner {
    fn deliver(&self, chat: i64, text: &str, request: &Value) -> i64 {
        let message_id = 1000 + i64::try_from(*self.calls.lock().unwrap()).unwrap();
        let delivered = Delivered {
            chat,
            text: text.to_owned(),
            request: request.clone(),
            message_id,
        };
        self.delivered.lock().unwrap().push(delivered);
        message_id
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }
}

fn error(code: u16, description: &str, parameters: Value) -> Response<Body> {
    let mut body = json!({ "ok": false, "error_code": code, "description": description });
    if !parameters.is_null() {
        body["parameters"] = parameters;
    }
    answer(code, "application/json", body.to_string())
}

fn answer(status: u16, kind: &str, body: String) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body))
        .unwrap()
}
