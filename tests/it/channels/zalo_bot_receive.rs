//! What people write to a Zalo bot: polled, with servers that replay or lose, and pushed, flat and wrapped.

use std::time::Duration;

use dondoc::channels::zalo_bot::{
    ZaloBot, ZaloBotConfig, ZaloBotReceiver, ZaloBotTimeouts, ZaloBotWebhook,
};
use dondoc::channels::{Batch, ReceiveError, Receiver, Refusal, Webhook};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Answered, Content, File, Identity, Inbound, Place};
use proptest::prelude::*;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::zalo_bot::{CHAT, bot, config, secret};
use crate::support::zalo_bot::{FakeZaloBot, Fault, Mode, TOKEN, pushed, text_update};

const SECRET: &str = "fake-webhook-secret";

async fn platform(mode: Mode) -> FakeZaloBot {
    FakeZaloBot::start(mode, &[CHAT]).await
}

fn receiver(api: &FakeZaloBot) -> ZaloBotReceiver {
    ZaloBotReceiver::new(bot(api))
}

const URL: &str = "https://dondoc.quangnam.example/webhook/zalo-bot";

fn webhook() -> ZaloBotWebhook {
    let bot = ZaloBot::new(&ZaloBotConfig {
        api_url: "https://bot-api.zaloplatforms.com".parse().unwrap(),
        token: secret(TOKEN),
        timeouts: ZaloBotTimeouts::default(),
    });
    ZaloBotWebhook::new(bot.unwrap(), URL.parse().unwrap(), secret(SECRET)).unwrap()
}

#[tokio::test]
async fn the_platform_is_told_where_to_push_when_it_does_not_know() {
    let api = platform(Mode::Loss).await;
    let webhook = ZaloBotWebhook::new(bot(&api), URL.parse().unwrap(), secret(SECRET)).unwrap();
    for _ in 0..2 {
        webhook.prepare().await.unwrap();
    }
    assert_eq!(api.webhook(), Some((URL.to_owned(), SECRET.to_owned())));
    assert_eq!(
        api.calls("setWebhook").len(),
        1,
        "there is a limit to each day"
    );
    api.fault("getWebhookInfo", Fault::Foreign(502, ""));
    let later = webhook.prepare().await;
    assert!(
        matches!(later, Err(ReceiveError::Later { .. })),
        "{later:?}"
    );
    let mut config = config(&api);
    config.token = secret("4353:anotherFakeToken");
    let wrong = ZaloBot::new(&config).unwrap();
    let wrong = ZaloBotWebhook::new(wrong, URL.parse().unwrap(), secret(SECRET)).unwrap();
    assert!(matches!(
        wrong.prepare().await,
        Err(ReceiveError::Refused(_))
    ));
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch
        .inbound
        .iter()
        .map(|one| one.external_id.as_str())
        .collect()
}

fn text_of(inbound: &Inbound) -> &str {
    match &inbound.content {
        Content::Text { text, .. } => text,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_text_is_read_from_the_one_object_of_a_poll() {
    let api = platform(Mode::Loss).await;
    api.comes(text_update(CHAT, "5f0c1d", "II.2 xong, KH 12/KH-SNV"));
    let batch = receiver(&api).receive(None).await.unwrap();
    let expected = Inbound {
        channel: Channel::ZaloBot,
        external_id: "5f0c1d".into(),
        from: CHAT.into(),
        place: Place::Private,
        sent_at: chrono::DateTime::from_timestamp_millis(1_584_318_600_123),
        identity: Identity::Proven,
        content: Content::Text {
            text: "II.2 xong, KH 12/KH-SNV".into(),
            answers: None,
            edited: false,
            files: Vec::new(),
        },
    };
    assert_eq!(
        batch,
        Batch {
            inbound: vec![expected],
            cursor: Some("5f0c1d".into())
        }
    );
}

#[tokio::test]
async fn an_empty_poll_is_no_error() {
    let api = platform(Mode::Loss).await;
    assert_eq!(receiver(&api).receive(None).await, Ok(Batch::default()));
    api.fault("getUpdates", Fault::Foreign(408, "<html>timeout</html>"));
    assert_eq!(receiver(&api).receive(None).await, Ok(Batch::default()));
    let in_200 = json!({ "ok": false, "description": "Request timeout", "error_code": "408" });
    api.fault("getUpdates", Fault::Answer(200, in_200));
    assert_eq!(receiver(&api).receive(None).await, Ok(Batch::default()));
}

#[tokio::test]
async fn a_server_that_replays_is_asked_no_faster_and_what_is_stored_comes_once() {
    let api = platform(Mode::Replay).await;
    let mut config = config(&api);
    config.timeouts.between_polls = Duration::from_millis(100);
    let mut receiver = ZaloBotReceiver::new(ZaloBot::new(&config).unwrap());
    api.comes(text_update(CHAT, "m1", "II.2 xong"));
    let first = receiver.receive(None).await.unwrap();
    assert_eq!(ids(&first), ["m1"]);
    let again = receiver.receive(first.cursor.as_deref()).await.unwrap();
    assert_eq!(again, Batch::default(), "the replay brings nothing");
    let calls = api.calls("getUpdates");
    assert!(
        (3..=11).contains(&calls.len()),
        "{} polls in a second",
        calls.len()
    );
    for pair in calls.windows(2) {
        let between = pair[1] - pair[0];
        assert!(between >= Duration::from_millis(90), "{between:?}");
    }
    api.comes(text_update(CHAT, "m2", "nhầm"));
    let second = receiver.receive(Some("m1")).await.unwrap();
    assert_eq!(
        (ids(&second), second.cursor.as_deref()),
        (vec!["m2"], Some("m2"))
    );
}

#[tokio::test]
async fn an_update_that_was_handed_over_once_is_kept_until_it_is_stored() {
    let api = platform(Mode::Loss).await;
    let mut receiver = receiver(&api);
    api.comes(text_update(CHAT, "m1", "II.2 xong"));
    api.comes(text_update(CHAT, "m2", "nhầm"));
    for _ in 0..3 {
        // The database was not to be reached: nothing was stored, and the cursor is as before.
        assert_eq!(ids(&receiver.receive(None).await.unwrap()), ["m1"]);
    }
    assert_eq!(api.calls("getUpdates").len(), 1);
    let second = receiver.receive(Some("m1")).await.unwrap();
    assert_eq!(ids(&second), ["m2"]);
    receiver.acknowledge(&second.inbound);
    assert_eq!(receiver.receive(Some("m2")).await, Ok(Batch::default()));
}

#[tokio::test]
async fn a_webhook_that_is_set_is_a_conflict_and_is_left_alone() {
    let api = platform(Mode::Loss).await;
    bot(&api)
        .set_webhook("https://elsewhere.example/x", &secret(SECRET))
        .await
        .unwrap();
    let error = receiver(&api).receive(None).await.unwrap_err();
    assert!(
        matches!(&error, ReceiveError::Conflict(why) if why.contains("webhook")),
        "{error:?}"
    );
    assert!(api.webhook().is_some());
}

#[tokio::test]
async fn a_quota_that_is_used_up_stops_polling_for_hours_and_a_gateway_for_a_minute() {
    let api = platform(Mode::Loss).await;
    let quota = json!({ "ok": false, "description": "Quota exceeded", "error_code": 429 });
    api.fault("getUpdates", Fault::Answer(429, quota));
    api.fault("getUpdates", Fault::Foreign(429, "<html>slow down</html>"));
    let mut receiver = receiver(&api);
    for at_least in [Duration::from_hours(1), Duration::from_mins(1)] {
        let error = receiver.receive(None).await.unwrap_err();
        assert!(
            matches!(error, ReceiveError::Later { after: Some(after), .. } if after >= at_least),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn other_failures_are_told_apart_and_name_no_secret() {
    let api = platform(Mode::Loss).await;
    let mut receiver = receiver(&api);
    for fault in [
        Fault::Foreign(502, "<html>"),
        Fault::Answer(
            403,
            json!({ "ok": false, "description": "Internal server error", "error_code": 403 }),
        ),
        Fault::Answer(
            404,
            json!({ "ok": false, "description": "Not Found", "error_code": 404 }),
        ),
        Fault::CutAfterAccept,
        Fault::BreakOff,
    ] {
        api.fault("getUpdates", fault.clone());
        let error = receiver.receive(None).await.unwrap_err();
        assert!(
            matches!(error, ReceiveError::Later { after: None, .. }),
            "{fault:?}: {error:?}"
        );
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("fakeZaloToken") && !shown.contains("127.0.0.1"),
            "{shown}"
        );
    }
    let mut config = config(&api);
    config.token = secret("4353:anotherFakeToken");
    let mut wrong = ZaloBotReceiver::new(ZaloBot::new(&config).unwrap());
    assert!(matches!(
        wrong.receive(None).await,
        Err(ReceiveError::Refused(_))
    ));
}

#[tokio::test]
async fn what_makes_no_sense_is_passed_over() {
    let api = platform(Mode::Loss).await;
    let mut receiver = receiver(&api);
    for odd in [
        json!({}),
        json!([]),
        json!("x"),
        json!({ "event_name": "message.text.received" }),
        json!([{}, 1]),
    ] {
        api.comes(odd.clone());
        assert_eq!(receiver.receive(None).await, Ok(Batch::default()), "{odd}");
    }
    api.comes(json!([
        text_update(CHAT, "m1", "a"),
        text_update(CHAT, "m2", "b")
    ]));
    let batch = receiver.receive(None).await.unwrap();
    assert_eq!(
        (ids(&batch), batch.cursor.as_deref()),
        (vec!["m1", "m2"], Some("m2")),
        "should it ever be an array"
    );
}

#[tokio::test]
async fn the_channel_answers_through_the_common_types() {
    let api = platform(Mode::Loss).await;
    let mut common = Receiver::ZaloBot(receiver(&api));
    assert_eq!(
        (common.channel(), common.name()),
        (Channel::ZaloBot, "zalo_bot:4353".to_owned())
    );
    api.comes(text_update(CHAT, "m1", "a"));
    let batch = common.receive(None).await.unwrap();
    common.acknowledge(&batch.inbound).await;
    assert_eq!(
        common.receive(None).await,
        Ok(Batch::default()),
        "acknowledged is stored"
    );
    assert_eq!(Webhook::ZaloBot(webhook()).channel(), Channel::ZaloBot);
}

#[test]
fn a_push_is_read_flat_and_wrapped() {
    let update = text_update(CHAT, "m1", "II.2 xong");
    for wrapped in [false, true] {
        let (headers, body) = pushed(&update, wrapped, SECRET);
        let inbound = webhook().accept(&headers, &body).unwrap();
        assert_eq!(inbound.len(), 1);
        assert_eq!(
            (inbound[0].external_id.as_str(), text_of(&inbound[0])),
            ("m1", "II.2 xong")
        );
    }
}

#[test]
fn a_push_without_the_secret_is_refused_and_a_probe_without_a_body_is_not() {
    let (headers, body) = pushed(&text_update(CHAT, "m1", "x"), false, SECRET);
    for other in ["fake-webhook-secreT", "fake-webhook-secre", "", "x"] {
        let mut headers = headers.clone();
        headers.insert("x-bot-api-secret-token", other.parse().unwrap());
        let refused = webhook().accept(&headers, &body);
        assert!(matches!(refused, Err(Refusal::NotAuthentic(_))), "{other}");
    }
    let none = HeaderMap::new();
    assert!(matches!(
        webhook().accept(&none, &body),
        Err(Refusal::NotAuthentic(_))
    ));
    for probe in [&b""[..], b" \r\n"] {
        assert_eq!(webhook().accept(&none, probe), Ok(Vec::new()));
    }
    assert_eq!(webhook().accept(&headers, b"{}"), Ok(Vec::new()));
    assert!(matches!(
        webhook().accept(&headers, b"{\"ok\""),
        Err(Refusal::NotUnderstood(_))
    ));
    assert!(matches!(
        webhook().accept(&headers, b"[]"),
        Err(Refusal::NotUnderstood(_))
    ));
}

#[test]
fn a_secret_that_the_platform_would_not_take_is_refused() {
    let too_long = "x".repeat(257);
    for bad in ["", "1234567", "eight ch", "tám-ký-tự", &too_long] {
        let given = ZaloBotConfig {
            api_url: "https://bot-api.zaloplatforms.com".parse().unwrap(),
            token: secret(TOKEN),
            timeouts: ZaloBotTimeouts::default(),
        };
        let bot = ZaloBot::new(&given).unwrap();
        let refused = ZaloBotWebhook::new(bot, URL.parse().unwrap(), secret(bad));
        assert!(refused.is_err(), "{bad}");
    }
    assert!(!format!("{:?}", webhook()).contains("fake-webhook"));
}

/// What a push with this message, of this event, gives.
fn accept(event: &str, message: Value) -> Vec<Inbound> {
    let update = json!({ "event_name": event, "message": message });
    let (headers, body) = pushed(&update, false, SECRET);
    webhook().accept(&headers, &body).unwrap()
}

#[test]
fn pictures_and_voices_come_as_files_under_either_name() {
    for key in ["photo_url", "photo", "voice_url", "voice"] {
        let url = "https://photo.zdn.vn/x.jpg";
        let inbound = accept(
            "message.image.received",
            json!({ "from": { "id": CHAT }, "chat": { "id": CHAT, "chat_type": "PRIVATE" }, "message_id": "m1",
                    "date": 1_584_318_600, "caption": "đây", key: url }),
        );
        let Content::Text { text, files, .. } = &inbound[0].content else {
            panic!("{inbound:?}")
        };
        assert_eq!(text, "đây");
        let shown: Vec<&str> = files.iter().map(|file: &File| file.id.as_str()).collect();
        assert_eq!(shown, [url]);
        assert_eq!(
            inbound[0].sent_at,
            chrono::DateTime::from_timestamp(1_584_318_600, 0),
            "seconds"
        );
    }
}

#[test]
fn who_sends_something_without_words_is_heard_all_the_same() {
    for event in ["message.sticker.received", "message.unsupported.received"] {
        let message = json!({ "from": { "id": CHAT }, "chat": { "id": CHAT, "chat_type": "PRIVATE" }, "message_id": "m1" });
        let inbound = accept(event, message);
        assert_eq!(
            (text_of(&inbound[0]), inbound[0].sent_at),
            ("", None),
            "{event}"
        );
    }
}

#[test]
fn in_a_group_the_sender_and_the_group_are_told_apart() {
    let inbound = accept(
        "message.text.received",
        json!({ "from": { "id": "a1", "is_bot": false }, "chat": { "id": "g1", "chat_type": "GROUP" }, "message_id": 77,
                "text": "II.2 xong", "reply_to_message": { "message_id": "8f2c" } }),
    );
    assert_eq!(
        (inbound[0].from.as_str(), inbound[0].answer_to()),
        ("a1", "g1")
    );
    assert_eq!(inbound[0].external_id, "77", "an id that came as a number");
    let Content::Text { answers, .. } = &inbound[0].content else {
        panic!("{inbound:?}")
    };
    assert_eq!(answers, &Some(Answered::Provider("8f2c".into())));
}

#[test]
fn a_chat_of_an_unknown_kind_is_private_only_where_it_is_the_person() {
    for (chat, kind, is_private) in [
        (CHAT, "PRIVATE", true),
        (CHAT, "DIRECT", true),
        ("g1", "COMMUNITY", false),
        ("g1", "group", false),
    ] {
        let message = json!({ "from": { "id": CHAT }, "chat": { "id": chat, "chat_type": kind }, "message_id": "m", "text": "x" });
        let inbound = accept("message.text.received", message);
        assert_eq!(inbound[0].place == Place::Private, is_private, "{kind}");
        assert_eq!(
            (inbound[0].from.as_str(), inbound[0].answer_to()),
            (CHAT, chat),
            "{kind}"
        );
    }
}

#[test]
fn what_a_bot_says_and_events_of_later_years_concern_nobody() {
    let from_bot = json!({ "from": { "id": "b", "is_bot": true }, "chat": { "id": CHAT }, "text": "x", "message_id": "m" });
    assert_eq!(accept("message.text.received", from_bot), []);
    for event in ["message.text.sent", "member.joined", ""] {
        assert_eq!(
            accept(event, json!({ "chat": { "id": CHAT } })),
            [],
            "{event}"
        );
    }
}

#[test]
fn a_message_without_an_id_is_known_again_by_its_content() {
    let message = || json!({ "chat": { "id": CHAT }, "text": "II.2 xong" });
    let one = accept("message.text.received", message());
    assert!(one[0].external_id.starts_with("sha256:"));
    assert_eq!(one, accept("message.text.received", message()));
}

proptest! {
    #[test]
    fn no_bytes_make_the_webhook_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let (headers, _) = pushed(&json!({}), false, SECRET);
        let _ = webhook().accept(&headers, &body);
    }

    #[test]
    fn no_json_makes_the_webhook_panic(event in ".{0,20}", id in ".{0,8}", number in any::<i64>(), text in ".{0,60}") {
        for message in [
            json!({ "chat": { "id": id }, "date": number, "text": text, "photo": number }),
            json!({ "chat": { "id": number }, "date": text, "text": [text], "message_id": { "x": id } }),
            json!(text),
        ] {
            for event in [event.as_str(), "message.text.received"] {
                let update = json!({ "event_name": event, "message": message });
                let (headers, body) = pushed(&update, true, SECRET);
                let _ = webhook().accept(&headers, &body);
            }
        }
    }
}
