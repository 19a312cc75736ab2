//! Planning: nobody gets two briefs for a day, and nothing that was to be told is lost.

use std::collections::HashMap;

use chrono::NaiveDate;
use dondoc::domain::delivery::{Channel, Outcome};
use dondoc::domain::ids::{ContactId, ObligationId};
use dondoc::domain::ladder::Audience;
use dondoc::store::briefs::{self, Route};
use dondoc::store::deliveries::DeliveryState;
use dondoc::store::outbox::{self, Claim, Overtaken, Wanted};
use dondoc::store::{Db, Known, Tx, attempts, deliveries, first_told, obligations};

use super::given::{brief, day, minutes, morning, province, reading, start};
use crate::support::db::{execute, on_both_databases, postgres};

on_both_databases! {
    async fn a_brief_is_stored_with_items_delivery_and_next_rungs(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let planned_brief = brief("snv.officer", day(3, 2), &ids);
        let next = [(ids[0], Some(day(3, 17))), (ids[1], None)];
        let mut tx = test.db.begin().await.unwrap();
        let planned = briefs::plan(&mut tx, vec![planned_brief.clone()], &next, morning(3, 2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(planned.stored, [("snv.officer".into(), day(3, 2))]);
        assert_eq!(planned.already_planned, []);
        let mut tx = reading(&test.db).await;
        let items = briefs::find_items(&mut tx, &"snv.officer".into(), day(3, 2)).await.unwrap();
        assert_eq!(items, Some(planned_brief.items.clone()));
        assert_eq!(briefs::find_items(&mut tx, &"snv.officer".into(), day(3, 3)).await.unwrap(), None);
        let queued = deliveries::list(&mut tx, &deliveries::Filter::default(), 10).await.unwrap();
        let Route::Delivery(delivery) = planned_brief.route else { unreachable!() };
        assert_eq!(queued.len(), 1);
        assert_eq!(queued[0].message, delivery.message);
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 16)).await.unwrap(), []);
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 17)).await.unwrap().len(), 1);
    }

    async fn planning_a_day_twice_gives_one_brief_and_one_message(test: TestDb) {
        let ids = province(&test.db, 1).await;
        for expected in [1, 0] {
            let mut tx = test.db.begin().await.unwrap();
            let wanted = vec![brief("snv.officer", day(3, 2), &ids)];
            let planned = briefs::plan(&mut tx, wanted, &[], morning(3, 2)).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!((planned.stored.len(), planned.already_planned.len()), (expected, 1 - expected));
        }
        let mut tx = reading(&test.db).await;
        assert_eq!(deliveries::list(&mut tx, &deliveries::Filter::default(), 10).await.unwrap().len(), 1);
    }

    async fn two_planners_at_once_give_each_person_one_brief(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let other = Db::open(&test.url).await.unwrap();
        let plan = async |db: &Db, order: [&str; 2]| {
            let wanted = order.map(|to| brief(to, day(3, 2), &ids)).to_vec();
            let next: Vec<_> = ids.iter().map(|id| (*id, Some(day(3, 17)))).collect();
            let mut tx = db.begin().await.unwrap();
            let planned = briefs::plan(&mut tx, wanted, &next, morning(3, 2)).await.unwrap();
            tokio::task::yield_now().await;
            tx.commit().await.unwrap();
            planned.stored.len()
        };
        let (a, b) = tokio::join!(
            plan(&test.db, ["snv.officer", "stp.officer"]),
            plan(&other, ["stp.officer", "snv.officer"]),
        );
        assert_eq!(a + b, 2);
        let mut tx = reading(&test.db).await;
        assert_eq!(deliveries::list(&mut tx, &deliveries::Filter::default(), 10).await.unwrap().len(), 2);
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 16)).await.unwrap(), []);
    }

    async fn what_a_second_brief_of_a_day_would_tell_is_looked_at_again(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let mut tx = test.db.begin().await.unwrap();
        let first = vec![brief("snv.officer", day(3, 2), &ids[..1])];
        briefs::plan(&mut tx, first, &[(ids[0], Some(day(3, 17)))], morning(3, 2)).await.unwrap();
        let second = vec![brief("snv.officer", day(3, 2), &ids[1..])];
        briefs::plan(&mut tx, second, &[(ids[1], Some(day(3, 17)))], morning(3, 2)).await.unwrap();
        let due = obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap();
        assert_eq!(due.iter().map(|one| one.id).collect::<Vec<_>>(), ids[1..]);
    }

    async fn each_is_told_last_on_the_latest_day_of_a_brief_that_went_out(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let mut unreachable = brief("stp.officer", day(3, 3), &ids);
        unreachable.route = Route::Unreachable { reason: "no address left".to_owned() };
        let wanted = vec![
            brief("snv.officer", day(3, 2), &ids),
            brief("snv.officer", day(3, 3), &ids[..1]),
            unreachable,
        ];
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, wanted, &[], morning(3, 2)).await.unwrap();
        let told = last_told(&mut tx, &ids).await;
        assert_eq!(told.len(), 2);
        assert_eq!(told[&(ids[0], "snv.officer".into())], day(3, 3));
        assert_eq!(told[&(ids[1], "snv.officer".into())], day(3, 2));
        let unreached = briefs::list_unreachable(&mut tx, day(3, 3), day(3, 9)).await.unwrap();
        assert_eq!(unreached, [(("stp.officer".into(), day(3, 3)), "no address left".to_owned())]);
    }

    async fn an_agency_is_told_of_what_it_owes_by_what_went_out_to_its_own_people(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let mut unreachable = brief("snv.officer", day(3, 3), &ids);
        unreachable.route = Route::Unreachable { reason: "no address left".to_owned() };
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, vec![brief("stp.officer", day(3, 2), &ids), unreachable], &[], morning(3, 2)).await.unwrap();
        let told = first_told::list(&mut tx, &ids, Known::NOW).await.unwrap();
        assert_eq!(told, [].into(), "what others hear does not tell Sở Nội vụ");
        let later = vec![brief("snv.officer", day(3, 5), &ids), brief("snv.officer", day(3, 4), &ids[..1])];
        briefs::plan(&mut tx, later, &[], morning(3, 4)).await.unwrap();
        let told = first_told::list(&mut tx, &ids, Known::NOW).await.unwrap();
        assert_eq!(told, [(ids[0], day(3, 4)), (ids[1], day(3, 5))].into());
    }

    async fn a_plan_that_fails_half_way_leaves_no_brief(test: TestDb) {
        let ids = province(&test.db, 1).await;
        let stranger = brief("nobody", day(3, 2), &ids);
        let mut tx = test.db.begin().await.unwrap();
        let wanted = vec![brief("snv.officer", day(3, 2), &ids), stranger];
        briefs::plan(&mut tx, wanted, &[], morning(3, 2)).await.unwrap_err();
        drop(tx);
        let mut tx = reading(&test.db).await;
        assert_eq!(briefs::find_items(&mut tx, &"snv.officer".into(), day(3, 2)).await.unwrap(), None);
    }

    async fn what_waited_past_its_day_is_cancelled_and_told_anew(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let next: Vec<_> = ids.iter().map(|id| (*id, Some(day(3, 17)))).collect();
        let wanted = vec![brief("snv.officer", day(3, 2), &ids[..1]), brief("stp.officer", day(3, 2), &ids[1..2])];
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, wanted, &next, morning(3, 2)).await.unwrap();
        // the one to STP may have arrived: it is told anew as well, for nobody gets two on one day
        let stp = deliveries::Filter { contact: Some("stp.officer".into()), ..deliveries::Filter::default() };
        let cut = deliveries::list(&mut tx, &stp, 1).await.unwrap()[0].id;
        let until = morning(3, 2) + minutes(5);
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now: morning(3, 2), until, limit: 2 };
        outbox::claim(&mut tx, &claim).await.unwrap();
        start(&mut tx, cut, "a", morning(3, 2)).await;
        assert_eq!(outbox::supersede_briefs(&mut tx, day(3, 3)).await.unwrap(), 0, "it is being sent");
        outbox::expire(&mut tx, until).await.unwrap();
        assert_eq!(outbox::supersede_briefs(&mut tx, day(3, 2)).await.unwrap(), 0, "it is its day");
        assert_eq!(outbox::supersede_briefs(&mut tx, day(3, 3)).await.unwrap(), 2);
        let due = obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap();
        assert_eq!(due.iter().map(|one| one.id).collect::<Vec<_>>(), ids[..2]);
        assert_eq!(last_told(&mut tx, &ids).await, [].into());
        assert_eq!(deliveries::find(&mut tx, cut).await.unwrap().unwrap().state, DeliveryState::Cancelled);
    }

    async fn officers_were_reminded_on_the_days_on_which_a_brief_left(test: TestDb) {
        let ids = province(&test.db, 2).await;
        let mut to_the_head = brief("stp.officer", day(3, 3), &ids);
        to_the_head.items.iter_mut().for_each(|item| item.audience = Audience::Head);
        let wanted = vec![brief("snv.officer", day(3, 2), &ids), brief("snv.officer", day(3, 4), &ids), to_the_head];
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, wanted, &[], morning(3, 2)).await.unwrap();
        assert!(briefs::reminded_on(&mut tx, &ids).await.unwrap().is_empty());
        let now = morning(3, 4);
        let claim = Claim { except: &[], overtaken: Overtaken::default(), owner: "a", channel: Channel::Email, wanted: Wanted::All, now, until: now + minutes(5), limit: 9 };
        for one in outbox::claim(&mut tx, &claim).await.unwrap() {
            let (id, sent) = (one.delivery.id, Outcome::Sent { provider_id: String::new() });
            start(&mut tx, id, "a", now).await;
            attempts::finish(&mut tx, id, "a", 1, &sent, None, now).await.unwrap();
        }
        let reminded = briefs::reminded_on(&mut tx, &ids[..1]).await.unwrap();
        assert_eq!(reminded, [(ids[0], vec![day(3, 2), day(3, 4)])].into());
    }
}

/// Who of the two officers was told last of which of these, and when.
async fn last_told(
    tx: &mut Tx,
    ids: &[ObligationId],
) -> HashMap<(ObligationId, ContactId), NaiveDate> {
    let officers = ["snv.officer".into(), "stp.officer".into()];
    let pairs: Vec<_> = ids
        .iter()
        .flat_map(|id| officers.iter().map(move |officer| (*id, officer)))
        .collect();
    briefs::last_told(tx, &pairs).await.unwrap()
}

/// A statement that was planned while nobody had been told anything is planned anew when a morning has filled the tables,
/// though nothing has analysed them since.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_who_was_told_is_looked_up_and_not_looked_for_after_the_first_morning() {
    let test = postgres().await;
    let (asking, filling) = (&test.db, Db::open(&test.url).await.unwrap());
    let contacts: Vec<ContactId> = (1..=250).map(|n| ContactId::new(format!("c{n}"))).collect();
    let pairs: Vec<_> = (1..).map(ObligationId).zip(&contacts).collect();
    let mut tx = filling.begin().await.unwrap();
    execute(&mut tx, "ANALYZE").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = asking.begin().await.unwrap();
    for _ in 0..8 {
        assert!(briefs::last_told(&mut tx, &pairs).await.unwrap().is_empty());
    }
    let mut other = filling.begin().await.unwrap();
    execute(&mut other, A_MORNING_OF_THOUSANDS).await.unwrap();
    other.commit().await.unwrap();
    assert_eq!(briefs::last_told(&mut tx, &pairs).await.unwrap().len(), 250);
    let Tx::Postgres(connection) = &mut tx else {
        unreachable!()
    };
    let passed: i64 = sqlx::query_scalar(ROWS_PASSED)
        .fetch_one(&mut **connection)
        .await
        .unwrap();
    assert_eq!(passed, 0, "rows passed by in search of those of 250 pairs");
}

/// 5,000 people are told of a thing each; who they are does not matter here.
const A_MORNING_OF_THOUSANDS: &str = "SET LOCAL session_replication_role = replica; \
    INSERT INTO briefs (contact, day, created_at) SELECT 'c' || n, '2020-03-02', now() FROM generate_series(1, 5000) n; \
    INSERT INTO brief_items (contact, day, obligation, rung, audience) \
        SELECT 'c' || n, '2020-03-02', n, 'day', 'officer' FROM generate_series(1, 5000) n; \
    INSERT INTO deliveries (contact, kind, brief_day, channel, address, subject, message_id, state, claimable_at, created_at, \
        sent_at) SELECT 'c' || n, 'brief', '2020-03-02', 'email', 'c', 's', 'm' || n, 'sent', now(), now(), now() \
        FROM generate_series(1, 5000) n";
const ROWS_PASSED: &str = "SELECT CAST(sum(seq_tup_read) AS BIGINT) FROM pg_stat_xact_user_tables \
    WHERE relname IN ('brief_items', 'deliveries')";
