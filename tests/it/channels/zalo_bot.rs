//! Messages by a Zalo bot, against a platform that can fail in every way the real one does.

use std::time::Duration;

use dondoc::channels::zalo_bot::{
    ZaloBot, ZaloBotConfig, ZaloBotConfigError, ZaloBotError, ZaloBotSender, ZaloBotTimeouts,
};
use dondoc::channels::{Message, ZALO_TEXT_LIMIT};
use dondoc::domain::delivery::{Choice, Outcome};
use secrecy::SecretString;
use serde_json::json;

use super::brief;
use crate::support::zalo_bot::{Delivered, FakeZaloBot, Fault, Mode, TOKEN};

pub(super) const CHAT: &str = "6ede9afa66b88fe6d6a9";

pub(super) fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

pub(crate) fn config(api: &FakeZaloBot) -> ZaloBotConfig {
    ZaloBotConfig {
        api_url: format!("http://{}", api.address).parse().unwrap(),
        token: secret(TOKEN),
        timeouts: ZaloBotTimeouts {
            connect: Duration::from_secs(20),
            total: Duration::from_secs(30),
            wait: Duration::from_secs(1),
            between_polls: Duration::from_millis(1),
        },
    }
}

pub(super) fn bot(api: &FakeZaloBot) -> ZaloBot {
    ZaloBot::new(&config(api)).unwrap()
}

fn sender(api: &FakeZaloBot) -> ZaloBotSender {
    ZaloBotSender::new(bot(api))
}

async fn platform() -> FakeZaloBot {
    FakeZaloBot::start(Mode::Loss, &[CHAT]).await
}

/// The outcome of one message that meets `fault`, seen to name neither token nor address.
async fn outcome_of(fault: Fault) -> Outcome {
    let api = platform().await;
    api.fault("sendMessage", fault);
    let outcome = sender(&api).send(&brief(CHAT)).await;
    api.take();
    assert_no_secret(&outcome);
    outcome
}

fn assert_no_secret(shown: &impl std::fmt::Debug) {
    let shown = format!("{shown:?}");
    for secret in ["fakeZaloToken", "http://", "127.0.0.1", CHAT] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn bad(status: u16, description: &str) -> Fault {
    Fault::Answer(
        status,
        json!({ "ok": false, "description": description, "error_code": status }),
    )
}

#[tokio::test]
async fn a_brief_arrives_as_it_is_and_without_buttons() {
    let api = platform().await;
    let text = "II.2 *xong* <b>chưa</b>?\n1. Xong\n2. Chưa";
    let choices = vec![Choice {
        label: "Xong".into(),
        token: "t1".into(),
    }];
    let message = Message {
        text: text.into(),
        choices,
        ..brief(CHAT)
    };
    let outcome = sender(&api).send(&message).await;
    let expected = Delivered {
        chat: CHAT.into(),
        text: text.into(),
        message_id: "8f2c0000000000000001".into(),
    };
    assert_eq!(api.take(), [expected]);
    let provider_id = "8f2c0000000000000001".into();
    assert_eq!(outcome, Outcome::Sent { provider_id });
}

#[tokio::test]
async fn a_text_is_counted_composed_and_in_utf16_units() {
    let api = platform().await;
    let sender = sender(&api);
    let text = |text: String| Message {
        text,
        resent: true,
        ..brief(CHAT)
    };
    let decomposed = "e\u{323}\u{302}".repeat(ZALO_TEXT_LIMIT);
    assert!(matches!(
        sender.send(&text(decomposed)).await,
        Outcome::Sent { .. }
    ));
    let emoji = "😀".repeat(ZALO_TEXT_LIMIT / 2);
    assert!(matches!(
        sender.send(&text(emoji.clone())).await,
        Outcome::Sent { .. }
    ));
    let texts: Vec<String> = api.take().into_iter().map(|one| one.text).collect();
    assert_eq!(
        texts,
        ["ệ".repeat(ZALO_TEXT_LIMIT), emoji.clone()],
        "a mark that does not fit is left out"
    );
    let outcome = sender.send(&text(emoji + "!")).await;
    assert!(matches!(outcome, Outcome::Closed { .. }), "{outcome:?}");
    assert_eq!(api.calls("sendMessage").len(), 2);
}

#[tokio::test]
async fn a_message_sent_again_is_marked() {
    let api = platform().await;
    let message = Message {
        resent: true,
        ..brief(CHAT)
    };
    assert!(matches!(
        sender(&api).send(&message).await,
        Outcome::Sent { .. }
    ));
    assert!(api.take()[0].text.starts_with("↻ Kính gửi"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_asked_for() {
    let api = platform().await;
    for to in ["", "  ", "a\nb"] {
        let outcome = sender(&api).send(&brief(to)).await;
        assert!(matches!(outcome, Outcome::Rejected { .. }), "{to:?}");
    }
    let empty = Message {
        text: " \n".into(),
        ..brief(CHAT)
    };
    assert!(matches!(
        sender(&api).send(&empty).await,
        Outcome::Closed { .. }
    ));
    assert_eq!(api.calls("sendMessage").len(), 0);
}

#[tokio::test]
async fn a_chat_is_condemned_only_by_an_answer_that_names_it() {
    for fault in [
        bad(400, "Bad request: chat not found"),
        bad(403, "Forbidden: bot was blocked by the user"),
        bad(404, "User not found"),
        Fault::Answer(
            200,
            json!({ "ok": false, "description": "The user has blocked this bot" }),
        ),
        Fault::Answer(
            200,
            json!({ "ok": false, "description": "chat_id is invalid", "error_code": "400" }),
        ),
    ] {
        let outcome = outcome_of(fault.clone()).await;
        assert!(
            matches!(outcome, Outcome::Rejected { .. }),
            "{fault:?}: {outcome:?}"
        );
    }
    for fault in [
        bad(403, "Internal server error"),
        bad(404, "Not Found"),
        bad(401, "Unauthorized"),
        bad(400, "Bad request: something new"),
        bad(500, "user not found"),
        Fault::Answer(200, json!({ "ok": false })),
        Fault::Answer(
            200,
            json!({ "ok": false, "error_code": 0, "description": "" }),
        ),
        Fault::Foreign(403, "<html>blocked</html>"),
        Fault::Foreign(200, "<html>login</html>"),
        Fault::Foreign(502, ""),
    ] {
        let outcome = outcome_of(fault.clone()).await;
        let is_retry = matches!(outcome, Outcome::Retry { after: None, .. });
        assert!(is_retry, "{fault:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_message_that_is_not_taken_is_a_fault_of_ours_and_not_of_the_chat() {
    let outcome = outcome_of(bad(400, "Bad request: The text must not be empty")).await;
    assert!(
        matches!(&outcome, Outcome::Closed { reason } if reason.contains("Dondoc")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_fate_open() {
    for fault in [
        Fault::CutAfterAccept,
        Fault::BreakOff,
        Fault::Foreign(504, "<html>"),
    ] {
        let outcome = outcome_of(fault.clone()).await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{fault:?}: {outcome:?}"
        );
    }
    let api = platform().await;
    api.fault("sendMessage", Fault::SilenceAfterAccept);
    let mut config = config(&api);
    config.timeouts.total = Duration::from_millis(300);
    let sender = ZaloBotSender::new(ZaloBot::new(&config).unwrap());
    let outcome = sender.send(&brief(CHAT)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert_eq!(
        api.take().len(),
        1,
        "the client must not repeat the request by itself"
    );
}

#[tokio::test]
async fn a_quota_that_is_used_up_stops_the_whole_bot_for_hours_and_is_said_plainly() {
    for quota in [
        bad(429, "Quota exceeded"),
        Fault::Answer(
            200,
            json!({ "ok": false, "description": "Quota exceeded", "error_code": "429" }),
        ),
    ] {
        let api = FakeZaloBot::start(Mode::Loss, &[CHAT, "other"]).await;
        api.fault("sendMessage", quota);
        let sender = sender(&api);
        for to in [CHAT, "other", CHAT] {
            let outcome = sender.send(&brief(to)).await;
            let Outcome::Retry {
                after: Some(after),
                reason,
            } = outcome
            else {
                panic!("{outcome:?}")
            };
            assert!(after > Duration::from_hours(5), "{after:?}");
            assert!(reason.contains("quota"), "{reason}");
        }
        assert_eq!(api.calls("sendMessage").len(), 1, "nobody is asked again");
    }
}

#[tokio::test]
async fn a_gateway_that_says_slow_down_in_html_holds_the_bot_for_a_minute() {
    let outcome = outcome_of(Fault::Foreign(429, "<html>429 Too Many Requests</html>")).await;
    assert!(
        matches!(outcome, Outcome::Retry { after: Some(wait), .. } if wait == Duration::from_mins(1)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_wrong_token_is_our_fault_and_is_shown_nowhere() {
    let api = platform().await;
    let mut config = config(&api);
    config.token = secret("4353:anotherFakeToken");
    let sender = ZaloBotSender::new(ZaloBot::new(&config).unwrap());
    let outcome = sender.send(&brief(CHAT)).await;
    assert!(matches!(&outcome, Outcome::Retry { after: None, reason } if reason.contains("token")));
    assert!(!format!("{outcome:?} {config:?} {sender:?}").contains("anotherFake"));
}

#[tokio::test]
async fn a_platform_that_is_not_there_is_tried_again() {
    let api = platform().await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut config = config(&api);
    config.api_url = format!("http://{free}").parse().unwrap();
    let outcome = ZaloBotSender::new(ZaloBot::new(&config).unwrap())
        .send(&brief(CHAT))
        .await;
    assert!(
        matches!(outcome, Outcome::Retry { after: None, .. }),
        "{outcome:?}"
    );
    assert_no_secret(&outcome);
}

#[tokio::test]
async fn the_webhook_is_set_asked_for_and_removed() {
    let api = platform().await;
    let bot = bot(&api);
    assert_eq!(bot.account_name().await.unwrap(), "bot.dondoc");
    assert_eq!(
        bot.webhook_url().await.unwrap(),
        None,
        "404 means that there is none"
    );
    let url = "https://dondoc.quangnam.example/webhook/zalo-bot";
    let short = bot.set_webhook(url, &secret("short")).await;
    assert_eq!(short, Err(ZaloBotError::WebhookSecret));
    bot.set_webhook(url, &secret("fake-webhook-secret"))
        .await
        .unwrap();
    assert_eq!(bot.webhook_url().await.unwrap().as_deref(), Some(url));
    assert_eq!(api.webhook().unwrap().1, "fake-webhook-secret");
    bot.delete_webhook().await.unwrap();
    assert_eq!(bot.webhook_url().await.unwrap(), None);
}

#[tokio::test]
async fn a_webhook_that_the_platform_cannot_reach_is_told_although_it_is_kept() {
    let api = platform().await;
    let told = bot(&api)
        .set_webhook(
            "https://unreachable.example/x",
            &secret("fake-webhook-secret"),
        )
        .await;
    let error = told.unwrap_err();
    assert!(error.to_string().contains("err.dns"), "{error}");
    assert_no_secret(&error);
    assert!(api.webhook().is_some());
}

#[tokio::test]
async fn a_question_with_a_wrong_token_says_so() {
    let api = platform().await;
    let mut config = config(&api);
    config.token = secret("4353:anotherFakeToken");
    let asked = ZaloBot::new(&config).unwrap().account_name().await;
    assert_eq!(asked, Err(ZaloBotError::Token));
}

#[test]
fn a_configuration_that_cannot_work_is_refused() {
    let config = |url: &str, token: &str| ZaloBotConfig {
        api_url: url.parse().unwrap(),
        token: secret(token),
        timeouts: ZaloBotTimeouts::default(),
    };
    for url in [
        "http://bot-api.zaloplatforms.com",
        "http://10.0.0.1",
        "ftp://localhost",
    ] {
        let error = ZaloBot::new(&config(url, TOKEN)).err();
        assert!(
            matches!(error, Some(ZaloBotConfigError::ApiUrl { .. })),
            "{url}"
        );
    }
    for token in ["", "secret", ":secret", "12:", "12:se cret", "12:a/../b"] {
        let error = ZaloBot::new(&config("https://bot-api.zaloplatforms.com", token)).err();
        assert!(matches!(error, Some(ZaloBotConfigError::Token)), "{token}");
    }
}
