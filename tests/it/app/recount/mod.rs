//! A spring in which everything happens that can happen to an obligation: its digests, its ranking, its workbook and its
//! obligations, recounted from the raw lines of the ledger by nothing of the program's own.

mod raw;

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use dondoc::app::amend::Order;
use dondoc::app::ranking::count;
use dondoc::domain::amendment::Change;
use dondoc::domain::ids::ObligationId;
use dondoc::domain::obligation::{Pending, Standing};
use dondoc::domain::period::Period;
use dondoc::domain::resolution::Resolution;
use dondoc::domain::scoring::Score;
use dondoc::messages::DigestContext;

use raw::{Owed, Recount};

use super::amending::{given_to, order, until};
use super::deciding;
use super::golden::sheets_of;
use super::stage::{Stage, day};
use crate::support::db::on_both_databases;

/// How each obligation stands.
type Stood = HashMap<ObligationId, Owed>;

/// What a digest counts and lists, and the same from the lines: the five numbers; newly late, difficulties, decisions.
fn check_digest(digest: &DigestContext, recount: &Recount, since: NaiveDate) {
    let until = digest.until;
    let (now, before) = (recount.at(until), recount.at(since));
    let count = |wanted: &dyn Fn(&Owed) -> bool| {
        now.values()
            .filter(|one| one.due_on.is_some() && wanted(one))
            .count()
    };
    let end = until + Days::new(14);
    let waits = Owed::waits;
    let due_soon =
        |one: &Owed| one.is_open() && one.due_on > Some(until) && one.due_on <= Some(end);
    let morning = until + Days::new(1);
    let numbers = &digest.now;
    assert_eq!(
        [
            numbers.done,
            numbers.late,
            numbers.silent,
            numbers.waiting,
            numbers.past_due,
            numbers.due_soon
        ],
        [
            count(&|one| one.state == "done"),
            count(&|one| one.is_late(until)),
            count(&|one| one.is_late(until) && one.heard.is_none()),
            count(&waits),
            count(&|one| one.word(morning) == Some(Standing::Waiting)),
            count(&due_soon),
        ],
        "{until}: done, late, silent, waiting, past due, due soon"
    );
    let newly = now.iter().filter(|(id, one)| {
        let then = before.get(id).unwrap();
        one.is_late(until) && !then.is_late(since)
    });
    let told: usize = digest.newly_late.iter().map(|one| one.agencies.len()).sum();
    assert_eq!(told, newly.count(), "{until}: newly late");
    let long: usize = digest.long_late.iter().map(|one| one.lines.len()).sum();
    let unchanged: usize = digest.unchanged.iter().map(|one| one.count).sum();
    assert_eq!(told + long + unchanged, numbers.late, "{until}");
    assert_eq!(
        [digest.difficulties.len(), digest.decisions.len()],
        [
            count(&|one| {
                let of_week = one.blocked_on.iter().any(|on| *on > since && *on <= until);
                one.is_open() && (one.heard == Some(true) || of_week)
            }),
            count(&waits)
        ],
        "{until}: difficulties, decisions"
    );
    let done = |all: &Stood| -> BTreeSet<i64> {
        let done = all
            .iter()
            .filter(|(_, one)| one.state == "done" && one.due_on.is_some());
        done.map(|(id, _)| id.0).collect()
    };
    let (done, done_before) = (done(&now), done(&before));
    assert_eq!(
        [digest.completed.gained, digest.completed.lost],
        [
            done.difference(&done_before).count(),
            done_before.difference(&done).count()
        ],
        "{until}: completed, no longer completed"
    );
    check_amended(digest, &now, &before);
    let soon: usize = digest.due_soon.iter().map(|one| one.agencies.len()).sum();
    assert_eq!(soon, numbers.due_soon, "{until}");
}

/// What documents changed between two digests, by which their totals add up.
fn check_amended(digest: &DigestContext, now: &Stood, before: &Stood) {
    let (until, amended) = (digest.until, digest.amended);
    let changed = |is_so: &dyn Fn(&Owed, &Owed) -> bool| {
        now.iter()
            .filter(|(id, one)| is_so(&before[id], one))
            .count()
    };
    let ended = |state: &'static str| {
        changed(&move |was: &Owed, is: &Owed| was.state != state && is.state == state)
    };
    let went_on = |from: &'static [&'static str]| {
        changed(&move |was: &Owed, is: &Owed| from.contains(&was.state.as_str()) && is.is_live())
    };
    assert_eq!(
        [
            amended.suspended,
            amended.cancelled + amended.transferred + amended.given_back,
            amended.resumed,
            amended.taken + amended.begun,
            amended.moved,
        ],
        [
            ended("suspended"),
            ended("cancelled"),
            went_on(&["suspended", "cancelled"]),
            went_on(&["asleep"]),
            changed(&|was, is| was.is_live() && is.is_live() && was.plan_due_on != is.plan_due_on),
        ],
        "{until}: suspended, ended, gone on, new, moved"
    );
    let total = |all: &Stood| {
        all.values()
            .filter(|one| one.is_live() && one.due_on.is_some())
            .count()
    };
    let gone = amended.suspended + amended.cancelled + amended.transferred + amended.given_back;
    let come = amended.resumed + amended.taken + amended.begun;
    assert_eq!(
        total(now) + gone,
        total(before) + come,
        "{until}: the totals add up"
    );
}

/// Each obligation as it stands, beside what its lines make of it.
fn check_rows(recount: &Recount, until: NaiveDate) {
    let owed = recount.at(until);
    for row in &recount.rows {
        let counted = &owed[&row.id];
        let told = (
            counted.state.as_str(),
            counted.due_on,
            counted.done_on,
            counted.pending.as_deref(),
        );
        let kept = (
            row.state.as_str(),
            row.due_on,
            row.done_on,
            row.pending.map(Pending::as_str),
        );
        assert_eq!(told, kept, "{} {}", row.milestone, row.agency);
    }
}

/// The first sheet of the workbook counts every row of the others once, by its word.
fn check_workbook(bytes: &[u8], recount: &Recount, until: NaiveDate) {
    let sheets = sheets_of(bytes);
    let (_, summary) = &sheets[0];
    let total = summary.last().unwrap();
    let rows: Vec<&Vec<String>> = sheets[1..]
        .iter()
        .flat_map(|(_, rows)| rows)
        .filter(|row| row[0].parse::<u32>().is_ok())
        .collect();
    let number = |column: usize| total[column].parse::<usize>().unwrap();
    let with = |words: &[&str]| {
        let found = rows.iter();
        found
            .filter(|row| words.contains(&row[10].as_str()))
            .count()
    };
    let words = [
        "Hoàn thành đúng hạn",
        "Hoàn thành quá hạn",
        "Đang thực hiện trong hạn",
        "Đang thực hiện quá hạn",
        "Đã đến hạn, chờ quyết định",
    ];
    assert_eq!(number(3), with(&words), "all that have a due day");
    let owed = recount.at(until);
    let standings = [
        Standing::DoneOnTime,
        Standing::DoneLate,
        Standing::OpenOnTime,
        Standing::OpenLate,
        Standing::Waiting,
    ];
    for ((column, word), standing) in (4..).zip(words).zip(standings) {
        let counted = owed.values();
        let counted = counted.filter(|one| one.word(until + Days::new(1)) == Some(standing));
        assert_eq!(number(column), with(&[word]), "{word}");
        assert_eq!(number(column), counted.count(), "{word}");
    }
    let undated = [
        "Thường xuyên",
        "Thường xuyên, đã hoàn thành",
        "Chưa phát sinh",
    ];
    assert_eq!(number(11), with(&undated), "without a day");
    let held = ["Tạm dừng", "Chuyển cơ quan khác", "Không thực hiện"];
    assert_eq!(number(12), with(&held), "not owed now");
    assert_eq!(number(13), rows.len(), "each row once");
    let done_at_large = with(&["Thường xuyên, đã hoàn thành"]);
    assert_eq!(
        done_at_large, 0,
        "what is done all year is never over, whatever is reported of a quarter"
    );
    let row = |agency: &str, id: &str| {
        let mut found = rows.iter().filter(|row| row[1] == agency && row[2] == id);
        found.next().unwrap_or_else(|| panic!("{agency} {id}"))
    };
    let given = row("Sở Thông tin và Truyền thông", "VI.5");
    let by = "theo 905/QĐ-UBND ngày 15/01/2020";
    assert_eq!(given[10], "Chuyển cơ quan khác");
    assert_eq!(given[14], format!("Chuyển Sở Tư pháp {by}"));
    let taken = row("Sở Tư pháp", "VI.5");
    assert_eq!(
        taken[14],
        format!("Nhận từ Sở Thông tin và Truyền thông {by}")
    );
    let held = row("Sở Tài chính", "II.2/1");
    assert_eq!(held[10], "Tạm dừng");
    assert_eq!(held[14], format!("Tạm dừng {by}"));
    let moved = row("UBND thành phố Hội An", "II.2/1");
    assert_eq!(moved[6..9], ["31/03/2020", "30/06/2020", ""]);
    assert_eq!(moved[14], format!("Điều chỉnh thời hạn {by}"));
    let extended = row("Sở Tư pháp", "II.2/1");
    assert_eq!(extended[6..9], ["31/03/2020", "", "15/04/2020"]);
}

/// A decision of another obligation of Sở Tư pháp.
fn decided(task: &str, resolution: Resolution) -> dondoc::app::resolve::Order {
    dondoc::app::resolve::Order {
        task: task.into(),
        ..deciding::order(resolution, "đề nghị bổ sung")
    }
}

impl Stage {
    async fn changes(&self, time: &str, order: &Order) -> i64 {
        self.set_time(time);
        self.amends(order, false).await.unwrap().amendment
    }
}

/// From Friday 6/3 to Monday 20/4.
async fn everything_happens(stage: &Stage) -> Vec<(String, DigestContext)> {
    stage.link("2020-03-06T09:00:00", "stp.officer").await;
    let mut digests = Vec::new();
    let monday = async |digests: &mut Vec<_>, date: &str| {
        let left = stage.digests(&format!("{date}T07:30:00")).await;
        let subject = left[0].subject.clone().unwrap();
        digests.push((subject, stage.previews(date).await));
    };
    monday(&mut digests, "2020-03-09").await;
    let blocked = "IV.1.b vướng, chưa có hướng dẫn của Bộ";
    stage.answers("2020-03-10T09:00:00", blocked).await;
    let covered = "IV.1.b đang làm, được 30%";
    stage.answers("2020-03-11T08:00:00", covered).await;
    let asked = "II.2 xin gia hạn đến 15/4 vì chờ hướng dẫn của Bộ";
    stage.answers("2020-03-11T09:00:00", asked).await;
    monday(&mut digests, "2020-03-16").await;
    let granted = decided("II.2", Resolution::Extend { until: None });
    stage
        .settles("2020-03-17T09:00:00", &granted, false)
        .await
        .unwrap();
    let asked = "IV.1.a/1 xin gia hạn đến 20/4 vì thiếu số liệu";
    stage.answers("2020-03-18T09:00:00", asked).await;
    for (agencies, change) in [
        (&["HOIAN", "TAMKY", "SYT"][..], until("2020-06-30")),
        (&["STC"], Change::Suspend),
        (&["SXD"], Change::Suspend),
        (&["SCT"], Change::Cancel),
    ] {
        stage
            .changes("2020-03-18T14:00:00", &order("II.2", agencies, change))
            .await;
    }
    let given = order("VI.5", &["STTTT"], given_to(&["STP"]));
    stage.changes("2020-03-18T15:00:00", &given).await;
    let mistaken = order("II.2", &["BDT"], until("2020-05-31"));
    let mistaken = stage.changes("2020-03-19T09:00:00", &mistaken).await;
    monday(&mut digests, "2020-03-23").await;
    let refused = decided("IV.1.a", Resolution::Refuse);
    stage
        .settles("2020-03-24T09:00:00", &refused, false)
        .await
        .unwrap();
    let claimed = "IV.1.b xong, KH số 12/KH-STP ngày 24/3";
    stage.answers("2020-03-25T09:00:00", claimed).await;
    monday(&mut digests, "2020-03-30").await;
    stage
        .settles(
            "2020-03-31T09:00:00",
            &decided("IV.1.b", Resolution::Return),
            false,
        )
        .await
        .unwrap();
    stage.revokes(mistaken).await.unwrap();
    stage.done("II.2", 1, "SNV", "2020-03-30").await;
    stage.set_time("2020-04-03T09:00:00");
    stage.done("II.2", 1, "SKHCN", "2020-04-02").await;
    // What has no day is finished too.
    stage.done("I.3", 1, "STP", "2020-04-02").await;
    let resumed = order("II.2", &["SXD"], Change::Resume { due_on: None });
    stage.changes("2020-04-03T14:00:00", &resumed).await;
    for date in ["2020-04-06", "2020-04-13", "2020-04-20"] {
        monday(&mut digests, date).await;
    }
    digests
}

on_both_databases! {
    async fn digests_ranking_workbook_and_obligations_are_those_of_the_raw_lines(test: TestDb) {
        let stage = Stage::at(test, "2020-03-06T08:00:00").await;
        let digests = everything_happens(&stage).await;
        let recount = Recount::of(&stage).await;
        let happened = [
            "amendment-revoked", "blocked", "cancelled", "done", "due-amended", "extended", "extension-asked",
            "extension-refused", "progress", "received", "resumed", "returned", "suspended", "transferred",
        ];
        assert_eq!(recount.kinds(), happened);

        let mut since = day("2020-03-01");
        for (subject, digest) in &digests {
            check_digest(digest, &recount, since);
            let told = format!("{} việc quá hạn", digest.now.late);
            assert!(subject.contains(&told), "what is counted now is what was sent: {subject}");
            since = digest.until;
        }
        // At one time or another, each list has something to list.
        let any = |wanted: &dyn Fn(&DigestContext) -> bool| digests.iter().any(|(_, one)| wanted(one));
        assert!(any(&|one| one.decisions.len() == 1) && any(&|one| one.difficulties.len() == 1));
        check_rows(&recount, day("2020-04-20"));

        let deliverer = &stage.daemon.deliverer;
        let (db, setup, charge) = (&deliverer.db, &deliverer.setup, &deliverer.setup.charges[0]);
        let until = day("2020-04-19");
        let owed = recount.at(until);
        let mut extended = 0;
        for number in [1, 2] {
            let quarter = Period::of_quarter(2020, number).unwrap();
            let counted = count(db, setup, charge, quarter, until).await.unwrap();
            let is_in = |one: &&Owed| one.due_on.is_some_and(|due| quarter.holds(due));
            for word in [Standing::DoneOnTime, Standing::DoneLate, Standing::OpenOnTime, Standing::OpenLate, Standing::Waiting] {
                let ranked: usize = counted.ranking.scores().map(|one| one.count(word)).sum();
                let by_hand = owed.values().filter(is_in).filter(|one| one.word(until) == Some(word)).count();
                assert_eq!(ranked, by_hand, "quarter {number}: {word:?}");
            }
            let ranked: usize = counted.ranking.scores().map(Score::extended).sum();
            let longer = |one: &&Owed| one.word(until).is_some() && one.due_on > one.plan_due_on;
            assert_eq!(ranked, owed.values().filter(is_in).filter(longer).count(), "quarter {number}: extended");
            extended += ranked;
        }
        assert_eq!(extended, 1, "a day that a document moved is no extension");
        let (_, files) = stage.preview_with_files("2020-04-20").await;
        check_workbook(&files[0].bytes, &recount, until);
    }
}
