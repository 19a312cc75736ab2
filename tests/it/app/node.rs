//! Several nodes on one database: who does what, and when the next one does it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::app::node::{Duty, Node};
use dondoc::clock::Clock;
use dondoc::domain::delivery::Channel;
use dondoc::store::Db;

use crate::support::db::on_both_databases;

fn clock() -> Clock {
    Clock::manual(DateTime::<Utc>::UNIX_EPOCH)
}

fn pass(clock: &Clock, seconds: i64) {
    clock.set(clock.now() + TimeDelta::seconds(seconds));
}

fn node(db: &Db, clock: &Clock, name: &str) -> Node {
    Node::new(db.clone(), clock.clone(), name.to_owned())
}

on_both_databases! {
    async fn a_duty_is_one_nodes_until_it_gives_it_back_and_others_are_anybodys(test: TestDb) {
        let clock = clock();
        let (a, b, c) = (node(&test.db, &clock, "a"), node(&test.db, &clock, "b"), node(&test.db, &clock, "c"));
        let lease = a.hold(&Duty::Day).await.unwrap().unwrap();
        assert!(a.hold(&Duty::Day).await.unwrap().is_some() && a.holds(&Duty::Day));
        assert!(b.hold(&Duty::Day).await.unwrap().is_none());
        assert!(b.hold(&Duty::Desk).await.unwrap().is_some());
        a.give_back(&Duty::Day, Duration::ZERO).await;
        assert!(lease.is_over() && !a.holds(&Duty::Day));
        assert!(c.hold(&Duty::Day).await.unwrap().is_some());
    }

    async fn a_channel_that_is_given_back_rests_so_that_its_limits_hold_for_both(test: TestDb) {
        let clock = clock();
        let (a, b, c) = (node(&test.db, &clock, "a"), node(&test.db, &clock, "b"), node(&test.db, &clock, "c"));
        let telegram = Duty::Send(Channel::Telegram);
        assert!(a.hold(&telegram).await.unwrap().is_some());
        a.give_back(&telegram, Duration::from_secs(3)).await;
        assert!(b.hold(&telegram).await.unwrap().is_none());
        pass(&clock, 3);
        assert!(c.hold(&telegram).await.unwrap().is_some());
    }

    async fn what_a_clock_that_ran_ahead_has_given_back_rests_no_longer_than_it_was_to(test: TestDb) {
        let (ahead, clock) = (clock(), clock());
        pass(&ahead, 3600);
        let (a, b) = (node(&test.db, &ahead, "a"), node(&test.db, &clock, "b"));
        let telegram = Duty::Send(Channel::Telegram);
        assert!(a.hold(&telegram).await.unwrap().is_some());
        a.give_back(&telegram, Duration::from_secs(3)).await;
        let began = tokio::time::Instant::now();
        while b.hold(&telegram).await.unwrap().is_none() {
            assert!(began.elapsed() < Duration::from_secs(20), "nobody ever sends again");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(began.elapsed() >= Duration::from_secs(3), "the limits of the channel hold");
    }

    async fn a_node_that_renews_keeps_its_duties_and_one_that_does_not_is_replaced_in_time(test: TestDb) {
        let clock = clock();
        let names = ["a", "b", "c", "d"];
        let [a, b, c, d] = names.map(|name| node(&test.db, &clock, name));
        let day = a.hold(&Duty::Day).await.unwrap().unwrap();
        pass(&clock, 24);
        a.renew().await.unwrap();
        pass(&clock, 24);
        assert!(b.hold(&Duty::Day).await.unwrap().is_none());
        pass(&clock, 1);
        assert!(c.hold(&Duty::Day).await.unwrap().is_some());
        assert!(!day.is_over(), "it does not know yet");
        a.renew().await.unwrap();
        assert!(day.is_over() && !a.holds(&Duty::Day));
        // One that was late, and whom nobody has replaced, goes on.
        pass(&clock, 60);
        c.renew().await.unwrap();
        assert!(c.holds(&Duty::Day));
        assert!(d.hold(&Duty::Day).await.unwrap().is_none());
    }

    async fn a_node_that_retires_holds_nothing_asks_for_nothing_and_leaves_the_database_alone(test: TestDb) {
        let clock = clock();
        let (a, b) = (node(&test.db, &clock, "a"), node(&test.db, &clock, "b"));
        let lease = a.hold(&Duty::Desk).await.unwrap().unwrap();
        a.retire();
        assert!(lease.is_over());
        assert!(a.hold(&Duty::Desk).await.unwrap().is_none() && a.hold(&Duty::Day).await.unwrap().is_none());
        assert!(b.hold(&Duty::Desk).await.unwrap().is_none());
    }

    async fn two_parts_of_a_node_that_ask_at_once_have_one_lease(test: TestDb) {
        let a = node(&test.db, &clock(), "a");
        let (one, other) = tokio::join!(a.hold(&Duty::Desk), a.hold(&Duty::Desk));
        assert!(!one.unwrap().unwrap().is_over() && !other.unwrap().unwrap().is_over());
    }
}
