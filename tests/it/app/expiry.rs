//! An installation that keeps words for a time only: what is older loses them, and the chain of the ledger holds.

use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};
use dondoc::app::deliver::Halt;
use dondoc::app::expire::{Expired, expire};
use dondoc::app::verify::verify;
use dondoc::clock::instant;
use dondoc::config::Privacy;
use dondoc::domain::chain::walk::Noted;

use super::export::spring;
use super::privacy::{dump, places_of, reported};
use super::stage::{Stage, loaded};
use crate::support::db::{on_both_databases, rows};

/// What the officer wrote on 15/1/2020: understood, and not.
const WORDS: [&str; 2] = ["IV.1.b xong, KH 12/KH-STP", "=1+1"];

fn at(time: &str) -> DateTime<Utc> {
    instant(time.parse::<NaiveDateTime>().unwrap())
}

/// How many messages of that month and later still have words, and how many of before.
async fn worded(stage: &Stage, month: &str) -> (usize, usize) {
    let bodies: Vec<(DateTime<Utc>,)> = rows(
        &stage.daemon.deliverer.db,
        "SELECT created_at FROM deliveries JOIN bodies ON delivery = id WHERE body <> '' AND address <> 'erased'",
    )
    .await;
    let since = at(&format!("{month}-01T00:00:00"));
    let later = bodies.iter().filter(|(created,)| *created >= since).count();
    (later, bodies.len() - later)
}

async fn round_at(stage: &Stage, time: &str) {
    stage.set_time(time);
    stage.daemon.round(&Halt::never()).await.unwrap();
}

on_both_databases! {
    async fn what_is_older_loses_its_words_and_what_was_done_stays(test: TestDb) {
        let stage = spring(test).await;
        let db = &stage.daemon.deliverer.db;
        let head = verify(db, None, None).await.unwrap()[0].head;
        let (before, worded_before) = (reported(db).await, worded(&stage, "2020-02").await);
        assert!(worded_before.0 > 0 && worded_before.1 > 0, "{worded_before:?}");
        let everything = dump(db).await;
        assert!(WORDS.iter().all(|words| everything.contains(words)), "{everything}");

        let (old, now) = (at("2020-02-01T00:00:00"), at("2020-04-20T20:00:00"));
        let expired = expire(db, old, now, || ()).await.unwrap();
        assert!(expired.messages > 0 && expired.received > 0 && expired.lines > 0, "{expired:?}");

        let everything = dump(db).await;
        for words in WORDS {
            assert!(!everything.contains(words), "{words} in {everything}");
            assert!(!places_of(words, &stage.test.url).contains(&"-wal"), "{words}");
        }
        assert_eq!(worded(&stage, "2020-02").await, (worded_before.0, 0));
        assert_eq!(reported(db).await, before);
        let noted = Noted { hash: head.hash, count: Some(head.count) };
        let found = &verify(db, None, Some(noted)).await.unwrap()[0];
        let lines = u64::try_from(expired.lines).unwrap();
        assert_eq!((found.broken.clone(), found.is_noted_met, found.erased), (None, true, lines));
        assert_eq!(found.head.count, head.count + 1);

        let again = expire(db, old, now, || ()).await.unwrap();
        assert_eq!(again, Expired::default());
        assert_eq!(verify(db, None, None).await.unwrap()[0].head.count, head.count + 1);
    }

    async fn the_daemon_erases_old_words_in_the_evening_and_only_if_it_is_told_to(test: TestDb) {
        let stage = spring(test).await;
        let before = worded(&stage, "2020-02").await;
        round_at(&stage, "2021-02-10T20:00:00").await;
        assert_eq!(worded(&stage, "2020-02").await, before, "words are kept for ever");

        let mut told = loaded();
        let setup = Arc::get_mut(&mut told.setup).unwrap();
        setup.privacy = Privacy { keep_words_days: Some(375) };
        let stage = stage.on(told);
        round_at(&stage, "2021-02-10T06:00:00").await;
        assert_eq!(worded(&stage, "2020-02").await, before, "not in the morning");
        round_at(&stage, "2021-02-10T20:00:00").await;
        assert_eq!(worded(&stage, "2020-02").await, (before.0, 0));
        // What was written on 10/2/2020 is 375 days old on 19/2/2021.
        round_at(&stage, "2021-02-18T20:00:00").await;
        assert_eq!(worded(&stage, "2020-02").await, (before.0, 0));
        round_at(&stage, "2021-02-20T20:00:00").await;
        assert!(worded(&stage, "2020-02").await.0 < before.0);
        assert_eq!(verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0].broken, None);
    }
}
