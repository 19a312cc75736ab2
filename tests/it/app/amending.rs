//! What a numbered document changes of a running plan, and how those concerned learn of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use dondoc::app::AppError;
use dondoc::app::amend::{Authority, Order, Outcome, Scope, amend, revoke};
use dondoc::app::deliver::{Deliverer, Halt};
use dondoc::app::digest::preview;
use dondoc::app::ended::refuse_ended;
use dondoc::app::explain::{Which, explain};
use dondoc::app::setup::Charge;
use dondoc::app::verify::{Astray, Misfiled, Misfiling, verify, verify_by};
use dondoc::channels::{Message, Sender};
use dondoc::domain::amendment::{BadDay, Change, EarlyDay, FarDay, PastDay, Slip, Unfit};
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::domain::obligation::{Obligation, Standing, State};
use dondoc::domain::plan::{Acceptance, Addition};
use dondoc::domain::resolution::{Policy, Resolution};
use dondoc::messages::DigestContext;
use dondoc::store::obligations::{self, Filter};
use dondoc::store::{addresses, contacts};

use super::deciding::{self, plan};
use super::export;
use super::golden::sheets_of;
use super::stage::{Stage, day, loaded, to};
use super::taken_back::brief;
use crate::channels::email::sender;
use crate::support::db::{execute, on_both_databases, tamper};
use crate::support::smtp::{FakeSmtp, Fault, Verb};

const OFFICER: &str = "cchc.stp@quangnam.example";

pub(super) fn order(task: &str, agencies: &[&str], change: Change) -> Order {
    Order {
        scope: Scope {
            tasks: vec![(task.into(), Some(1))],
            agencies: agencies.iter().map(|code| (*code).into()).collect(),
        },
        change,
        past: PastDay::Refused,
        far: FarDay::Refused,
        early: EarlyDay::Refused,
        authority: Authority {
            document: "905/QĐ-UBND".to_owned(),
            signed_on: Some(day("2020-01-15")),
            reason: Some("Phòng, chống dịch".to_owned()),
        },
        ends: None,
        by: None,
    }
}

pub(super) fn until(date: &str) -> Change {
    Change::Due { on: day(date) }
}

pub(super) fn given_to(agencies: &[&str]) -> Change {
    Change::Transfer {
        to: agencies.iter().map(|code| (*code).into()).collect(),
    }
}

impl Stage {
    pub(super) async fn amends(&self, order: &Order, dry_run: bool) -> Result<Outcome, AppError> {
        let deliverer = &self.daemon.deliverer;
        let (setup, clock) = (&deliverer.setup, &deliverer.clock);
        let (today, now) = (clock.today(), clock.now());
        let (charge, origin) = (&setup.charges[0], &deliverer.origin);
        amend(
            &deliverer.db,
            setup,
            origin,
            charge,
            order,
            today,
            now,
            dry_run,
        )
        .await
    }

    pub(super) async fn revokes(&self, number: i64) -> Result<Outcome, AppError> {
        let deliverer = &self.daemon.deliverer;
        let (setup, clock) = (&deliverer.setup, &deliverer.clock);
        let (today, now) = (clock.today(), clock.now());
        revoke(
            &deliverer.db,
            setup,
            &deliverer.origin,
            number,
            None,
            None,
            None,
            today,
            now,
            false,
        )
        .await
    }

    pub(super) async fn of(&self, task: &str, agency: &str) -> Option<Obligation> {
        let mut tx = self.daemon.deliverer.db.snapshot().await.unwrap();
        let filter = Filter {
            agency: Some(agency.into()),
            task: Some(task.into()),
            ..Filter::default()
        };
        let mut found = obligations::list(&mut tx, &filter).await.unwrap();
        found.retain(|one| one.milestone.number == 1);
        found.pop()
    }

    /// The sheets that go with the digest of that day.
    async fn workbook(&self, date: &str) -> Vec<(String, Vec<Vec<String>>)> {
        let (_, files) = self.preview_with_files(date).await;
        let found = files
            .iter()
            .find(|file| file.name.ends_with(".xlsx"))
            .unwrap();
        sheets_of(&found.bytes)
    }

    /// What does not stand as the ledger and the files of the plan say.
    pub(super) async fn strays(&self) -> Vec<Astray> {
        let Deliverer { db, setup, .. } = &self.daemon.deliverer;
        let mut found = verify_by(db, Some(setup), None, None).await.unwrap();
        found.remove(0).astray
    }

    pub(super) async fn digest_on(&self, date: &str) -> DigestContext {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let (digest, _) = preview(
            db,
            setup,
            origin,
            &setup.charges[0],
            day(date),
            dondoc::domain::ladder::Audience::Monitor,
        )
        .await
        .unwrap();
        digest
    }
}

/// The mail to the officer of Sở Tư pháp among these.
fn officer(mails: &[Message]) -> String {
    let mails = to(mails, OFFICER);
    assert!(mails.len() <= 1, "{mails:#?}");
    mails
        .first()
        .map(|mail| mail.text.clone())
        .unwrap_or_default()
}

fn date(text: &str) -> Option<NaiveDate> {
    Some(day(text))
}

on_both_databases! {
    async fn a_day_that_a_document_gave_is_told_as_its_amendment_and_more_time_as_an_extension(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.amends(&order("II.2", &["STP"], until("2020-04-30")), false).await.unwrap();
        let amended = "(31/3), điều chỉnh đến 30/4 theo 905/QĐ-UBND";
        let shown = stage.answers("2020-03-16T10:00:00", "/viec II.2").await;
        assert!(shown.contains(amended) && !shown.contains("đã gia hạn"), "{shown}");
        let granted = deciding::order(Resolution::Extend { until: Some(day("2020-05-15")) }, "");
        stage.settles("2020-04-22T14:00:00", &granted, false).await.unwrap();
        let both = format!("{amended}, đã gia hạn đến 15/5");
        let shown = stage.answers("2020-04-22T15:00:00", "/viec II.2").await;
        assert!(shown.contains(&both), "{shown}");
        let left = stage.round_at("2020-05-18T07:30:00").await;
        let head = brief(&left, "giamdoc.stp@quangnam.example");
        assert!(head.contains(&both), "{head}");
    }

    async fn one_day_for_several_of_a_task_and_a_day_brought_forward_have_to_be_meant(test: TestDb) {
        let stage = Stage::at(test, "2020-04-10T09:00:00").await;
        let whole = |task: &str, on: &str, early| Order {
            scope: Scope { tasks: vec![(task.into(), None)], agencies: vec![] },
            early,
            ..order(task, &[], until(on))
        };
        // Plans, a scheme and the whole year's work are due on 31/3, 14/9 and 31/12.
        for early in [EarlyDay::Refused, EarlyDay::Meant] {
            let refused = stage.amends(&whole("II.2", "2020-04-30", early), true).await.unwrap_err();
            let says = "task II.2 has several milestones that --to 2020-04-30 would move: say which, II.2/1 (due 2020-03-31) or II.2/2";
            assert!(refused.to_string().contains(says), "{refused}");
        }
        let second = |on, early| Order {
            scope: Scope { tasks: vec![("II.2".into(), Some(2))], agencies: vec![] },
            ..whole("II.2", on, early)
        };
        let refused = stage.amends(&second("2020-04-30", EarlyDay::Refused), false).await.unwrap_err();
        let says = "is due, and 36 others: give a later day, or add --earlier";
        assert!(refused.to_string().contains(says), "{refused}");
        let first = stage.of("II.2", "STP").await.unwrap();
        assert_eq!(first.due_on, date("2020-03-31"), "nothing was moved");
        let brought = stage.amends(&second("2020-08-31", EarlyDay::Meant), false).await.unwrap();
        assert_eq!(brought.changed, 37);
        // Later it may be; and a task of which one day is open needs no number.
        stage.amends(&second("2020-10-30", EarlyDay::Refused), false).await.unwrap();
        stage.amends(&whole("IV.1.b", "2020-04-30", EarlyDay::Refused), false).await.unwrap();
        // What is resumed by a day keeps to the same.
        stage.amends(&Order { scope: second("2020-10-30", EarlyDay::Refused).scope, ..order("II.2", &[], Change::Suspend) }, false).await.unwrap();
        let resumed = Order { scope: second("2020-10-30", EarlyDay::Refused).scope, ..order("II.2", &[], Change::Resume { due_on: date("2020-09-30") }) };
        assert!(matches!(stage.amends(&resumed, false).await, Err(AppError::Slip(Slip::Earlier { others: 36, .. }))));
    }

    async fn a_day_that_was_moved_is_announced_once_and_reminded_of_anew(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T07:30:00").await;
        stage.round_at("2020-03-17T07:30:00").await;
        stage.set_time("2020-03-17T10:00:00");
        let moved = order("II.2", &[], until("2020-06-30"));

        let would = stage.amends(&moved, true).await.unwrap();
        assert_eq!(stage.of("II.2", "STP").await.unwrap().due_on, date("2020-03-31"), "a dry run changes nothing");
        let did = stage.amends(&moved, false).await.unwrap();
        assert_eq!((&did.effects, &did.told), (&would.effects, &would.told));
        assert_eq!(did.effects.len(), 37);
        let now = stage.of("II.2", "STP").await.unwrap();
        assert_eq!((now.due_on, now.original_due_on), (date("2020-06-30"), date("2020-03-31")));

        assert_eq!(officer(&stage.round_at("2020-03-17T15:00:00").await), "", "it waits for the next brief");
        let text = officer(&stage.round_at("2020-03-18T07:30:00").await);
        assert!(text.contains("Thay đổi theo 905/QĐ-UBND ngày 15/01/2020:"), "{text}");
        assert!(text.contains("Lùi hạn: II.2/1") && text.contains("hạn mới 30/6/2020, hạn cũ 31/3"), "{text}");
        let deliverer = &stage.daemon.deliverer;
        let which = Which::Number(now.id.0);
        let explained = explain(&deliverer.db, &deliverer.setup, &which, deliverer.clock.today()).await.unwrap().unwrap();
        let announced = explained.told.iter().filter(|one| one.rung == "due-amended".into());
        assert_eq!(announced.clone().count(), 2, "officer and head: {:#?}", explained.told);
        assert!(announced.clone().all(|one| one.day == day("2020-03-18") && one.sent.as_ref().is_ok_and(|sent| sent.at.is_some())));
        for later in ["19", "20", "23"] {
            let text = officer(&stage.round_at(&format!("2020-03-{later}T07:30:00")).await);
            assert!(!text.contains("905/QĐ-UBND") && !text.contains("II.2/1"), "{later}: {text}");
        }
        // 30 days before 30/6, as before any due day.
        let text = officer(&stage.round_at("2020-05-29T07:30:00").await);
        assert!(text.contains("II.2/1") && text.contains("(31/3), điều chỉnh đến 30/6 theo 905/QĐ-UBND"), "{text}");
    }

    async fn what_is_suspended_is_silent_and_counts_nowhere_until_it_is_resumed(test: TestDb) {
        let stage = Stage::at(test, "2020-03-23T07:30:00").await;
        stage.round_at("2020-03-23T07:30:00").await;
        stage.set_time("2020-03-24T10:00:00");
        stage.amends(&order("II.2", &["STP"], Change::Suspend), false).await.unwrap();
        let text = officer(&stage.round_at("2020-03-25T07:30:00").await);
        assert!(text.contains("Tạm dừng: II.2/1"), "{text}");
        for on in ["2020-03-31", "2020-04-01", "2020-04-13"] {
            let text = officer(&stage.round_at(&format!("{on}T07:30:00")).await);
            assert!(!text.contains("II.2/1"), "{on}: {text}");
        }
        let late = |digest: &DigestContext| digest.now.late;
        let held = late(&stage.digest_on("2020-04-13").await);
        stage.set_time("2020-04-14T10:00:00");
        let resumed = order("II.2", &["STP"], Change::Resume { due_on: None });
        stage.amends(&resumed, false).await.unwrap();
        let text = officer(&stage.round_at("2020-04-15T07:30:00").await);
        assert!(text.contains("Thực hiện lại: II.2/1") && text.contains("quá hạn"), "{text}");
        assert_eq!(late(&stage.digest_on("2020-04-13").await), held, "what a week was does not change");
        assert_eq!(late(&stage.digest_on("2020-04-15").await), held + 1);
    }

    async fn a_past_workbook_knows_nothing_of_an_event_that_came_later(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T07:30:00").await;
        stage.round_at("2020-04-13T07:30:00").await;
        let before = stage.workbook("2020-04-13").await;
        let begun = order("III.1", &[], Change::Begin { happened_on: day("2020-04-10"), due_on: day("2020-05-31") });
        stage.set_time("2020-04-13T10:00:00");
        stage.amends(&begun, false).await.unwrap();
        assert_eq!(stage.workbook("2020-04-13").await, before);
        assert_ne!(stage.workbook("2020-04-20").await, before);
        // Taken back, it has no day again, and what was stated meanwhile stays stated.
        let meanwhile = stage.workbook("2020-04-20").await;
        stage.set_time("2020-04-20T10:00:00");
        stage.revokes(1).await.unwrap();
        assert_eq!(stage.workbook("2020-04-20").await, meanwhile);
        assert_eq!(stage.strays().await, []);
    }

    async fn an_event_that_is_recorded_anew_gives_the_first_day(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T07:30:00").await;
        stage.round_at("2020-04-13T07:30:00").await;
        let begun = |due| order("III.1", &[], Change::Begin { happened_on: day("2020-04-10"), due_on: day(due) });
        stage.set_time("2020-04-13T10:00:00");
        let slip = stage.amends(&begun("2020-05-31"), false).await.unwrap();
        let agency = slip.effects[0].before.agency.clone();
        stage.revokes(slip.amendment).await.unwrap();
        let asleep = stage.of("III.1", agency.as_str()).await.unwrap();
        assert_eq!((asleep.state, asleep.due_on, asleep.original_due_on), (State::Asleep, None, None));
        stage.set_time("2020-04-14T10:00:00");
        stage.amends(&begun("2020-06-15"), false).await.unwrap();
        let now = stage.of("III.1", agency.as_str()).await.unwrap();
        assert_eq!((now.due_on, now.original_due_on), (date("2020-06-15"), date("2020-06-15")));
        let mails = stage.round_at("2020-04-15T07:30:00").await;
        assert!(mails.iter().any(|mail| mail.text.contains("III.1")));
        assert!(mails.iter().all(|mail| !mail.text.contains("đã gia hạn")), "nobody asked for more time");
        assert_eq!(stage.strays().await, []);
    }

    async fn an_event_wakes_what_waited_for_it(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T07:30:00").await;
        stage.round_at("2020-04-13T07:30:00").await;
        let begun = order("III.1", &[], Change::Begin { happened_on: day("2020-04-10"), due_on: day("2020-05-31") });
        stage.set_time("2020-04-13T10:00:00");
        let agency = stage.amends(&begun, false).await.unwrap().effects[0].before.agency.clone();
        let now = stage.of("III.1", agency.as_str()).await.unwrap();
        assert_eq!((now.state, now.opens_on), (State::Open, date("2020-04-10")));
        assert_eq!((now.due_on, now.act_by, now.original_due_on), (date("2020-05-31"), date("2020-05-29"), date("2020-05-31")));
        let mails = stage.round_at("2020-04-14T07:30:00").await;
        let told = mails.iter().filter(|mail| mail.text.contains("Bắt đầu thực hiện: III.1"));
        assert!(told.count() >= 2, "officer and head");
        let again = stage.amends(&begun, false).await.unwrap_err();
        assert!(matches!(again, AppError::NothingToAmend { .. }), "{again}");
        let deliverer = &stage.daemon.deliverer;
        let which = Which::Number(now.id.0);
        let event = async || explain(&deliverer.db, &deliverer.setup, &which, day("2020-04-14")).await.unwrap().unwrap().event;
        assert_eq!(event().await, Some((day("2020-04-10"), "905/QĐ-UBND".to_owned())));
        let words = stage.prints(&["explain", &now.id.0.to_string()]);
        assert!(words.contains("waited for an event, which 905/QĐ-UBND dates 2020-04-10"), "{words}");
        assert!(words.contains("begun by an operator, event of 2020-04-10, due 2020-05-31"), "{words}");
        let tomorrow = order("VI.2", &[], Change::Begin { happened_on: day("2020-04-15"), due_on: day("2020-05-31") });
        assert!(matches!(stage.amends(&tomorrow, false).await, Err(AppError::Day(BadDay::NotYet(_)))));
        stage.revokes(1).await.unwrap();
        assert_eq!(event().await, None);
        assert!(stage.prints(&["explain", &now.id.0.to_string()]).contains("has no date yet"));
    }

    async fn what_is_given_to_another_agency_is_owed_there_and_can_come_back(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.round_at("2020-03-16T07:30:00").await;
        stage.set_time("2020-03-16T10:00:00");
        let given = order("VI.5", &["STTTT"], given_to(&["STP"]));
        let outcome = stage.amends(&given, false).await.unwrap();
        let heir = stage.of("VI.5", "STP").await.unwrap();
        assert_eq!((heir.state, heir.due_on, heir.taken_from.clone()), (State::Open, date("2020-12-31"), Some("STTTT".into())));
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Cancelled);
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        let text = officer(&mails);
        assert!(text.contains("Tiếp nhận từ Sở Thông tin và Truyền thông: VI.5"), "{text}");
        assert!(mails.iter().any(|mail| mail.text.contains("Chuyển cho Sở Tư pháp: VI.5")));

        // A reload of the same files neither loses it nor gives it back.
        let imported = stage.daemon.import(&loaded().contacts).await.unwrap();
        assert_eq!((imported.inserted, imported.vanished), (0, Vec::new()));
        let resume = order("VI.5", &["STTTT"], Change::Resume { due_on: None });
        let refused = stage.amends(&resume, false).await.unwrap_err();
        assert!(refused.to_string().contains("was given to STP"), "{refused}");
        // 30 days before the year's end, Sở Tư pháp is reminded.
        let text = officer(&stage.round_at("2020-12-01T07:30:00").await);
        assert!(text.contains("VI.5"), "{text}");

        stage.revokes(outcome.amendment).await.unwrap();
        assert_eq!(stage.of("VI.5", "STP").await.unwrap().state, State::Cancelled);
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Open);
        let twice = stage.revokes(outcome.amendment).await.unwrap_err();
        assert!(matches!(twice, AppError::Revoked { .. }), "{twice}");
    }

    async fn what_the_heir_has_done_stays_with_it(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T10:00:00").await;
        let given = order("VI.5", &["STTTT"], given_to(&["STP"]));
        let outcome = stage.amends(&given, false).await.unwrap();
        stage.done("VI.5", 1, "STP", "2020-03-16").await;
        let kept = stage.revokes(outcome.amendment).await.unwrap_err();
        assert!(matches!(&kept, AppError::NothingToAmend { reasons } if reasons.contains("is done")), "{kept}");
        assert_eq!(stage.of("VI.5", "STTTT").await.unwrap().state, State::Cancelled, "never owed twice");
    }

    async fn whoever_ends_an_agency_is_told_that_a_claim_waits(test: TestDb) {
        let loaded = plan(Acceptance::Confirm, Policy::default());
        let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-03-16T09:30:00", "II.2/1 xong hôm 13/3, KH số 12/KH-STP").await;
        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ends: Some("STP".into()),
            ..order("II.2", &["STP"], given_to(&["SNV"]))
        };
        let refused = stage.amends(&whole, false).await.unwrap_err().to_string();
        let says = "STP cannot have ended: it still owes II.2/1, which is claimed to be done: decide that first";
        assert!(refused.starts_with(says), "{refused}");
    }

    async fn an_agency_ends_once_it_owes_nothing_and_its_chats_are_bound_anew(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let part = Order {
            ends: Some("STP".into()),
            ..order("II.2", &["STP"], given_to(&["SNV"]))
        };
        let refused = stage.amends(&part, false).await.unwrap_err();
        assert!(matches!(&refused, AppError::StillOwes { agency, .. } if *agency == "STP".into()), "{refused}");
        assert_eq!(stage.of("II.2", "STP").await.unwrap().state, State::Open, "nothing was half done");

        let whole = Order {
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ..part
        };
        let outcome = stage.amends(&whole, false).await.unwrap();
        assert_eq!(outcome.unbound, ["stp.officer".into()]);
        assert!(outcome.effects.iter().all(|one| one.after.is_ok() || one.after == Err(Unfit::Done)));
        // SNV owes II.2 itself: what two owed, one owes.
        assert_eq!(stage.of("II.2", "SNV").await.unwrap().taken_from, None);
        assert_eq!(stage.of("I.2", "SNV").await.unwrap().taken_from, Some("STP".into()));
        // And that one is told so.
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        let monitor = loaded().contacts.into_iter().find(|one| one.id == "snv.officer".into()).unwrap();
        let text = &to(&mails, &monitor.channels[0].1).last().unwrap().text;
        assert!(text.contains("- Sở Tư pháp kết thúc hoạt động"), "{text}");
        let taken = text.lines().find(|line| line.starts_with("- Tiếp nhận từ Sở Tư pháp ")).unwrap();
        assert!(taken.contains("việc thực hiện chung với việc cùng loại đang có"), "{text}");
        let answer = stage.answers("2020-03-17T14:00:00", "II.2 xong").await;
        assert!(!answer.contains("II.2"), "whoever writes from there is nobody we know: {answer}");
        let back = stage.revokes(outcome.amendment).await.unwrap();
        assert_eq!(back.rebound, ["stp.officer".into()]);
        assert_eq!(stage.of("II.2", "STP").await.unwrap().state, State::Open);
        assert_eq!(stage.of("II.2", "SNV").await.unwrap().state, State::Open);
        let answer = stage.answers("2020-03-17T15:00:00", "II.2 xong").await;
        assert!(answer.contains("II.2"), "{answer}");
    }

    async fn what_has_ended_stays_unbound_whatever_the_files_say_and_is_given_nothing(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let mut contacts = loaded().contacts;
        let person = contacts.iter_mut().find(|one| one.id == "stp.officer".into()).unwrap();
        person.channels.insert(0, (Channel::Telegram, "4242".to_owned()));
        assert_eq!(stage.daemon.import(&contacts).await.unwrap().kept_unbound, []);
        let whole = Order {
            ends: Some("STP".into()),
            scope: Scope { tasks: Vec::new(), agencies: vec!["STP".into()] },
            ..order("II.2", &["STP"], given_to(&["SNV"]))
        };
        let outcome = stage.amends(&whole, false).await.unwrap();
        assert_eq!(outcome.unbound, ["stp.officer".into()]);
        // The next start reads the same files.
        let imported = stage.daemon.import(&contacts).await.unwrap();
        assert_eq!(imported.kept_unbound, ["stp.officer".into()]);
        let answer = stage.answers("2020-03-16T15:00:00", "II.2 xong").await;
        assert!(!answer.contains("II.2"), "{answer}");
        let back = order("VI.5", &["STTTT"], given_to(&["STP"]));
        let refused = stage.amends(&back, false).await.unwrap_err();
        assert!(matches!(&refused, AppError::Ended { agency, .. } if *agency == "STP".into()), "{refused}");
        let db = &stage.daemon.deliverer.db;
        assert!(refuse_ended(db, &"STP".into()).await.is_err());
        refuse_ended(db, &"SNV".into()).await.unwrap();
        // A new code binds it, for good; and an agency that owes again has not ended.
        stage.link("2020-03-17T09:00:00", "stp.officer").await;
        assert_eq!(stage.daemon.import(&contacts).await.unwrap().kept_unbound, []);
        let answer = stage.answers("2020-03-17T15:00:00", "II.2 xong").await;
        assert!(answer.contains("đã chuyển cho Sở Nội vụ bằng văn bản"), "{answer}");
        stage.revokes(outcome.amendment).await.unwrap();
        refuse_ended(db, &"STP".into()).await.unwrap();
    }

    async fn who_answered_for_two_is_told_that_it_answers_for_one(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let given = order("II.2", &["STP"], given_to(&["STC"]));
        let outcome = stage.amends(&given, false).await.unwrap();
        stage.round_at("2020-03-17T07:30:00").await;
        stage.revokes(outcome.amendment).await.unwrap();
        let mails = stage.round_at("2020-03-18T07:30:00").await;
        let told = to(&mails, "cchc.stc@quangnam.example");
        let expected = "Thôi thực hiện chung, không còn phần của Sở Tư pháp: II.2";
        assert!(told.iter().any(|one| one.text.contains(expected)), "{mails:#?}");
        let heir = stage.of("II.2", "STC").await.unwrap();
        let ledger = stage.ledger(&heir).await;
        assert_eq!(ledger, ["joined", "amendment-revoked"]);
    }

    async fn what_was_taken_back_before_anybody_heard_of_it_is_not_told(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T07:30:00").await;
        stage.round_at("2020-03-16T07:30:00").await;
        stage.set_time("2020-03-16T10:00:00");
        let slip = stage.amends(&order("II.2", &["STP"], until("2020-05-30")), false).await.unwrap();
        let told: Vec<ContactId> = slip.told.iter().map(|one| one.contact.clone()).collect();
        let back = stage.revokes(slip.amendment).await.unwrap();
        assert_eq!((back.told.as_slice(), &back.spared), (&[][..], &told));
        let mails = stage.round_at("2020-03-17T07:30:00").await;
        assert!(mails.iter().all(|mail| !mail.text.contains("905/QĐ-UBND")), "{mails:#?}");
        // Once it was told, so is that it was taken back.
        let meant = stage.amends(&order("II.2", &["STP"], until("2020-05-30")), false).await.unwrap();
        assert!(officer(&stage.round_at("2020-03-18T07:30:00").await).contains("Lùi hạn: II.2/1"));
        let back = stage.revokes(meant.amendment).await.unwrap();
        assert_eq!((back.told.len(), back.spared.len()), (told.len(), 0));
        let text = officer(&stage.round_at("2020-03-19T07:30:00").await);
        assert!(text.contains("Trở lại như trước") && text.contains("II.2/1"), "{text}");
    }

    async fn a_transfer_is_counted_once_for_what_is_given(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T10:00:00").await;
        let given = stage.amends(&order("VI.5", &["STTTT"], given_to(&["STP"])), false).await.unwrap();
        let back = stage.revokes(given.amendment).await.unwrap();
        let joined = stage.amends(&order("II.2", &["STP"], given_to(&["STC"])), false).await.unwrap();
        let parted = stage.revokes(joined.amendment).await.unwrap();
        let listed = dondoc::app::amend::list(&stage.daemon.deliverer.db).await.unwrap();
        let counts: Vec<u64> = listed.iter().map(|one| one.items).collect();
        assert_eq!(counts, [1, 1, 1, 1]);
        assert_eq!([&given, &back, &joined, &parted].map(|one| one.changed), [1, 1, 1, 1]);
    }

    async fn a_chat_goes_with_its_agency_not_with_the_person(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let mut contacts = loaded().contacts;
        let person = contacts.iter_mut().find(|one| one.id == "stp.officer".into()).unwrap();
        person.agency = "SNV".into();
        stage.daemon.import(&contacts).await.unwrap();
        let answer = stage.answers("2020-03-16T15:00:00", "II.2 xong").await;
        assert!(!answer.contains("II.2"), "{answer}");
        assert_eq!(stage.of("II.2", "SNV").await.unwrap().state, State::Open);
    }

    async fn a_brief_that_never_left_gives_back_what_it_would_have_announced(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T10:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-30")), false).await.unwrap();
        assert!(stage.plan("2020-03-18").await.briefs > 0);
        assert!(stage.plan("2020-03-19").await.superseded > 0, "the machine was down on the 18th");
        stage.set_time("2020-03-19T08:00:00");
        stage.daemon.round(&Halt::never()).await.unwrap();
        let text = officer(&stage.mail.take());
        assert_eq!(text.matches("905/QĐ-UBND").count(), 1, "{text}");
    }

    async fn what_no_address_took_is_announced_once_one_does(test: TestDb) {
        let mut stage = Stage::at(test, "2020-03-17T10:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-30")), false).await.unwrap();
        let relay = FakeSmtp::start().await;
        for _ in 0..2 {
            relay.fault(Verb::Rcpt, Fault::Reply("550 5.1.1 no such user"));
        }
        stage.mail_by(Sender::Email(sender(&relay)));
        let contact: ContactId = "stp.officer".into();
        let people = loaded().contacts;
        let everybody_else = people.iter().filter(|one| one.id != contact).map(|one| &one.id);
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        for other in everybody_else {
            contacts::remove(&mut tx, other).await.unwrap();
        }
        tx.commit().await.unwrap();
        for time in ["07:30", "07:31"] {
            stage.round_at(&format!("2020-03-18T{time}:00")).await;
        }
        assert!(relay.take().is_empty(), "the only address is dead");

        let at = stage.daemon.deliverer.clock.now();
        let mut tx = stage.daemon.deliverer.db.begin().await.unwrap();
        addresses::mark_alive(&mut tx, Channel::Email, OFFICER, at).await.unwrap();
        tx.commit().await.unwrap();
        stage.mail_by(Sender::Memory(stage.mail.clone()));
        let text = officer(&stage.round_at("2020-03-19T07:30:00").await);
        assert!(text.contains("905/QĐ-UBND"), "{text}");
        let text = officer(&stage.round_at("2020-03-20T07:30:00").await);
        assert!(!text.contains("905/QĐ-UBND"), "{text}");
    }

    async fn a_row_that_a_document_added_is_announced_and_counts_from_then_on(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T07:30:00").await;
        stage.round_at("2020-04-13T07:30:00").await;
        let before = stage.digest_on("2020-04-13").await;

        let mut longer = loaded();
        let setup = Arc::get_mut(&mut longer.setup).unwrap();
        let charge = &mut setup.charges[0];
        let mut row = charge.plan.tasks.iter().find(|task| task.id == "II.2".into()).unwrap().clone();
        row.id = "VII.15".into();
        "Báo cáo việc tiếp nhận hồ sơ trực tuyến".clone_into(&mut row.content);
        row.agencies = vec!["STP".into()];
        row.addition = Some(Addition { document: "1020/QĐ-UBND".to_owned(), on: day("2020-04-13") });
        row.milestones.truncate(1);
        row.milestones[0].id.task = "VII.15".into();
        row.milestones[0].due_on = date("2020-04-24");
        row.milestones[0].act_by = date("2020-04-24");
        let mut plan = charge.plan.clone();
        plan.tasks.push(row);
        *charge = Charge::new(plan, charge.directory.clone(), format!("{}+", charge.fingerprint));
        let stage = stage.on(longer);

        stage.set_time("2020-04-13T16:00:00");
        assert_eq!(stage.daemon.import(&loaded().contacts).await.unwrap().inserted, 1);
        let text = officer(&stage.round_at("2020-04-14T07:30:00").await);
        assert!(text.contains("Thay đổi theo 1020/QĐ-UBND ngày 13/4/2020:"), "{text}");
        assert!(text.contains("Bổ sung: VII.15 Ban hành Kế hoạch") && text.contains("hạn 24/4/2020"), "{text}");
        assert_eq!(stage.digest_on("2020-04-13").await.now, before.now, "it was not there before");
        assert_eq!(stage.digest_on("2020-04-14").await.now.due_soon, before.now.due_soon + 1);
    }

    async fn what_was_changed_past_the_ledger_is_named(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.done("II.2", 1, "STP", "2020-03-13").await;
        let db = &stage.daemon.deliverer.db;
        let found = &verify(db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
        let sql = "UPDATE obligations SET state = 'done', done_on = '2020-03-12', next_rung_on = NULL
                       WHERE task = 'II.2' AND milestone = 1 AND agency = 'STC'";
        let mut tx = db.begin().await.unwrap();
        execute(&mut tx, sql).await.unwrap();
        tx.commit().await.unwrap();
        let found = &verify(db, None, None).await.unwrap()[0];
        assert_eq!(found.broken, None, "no line of the ledger has changed");
        let [astray] = found.astray.as_slice() else { panic!("{found:?}") };
        assert_eq!(astray.agency, "STC".into());
        assert_eq!((astray.stands.state, astray.stands.done_on), (State::Done, date("2020-03-12")));
        assert_eq!((astray.told.state, astray.told.done_on), (State::Open, None));
    }

    async fn a_document_that_was_changed_past_the_ledger_is_named(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-28")), false).await.unwrap();
        stage.amends(&order("VI.5", &["STTTT"], given_to(&["STP", "STC"])), false).await.unwrap();
        stage.amends(&order("II.2", &["SYT"], given_to(&["STC"])), false).await.unwrap();
        stage.revokes(3).await.unwrap();
        let db = &stage.daemon.deliverer.db;
        let misfiled = async || verify(db, None, None).await.unwrap().remove(0).misfiled;
        assert_eq!(misfiled().await, []);
        for (table, set, back, column) in [
            ("amendments", "reason = 'x'", "reason = 'Phòng, chống dịch'", "reason"),
            ("amendments", "document = '1/QĐ'", "document = '905/QĐ-UBND'", "document"),
            ("amendments", "signed_on = '2020-01-16'", "signed_on = '2020-01-15'", "signed_on"),
            ("amendments", "kind = 'cancelled'", "kind = 'due-amended'", "kind"),
            ("amendment_items", "counterpart = 'SNV'", "counterpart = NULL", "counterpart"),
        ] {
            let key = if table == "amendments" { "id" } else { "amendment" };
            tamper(db, &format!("UPDATE {table} SET {set} WHERE {key} = 1")).await;
            let differs = Misfiling::Differs(BTreeSet::from([column]));
            assert_eq!(misfiled().await, [Misfiled { amendment: 1, fault: differs }], "{set}");
            tamper(db, &format!("UPDATE {table} SET {back} WHERE {key} = 1")).await;
            assert_eq!(misfiled().await, [], "{back}");
        }
        tamper(db, "UPDATE amendment_items SET now = was WHERE amendment = 1").await;
        let differs = Misfiling::Differs(BTreeSet::from(["now"]));
        assert_eq!(misfiled().await, [Misfiled { amendment: 1, fault: differs }]);
        tamper(db, "DELETE FROM announcements; DELETE FROM amendment_items WHERE amendment = 1; DELETE FROM amendments WHERE id = 1").await;
        assert_eq!(misfiled().await, [Misfiled { amendment: 1, fault: Misfiling::Removed }]);
        let put_in = "INSERT INTO amendments (plan, kind, document, at) \
                      SELECT plan, kind, '1/QĐ', at FROM amendments WHERE id = 2";
        tamper(db, put_in).await;
        let faults: Vec<Misfiling> = misfiled().await.into_iter().map(|one| one.fault).collect();
        assert_eq!(faults, [Misfiling::Removed, Misfiling::Untold]);
    }

    async fn a_day_that_was_changed_past_the_ledger_is_named(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-28")), false).await.unwrap();
        assert_eq!(stage.strays().await, []);
        let (moved, unmoved, done) = (("II.2", "STP"), ("II.2", "STC"), ("II.2", "SNV"));
        stage.done("II.2", 1, "SNV", "2020-03-10").await;
        for ((task, agency), set, back) in [
            (unmoved, "due_on = '2020-12-01'", "due_on = '2020-03-31'"),
            (unmoved, "due_on = '2020-12-01', original_due_on = '2020-12-01'", "due_on = '2020-03-31', original_due_on = '2020-03-31'"),
            (unmoved, "act_by = '2020-03-03'", "act_by = '2020-03-31'"),
            (unmoved, "pending = 'extension'", "pending = NULL"),
            (unmoved, "state = 'suspended'", "state = 'open'"),
            (unmoved, "state = 'cancelled'", "state = 'open'"),
            (unmoved, "state = 'asleep'", "state = 'open'"),
            (unmoved, "state = 'asleep', kind = 'event'", "state = 'open', kind = 'due'"),
            (moved, "state = 'suspended'", "state = 'open'"),
            (done, "state = 'suspended', done_on = NULL", "state = 'done', done_on = '2020-03-10'"),
            (done, "state = 'cancelled', done_on = NULL", "state = 'done', done_on = '2020-03-10'"),
            (moved, "due_on = '2020-12-01'", "due_on = '2020-06-28'"),
            (moved, "original_due_on = '2020-04-30'", "original_due_on = '2020-03-31'"),
            (moved, "act_by = '2020-06-29'", "act_by = '2020-06-26'"),
        ] {
            let of = format!("WHERE task = '{task}' AND milestone = 1 AND agency = '{agency}'");
            tamper(&stage.daemon.deliverer.db, &format!("UPDATE obligations SET {set} {of}")).await;
            let strays = stage.strays().await;
            assert_eq!(strays.len(), 1, "{set} of {agency}: {strays:#?}");
            assert_eq!((strays[0].milestone.task.clone(), strays[0].agency.clone()), (task.into(), agency.into()));
            tamper(&stage.daemon.deliverer.db, &format!("UPDATE obligations SET {back} {of}")).await;
            assert_eq!(stage.strays().await, [], "{back}");
        }
    }

    async fn the_ledger_says_what_a_document_changed(test: TestDb) {
        let stage = Stage::at(test, "2020-03-17T10:00:00").await;
        stage.amends(&order("II.2", &["STP"], until("2020-06-30")), false).await.unwrap();
        stage.revokes(1).await.unwrap();
        let now = stage.of("II.2", "STP").await.unwrap();
        assert_eq!(now.due_on, date("2020-03-31"));
        assert_eq!(stage.ledger(&now).await, ["due-amended", "amendment-revoked"]);
        let words = stage.prints(&["explain", &now.id.0.to_string()]);
        assert!(words.contains("document 905/QĐ-UBND, reason Phòng, chống dịch"), "{words}");
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("stp");
        export::run(&stage, &export::of("STP"), &out).await.unwrap();
        let decided = export::lines(&out, "decisions.jsonl");
        let kinds: Vec<&str> = decided.iter().map(|line| line["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["due-amended", "amendment-revoked"]);
        assert_eq!(decided[0]["amended"]["now"]["due_on"], "2020-06-30");
        assert_eq!(decided[0]["document"], "905/QĐ-UBND");
    }

    async fn a_document_that_gives_all_more_time_gives_it_to_who_was_late_by_less(test: TestDb) {
        let stage = Stage::at(test, "2020-04-13T10:00:00").await;
        stage.done("II.2", 1, "STC", "2020-03-30").await;
        stage.done("II.2", 1, "STP", "2020-04-06").await;
        stage.amends(&order("II.2", &["SCT"], until("2020-05-15")), false).await.unwrap();
        // Whoever has more time already keeps it, and who was in time needs none.
        let would = stage.amends(&order("II.2", &[], until("2020-04-30")), true).await.unwrap();
        let stays = would.effects.iter().filter_map(|one| Some((one.before.agency.as_str(), one.after.as_ref().err()?)));
        let mut stays: Vec<_> = stays.collect();
        stays.sort_unstable_by_key(|(agency, _)| *agency);
        assert_eq!(stays, [("SCT", &Unfit::Later(day("2020-05-15"))), ("STC", &Unfit::Done)]);
        let did = stage.amends(&order("II.2", &[], until("2020-04-30")), false).await.unwrap();
        let late = stage.of("II.2", "STP").await.unwrap();
        assert_eq!((late.state, late.done_on, late.due_on), (State::Done, Some(day("2020-04-06")), Some(day("2020-04-30"))));
        assert_eq!(late.standing(day("2020-04-13"), None), Some(Standing::DoneOnTime));
        let found = &verify(&stage.daemon.deliverer.db, None, None).await.unwrap()[0];
        assert_eq!((&found.broken, found.astray.as_slice()), (&None, &[][..]));
        let told = stage.explained(("II.2", 1), "STP").await;
        assert_eq!(told.obligation.done_on, Some(day("2020-04-06")));
        stage.revokes(did.amendment).await.unwrap();
        let late = stage.of("II.2", "STP").await.unwrap();
        assert_eq!(late.standing(day("2020-04-13"), None), Some(Standing::DoneLate));
    }
}
