//! What a second load finds that the first one stored.

use std::sync::Arc;

use dondoc::app::import::Imported;
use dondoc::app::setup::{Charge, Setup};

use super::stage::{Stage, loaded, to};
use crate::support::db::on_both_databases;

const STP: &str = "cchc.stp@quangnam.example";

/// Loads the plan of Quảng Nam, changed.
async fn reload(stage: &mut Stage, change: impl FnOnce(&mut Setup)) -> Imported {
    let loaded = loaded();
    let mut setup = Arc::into_inner(loaded.setup).unwrap();
    change(&mut setup);
    stage.daemon.deliverer.setup = Arc::new(setup);
    stage.daemon.import(&loaded.contacts).await.unwrap()
}

fn named(imported: &Imported) -> Vec<String> {
    let named = imported.vanished.iter();
    named
        .map(|one| format!("{} {}", one.milestone, one.agency))
        .collect()
}

on_both_databases! {
    async fn what_left_the_plan_is_named_and_nobody_is_told_of_it_without_text(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:00:00").await;
        stage.done("II.2", 1, "STC", "2020-03-30").await;
        let imported = reload(&mut stage, |setup| {
            let charge = &setup.charges[0];
            let mut plan = charge.plan.clone();
            let tasks = &mut plan.tasks;
            let ii2 = tasks.iter_mut().find(|task| task.id.as_str() == "II.2").unwrap();
            ii2.milestones.remove(0); // a milestone of two agencies' worth or more
            let i2 = tasks.iter_mut().find(|task| task.id.as_str() == "I.2").unwrap();
            i2.agencies.retain(|agency| agency.as_str() != "STP"); // one agency
            tasks.retain(|task| task.id.as_str() != "IV.1.b"); // a whole task
            setup.charges[0] = Charge::new(plan, charge.directory.clone(), charge.fingerprint.clone());
        }).await;
        let named = named(&imported);
        let of = |start: &str| named.iter().filter(|one| one.starts_with(start)).count();
        assert!(named.contains(&"II.2/1 STP".to_owned()) && !named.contains(&"II.2/1 STC".to_owned()), "{named:?}");
        assert!(of("II.2/1 ") > 10 && of("IV.1.b/1 ") > 30, "{named:?}");
        assert!(named.contains(&"I.2/1 STP".to_owned()), "{named:?}");
        assert_eq!(of("II.2/1 ") + of("I.2/") + of("IV.1.b/1 "), named.len());
        assert_eq!(imported.unloaded, []);

        let mails = stage.round_at("2020-03-31T07:30:00").await;
        assert!(!mails.is_empty());
        for gone in ["II.2/1", "IV.1.b"] {
            assert!(mails.iter().all(|mail| !mail.text.contains(gone)), "{gone}");
        }
        for own in to(&mails, STP) {
            assert!(!own.text.contains("I.2/1"), "{}", own.text);
        }

        // It is there again: nothing was lost, and the next rung is told.
        let imported = reload(&mut stage, |_| ()).await;
        assert!(imported.vanished.is_empty());
        let mails = stage.round_at("2020-04-01T07:30:00").await;
        assert!(to(&mails, STP)[0].text.contains("II.2/1"), "{}", to(&mails, STP)[0].text);
    }

    async fn a_plan_that_is_no_longer_loaded_is_named_with_what_is_owed(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-31T07:00:00").await;
        let imported = reload(&mut stage, |setup| setup.charges.clear()).await;
        let [(plan, owed)] = imported.unloaded.try_into().unwrap();
        assert_eq!(plan.as_str(), "quang-nam-2020");
        assert!(owed > 500, "{owed}");
        assert!(stage.round_at("2020-03-31T07:30:00").await.is_empty());
    }
}
