//! Obligations: loading, moving, listing, changing, and what the planner reads.

use dondoc::domain::amendment::Terms;
use dondoc::domain::ids::ObligationId;
use dondoc::domain::obligation::{Pending, State, Watch};
use dondoc::domain::plan::MilestoneKind;
use dondoc::store::obligations::{
    self, Dates, Filter, NewObligation, NewTerms, StateChange, Tally, Waiting,
};
use dondoc::store::{Db, StoreError, events, plans};

use super::given::{day, event, loaded_plan, obligation, plan_id, province, reading};
use crate::support::db::on_both_databases;

async fn sync(db: &Db, wanted: &[NewObligation]) -> obligations::Synced {
    let mut tx = db.begin().await.unwrap();
    plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
    let synced = obligations::sync(&mut tx, wanted).await.unwrap();
    tx.commit().await.unwrap();
    synced
}

async fn all(db: &Db) -> Vec<dondoc::domain::obligation::Obligation> {
    obligations::list(&mut reading(db).await, &Filter::default())
        .await
        .unwrap()
}

fn done(id: dondoc::domain::ids::ObligationId) -> StateChange {
    StateChange {
        id,
        from: State::Open,
        to: State::Done,
        done_on: Some(day(3, 30)),
        pending: None,
        snoozed_until: None,
        next_rung_on: None,
    }
}

on_both_databases! {
    async fn an_obligation_comes_back_as_the_plan_gave_it(test: TestDb) {
        let wanted = obligation("II.2", "SNV", day(3, 31));
        assert_eq!(sync(&test.db, std::slice::from_ref(&wanted)).await.inserted, 1);
        let mut tx = reading(&test.db).await;
        let found = obligations::find_by_key(&mut tx, &plan_id(), &wanted.milestone, &wanted.agency).await.unwrap().unwrap();
        assert_eq!((&found.plan, &found.milestone, &found.agency), (&wanted.plan, &wanted.milestone, &wanted.agency));
        assert_eq!((found.kind, found.state, found.done_on), (MilestoneKind::Due, State::Open, None));
        assert_eq!((found.opens_on, found.due_on, found.act_by), (wanted.opens_on, wanted.due_on, wanted.act_by));
        assert_eq!(found.original_due_on, wanted.due_on);
        assert_eq!(obligations::find(&mut tx, &[found.id]).await.unwrap(), std::slice::from_ref(&found));
        assert_eq!(obligations::find_by_key(&mut tx, &plan_id(), &found.milestone, &"STP".into()).await.unwrap(), None);
    }

    async fn what_may_be_due_comes_by_the_day_on_which_the_planner_looks(test: TestDb) {
        let looked_at = [("STP", Some(day(3, 5))), ("SNV", Some(day(3, 2))), ("SXD", None), ("SYT", Some(day(3, 2))), ("SCT", Some(day(3, 9)))];
        let wanted = looked_at.map(|(agency, next_rung_on)| NewObligation { next_rung_on, ..obligation("II.2", agency, day(3, 31)) });
        assert_eq!(sync(&test.db, &wanted).await.inserted, 5);
        let due = obligations::due_for_planning(&mut reading(&test.db).await, day(3, 6)).await.unwrap();
        let agencies: Vec<&str> = due.iter().map(|one| one.agency.as_str()).collect();
        assert_eq!(agencies, ["SNV", "SYT", "STP"]);
    }

    async fn the_ledgers_of_several_come_apart_and_in_order(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let mut tx = test.db.begin().await.unwrap();
        let lines = [("first", ids[0]), ("other", ids[1]), ("second", ids[0])].map(|(kind, id)| event(kind, Some(id)));
        events::append(&mut tx, &lines).await.unwrap();
        let ledgers = events::list_of_obligations(&mut tx, &ids).await.unwrap();
        let kinds = |id: &ObligationId| -> Vec<&str> {
            let lines = ledgers.get(id).into_iter().flatten();
            lines.map(|line| line.entry.kind.as_str()).collect()
        };
        assert_eq!(kinds(&ids[0]), ["first", "second"]);
        assert_eq!(kinds(&ids[1]), ["other"]);
        assert!(!ledgers.contains_key(&ids[2]));
    }

    async fn what_waits_for_the_monitor_is_listed_and_a_decision_restored_once(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let mut tx = test.db.begin().await.unwrap();
        for (id, pending) in [(ids[0], Pending::Extension), (ids[1], Pending::Reassignment)] {
            let waiting = Waiting { id, pending: Some(pending), snoozed_until: None, look_on: None };
            assert!(obligations::set_waiting(&mut tx, &waiting, &event("asked", Some(id))).await.unwrap());
        }
        let listed = obligations::list_waiting(&mut tx, &[plan_id()]).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [ids[0]]);
        assert_eq!(obligations::list_waiting(&mut tx, &[]).await.unwrap(), []);
        assert_eq!(obligations::list_waiting(&mut tx, &["another".into()]).await.unwrap(), []);
        let was = obligations::lock(&mut tx, ids[0]).await.unwrap().unwrap();
        assert_eq!(obligations::lock(&mut tx, ObligationId(9999)).await.unwrap(), None);
        let refused = Waiting { id: ids[0], pending: None, snoozed_until: None, look_on: None };
        assert!(obligations::set_waiting(&mut tx, &refused, &event("refused", Some(ids[0]))).await.unwrap());
        let now = obligations::lock(&mut tx, ids[0]).await.unwrap().unwrap();
        let back = event("decision-revoked", Some(ids[0]));
        assert!(obligations::restore(&mut tx, &now, &was, Some(day(3, 20)), &back).await.unwrap());
        assert!(!obligations::restore(&mut tx, &now, &was, None, &back).await.unwrap(), "it stands otherwise by now");
        assert_eq!(obligations::lock(&mut tx, ids[0]).await.unwrap().unwrap(), was);
        tx.commit().await.unwrap();
        let lines = events::list_of_obligation(&mut reading(&test.db).await, ids[0]).await.unwrap();
        assert_eq!(lines.iter().filter(|one| one.entry.kind == "decision-revoked").count(), 1);
    }

    async fn loading_the_same_plan_again_changes_nothing(test: TestDb) {
        let wanted: Vec<_> = (1..=600).map(|n| obligation(&format!("I.{n}"), "SNV", day(3, 31))).collect();
        assert_eq!(sync(&test.db, &wanted).await.inserted, 600);
        let before = all(&test.db).await;
        assert_eq!(sync(&test.db, &wanted).await, obligations::Synced::default());
        assert_eq!(all(&test.db).await, before);
    }

    async fn a_date_that_moved_is_reported_and_looked_at_again(test: TestDb) {
        let mut wanted = vec![obligation("I.1", "SNV", day(3, 31)), obligation("I.2", "SNV", day(4, 30))];
        sync(&test.db, &wanted).await;
        wanted[1].act_by = Some(day(4, 29));
        wanted[1].next_rung_on = Some(day(1, 6));
        wanted.push(obligation("I.3", "SNV", day(5, 31)));
        let synced = sync(&test.db, &wanted).await;
        assert_eq!(synced.inserted, 1);
        let moves: Vec<_> = synced.moved.iter().map(|moved| (moved.before.act_by, moved.after.act_by)).collect();
        assert_eq!(moves, [(Some(day(4, 30)), Some(day(4, 29)))]);
        let due = obligations::due_for_planning(&mut reading(&test.db).await, day(1, 6)).await.unwrap();
        assert_eq!(due, [synced.moved[0].after.clone()]);
    }

    async fn what_was_due_before_keeps_since_when_it_is_followed_whoever_owes_it(test: TestDb) {
        let wanted = [obligation("I.1", "SNV", day(3, 31)), obligation("I.2", "SNV", day(6, 29)), obligation("I.3", "SNV", day(3, 31))];
        sync(&test.db, &wanted).await;
        let stored = all(&test.db).await;
        let id_of = |task: &str| stored.iter().find(|one| one.milestone.task.as_str() == task).unwrap().id;
        let (plan, third) = (&stored[0].plan, id_of("I.3"));
        let mut tx = test.db.begin().await.unwrap();
        assert!(obligations::set_state(&mut tx, &done(third), &event("done", Some(third))).await.unwrap());
        let watch = Watch { since: day(6, 29), settle_by: day(7, 13) };
        assert_eq!(obligations::begin_watch(&mut tx, plan, watch, third.0).await.unwrap(), [], "nothing newer");
        assert_eq!(obligations::begin_watch(&mut tx, &"other".into(), watch, 0).await.unwrap(), []);
        assert_eq!(obligations::begin_watch(&mut tx, plan, watch, 0).await.unwrap(), [id_of("I.1")], "open, and due before that day");
        let [one] = obligations::list_watched(&mut tx).await.unwrap().try_into().unwrap();
        assert_eq!((one.id, one.watch), (id_of("I.1"), Some(watch)));
        let heir = obligations::take_over(&mut tx, &one, &"STP".into(), None, None).await.unwrap().unwrap();
        let heir = obligations::find(&mut tx, &[heir]).await.unwrap().pop().unwrap();
        assert_eq!(heir.due_before(), Some(watch));
    }

    async fn what_is_done_keeps_its_state_and_dates(test: TestDb) {
        let mut wanted = [obligation("I.1", "SNV", day(3, 31))];
        sync(&test.db, &wanted).await;
        let id = all(&test.db).await[0].id;
        let mut tx = test.db.begin().await.unwrap();
        assert!(obligations::set_state(&mut tx, &done(id), &event("done", Some(id))).await.unwrap());
        tx.commit().await.unwrap();
        wanted[0].due_on = Some(day(6, 30));
        assert_eq!(sync(&test.db, &wanted).await, obligations::Synced::default());
        assert_eq!((all(&test.db).await[0].state, all(&test.db).await[0].due_on), (State::Done, Some(day(3, 31))));
    }

    async fn an_extension_stands_when_the_plan_moves(test: TestDb) {
        let mut wanted = [obligation("I.1", "SNV", day(3, 31))];
        sync(&test.db, &wanted).await;
        let before = all(&test.db).await[0].clone();
        let id = before.id;
        let dates = Dates { due_on: day(4, 15), act_by: day(4, 15) };
        let mut tx = test.db.begin().await.unwrap();
        let granted = event("extended", Some(id));
        assert!(obligations::extend(&mut tx, &before, &dates, None, Some(day(4, 1)), &granted).await.unwrap());
        assert_eq!(events::list_of_obligation(&mut tx, id).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        let now = all(&test.db).await[0].clone();
        assert_eq!((now.due_on, now.original_due_on), (Some(day(4, 15)), Some(day(3, 31))));
        wanted[0].due_on = Some(day(3, 30));
        wanted[0].act_by = Some(day(3, 30));
        let synced = sync(&test.db, &wanted).await;
        assert_eq!(all(&test.db).await, std::slice::from_ref(&now), "neither it nor the day that the plan gave first");
        assert_eq!((synced.moved.len(), synced.extended), (0, vec![now]));
    }

    async fn what_an_event_woke_is_not_put_to_sleep_by_a_reload(test: TestDb) {
        let mut sleeping = obligation("V.1", "SNV", day(3, 31));
        (sleeping.kind, sleeping.state) = (MilestoneKind::Event, State::Asleep);
        (sleeping.opens_on, sleeping.due_on, sleeping.act_by, sleeping.next_rung_on) = (None, None, None, None);
        sync(&test.db, std::slice::from_ref(&sleeping)).await;
        let asleep = all(&test.db).await[0].clone();
        let now = Terms { state: State::Open, opens_on: Some(day(5, 4)), due_on: Some(day(6, 3)), act_by: Some(day(6, 3)), pending: None };
        let wake = NewTerms { id: asleep.id, was: Terms::of(&asleep), now, next_rung_on: Some(day(5, 4)) };
        let mut tx = test.db.begin().await.unwrap();
        assert!(obligations::set_terms(&mut tx, &[wake]).await.unwrap());
        assert!(!obligations::set_terms(&mut tx, &[wake]).await.unwrap(), "it is no longer as it was");
        tx.commit().await.unwrap();
        let awake = all(&test.db).await;
        assert_eq!((awake[0].state, awake[0].due_on, awake[0].original_due_on), (State::Open, Some(day(6, 3)), Some(day(6, 3))));
        assert_eq!(sync(&test.db, std::slice::from_ref(&sleeping)).await, obligations::Synced::default());
        assert_eq!(all(&test.db).await, awake);
    }

    async fn what_sleeps_wakes_when_the_plan_is_given_dates(test: TestDb) {
        let settled = obligation("V.1", "SNV", day(6, 30));
        let mut sleeping = settled.clone();
        (sleeping.kind, sleeping.state) = (MilestoneKind::Event, State::Asleep);
        (sleeping.opens_on, sleeping.due_on, sleeping.act_by, sleeping.next_rung_on) = (None, None, None, None);
        sync(&test.db, &[sleeping]).await;
        assert_eq!(sync(&test.db, &[settled]).await.moved.len(), 1);
        let now = all(&test.db).await[0].clone();
        assert_eq!((now.kind, now.state, now.due_on), (MilestoneKind::Due, State::Open, Some(day(6, 30))));
    }

    async fn the_planner_reads_what_is_open_and_has_a_rung_by_that_day(test: TestDb) {
        let ids = province(&test.db, 5).await;
        let next = [(ids[0], Some(day(3, 10))), (ids[1], None), (ids[2], Some(day(3, 9))), (ids[3], Some(day(3, 11)))];
        let mut tx = test.db.begin().await.unwrap();
        obligations::set_next_rungs(&mut tx, &next).await.unwrap();
        obligations::set_state(&mut tx, &done(ids[4]), &event("done", Some(ids[4]))).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = reading(&test.db).await;
        let due: Vec<_> = obligations::due_for_planning(&mut tx, day(3, 10)).await.unwrap().iter().map(|one| one.id).collect();
        assert_eq!(due, [ids[2], ids[0]]);
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 8)).await.unwrap(), []);
    }

    async fn a_state_changes_once_with_one_event(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let mut tx = test.db.begin().await.unwrap();
        assert!(obligations::set_state(&mut tx, &done(id), &event("done", Some(id))).await.unwrap());
        assert!(!obligations::set_state(&mut tx, &done(id), &event("done", Some(id))).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = reading(&test.db).await;
        let now = obligations::find(&mut tx, &[id]).await.unwrap();
        assert_eq!((now[0].state, now[0].done_on), (State::Done, Some(day(3, 30))));
        assert_eq!(events::list_of_obligation(&mut tx, id).await.unwrap().len(), 1);
    }

    async fn an_extension_moves_the_day_once_and_keeps_the_original(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let mut tx = test.db.begin().await.unwrap();
        let before = obligations::find(&mut tx, &[id]).await.unwrap().remove(0);
        let dates = Dates { due_on: day(5, 15), act_by: day(5, 15) };
        let extended = event("extended", Some(id));
        assert!(obligations::extend(&mut tx, &before, &dates, None, Some(day(4, 15)), &extended).await.unwrap());
        assert!(!obligations::extend(&mut tx, &before, &dates, None, Some(day(4, 15)), &extended).await.unwrap());
        let after = obligations::find(&mut tx, &[id]).await.unwrap().remove(0);
        assert_eq!((after.due_on, after.original_due_on), (Some(day(5, 15)), before.due_on));
        assert_eq!(events::list_of_obligation(&mut tx, id).await.unwrap().len(), 1);
        assert!(obligations::set_state(&mut tx, &done(id), &event("done", Some(id))).await.unwrap());
        assert!(!obligations::extend(&mut tx, &after, &dates, None, None, &extended).await.unwrap(), "it is done");
    }

    async fn done_without_a_day_is_refused_by_the_database(test: TestDb) {
        let id = province(&test.db, 1).await[0];
        let mut tx = test.db.begin().await.unwrap();
        let without_day = StateChange { done_on: None, ..done(id) };
        let error = obligations::set_state(&mut tx, &without_day, &event("done", Some(id))).await.unwrap_err();
        assert!(matches!(error, StoreError::Bug { .. }), "{error:?}");
    }

    async fn a_list_is_filtered_and_ordered_by_due_day(test: TestDb) {
        let mut undated = obligation("I.3", "STP", day(1, 1));
        (undated.kind, undated.due_on, undated.act_by) = (MilestoneKind::Continuous, None, None);
        let wanted = [undated, obligation("I.1", "SNV", day(4, 30)), obligation("I.2", "SNV", day(3, 31))];
        sync(&test.db, &wanted).await;
        let tasks = async |filter: Filter| {
            let mut tx = reading(&test.db).await;
            let found = obligations::list(&mut tx, &filter).await.unwrap();
            found.into_iter().map(|one| one.milestone.task.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(tasks(Filter::default()).await, ["I.2", "I.1", "I.3"]);
        assert_eq!(tasks(Filter { agency: Some("STP".into()), ..Filter::default() }).await, ["I.3"]);
        assert_eq!(tasks(Filter { task: Some("I.1".into()), plan: Some(plan_id()), ..Filter::default() }).await, ["I.1"]);
        assert_eq!(tasks(Filter { plan: Some("hue-2020".into()), ..Filter::default() }).await, [""; 0]);
        assert_eq!(tasks(Filter { state: Some(State::Done), ..Filter::default() }).await, [""; 0]);
    }

    async fn however_many_are_listed_they_come_by_due_day_and_number(test: TestDb) {
        let mut tx = test.db.begin().await.unwrap();
        plans::upsert(&mut tx, &loaded_plan("a")).await.unwrap();
        let of_day = |n: u32| obligation(&format!("I.{n}"), "SNV", day(1 + n % 3, 20));
        let mut wanted: Vec<_> = (1..=700).map(of_day).collect();
        for undated in wanted.iter_mut().step_by(5) {
            (undated.kind, undated.due_on, undated.act_by) = (MilestoneKind::Continuous, None, None);
        }
        obligations::sync(&mut tx, &wanted).await.unwrap();
        let listed = obligations::list(&mut tx, &Filter::default()).await.unwrap();
        assert_eq!(listed.len(), 700);
        let place = |one: &dondoc::domain::obligation::Obligation| (one.due_on.is_none(), one.due_on, one.id);
        assert!(listed.is_sorted_by_key(place));
    }

    async fn what_is_open_is_looked_at_again_when_the_schedules_changed(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let mut tx = test.db.begin().await.unwrap();
        obligations::set_state(&mut tx, &done(ids[0]), &event("done", Some(ids[0]))).await.unwrap();
        obligations::set_next_rungs(&mut tx, &[(ids[1], Some(day(3, 24))), (ids[2], None)]).await.unwrap();
        assert_eq!(obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap(), []);
        obligations::look_again(&mut tx, &plan_id(), day(3, 3)).await.unwrap();
        let found = obligations::due_for_planning(&mut tx, day(3, 3)).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|one| one.id).collect();
        assert_eq!(found, ids[1..]);
    }

    async fn a_tally_counts_states(test: TestDb) {
        let ids = province(&test.db, 3).await;
        let mut tx = test.db.begin().await.unwrap();
        obligations::set_state(&mut tx, &done(ids[0]), &event("done", Some(ids[0]))).await.unwrap();
        obligations::set_state(&mut tx, &done(ids[1]), &event("done", Some(ids[1]))).await.unwrap();
        let counted = obligations::tally(&mut tx, &plan_id()).await.unwrap();
        assert_eq!(counted, [
            Tally { state: State::Done, total: 2 },
            Tally { state: State::Open, total: 1 },
        ]);
    }
}
