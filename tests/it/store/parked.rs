//! Briefs that wait for words.

use dondoc::domain::ids::ContactId;
use dondoc::store::briefs::{self, Route};
use dondoc::store::deliveries::{self, DeliveryState, Filter};
use dondoc::store::parked::{self, Parked};
use dondoc::store::{Db, obligations, outbox};

use super::given::{brief, day, message, morning, province, reading};
use crate::support::db::on_both_databases;

const WHY: &str = "email.txt.j2:3: a name that does not exist";

fn waiting() -> Parked {
    Parked {
        contact: "snv.officer".into(),
        day: day(3, 2),
        reason: WHY.to_owned(),
    }
}

async fn list(db: &Db) -> Vec<Parked> {
    parked::list(&mut reading(db).await).await.unwrap()
}

/// A province with one brief that is parked from the start.
async fn with_one(db: &Db) -> ContactId {
    let ids = province(db, 1).await;
    let mut one = brief("snv.officer", day(3, 2), &ids);
    one.route = Route::Parked {
        reason: WHY.to_owned(),
    };
    let mut tx = db.begin().await.unwrap();
    briefs::plan(&mut tx, vec![one], &[(ids[0], None)], morning(3, 2))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    "snv.officer".into()
}

on_both_databases! {
    async fn a_parked_brief_is_named_with_its_reason_and_taken_up_once(test: TestDb) {
        let contact = with_one(&test.db).await;
        assert_eq!(list(&test.db).await, [waiting()]);
        let mut tx = test.db.begin().await.unwrap();
        let again = briefs::plan(&mut tx, vec![brief("snv.officer", day(3, 2), &[])], &[], morning(3, 2)).await.unwrap();
        assert_eq!(again.already_planned.len(), 1, "its key is taken");
        assert!(parked::release(&mut tx, &contact, day(3, 2), None).await.unwrap());
        assert!(!parked::release(&mut tx, &contact, day(3, 2), None).await.unwrap());
        parked::queue(&mut tx, &message("snv.officer", Some(day(3, 2)), "m"), morning(3, 2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(list(&test.db).await, []);
        let queued = deliveries::list(&mut reading(&test.db).await, &Filter::default(), 9).await.unwrap();
        assert_eq!((queued.len(), queued[0].state), (1, DeliveryState::Queued));
    }

    async fn a_delivery_that_lost_its_words_is_taken_up_again_with_new_ones(test: TestDb) {
        let ids = province(&test.db, 1).await;
        let mut tx = test.db.begin().await.unwrap();
        briefs::plan(&mut tx, vec![brief("snv.officer", day(3, 2), &ids)], &[], morning(3, 2)).await.unwrap();
        let before = deliveries::list(&mut tx, &Filter::default(), 9).await.unwrap().remove(0);
        outbox::cancel(&mut tx, before.id, None, WHY).await.unwrap();
        parked::park(&mut tx, &waiting()).await.unwrap();
        assert_eq!(parked::list(&mut tx).await.unwrap(), [waiting()]);
        let mut words = message("snv.officer", Some(day(3, 2)), &before.message.message_id);
        "lời mới".clone_into(&mut words.message.body);
        parked::release(&mut tx, &waiting().contact, day(3, 2), None).await.unwrap();
        parked::queue(&mut tx, &words, morning(3, 2)).await.unwrap();
        let after = deliveries::list(&mut tx, &Filter::default(), 9).await.unwrap();
        assert_eq!(after.len(), 1);
        assert_eq!((after[0].id, after[0].state, after[0].reason.clone()), (before.id, DeliveryState::Queued, None));
        assert_eq!(after[0].message.body, "lời mới");
    }

    async fn a_brief_that_found_no_words_on_its_day_goes_back_to_the_planner(test: TestDb) {
        with_one(&test.db).await;
        let mut tx = test.db.begin().await.unwrap();
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap(), []);
        assert_eq!(outbox::supersede_briefs(&mut tx, day(3, 2)).await.unwrap(), 0, "its day is not over");
        assert_eq!(outbox::supersede_briefs(&mut tx, day(3, 3)).await.unwrap(), 1);
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap().len(), 1);
        assert_eq!(parked::list(&mut tx).await.unwrap(), []);
        let untold = briefs::list_unreachable(&mut tx, day(3, 2), day(3, 2)).await.unwrap();
        assert_eq!(untold, [((waiting().contact, day(3, 2)), WHY.to_owned())]);
    }
}
