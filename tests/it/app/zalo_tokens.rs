//! The tokens of a Zalo Official Account in the database: for every process, over restarts, after a new consent.

use std::sync::Arc;

use chrono::TimeDelta;
use dondoc::app::zalo_tokens::StoredTokens;
use dondoc::channels::Message;
use dondoc::channels::zalo_oa::{Consent, ZaloOaConfig, ZaloOaSender, ZaloOaTimeouts};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Outcome;
use dondoc::store::{Db, tokens};
use secrecy::SecretString;

use crate::store::given::{morning, reading};
use crate::support::db::on_both_databases;
use crate::support::zalo_oa::{APP_ID, APP_SECRET, Call, FIRST_REFRESH, FakeZaloOa, OA_ID};

pub(super) const USER: &str = "186729651760683225";

async fn account() -> FakeZaloOa {
    FakeZaloOa::start(Clock::manual(morning(3, 2)), &[USER]).await
}

/// A process that was just started, with this refresh token in its configuration.
pub(super) fn process(api: &FakeZaloOa, db: &Db, seed: Option<&str>) -> ZaloOaSender {
    let url: url::Url = format!("http://{}", api.address).parse().unwrap();
    let config = ZaloOaConfig {
        api_url: url.clone(),
        oauth_url: url,
        app_id: APP_ID.into(),
        app_secret: SecretString::from(APP_SECRET.to_owned()),
        timeouts: ZaloOaTimeouts::default(),
    };
    let seed = seed.map(|seed| SecretString::from(seed.to_owned()));
    let keeper = StoredTokens::new(db.clone(), api.clock.clone(), OA_ID, seed);
    ZaloOaSender::new(&config, Arc::new(keeper)).unwrap()
}

async fn send(sender: &ZaloOaSender) -> Outcome {
    let message = Message {
        delivery_id: 1,
        to: USER.into(),
        subject: None,
        text: "II.2 còn 11 ngày".into(),
        html: None,
        message_id: String::new(),
        thread: None,
        choices: Vec::new(),
        attachments: Vec::new(),
        resent: false,
    };
    sender.send(&message).await
}

fn is_sent(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sent { .. })
}

async fn refresh_token(db: &Db) -> String {
    let mut tx = reading(db).await;
    let found = tokens::find(&mut tx, &format!("zalo_oa:{OA_ID}"))
        .await
        .unwrap()
        .unwrap();
    secrecy::ExposeSecret::expose_secret(&found.refresh).to_owned()
}

on_both_databases! {
    async fn a_restart_goes_on_with_the_pair_of_the_database_and_needs_no_seed(test: TestDb) {
        let api = account().await;
        assert!(is_sent(&send(&process(&api, &test.db, Some(FIRST_REFRESH))).await));
        assert_eq!(refresh_token(&test.db).await, "fake-refresh-1");
        // The file of the configuration still holds the spent token, or is gone.
        assert!(is_sent(&send(&process(&api, &test.db, Some(FIRST_REFRESH))).await));
        assert!(is_sent(&send(&process(&api, &test.db, None)).await));
        api.clock.set(morning(3, 3));
        assert!(is_sent(&send(&process(&api, &test.db, None)).await));
        assert_eq!((api.take().len(), api.calls(Call::Refresh)), (4, 2));
        assert_eq!(refresh_token(&test.db).await, "fake-refresh-2");
    }

    async fn two_processes_spend_one_refresh_token(test: TestDb) {
        let api = account().await;
        let other = Db::open(&test.url).await.unwrap();
        let processes = [
            Arc::new(process(&api, &test.db, Some(FIRST_REFRESH))),
            Arc::new(process(&api, &other, Some(FIRST_REFRESH))),
        ];
        for round in 1..=3 {
            api.clock.set(morning(3, 2) + TimeDelta::hours(30 * (round - 1)));
            let sending = processes.clone().map(|one| async move {
                // Whoever comes second is told to try again while the first refreshes.
                while !is_sent(&send(&one).await) {
                    tokio::task::yield_now().await;
                }
            });
            futures_util::future::join_all(sending).await;
            assert_eq!((api.take().len(), api.calls(Call::Refresh)), (2, usize::try_from(round).unwrap()));
        }
    }

    async fn a_new_consent_repairs_an_account_whose_tokens_were_lost(test: TestDb) {
        let api = account().await;
        assert!(is_sent(&send(&process(&api, &test.db, Some(FIRST_REFRESH))).await));
        let fresh = api.consent();
        api.clock.set(morning(3, 4));
        let running = process(&api, &test.db, Some(FIRST_REFRESH));
        for _ in 0..2 {
            assert!(!is_sent(&send(&running).await));
        }
        let health = tokens::list_health(&mut reading(&test.db).await).await.unwrap();
        let (since, why) = health[0].failure.clone().unwrap();
        assert_eq!((since, why.contains("-14020")), (morning(3, 4), true), "{why}");
        assert_eq!(api.calls(Call::Refresh), 2, "asked once");

        assert!(!is_sent(&send(&process(&api, &test.db, Some(FIRST_REFRESH))).await));
        assert_eq!(api.calls(Call::Refresh), 3, "a restart asks once more");

        assert!(is_sent(&send(&process(&api, &test.db, Some(&fresh))).await));
        assert_eq!(tokens::list_health(&mut reading(&test.db).await).await.unwrap()[0].failure, None);
        assert_eq!(api.take().len(), 2);
    }

    async fn a_new_consent_is_taken_by_a_process_that_runs(test: TestDb) {
        let api = account().await;
        let running = process(&api, &test.db, Some("fake-refresh-that-was-spent"));
        assert!(!is_sent(&send(&running).await));
        let give = |oa_id: &str, refresh: &str| running.give(Consent {
            oa_id: oa_id.to_owned(),
            refresh: SecretString::from(refresh.to_owned()),
        });
        give("1", FIRST_REFRESH);
        assert!(!is_sent(&send(&running).await), "that of another account is none");
        give(OA_ID, FIRST_REFRESH);
        assert!(is_sent(&send(&running).await));
        assert_eq!(refresh_token(&test.db).await, "fake-refresh-1");

        // Given while the pair lives it waits, and takes its place when that fails.
        let fresh = api.consent();
        give(OA_ID, &fresh);
        assert!(is_sent(&send(&running).await));
        api.clock.set(morning(3, 4));
        assert!(!is_sent(&send(&running).await), "the old pair is refused");
        assert!(is_sent(&send(&running).await));
        assert_eq!(tokens::list_health(&mut reading(&test.db).await).await.unwrap()[0].failure, None);
        assert_eq!(api.take().len(), 3);
    }

    async fn without_any_token_the_operator_is_told(test: TestDb) {
        let api = account().await;
        let outcome = send(&process(&api, &test.db, None)).await;
        assert!(
            matches!(&outcome, Outcome::Retry { after: None, reason } if reason.contains("none was ever given")),
            "{outcome:?}"
        );
        assert_eq!(api.calls(Call::Refresh), 0);
    }
}
