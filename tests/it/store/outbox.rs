//! Claiming: one claimer for each row, and a lease that ends when its holder dies.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use dondoc::domain::delivery::Channel;
use dondoc::store::deliveries::{self, DeliveryState, Filter};
use dondoc::store::outbox::{self, Claim, Claimed, Overtaken, Wanted};
use dondoc::store::{Db, attempts};

use super::given::{message, minutes, morning, province, reading, start};
use crate::support::db::on_both_databases;

/// Queues so many messages to `snv.officer`.
async fn queued(db: &Db, count: usize) {
    province(db, 0).await;
    let messages: Vec<_> = (0..count)
        .map(|n| message("snv.officer", None, &format!("m{n}")))
        .collect();
    let mut tx = db.begin().await.unwrap();
    deliveries::insert(&mut tx, &messages, morning(3, 2))
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn claim(db: &Db, owner: &str, now: DateTime<Utc>, limit: u32) -> Vec<Claimed> {
    let claim = Claim {
        except: &[],
        overtaken: Overtaken::default(),
        owner,
        channel: Channel::Email,
        wanted: Wanted::All,
        now,
        until: now + minutes(5),
        limit,
    };
    let mut tx = db.begin().await.unwrap();
    let claimed = outbox::claim(&mut tx, &claim).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

on_both_databases! {
    async fn a_message_is_claimed_as_it_was_queued_and_not_before_its_time(test: TestDb) {
        queued(&test.db, 1).await;
        assert_eq!(claim(&test.db, "a", morning(3, 2) - minutes(1), 10).await, []);
        let claimed = claim(&test.db, "a", morning(3, 2), 10).await;
        assert_eq!(claimed.len(), 1);
        let delivery = &claimed[0].delivery;
        assert_eq!(delivery.message, message("snv.officer", None, "m0").message);
        assert_eq!((delivery.state, delivery.attempts), (DeliveryState::Leased, 0));
        assert_eq!((delivery.lease_owner.as_deref(), delivery.claimable_at), (Some("a"), morning(3, 2) + minutes(5)));
        assert_eq!((delivery.created_at, delivery.sent_at), (morning(3, 2), None));
        assert!(!claimed[0].may_have_arrived);
        assert_eq!(claim(&test.db, "b", morning(3, 2), 10).await, []);
        assert_eq!(deliveries::find(&mut reading(&test.db).await, delivery.id).await.unwrap().as_ref(), Some(delivery));
    }

    async fn a_channel_is_due_when_a_claim_would_find_something_on_it(test: TestDb) {
        queued(&test.db, 2).await;
        let due = async |wanted, now| {
            let channels = [Channel::Telegram, Channel::Email];
            let mut tx = reading(&test.db).await;
            outbox::find_due(&mut tx, &channels, wanted, Overtaken::default(), now).await.unwrap()
        };
        let at = morning(3, 2);
        assert_eq!(due(Wanted::All, at - minutes(1)).await, []);
        assert_eq!(due(Wanted::All, at).await, [Channel::Email]);
        assert_eq!(due(Wanted::Answers, at).await, [Channel::Email]);
        assert_eq!(due(Wanted::Unasked, at).await, []);
        assert_eq!(claim(&test.db, "a", at, 2).await.len(), 2);
        assert_eq!(due(Wanted::All, at + minutes(4)).await, []);
        assert_eq!(due(Wanted::All, at + minutes(5)).await, [Channel::Email]);
        assert_eq!(outbox::find_due(&mut reading(&test.db).await, &[], Wanted::All, Overtaken::default(), at).await.unwrap(), []);
    }

    async fn another_channel_is_left_alone(test: TestDb) {
        queued(&test.db, 1).await;
        let telegram = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Telegram, wanted: Wanted::All, now: morning(3, 2), until: morning(3, 3), limit: 10 };
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(outbox::claim(&mut tx, &telegram).await.unwrap(), []);
    }

    async fn claimers_at_once_never_get_the_same_message(test: TestDb) {
        queued(&test.db, 300).await;
        let mut claimers = tokio::task::JoinSet::new();
        for number in 0..6 {
            let db = Db::open(&test.url).await.unwrap();
            claimers.spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let batch = claim(&db, &format!("claimer {number}"), morning(3, 2), 7).await;
                    if batch.is_empty() {
                        return mine;
                    }
                    mine.extend(batch.into_iter().map(|claimed| claimed.delivery.id));
                }
            });
        }
        let claimed: Vec<_> = claimers.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 300);
        assert_eq!(claimed.into_iter().collect::<HashSet<_>>().len(), 300);
    }

    async fn a_claimer_passes_over_rows_that_another_is_just_taking(test: TestDb) {
        queued(&test.db, 2).await;
        if matches!(test.db, Db::Sqlite(_)) {
            return; // one writer at a time: the second claimer waits for the first
        }
        let first = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now: morning(3, 2), until: morning(3, 3), limit: 1 };
        let mut held = test.db.begin().await.unwrap();
        let a = outbox::claim(&mut held, &first).await.unwrap();
        let waiting = std::time::Duration::from_secs(20);
        let b = tokio::time::timeout(waiting, claim(&test.db, "b", morning(3, 2), 10)).await.expect("b must not wait for a");
        held.commit().await.unwrap();
        assert_eq!((a.len(), b.len()), (1, 1));
        assert_ne!(a[0].delivery.id, b[0].delivery.id);
    }

    async fn what_a_dead_process_held_is_claimed_again_and_marked_if_it_may_have_arrived(test: TestDb) {
        queued(&test.db, 2).await;
        let now = morning(3, 2);
        let held = claim(&test.db, "dead", now, 10).await;
        let begun = held[1].delivery.id;
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(start(&mut tx, begun, "dead", now).await, Some(1));
        tx.commit().await.unwrap();
        assert_eq!(claim(&test.db, "heir", now + minutes(4), 10).await, []);
        let later = now + minutes(5);
        let inherited = claim(&test.db, "heir", later, 10).await;
        let marked: Vec<_> = inherited.iter().map(|one| (one.delivery.id, one.may_have_arrived)).collect();
        assert_eq!(marked, [(held[0].delivery.id, false), (begun, true)]);
        let mut tx = test.db.begin().await.unwrap();
        let tried = attempts::list(&mut tx, begun).await.unwrap();
        assert_eq!((tried[0].outcome.as_deref(), tried[0].finished_at), (Some("unknown"), Some(later)));
        assert_eq!(start(&mut tx, begun, "dead", later).await, None);
        assert_eq!(start(&mut tx, begun, "heir", later).await, Some(2));
    }

    async fn releasing_gives_back_what_was_not_begun(test: TestDb) {
        queued(&test.db, 3).await;
        let now = morning(3, 2);
        let held = claim(&test.db, "a", now, 2).await;
        claim(&test.db, "b", now, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        start(&mut tx, held[0].delivery.id, "a", now).await;
        assert_eq!(outbox::release(&mut tx, "a", now).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let again = claim(&test.db, "c", now, 10).await;
        assert_eq!(again.iter().map(|one| one.delivery.id).collect::<Vec<_>>(), [held[1].delivery.id]);
    }

    async fn only_its_holder_cancels_or_rewrites_what_is_being_sent(test: TestDb) {
        queued(&test.db, 2).await;
        let id = claim(&test.db, "a", morning(3, 2), 1).await[0].delivery.id;
        let mut tx = test.db.begin().await.unwrap();
        assert!(!outbox::rewrite(&mut tx, id, "b", "s", "t", None).await.unwrap());
        assert!(outbox::rewrite(&mut tx, id, "a", "s", "t", None).await.unwrap());
        let message = deliveries::find(&mut tx, id).await.unwrap().unwrap().message;
        assert_eq!((message.subject.as_str(), message.body.as_str(), message.body_html), ("s", "t", None));
        assert!(!outbox::cancel(&mut tx, id, None, "by hand").await.unwrap());
        assert!(!outbox::cancel(&mut tx, id, Some("b"), "nothing left").await.unwrap());
        assert!(outbox::cancel(&mut tx, id, Some("a"), "nothing left").await.unwrap());
        let cancelled = deliveries::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((cancelled.state, cancelled.reason.as_deref()), (DeliveryState::Cancelled, Some("nothing left")));
        let waiting = Filter { state: Some(DeliveryState::Queued), ..Filter::default() };
        let waiting = deliveries::list(&mut tx, &waiting, 10).await.unwrap();
        assert!(outbox::cancel(&mut tx, waiting[0].id, None, "by hand").await.unwrap());
    }

    async fn what_is_postponed_by_its_holder_waits_for_its_time(test: TestDb) {
        queued(&test.db, 1).await;
        let now = morning(3, 2);
        let id = claim(&test.db, "a", now, 1).await[0].delivery.id;
        let mut tx = test.db.begin().await.unwrap();
        assert!(!outbox::postpone(&mut tx, id, "b", now + minutes(9)).await.unwrap());
        assert!(outbox::postpone(&mut tx, id, "a", now + minutes(9)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(claim(&test.db, "a", now + minutes(8), 1).await, []);
        assert_eq!(claim(&test.db, "a", now + minutes(9), 1).await.len(), 1);
    }

    async fn leases_that_are_over_are_ended_and_others_are_not(test: TestDb) {
        queued(&test.db, 3).await;
        let now = morning(3, 2);
        let dead = claim(&test.db, "dead", now, 2).await;
        claim(&test.db, "alive", now + minutes(4), 1).await;
        let begun = dead[0].delivery.id;
        let mut tx = test.db.begin().await.unwrap();
        start(&mut tx, begun, "dead", now).await;
        assert_eq!(outbox::expire(&mut tx, now + minutes(5)).await.unwrap(), 2);
        assert_eq!(attempts::list(&mut tx, begun).await.unwrap()[0].outcome.as_deref(), Some("unknown"));
        let held = Filter { state: Some(DeliveryState::Leased), ..Filter::default() };
        let held = deliveries::list(&mut tx, &held, 10).await.unwrap();
        assert_eq!(held.iter().map(|one| one.lease_owner.as_deref()).collect::<Vec<_>>(), [Some("alive")]);
    }

    async fn whoever_takes_a_channel_over_finds_queued_what_was_held_on_it_and_nothing_else(test: TestDb) {
        queued(&test.db, 3).await;
        let now = morning(3, 2);
        let held = claim(&test.db, "dead", now, 2).await;
        let begun = held[0].delivery.id;
        let mut tx = test.db.begin().await.unwrap();
        start(&mut tx, begun, "dead", now).await;
        assert_eq!(outbox::inherit(&mut tx, Channel::Telegram, now).await.unwrap(), 0);
        assert_eq!(outbox::inherit(&mut tx, Channel::Email, now).await.unwrap(), 2);
        assert_eq!(attempts::list(&mut tx, begun).await.unwrap()[0].outcome.as_deref(), Some("unknown"));
        assert_eq!(start(&mut tx, held[1].delivery.id, "dead", now).await, None);
        tx.commit().await.unwrap();
        let heir = claim(&test.db, "heir", now, 10).await;
        let marked = heir.iter().filter(|one| one.may_have_arrived).map(|one| one.delivery.id);
        assert_eq!((heir.len(), marked.collect::<Vec<_>>()), (3, vec![begun]));
    }
}
