//! A clock that ran ahead and was set right: nobody loses a reminder over it, and nobody gets two briefs of one day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dondoc::app::replan::{Replanned, TakenBack, replan};
use dondoc::app::verify::{Verified, verify};
use dondoc::channels::Message;

use super::stage::{Stage, day};
use crate::support::db::{TestDb, on_both_databases, rows, sqlite};

/// The working days of a week and a Monday, with the digests of both Mondays.
const DAYS: [&str; 6] = [
    "2020-03-16",
    "2020-03-17",
    "2020-03-18",
    "2020-03-19",
    "2020-03-20",
    "2020-03-23",
];

/// What each person got on a day: subject and words.
type Told = BTreeMap<String, Vec<(Option<String>, String)>>;

fn told(messages: Vec<Message>) -> Told {
    let mut told = Told::new();
    for message in messages {
        let words = (message.subject, message.text);
        told.entry(message.to).or_default().push(words);
    }
    told
}

impl Stage {
    /// Everything that leaves on a day.
    async fn day_of(&self, on: &str) -> Told {
        let mut messages = self.round_at(&format!("{on}T07:30:00")).await;
        messages.extend(self.round_at(&format!("{on}T09:00:00")).await);
        messages.extend(self.chat.take());
        told(messages)
    }

    async fn replan(&self, is_dry: bool) -> Option<Replanned> {
        let deliverer = &self.daemon.deliverer;
        let now = deliverer.clock.now();
        replan(&deliverer.db, &deliverer.setup, now, is_dry)
            .await
            .unwrap()
    }
}

/// What people are told from the Tuesday on where every clock is right.
async fn undisturbed() -> BTreeMap<&'static str, Told> {
    let stage = Stage::at(sqlite().await, "2020-03-16T07:00:00").await;
    let mut all = BTreeMap::new();
    for on in DAYS {
        all.insert(on, stage.day_of(on).await);
    }
    all
}

async fn days_of_briefs(test: &TestDb) -> Vec<NaiveDate> {
    let days: Vec<(NaiveDate,)> =
        rows(&test.db, "SELECT DISTINCT day FROM briefs ORDER BY day").await;
    days.into_iter().map(|(day,)| day).collect()
}

on_both_databases! {
    async fn after_it_everybody_is_told_as_if_it_had_never_run_ahead(test: TestDb) {
        let expected = undisturbed().await;
        assert!(DAYS.iter().filter(|on| !expected[**on].is_empty()).count() >= 4, "{expected:?}");
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        assert_eq!(stage.day_of("2020-03-16").await, expected["2020-03-16"]);
        // A week ahead, and what is planned there leaves, the digests too.
        assert!(!stage.day_of("2020-03-23").await.is_empty());
        assert!(stage.day_of("2020-03-17").await.is_empty(), "nothing is planned");
        let replanned = stage.replan(false).await.unwrap();
        assert_eq!((replanned.was, replanned.planned), (day("2020-03-23"), Some(day("2020-03-16"))));
        let TakenBack { briefs, left, cancelled, hastened, entries } = replanned.taken;
        assert!(briefs > 0 && left > briefs && (cancelled, hastened, entries) == (0, 0, 0), "{replanned:?}");
        for on in &DAYS[1..] {
            assert_eq!(stage.day_of(on).await, expected[on], "{on}");
        }
        assert_eq!(stage.replan(false).await, None, "once");
        let deliverer = &stage.daemon.deliverer;
        let found = verify(&deliverer.db, None, None).await.unwrap();
        assert!(found.iter().all(Verified::holds), "{found:?}");
    }

    async fn what_has_not_left_is_cancelled_and_a_dry_run_keeps_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:00:00").await;
        stage.day_of("2020-03-16").await;
        stage.set_time("2020-03-23T07:30:00");
        let planned = stage.plan("2020-03-23").await;
        stage.set_time("2020-03-17T07:30:00");
        let dry = stage.replan(true).await.unwrap();
        assert_eq!(days_of_briefs(&stage.test).await, [day("2020-03-16"), day("2020-03-23")]);
        let done = stage.replan(false).await.unwrap();
        assert_eq!(dry, done);
        assert_eq!((done.taken.left, done.taken.cancelled), (0, u64::try_from(planned.briefs).unwrap()));
        assert_eq!(days_of_briefs(&stage.test).await, [day("2020-03-16")]);
        let why: Vec<(String, i64)> = rows(&stage.test.db,
            "SELECT reason, count(*) FROM deliveries WHERE state = 'cancelled' GROUP BY reason").await;
        assert_eq!(why, [("planned by a clock that ran ahead; its day is planned anew".to_owned(),
            i64::try_from(planned.briefs).unwrap())]);
        assert_eq!(stage.deliver().await.sent, 0, "nothing of it leaves");
    }

    async fn a_first_start_by_a_wrong_clock_leaves_nothing_planned(test: TestDb) {
        let stage = Stage::at(test, "2020-03-23T07:30:00").await;
        stage.plan("2020-03-23").await;
        stage.set_time("2020-03-16T07:30:00");
        let replanned = stage.replan(false).await.unwrap();
        assert_eq!(replanned.planned, None);
        assert_eq!(days_of_briefs(&stage.test).await, []);
        assert!(!stage.day_of("2020-03-16").await.is_empty());
    }
}
