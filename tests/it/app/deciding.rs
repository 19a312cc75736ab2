//! What the monitor decides of what an officer asked for or claimed, and what the officer reads.

use std::sync::Arc;

use chrono::NaiveDate;
use dondoc::app::AppError;
use dondoc::app::deliver::Halt;
use dondoc::app::explain::{Which, explain};
use dondoc::app::open::Loaded;
use dondoc::app::resolve::{Order, Settled, settle};
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::{Pending, State};
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Policy, Resolution, Unfit};
use dondoc::store::events::Actor;

use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

pub(super) fn order(resolution: Resolution, reason: &str) -> Order {
    Order {
        task: "II.2".into(),
        milestone: Some(1),
        agency: "STP".into(),
        resolution,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
        document: None,
        by: None,
    }
}

/// The plan with other words about acceptance and extensions.
pub(super) fn plan(acceptance: Acceptance, extensions: Policy) -> Loaded {
    let mut loaded = loaded();
    let setup = Arc::get_mut(&mut loaded.setup).unwrap();
    setup.charges[0].plan.acceptance = acceptance;
    setup.charges[0].plan.extensions = extensions;
    loaded
}

impl Stage {
    pub(super) async fn settles(
        &self,
        time: &str,
        order: &Order,
        dry_run: bool,
    ) -> Result<Settled, AppError> {
        self.set_time(time);
        let deliverer = &self.daemon.deliverer;
        let (setup, clock) = (&deliverer.setup, &deliverer.clock);
        let charge = &setup.charges[0];
        let (db, origin) = (&deliverer.db, &deliverer.origin);
        settle(
            db,
            setup,
            origin,
            charge,
            order,
            clock.today(),
            clock.now(),
            dry_run,
        )
        .await
    }

    /// What leaves for the chat at once.
    async fn reads(&self) -> String {
        self.daemon.round(&Halt::never()).await.unwrap();
        let mut left = self.chat.take();
        // The brief of the day leaves in the same round where it has not yet.
        left.retain(|message| message.message_id.starts_with("<decision."));
        assert_eq!(left.len(), 1, "{left:#?}");
        left[0].text.clone()
    }
}

fn until(date: &str) -> Option<NaiveDate> {
    Some(day(date))
}

on_both_databases! {
    async fn an_extension_that_is_granted_moves_the_day_and_is_told_at_once(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        let granted = order(Resolution::Extend { until: None }, "Bộ chưa có hướng dẫn");

        let would = stage.settles("2020-03-17T14:00:00", &granted, true).await.unwrap();
        assert_eq!(would.after.due_on, until("2020-04-15"));
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension), "a dry run changes nothing");
        assert!(stage.chat.take().is_empty());

        let settled = stage.settles("2020-03-17T14:00:00", &granted, false).await.unwrap();
        assert_eq!(settled.told, ["stp.officer".into()]);
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.due_on, now.original_due_on), (until("2020-04-15"), until("2020-03-31")));
        assert_eq!((now.act_by, now.pending), (until("2020-04-15"), None));
        let text = stage.reads().await;
        assert!(text.contains("đồng ý gia hạn") && text.contains("hạn mới 15/4/2020, hạn cũ 31/3/2020"), "{text}");
        assert!(text.contains("Lý do: Bộ chưa có hướng dẫn"), "{text}");
        assert_eq!(stage.ledger(&now).await.last().unwrap(), "extended");

        // The whole story, from the brief of the morning to the decision.
        stage.set_time("2020-03-20T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let deliverer = &stage.daemon.deliverer;
        let which = Which::Owed { plan: "quang-nam-2020".into(), task: "II.2".into(), milestone: Some(1), agency: "STP".into() };
        let explained = explain(&deliverer.db, &deliverer.setup, &which, deliverer.clock.today()).await.unwrap().unwrap();
        let by_number = Which::Number(now.id.0);
        let same = explain(&deliverer.db, &deliverer.setup, &by_number, deliverer.clock.today()).await.unwrap().unwrap();
        assert_eq!(same, explained);
        // What follows, counted from the new date 15/4.
        let (next, rung, hear) = &explained.to_come[0];
        assert_eq!((*next, rung.as_str(), hear.as_slice()), (day("2020-04-01"), "d14", &[Audience::Officer][..]));
        let last = explained.to_come.last().unwrap();
        assert!(last.1.as_str() == "late5" && last.2.contains(&Audience::Monitor), "{last:?}");
        assert!(explained.told.iter().any(|one| {
            one.contact == "stp.officer".into() && one.sent.as_ref().is_ok_and(|sent| sent.at.is_some())
        }), "{:#?}", explained.told);
        let kinds: Vec<&str> = explained.events.iter().map(|one| one.entry.kind.as_str()).collect();
        assert_eq!(kinds, ["extension-asked", "extended"]);
    }

    async fn what_a_waiting_wish_withholds_is_not_foretold_and_causes_stand_before_what_they_cause(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ").await;
        stage.set_time("2020-03-17T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let deliverer = &stage.daemon.deliverer;
        let which = Which::Owed { plan: "quang-nam-2020".into(), task: "II.2".into(), milestone: Some(1), agency: "STP".into() };
        let on = async |date| explain(&deliverer.db, &deliverer.setup, &which, day(date)).await.unwrap().unwrap();
        // Up to the due day the reminders go on; of lateness the monitor alone is told while the wish waits, up to its day.
        let explained = on("2020-03-17").await;
        assert!(explained.to_come.iter().any(|(on, _, told)| *on <= day("2020-03-31") && told.contains(&Audience::Officer)));
        let late = on("2020-03-31").await.to_come;
        let (up_to_it, beyond): (Vec<_>, Vec<_>) = late.iter().partition(|(on, ..)| *on <= day("2020-04-15"));
        assert!(!up_to_it.is_empty() && up_to_it.iter().all(|(_, _, told)| told == &[Audience::Monitor]), "{late:?}");
        assert!(!beyond.is_empty() && beyond.iter().all(|(_, _, told)| told.contains(&Audience::Officer)), "{late:?}");
        let granted = order(Resolution::Refuse, "Phải ban hành trong quý I");
        stage.settles("2020-03-31T08:00:00", &granted, false).await.unwrap();
        let late = on("2020-03-31").await.to_come;
        assert!(late[0].2.contains(&Audience::Officer), "{late:?}");

        let words = stage.prints(&["explain", "II.2/1", "STP"]);
        let at = |part: &str| words.find(part).unwrap_or_else(|| panic!("{part}: {words}"));
        let asked = at("2020-03-16 09:30  extension-asked by stp.officer");
        let told = at("rung extension");
        assert!(asked < told && told < at("2020-03-31 08:00  extension-refused"), "{words}");
    }

    async fn of_two_who_extend_on_one_day_the_second_is_told_of_the_first(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xin gia hạn đến 15/4").await;
        let by = |until: &str, contact: &str| Order {
            by: Some(contact.into()),
            ..order(Resolution::Extend { until: Some(day(until)) }, "")
        };
        stage.settles("2020-03-17T09:00:00", &by("2020-04-20", "snv.head"), false).await.unwrap();
        let second = stage.settles("2020-03-17T09:00:01", &by("2020-05-05", "snv.officer"), false).await.unwrap_err();
        assert!(second.to_string().contains("somebody else has extended it today, to 2020-04-20"), "{second}");
        assert_eq!(stage.owed("II.2", 1).await.due_on, until("2020-04-20"));
        // Who has decided may decide otherwise, and so may anybody on another day.
        stage.settles("2020-03-17T10:00:00", &by("2020-04-22", "snv.head"), false).await.unwrap();
        stage.settles("2020-03-18T09:00:00", &by("2020-05-05", "snv.officer"), false).await.unwrap();
        assert_eq!(stage.owed("II.2", 1).await.due_on, until("2020-05-05"));
    }

    async fn an_extension_that_is_refused_leaves_the_day_and_gives_the_reason(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/4").await;
        let refused = order(Resolution::Refuse, "Phải ban hành trong quý I");
        stage.settles("2020-03-17T14:00:00", &refused, false).await.unwrap();
        let now = stage.owed("II.2", 1).await;
        assert_eq!((now.due_on, now.pending, now.state), (until("2020-03-31"), None, State::Open));
        let text = stage.reads().await;
        assert!(text.contains("không đồng ý gia hạn") && text.contains("hạn vẫn là 31/3/2020"), "{text}");
        let again = stage.settles("2020-03-17T15:00:00", &refused, false).await.unwrap_err();
        assert!(matches!(again, AppError::Unfit { why: Unfit::NothingAsked, .. }), "{again}");
    }

    async fn what_waits_is_listed_as_late_where_no_decision_can_make_it_in_time(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-04-02T09:00:00", loaded.contacts.clone(), loaded).await;
        stage.link("2020-04-02T09:00:00", "stp.officer").await;
        for (said, standing) in [("II.2/1 xong hôm 1/4, KH số 12/KH-STP", "open-late"), ("II.2/1 xong hôm 30/3, KH số 12/KH-STP", "waiting")] {
            stage.answers("2020-04-02T09:30:00", said).await;
            assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Acceptance), "{said}");
            let line: serde_json::Value = serde_json::from_str(&stage.prints(&["decide", "--json"])).unwrap();
            assert_eq!((&line["agency"], &line["standing"]), (&"STP".into(), &standing.into()), "{said}");
            let listed = stage.prints(&["decide"]);
            let row = listed.lines().find(|row| row.contains("STP")).unwrap();
            assert_eq!(row.contains("open late"), standing == "open-late", "{said}: {listed}");
            stage.answers("2020-04-02T09:40:00", "nhầm").await;
        }
    }

    async fn a_claim_waits_for_its_acceptance_where_the_plan_says_so(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xong hôm 13/3, KH số 12/KH-STP").await;
        let waits = stage.owed("II.2", 1).await;
        assert_eq!((waits.state, waits.pending), (State::Open, Some(Pending::Acceptance)));

        let returned = order(Resolution::Return, "Văn bản gửi kèm là dự thảo");
        stage.settles("2020-03-17T14:00:00", &returned, false).await.unwrap();
        let open = stage.owed("II.2", 1).await;
        assert_eq!((open.state, open.pending), (State::Open, None));
        let text = stage.reads().await;
        assert!(text.contains("trả lại báo cáo hoàn thành") && text.contains("dự thảo"), "{text}");

        stage.answers("2020-03-18T09:30:00", "II.2 xong hôm 17/3, KH số 13/KH-STP").await;
        stage.settles("2020-03-18T14:00:00", &order(Resolution::Accept { on: None }, ""), false).await.unwrap();
        let done = stage.owed("II.2", 1).await;
        assert_eq!((done.state, done.done_on), (State::Done, until("2020-03-17")));
        let text = stage.reads().await;
        assert!(text.contains("xác nhận hoàn thành") && text.contains("hoàn thành đúng hạn"), "{text}");
    }

    async fn a_wish_that_was_taken_back_is_not_granted(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/4").await;
        stage.answers("2020-03-16T09:31:00", "nhầm").await;
        let granted = order(Resolution::Extend { until: None }, "");
        let refused = stage.settles("2020-03-17T14:00:00", &granted, false).await.unwrap_err();
        assert!(matches!(refused, AppError::Unfit { why: Unfit::NoDay, .. }), "{refused}");
        assert_eq!(stage.owed("II.2", 1).await.due_on, until("2020-03-31"));
    }

    async fn a_completion_that_stands_can_be_returned_and_is_reminded_of_again(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xong, KH số 12/KH-STP").await;
        let returned = order(Resolution::Return, "Chưa thấy văn bản");
        let settled = stage.settles("2020-03-17T14:00:00", &returned, false).await.unwrap();
        assert_eq!((settled.before.state, settled.after.state), (State::Done, State::Open));
        assert!(stage.reads().await.contains("Chưa thấy văn bản"));
        // 20/3 is seven working days before the last day.
        stage.set_time("2020-03-20T07:30:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let brief = stage.chat.take();
        assert!(brief.iter().any(|one| one.text.contains("II.2/1")), "{brief:#?}");
    }

    async fn a_plan_bounds_how_often_and_how_far_it_is_extended(test: TestDb) {
        let bounded = Policy { most: Some(1), latest: until("2020-06-30"), ..Policy::default() };
        let loaded = plan(Acceptance::Trust, bounded);
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
        let extend = |date: &str| order(Resolution::Extend { until: until(date) }, "");
        let beyond = stage.settles("2020-03-16T10:00:00", &extend("2020-07-01"), false).await.unwrap_err();
        assert!(matches!(beyond, AppError::Unfit { why: Unfit::TooLate { .. }, .. }), "{beyond}");
        stage.settles("2020-03-16T10:00:00", &extend("2020-04-30"), false).await.unwrap();
        // 30/4 is a day off: the last working day before it is kept.
        assert_eq!(stage.owed("II.2", 1).await.act_by, until("2020-04-29"));
        let again = stage.settles("2020-03-16T11:00:00", &extend("2020-05-15"), false).await.unwrap_err();
        assert!(matches!(again, AppError::Unfit { why: Unfit::TooOften { most: 1 }, .. }), "{again}");
    }

    async fn a_decision_at_the_command_line_is_the_person_s_who_takes_it(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2 xin gia hạn đến 15/4").await;
        let by = |contact: &str| Order {
            by: Some(contact.into()),
            ..order(Resolution::Extend { until: None }, "Bộ chưa có hướng dẫn")
        };
        let other = stage.settles("2020-03-17T14:00:00", &by("stp.head"), false).await;
        assert!(matches!(other, Err(AppError::NotTheirs { .. })), "{other:?}");
        let nobody = stage.settles("2020-03-17T14:00:00", &by("snv.nobody"), false).await;
        assert!(matches!(nobody, Err(AppError::NoContact { .. })), "{nobody:?}");
        assert_eq!(stage.owed("II.2", 1).await.pending, Some(Pending::Extension));
        stage.settles("2020-03-17T14:00:00", &by("snv.head"), false).await.unwrap();
        let now = stage.owed("II.2", 1).await;
        let deliverer = &stage.daemon.deliverer;
        let which = Which::Number(now.id.0);
        let explained = explain(&deliverer.db, &deliverer.setup, &which, day("2020-03-17")).await.unwrap().unwrap();
        let last = &explained.events.last().unwrap().entry;
        assert_eq!(last.actor, Actor::Contact("snv.head".into()));
        assert_eq!(last.payload["reason"], "Bộ chưa có hướng dẫn");
    }

    async fn a_milestone_that_is_not_there_is_told_with_those_that_are(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let ninth = Order { milestone: Some(9), ..order(Resolution::Return, "thiếu phụ lục") };
        let told = stage.settles("2020-03-17T14:00:00", &ninth, false).await.unwrap_err().to_string();
        assert!(told.starts_with("task II.2 of STP has no milestone 9: it has II.2/1, II.2/2"), "{told}");
    }
}
