//! Zalo's side of the webhook of an Official Account: what was not answered by 200 within two seconds is pushed again.
//!
//! Faster than Zalo, and without its end: five more times within 52 minutes, and then never again, is all that Zalo
//! promises to a daemon that is down.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dondoc::clock::Clock;
use reqwest::StatusCode;

use crate::support::zalo_oa::{APP_ID, OA_SECRET};
use crate::support::zalo_push::{signed, text_event};

/// The time of every event that the fake writes.
const WRITTEN_AT: &str = "1584318600123";
/// How long Zalo waits for an answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// Until the first push that follows, and from the last on.
const AGAIN: (Duration, Duration) = (Duration::from_millis(30), Duration::from_millis(500));
const PAUSE: Duration = Duration::from_millis(5);

/// Pushes what people write to the account.
pub(super) struct Pusher {
    waiting: Arc<Mutex<VecDeque<Push>>>,
    repeated: Arc<AtomicUsize>,
}

struct Push {
    body: String,
    stamp: String,
    retries: u32,
    due: Instant,
}

impl Pusher {
    /// Pushes to this address, one after the other, until it is dropped.
    pub(super) fn start(to: SocketAddr) -> Self {
        let waiting = Arc::new(Mutex::new(VecDeque::new()));
        let repeated = Arc::new(AtomicUsize::new(0));
        let pusher = Self {
            waiting: Arc::clone(&waiting),
            repeated: Arc::clone(&repeated),
        };
        tokio::spawn(async move {
            let client = reqwest::Client::builder().timeout(PATIENCE);
            let client = client.build().unwrap();
            let url = format!("http://{to}/webhook/zalo-oa");
            while Arc::strong_count(&waiting) > 1 {
                let due = take_due(&waiting);
                let Some(mut push) = due else {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                };
                if push.retries > 0 {
                    repeated.fetch_add(1, Ordering::Relaxed);
                }
                if !push.is_taken(&client, &url).await {
                    push.due = Instant::now() + AGAIN.1.min(AGAIN.0 * 2_u32.pow(push.retries));
                    push.retries = (push.retries + 1).min(10);
                    waiting.lock().unwrap().push_back(push);
                }
            }
        });
        pusher
    }

    /// A follower writes.
    pub(super) fn says(&self, user: &str, message_id: &str, text: &str) {
        let stamp = Clock::System.now().timestamp_millis().to_string();
        let body = text_event(user, message_id, text).replace(WRITTEN_AT, &stamp);
        let push = Push {
            body,
            stamp,
            retries: 0,
            due: Instant::now(),
        };
        self.waiting.lock().unwrap().push_back(push);
    }

    /// How many pushes were not the first of their message.
    pub(super) fn repeated(&self) -> usize {
        self.repeated.load(Ordering::Relaxed)
    }
}

fn take_due(waiting: &Mutex<VecDeque<Push>>) -> Option<Push> {
    let mut waiting = waiting.lock().unwrap();
    let now = Instant::now();
    let due = waiting.iter().position(|push| push.due <= now)?;
    waiting.remove(due)
}

impl Push {
    async fn is_taken(&self, client: &reqwest::Client, url: &str) -> bool {
        let mut headers = signed(&self.body, APP_ID, &self.stamp, OA_SECRET);
        headers.insert("num_retry", self.retries.into());
        let request = client.post(url).headers(headers).body(self.body.clone());
        let status = request.send().await.map(|answer| answer.status());
        status.is_ok_and(|status| status == StatusCode::OK)
    }
}
