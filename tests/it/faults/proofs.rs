//! A judge that cannot fail is worth nothing: each judgement is tried on a run in which something is wrong.

use chrono::{Datelike, TimeDelta, Weekday};
use dondoc::domain::delivery::Channel;
use dondoc::store::deliveries::{Delivery, DeliveryId, DeliveryKind, DeliveryState};

use super::database::Store;
use super::record::{Attempt, Record};
use super::run::{Played, Run};
use crate::support::db::execute;
use crate::support::telegram::Fault;

/// A run in which nothing goes wrong.
async fn peaceful() -> Played {
    let store = Store::on_sqlite().await;
    Box::pin(Run::new(1, store).await.play(0)).await
}

/// What the judge says of a peaceful run in which this was changed.
async fn told_of(change: impl FnOnce(&mut Played)) -> Vec<&'static str> {
    let mut played = peaceful().await;
    change(&mut played);
    played.judge().sorts()
}

/// As if the first message had never been tried.
fn untry(played: &mut Played) {
    let first = played.record.deliveries[0].clone();
    played
        .record
        .attempts
        .retain(|one| one.delivery != first.id.0);
    let message = first.message;
    played.copies.retain(|copy| copy.to != message.address);
}

#[tokio::test]
async fn a_peaceful_run_is_fine_and_tells_somebody() {
    let played = peaceful().await;
    let judge = played.judge();
    assert!(judge.is_content(), "{}", judge.complaints());
    assert!(judge.fates.0["sent"] >= 2, "{:?}", judge.fates);
    // What the officers report is answered, too.
    let record = &played.record;
    let all = record.deliveries.iter().chain(&record.answers);
    let sent = all.filter(|one| one.state == DeliveryState::Sent);
    assert_eq!(played.copies.len(), sent.count());
    assert_eq!(played.unforeseen, [""; 0]);
}

#[tokio::test]
async fn a_provider_that_swallows_a_message_is_found_out() {
    for seed in 1..50 {
        let run = Run::new(seed, Store::on_sqlite().await).await;
        let day = run.first_day();
        let by_telegram = run
            .officers
            .iter()
            .find(|one| one.channels[0] == Channel::Telegram && one.last_rung(day).is_some());
        let Some(officer) = by_telegram else {
            continue;
        };
        let chat = officer.address(Channel::Telegram).parse().unwrap();
        run.providers.telegram.fault(chat, Fault::Swallowed);
        let played = Box::pin(run.play(0)).await;
        return assert_eq!(
            played.judge().sorts(),
            ["said to be sent, and never arrived"]
        );
    }
    panic!("nobody is reached by Telegram");
}

#[tokio::test]
async fn a_row_of_the_outbox_that_was_doctored_is_found_out() {
    let mut played = peaceful().await;
    let mut tx = played.store.test.db.begin().await.unwrap();
    let sql = "UPDATE deliveries SET state = 'queued', sent_at = NULL WHERE id = 1";
    execute(&mut tx, sql).await.unwrap();
    tx.commit().await.unwrap();
    played.record = Record::of(&played.store.test.db).await;
    let sorts = played.judge().sorts();
    assert!(sorts.contains(&"not settled"), "{sorts:?}");
}

#[tokio::test]
async fn a_brief_that_was_never_planned_is_lost() {
    let sorts = told_of(|played| {
        untry(played);
        let first = played.record.deliveries.remove(0).message;
        let (contact, day) = (first.contact.unwrap(), first.brief_day.unwrap());
        let briefs = &mut played.record.briefs;
        briefs.retain(|one| (one.contact.as_str(), one.day) != (contact.as_str(), day));
    });
    assert_eq!(sorts.await, ["lost"]);
}

#[tokio::test]
async fn a_brief_that_was_put_off_and_never_told_is_lost() {
    let sorts = told_of(|played| {
        untry(played);
        let first = &mut played.record.deliveries[0];
        (first.state, first.reason) = (DeliveryState::Cancelled, Some("told anew".to_owned()));
    });
    assert_eq!(sorts.await, ["lost"]);
}

#[tokio::test]
async fn an_end_without_a_reason_is_found_out() {
    let sorts = told_of(|played| {
        untry(played);
        played.record.deliveries[0].state = DeliveryState::Failed;
    });
    assert_eq!(sorts.await, ["without a reason"]);
    let sorts = told_of(|played| {
        let mut attempt = played.record.attempts[0].clone();
        (attempt.number, attempt.outcome) = (0, Some("retry".to_owned()));
        played.record.attempts.push(attempt);
    });
    assert_eq!(sorts.await, ["without a reason"]);
    let sorts = told_of(|played| {
        untry(played);
        let first = played.record.deliveries.remove(0).message.contact.unwrap();
        let briefs = &mut played.record.briefs;
        let brief = briefs.iter_mut().find(|one| one.contact == first.as_str());
        brief.unwrap().unreachable = Some(String::new());
    });
    assert_eq!(sorts.await, ["lost"]);
}

#[tokio::test]
async fn what_has_no_end_is_found_out() {
    let sorts = told_of(|played| {
        let mut attempt = played.record.attempts[0].clone();
        (attempt.number, attempt.outcome) = (0, None);
        played.record.attempts.push(attempt);
    });
    assert_eq!(sorts.await, ["an attempt without an end"]);
    let sorts = told_of(|played| {
        played.record.briefs[0].parked = Some("no words".to_owned());
    });
    assert_eq!(sorts.await, ["parked"]);
    let sorts = told_of(|played| {
        played.due.drained = Some(played.due.to_drain_by + TimeDelta::seconds(1));
    });
    assert_eq!(sorts.await, ["drained late"]);
    let sorts = told_of(|played| played.due.drained = None);
    assert_eq!(sorts.await, ["drained late"]);
}

#[tokio::test]
async fn two_briefs_for_a_person_and_day_are_found_out() {
    let sorts = told_of(|played| {
        let mut second = played.record.deliveries[0].clone();
        second.id = DeliveryId(4353);
        second.message.message_id = "<another@province.example>".to_owned();
        let mut attempt = played.record.attempts[0].clone();
        (attempt.delivery, attempt.provider_id) = (second.id.0, Some("second".to_owned()));
        let mut copy = copy_of(played);
        copy.id = "second".to_owned();
        if copy.channel == Channel::Email {
            copy.id.clone_from(&second.message.message_id);
        }
        played.copies.push(copy);
        played.record.attempts.push(attempt);
        played.record.deliveries.push(second);
    });
    let sorts = sorts.await;
    assert!(
        sorts.contains(&"two briefs for a person and day"),
        "{sorts:?}"
    );
}

/// The copy of the first delivery.
fn copy_of(played: &Played) -> super::providers::Arrival {
    let to = &played.record.deliveries[0].message.address;
    played
        .copies
        .iter()
        .find(|copy| copy.to == *to)
        .unwrap()
        .clone()
}

/// A second copy of something on a chat, explained by an attempt that was cut, with a mark or without.
fn come_twice(played: &mut Played, is_marked: bool) {
    let mut copy = played
        .copies
        .iter()
        .find(|copy| copy.channel != Channel::Email)
        .unwrap()
        .clone();
    let mut carriers = played.record.deliveries.iter();
    let delivery = carriers
        .find(|one| one.message.address == copy.to)
        .unwrap()
        .id
        .0;
    (copy.is_marked, copy.id) = (is_marked, "second".to_owned());
    played.copies.push(copy);
    played.record.attempts.push(Attempt {
        delivery,
        number: 0,
        outcome: Some("unknown".to_owned()),
        reason: Some("cut".to_owned()),
        provider_id: None,
    });
}

#[tokio::test]
async fn a_second_copy_has_a_mark_and_a_cut_that_explains_it() {
    assert_eq!(told_of(|played| come_twice(played, true)).await, [""; 0]);
    let sorts = told_of(|played| come_twice(played, false));
    assert_eq!(sorts.await, ["a second copy without a mark"]);
    let sorts = told_of(|played| {
        come_twice(played, true);
        played.record.attempts.pop();
    });
    assert_eq!(sorts.await, ["arrived by no attempt"]);
}

#[tokio::test]
async fn a_message_that_is_sent_and_not_noted_is_found_out() {
    let sorts = told_of(|played| {
        let first = played.record.deliveries[0].id.0;
        played.record.attempts.retain(|one| one.delivery != first);
    });
    assert_eq!(
        sorts.await,
        [
            "arrived by no attempt",
            "sent by another number of attempts than one"
        ]
    );
}

/// A run in which nothing goes wrong on a Monday.
async fn peaceful_monday() -> Played {
    for seed in 1..50 {
        let run = Run::new(seed, Store::on_sqlite().await).await;
        if run.first_day().weekday() == Weekday::Mon {
            return Box::pin(run.play(0)).await;
        }
    }
    panic!("no run begins on a Monday");
}

#[tokio::test]
async fn a_monday_without_a_digest_or_with_two_is_found_out() {
    let mut played = peaceful_monday().await;
    let judge = played.judge();
    assert!(judge.is_content(), "{}", judge.complaints());
    assert!(judge.fates.0["digest sent"] >= 1, "{:?}", judge.fates);
    let is_digest = |one: &Delivery| one.message.kind == DeliveryKind::Digest;
    let (digests, others): (Vec<_>, Vec<_>) =
        played.record.deliveries.drain(..).partition(is_digest);
    played.record.deliveries = others.clone();
    assert!(played.judge().sorts().contains(&"lost"));
    let mut again = digests.clone();
    for one in &mut again {
        one.id = DeliveryId(one.id.0 + 4353);
        one.created_at += TimeDelta::days(1);
        one.message.message_id.insert(1, 'x');
    }
    let next_day = played.due.days[0] + TimeDelta::days(1);
    played.due.days.push(next_day);
    played.record.deliveries = [others, digests, again].concat();
    let sorts = played.judge().sorts();
    assert!(sorts.contains(&"two digests for a week"), "{sorts:?}");
}
