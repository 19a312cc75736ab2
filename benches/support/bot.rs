//! A Bot API without limits, on a thread of its own: it takes every message, and hands over what somebody writes to the bot.

use std::collections::{HashMap, VecDeque};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use axum::routing::post;
use dondoc::channels::telegram::{TelegramConfig, TelegramLimits, TelegramTimeouts};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use url::Url;

/// Its token.
pub(crate) const TOKEN: &str = "4353:bench";
/// How many updates one answer brings at most, as at Telegram.
const AT_MOST: usize = 100;
/// How long a poll waits for the first of them.
const POLL: Duration = Duration::from_secs(20);

/// A running one, until the program ends.
#[derive(Clone)]
pub(crate) struct Bot {
    pub(crate) url: Url,
    state: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    sent: AtomicU64,
    /// When the last message to each chat came.
    told: Mutex<HashMap<i64, Instant>>,
    updates: Mutex<VecDeque<(i64, Value)>>,
    written: AtomicU64,
    arrived: Notify,
}

#[derive(Deserialize)]
struct Call {
    chat_id: Option<i64>,
    offset: Option<i64>,
}

impl Bot {
    /// How to reach it, without limits.
    pub(crate) fn config(&self) -> TelegramConfig {
        TelegramConfig {
            api_url: self.url.clone(),
            token: TOKEN.into(),
            proxy: None,
            timeouts: TelegramTimeouts::default(),
            limits: TelegramLimits {
                bot_per_second: NonZeroU32::MAX,
                chat_per_second: NonZeroU32::MAX,
                group_per_minute: NonZeroU32::MAX,
            },
        }
    }

    pub(crate) fn start() -> Self {
        let state = Arc::new(Shared::default());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/{bot}/{method}", post(answer))
            .with_state(Arc::clone(&state));
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await.unwrap();
            });
        });
        let url = format!("http://{address}/").parse().unwrap();
        Self { url, state }
    }

    /// How many messages it has taken.
    pub(crate) fn sent(&self) -> u64 {
        self.state.sent.load(Ordering::Relaxed)
    }

    /// When the last message to that chat came; it is forgotten then.
    pub(crate) fn take_told(&self, chat: i64) -> Option<Instant> {
        self.state.told.lock().unwrap().remove(&chat)
    }

    /// Somebody writes to the bot.
    pub(crate) fn says(&self, from: i64, text: &str) {
        let number = i64::try_from(self.state.written.fetch_add(1, Ordering::Relaxed)).unwrap() + 1;
        let update = json!({
            "update_id": number,
            "message": {
                "message_id": number,
                "from": { "id": from, "is_bot": false, "first_name": "Hoa" },
                "chat": { "id": from, "type": "private", "first_name": "Hoa" },
                "date": 1_584_318_600,
                "text": text,
            },
        });
        self.state
            .updates
            .lock()
            .unwrap()
            .push_back((number, update));
        self.state.arrived.notify_one();
    }
}

async fn answer(
    State(state): State<Arc<Shared>>,
    Path((_, method)): Path<(String, String)>,
    body: Bytes,
) -> impl IntoResponse {
    let call = || serde_json::from_slice::<Call>(&body).unwrap();
    let result = match method.to_ascii_lowercase().as_str() {
        "sendmessage" => state.take(call().chat_id.unwrap()),
        "getupdates" => state.updates(call().offset.unwrap_or(0)).await,
        "getme" => json!({
            "id": 4353,
            "is_bot": true,
            "first_name": "Dondoc",
            "username": "dondoc_bot",
            "can_join_groups": true,
            "can_read_all_group_messages": false,
            "supports_inline_queries": false,
            "has_main_web_app": false,
            "can_connect_to_business": false,
        }),
        _ => json!(true),
    };
    (
        [("content-type", "application/json")],
        json!({ "ok": true, "result": result }).to_string(),
    )
}

impl Shared {
    fn take(&self, chat: i64) -> Value {
        let number = self.sent.fetch_add(1, Ordering::Relaxed) + 1;
        self.told.lock().unwrap().insert(chat, Instant::now());
        json!({
            "message_id": number,
            "date": 1_584_318_600,
            "chat": { "id": chat, "type": "private", "first_name": "Hoa" },
            "text": "taken",
        })
    }

    async fn updates(&self, offset: i64) -> Value {
        let waiting = || -> Vec<Value> {
            let mut updates = self.updates.lock().unwrap();
            while updates.front().is_some_and(|(number, _)| *number < offset) {
                updates.pop_front();
            }
            let first = updates.iter().take(AT_MOST);
            first.map(|(_, update)| update.clone()).collect()
        };
        let until = tokio::time::Instant::now() + POLL;
        loop {
            let found = waiting();
            if !found.is_empty()
                || tokio::time::timeout_at(until, self.arrived.notified())
                    .await
                    .is_err()
            {
                return Value::Array(found);
            }
        }
    }
}
