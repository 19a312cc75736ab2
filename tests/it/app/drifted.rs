//! Files of a plan that is followed, and were edited: what was agreed stands, and a slip is put right in the open.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use chrono::NaiveDate;
use dondoc::app::AppError;
use dondoc::app::amend::{Outcome, correct};
use dondoc::app::deliver::Deliverer;
use dondoc::app::drift::Filed;
use dondoc::app::setup::{Charge, Setup};
use dondoc::domain::obligation::{Standing, State};
use dondoc::domain::plan::{MilestoneKind, Plan, Task};

use super::amending::{order, until};
use super::stage::{Stage, day, loaded, to};
use crate::support::db::on_both_databases;

const SLIP: &str = "Chép nhầm thời hạn";

/// The task of that id, to be edited.
fn task<'p>(plan: &'p mut Plan, id: &str) -> &'p mut Task {
    let mut tasks = plan.tasks.iter_mut();
    tasks.find(|task| task.id.as_str() == id).unwrap()
}

/// Has the file say another due day of the first thing due under a task.
fn due(plan: &mut Plan, id: &str, on: &str) {
    let milestone = &mut task(plan, id).milestones[0];
    (milestone.due_on, milestone.act_by) = (Some(day(on)), Some(day(on)));
}

impl Stage {
    /// Edits the plan of Quảng Nam as it was printed.
    fn edit(&mut self, change: impl FnOnce(&mut Plan)) {
        let mut setup: Setup = Arc::into_inner(loaded().setup).unwrap();
        let charge = &setup.charges[0];
        let mut plan = charge.plan.clone();
        change(&mut plan);
        let mut hasher = DefaultHasher::new();
        format!("{:?}", plan.tasks).hash(&mut hasher);
        let fingerprint = format!("edited{}", hasher.finish());
        setup.charges[0] = Charge::new(plan, charge.directory.clone(), fingerprint);
        self.daemon.deliverer.setup = Arc::new(setup);
    }

    /// Why the files are not taken; nothing where they are.
    async fn refused(&self) -> Vec<(String, Filed)> {
        match self.daemon.import(&loaded().contacts).await {
            Ok(_) => Vec::new(),
            Err(AppError::PlanDiffers(drift)) => {
                let named = drift.differences.iter();
                named
                    .map(|it| (format!("{} {}", it.one.milestone, it.one.agency), it.filed))
                    .collect()
            }
            Err(other) => panic!("{other}"),
        }
    }

    async fn corrects(&self, dry_run: bool) -> Result<Outcome, AppError> {
        let Deliverer {
            db,
            setup,
            origin,
            clock,
            ..
        } = &self.daemon.deliverer;
        let (charge, reason) = (&setup.charges[0], SLIP.to_owned());
        let (today, now) = (clock.today(), clock.now());
        correct(db, setup, origin, charge, reason, None, today, now, dry_run).await
    }
}

fn days(outcome: &Outcome) -> Vec<(String, NaiveDate, NaiveDate)> {
    let changed = outcome.effects.iter();
    let changed = changed.map(|one| {
        let (before, after) = (&one.before, one.after.as_ref().unwrap());
        let name = format!("{} {}", before.milestone, before.agency);
        (name, before.due_on.unwrap(), after.due_on.unwrap())
    });
    changed.collect()
}

on_both_databases! {
    async fn a_due_day_that_was_edited_is_refused_and_put_right_in_the_open(test: TestDb) {
        let mut stage = Stage::at(test, "2020-04-06T07:00:00").await;
        stage.round_at("2020-04-06T07:30:00").await;
        let before = stage.digest_on("2020-04-06").await;
        stage.set_time("2020-04-07T10:00:00");
        stage.edit(|plan| due(plan, "I.2", "2020-12-31"));
        let due_on = day("2020-12-31");
        let opens_on = stage.owed("I.2", 1).await.opens_on;
        let refused = stage.refused().await;
        assert_eq!(refused, [("I.2/1 STP".to_owned(), Filed::Due { opens_on, due_on })]);
        let owed = stage.owed("I.2", 1).await;
        assert_eq!(owed.due_on, Some(day("2020-03-31")), "nothing has moved");

        let dry = stage.corrects(true).await.unwrap();
        let moved = [("I.2/1 STP".to_owned(), day("2020-03-31"), due_on)];
        assert_eq!(days(&dry), moved);
        assert!(!dry.told.is_empty() && stage.ledger(&owed).await.is_empty());
        assert_eq!(days(&stage.corrects(false).await.unwrap()), moved);
        assert_eq!(stage.ledger(&owed).await, ["due-amended"]);
        assert_eq!(stage.refused().await, [], "the files say what is agreed now");
        let owed = stage.owed("I.2", 1).await;
        assert_eq!((owed.due_on, owed.original_due_on), (Some(due_on), Some(day("2020-03-31"))));
        assert_eq!(stage.strays().await, []);
        assert!(matches!(stage.corrects(false).await, Err(AppError::NothingToAmend { .. })), "once");

        let mails = stage.round_at("2020-04-08T07:30:00").await;
        let told: Vec<_> = mails.iter().filter(|mail| mail.text.contains(SLIP)).collect();
        assert!(!told.is_empty() && told.iter().all(|mail| mail.text.contains("I.2") && mail.text.contains("31/12")), "{mails:#?}");
        let again = stage.round_at("2020-04-09T07:30:00").await;
        assert!(again.iter().all(|mail| !mail.text.contains(SLIP)), "{again:#?}");
        stage.set_time("2020-04-13T12:00:00");
        assert!(stage.digest_on("2020-04-06").await == before, "what was told is told the same");
        assert_eq!(stage.digest_on("2020-04-13").await.amended.moved, 1);
    }

    async fn what_would_leave_the_files_is_refused_whatever_became_of_it(test: TestDb) {
        let mut stage = Stage::at(test, "2020-04-01T07:00:00").await;
        stage.round_at("2020-04-01T07:30:00").await;
        stage.done("II.2", 1, "STC", "2020-03-30").await;
        let whole = stage.digest_on("2020-04-01").await;
        stage.edit(|plan| {
            task(plan, "II.2").milestones.remove(0);
            task(plan, "I.2").agencies.retain(|agency| agency.as_str() != "STP");
            task(plan, "VII.3").milestones[0].kind = MilestoneKind::Event;
        });
        let refused = stage.refused().await;
        for (name, filed) in [
            ("II.2/1 STC", Filed::Nothing), // it is done
            ("II.2/1 STP", Filed::Nothing),
            ("I.2/1 STP", Filed::NotTheirs),
            ("VII.3/1 SNV", Filed::Kind(MilestoneKind::Event)),
        ] {
            assert!(refused.contains(&(name.to_owned(), filed)), "{name}: {refused:?}");
        }
        assert!(refused.iter().all(|(name, _)| ["II.2/1 ", "I.2/", "VII.3/1 "].iter().any(|of| name.starts_with(of))), "{refused:?}");
        assert!(matches!(stage.corrects(false).await, Err(AppError::PlanDiffers(_))), "that is no slip of a day");
        stage.edit(|plan| "Rà soát thủ tục hành chính.".clone_into(&mut task(plan, "II.2").content));
        assert_eq!(stage.refused().await, [], "words count for nothing");
        assert_eq!(stage.digest_on("2020-04-01").await.now, whole.now);
    }

    async fn the_files_may_say_what_a_document_has_made_of_them(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.amends(&order("I.2", &[], until("2020-06-30")), false).await.unwrap();
        let owed = stage.owed("I.2", 1).await;
        for on in ["2020-06-30", "2020-04-15"] {
            stage.edit(|plan| due(plan, "I.2", on));
            assert_eq!(stage.refused().await, [], "{on}");
            assert_eq!(stage.owed("I.2", 1).await, owed, "{on}");
            assert_eq!(stage.strays().await, [], "{on}");
        }
        stage.edit(|plan| due(plan, "I.2", "2020-09-30"));
        assert!(!stage.refused().await.is_empty());
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        assert!(!to(&mails, "cchc.stp@quangnam.example").is_empty());
    }

    async fn what_was_put_right_once_is_what_the_files_have_to_say(test: TestDb) {
        let mut stage = Stage::at(test, "2020-04-07T10:00:00").await;
        stage.edit(|plan| due(plan, "I.2", "2020-12-31"));
        let done = stage.corrects(false).await.unwrap();
        for other in ["2020-04-15", "2020-03-31"] {
            stage.edit(|plan| due(plan, "I.2", other));
            assert_eq!(stage.refused().await.len(), 1, "{other}");
        }
        stage.edit(|plan| due(plan, "I.2", "2020-12-31"));
        assert_eq!(stage.refused().await, []);
        // Once the correction is taken back the files say too much, and whoever takes it back is told so.
        let back = stage.revokes(done.amendment).await.unwrap();
        assert_eq!(back.unfiled, Some("quang-nam-2020".into()));
        stage.edit(|plan| due(plan, "I.2", "2020-03-31"));
        assert_eq!(stage.refused().await, []);
    }

    async fn what_is_done_is_as_late_as_the_plan_says(test: TestDb) {
        let mut stage = Stage::at(test, "2020-04-06T10:00:00").await;
        stage.done("I.2", 1, "STP", "2020-04-03").await;
        let owed = stage.owed("I.2", 1).await;
        assert_eq!(owed.standing(day("2020-04-06"), None), Some(Standing::DoneLate));
        stage.edit(|plan| due(plan, "I.2", "2020-06-30"));
        assert_eq!(stage.refused().await.len(), 1);
        assert_eq!(stage.corrects(true).await.unwrap().changed, 1);
        stage.corrects(false).await.unwrap();
        let owed = stage.owed("I.2", 1).await;
        assert_eq!((owed.state, owed.done_on), (State::Done, Some(day("2020-04-03"))));
        assert_eq!(owed.standing(day("2020-04-06"), None), Some(Standing::DoneOnTime));
        assert_eq!((stage.refused().await, stage.strays().await), (Vec::new(), Vec::new()));
    }

    async fn a_plan_that_is_followed_keeps_its_id(test: TestDb) {
        let mut stage = Stage::at(test, "2020-04-06T10:00:00").await;
        let before = stage.owed("I.2", 1).await;
        stage.edit(|plan| plan.id = "quang-nam-2020-a".into());
        let refused = stage.daemon.import(&loaded().contacts).await.unwrap_err();
        assert!(matches!(&refused, AppError::PlanRenamed { stored, .. } if stored.as_str() == "quang-nam-2020"), "{refused}");
        stage.edit(|_| ());
        assert_eq!(stage.refused().await, []);
        let after = stage.owed("I.2", 1).await;
        assert_eq!((after.id, after.due_on, after.state), (before.id, before.due_on, before.state));
        // Another plan may be followed beside it.
        stage.edit(|plan| (plan.id, plan.number) = ("quang-nam-2021".into(), "4400/QĐ-UBND".to_owned()));
        assert_eq!(stage.refused().await, []);
    }
}
