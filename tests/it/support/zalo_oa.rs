//! Zalo's Official Account API of our own, with faults by script and a clock that is moved by hand.
//!
//! Strict: an unknown path or field, a scripted fault that never came up and a message that no test looked at all fail the
//! test. As the real one it answers errors with HTTP 200, takes each refresh token once, writes `expires_in` as a string, and
//! refuses who was silent for seven days.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State as Shared;
use axum::http::{HeaderMap, Method, Response, Uri, header};
use chrono::{DateTime, TimeDelta, Utc};
use dondoc::clock::Clock;
use serde_json::{Value, json};

use super::door::Door;
use super::weather::Weather;

pub(crate) const APP_ID: &str = "1234567890123456789";
pub(crate) const OA_ID: &str = "4318657068771012646";
pub(crate) const APP_SECRET: &str = "fake-App-Secret";
pub(crate) const OA_SECRET: &str = "fake-OA-Secret";
/// The refresh token that an administrator's consent gave.
pub(crate) const FIRST_REFRESH: &str = "fake-refresh-0";

const SEND: &str = "/v3.0/oa/message/cs";
const SEND_TO_GROUP: &str = "/v3.0/oa/group/message";
const REFRESH: &str = "/v4/oa/access_token";
const PROFILE: &str = "/v2.0/oa/getoa";

/// What happens to the next message, or the next refresh, instead of what was asked.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// HTTP 200 with this error.
    Error(i64, &'static str),
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

/// What a fault belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    Send,
    Refresh,
}

/// A message that was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// The user, or the group.
    pub(crate) to: String,
    pub(crate) text: String,
    /// The id the answer gave it.
    pub(crate) message_id: String,
}

/// A running API with one account.
pub(crate) struct FakeZaloOa {
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) door: Door,
    state: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    /// When each follower was last heard from.
    heard: Mutex<HashMap<String, DateTime<Utc>>>,
    tokens: Mutex<Issued>,
    faults: Mutex<HashMap<Call, VecDeque<Fault>>>,
    weather: Weather<Call, Fault>,
    delivered: Mutex<Vec<Delivered>>,
    calls: Mutex<HashMap<Call, usize>>,
    violations: Mutex<Vec<String>>,
}

struct Issued {
    /// The refresh token that is not spent.
    refresh: String,
    access: Option<(String, DateTime<Utc>)>,
    number: u32,
}

impl FakeZaloOa {
    /// An account with these followers, who were all just heard from.
    pub(crate) async fn start(clock: Clock, followers: &[&str]) -> Self {
        let now = clock.now();
        let heard = followers.iter().map(|user| ((*user).to_owned(), now));
        let state = Arc::new(Inner {
            clock: clock.clone(),
            heard: Mutex::new(heard.collect()),
            tokens: Mutex::new(Issued {
                refresh: FIRST_REFRESH.to_owned(),
                access: None,
                number: 0,
            }),
            faults: Mutex::default(),
            weather: Weather::default(),
            delivered: Mutex::default(),
            calls: Mutex::default(),
            violations: Mutex::default(),
        });
        let app = Router::new()
            .fallback(axum::routing::any(handle))
            .with_state(Arc::clone(&state));
        let (door, entrance) = Door::new().await;
        let address = entrance.address();
        tokio::spawn(async move { axum::serve(entrance, app).await });
        Self {
            address,
            clock,
            door,
            state,
        }
    }

    /// The next call of that kind meets `fault`.
    pub(crate) fn fault(&self, call: Call, fault: Fault) {
        let mut faults = self.state.faults.lock().unwrap();
        faults.entry(call).or_default().push_back(fault);
    }

    /// What is asked at each message and each refresh, where no fault is scripted.
    pub(crate) fn weather(&self, oracle: impl FnMut(Call) -> Option<Fault> + Send + 'static) {
        self.state.weather.set(oracle);
    }

    /// A follower writes: the window opens again.
    pub(crate) fn hears(&self, user: &str) {
        let now = self.clock.now();
        self.state
            .heard
            .lock()
            .unwrap()
            .insert(user.to_owned(), now);
    }

    /// The access token that was given last is not accepted any more.
    pub(crate) fn revoke(&self) {
        self.state.tokens.lock().unwrap().access = None;
    }

    /// An access token that lives.
    pub(crate) fn issue(&self) -> String {
        let token = "fake-access-by-hand";
        let until = self.clock.now() + TimeDelta::hours(25);
        self.state.tokens.lock().unwrap().access = Some((token.to_owned(), until));
        token.to_owned()
    }

    /// Whether this refresh token would be taken.
    pub(crate) fn takes(&self, refresh: &str) -> bool {
        self.state.tokens.lock().unwrap().refresh == refresh
    }

    /// A new consent: its refresh token.
    pub(crate) fn consent(&self) -> String {
        let refresh = "fake-refresh-of-a-new-consent";
        self.state.tokens.lock().unwrap().refresh = String::from(refresh);
        refresh.to_owned()
    }

    /// The messages delivered since the last call.
    pub(crate) fn take(&self) -> Vec<Delivered> {
        std::mem::take(&mut *self.state.delivered.lock().unwrap())
    }

    /// How many calls of that kind there have been.
    pub(crate) fn calls(&self, call: Call) -> usize {
        self.state
            .calls
            .lock()
            .unwrap()
            .get(&call)
            .copied()
            .unwrap_or(0)
    }
}

impl Drop for FakeZaloOa {
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
    verb: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    // Anybody may ask for the time.
    if verb == Method::HEAD && uri.path() == "/" {
        return respond(404, "text/html", "");
    }
    if uri.path() == PROFILE {
        return state.profile(&verb, &headers);
    }
    let (call, kind) = match uri.path() {
        SEND | SEND_TO_GROUP => (Call::Send, "application/json"),
        REFRESH => (Call::Refresh, "application/x-www-form-urlencoded"),
        path => {
            state.violation(format!("unknown path {path}"));
            return error(-201, "path is invalid!");
        }
    };
    *state.calls.lock().unwrap().entry(call).or_default() += 1;
    let is_kind = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value == kind);
    if verb != Method::POST || !is_kind {
        state.violation(format!("{verb} {uri} that is not a POST of {kind}"));
    }
    let fault = state
        .faults
        .lock()
        .unwrap()
        .get_mut(&call)
        .and_then(VecDeque::pop_front)
        .or_else(|| state.weather.at(call));
    match fault {
        // Unwinding ends the task of the connection, and with it the connection; the panic hook stays silent.
        Some(Fault::CutBeforeAccept) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::SilenceBeforeAccept) => std::future::pending().await,
        Some(Fault::TooMany { retry_after }) => {
            let mut response = respond(429, "text/html", "<html>Too Many Requests</html>");
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, retry_after.into());
            return response;
        }
        Some(Fault::Error(code, message)) => return error(code, message),
        Some(Fault::Foreign(status, page)) => return respond(status, "text/html", page),
        _ => {}
    }
    let done = match call {
        Call::Send => state.send(uri.path() == SEND_TO_GROUP, &headers, &body),
        Call::Refresh => state.refresh(&headers, &body),
    };
    match fault {
        Some(Fault::CutAfterAccept) => std::panic::resume_unwind(Box::new("cut")),
        Some(Fault::SilenceAfterAccept) => std::future::pending().await,
        Some(Fault::Late(by)) => {
            tokio::time::sleep(by).await;
            done
        }
        Some(Fault::BreakOff) => respond(200, "application/json", r#"{"data":{"mess"#),
        _ => done,
    }
}

impl Inner {
    /// Says who the account is.
    fn profile(&self, verb: &Method, headers: &HeaderMap) -> Response<Body> {
        if *verb != Method::GET {
            self.violation(format!("{verb} {PROFILE}"));
        }
        if let Some(refused) = self.refusal(headers) {
            return refused;
        }
        let data = json!({ "oaid": OA_ID, "name": "Sở Nội vụ", "is_verified": true });
        answer(&json!({ "data": data, "error": 0, "message": "Success" }))
    }

    /// The answer to whoever does not have the access token.
    fn refusal(&self, headers: &HeaderMap) -> Option<Response<Body>> {
        let now = self.clock.now();
        let given = headers
            .get("access_token")
            .and_then(|value| value.to_str().ok());
        match &self.tokens.lock().unwrap().access {
            Some((token, until)) if given == Some(token) && now < *until => None,
            Some((token, _)) if given == Some(token) => {
                Some(error(-220, "access_token is expired or removed"))
            }
            _ => Some(error(-216, "Access token is invalid")),
        }
    }

    fn send(&self, to_group: bool, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
        let now = self.clock.now();
        if let Some(refused) = self.refusal(headers) {
            return refused;
        }
        let request: Value = serde_json::from_slice(body).unwrap_or_default();
        let key = if to_group { "group_id" } else { "user_id" };
        let (to, text) = (&request["recipient"][key], &request["message"]["text"]);
        let shape = json!({ "recipient": { key: to }, "message": { "text": text } });
        let (Some(to), Some(text), true) = (to.as_str(), text.as_str(), request == shape) else {
            self.violation(format!("a message of the wrong shape: {request}"));
            return error(-201, "message is invalid!");
        };
        let heard = self.heard.lock().unwrap().get(to).copied();
        match heard {
            None => return error(-213, "User has not followed OA"),
            Some(at) if now - at > TimeDelta::days(7) && !to_group => {
                return error(
                    -230,
                    "User has not interacted with the OA in the past 7 days",
                );
            }
            Some(_) => {}
        }
        if text.is_empty() || text.encode_utf16().count() > 2000 {
            return error(-210, "message.text exceeds the limit");
        }
        let mut delivered = self.delivered.lock().unwrap();
        let message_id = format!("{}", 7_000_000_000_000_u64 + delivered.len() as u64);
        delivered.push(Delivered {
            to: to.to_owned(),
            text: text.to_owned(),
            message_id: message_id.clone(),
        });
        let quota = json!({ "quota_type": "reply", "remain": "unlimited" });
        let data = json!({ "message_id": message_id, "user_id": to, "sent_time": "1584318600000", "quota": quota });
        answer(&json!({ "data": data, "error": 0, "message": "Success" }))
    }

    fn refresh(&self, headers: &HeaderMap, body: &[u8]) -> Response<Body> {
        let form: HashMap<String, String> =
            url::form_urlencoded::parse(body).into_owned().collect();
        let is = |key: &str, value: &str| form.get(key).is_some_and(|given| given == value);
        if headers
            .get("secret_key")
            .is_none_or(|given| given != APP_SECRET)
            || !is("app_id", APP_ID)
        {
            return refused(-14002, "Invalid app id or secret");
        }
        if form.len() != 3 || !is("grant_type", "refresh_token") {
            self.violation(format!("a refresh of the wrong shape: {:?}", form.keys()));
        }
        let mut tokens = self.tokens.lock().unwrap();
        if !is("refresh_token", &tokens.refresh) {
            return refused(-14020, "Invalid refresh token");
        }
        tokens.number += 1;
        let access = format!("fake-access-{}", tokens.number);
        tokens.refresh = format!("fake-refresh-{}", tokens.number);
        tokens.access = Some((
            access.clone(),
            self.clock.now() + TimeDelta::seconds(90_000),
        ));
        answer(
            &json!({ "access_token": access, "refresh_token": tokens.refresh, "expires_in": "90000", "later": 1 }),
        )
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }
}

fn error(code: i64, message: &str) -> Response<Body> {
    answer(&json!({ "error": code, "message": message }))
}

fn refused(code: i64, description: &str) -> Response<Body> {
    answer(
        &json!({ "error": code, "error_name": "Invalid", "error_reason": description,
        "error_description": description, "ref_doc": "…" }),
    )
}

fn answer(body: &Value) -> Response<Body> {
    respond(200, "application/json", &body.to_string())
}

fn respond(status: u16, kind: &str, body: &str) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .body(Body::from(body.to_owned()))
        .unwrap()
}
