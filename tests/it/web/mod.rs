//! The webhooks over real connections.

mod connections;
mod daemon;
mod pushes;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dondoc::app::AppError;
use dondoc::app::daemon::Wish;
use dondoc::app::push::{Push, Store, Storing};
use dondoc::channels::Webhook;
use dondoc::channels::zalo_bot::{ZaloBot, ZaloBotConfig, ZaloBotTimeouts, ZaloBotWebhook};
use dondoc::channels::zalo_oa::{Candidate, ZaloOaSecrets, ZaloOaWebhook};
use dondoc::domain::inbound::Inbound;
use dondoc::web::{Limits, Route, router, serve};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::support::zalo_bot::{pushed, text_update};
use crate::support::zalo_oa::{APP_ID, APP_SECRET, OA_ID, OA_SECRET};

const SECRET: &str = "fake-webhook-secret";
const BOT: &str = "/webhook/zalo-bot";
const OA: &str = "/webhook/zalo-oa";

/// Keeps what is stored, fails, or waits until it may go on.
#[derive(Debug)]
struct Kept {
    stored: Mutex<Vec<Inbound>>,
    fails: Mutex<bool>,
    gate: Semaphore,
    entered: Semaphore,
}

impl Kept {
    fn ids(&self) -> Vec<String> {
        let stored = self.stored.lock().unwrap();
        stored.iter().map(|one| one.external_id.clone()).collect()
    }

    /// From now on storing waits for [`open`](Self::open).
    async fn close(&self) {
        self.gate.acquire_many(OPEN).await.unwrap().forget();
    }

    fn open(&self) {
        self.gate.add_permits(OPEN as usize);
    }

    /// Waits until somebody stores.
    async fn entered(&self) {
        self.entered.acquire().await.unwrap().forget();
    }
}

/// As many as may store at once.
const OPEN: u32 = 10_000;

impl Store for Kept {
    fn store<'a>(&'a self, inbound: &'a [Inbound]) -> Storing<'a> {
        Box::pin(async move {
            self.entered.add_permits(1);
            let _open = self.gate.acquire().await.unwrap();
            if *self.fails.lock().unwrap() {
                return Err(AppError::NothingOwed {
                    task: "II.2".into(),
                    agency: "SNV".into(),
                });
            }
            self.stored.lock().unwrap().extend(inbound.iter().cloned());
            Ok(())
        })
    }
}

/// A listener with the webhooks of both kinds of Zalo.
struct Served {
    address: SocketAddr,
    kept: Arc<Kept>,
    wish: watch::Sender<Wish>,
    serving: JoinHandle<()>,
}

impl Served {
    async fn start(limits: Limits) -> Self {
        let kept = Arc::new(Kept {
            stored: Mutex::default(),
            fails: Mutex::new(false),
            gate: Semaphore::new(OPEN as usize),
            entered: Semaphore::new(0),
        });
        let secret = |text: &str| SecretString::from(text.to_owned());
        let bot = ZaloBot::new(&ZaloBotConfig {
            api_url: "https://bot-api.zaloplatforms.com".parse().unwrap(),
            token: secret("4353:fakeZaloToken"),
            timeouts: ZaloBotTimeouts::default(),
        });
        let url = "https://dondoc.example/x".parse().unwrap();
        let bot = ZaloBotWebhook::new(bot.unwrap(), url, secret(SECRET)).unwrap();
        let secrets = ZaloOaSecrets {
            app_id: APP_ID.into(),
            oa_id: OA_ID.into(),
            app_secret: secret(APP_SECRET),
            oa_secret: Some(secret(OA_SECRET)),
        };
        let oa = ZaloOaWebhook::new(secrets, Candidate::ALL.to_vec()).unwrap();
        let route = |path: &str, webhook| Route {
            path: path.to_owned(),
            push: Arc::new(Push::new(webhook, kept.clone())),
        };
        let routes = vec![
            route(BOT, Webhook::ZaloBot(bot)),
            route(OA, Webhook::ZaloOa(oa)),
        ];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (wish, wishes) = watch::channel(Wish::Run);
        let serving = tokio::spawn(serve(listener, router(routes, limits), limits, wishes));
        Self {
            address,
            kept,
            wish,
            serving,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends these bytes on a connection of their own; everything that is answered until the end.
    async fn ask(&self, request: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(request).await.unwrap();
        read_to_end(&mut stream).await
    }
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A server that closes while more is being written resets the connection: what came before counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

/// Reads until the end of the head; our answers have no body.
async fn read_head(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.unwrap();
        answer.push(byte[0]);
    }
    String::from_utf8(answer).unwrap()
}

fn status(answer: &str) -> u16 {
    answer
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .unwrap_or(0)
}

/// Limits as they are, with short times.
fn limits() -> Limits {
    let short = Duration::from_millis(200);
    Limits {
        head_time: short,
        body_time: short,
        store_time: Duration::from_secs(20),
        ..Limits::default()
    }
}

/// A request that ends its connection.
fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: dondoc.example\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        request = request + name + ": " + value + "\r\n";
    }
    request.push_str("\r\n");
    [request.as_bytes(), body].concat()
}

/// A push of the Zalo bot.
fn push(id: &str) -> Vec<u8> {
    let (_, body) = pushed(&text_update("6ede9afa", id, "II.2 xong"), false, SECRET);
    request(BOT, &[("X-Bot-Api-Secret-Token", SECRET)], &body)
}
