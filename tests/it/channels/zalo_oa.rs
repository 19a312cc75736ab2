//! Messages by a Zalo Official Account, whose errors come with HTTP 200.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use dondoc::channels::zalo_oa::{
    TokenKeeper, ZaloOaConfig, ZaloOaConfigError, ZaloOaSender, ZaloOaTimeouts,
};
use dondoc::channels::{Message, ZALO_TEXT_LIMIT};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Outcome;

use super::brief;
use super::zalo_bot::secret;
use super::zalo_oa_tokens::Keeper;
use crate::store::given::morning;
use crate::support::zalo_oa::{
    APP_ID, APP_SECRET, Call, Delivered, FIRST_REFRESH, FakeZaloOa, Fault,
};

pub(super) const USER: &str = "186729651760683225";

pub(super) fn config(api: &FakeZaloOa) -> ZaloOaConfig {
    let url: url::Url = format!("http://{}", api.address).parse().unwrap();
    ZaloOaConfig {
        api_url: url.clone(),
        oauth_url: url,
        app_id: APP_ID.into(),
        app_secret: secret(APP_SECRET),
        timeouts: ZaloOaTimeouts::default(),
    }
}

pub(super) async fn account() -> FakeZaloOa {
    FakeZaloOa::start(Clock::manual(morning(3, 2)), &[USER]).await
}

pub(super) fn sender_with(api: &FakeZaloOa, keeper: Arc<dyn TokenKeeper>) -> ZaloOaSender {
    ZaloOaSender::new(&config(api), keeper).unwrap()
}

fn sender(api: &FakeZaloOa) -> ZaloOaSender {
    sender_with(api, Keeper::with(&api.clock, FIRST_REFRESH))
}

/// The outcome of one message that meets `fault`, seen to name neither token nor address.
async fn outcome_of(fault: Fault) -> Outcome {
    let api = account().await;
    api.fault(Call::Send, fault);
    let outcome = sender(&api).send(&brief(USER)).await;
    api.take();
    let shown = format!("{outcome:?}");
    for secret in ["fake-", "http://", "127.0.0.1", USER] {
        assert!(!shown.contains(secret), "{shown}");
    }
    outcome
}

#[tokio::test]
async fn a_brief_arrives_with_the_token_that_was_just_given() {
    let api = account().await;
    let outcome = sender(&api).send(&brief(USER)).await;
    let expected = Delivered {
        to: USER.into(),
        text: brief(USER).text,
        message_id: "7000000000000".into(),
    };
    assert_eq!(api.take(), [expected]);
    let provider_id = "7000000000000".into();
    assert_eq!(outcome, Outcome::Sent { provider_id });
    assert_eq!(api.calls(Call::Refresh), 1);
}

#[tokio::test]
async fn a_group_is_written_to_as_a_group() {
    let api = FakeZaloOa::start(Clock::manual(morning(3, 2)), &["f414c8f76fa586fbdfb4"]).await;
    let outcome = sender(&api)
        .send(&brief("group:f414c8f76fa586fbdfb4"))
        .await;
    assert!(matches!(outcome, Outcome::Sent { .. }), "{outcome:?}");
    assert_eq!(api.take()[0].to, "f414c8f76fa586fbdfb4");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not_asked_for() {
    let api = account().await;
    let sender = sender(&api);
    for to in ["", "0905 123 456", "group:", "group:a/b", "a@b.example"] {
        let outcome = sender.send(&brief(to)).await;
        assert!(matches!(outcome, Outcome::Rejected { .. }), "{to:?}");
    }
    let long = Message {
        text: "ệ".repeat(ZALO_TEXT_LIMIT + 1),
        ..brief(USER)
    };
    assert!(matches!(sender.send(&long).await, Outcome::Closed { .. }));
    assert_eq!((api.calls(Call::Send), api.calls(Call::Refresh)), (0, 0));
}

#[tokio::test]
async fn who_was_silent_for_seven_days_is_out_of_reach_and_not_dead() {
    let api = account().await;
    let sender = sender(&api);
    api.clock.set(morning(3, 9) + TimeDelta::minutes(1));
    let outcome = sender.send(&brief(USER)).await;
    assert!(
        matches!(&outcome, Outcome::Silent { reason } if reason.contains("seven days")),
        "{outcome:?}"
    );
    api.hears(USER);
    assert!(matches!(
        sender.send(&brief(USER)).await,
        Outcome::Sent { .. }
    ));
    assert_eq!(api.take().len(), 1);
}

#[tokio::test]
async fn every_error_with_http_200_becomes_its_outcome() {
    let name = |outcome: &Outcome| match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Retry { after: None, .. } => "retry",
        Outcome::Retry { after: Some(_), .. } => "wait",
        Outcome::Rejected { .. } => "rejected",
        Outcome::Closed { .. } => "closed",
        Outcome::Silent { .. } => "silent",
        Outcome::Unknown { .. } => "unknown",
    };
    for (code, message, expected) in [
        (-32, "Your application/OA reached limit call api", "wait"),
        (-100, "attachment expired", "closed"),
        (-200, "Send message failed", "retry"),
        (-201, "message.text is invalid!", "closed"),
        (-201, "user_id is invalid!", "rejected"),
        (-204, "OA is disabled", "wait"),
        (-210, "parameter over limit", "closed"),
        (-211, "Out of quota", "wait"),
        (-213, "User has not followed OA", "rejected"),
        (-217, "User refuses", "rejected"),
        (-218, "User's quota used", "wait"),
        (-221, "OA is not verified", "wait"),
        (-224, "OA needs a paid tier", "wait"),
        (-227, "User is banned or inactive", "rejected"),
        (
            -230,
            "User has not interacted with the OA in the past 7 days",
            "silent",
        ),
        (-232, "User has not interacted", "silent"),
        (-233, "Type unsupported", "closed"),
        (-234, "Not at night", "wait"),
        (-240, "V2 was shut down", "retry"),
        (-244, "User restricted this type", "rejected"),
        (-248, "Policy", "closed"),
        (-320, "Needs a ZCA account", "wait"),
        (-999_999, "Nobody knows", "retry"),
    ] {
        let outcome = outcome_of(Fault::Error(code, message)).await;
        assert_eq!(name(&outcome), expected, "{code} {message}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_quota_that_is_used_up_holds_the_whole_account() {
    let api = FakeZaloOa::start(Clock::manual(morning(3, 2)), &[USER, "77"]).await;
    api.fault(Call::Send, Fault::Error(-211, "Out of quota"));
    let sender = sender(&api);
    for to in [USER, "77"] {
        let outcome = sender.send(&brief(to)).await;
        assert!(
            matches!(&outcome, Outcome::Retry { after: Some(after), reason }
                if *after > Duration::from_hours(5) && reason.contains("quota")),
            "{outcome:?}"
        );
    }
    assert_eq!(api.calls(Call::Send), 1);
}

#[tokio::test]
async fn what_is_not_zalos_own_answer_condemns_nobody() {
    for (status, page) in [
        (403, "<html>blocked"),
        (200, "<html>login"),
        (502, ""),
        (200, "{}"),
        (200, "[]"),
    ] {
        let outcome = outcome_of(Fault::Foreign(status, page)).await;
        assert!(
            matches!(outcome, Outcome::Retry { after: None, .. }),
            "{status} {page}: {outcome:?}"
        );
    }
    let slow = outcome_of(Fault::Foreign(429, "<html>slow down")).await;
    assert!(
        matches!(slow, Outcome::Retry { after: Some(_), .. }),
        "{slow:?}"
    );
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
}

#[test]
fn a_configuration_that_cannot_work_is_refused_and_shows_no_secret() {
    let given = |api: &str, oauth: &str, app_id: &str| ZaloOaConfig {
        api_url: api.parse().unwrap(),
        oauth_url: oauth.parse().unwrap(),
        app_id: app_id.into(),
        app_secret: secret(APP_SECRET),
        timeouts: ZaloOaTimeouts::default(),
    };
    let keeper = || Keeper::with(&Clock::manual(morning(3, 2)), FIRST_REFRESH);
    let (api, oauth) = ("https://openapi.zalo.me", "https://oauth.zaloapp.com");
    for (config, key) in [
        (given("http://openapi.zalo.me", oauth, APP_ID), "api_url"),
        (given(api, "http://oauth.zaloapp.com", APP_ID), "oauth_url"),
    ] {
        let error = ZaloOaSender::new(&config, keeper()).err();
        assert!(matches!(error, Some(ZaloOaConfigError::Url { key: found, .. }) if found == key));
    }
    let error = ZaloOaSender::new(&given(api, oauth, "app"), keeper()).err();
    assert!(matches!(
        error,
        Some(ZaloOaConfigError::Id { key: "app_id" })
    ));
    let sender = ZaloOaSender::new(&given(api, oauth, APP_ID), keeper()).unwrap();
    assert!(!format!("{sender:?}").contains("fake-"), "{sender:?}");
}
