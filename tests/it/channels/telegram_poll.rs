//! What people answer by Telegram, polled: nothing is acknowledged before it is stored.

use std::sync::Arc;
use std::time::Duration;

use dondoc::app::abreast::Fetching;
use dondoc::app::daemon::Wish;
use dondoc::app::node::Node;
use dondoc::app::pulse::Beat;
use dondoc::app::receive::{Intake, read};
use dondoc::channels::telegram::{TelegramConfig, TelegramConfigError, TelegramReceiver};
use dondoc::channels::{Batch, Receiver};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, Inbound};
use dondoc::store::{Db, cursors, inbox};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::telegram::config;
use crate::support::db::sqlite;
use crate::support::telegram::{FakeTelegram, Fault};

pub(super) const WOMAN: i64 = 71_234_567_890;

pub(crate) fn receiver(api: &FakeTelegram) -> Receiver {
    Receiver::Telegram(TelegramReceiver::new(&config(api), commands()).unwrap())
}

pub(super) fn commands() -> Vec<(String, String)> {
    vec![("viec".to_owned(), "việc của tôi".to_owned())]
}

pub(super) fn texts(inbound: &[Inbound]) -> Vec<&str> {
    inbound
        .iter()
        .map(|one| match &one.content {
            Content::Text { text, .. } => text.as_str(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test]
async fn what_is_said_comes_in_order_and_is_forgotten_by_the_server_only_with_the_next_cursor() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    let first = api.says(WOMAN, "II.2 xong");
    let second = api.says(WOMAN, "nhầm");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(texts(&batch.inbound), ["II.2 xong", "nhầm"]);
    assert_eq!(batch.inbound[0].from, WOMAN.to_string());
    assert!(
        batch.inbound[0]
            .external_id
            .starts_with(&format!("4353:{first}:"))
    );
    assert_eq!(batch.cursor, Some((second + 1).to_string()));
    assert_eq!(api.held(), 2, "nothing is acknowledged yet");

    assert_eq!(receiver.receive(None).await.unwrap(), batch, "once more");
    api.says(WOMAN, "VII.1 xong");
    let batch = receiver.receive(batch.cursor.as_deref()).await.unwrap();
    assert_eq!(texts(&batch.inbound), ["VII.1 xong"]);
    assert_eq!(api.held(), 1);
}

#[tokio::test]
async fn every_poll_names_the_kinds_it_wants_and_ends_before_our_own_deadline() {
    let api = FakeTelegram::start(&[]).await;
    let mut short = config(&api);
    short.timeouts.total = Duration::from_secs(8);
    let mut receivers = [
        receiver(&api),
        Receiver::Telegram(TelegramReceiver::new(&short, commands()).unwrap()),
    ];
    for (receiver, cursor) in receivers.iter_mut().zip([None, Some("4711")]) {
        let (batch, ()) = tokio::join!(receiver.receive(cursor), api.end_poll());
        assert_eq!(batch.unwrap(), Batch::default(), "the cursor stays");
    }
    let kinds = [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ];
    assert_eq!(
        api.polls(),
        [
            json!({ "limit": 100, "timeout": 20, "allowed_updates": kinds }),
            json!({ "limit": 100, "timeout": 4, "allowed_updates": kinds, "offset": 4711 }),
        ]
    );
    assert_eq!(api.happens("poll", json!({ "id": "1" })), None);
}

#[tokio::test]
async fn a_poll_that_waits_brings_what_is_said_meanwhile() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    let saying = async {
        api.poll_waits().await;
        api.says(WOMAN, "II.2 xong");
    };
    let (batch, ()) = tokio::join!(receiver.receive(None), saying);
    assert_eq!(texts(&batch.unwrap().inbound), ["II.2 xong"]);
}

#[tokio::test]
async fn a_poll_that_is_dropped_has_taken_nothing() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    tokio::select! {
        batch = receiver.receive(None) => panic!("{batch:?}"),
        () = api.poll_waits() => {}
    }
    api.says(WOMAN, "II.2 xong");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(texts(&batch.inbound), ["II.2 xong"]);
}

#[tokio::test]
async fn more_than_a_hundred_come_in_several_batches_without_loss() {
    let api = FakeTelegram::start(&[]).await;
    for number in 0..250 {
        api.says(WOMAN, &number.to_string());
    }
    let mut receiver = receiver(&api);
    let mut cursor = None;
    let mut sizes = Vec::new();
    while sizes.iter().sum::<usize>() < 250 {
        let batch = receiver.receive(cursor.as_deref()).await.unwrap();
        assert_eq!(
            texts(&batch.inbound)[0],
            sizes.iter().sum::<usize>().to_string()
        );
        sizes.push(batch.inbound.len());
        cursor = batch.cursor;
    }
    assert_eq!(sizes, [100, 100, 50]);
}

/// Stores a batch as the daemon does: what came in and the cursor in one transaction. How many were new.
async fn store(db: &Db, name: &str, batch: &Batch) -> u64 {
    let now = "2020-03-16T01:00:00Z".parse().unwrap();
    let mut tx = db.begin().await.unwrap();
    let new = inbox::receive(&mut tx, &batch.inbound, now).await.unwrap();
    if let Some(cursor) = &batch.cursor {
        cursors::set(&mut tx, name, cursor).await.unwrap();
    }
    tx.commit().await.unwrap();
    new
}

async fn stored_cursor(db: &Db, name: &str) -> Option<String> {
    let mut tx = db.begin().await.unwrap();
    cursors::find(&mut tx, name).await.unwrap()
}

#[tokio::test]
async fn a_process_killed_before_it_stored_acknowledged_nothing_and_the_next_gets_all() {
    let test = sqlite().await;
    let api = FakeTelegram::start(&[]).await;
    api.says(WOMAN, "II.2 xong");
    api.says(WOMAN, "KH số 12/KH-SNV");

    let mut killed = receiver(&api);
    let lost = killed.receive(None).await.unwrap();
    assert_eq!(lost.inbound.len(), 2);
    drop((lost, killed));
    assert_eq!(api.held(), 2);

    let mut next = receiver(&api);
    let name = next.name();
    assert_eq!(name, "telegram:4353");
    let cursor = stored_cursor(&test.db, &name).await;
    let batch = next.receive(cursor.as_deref()).await.unwrap();
    assert_eq!(store(&test.db, &name, &batch).await, 2);
    // Killed again, after storing and before the server was told: the third process tells it.
    drop(next);
    assert_eq!(api.held(), 2);
    let mut third = receiver(&api);
    let cursor = stored_cursor(&test.db, &name).await;
    let (batch, ()) = tokio::join!(third.receive(cursor.as_deref()), api.end_poll());
    assert_eq!(batch.unwrap(), Batch::default());
    assert_eq!(api.held(), 0);
}

#[tokio::test]
async fn a_batch_that_comes_twice_is_stored_once() {
    let test = sqlite().await;
    let api = FakeTelegram::start(&[]).await;
    api.says(WOMAN, "II.2 xong");
    let mut receiver = receiver(&api);
    for new in [1, 0] {
        let batch = receiver.receive(None).await.unwrap();
        assert_eq!(store(&test.db, &receiver.name(), &batch).await, new);
    }
}

#[tokio::test]
async fn numbers_that_start_anew_after_a_week_are_followed_and_lose_nothing() {
    let test = sqlite().await;
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    let first = api.says(WOMAN, "II.2 xong");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(store(&test.db, "telegram:4353", &batch).await, 1);
    let (empty, ()) = tokio::join!(receiver.receive(batch.cursor.as_deref()), api.end_poll());
    assert_eq!(empty.unwrap().cursor, None);

    for (anew, text) in [
        (17, "lower"),
        (1_999_999_000, "higher"),
        (first, "the same number"),
    ] {
        api.pass(Duration::from_hours(8 * 24));
        api.number_anew(anew);
        api.says(WOMAN, text);
        let cursor = stored_cursor(&test.db, "telegram:4353").await;
        // One that is just past the new number would be taken at its word; a week apart that does not happen by chance.
        let batch = receiver.receive(cursor.as_deref()).await.unwrap();
        assert_eq!(texts(&batch.inbound), [text]);
        assert_eq!(batch.cursor, Some((anew + 1).to_string()));
        let stored = store(&test.db, "telegram:4353", &batch).await;
        assert_eq!(stored, 1, "{text}");
        let (_, ()) = tokio::join!(receiver.receive(batch.cursor.as_deref()), api.end_poll());
    }
}

#[tokio::test]
async fn a_webhook_of_an_earlier_configuration_is_taken_down_at_the_start_and_loses_nothing() {
    let api = FakeTelegram::start(&[]).await;
    api.set_webhook_elsewhere();
    api.says(WOMAN, "II.2 xong");
    let mut receiver = receiver(&api);
    api.fault_of(
        "deleteWebhook",
        Fault::Error(500, "Internal Server Error: restart"),
    );
    assert!(receiver.receive(None).await.is_err());
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(api.webhook(), None);
    assert_eq!(texts(&batch.inbound), ["II.2 xong"]);
}

#[tokio::test]
async fn a_tap_is_told_to_the_phone_after_it_is_stored_and_a_late_one_is_nobodys_fault() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    let tap = |id: &str| {
        let message =
            json!({ "message_id": 12, "chat": { "id": WOMAN, "type": "private" }, "date": 0 });
        json!({ "id": id, "from": { "id": WOMAN }, "chat_instance": "1", "data": "q7:1", "message": message })
    };
    api.happens("callback_query", tap("11"));
    api.happens("callback_query", tap("12"));
    api.says(WOMAN, "xong");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(batch.inbound.len(), 3);
    assert!(!api.is_answered("11") && !api.is_bare(WOMAN, 12));
    api.fault_of(
        "answerCallbackQuery",
        Fault::Error(500, "Internal Server Error"),
    );
    receiver.acknowledge(&batch.inbound).await;
    receiver.acknowledge(&batch.inbound).await;
    assert!(api.is_answered("11") && api.is_answered("12"));
    assert!(api.is_bare(WOMAN, 12), "its buttons are of no use any more");

    api.happens("callback_query", tap("13"));
    let batch = receiver.receive(batch.cursor.as_deref()).await.unwrap();
    api.pass(Duration::from_secs(151));
    receiver.acknowledge(&batch.inbound).await;
    assert!(!api.is_answered("13"));
}

#[tokio::test]
async fn a_tap_that_nobody_fetched_is_gone_after_150_seconds() {
    let api = FakeTelegram::start(&[]).await;
    let tap = json!({ "id": "11", "from": { "id": WOMAN }, "data": "q7:1" });
    api.happens("callback_query", tap);
    api.pass(Duration::from_secs(150));
    assert_eq!(api.held(), 0);
}

#[test]
fn a_receiver_is_named_by_its_bot_and_shows_no_secret() {
    let config = |token: &str| TelegramConfig {
        token: token.to_owned().into(),
        api_url: "https://api.telegram.org".parse().unwrap(),
        proxy: None,
        timeouts: dondoc::channels::telegram::TelegramTimeouts::default(),
        limits: dondoc::channels::telegram::TelegramLimits::default(),
    };
    let receiver = Receiver::Telegram(TelegramReceiver::new(&config("99:s3cret"), vec![]).unwrap());
    assert_eq!(receiver.name(), "telegram:99");
    assert_eq!(receiver.channel(), Channel::Telegram);
    assert!(!format!("{receiver:?}").contains("s3cret"));
    let no_id = config("99999999999999999999:s3cret");
    assert!(matches!(
        TelegramReceiver::new(&no_id, vec![]),
        Err(TelegramConfigError::Token)
    ));
}

#[tokio::test]
async fn the_bot_offers_its_commands_and_receives_even_if_it_cannot() {
    let api = FakeTelegram::start(&[]).await;
    api.fault_of(
        "setMyCommands",
        Fault::Error(400, "Bad Request: something new"),
    );
    api.says(WOMAN, "II.2 xong");
    let batch = receiver(&api).receive(None).await.unwrap();
    assert_eq!(batch.inbound.len(), 1);
    assert!(api.commands().is_null());
    receiver(&api).receive(None).await.unwrap();
    let offered = json!([{ "command": "viec", "description": "việc của tôi" }]);
    assert_eq!(api.commands(), offered);
}

/// The daemon's own loop, reading until it is dropped.
fn reading(db: &Db, api: &FakeTelegram, arrived: &Arc<Notify>) -> (JoinHandle<()>, Stopper) {
    let intake = Intake {
        db: db.clone(),
        clock: Clock::System,
        arrived: Arc::clone(arrived),
        signs: Arc::default(),
    };
    let (stop, wishes) = watch::channel(Wish::Run);
    let node = Node::new(db.clone(), Clock::System, "one-process".into());
    let (beat, fetching) = (Beat::default(), Fetching::default());
    let task = tokio::spawn(read(intake, receiver(api), node, wishes, beat, fetching));
    (task, stop)
}

type Stopper = watch::Sender<Wish>;

#[tokio::test]
async fn a_daemon_killed_at_any_moment_stores_every_message_once_and_answers_every_tap() {
    let test = sqlite().await;
    let api = FakeTelegram::start(&[]).await;
    let arrived = Arc::new(Notify::new());
    let mut said = 0;
    for kill in 0..60 {
        api.says(WOMAN, &format!("II.{kill} xong"));
        api.says(WOMAN, "nhầm");
        said += 2;
        let (task, _stop) = reading(&test.db, &api, &arrived);
        // How far it gets differs: now before it has asked, now before it has stored, now before it has told.
        for _ in 0..kill * 40 {
            tokio::task::yield_now().await;
        }
        task.abort();
        assert!(task.await.is_err_and(|error| error.is_cancelled()));
    }
    let tap = json!({ "id": "11", "from": { "id": WOMAN }, "data": "q7:1" });
    api.happens("callback_query", tap);
    let (task, stop) = reading(&test.db, &api, &arrived);
    while api.held() > 0 || !api.is_answered("11") {
        tokio::task::yield_now().await;
    }
    stop.send_replace(Wish::Stop);
    task.await.unwrap();
    let mut tx = test.db.begin().await.unwrap();
    assert_eq!(inbox::tally(&mut tx).await.unwrap(), (said + 1, 0, 0));
}
