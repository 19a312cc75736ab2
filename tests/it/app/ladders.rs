//! The ladder changes while escalations run.

use std::sync::Arc;

use dondoc::app::explain::{Explained, Footing, Which, explain};
use dondoc::channels::Message;
use dondoc::clock::instant;
use dondoc::domain::ladder::{Audience, When};
use dondoc::store::contacts;

use super::stage::{LOADED, Stage, day, loaded, to};
use crate::support::db::on_both_databases;

/// The province under a ladder that tells Sở Nội vụ of what is late on the first day.
fn stricter() -> dondoc::app::open::Loaded {
    let mut loaded = loaded();
    let setup = Arc::get_mut(&mut loaded.setup).unwrap();
    for rung in &mut setup.ladder.rungs {
        if matches!(rung.when, When::Late { days: 1, .. }) {
            rung.tell.push(Audience::Monitor);
        }
    }
    loaded
}

/// Whether the officer of Sở Nội vụ reads in these mails that Sở Tư pháp owes this milestone.
fn watched(mails: &[Message], milestone: &str) -> bool {
    let mails = to(mails, "cchc.snv@quangnam.example");
    let names = |mail: &&Message| mail.text.contains(milestone) && mail.text.contains("Sở Tư pháp");
    mails.iter().any(names)
}

impl Stage {
    pub(super) async fn explained(&self, milestone: (&str, u16), agency: &str) -> Explained {
        let deliverer = &self.daemon.deliverer;
        let which = Which::Owed {
            plan: "quang-nam-2020".into(),
            task: milestone.0.into(),
            milestone: Some(milestone.1),
            agency: agency.into(),
        };
        let today = deliverer.clock.today();
        let found = explain(&deliverer.db, &deliverer.setup, &which, today).await;
        found.unwrap().unwrap()
    }
}

/// The first day on which the monitor would hear of it.
fn monitor_hears(explained: &Explained) -> Option<chrono::NaiveDate> {
    let mut to_come = explained.to_come.iter();
    let found = to_come.find(|(_, _, told)| told.contains(&Audience::Monitor));
    found.map(|(day, _, _)| *day)
}

on_both_databases! {
    async fn what_is_to_come_is_told_by_the_ladder_that_is_climbed(test: TestDb) {
        let stage = Stage::at(test, "2020-04-01T07:30:00").await;
        stage.round_at("2020-04-01T07:30:00").await;
        let overdue = stage.explained(("I.2", 1), "STP").await;
        let loaded_at = instant(LOADED.parse().unwrap());
        assert_eq!(overdue.footing, Footing::InForce { since: loaded_at });
        let third_day = monitor_hears(&overdue);
        assert_eq!(third_day, Some(day("2020-04-06")));
        let later = stage.explained(("II.2", 2), "STP").await;

        // The file has changed; the daemon has not loaded it.
        stage.set_time("2020-04-01T10:00:00");
        let stage = stage.on(stricter());
        let not_loaded = |moves| Footing::NotLoaded { since: loaded_at, moves };
        let seen = stage.explained(("I.2", 1), "STP").await;
        assert_eq!((seen.footing, monitor_hears(&seen)), (not_loaded(false), third_day));
        let seen = stage.explained(("II.2", 2), "STP").await;
        assert_eq!((seen.footing, &seen.to_come), (not_loaded(true), &later.to_come));

        stage.daemon.import(&loaded().contacts).await.unwrap();
        let seen = stage.explained(("I.2", 1), "STP").await;
        assert_eq!((seen.footing, monitor_hears(&seen)), (Footing::Earlier { since: loaded_at }, third_day));
        let seen = stage.explained(("II.2", 2), "STP").await;
        assert_eq!(seen.footing, Footing::InForce { since: stage.daemon.deliverer.clock.now() });
        assert!(monitor_hears(&seen) < monitor_hears(&later), "{seen:#?}");
    }

    async fn a_running_escalation_climbs_the_ladder_on_which_it_began(test: TestDb) {
        let stage = Stage::at(test, "2020-04-01T07:30:00").await;
        // Overdue since 31/3: the officer and the head hear on the first day, the monitor on the third.
        let mails = stage.round_at("2020-04-01T07:30:00").await;
        assert!(!watched(&mails, "\nI.2/1 "));
        stage.set_time("2020-04-01T10:00:00");
        let stage = stage.on(stricter());
        let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert!(imported.keep_ladder > 30, "{imported:?}");
        let again = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!(again.keep_ladder, 0);
        let mails = stage.round_at("2020-04-03T07:30:00").await;
        assert!(!watched(&mails, "\nI.2/1 "), "not on the second day, as the new ladder would have it");
        let mails = stage.round_at("2020-04-06T07:30:00").await;
        assert!(watched(&mails, "\nI.2/1 "), "on the third working day, Giỗ Tổ on 2/4 not counted");

        // What falls due later climbs the new one: VII.6 of Sở Kế hoạch và Đầu tư was due on 30/4.
        let mails = stage.round_at("2020-05-04T07:30:00").await;
        let monitor = to(&mails, "cchc.snv@quangnam.example");
        assert!(monitor.iter().any(|mail| mail.text.contains("VII.6/1")), "{monitor:#?}");
    }

    async fn what_was_told_before_a_role_was_empty_is_not_told_again_to_who_hears_instead(test: TestDb) {
        let stage = Stage::at(test, "2020-01-02T07:30:00").await;
        let mails = stage.round_at("2020-01-02T07:30:00").await;
        let own = to(&mails, "cchc.stp@quangnam.example");
        assert!(own.iter().any(|mail| mail.text.contains("bắt đầu thực hiện")), "{own:#?}");
        // Nobody is left, and the new ladder has all looked at again.
        stage.set_time("2020-01-03T10:00:00");
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        for contact in loaded().contacts.iter().filter(|one| one.agency == "STP".into()) {
            assert!(contacts::remove(&mut tx, &contact.id).await.unwrap());
        }
        tx.commit().await.unwrap();
        let stage = stage.on(stricter());
        stage.daemon.import(&loaded().contacts).await.unwrap();
        let mails = stage.round_at("2020-01-06T07:30:00").await;
        let briefs = mails.iter().filter(|mail| !mail.message_id.starts_with("<digest."));
        for mail in briefs {
            assert!(!mail.text.contains("Sở Tư pháp"), "{}: {}", mail.to, mail.text);
        }
        // The next rung is told, once, to who hears instead.
        let mails = stage.round_at("2020-01-16T07:30:00").await;
        assert!(watched(&mails, "IV.1.b"), "{mails:#?}");
    }
}
