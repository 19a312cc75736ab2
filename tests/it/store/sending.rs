//! Attempts and their outcomes: what becomes of a delivery, and what was ever tried.

use chrono::{DateTime, Utc};
use dondoc::domain::delivery::{Channel, Outcome};
use dondoc::domain::obligation::State;
use dondoc::store::attempts::{self, Finish};
use dondoc::store::deliveries::{self, Delivery, DeliveryId, DeliveryState, Filter};
use dondoc::store::obligations::{self, StateChange};
use dondoc::store::outbox::Tally;
use dondoc::store::outbox::{self, Claim, Overtaken, Wanted};
use dondoc::store::{Db, Tx, addresses, briefs, contacts};

use super::given::{brief, day, event, message, minutes, morning, province, reading, start};
use crate::support::db::on_both_databases;

/// One message, claimed by `a` with its first attempt begun.
async fn begun(db: &Db) -> DeliveryId {
    province(db, 0).await;
    let mut tx = db.begin().await.unwrap();
    deliveries::insert(
        &mut tx,
        &[message("snv.officer", None, "m1")],
        morning(3, 2),
    )
    .await
    .unwrap();
    let id = begin(&mut tx, "a", morning(3, 2)).await;
    tx.commit().await.unwrap();
    id
}

/// Of one message by mail.
fn claim() -> Claim<'static> {
    Claim {
        except: &[],
        overtaken: Overtaken::default(),
        owner: "a",
        channel: Channel::Email,
        wanted: Wanted::All,
        now: morning(3, 2),
        until: morning(3, 2) + minutes(5),
        limit: 1,
    }
}

async fn begin(tx: &mut Tx, owner: &str, now: DateTime<Utc>) -> DeliveryId {
    let claim = Claim {
        owner,
        now,
        until: now + minutes(5),
        ..claim()
    };
    let id = outbox::claim(tx, &claim).await.unwrap()[0].delivery.id;
    start(tx, id, owner, now).await.unwrap();
    id
}

async fn find(tx: &mut Tx, id: DeliveryId) -> Delivery {
    deliveries::find(tx, id).await.unwrap().unwrap()
}

fn sent() -> Outcome {
    Outcome::Sent {
        provider_id: "250 ok 17".to_owned(),
    }
}

fn reason() -> String {
    "because".to_owned()
}

on_both_databases! {
    async fn each_outcome_moves_the_delivery_where_it_belongs(test: TestDb) {
        let again = Some(morning(3, 2) + minutes(10));
        for (outcome, next, expected) in [
            (sent(), None, DeliveryState::Sent),
            (Outcome::Retry { after: None, reason: reason() }, again, DeliveryState::Queued),
            (Outcome::Retry { after: None, reason: reason() }, None, DeliveryState::Failed),
            (Outcome::Rejected { reason: reason() }, again, DeliveryState::Failed),
            (Outcome::Closed { reason: reason() }, again, DeliveryState::Failed),
            (Outcome::Unknown { reason: reason() }, again, DeliveryState::Queued),
            (Outcome::Unknown { reason: reason() }, None, DeliveryState::Unknown),
        ] {
            let test_db = &test.db;
            let id = if let Some(known) = deliveries::list(&mut reading(test_db).await, &Filter::default(), 1).await.unwrap().first() {
                let mut tx = test_db.begin().await.unwrap();
                let fresh = message("snv.officer", None, &format!("m{}", known.id.0 + 1));
                outbox::cancel(&mut tx, known.id, None, "for the next case").await.unwrap();
                deliveries::insert(&mut tx, &[fresh], morning(3, 2)).await.unwrap();
                let id = begin(&mut tx, "a", morning(3, 2)).await;
                tx.commit().await.unwrap();
                id
            } else {
                begun(test_db).await
            };
            let mut tx = test_db.begin().await.unwrap();
            let now = morning(3, 2) + minutes(1);
            let finish = attempts::finish(&mut tx, id, "a", 1, &outcome, next, now).await.unwrap();
            assert_eq!(finish, Finish::Now(expected), "{outcome:?}");
            let delivery = find(&mut tx, id).await;
            assert_eq!((delivery.state, delivery.attempts, delivery.lease_owner), (expected, 1, None));
            assert_eq!(delivery.sent_at, (expected == DeliveryState::Sent).then_some(now));
            if expected == DeliveryState::Queued {
                assert_eq!(Some(delivery.claimable_at), again);
            }
            let tried = attempts::list(&mut tx, id).await.unwrap();
            assert_eq!((tried.len(), tried[0].number, tried[0].finished_at), (1, 1, Some(now)));
            assert_eq!((&tried[0].reason, &tried[0].provider_id), (&delivery.reason, &delivery.provider_id));
            tx.commit().await.unwrap();
        }
    }

    async fn a_message_cut_after_it_was_written_is_marked_when_tried_again(test: TestDb) {
        let id = begun(&test.db).await;
        let later = morning(3, 2) + minutes(10);
        let mut tx = test.db.begin().await.unwrap();
        let cut = Outcome::Unknown { reason: reason() };
        attempts::finish(&mut tx, id, "a", 1, &cut, Some(later), morning(3, 2)).await.unwrap();
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now: later, until: later + minutes(5), limit: 1 };
        assert!(outbox::claim(&mut tx, &claim).await.unwrap()[0].may_have_arrived);
    }

    async fn an_outcome_that_comes_after_the_lease_ended_is_noted_but_decides_nothing(test: TestDb) {
        let id = begun(&test.db).await;
        let later = morning(3, 2) + minutes(6);
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(begin(&mut tx, "b", later).await, id);
        let rejected = Outcome::Rejected { reason: reason() };
        let finish = attempts::finish(&mut tx, id, "a", 1, &rejected, None, later).await.unwrap();
        assert_eq!(finish, Finish::LeaseLost);
        let delivery = find(&mut tx, id).await;
        assert_eq!((delivery.state, delivery.lease_owner.as_deref()), (DeliveryState::Leased, Some("b")));
        assert_eq!(attempts::list(&mut tx, id).await.unwrap()[0].outcome.as_deref(), Some("rejected"));
    }

    async fn a_message_that_went_out_after_the_lease_ended_is_sent_and_not_tried_again(test: TestDb) {
        let id = begun(&test.db).await;
        let later = morning(3, 2) + minutes(6);
        let mut tx = test.db.begin().await.unwrap();
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "b", channel: Channel::Email, wanted: Wanted::All, now: later, until: later + minutes(5), limit: 1 };
        outbox::claim(&mut tx, &claim).await.unwrap();
        assert_eq!(attempts::finish(&mut tx, id, "a", 1, &sent(), None, later).await.unwrap(), Finish::Now(DeliveryState::Sent));
        assert_eq!(start(&mut tx, id, "b", later).await, None);
        assert_eq!(find(&mut tx, id).await.state, DeliveryState::Sent);
    }

    async fn a_rejected_message_goes_by_the_next_channel_once(test: TestDb) {
        let id = begun(&test.db).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        let mut by_telegram = message("snv.officer", None, "m2");
        by_telegram.message.channel = Channel::Telegram;
        by_telegram.message.address = String::from("chat of snv.officer");
        assert!(!outbox::reroute(&mut tx, id, "550", Some(&by_telegram), now).await.unwrap(), "it has not failed yet");
        let rejected = Outcome::Rejected { reason: "550".to_owned() };
        attempts::finish(&mut tx, id, "a", 1, &rejected, None, now).await.unwrap();
        assert!(outbox::reroute(&mut tx, id, "550", Some(&by_telegram), now).await.unwrap());
        assert!(!outbox::reroute(&mut tx, id, "550", Some(&by_telegram), now).await.unwrap());
        let newest = deliveries::list(&mut tx, &Filter::default(), 10).await.unwrap();
        assert_eq!(newest.len(), 2);
        assert_eq!((newest[0].reroutes, newest[0].state), (Some(id), DeliveryState::Queued));
        let person = contacts::find(&mut tx, &"snv.officer".into()).await.unwrap().unwrap();
        assert_eq!(person.contact.channels, [(Channel::Telegram, "chat of snv.officer".to_owned())]);
        assert_eq!(addresses::mark_alive(&mut tx, Channel::Email, "snv.officer@qnam.example", now).await.unwrap(), 1);
    }

    async fn a_message_not_taken_there_now_goes_by_the_next_channel_and_the_address_lives(test: TestDb) {
        let id = begun(&test.db).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        let mut by_telegram = message("snv.officer", None, "m2");
        by_telegram.message.channel = Channel::Telegram;
        by_telegram.message.address = String::from("chat of snv.officer");
        assert!(!outbox::replace(&mut tx, id, Some(&by_telegram), now).await.unwrap(), "it has not failed yet");
        let closed = Outcome::Closed { reason: "-230".to_owned() };
        attempts::finish(&mut tx, id, "a", 1, &closed, None, now).await.unwrap();
        assert!(outbox::replace(&mut tx, id, Some(&by_telegram), now).await.unwrap());
        assert!(!outbox::replace(&mut tx, id, Some(&by_telegram), now).await.unwrap());
        let newest = deliveries::list(&mut tx, &Filter::default(), 10).await.unwrap();
        assert_eq!((newest.len(), newest[0].reroutes, newest[0].state), (2, Some(id), DeliveryState::Queued));
        assert_eq!(addresses::mark_alive(&mut tx, Channel::Email, "snv.officer@qnam.example", now).await.unwrap(), 0);
    }

    async fn what_failed_is_queued_again_by_hand(test: TestDb) {
        let id = begun(&test.db).await;
        let now = morning(3, 2);
        let mut tx = test.db.begin().await.unwrap();
        assert!(!outbox::retry(&mut tx, id, now).await.unwrap());
        let gone = Outcome::Retry { after: None, reason: reason() };
        attempts::finish(&mut tx, id, "a", 1, &gone, None, now).await.unwrap();
        assert!(outbox::retry(&mut tx, id, now).await.unwrap());
        assert_eq!(begin(&mut tx, "b", now).await, id);
        assert_eq!(attempts::list(&mut tx, id).await.unwrap().len(), 2);
    }

    async fn items_that_were_done_since_show_their_new_state(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, vec![brief("snv.officer", day(3, 2), &ids)], &[], morning(3, 2)).await.unwrap();
        let id = begin(&mut tx, "a", morning(3, 2)).await;
        let done = StateChange {
            id: ids[0],
            from: State::Open,
            to: State::Done,
            done_on: Some(day(3, 2)),
            pending: None,
            snoozed_until: None,
            next_rung_on: None,
        };
        obligations::set_state(&mut tx, &done, &event("done", Some(ids[0]))).await.unwrap();
        let carried = outbox::carried(&mut tx, &[id]).await.unwrap();
        let items: Vec<_> = carried[&id].iter().map(|item| (item.obligation, item.state)).collect();
        assert_eq!(items, [(ids[0], State::Done), (ids[1], State::Open)]);
        deliveries::insert(&mut tx, &[message("snv.officer", None, "m2")], morning(3, 2)).await.unwrap();
        let receipt = deliveries::list(&mut tx, &Filter::default(), 1).await.unwrap()[0].id;
        assert!(outbox::carried(&mut tx, &[receipt]).await.unwrap().is_empty());
    }

    async fn the_tally_shows_what_is_not_settled_and_since_when(test: TestDb) {
        let id = begun(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        deliveries::insert(&mut tx, &[message("snv.officer", None, "m2"), message("stp.officer", None, "m3")], morning(3, 3)).await.unwrap();
        let count = |state, total, oldest| Tally { channel: Channel::Email, state, total, oldest };
        let tally = outbox::tally_unsettled(&mut tx).await.unwrap();
        assert_eq!(tally, [
            count(DeliveryState::Leased, 1, morning(3, 2)),
            count(DeliveryState::Queued, 2, morning(3, 3)),
        ]);
        attempts::finish(&mut tx, id, "a", 1, &sent(), None, morning(3, 2)).await.unwrap();
        let tally = outbox::tally_unsettled(&mut tx).await.unwrap();
        assert_eq!(tally, [count(DeliveryState::Queued, 2, morning(3, 3))]);
        let to_stp = Filter { contact: Some("stp.officer".into()), channel: Some(Channel::Email), ..Filter::default() };
        assert_eq!(deliveries::list(&mut tx, &to_stp, 10).await.unwrap().len(), 1);
    }

    /// The first two deaths are taken for bad luck, and after the second the message is sent alone.
    async fn what_three_processes_died_of_while_sending_it_is_unknown_until_somebody_tries_it_by_hand(test: TestDb) {
        let id = begun(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let claimed = |owner, now| Claim { owner, now, until: now + minutes(5), ..claim() };
        for (owner, minute, is_suspect) in [("b", 6, false), ("c", 12, true)] {
            let now = morning(3, 2) + minutes(minute);
            let found = outbox::claim(&mut tx, &claimed(owner, now)).await.unwrap();
            assert_eq!((found.len(), found[0].is_suspect, found[0].may_have_arrived), (1, is_suspect, true), "{owner}");
            start(&mut tx, id, owner, now).await.unwrap();
        }
        let now = morning(3, 2) + minutes(18);
        assert_eq!(outbox::claim(&mut tx, &claimed("d", now)).await.unwrap(), []);
        let left = find(&mut tx, id).await;
        assert_eq!(left.state, DeliveryState::Unknown);
        assert!(left.reason.unwrap().starts_with("3 processes died while sending it"));

        assert!(outbox::retry(&mut tx, id, now).await.unwrap());
        let found = outbox::claim(&mut tx, &claimed("d", now)).await.unwrap();
        assert_eq!((found.len(), found[0].is_suspect), (1, true), "what was before counts no more against it");
        start(&mut tx, id, "d", now).await.unwrap();
        attempts::finish(&mut tx, id, "d", 4, &sent(), None, now).await.unwrap();
        assert_eq!(find(&mut tx, id).await.state, DeliveryState::Sent);
    }

    async fn whoever_takes_a_channel_over_gives_up_what_the_third_has_died_of(test: TestDb) {
        let id = begun(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        let at = |minute| morning(3, 2) + minutes(minute);
        // Killed in a row, they did not die of it.
        for (owner, minute) in [("b", 0), ("c", 0), ("d", 1), ("e", 2)] {
            assert_eq!(outbox::inherit(&mut tx, Channel::Email, at(minute)).await.unwrap(), 1);
            begin(&mut tx, owner, at(minute)).await;
        }
        assert_eq!(outbox::inherit(&mut tx, Channel::Email, at(3)).await.unwrap(), 1);
        assert_eq!(find(&mut tx, id).await.state, DeliveryState::Unknown);
    }
}
