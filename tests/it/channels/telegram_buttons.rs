//! Buttons under Telegram messages, and who the bot is.

use dondoc::channels::Message;
use dondoc::channels::telegram::{TelegramError, TelegramProfile};
use dondoc::domain::delivery::{Choice, Outcome};
use serde_json::json;

use super::brief;
use super::telegram::{CHAT, config, sender};
use crate::support::telegram::{FakeTelegram, Fault, NAME};

fn choice(label: &str, token: &str) -> Choice {
    Choice {
        label: label.into(),
        token: token.into(),
    }
}

fn with_choices(choices: Vec<Choice>) -> Message {
    Message {
        choices,
        ..brief(&CHAT.to_string())
    }
}

#[tokio::test]
async fn choices_are_buttons_one_in_a_row() {
    let api = FakeTelegram::start(&[CHAT]).await;
    let most = "x".repeat(64);
    let message = with_choices(vec![
        choice("II.2 Ke\u{302}\u{301} hoạch", "q7:1"),
        choice("Bỏ qua", &most),
    ]);
    let report = sender(&api).send(&message).await;
    assert!(matches!(report.outcome, Outcome::Sent { .. }), "{report:?}");
    assert_eq!(
        api.take()[0].request["reply_markup"],
        json!({ "inline_keyboard": [
            [{ "text": "II.2 Kế hoạch", "callback_data": "q7:1" }],
            [{ "text": "Bỏ qua", "callback_data": most }],
        ] })
    );
}

#[tokio::test]
async fn a_message_without_choices_has_no_keyboard() {
    let api = FakeTelegram::start(&[CHAT]).await;
    sender(&api).send(&with_choices(vec![])).await;
    assert!(api.take()[0].request.get("reply_markup").is_none());
}

#[tokio::test]
async fn a_button_that_telegram_cannot_carry_is_our_fault_and_does_not_leave() {
    let api = FakeTelegram::start(&[CHAT]).await;
    // 33 letters of two bytes each: bytes count, not letters.
    let long = "đ".repeat(33);
    let many = (0..101).map(|n| choice("x", &n.to_string())).collect();
    for choices in [
        vec![choice("x", "1"), choice("x", &long)],
        vec![choice("x", "")],
        vec![choice(" ", "1")],
        many,
    ] {
        let report = sender(&api).send(&with_choices(choices)).await;
        let Outcome::Retry {
            after: None,
            reason,
        } = report.outcome
        else {
            panic!("{report:?}")
        };
        assert!(reason.contains("a fault of Dondoc"), "{reason}");
    }
    assert_eq!(api.calls(), 0);
}

#[tokio::test]
async fn a_group_that_moved_gets_the_buttons_too() {
    let api = FakeTelegram::start(&[-100_777]).await;
    api.fault(CHAT, Fault::Migrated { to: -100_777 });
    sender(&api)
        .send(&with_choices(vec![choice("II.2", "q7:1")]))
        .await;
    assert!(api.take()[0].request["reply_markup"].is_object());
}

#[tokio::test]
async fn who_the_bot_is_can_be_asked() {
    let api = FakeTelegram::start(&[]).await;
    let profile = TelegramProfile::new(&config(&api)).unwrap();
    assert_eq!(profile.user_name().await.unwrap(), NAME);
    api.fault_of("getMe", Fault::Error(401, "Unauthorized"));
    let error = profile.user_name().await.unwrap_err();
    assert!(matches!(error, TelegramError::Refused(_)), "{error:?}");
}
