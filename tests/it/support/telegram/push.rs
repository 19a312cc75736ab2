//! The webhook: `setWebhook`, `deleteWebhook`, and pushes that a test carries by hand.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Response, header};
use serde_json::{Value, json};

use super::updates::is_list_of_kinds;
use super::{FakeTelegram, Inner, answer, error};

pub(super) struct Registered {
    url: String,
    secret: String,
    at: i64,
}

/// `getWebhookInfo`: what is set, and that the last push found nobody.
pub(super) fn webhook_info(state: &Inner, request: &Value) -> Response<Body> {
    state.check("getWebhookInfo", request, |_, _| false);
    let webhook = state.webhook.lock().unwrap();
    let url = webhook.as_ref().map_or("", |webhook| webhook.url.as_str());
    let mut info = json!({
        "url": url,
        "has_custom_certificate": false,
        "pending_update_count": state.updates.queue.lock().unwrap().len(),
        "allowed_updates": ["message"],
    });
    if !url.is_empty() {
        info["last_error_date"] = state.now().into();
        info["last_error_message"] = "Connection refused".into();
    }
    super::result(&info)
}

/// One push that is due.
pub(crate) struct Push {
    pub(crate) number: i64,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl FakeTelegram {
    /// Where Telegram pushes to.
    pub(crate) fn webhook(&self) -> Option<String> {
        let webhook = self.state.webhook.lock().unwrap();
        webhook.as_ref().map(|webhook| webhook.url.clone())
    }

    /// A webhook that another program has set.
    pub(crate) fn set_webhook_elsewhere(&self) {
        self.state
            .updates
            .terminate("Conflict: terminated by setWebhook request");
        *self.state.webhook.lock().unwrap() = Some(Registered {
            url: "https://elsewhere.example/".to_owned(),
            secret: "another".to_owned(),
            at: self.state.now(),
        });
    }

    /// The push that is due now. There is one at a time; the next comes when this one was accepted.
    pub(crate) fn due_push(&self) -> Option<Push> {
        let webhook = self.state.webhook.lock().unwrap();
        let secret = &webhook.as_ref()?.secret;
        self.state.updates.expire(self.state.now());
        let queue = self.state.updates.queue.lock().unwrap();
        let first = queue.front()?;
        if first.due > self.state.now() {
            return None;
        }
        let mut headers = HeaderMap::new();
        let json = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, json);
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip, deflate"),
        );
        headers.insert(
            "X-Telegram-Bot-Api-Secret-Token",
            HeaderValue::from_str(secret).unwrap(),
        );
        Some(Push {
            number: first.number,
            headers,
            body: first.update.to_string().into(),
        })
    }

    /// What the push was answered with. Any 2xx is a receipt; else it is pushed again: as `Retry-After` says, otherwise
    /// at once, then after 2, 4, 8 … seconds, at most a minute.
    pub(crate) fn pushed(&self, push: &Push, status: u16, retry_after: Option<i64>) {
        let mut queue = self.state.updates.queue.lock().unwrap();
        let first = queue.front_mut().unwrap();
        assert_eq!(first.number, push.number);
        if (200..300).contains(&status) {
            queue.pop_front();
            return;
        }
        let ladder = match first.pushes {
            0 => 0,
            pushes => (1_i64 << pushes.min(6)).min(60),
        };
        first.pushes += 1;
        first.due = self.state.now() + retry_after.map_or(ladder, |wait| wait.min(3600));
    }
}

pub(super) fn set_webhook(state: &Inner, request: &Value) -> Response<Body> {
    state.check("setWebhook", request, |name, value| match name {
        "url" | "secret_token" => value.is_string(),
        "allowed_updates" => is_list_of_kinds(value),
        _ => false,
    });
    let text = |key: &str| request[key].as_str().unwrap_or_default().to_owned();
    let (url, secret) = (text("url"), text("secret_token"));
    let refused = |what: &str| error(400, &format!("Bad Request: {what}"), json!(null));
    if secret.len() > 256 {
        return refused("secret token is too long");
    }
    if !secret
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    {
        return refused("secret token contains unallowed characters");
    }
    if !url.starts_with("https://") {
        return refused("bad webhook: An HTTPS URL must be provided for webhook");
    }
    let mut webhook = state.webhook.lock().unwrap();
    let now = state.now();
    if webhook.as_ref().is_some_and(|webhook| webhook.at == now) {
        let description = "Too Many Requests: retry after 1";
        return error(429, description, json!({ "retry_after": 1 }));
    }
    let known = webhook
        .as_ref()
        .is_some_and(|webhook| webhook.url == url && webhook.secret == secret);
    state
        .updates
        .terminate("Conflict: terminated by setWebhook request");
    state.updates.allow(&request["allowed_updates"]);
    *webhook = Some(Registered {
        url,
        secret,
        at: now,
    });
    done(if known {
        "Webhook is already set"
    } else {
        "Webhook was set"
    })
}

pub(super) fn delete_webhook(state: &Inner, request: &Value) -> Response<Body> {
    // What waits must never be dropped.
    state.check("deleteWebhook", request, |name, value| {
        name == "drop_pending_updates" && value == &json!(false)
    });
    done(match state.webhook.lock().unwrap().take() {
        Some(_) => "Webhook was deleted",
        None => "Webhook is already deleted",
    })
}

fn done(description: &str) -> Response<Body> {
    let body = json!({ "ok": true, "result": true, "description": description });
    answer(200, "application/json", body.to_string())
}
