//! Plans, the ledger, named leases and watermarks.

use chrono::{DateTime, TimeDelta, Utc};
use dondoc::store::events::{self, Actor};
use dondoc::store::leases::{self, Asked};
use dondoc::store::plans::{self, Loading};
use dondoc::store::{Tx, watermarks};

use super::given::{day, event, loaded_plan, minutes, morning, plan_id, province, reading};
use crate::support::db::on_both_databases;

/// Asks for a lease of a minute.
async fn asked(tx: &mut Tx, name: &str, owner: &str, now: DateTime<Utc>) -> Asked {
    let minute = TimeDelta::minutes(1);
    leases::acquire(tx, name, owner, now, minute, None)
        .await
        .unwrap()
}

on_both_databases! {
    async fn a_plan_is_new_then_unchanged_then_changed(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap(), Loading::New);
        assert_eq!(plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap(), Loading::Unchanged);
        let changed = Loading::Changed { before: "a".to_owned() };
        assert_eq!(plans::upsert(&mut tx, &loaded_plan("b")).await.unwrap(), changed);
        assert_eq!(plans::find(&mut tx, &plan_id()).await.unwrap(), Some(loaded_plan("b")));
        assert_eq!(plans::find(&mut tx, &"hue-2020".into()).await.unwrap(), None);
        assert_eq!(plans::list(&mut tx).await.unwrap(), [loaded_plan("b")]);
    }

    async fn the_ledger_gives_back_what_was_written_in_order(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let mut second = event("extension", Some(id));
        second.at = morning(3, 3);
        second.actor = Actor::Contact("snv.officer".into());
        second.source = Some("telegram:17".to_owned());
        let about_the_plan = event("reloaded", None);
        let written = [event("done", Some(id)), second.clone(), about_the_plan.clone()];
        let mut tx = test.db.begin().await.unwrap();
        events::append(&mut tx, &written).await.unwrap();
        let of_obligation = events::list_of_obligation(&mut tx, id).await.unwrap();
        let entries: Vec<_> = of_obligation.into_iter().map(|event| event.entry).collect();
        assert_eq!(entries, [written[0].clone(), second.clone()]);
        let mut of_plan = Vec::new();
        events::each_of_plan(&mut tx, &plan_id(), |line| of_plan.push(line))
            .await
            .unwrap();
        let told = of_plan.iter().map(|line| (line.at, line.kind.as_str(), line.obligation, line.payload.clone()));
        // By the chain: the clock ran back before the last of them.
        let expected = [&written[0], &second, &about_the_plan]
            .map(|event| (event.at, event.kind.as_str(), event.obligation, event.payload.to_string()));
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    async fn a_ledger_longer_than_what_is_read_at_once_is_read_whole_and_in_order(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        for count in [250_u32, 1, 350] {
            let mut tx = test.db.begin().await.unwrap();
            let lines: Vec<_> = (0..count).map(|_| event("progress", Some(id))).collect();
            events::append(&mut tx, &lines).await.unwrap();
            tx.commit().await.unwrap();
            let expected = events::list_of_obligation(&mut reading(&test.db).await, id).await.unwrap();
            let expected: Vec<i64> = expected.iter().map(|line| line.id).collect();
            let mut read = Vec::new();
            events::each_of_plan(&mut reading(&test.db).await, &plan_id(), |line| read.push(line.id))
                .await
                .unwrap();
            assert_eq!(read, expected, "{count} more");
        }
    }

    async fn a_lease_has_one_holder_until_it_ends(test: TestDb) {
        let now = morning(3, 2);
        let (soon, minute) = (now + minutes(1), minutes(1));
        let mut tx = test.db.begin().await.unwrap();
        assert!(asked(&mut tx, "bot", "a", now).await.is_ours());
        assert!(asked(&mut tx, "bot", "a", now).await.is_ours());
        assert!(!asked(&mut tx, "bot", "b", now).await.is_ours());
        assert!(leases::is_held(&mut tx, "bot", "a").await.unwrap());
        assert!(!leases::is_held(&mut tx, "bot", "b").await.unwrap());
        // it ended, and somebody else takes over
        assert!(asked(&mut tx, "bot", "b", soon).await.is_ours());
        assert!(!leases::is_held(&mut tx, "bot", "a").await.unwrap());
        assert!(!leases::end(&mut tx, "bot", "a", soon, minute).await.unwrap());
        // given back, and left alone for a minute
        assert!(leases::end(&mut tx, "bot", "b", soon, minute).await.unwrap());
        assert!(!asked(&mut tx, "bot", "a", soon).await.is_ours());
        assert!(asked(&mut tx, "bot", "a", soon + minute).await.is_ours());
    }

    async fn a_lease_of_a_clock_that_ran_ahead_is_taken_by_who_has_seen_it_stand_still(test: TestDb) {
        let (now, minute) = (morning(3, 2), minutes(1));
        let mut tx = test.db.begin().await.unwrap();
        assert!(asked(&mut tx, "bot", "a", now + minutes(60)).await.is_ours());
        let Asked::Theirs(seen) = asked(&mut tx, "bot", "b", now + minutes(2)).await else {
            panic!("it has not ended");
        };
        assert_eq!((seen.held_until, seen.lasts()), (now + minutes(61), minute));
        // Its holder lives after all.
        leases::renew_all(&mut tx, "a", now + minutes(62)).await.unwrap();
        let again = leases::acquire(&mut tx, "bot", "b", now, minute, Some(seen.held_until)).await.unwrap();
        let Asked::Theirs(seen) = again else {
            panic!("it was renewed meanwhile");
        };
        assert!(leases::acquire(&mut tx, "bot", "b", now, minute, Some(seen.held_until)).await.unwrap().is_ours());
        assert!(leases::renew_all(&mut tx, "a", now + minutes(63)).await.unwrap().is_empty());
    }

    async fn a_holder_renews_all_its_leases_at_once_and_learns_which_were_taken_from_it(test: TestDb) {
        let now = morning(3, 2);
        let (soon, later) = (now + minutes(1), now + minutes(5));
        let mut tx = test.db.begin().await.unwrap();
        for name in ["bot", "desk", "mail"] {
            assert!(asked(&mut tx, name, "a", now).await.is_ours());
        }
        assert!(asked(&mut tx, "mail", "b", soon).await.is_ours());
        // the two that ended too, and that nobody took, are still its own
        let mut ours = leases::renew_all(&mut tx, "a", later).await.unwrap();
        ours.sort();
        assert_eq!(ours, ["bot", "desk"]);
        assert!(!asked(&mut tx, "bot", "b", soon).await.is_ours());
        assert_eq!(leases::renew_all(&mut tx, "b", later).await.unwrap(), ["mail"]);
    }

    async fn the_last_planned_day_never_goes_back(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(watermarks::last_planned_day(&mut tx).await.unwrap(), None);
        for planned in [day(3, 2), day(3, 4), day(3, 3)] {
            watermarks::mark_planned(&mut tx, planned, morning(3, 2)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = reading(&test.db).await;
        assert_eq!(watermarks::last_planned_day(&mut tx).await.unwrap(), Some(day(3, 4)));
    }
}
