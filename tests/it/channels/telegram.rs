//! Telegram messages against a Bot API that can fail in every way the real one does.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use dondoc::channels::Message;
use dondoc::channels::telegram::{
    TEXT_LIMIT, TelegramConfig, TelegramConfigError, TelegramLimits, TelegramSender,
    TelegramTimeouts,
};
use dondoc::domain::delivery::Outcome;

use super::brief;
use crate::support::telegram::{FakeTelegram, Fault, TOKEN};

pub(super) const CHAT: i64 = 71_234_567_890;
const GROUP: i64 = -4_353;
const SUPERGROUP: i64 = -1_001_234_567_890;

pub(crate) fn config(api: &FakeTelegram) -> TelegramConfig {
    let many = NonZeroU32::new(1000).unwrap();
    TelegramConfig {
        api_url: format!("http://{}", api.address).parse().unwrap(),
        token: TOKEN.to_owned().into(),
        proxy: None,
        timeouts: TelegramTimeouts {
            connect: Duration::from_secs(20),
            total: Duration::from_secs(30),
        },
        limits: TelegramLimits {
            bot_per_second: many,
            chat_per_second: many,
            group_per_minute: many,
        },
    }
}

pub(crate) fn sender(api: &FakeTelegram) -> TelegramSender {
    TelegramSender::new(&config(api)).unwrap()
}

#[tokio::test]
async fn a_brief_arrives_as_plain_text_without_a_link_preview() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let text = "II.2 *xong* <b>chưa</b>? _x_ [y](z) https://quangnam.example";
    let report = sender(&api)
        .send(&Message {
            text: text.into(),
            ..brief(&CHAT.to_string())
        })
        .await;
    let delivered = api.take();
    assert_eq!(
        (delivered[0].chat, delivered[0].text.as_str()),
        (CHAT, text)
    );
    assert_eq!(
        report.outcome,
        Outcome::Sent {
            provider_id: delivered[0].message_id.to_string()
        }
    );
    assert_eq!(report.new_address, None);
}

#[tokio::test]
async fn a_message_sent_again_is_marked() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let report = sender(&api)
        .send(&Message {
            resent: true,
            ..brief(&CHAT.to_string())
        })
        .await;
    assert!(matches!(report.outcome, Outcome::Sent { .. }));
    assert!(api.take()[0].text.starts_with("↻ Kính gửi"));
}

#[tokio::test]
async fn a_text_of_the_limit_arrives_even_marked_and_a_longer_one_is_not_sent() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let sender = sender(&api);
    let of_length = |n| Message {
        text: "ệ".repeat(n),
        resent: true,
        ..brief(&CHAT.to_string())
    };
    assert!(matches!(
        sender.send(&of_length(TEXT_LIMIT)).await.outcome,
        Outcome::Sent { .. }
    ));
    assert_eq!(api.take()[0].text.chars().count(), 4096);
    let report = sender.send(&of_length(TEXT_LIMIT + 1)).await;
    assert_eq!(
        report.outcome,
        Outcome::Rejected {
            reason: "message too long".into()
        }
    );
    assert_eq!(api.calls(), 1);
}

#[tokio::test]
async fn a_text_in_decomposed_letters_is_counted_composed() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let text = "e\u{323}\u{302}".repeat(TEXT_LIMIT);
    let report = sender(&api)
        .send(&Message {
            text,
            ..brief(&CHAT.to_string())
        })
        .await;
    assert!(matches!(report.outcome, Outcome::Sent { .. }));
    assert_eq!(api.take()[0].text, "ệ".repeat(TEXT_LIMIT));
}

#[tokio::test]
async fn what_cannot_be_sent_is_rejected_without_a_call() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let sender = sender(&api);
    for (to, text) in [
        ("@noivu", "x"),
        ("", "x"),
        ("12/3", "x"),
        ("71234567890", " \n "),
    ] {
        let report = sender
            .send(&Message {
                text: text.into(),
                ..brief(to)
            })
            .await;
        assert!(
            matches!(report.outcome, Outcome::Rejected { .. }),
            "{to:?} {text:?}"
        );
    }
    assert_eq!(api.calls(), 0);
}

#[tokio::test]
async fn an_api_under_a_path_is_called_under_that_path() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let mut config = config(&api);
    config.api_url = format!("http://{}/telegram/", api.address).parse().unwrap();
    let report = TelegramSender::new(&config)
        .unwrap()
        .send(&brief(&CHAT.to_string()))
        .await;
    assert!(format!("{report:?}").contains("api_url"), "{report:?}");
    assert_eq!(
        api.calls(),
        0,
        "without the path the fake would have answered"
    );
}

#[tokio::test]
async fn a_group_that_moved_is_followed_and_its_new_id_reported() {
    let api = FakeTelegram::start(&[SUPERGROUP]).await;
    api.fault(GROUP, Fault::Migrated { to: SUPERGROUP });
    let report = sender(&api).send(&brief(&GROUP.to_string())).await;
    assert!(matches!(report.outcome, Outcome::Sent { .. }));
    assert_eq!(report.new_address, Some(SUPERGROUP.to_string()));
    assert_eq!(api.take()[0].chat, SUPERGROUP);
}

#[tokio::test]
async fn the_new_id_of_a_group_is_reported_even_if_the_message_does_not_get_there() {
    let api = FakeTelegram::start(&[SUPERGROUP]).await;
    api.fault(GROUP, Fault::Migrated { to: SUPERGROUP });
    api.fault(
        SUPERGROUP,
        Fault::Error(500, "Internal Server Error: restart"),
    );
    let report = sender(&api).send(&brief(&GROUP.to_string())).await;
    assert!(matches!(report.outcome, Outcome::Retry { .. }));
    assert_eq!(report.new_address, Some(SUPERGROUP.to_string()));
}

#[tokio::test]
async fn a_chat_told_to_wait_waits_and_no_other_does() {
    let api = FakeTelegram::start(&[CHAT, SUPERGROUP]).await;
    let sender = sender(&api);
    api.fault(CHAT, Fault::TooMany { retry_after: 3600 });
    let report = sender.send(&brief(&CHAT.to_string())).await;
    assert!(
        matches!(report.outcome, Outcome::Retry { after: Some(wait), .. } if wait == Duration::from_hours(1))
    );

    let held = sender.send(&brief(&CHAT.to_string())).await;
    assert!(
        matches!(held.outcome, Outcome::Retry { after: Some(wait), .. } if wait > Duration::from_mins(50))
    );
    assert_eq!(api.calls(), 1, "a held chat is not asked again");

    let other = sender.send(&brief(&SUPERGROUP.to_string())).await;
    assert!(matches!(other.outcome, Outcome::Sent { .. }));
    assert_eq!(api.take().len(), 1);
}

#[tokio::test]
async fn several_chats_told_to_wait_mean_the_whole_bot() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let sender = sender(&api);
    for chat in 1..=3 {
        api.fault(chat, Fault::TooMany { retry_after: 3600 });
        sender.send(&brief(&chat.to_string())).await;
    }
    let report = sender.send(&brief(&CHAT.to_string())).await;
    assert!(matches!(
        report.outcome,
        Outcome::Retry { after: Some(_), .. }
    ));
    assert_eq!(api.calls(), 3);
}

#[tokio::test]
async fn messages_to_one_chat_are_spaced_and_do_not_hold_up_another() {
    let api = FakeTelegram::start(&[CHAT, SUPERGROUP]).await;
    let mut config = config(&api);
    config.limits.chat_per_second = NonZeroU32::new(4).unwrap();
    let sender = TelegramSender::new(&config).unwrap();
    let (one, other) = (brief(&CHAT.to_string()), brief(&SUPERGROUP.to_string()));
    let start = Instant::now();
    let arrival = async |message| {
        assert!(matches!(
            sender.send(message).await.outcome,
            Outcome::Sent { .. }
        ));
        start.elapsed()
    };
    let (first, second, third, elsewhere) =
        tokio::join!(arrival(&one), arrival(&one), arrival(&one), arrival(&other));
    let mut times = [first, second, third];
    times.sort();
    assert!(times[2] >= Duration::from_millis(500), "{times:?}");
    assert!(elsewhere < times[2], "{elsewhere:?} {times:?}");
    assert_eq!(api.take().len(), 4);
}

#[test]
fn a_configuration_that_cannot_work_is_refused_and_does_not_show_the_token() {
    let config = |url: &str, token: &str| TelegramConfig {
        api_url: url.parse().unwrap(),
        token: token.to_owned().into(),
        proxy: None,
        timeouts: TelegramTimeouts::default(),
        limits: TelegramLimits::default(),
    };
    for url in [
        "http://api.telegram.org",
        "ftp://localhost",
        "http://10.0.0.1:8081",
    ] {
        let error = TelegramSender::new(&config(url, TOKEN)).err();
        assert!(
            matches!(error, Some(TelegramConfigError::ApiUrl { .. })),
            "{url}"
        );
    }
    for url in [
        "https://api.telegram.org",
        "http://localhost:8081",
        "http://[::1]:8081",
    ] {
        assert!(TelegramSender::new(&config(url, TOKEN)).is_ok(), "{url}");
    }
    for token in ["", "secret", ":secret", "12:", "12:se cret", "12:a/../b"] {
        let config = config("https://api.telegram.org", token);
        let error = TelegramSender::new(&config).err();
        assert!(matches!(error, Some(TelegramConfigError::Token)), "{token}");
    }
    assert!(
        !format!(
            "{:?}",
            TelegramSender::new(&config("https://api.telegram.org", TOKEN))
        )
        .contains("fake-Token")
    );
}
