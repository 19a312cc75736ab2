//! What Zalo pushes for an Official Account: signed over the raw bytes, by a formula on which the sources disagree.

use dondoc::channels::zalo_oa::{Candidate, ZaloOaConfigError, ZaloOaSecrets, ZaloOaWebhook};
use dondoc::channels::{Refusal, Webhook};
use dondoc::domain::delivery::Channel;
use dondoc::domain::inbound::{Answered, Content, File, Identity, Inbound, Place};
use proptest::prelude::*;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::zalo_bot::secret;
use super::zalo_oa::USER;
use crate::support::zalo_oa::{APP_ID, APP_SECRET, OA_ID, OA_SECRET};
use crate::support::zalo_push::{signed, text_event};

/// The `timestamp` of the events, and that of the header.
const STAMP: &str = "1584318600123";
const HEADER_STAMP: &str = "1584318609999";

fn secrets() -> ZaloOaSecrets {
    ZaloOaSecrets {
        app_id: APP_ID.into(),
        oa_id: OA_ID.into(),
        app_secret: secret(APP_SECRET),
        oa_secret: Some(secret(OA_SECRET)),
    }
}

fn webhook() -> ZaloOaWebhook {
    ZaloOaWebhook::new(secrets(), Candidate::ALL.to_vec()).unwrap()
}

/// What a push of this event gives, signed as the documents say.
fn accept(event: &Value) -> Vec<Inbound> {
    let body = event.to_string();
    let headers = signed(&body, APP_ID, STAMP, OA_SECRET);
    webhook().accept(&headers, body.as_bytes()).unwrap()
}

/// An event with this name and these fields.
fn event(name: &str, fields: Value) -> Value {
    let mut event =
        json!({ "app_id": APP_ID, "event_name": name, "timestamp": STAMP, "later": [1] });
    for (key, value) in fields.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

fn said(message: Value) -> Value {
    json!({ "sender": { "id": USER }, "recipient": { "id": OA_ID }, "user_id_by_app": "77", "message": message })
}

#[test]
fn a_text_is_read_with_its_ids_as_strings() {
    let body = text_event(USER, "96d3cdf3af150460909", "II.2 xong, KH 12/KH-SNV");
    let headers = signed(&body, APP_ID, STAMP, OA_SECRET);
    let expected = Inbound {
        channel: Channel::ZaloOa,
        external_id: "96d3cdf3af150460909".into(),
        from: USER.into(),
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
    let common = Webhook::ZaloOa(webhook());
    assert_eq!(common.channel(), Channel::ZaloOa);
    assert_eq!(common.accept(&headers, body.as_bytes()), Ok(vec![expected]));
}

#[test]
fn each_reading_of_the_signature_is_accepted_where_it_is_configured_and_nowhere_else() {
    let body = text_event(USER, "m1", "II.2 xong");
    for candidate in Candidate::ALL {
        let word = candidate.as_str();
        let parts: Vec<&str> = word.split('+').collect();
        let key = if parts[0] == "oa_secret" {
            OA_SECRET
        } else {
            APP_SECRET
        };
        let stamp = if parts[1] == "body" {
            STAMP
        } else {
            HEADER_STAMP
        };
        let number = if parts[2] == "app_id" { APP_ID } else { OA_ID };
        let headers = signed(&body, number, stamp, key);
        for configured in Candidate::ALL {
            let webhook = ZaloOaWebhook::new(secrets(), vec![configured]).unwrap();
            let accepted = webhook.accept(&headers, body.as_bytes()).is_ok();
            assert_eq!(
                accepted,
                configured == candidate,
                "{word} by {}",
                configured.as_str()
            );
        }
        assert!(
            webhook().accept(&headers, body.as_bytes()).is_ok(),
            "{word} by all"
        );
    }
}

#[test]
fn a_signature_counts_only_for_the_bytes_that_were_signed() {
    let body = text_event(USER, "m1", "II.2 xong");
    let headers = signed(&body, APP_ID, STAMP, OA_SECRET);
    // The same JSON, written anew.
    let rewritten = serde_json::from_str::<Value>(&body).unwrap().to_string();
    for other in [rewritten, body.replace("xong", "chưa"), format!("{body} ")] {
        let refused = webhook().accept(&headers, other.as_bytes());
        assert!(matches!(refused, Err(Refusal::NotAuthentic(_))), "{other}");
    }
    let mac = headers["x-zevent-signature"].to_str().unwrap().to_owned();
    for (given, accepted) in [
        (mac.clone(), true),
        (mac.replace("mac=", ""), true),
        (mac.to_uppercase().replace("MAC=", "mac="), true),
        (mac[..mac.len() - 1].to_owned(), false),
        (format!("{mac}0"), false),
        ("mac=".to_owned(), false),
        (String::new(), false),
    ] {
        let mut headers = headers.clone();
        headers.insert("x-zevent-signature", given.parse().unwrap());
        let answer = webhook().accept(&headers, body.as_bytes());
        assert_eq!(answer.is_ok(), accepted, "{given}");
    }
    let none = webhook().accept(&HeaderMap::new(), body.as_bytes());
    assert!(matches!(none, Err(Refusal::NotAuthentic(_))));
}

#[test]
fn a_secret_that_is_not_known_signs_nothing() {
    let body = text_event(USER, "m1", "II.2 xong");
    let without = || ZaloOaSecrets {
        oa_secret: None,
        ..secrets()
    };
    let webhook = ZaloOaWebhook::new(without(), Candidate::ALL.to_vec()).unwrap();
    for (key, accepted) in [(OA_SECRET, false), ("", false), (APP_SECRET, true)] {
        let headers = signed(&body, APP_ID, STAMP, key);
        assert_eq!(
            webhook.accept(&headers, body.as_bytes()).is_ok(),
            accepted,
            "{key}"
        );
    }
    let only = vec![Candidate::ALL[0]];
    let error = ZaloOaWebhook::new(without(), only).err();
    assert!(matches!(error, Some(ZaloOaConfigError::Signature)));
    assert!(ZaloOaWebhook::new(secrets(), Vec::new()).is_err());
    assert!(!format!("{webhook:?}").contains("fake-"));
}

#[test]
fn the_unsigned_probe_of_the_console_gives_nothing() {
    for probe in ["{}", "", " { } \n", "\r\n"] {
        assert_eq!(
            webhook().accept(&HeaderMap::new(), probe.as_bytes()),
            Ok(Vec::new()),
            "{probe:?}"
        );
    }
    for other in ["{}}", "{\"a\":1}", "[]"] {
        let refused = webhook().accept(&HeaderMap::new(), other.as_bytes());
        assert!(
            matches!(refused, Err(Refusal::NotAuthentic(_))),
            "{other:?}"
        );
    }
}

#[test]
fn files_come_with_their_name_and_size_and_what_is_no_file_without() {
    let attachments = json!([
        { "type": "image", "payload": { "thumbnail": "https://t.zdn.vn/1", "url": "https://f.zdn.vn/1" } },
        { "type": "file", "payload": { "url": "https://f.zdn.vn/2", "size": "40000", "name": "KH 12.pdf", "checksum": "c", "type": "application/pdf" } },
        { "type": "file", "payload": { "url": "https://f.zdn.vn/3", "size": 7, "name": "a.docx", "type": "docx" } },
        { "type": "sticker", "payload": { "url": "https://s.zdn.vn/4", "id": "9" } },
        { "type": "location", "payload": { "coordinates": { "latitude": "15.5", "longitude": "108.4" } } },
        { "type": "file", "payload": {} },
        "odd",
    ]);
    let inbound = accept(&event(
        "user_send_file",
        said(
            json!({ "msg_id": "m1", "text": "đây", "attachments": attachments, "quote_msg_id": "q1" }),
        ),
    ));
    let file = |id: &str, name: Option<&str>, media_type: Option<&str>, size| File {
        id: id.into(),
        name: name.map(Into::into),
        media_type: media_type.map(Into::into),
        size,
        sha256: None,
        album: None,
    };
    let expected = Content::Text {
        text: "đây".into(),
        answers: Some(Answered::Provider("q1".into())),
        edited: false,
        files: vec![
            file("https://f.zdn.vn/1", None, Some("image/*"), None),
            file(
                "https://f.zdn.vn/2",
                Some("KH 12.pdf"),
                Some("application/pdf"),
                Some(40_000),
            ),
            file("https://f.zdn.vn/3", Some("a.docx"), None, Some(7)),
        ],
    };
    assert_eq!(inbound[0].content, expected);
}

#[test]
fn following_opens_the_window_and_leaving_closes_it_and_each_has_a_name_of_its_own() {
    let fields = json!({ "oa_id": OA_ID, "follower": { "id": USER }, "user_id_by_app": "77", "source": "qr" });
    let follow = accept(&event("follow", fields.clone()));
    assert_eq!(
        (follow[0].from.as_str(), &follow[0].content),
        (USER, &Content::Opened)
    );
    let unfollow = accept(&event("unfollow", fields));
    assert!(matches!(unfollow[0].content, Content::Closed { .. }));
    assert_ne!(follow[0].external_id, unfollow[0].external_id);
    assert_eq!(
        follow[0].external_id,
        format!("follow:{USER}:{STAMP}"),
        "a retry has the same"
    );
}

#[test]
fn a_sticker_or_a_place_without_words_is_heard_all_the_same() {
    for name in ["user_send_sticker", "user_send_location", "user_send_link"] {
        let inbound = accept(&event(
            name,
            said(json!({ "msg_id": "m1", "attachments": [] })),
        ));
        assert!(
            matches!(&inbound[0].content, Content::Text { text, .. } if text.is_empty()),
            "{name}"
        );
    }
}

/// One application may serve several accounts, and its secret signs for all of them.
#[test]
fn an_event_for_another_account_is_nobodys() {
    let text = json!({ "msg_id": "m1", "text": "II.2 xong" });
    let other = json!({ "sender": { "id": USER }, "recipient": { "id": "999" }, "message": text });
    assert_eq!(accept(&event("user_send_text", other)), []);
    let follow = |account: &str| json!({ "follower": { "id": USER }, "oa_id": account });
    assert_eq!(accept(&event("follow", follow("999"))), []);
    assert_eq!(accept(&event("follow", follow(OA_ID))).len(), 1);
}

#[test]
fn the_name_of_a_file_loses_what_would_lead_astray() {
    let file = json!({ "type": "file", "payload": { "url": "https://zalo.example/1", "name": "../a\u{202e}fdp.exe", "size": "5" } });
    let inbound = accept(&event(
        "user_send_file",
        said(json!({ "msg_id": "m1", "attachments": [file] })),
    ));
    let Content::Text { files, .. } = &inbound[0].content else {
        panic!("{inbound:?}")
    };
    assert_eq!(files[0].name.as_deref(), Some("afdp.exe"));
}

#[test]
fn in_a_group_the_answer_goes_to_the_group() {
    let fields = json!({ "sender": { "id": USER }, "recipient": { "id": "f414c8" }, "message": { "text": "x", "msg_id": "m1" } });
    let inbound = accept(&event("user_send_group_text", fields));
    assert_eq!(
        (inbound[0].from.as_str(), inbound[0].answer_to()),
        (USER, "group:f414c8")
    );
}

#[test]
fn echoes_of_our_own_and_events_of_later_years_concern_nobody() {
    for name in [
        "oa_send_text",
        "oa_send_group_text",
        "user_seen_message",
        "user_received_message",
        "user_submit_info",
        "x",
    ] {
        assert_eq!(
            accept(&event(name, said(json!({ "msg_id": "m1", "text": "x" })))),
            [],
            "{name}"
        );
    }
}

#[test]
fn a_retry_is_the_same_message_and_a_message_without_an_id_is_known_by_its_bytes() {
    let one = event(
        "user_send_text",
        said(json!({ "text": "II.2 xong", "msg_id": 88 })),
    );
    assert_eq!(accept(&one)[0].external_id, "88");
    let without = event("user_send_text", said(json!({ "text": "II.2 xong" })));
    assert!(accept(&without)[0].external_id.starts_with("sha256:"));
    assert_eq!(accept(&without), accept(&without));
}

#[test]
fn what_makes_no_sense_is_said_to_make_none() {
    for body in [
        json!({ "timestamp": STAMP }).to_string(),
        json!({ "timestamp": STAMP, "event_name": "user_send_text" }).to_string(),
        json!({ "timestamp": STAMP, "event_name": "follow", "sender": { "id": USER } }).to_string(),
    ] {
        let headers = signed(&body, APP_ID, STAMP, OA_SECRET);
        let answer = webhook().accept(&headers, body.as_bytes());
        assert!(
            matches!(answer, Err(Refusal::NotUnderstood(_))),
            "{body}: {answer:?}"
        );
    }
    let headers = signed("not json", APP_ID, HEADER_STAMP, OA_SECRET);
    let answer = webhook().accept(&headers, b"not json");
    assert!(
        matches!(answer, Err(Refusal::NotUnderstood(_))),
        "{answer:?}"
    );
}

proptest! {
    #[test]
    fn no_bytes_make_the_signature_check_panic(
        body in prop::collection::vec(any::<u8>(), 0..300),
        mac in prop::collection::vec(0x20u8..=0xff, 0..80),
    ) {
        let mut headers = signed("", APP_ID, STAMP, OA_SECRET);
        if let Ok(mac) = reqwest::header::HeaderValue::from_bytes(&mac) {
            headers.insert("x-zevent-signature", mac.clone());
            headers.insert("x-zevent-timestamp", mac);
        }
        let _ = webhook().accept(&headers, &body);
    }

    #[test]
    fn no_signed_event_makes_the_reader_panic(name in ".{0,20}", text in ".{0,40}", number in any::<i64>()) {
        for name in [name.as_str(), "user_send_text", "user_send_group_text", "follow"] {
            for part in [json!({ "id": text, "text": number, "msg_id": [text] }), json!(number), json!([text])] {
                let event = json!({ "event_name": name, "timestamp": STAMP, "sender": part, "recipient": part,
                    "follower": part, "message": { "attachments": [part, { "type": "file", "payload": part }], "msg_id": part } });
                let body = event.to_string();
                let headers = signed(&body, APP_ID, STAMP, OA_SECRET);
                let _ = webhook().accept(&headers, body.as_bytes());
            }
        }
    }
}
