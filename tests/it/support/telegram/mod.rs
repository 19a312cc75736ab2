//! The Bot API of our own, after tdlib/telegram-bot-api, with faults by script and a clock by hand.
//!
//! Strict: an unknown method or field, a message of the wrong shape, a scripted fault that never came up, a message that
//! no test looked at and an update that nobody fetched all fail the test. Answers and updates hold fields of a later API.
//!
//! Left out, because nothing of ours depends on it: the slowing down of polls that repeat an offset, the limit of 4 MiB
//! to an answer, the removal of a webhook after a day of 410, and methods called in the answer to a push.

mod fault;
mod methods;
mod push;
mod send;
mod updates;

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, Method, Response, header};
use serde_json::{Value, json};

pub(crate) use self::fault::Fault;
pub(crate) use self::push::Push;
use self::updates::Updates;
use super::door::Door;
use super::weather::Weather;

/// The token the fake knows.
pub(crate) const TOKEN: &str = "4353:fake-Token_of-2019";

/// The user id in it.
pub(crate) const BOT: i64 = 4353;

/// The bot's user name.
pub(crate) const NAME: &str = "Dondoc_bot";

/// When the clock by hand starts, in Unix seconds: a Monday morning.
pub(crate) const START: i64 = 1_584_318_600;

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
    pub(crate) door: Door,
    state: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    chats: Mutex<Vec<i64>>,
    faults: Mutex<HashMap<String, VecDeque<Fault>>>,
    weather: Weather<i64, Fault>,
    poll_weather: Weather<(), Fault>,
    delivered: Mutex<Vec<Delivered>>,
    /// By method, in lower case.
    calls: Mutex<HashMap<String, usize>>,
    violations: Mutex<Vec<String>>,
    /// Seconds since [`START`].
    passed: Mutex<i64>,
    updates: Updates,
    webhook: Mutex<Option<push::Registered>>,
    commands: Mutex<Value>,
    /// Born when; answered or not.
    taps: Mutex<HashMap<String, (i64, bool)>>,
    /// The messages whose buttons were taken away, by chat and number.
    bare: Mutex<HashSet<(String, i64)>>,
    files: Mutex<HashMap<String, methods::Kept>>,
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
            .route("/file/{bot}/{*path}", axum::routing::get(methods::download))
            .fallback(async || error(404, "Not Found", json!(null)))
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

    /// The messages delivered since the last call.
    pub(crate) fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut *self.state.delivered.lock().unwrap())
    }

    /// How many calls there have been.
    pub(crate) fn calls(&self) -> usize {
        self.state.calls.lock().unwrap().values().sum()
    }

    /// How many calls of this method there have been.
    pub(crate) fn calls_of(&self, method: &str) -> usize {
        let calls = self.state.calls.lock().unwrap();
        calls
            .get(&method.to_ascii_lowercase())
            .copied()
            .unwrap_or_default()
    }

    /// Lets time pass on the clock by hand.
    pub(crate) fn pass(&self, time: Duration) {
        *self.state.passed.lock().unwrap() += i64::try_from(time.as_secs()).unwrap();
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
        let unread = self.state.updates.unread();
        assert!(unread.is_empty(), "nobody fetched: {unread:?}");
    }
}

async fn handle(
    Shared(state): Shared<Arc<Inner>>,
    Path((bot, method)): Path<(String, String)>,
    verb: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let method = method.to_ascii_lowercase();
    state.count(&method);
    if let Some(refused) = refusal(&bot) {
        return refused;
    }
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == "application/json");
    if verb != Method::POST || !json {
        state.violation(format!("{verb} {method} that is not a POST of JSON"));
    }
    let Ok(request) = serde_json::from_slice::<Value>(&body) else {
        state.violation("a body that is not JSON".into());
        return error(400, "Bad Request: can't parse JSON object", json!(null));
    };
    if method == "sendmessage" {
        return send::send_message(&state, &request).await;
    }
    let mut fault = state.take_fault(&method);
    if fault.is_none() && method == "getupdates" {
        fault = state.poll_weather.at(());
    }
    if let Some(answer) = fault.as_ref().and_then(Fault::instead) {
        return answer;
    }
    let answer = match method.as_str() {
        "getupdates" => updates::get_updates(&state, &request).await,
        "setwebhook" => push::set_webhook(&state, &request),
        "getwebhookinfo" => push::webhook_info(&state, &request),
        "deletewebhook" => push::delete_webhook(&state, &request),
        "getme" => methods::get_me(&state, &request),
        "setmycommands" => methods::set_my_commands(&state, &request),
        "answercallbackquery" => methods::answer_callback_query(&state, &request),
        "editmessagereplymarkup" => methods::edit_message_reply_markup(&state, &request),
        "getfile" => methods::get_file(&state, &request),
        _ => {
            state.violation(format!("unknown method {method}"));
            error(404, "Not Found: method not found", json!(null))
        }
    };
    match fault {
        Some(fault) => fault.after(answer).await,
        None => answer,
    }
}

/// The answer to whoever does not have the token.
fn refusal(bot: &str) -> Option<Response<Body>> {
    let Some(token) = bot.strip_prefix("bot") else {
        return Some(error(404, "Not Found", json!(null)));
    };
    let id = token.split_once(':').map_or("", |(id, _)| id);
    let description = if id.is_empty() || !id.bytes().all(|b| b.is_ascii_digit()) {
        "Unauthorized: invalid token specified"
    } else if token != TOKEN {
        "Unauthorized"
    } else {
        return None;
    };
    Some(error(401, description, json!(null)))
}

impl Inner {
    fn count(&self, method: &str) {
        *self
            .calls
            .lock()
            .unwrap()
            .entry(method.to_owned())
            .or_default() += 1;
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }

    /// Notes the fields of a request that are not the method's, or not of its shape.
    fn check(&self, method: &str, request: &Value, fits: impl Fn(&str, &Value) -> bool) {
        let Some(fields) = request.as_object() else {
            return self.violation(format!("{method}: a request that is no object"));
        };
        for (name, value) in fields {
            if !fits(name, value) {
                self.violation(format!("{method}: field {name}: {value}"));
            }
        }
    }

    fn now(&self) -> i64 {
        START + *self.passed.lock().unwrap()
    }
}

/// A success that also holds fields of a later API.
fn result(result: &Value) -> Response<Body> {
    let body = json!({ "ok": true, "result": result, "also_later": 1 });
    answer(200, "application/json", body.to_string())
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
