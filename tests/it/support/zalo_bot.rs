//! The Zalo Bot Platform of our own, with faults by script.
//!
//! Strict: an unknown method (names are case-sensitive) or field, a value of the wrong shape, a scripted fault that never
//! came up and a message that no test looked at all fail the test. Answers hold fields of later years. As the real one it
//! gives one object for a poll and no array, 408 for an empty poll, the same update on each poll or each only once, errors
//! with HTTP 200, HTML for 429, and nothing to whoever polls while a webhook is set.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, Response, header};
use serde_json::{Value, json};

use super::door::Door;
use super::weather::Weather;

/// The token the fake knows.
pub(crate) const TOKEN: &str = "4353:fakeZaloToken_2019";

/// How long the fake waits at most for something to come in; the real one as long as it is asked to.
const PATIENCE: Duration = Duration::from_millis(30);

/// What happens to the next call of a method instead of what was asked.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// This status with this JSON.
    Answer(u16, Value),
    /// Something in between answers, with this status and body.
    Foreign(u16, &'static str),
    /// 429 by a web page, with a header.
    TooMany { retry_after: u64 },
    /// The connection is cut, and nothing was done.
    CutBeforeAccept,
    /// Nothing is done, nor answered until the client gives up.
    SilenceBeforeAccept,
    /// Done, and answered late.
    Late(Duration),
    /// Done, then the connection is cut without an answer.
    CutAfterAccept,
    /// Done, then nothing is answered until the client gives up.
    SilenceAfterAccept,
    /// Done, and the answer breaks off in the middle.
    BreakOff,
}

/// How updates are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The last one again and again, until another comes.
    Replay,
    /// Each once.
    Loss,
}

/// A message that was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) chat: String,
    pub(crate) text: String,
    /// The id the answer gave it.
    pub(crate) message_id: String,
}

/// A running platform with one bot.
pub(crate) struct FakeZaloBot {
    pub(crate) address: SocketAddr,
    pub(crate) door: Door,
    state: Arc<Inner>,
}

struct Inner {
    mode: Mode,
    chats: Vec<String>,
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
    weather: Weather<(), Fault>,
    updates: Mutex<VecDeque<Value>>,
    last: Mutex<Option<Value>>,
    webhook: Mutex<Option<(String, String)>>,
    delivered: Mutex<Vec<Delivered>>,
    calls: Mutex<Vec<(String, Instant)>>,
    violations: Mutex<Vec<String>>,
}

impl FakeZaloBot {
    /// A platform whose bot may write to `chats`.
    pub(crate) async fn start(mode: Mode, chats: &[&str]) -> Self {
        let state = Arc::new(Inner {
            mode,
            chats: chats.iter().map(|chat| (*chat).to_owned()).collect(),
            faults: Mutex::default(),
            weather: Weather::default(),
            updates: Mutex::default(),
            last: Mutex::default(),
            webhook: Mutex::default(),
            delivered: Mutex::default(),
            calls: Mutex::default(),
            violations: Mutex::default(),
        });
        let app = Router::new()
            .route("/{bot}/{method}", axum::routing::any(handle))
            .fallback(async || bad(404, "Not Found"))
            .with_state(Arc::clone(&state));
        let (door, entrance) = Door::new().await;
        let address = entrance.address();
        tokio::spawn(async move { axum::serve(entrance, app).await });
        Self {
            address,
            door,
            state,
        }
    }

    /// The next call of `method` meets `fault`.
    pub(crate) fn fault(&self, method: &str, fault: Fault) {
        let mut faults = self.state.faults.lock().unwrap();
        faults
            .entry(method.to_owned())
            .or_default()
            .push_back(fault);
    }

    /// What is asked at each message, where no fault is scripted.
    pub(crate) fn weather(&self, mut oracle: impl FnMut() -> Option<Fault> + Send + 'static) {
        self.state.weather.set(move |()| oracle());
    }

    /// Something comes in.
    pub(crate) fn comes(&self, update: Value) {
        self.state.updates.lock().unwrap().push_back(update);
    }

    /// The messages delivered since the last call.
    pub(crate) fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut *self.state.delivered.lock().unwrap())
    }

    /// When `method` was called.
    pub(crate) fn calls(&self, method: &str) -> Vec<Instant> {
        let calls = self.state.calls.lock().unwrap();
        let of_method = calls.iter().filter(|(name, _)| name == method);
        of_method.map(|(_, at)| *at).collect()
    }

    /// URL and secret of the webhook.
    pub(crate) fn webhook(&self) -> Option<(String, String)> {
        self.state.webhook.lock().unwrap().clone()
    }
}

/// A text of a person, as an update.
pub(crate) fn text_update(chat: &str, message_id: &str, text: &str) -> Value {
    json!({
        "event_name": "message.text.received",
        "message": {
            "from": { "id": chat, "display_name": "Nguyễn Văn A", "is_bot": false, "badge_of_2027": 1 },
            "chat": { "id": chat, "chat_type": "PRIVATE" },
            "text": text,
            "message_id": message_id,
            "message_type": "CHAT_MESSAGE",
            "date": 1_584_318_600_123_i64,
        },
    })
}

/// What the platform pushes: headers and body, flat as it really comes, or wrapped as the documents show it.
pub(crate) fn pushed(update: &Value, wrapped: bool, secret: &str) -> (HeaderMap, Vec<u8>) {
    let mut headers = HeaderMap::new();
    headers.insert("x-bot-api-secret-token", secret.parse().unwrap());
    headers.insert("user-agent", "Java/1.8.0_192".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    let body = if wrapped {
        json!({ "ok": true, "result": update })
    } else {
        update.clone()
    };
    (headers, body.to_string().into_bytes())
}

impl Drop for FakeZaloBot {
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
    let call = (method.clone(), Instant::now());
    state.calls.lock().unwrap().push(call);
    if bot.strip_prefix("bot") != Some(TOKEN) {
        return bad(401, "Unauthorized");
    }
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/json");
    if verb != Method::POST || !json {
        state.violation(format!("{verb} {method} that is not a POST of JSON"));
    }
    let Some(Value::Object(request)) = serde_json::from_slice(&body).ok() else {
        state.violation(format!("{method} with a body that is no object"));
        return bad(400, "Bad request");
    };
    let fault = state
        .faults
        .lock()
        .unwrap()
        .get_mut(&method)
        .and_then(VecDeque::pop_front);
    let strikes = || (method == "sendMessage").then(|| state.weather.at(()));
    let fault = fault.or_else(|| strikes().flatten());
    match &fault {
        Some(Fault::CutBeforeAccept) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::SilenceBeforeAccept) => std::future::pending().await,
        Some(Fault::TooMany { retry_after }) => {
            let mut response = respond(429, "text/html", "<html>Too Many Requests</html>");
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, (*retry_after).into());
            return response;
        }
        Some(Fault::Answer(status, body)) => return answer(*status, body),
        Some(Fault::Foreign(status, page)) => return respond(*status, "text/html", page),
        _ => {}
    }
    let done = match method.as_str() {
        "getMe" => ok(
            json!({ "id": "4353", "account_name": "bot.dondoc", "account_type": "BASIC", "can_join_groups": false }),
        ),
        "getUpdates" => state.get_updates(&request).await,
        "sendMessage" => state.send_message(&request),
        "setWebhook" => state.set_webhook(&request),
        "deleteWebhook" => {
            *state.webhook.lock().unwrap() = None;
            ok(json!({ "url": "", "updated_at": 1_584_318_600_000_i64 }))
        }
        "getWebhookInfo" => match &*state.webhook.lock().unwrap() {
            Some((url, _)) => ok(json!({ "url": url, "updated_at": 1_584_318_600_000_i64 })),
            None => bad(404, "Not Found"),
        },
        _ => {
            state.violation(format!("unknown method {method}"));
            bad(404, "Not Found")
        }
    };
    match fault {
        // Unwinding ends the task of the connection, and with it the connection; the panic hook stays silent.
        Some(Fault::CutAfterAccept) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::SilenceAfterAccept) => std::future::pending().await,
        Some(Fault::Late(by)) => {
            tokio::time::sleep(by).await;
            done
        }
        Some(Fault::BreakOff) => respond(200, "application/json", r#"{"ok":true,"resu"#),
        _ => done,
    }
}

type Fields = serde_json::Map<String, Value>;

impl Inner {
    async fn get_updates(&self, request: &Fields) -> Response<Body> {
        self.fields("getUpdates", request, &["timeout"]);
        let asked = request["timeout"]
            .as_str()
            .and_then(|text| text.parse::<u64>().ok());
        let Some(asked) = asked else {
            self.violation(format!("timeout {}", request["timeout"]));
            return bad(400, "Bad request");
        };
        if self.webhook.lock().unwrap().is_some() {
            let text =
                "You cannot use this API while a webhook is set. Please remove the webhook first";
            return bad(400, text);
        }
        let next = self.updates.lock().unwrap().pop_front();
        let update = match (next, self.mode) {
            (Some(update), _) => {
                *self.last.lock().unwrap() = Some(update.clone());
                Some(update)
            }
            (None, Mode::Replay) => self.last.lock().unwrap().clone(),
            (None, Mode::Loss) => None,
        };
        let Some(update) = update else {
            tokio::time::sleep(PATIENCE.min(Duration::from_secs(asked))).await;
            return bad(408, "Request timeout");
        };
        ok(update)
    }

    fn send_message(&self, request: &Fields) -> Response<Body> {
        self.fields("sendMessage", request, &["chat_id", "text"]);
        let (Some(chat), Some(text)) = (request["chat_id"].as_str(), request["text"].as_str())
        else {
            self.violation(format!("sendMessage {request:?}"));
            return bad(400, "Bad request: The chat_id must not be empty");
        };
        if !self.chats.iter().any(|known| known == chat) {
            return bad(400, "Bad request: chat not found");
        }
        let length = text.encode_utf16().count();
        if length == 0 || length > 2000 {
            return bad(400, "Bad request: The text must have 1 to 2000 characters");
        }
        let mut delivered = self.delivered.lock().unwrap();
        let message_id = format!("8f2c{:016x}", delivered.len() + 1);
        delivered.push(Delivered {
            chat: chat.to_owned(),
            text: text.to_owned(),
            message_id: message_id.clone(),
        });
        ok(json!({ "message_id": message_id, "date": 1_584_318_600_000_i64, "later": [1] }))
    }

    fn set_webhook(&self, request: &Fields) -> Response<Body> {
        self.fields("setWebhook", request, &["url", "secret_token"]);
        let url = request["url"].as_str().unwrap_or_default();
        let secret = request["secret_token"].as_str().unwrap_or_default();
        if !url.starts_with("https://") || !(8..=256).contains(&secret.len()) {
            return bad(400, "Bad request: url or secret_token");
        }
        // Kept even when it cannot be reached.
        *self.webhook.lock().unwrap() = Some((url.to_owned(), secret.to_owned()));
        let reached = !url.contains("unreachable");
        let verification = json!({ "ok": reached, "url": url, "status_code": 0,
            "outcome": if reached { "webhook.ok" } else { "err.dns" }, "hint": "check the name" });
        ok(json!({ "url": url, "updated_at": 1_584_318_600_000_i64, "verification": verification }))
    }

    /// Every field must be one of the platform's, and there.
    fn fields(&self, method: &str, request: &Fields, known: &[&str]) {
        for name in request
            .keys()
            .filter(|name| !known.contains(&name.as_str()))
        {
            self.violation(format!("{method} with the field {name}"));
        }
        for name in known.iter().filter(|name| !request.contains_key(**name)) {
            self.violation(format!("{method} without {name}"));
        }
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }
}

fn ok(result: Value) -> Response<Body> {
    answer(
        200,
        &json!({ "ok": true, "result": result, "error_code": 0 }),
    )
}

fn bad(code: u16, description: &str) -> Response<Body> {
    let body = json!({ "ok": false, "description": description, "error_code": code });
    answer(code, &body)
}

fn answer(status: u16, body: &Value) -> Response<Body> {
    respond(status, "application/json", &body.to_string())
}

fn respond(status: u16, kind: &str, body: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body.to_owned()))
        .unwrap()
}
