//! The listener as the configuration says, before a real inbox.

use std::fs;
use std::sync::Arc;

use dondoc::app::daemon::Wish;
use dondoc::app::open;
use dondoc::app::receive::Intake;
use dondoc::clock::Clock;
use dondoc::store::inbox;
use dondoc::web;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};

use super::{SECRET, push, read_to_end, status};
use crate::support::db::{self, TestDb};

/// A bot whose platform cannot be reached: it is told again and again where to push, and serving does not wait for it.
const BOT: &str = "[zalo_bot]
token_file = \"token\"
api_url = \"http://127.0.0.1:9\"
receive = \"webhook\"
webhook_url = \"https://x.example/\"
webhook_secret_file = \"secret\"
";

/// A folder with this configuration and a secret.
fn loaded(text: &str) -> (tempfile::TempDir, open::Loaded) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("dondoc.toml");
    fs::write(&file, text).unwrap();
    fs::write(dir.path().join("token"), "4353:fakeZaloToken").unwrap();
    fs::write(dir.path().join("secret"), SECRET).unwrap();
    let loaded = open::load(Some(&file)).unwrap();
    (dir, loaded)
}

/// The way into the inbox of this database.
fn intake(test: &TestDb) -> Arc<Intake> {
    Arc::new(Intake {
        db: test.db.clone(),
        clock: Clock::System,
        arrived: Arc::new(Notify::new()),
        signs: Arc::default(),
    })
}

#[tokio::test]
async fn what_is_pushed_stands_in_the_inbox_once() {
    let test = db::sqlite().await;
    let (_dir, loaded) = loaded(&format!("{BOT}[web]\nlisten = \"127.0.0.1:0\"\n"));
    let (wish, wishes) = watch::channel(Wish::Run);
    let opened = web::open(&loaded, intake(&test), wishes).await.unwrap();
    let (address, serving) = opened.unwrap();
    let serving = tokio::spawn(serving);
    for id in ["m1", "m1", "m2"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(&push(id)).await.unwrap();
        assert_eq!(status(&read_to_end(&mut stream).await), 200);
    }
    wish.send_replace(Wish::Stop);
    serving.await.unwrap();
    let mut tx = test.db.snapshot().await.unwrap();
    assert_eq!(inbox::list_new(&mut tx, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_listens_where_nothing_receives_by_webhook() {
    for text in ["", "[web]\n", "[zalo_bot]\ntoken_file = \"token\"\n[web]\n"] {
        let test = db::sqlite().await;
        let (_dir, loaded) = loaded(text);
        let (_wish, wishes) = watch::channel(Wish::Run);
        let opened = web::open(&loaded, intake(&test), wishes).await.unwrap();
        assert!(opened.is_none(), "{text}");
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let test = db::sqlite().await;
    let (_dir, loaded) = loaded(&format!("{BOT}[web]\nlisten = \"{address}\"\n"));
    let (_wish, wishes) = watch::channel(Wish::Run);
    let error = web::open(&loaded, intake(&test), wishes).await.err();
    let error = error.unwrap().to_string();
    assert!(error.contains(&address.to_string()), "{error}");
}
