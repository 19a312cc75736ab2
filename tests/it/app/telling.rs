//! Every output of one morning tells the same of one obligation: brief, digest, register, ranking, letter, `status`.

use std::collections::BTreeSet;

use dondoc::app::absence::note_absence;
use dondoc::app::as_of::list_as_of;
use dondoc::app::deliver::Halt;
use dondoc::app::digest::preview;
use dondoc::app::inspect::{self, Filter};
use dondoc::app::ranking::count;
use dondoc::app::register::{Wanted, draft};
use dondoc::domain::absence::Absence;
use dondoc::domain::amendment::Change;
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::{Pending, Standing};
use dondoc::domain::period::Period;
use dondoc::domain::plan::Acceptance;
use dondoc::domain::resolution::{Policy, Resolution};
use dondoc::domain::scoring::LeftOut;
use dondoc::messages::{DigestContext, LetterContext};

use super::deciding::plan;
use super::golden::{sheets_of, words_of};
use super::stage::{Stage, day, to};
use super::{amending, deciding};
use crate::support::db::on_both_databases;

const LEADER: &str = "lanhdao.ubnd@quangnam.example";
const DEPUTY: &str = "pho.ubnd@quangnam.example";

impl Stage {
    async fn reminds(&self, agency: &str, on: &str) -> LetterContext {
        let deliverer = &self.daemon.deliverer;
        let wanted = Wanted::Reminders(vec![agency.into()]);
        let drafted = draft(&deliverer.db, &deliverer.setup, &wanted, day(on)).await;
        drafted.unwrap().remove(0).context
    }

    /// What each brief of a morning says, by contact.
    async fn briefs(&self, on: &str) -> Vec<(String, dondoc::domain::brief::Brief)> {
        let deliverer = &self.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let found = inspect::drafts(db, setup, origin, day(on), None).await;
        let found = found.unwrap().unwrap().into_iter();
        found
            .map(|one| (one.contact.id.to_string(), one.brief))
            .collect()
    }
}

/// What a digest names as late of an agency.
fn late_of(digest: &DigestContext, name: &str) -> BTreeSet<String> {
    let newly = digest.newly_late.iter();
    let newly = newly.filter(|task| task.agencies.iter().any(|one| one.name == name));
    let long = digest.long_late.iter().filter(|one| one.name == name);
    let long = long.flat_map(|one| one.lines.iter().map(|line| line.id.clone()));
    newly.map(|task| task.id.clone()).chain(long).collect()
}

/// Sở Tư pháp asks for more time, claims one thing in time and one late; the monitor decides on nothing.
async fn undecided(test: crate::support::db::TestDb) -> Stage {
    let loaded = plan(Acceptance::Confirm, Policy::default());
    let stage = Stage::with(test, "2020-03-16T09:00:00", loaded.contacts.clone(), loaded).await;
    stage.link("2020-03-16T09:00:00", "stp.officer").await;
    for (time, words) in [
        (
            "2020-03-30T09:00:00",
            "II.2/1 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ",
        ),
        (
            "2020-03-31T09:00:00",
            "IV.1.c/1 xong hôm 30/3, BC số 21/BC-STP",
        ),
        (
            "2020-04-03T09:00:00",
            "IV.1.b xong hôm 03/4, KH số 12/KH-STP",
        ),
    ] {
        stage.answers(time, words).await;
    }
    stage
}

on_both_databases! {
    async fn what_waits_for_the_monitor_is_late_in_no_output(test: TestDb) {
        let stage = undecided(test).await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let charge = &setup.charges[0];
        let (digest, files) = stage.preview_with_files("2020-04-06").await;

        // A claim of a day after the due day is late whatever the monitor says of it.
        let late = ["I.2/1", "IV.1.a/1", "IV.1.b"].map(str::to_owned);
        assert_eq!(late_of(&digest, "Sở Tư pháp"), BTreeSet::from(late));
        let letter = stage.reminds("STP", "2020-04-06").await;
        let ids = |lines: &[dondoc::messages::RegisterLine]| -> BTreeSet<String> {
            lines.iter().map(|line| line.id.clone()).collect()
        };
        assert_eq!(ids(&letter.late), BTreeSet::from(["I.2/1", "IV.1.a/1"].map(str::to_owned)));
        assert_eq!(ids(&letter.decisions), BTreeSet::from(["II.2/1", "IV.1.b", "IV.1.c/1"].map(str::to_owned)));

        let first = Period::of_quarter(2020, 1).unwrap();
        let counted = count(db, setup, charge, first, day("2020-04-06")).await.unwrap();
        let ranked = |word| -> usize { counted.ranking.scores().map(|one| one.count(word)).sum() };
        let (own, _) = counted.ranking.find(&"STP".into()).unwrap();
        assert_eq!(own.count(Standing::OpenLate), 3);
        assert_eq!(ranked(Standing::OpenLate), digest.now.late, "ranking and digest");
        assert_eq!((digest.now.waiting, digest.now.past_due), (3, 2));
        assert_eq!((own.count(Standing::Waiting), ranked(Standing::Waiting)), (2, 2));
        // Nothing of it scores: neither for nor against.
        assert_eq!(own.due(), 3);
        // The days of what is claimed end with the claim, however long the monitor takes.
        let claimed = own.marks.iter().find(|one| one.milestone.to_string() == "IV.1.b/1").unwrap();
        let days = setup.calendar.working_days_late(day("2020-01-30"), day("2020-04-03"));
        assert_eq!(claimed.days_late, days);
        let listed = list_as_of(db, setup, &Filter::default(), day("2020-04-06")).await.unwrap();
        let standing = |word| listed.iter().filter(|one| one.word == Some(word)).count();
        assert_eq!(standing(Standing::OpenLate), digest.now.late, "status and digest");
        assert_eq!(standing(Standing::Waiting), digest.now.past_due);

        // The workbook and the report that go with the digest.
        let sheets = sheets_of(&files[0].bytes);
        let summary = &sheets[0].1;
        let heading = summary.iter().find(|row| row.contains(&"Đang thực hiện quá hạn".to_owned())).unwrap();
        let column = |name: &str| heading.iter().position(|one| one == name).unwrap();
        let total = summary.last().unwrap();
        assert_eq!(total[column("Đang thực hiện quá hạn")], digest.now.late.to_string());
        let words = words_of(&files[1].bytes, "word/document.xml");
        assert!(words.contains(&format!("đang thực hiện quá hạn {}, đã đến hạn và chờ quyết định 2", digest.now.late)), "{words}");
        assert_eq!(total[column("Đã đến hạn, chờ quyết định")], "2");
        // The leader's page.
        let (page, _) = preview(db, setup, &deliverer.origin, charge, day("2020-04-06"), Audience::Leader).await.unwrap();
        let page = setup.messages.render_digest(page, Channel::Email).unwrap().text;
        assert!(page.contains("Chờ quyết định: 3") && page.contains("trong đó 2 việc đã đến hạn, không tính là quá hạn"), "{page}");
        assert!(page.contains("3 việc chờ Sở Nội vụ quyết định"), "{page}");
    }

    async fn one_morning_counts_the_days_late_of_one_thing_once(test: TestDb) {
        let stage = undecided(test).await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        // Wednesday 1/4, Friday 3/4 and Monday 6/4 are worked; the 2nd is the day of the Hùng kings.
        let morning = "2020-04-06";
        let briefs = stage.briefs(morning).await;
        let items = briefs.iter().flat_map(|(_, brief)| &brief.items);
        let of_it = items.filter(|item| item.milestone.to_string() == "I.2/1" && item.agency == "STP".into());
        let told: BTreeSet<Option<i64>> = of_it.map(|item| item.days_left).collect();
        assert_eq!(told, BTreeSet::from([Some(-3)]));
        let (digest, files) = stage.preview_with_files(morning).await;
        let task = digest.newly_late.iter().find(|one| one.id == "I.2/1").unwrap();
        assert_eq!(task.days_late, 3, "digest");
        let letter = stage.reminds("STP", morning).await;
        let line = letter.late.iter().find(|one| one.id == "I.2/1").unwrap();
        assert_eq!(line.days_late, 3, "reminder");
        let sheets = sheets_of(&files[0].bytes);
        let mut rows = sheets[1..].iter().flat_map(|(_, rows)| rows);
        let row = rows.find(|row| row[1] == "Sở Tư pháp" && row[2] == "I.2/1").unwrap();
        assert_eq!(row[11], "3", "register");
        let first = Period::of_quarter(2020, 1).unwrap();
        let counted = count(db, setup, &setup.charges[0], first, day(morning)).await.unwrap();
        let (own, _) = counted.ranking.find(&"STP".into()).unwrap();
        let mark = own.marks.iter().find(|one| one.milestone.to_string() == "I.2/1").unwrap();
        assert_eq!(mark.days_late, 3, "ranking");
        // What was due yesterday is late this morning: its brief says so, and so does everything else.
        let first_morning = stage.reminds("STP", "2020-04-01").await;
        let late: Vec<(&str, i64)> = first_morning.late.iter().map(|one| (one.id.as_str(), one.days_late)).collect();
        assert!(late.contains(&("I.2/1", 1)), "{late:?}");
    }

    async fn a_digest_never_says_of_a_task_that_fewer_owe_it_than_do(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.digests("2020-04-06T07:30:00").await;
        stage.answers("2020-04-08T09:00:00", "II.2/1 đang trình ký").await;
        stage.done("IV.1.b", 1, "SXD", "2020-04-08").await;
        let sent = stage.digests("2020-04-13T07:30:00").await;
        let digest = stage.previews("2020-04-13").await;
        let task = digest.long_tasks.iter().find(|one| one.id == "II.2/1").unwrap();
        let unchanged: usize = digest.unchanged.iter().filter(|one| one.id == "II.2/1").map(|one| one.count).sum();
        assert_eq!((task.agencies, unchanged), (2, 35), "all that owe it stand in one list or the other");
        // Whichever left first: only the monitor's names the tasks.
        let mut lines = sent.iter().flat_map(|message| message.text.lines());
        let line = lines.find(|line| line.starts_with("- II.2/1 ")).unwrap();
        assert!(line.ends_with("(2 cơ quan nêu dưới đây; 35 cơ quan khác không thay đổi)"), "{line}");
    }

    async fn the_deputy_of_the_leader_hears_only_while_the_leader_is_away(test: TestDb) {
        let mut loaded = plan(Acceptance::Trust, Policy::default());
        let deputy = Contact {
            id: "ubnd.deputy".into(),
            agency: "UBND".into(),
            role: Role::Deputy,
            title: "Phó Chủ tịch UBND tỉnh".to_owned(),
            channels: vec![(Channel::Email, DEPUTY.to_owned())],
        };
        loaded.contacts.push(deputy);
        let stage = Stage::with(test, "2020-03-16T07:00:00", loaded.contacts.clone(), loaded).await;
        let told = async |date: &str| {
            stage.set_time(&format!("{date}T07:30:00"));
            stage.daemon.round(&Halt::never()).await.unwrap();
            let left = stage.mail.take();
            [LEADER, DEPUTY].map(|address| !to(&left, address).is_empty())
        };
        // A digest, and a brief of what nobody has answered since 30/01.
        assert_eq!(told("2020-03-16").await, [true, false]);
        let deliverer = &stage.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        let away = Absence { contact: "ubnd.head".into(), from: day("2020-03-23"), to: day("2020-03-24"), deputy: None };
        note_absence(db, setup, origin, &away, deliverer.clock.today(), deliverer.clock.now()).await.unwrap();
        assert_eq!(told("2020-03-23").await, [false, true]);
        assert_eq!(told("2020-03-30").await, [true, false]);
    }

    async fn a_past_day_is_told_by_what_was_in_the_ledger_then(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        stage.answers("2020-04-06T09:00:00", "II.2/1 xin gia hạn đến 30/4 vì chờ hướng dẫn của Bộ").await;
        let granted = deciding::order(Resolution::Extend { until: None }, "");
        stage.settles("2020-04-08T09:00:00", &granted, false).await.unwrap();
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let filter = Filter { agency: Some("STP".into()), task: Some("II.2".into()), ..Filter::default() };
        let on = async |date: &str| {
            let listed = list_as_of(db, setup, &filter, day(date)).await.unwrap();
            let one = listed.into_iter().find(|one| one.obligation.milestone.number == 1).unwrap();
            let (due_on, pending) = (one.obligation.due_on.unwrap().to_string(), one.obligation.pending);
            (due_on, pending, one.word, one.days_late, one.wanted())
        };
        let until = Some(day("2020-04-30"));
        let told = |due: &str, pending, word, late, wanted| (due.to_owned(), pending, Some(word), late, wanted);
        assert_eq!(on("2020-03-31").await, told("2020-03-31", None, Standing::OpenOnTime, 0, None));
        assert_eq!(on("2020-04-03").await, told("2020-03-31", None, Standing::OpenLate, 2, None));
        assert_eq!(on("2020-04-07").await, told("2020-03-31", Some(Pending::Extension), Standing::Waiting, 0, until));
        assert_eq!(on("2020-04-08").await, told("2020-04-30", None, Standing::OpenOnTime, 0, None));
    }

    async fn register_and_ranking_agree_on_what_does_not_count(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        // VI.5 is given away; I.3 is done all year, and one agency need not do it any more.
        let given = amending::order("VI.5", &["STTTT"], Change::Transfer { to: vec!["STP".into()] });
        stage.amends(&given, false).await.unwrap();
        let ended = amending::order("I.3", &["STP"], Change::Cancel);
        stage.amends(&ended, false).await.unwrap();
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let year = Period::of_year(2020).unwrap();
        let counted = count(db, setup, &setup.charges[0], year, day("2020-03-23")).await.unwrap();
        let left_out = |why| counted.ranking.count_left_out(why);
        let (_, files) = stage.preview_with_files("2020-03-24").await;
        let sheets = sheets_of(&files[0].bytes);
        let rows: Vec<&Vec<String>> = sheets[1..].iter().flat_map(|(_, rows)| rows).collect();
        let shown = |word: &str| rows.iter().filter(|row| row.get(10).is_some_and(|one| one == word)).count();
        assert_eq!(shown("Không thực hiện"), 1);
        assert_eq!(left_out(LeftOut::Cancelled), 1, "cancelled");
        assert_eq!((left_out(LeftOut::Transferred), shown("Chuyển cơ quan khác")), (1, 1), "transferred");
        assert_eq!(left_out(LeftOut::Continuous), shown("Thường xuyên"), "continuous");
    }
}
