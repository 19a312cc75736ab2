//! The pair of tokens of an Official Account: refreshed in time, once, and never lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::channels::zalo_oa::{Consent, KeepError, Keeping, Pair, TokenKeeper, Tokens};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Outcome;
use futures_util::FutureExt;
use secrecy::ExposeSecret;

use super::brief;
use super::zalo_bot::secret;
use super::zalo_oa::{USER, account, config, sender_with};
use crate::store::given::morning;
use crate::support::zalo_oa::{Call, FIRST_REFRESH, FakeZaloOa, Fault};

/// Keeps the pair in memory, as the store does in its table.
#[derive(Debug)]
pub(super) struct Keeper {
    clock: Clock,
    kept: Mutex<Tokens>,
    claimed_until: Mutex<Option<DateTime<Utc>>>,
    broken: AtomicBool,
    /// Breaks after the next claim.
    fill: AtomicBool,
}

impl Keeper {
    /// With a refresh token and no access token.
    pub(super) fn with(clock: &Clock, refresh: &str) -> Arc<Self> {
        Arc::new(Self {
            clock: clock.clone(),
            kept: Mutex::new(Tokens {
                version: 1,
                access: None,
                refresh: secret(refresh),
                obtained_at: clock.now(),
                expires_at: clock.now(),
                failure: None,
            }),
            claimed_until: Mutex::default(),
            broken: AtomicBool::new(false),
            fill: AtomicBool::new(false),
        })
    }

    fn refresh_token(&self) -> String {
        self.kept.lock().unwrap().refresh.expose_secret().to_owned()
    }

    fn failure(&self) -> Option<String> {
        self.kept.lock().unwrap().failure.clone()
    }

    fn answer<T: Send + 'static>(&self, value: T) -> Keeping<'static, T> {
        let broken = self.broken.load(Ordering::SeqCst);
        Box::pin(async move {
            if broken {
                Err(KeepError("the disk is full".into()))
            } else {
                Ok(value)
            }
        })
    }

    /// The disk is full once the refresh token is claimed.
    fn fill_after_claim(&self) {
        self.fill.store(true, Ordering::SeqCst);
    }

    fn is_broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }
}

impl TokenKeeper for Keeper {
    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn load(&self) -> Keeping<'_, Option<Tokens>> {
        let kept = self.kept.lock().unwrap().clone();
        self.answer(Some(kept))
    }

    fn claim(&self, version: i64, until: DateTime<Utc>) -> Keeping<'_, Option<i64>> {
        let mut kept = self.kept.lock().unwrap();
        let mut claimed = self.claimed_until.lock().unwrap();
        let is_free = claimed.is_none_or(|until| until <= self.clock.now());
        let may = kept.version == version && is_free && kept.failure.is_none() && !self.is_broken();
        if may {
            kept.version += 1;
            *claimed = Some(until);
        }
        let answer = self.answer(may.then_some(kept.version));
        if self.fill.load(Ordering::SeqCst) {
            self.broken.store(true, Ordering::SeqCst);
        }
        answer
    }

    fn give(&self, consent: Consent) {
        let mut kept = self.kept.lock().unwrap();
        kept.refresh = consent.refresh;
        kept.failure = None;
        kept.version += 1;
    }

    fn replace<'a>(&'a self, version: i64, pair: &'a Pair) -> Keeping<'a, bool> {
        let mut kept = self.kept.lock().unwrap();
        let may = (kept.version == version || kept.failure.is_some()) && !self.is_broken();
        if may {
            let now = self.clock.now();
            *kept = Tokens {
                version: version + 1,
                access: Some(pair.access.clone()),
                refresh: pair.refresh.clone(),
                obtained_at: now,
                expires_at: now + pair.lives,
                failure: None,
            };
            *self.claimed_until.lock().unwrap() = None;
        }
        self.answer(may)
    }

    fn release(&self, version: i64) -> Keeping<'_, ()> {
        let mut kept = self.kept.lock().unwrap();
        if kept.version == version {
            kept.version += 1;
            *self.claimed_until.lock().unwrap() = None;
        }
        self.answer(())
    }

    fn fail<'a>(&'a self, version: i64, reason: &'a str) -> Keeping<'a, ()> {
        let mut kept = self.kept.lock().unwrap();
        if kept.version == version {
            kept.failure = Some(reason.to_owned());
        }
        self.answer(())
    }
}

/// An account, its keeper, and a first message that went out.
async fn used() -> (
    FakeZaloOa,
    Arc<Keeper>,
    dondoc::channels::zalo_oa::ZaloOaSender,
) {
    let api = account().await;
    let keeper = Keeper::with(&api.clock, FIRST_REFRESH);
    let sender = sender_with(&api, keeper.clone());
    assert!(is_sent(&sender.send(&brief(USER)).await));
    assert_eq!(api.take().len(), 1);
    (api, keeper, sender)
}

fn is_sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

fn reason(outcome: Outcome) -> String {
    match outcome {
        Outcome::Retry { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_tokens_are_refreshed_after_twenty_hours_and_not_before() {
    let (api, keeper, sender) = used().await;
    for (hours, refreshes) in [(19, 1), (20, 2), (39, 2), (40, 3)] {
        api.clock.set(morning(3, 2) + TimeDelta::hours(hours));
        assert!(is_sent(&sender.send(&brief(USER)).await));
        assert_eq!(api.calls(Call::Refresh), refreshes, "after {hours} hours");
    }
    assert_eq!(keeper.refresh_token(), "fake-refresh-3");
    assert_eq!(api.take().len(), 4);
}

#[tokio::test]
async fn the_tokens_are_kept_fresh_while_there_is_nothing_to_send() {
    let (api, keeper, sender) = used().await;
    api.clock.set(morning(3, 3));
    assert_eq!(sender.keep_fresh().await, Ok(()));
    assert_eq!(sender.keep_fresh().await, Ok(()));
    assert_eq!(
        (api.calls(Call::Refresh), keeper.refresh_token()),
        (2, "fake-refresh-2".to_owned())
    );
}

#[tokio::test]
async fn many_messages_at_once_spend_one_refresh_token() {
    let api = account().await;
    let keeper = Keeper::with(&api.clock, FIRST_REFRESH);
    let sender = Arc::new(sender_with(&api, keeper));
    let mut sending = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let sender = Arc::clone(&sender);
        sending.spawn(async move { sender.send(&brief(USER)).await });
    }
    assert!(sending.join_all().await.iter().all(is_sent));
    assert_eq!((api.take().len(), api.calls(Call::Refresh)), (16, 1));
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_replaced_and_the_message_sent_with_the_next() {
    let (api, _keeper, sender) = used().await;
    api.revoke();
    assert!(is_sent(&sender.send(&brief(USER)).await));
    assert_eq!((api.take().len(), api.calls(Call::Refresh)), (1, 2));
    // Some gateways say it in HTTP.
    api.fault(Call::Send, Fault::Foreign(401, "<html>unauthorized"));
    assert!(is_sent(&sender.send(&brief(USER)).await));
    assert_eq!((api.take().len(), api.calls(Call::Refresh)), (1, 3));
}

#[tokio::test]
async fn a_token_that_is_refused_again_at_once_is_for_the_operator() {
    let (api, _keeper, sender) = used().await;
    for _ in 0..2 {
        api.fault(Call::Send, Fault::Error(-216, "Access token is invalid"));
    }
    let why = reason(sender.send(&brief(USER)).await);
    assert!(why.contains("just given"), "{why}");
    assert_eq!(api.calls(Call::Refresh), 2, "refreshed once");
}

#[tokio::test]
async fn a_refused_refresh_is_told_at_once_and_stops_nobody_while_the_access_token_lives() {
    let (api, keeper, sender) = used().await;
    api.clock.set(morning(3, 2) + TimeDelta::hours(21));
    api.fault(Call::Refresh, Fault::Error(-14020, "Invalid refresh token"));
    assert!(
        is_sent(&sender.send(&brief(USER)).await),
        "it lives for four more hours"
    );
    assert_eq!(
        keeper.failure().as_deref(),
        Some("-14020 Invalid refresh token")
    );
    api.clock.set(morning(3, 2) + TimeDelta::hours(25));
    let outcome = sender.send(&brief(USER)).await;
    assert!(
        matches!(&outcome, Outcome::Retry { after: None, reason } if reason.contains("consent")),
        "{outcome:?}"
    );
    let told = sender.keep_fresh().await.unwrap_err();
    assert!(
        told.contains("consent") && !told.contains("fake-"),
        "{told}"
    );
    assert_eq!(
        (api.take().len(), api.calls(Call::Refresh)),
        (1, 2),
        "a spent token is not tried again"
    );
}

#[tokio::test]
async fn a_refresh_whose_answer_is_lost_is_an_alarm_and_is_tried_once_more_when_the_claim_has_ended()
 {
    let (api, keeper, sender) = used().await;
    api.clock.set(morning(3, 3));
    api.fault(Call::Refresh, Fault::CutAfterAccept);
    // Zalo's side has spent the token and knows the old access token no more: until the claim ends nobody tries again.
    for _ in 0..2 {
        let why = reason(sender.send(&brief(USER)).await);
        assert!(why.contains("being refreshed"), "{why}");
    }
    assert_eq!((api.calls(Call::Refresh), keeper.failure()), (2, None));
    api.clock.set(morning(3, 3) + TimeDelta::minutes(10));
    let why = reason(sender.send(&brief(USER)).await);
    assert!(why.contains("consent"), "{why}");
    assert!(keeper.failure().is_some_and(|why| why.contains("-14020")));
    assert_eq!(api.calls(Call::Refresh), 3);
}

#[tokio::test]
async fn a_refresh_that_never_reached_zalo_is_tried_again_with_the_same_token() {
    let (api, keeper, _sender) = used().await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let mut elsewhere = config(&api);
    elsewhere.oauth_url = format!("http://{free}").parse().unwrap();
    api.clock.set(morning(3, 4));
    let cut_off = dondoc::channels::zalo_oa::ZaloOaSender::new(&elsewhere, keeper.clone()).unwrap();
    let why = reason(cut_off.send(&brief(USER)).await);
    assert!(
        why.contains("cannot be refreshed") && !why.contains("127.0.0.1"),
        "{why}"
    );
    assert_eq!(keeper.failure(), None);
    assert!(is_sent(&sender_with(&api, keeper).send(&brief(USER)).await));
    assert_eq!(api.take().len(), 1);
}

#[tokio::test]
async fn an_application_that_zalo_does_not_know_costs_no_token() {
    let api = account().await;
    let keeper = Keeper::with(&api.clock, FIRST_REFRESH);
    let mut wrong = config(&api);
    wrong.app_secret = secret("another-Secret");
    let sender = dondoc::channels::zalo_oa::ZaloOaSender::new(&wrong, keeper.clone()).unwrap();
    for _ in 0..2 {
        reason(sender.send(&brief(USER)).await);
    }
    assert_eq!(
        (api.calls(Call::Refresh), keeper.failure()),
        (1, None),
        "not asked again for a while"
    );
    assert!(
        is_sent(&sender_with(&api, keeper).send(&brief(USER)).await),
        "corrected, and started again"
    );
    assert_eq!(api.take().len(), 1);
}

#[tokio::test]
async fn a_new_pair_is_stored_before_it_is_used_and_kept_until_it_can_be() {
    let (api, keeper, sender) = used().await;
    api.clock.set(morning(3, 3) + TimeDelta::hours(2));
    // The disk fills up between the claim and the answer.
    keeper.fill_after_claim();
    let why = reason(sender.send(&brief(USER)).await);
    assert!(why.contains("the disk is full"), "{why}");
    assert_eq!(
        (api.calls(Call::Refresh), keeper.refresh_token()),
        (2, "fake-refresh-1".to_owned())
    );
    reason(sender.send(&brief(USER)).await);
    assert_eq!(
        (api.take().len(), api.calls(Call::Refresh)),
        (0, 2),
        "nothing goes out with a token that is not stored"
    );
    keeper.broken.store(false, Ordering::SeqCst);
    keeper.fill.store(false, Ordering::SeqCst);
    assert!(is_sent(&sender.send(&brief(USER)).await));
    assert_eq!(
        (api.take().len(), api.calls(Call::Refresh)),
        (1, 2),
        "the pair was not lost"
    );
    assert_eq!(keeper.refresh_token(), "fake-refresh-2");
}

#[tokio::test]
async fn a_message_that_is_given_up_does_not_give_up_the_refresh_it_began() {
    let api = account().await;
    let keeper = Keeper::with(&api.clock, FIRST_REFRESH);
    let sender = sender_with(&api, keeper.clone());
    // The refresh is begun by the first poll, and the message dropped.
    assert_eq!(sender.send(&brief(USER)).now_or_never(), None);
    assert_eq!(sender.keep_fresh().await, Ok(()));
    assert_eq!(
        (api.calls(Call::Refresh), keeper.refresh_token()),
        (1, "fake-refresh-1".to_owned())
    );
}
