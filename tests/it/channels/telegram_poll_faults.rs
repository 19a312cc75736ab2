//! Polling Telegram while the Bot API, or something before it, fails: nothing is lost, nobody is fought.

use std::time::Duration;

use dondoc::channels::ReceiveError;
use dondoc::channels::telegram::TelegramReceiver;
use serde_json::json;

use super::telegram::config;
use super::telegram_poll::{WOMAN, commands, receiver, texts};
use crate::support::telegram::{FakeTelegram, Fault};

fn assert_no_secret(error: &ReceiveError) {
    let shown = format!("{error:?} {error}");
    assert!(
        !shown.contains("fake-Token") && !shown.contains("http://") && !shown.contains("127.0.0.1"),
        "{shown}"
    );
}

/// What one poll meets when `fault` comes up.
async fn error_on(fault: Fault) -> ReceiveError {
    let api = FakeTelegram::start(&[]).await;
    api.fault_of("getUpdates", fault);
    let error = receiver(&api).receive(None).await.unwrap_err();
    assert_no_secret(&error);
    error
}

#[tokio::test]
async fn a_second_poller_ends_the_first_which_says_so() {
    let api = FakeTelegram::start(&[]).await;
    let (mut first, mut second) = (receiver(&api), receiver(&api));
    let other = async {
        api.poll_waits().await;
        let (_, ()) = tokio::join!(second.receive(None), async {
            // The first is ended before the second waits.
            api.polled(2).await;
            api.end_poll().await;
        });
    };
    let (ended, ()) = tokio::join!(first.receive(None), other);
    let Err(ReceiveError::Conflict(reason)) = ended else {
        panic!("{ended:?}")
    };
    assert!(reason.contains("other getUpdates"), "{reason}");
}

#[tokio::test]
async fn a_webhook_that_somebody_set_stops_the_poller_and_is_not_fought() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    let (started, ()) = tokio::join!(receiver.receive(None), api.end_poll());
    started.unwrap();
    let elsewhere = async {
        api.poll_waits().await;
        api.set_webhook_elsewhere();
    };
    let (ended, ()) = tokio::join!(receiver.receive(None), elsewhere);
    for conflict in [ended, receiver.receive(None).await] {
        let Err(ReceiveError::Conflict(reason)) = conflict else {
            panic!("{conflict:?}")
        };
        assert!(reason.to_lowercase().contains("webhook"), "{reason}");
    }
    assert!(api.webhook().is_some());
}

#[tokio::test]
async fn only_the_api_itself_can_refuse() {
    for (code, text) in [(401, "Unauthorized"), (404, "Not Found")] {
        let error = error_on(Fault::Error(code, text)).await;
        assert!(matches!(error, ReceiveError::Refused(_)), "{error:?}");
    }
    for fault in [
        Fault::Error(500, "Internal Server Error: restart"),
        Fault::Error(400, "Bad Request: something nobody has seen yet"),
        Fault::Foreign(502, "<html>Bad Gateway</html>"),
        Fault::Foreign(404, "<html>Not Found</html>"),
        Fault::Foreign(200, "<html>Welcome to the hotel</html>"),
        Fault::Foreign(200, r#"{"ok":true,"result":{"update_id":1}}"#),
        Fault::Foreign(200, r#"{"ok":true,"result":[{"message":{}}]}"#),
        Fault::Foreign(200, r#"{"ok":true}"#),
        Fault::Foreign(302, ""),
    ] {
        let shown = format!("{fault:?}");
        let error = error_on(fault).await;
        assert!(
            matches!(error, ReceiveError::Later { after: None, .. }),
            "{shown}: {error:?}"
        );
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_comes_again_whole() {
    for fault in [Fault::CutInAnswer, Fault::CutAfterAccept] {
        let api = FakeTelegram::start(&[]).await;
        api.says(WOMAN, "II.2 xong");
        api.fault_of("getUpdates", fault.clone());
        let mut receiver = receiver(&api);
        let error = receiver.receive(None).await.unwrap_err();
        assert!(
            matches!(error, ReceiveError::Later { after: None, .. }),
            "{fault:?}: {error:?}"
        );
        assert_no_secret(&error);
        assert_eq!(api.held(), 1);
        let batch = receiver.receive(None).await.unwrap();
        assert_eq!(texts(&batch.inbound), ["II.2 xong"]);
    }
}

#[tokio::test]
async fn being_told_to_wait_names_how_long() {
    let error = error_on(Fault::TooMany { retry_after: 7 }).await;
    let wait = Some(Duration::from_secs(7));
    assert!(
        matches!(&error, ReceiveError::Later { after, .. } if *after == wait),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up() {
    let api = FakeTelegram::start(&[]).await;
    api.fault_of("getMe", Fault::SilenceAfterAccept);
    let mut config = config(&api);
    config.timeouts.total = Duration::from_secs(1);
    let mut receiver = TelegramReceiver::new(&config, commands()).unwrap();
    let error = receiver.receive(None).await.unwrap_err();
    assert!(matches!(error, ReceiveError::Later { .. }), "{error:?}");
    assert_no_secret(&error);
}

#[tokio::test]
async fn an_update_that_nobody_knows_loses_no_other() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    api.says(WOMAN, "II.2 xong");
    api.queue(json!({ "hologram_of_2027": { "chat": 3 } }), 86_400);
    api.queue(
        json!({ "message": { "chat": "a text", "from": [] } }),
        86_400,
    );
    api.queue(json!({ "message": 12 }), 86_400);
    let last = api.says(WOMAN, "II.3 xong");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(texts(&batch.inbound), ["II.2 xong", "II.3 xong"]);
    assert_eq!(batch.cursor, Some((last + 1).to_string()));
}

#[tokio::test]
async fn batches_of_what_is_not_for_us_move_the_cursor() {
    let api = FakeTelegram::start(&[]).await;
    let number = api.queue(json!({ "hologram_of_2027": {} }), 86_400);
    let batch = receiver(&api).receive(None).await.unwrap();
    assert_eq!(
        (batch.inbound.len(), batch.cursor),
        (0, Some((number + 1).to_string()))
    );
}

#[tokio::test]
async fn what_is_a_day_old_is_gone() {
    let api = FakeTelegram::start(&[]).await;
    let mut receiver = receiver(&api);
    api.says(WOMAN, "yesterday");
    api.pass(Duration::from_hours(25));
    api.says(WOMAN, "today");
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(texts(&batch.inbound), ["today"]);
}

#[tokio::test]
async fn a_cursor_that_makes_no_sense_forgets_nothing() {
    for cursor in ["", "x", "-5", "0", "99999999999999999999"] {
        let api = FakeTelegram::start(&[]).await;
        api.says(WOMAN, "II.2 xong");
        let batch = receiver(&api).receive(Some(cursor)).await.unwrap();
        assert_eq!(texts(&batch.inbound), ["II.2 xong"], "{cursor}");
        assert_eq!(api.held(), 1);
    }
}
