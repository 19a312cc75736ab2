//! What people answer by Telegram, pushed.

use std::time::Duration;

use dondoc::channels::telegram::{TelegramConfigError, TelegramWebhook};
use dondoc::channels::{ReceiveError, Refusal, Webhook};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Content, Inbound};
use proptest::prelude::*;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::json;

use super::telegram::config;
use super::telegram_poll::commands;
use crate::support::telegram::{FakeTelegram, Fault, Push};

const WOMAN: i64 = 71_234_567_890;
const SECRET: &str = "Hush_4353-2019-2020";
const URL: &str = "https://dondoc.province.example/telegram";

fn webhook(api: &FakeTelegram) -> Webhook {
    let secret = SECRET.to_owned().into();
    Webhook::Telegram(
        TelegramWebhook::new(&config(api), URL.parse().unwrap(), secret, commands()).unwrap(),
    )
}

fn accept(webhook: &Webhook, push: &Push) -> Result<Vec<Inbound>, Refusal> {
    webhook.accept(&push.headers, &push.body)
}

fn text(inbound: &[Inbound]) -> &str {
    match inbound {
        [
            Inbound {
                content: Content::Text { text, .. },
                ..
            },
        ] => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_push_with_the_secret_is_read() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    assert_eq!(webhook.channel(), Channel::Telegram);
    webhook.prepare().await.unwrap();
    assert_eq!(api.webhook().as_deref(), Some(URL));
    assert_eq!(api.commands()[0]["command"], "viec");
    api.says(WOMAN, "II.2 xong");
    let push = api.due_push().unwrap();
    assert_eq!(text(&accept(&webhook, &push).unwrap()), "II.2 xong");
    api.pushed(&push, 200, None);
    assert!(api.due_push().is_none());
}

#[tokio::test]
async fn a_push_without_the_secret_is_nobodys() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    let body = br#"{"update_id":1}"#;
    let with = |secret: &[u8]| {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-telegram-bot-api-secret-token",
            HeaderValue::from_bytes(secret).unwrap(),
        );
        webhook.accept(&headers, body)
    };
    let none = webhook.accept(&HeaderMap::new(), body);
    assert!(matches!(none, Err(Refusal::NotAuthentic(_))), "{none:?}");
    for wrong in [
        "",
        "Hush_4353-2019-2021",
        "Hush_4353-2019-2020x",
        "Hush_4353-2019-202",
        "\u{e9}",
    ] {
        let refused = with(wrong.as_bytes());
        assert!(matches!(refused, Err(Refusal::NotAuthentic(_))), "{wrong}");
    }
    assert_eq!(with(SECRET.as_bytes()), Ok(vec![]));
    assert!(!format!("{webhook:?}").contains(SECRET));
}

#[tokio::test]
async fn a_push_that_is_not_stored_comes_again_the_same_until_it_is() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    webhook.prepare().await.unwrap();
    api.says(WOMAN, "II.2 xong");
    api.says(WOMAN, "II.3 xong");
    let mut seen = Vec::new();
    let mut waits = Vec::new();
    for _ in 0..8 {
        let mut waited = 0;
        let push = loop {
            if let Some(push) = api.due_push() {
                break push;
            }
            api.pass(Duration::from_secs(1));
            waited += 1;
        };
        waits.push(waited);
        seen.push(accept(&webhook, &push).unwrap());
        // Our database is down.
        api.pushed(&push, 503, None);
    }
    assert_eq!(waits, [0, 0, 2, 4, 8, 16, 32, 60]);
    assert!(seen.iter().all(|inbound| inbound == &seen[0]));
    api.pass(Duration::from_mins(1));
    let push = api.due_push().unwrap();
    api.pushed(&push, 200, None);
    let next = api.due_push().unwrap();
    assert_eq!(text(&accept(&webhook, &next).unwrap()), "II.3 xong");
    api.pushed(&next, 503, Some(300));
    api.pass(Duration::from_secs(299));
    assert!(api.due_push().is_none(), "as long as we asked for");
    api.pass(Duration::from_secs(1));
    api.pushed(&next, 200, None);
}

#[tokio::test]
async fn what_cannot_be_understood_is_said_to_be_so_and_an_unknown_kind_is_nothing() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-telegram-bot-api-secret-token",
        HeaderValue::from_static(SECRET),
    );
    for body in ["", "<html>", "[]", "{}", "null", r#"{"update_id":"7"}"#] {
        let read = webhook.accept(&headers, body.as_bytes());
        assert!(matches!(read, Err(Refusal::NotUnderstood(_))), "{body}");
    }
    let unknown = r#"{"update_id":7,"hologram_of_2027":{}}"#;
    assert_eq!(webhook.accept(&headers, unknown.as_bytes()), Ok(vec![]));
}

#[tokio::test]
async fn until_the_bot_knows_its_name_a_command_that_names_a_bot_is_to_come_again() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    api.fault_of("getMe", Fault::Error(500, "Internal Server Error: restart"));
    let error = webhook.prepare().await.unwrap_err();
    assert!(matches!(error, ReceiveError::Later { .. }), "{error:?}");
    assert_eq!(api.webhook(), None);

    // Pushes still come to an address that was registered before.
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-telegram-bot-api-secret-token",
        HeaderValue::from_static(SECRET),
    );
    let said = |text: &str| {
        let message = json!({
            "message_id": 1, "from": { "id": WOMAN }, "chat": { "id": -5, "type": "group" }, "text": text,
        });
        let body = json!({ "update_id": 1, "message": message }).to_string();
        webhook.accept(&headers, body.as_bytes())
    };
    assert!(matches!(said("/viec@dondoc_bot"), Err(Refusal::NotNow(_))));
    assert_eq!(text(&said("/viec").unwrap()), "/viec");
    webhook.prepare().await.unwrap();
    assert_eq!(text(&said("/viec@dondoc_bot").unwrap()), "/viec@dondoc_bot");
    assert_eq!(said("/viec@other_bot"), Ok(vec![]));
}

#[tokio::test]
async fn registering_twice_in_a_second_is_told_to_wait() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    webhook.prepare().await.unwrap();
    let error = webhook.prepare().await.unwrap_err();
    let wait = Some(Duration::from_secs(1));
    assert!(
        matches!(&error, ReceiveError::Later { after, .. } if *after == wait),
        "{error:?}"
    );
    api.pass(Duration::from_secs(1));
    webhook.prepare().await.unwrap();
}

#[tokio::test]
async fn a_pushed_tap_is_told_to_the_phone_after_it_is_stored() {
    let api = FakeTelegram::start(&[]).await;
    let webhook = webhook(&api);
    webhook.prepare().await.unwrap();
    let tap = json!({ "id": "11", "from": { "id": WOMAN }, "data": "q7:1" });
    api.happens("callback_query", tap);
    let push = api.due_push().unwrap();
    let stored = accept(&webhook, &push).unwrap();
    assert!(!api.is_answered("11"));
    api.pushed(&push, 200, None);
    webhook.acknowledge(&stored).await;
    assert!(api.is_answered("11"));
}

#[tokio::test]
async fn a_secret_that_telegram_does_not_take_is_refused_and_not_shown() {
    let api = FakeTelegram::start(&[]).await;
    let long = "x".repeat(257);
    for secret in ["", "a secret", "bí-mật", long.as_str()] {
        let url = URL.parse().unwrap();
        let error =
            TelegramWebhook::new(&config(&api), url, secret.to_owned().into(), vec![]).unwrap_err();
        assert!(matches!(error, TelegramConfigError::WebhookSecret));
        assert!(secret.is_empty() || !error.to_string().contains(secret));
    }
}

#[test]
fn no_bytes_make_the_webhook_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let api = runtime.block_on(FakeTelegram::start(&[]));
    let webhook = webhook(&api);
    let mut headers = HeaderMap::new();
    headers.insert(
        "x-telegram-bot-api-secret-token",
        HeaderValue::from_static(SECRET),
    );
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in ".{0,80}", split in 0_usize..200)| {
        let _ = webhook.accept(&headers, &bytes);
        let message = json!({ "message_id": 1, "from": { "id": 1 }, "chat": { "id": -1, "type": "group" }, "text": text });
        let whole = json!({ "update_id": 1, "message": message }).to_string().into_bytes();
        prop_assert!(webhook.accept(&headers, &whole).is_ok() || text.contains('@'));
        let part = whole.get(..split.min(whole.len() - 1)).unwrap();
        prop_assert!(matches!(webhook.accept(&headers, part), Err(Refusal::NotUnderstood(_))));
        if let Ok(header) = HeaderValue::from_bytes(&bytes) {
            let mut headers = HeaderMap::new();
            headers.insert("x-telegram-bot-api-secret-token", header);
            prop_assert!(matches!(webhook.accept(&headers, &whole), Err(Refusal::NotAuthentic(_))));
        }
    });
}
