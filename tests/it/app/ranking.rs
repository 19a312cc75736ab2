//! Rankings of a whole year, counted once more from the raw lines of the ledger.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dondoc::app::ranking::count;
use dondoc::app::resolve::{Order, settle};
use dondoc::app::setup::Setup;
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Options, simulate_on};
use dondoc::clock::local;
use dondoc::domain::obligation::{Obligation, Standing};
use dondoc::domain::period::Period;
use dondoc::domain::resolution::Resolution;
use dondoc::messages::{RankingAgency, RankingContext, RankingLine};
use dondoc::store::events::Told;
use dondoc::store::obligations::Filter;
use dondoc::store::{Db, events, obligations};

use super::agreement::done_on;
use super::amending;
use super::stage::{Stage, day, loaded};
use crate::support::db::on_both_databases;

fn quarter(number: u32) -> Period {
    Period::of_quarter(2020, number).unwrap()
}

async fn context(db: &Db, setup: &Setup, period: Period, on: NaiveDate) -> RankingContext {
    let charge = &setup.charges[0];
    let counted = count(db, setup, charge, period, on).await.unwrap();
    counted.context(setup, charge)
}

fn everybody(context: &RankingContext) -> impl Iterator<Item = &RankingAgency> {
    let ranked = context.tables.iter().flat_map(|table| &table.agencies);
    ranked.chain(&context.too_few).chain(&context.nothing_due)
}

/// What a clerk would count with a pencil: due, on time, late, open, days, weights, reports.
#[derive(Debug, Default, PartialEq, Eq)]
struct Pencil {
    due: u64,
    on_time: u64,
    late: u64,
    open: u64,
    days: u64,
    days_at_most_sixty: u64,
    weight: u64,
    weight_on_time: u64,
    reports: u64,
    reports_on_time: u64,
}

impl Pencil {
    fn points(&self) -> f64 {
        let hundredths = |x: f64| (x * 100.0 + 1e-6).round() / 100.0;
        let small = |number: u64| f64::from(u32::try_from(number).unwrap());
        let share = |a: u64, b: u64| small(a) / small(b);
        let mut gained = vec![(50.0, share(self.weight_on_time, self.weight))];
        if self.reports > 0 {
            gained.push((20.0, share(self.reports_on_time, self.reports)));
        }
        gained.push((10.0, 1.0 - share(self.days_at_most_sixty, self.due * 60)));
        gained.push((10.0, share(self.on_time + self.late, self.due)));
        // Nothing is extended in this replay: the plan's day is the day.
        gained.push((10.0, share(self.on_time, self.due)));
        let most: f64 = gained.iter().map(|(most, _)| most).sum();
        let sum: f64 = gained
            .iter()
            .map(|(most, share)| hundredths(most * share))
            .sum();
        (sum / most * 1000.0 + 1e-6).round() / 10.0
    }
}

/// Working days after `from` up to `to`, one by one.
fn walked(setup: &Setup, from: NaiveDate, to: NaiveDate) -> u64 {
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    days.filter(|day| setup.calendar.is_working_day(*day))
        .count() as u64
}

/// Everything that falls due in the period, from the milestones of the plan and the first line about each.
fn recount<'s>(
    setup: &'s Setup,
    owed: &[Obligation],
    ledger: &[Told],
    period: Period,
) -> BTreeMap<&'s str, Pencil> {
    let counted_up_to = period.to.succ_opt().unwrap();
    let mut pencils: BTreeMap<&str, Pencil> = BTreeMap::new();
    for task in &setup.charges[0].plan.tasks {
        for milestone in &task.milestones {
            let Some(due_on) = milestone
                .due_on
                .filter(|due| *due >= period.from && *due <= period.to)
            else {
                continue;
            };
            let is_report = milestone.label.starts_with("Báo cáo");
            let weight = match (task.id.as_str(), is_report) {
                ("IV.1.b", _) => 3,
                (_, true) => 1,
                (_, false) => 2,
            };
            for agency in &task.agencies {
                let one = owed
                    .iter()
                    .find(|one| one.milestone == milestone.id && one.agency == *agency)
                    .unwrap();
                let line = ledger.iter().find(|line| {
                    line.obligation == Some(one.id) && local(line.at).date() <= counted_up_to
                });
                let done = line.map(done_on);
                let pencil = pencils.entry(agency.as_str()).or_default();
                pencil.due += 1;
                pencil.weight += weight;
                pencil.reports += u64::from(is_report);
                let days = match done {
                    Some(done) if done <= due_on => {
                        pencil.on_time += 1;
                        pencil.weight_on_time += weight;
                        pencil.reports_on_time += u64::from(is_report);
                        0
                    }
                    Some(done) => {
                        pencil.late += 1;
                        walked(setup, due_on, done).max(1)
                    }
                    None => {
                        pencil.open += 1;
                        walked(setup, due_on, counted_up_to).max(1)
                    }
                };
                pencil.days += days;
                pencil.days_at_most_sixty += days.min(60);
            }
        }
    }
    pencils
}

#[tokio::test]
async fn four_quarters_and_the_year_agree_with_the_ledger_to_the_unit() {
    let loaded = loaded();
    let db = Db::open("sqlite:").await.unwrap();
    db.migrate().await.unwrap();
    let options = Options {
        from: day("2019-12-31"),
        to: day("2020-12-31"),
        answers: Answers::Manner(Manner::Mixed),
        seed: 7,
    };
    let setup = loaded.setup.clone();
    let replay = simulate_on(db.clone(), setup.clone(), &loaded.contacts, options, |_| ());
    let replay = replay.await.unwrap();

    let plan = &setup.charges[0].plan;
    let mut tx = db.snapshot().await.unwrap();
    let mut ledger = Vec::new();
    let reading = events::each_of_plan(&mut tx, &plan.id, |line| ledger.push(line));
    reading.await.unwrap();
    let owed = obligations::list(&mut tx, &Filter::default())
        .await
        .unwrap();
    drop(tx);
    // Officers of this replay only finish: the raw lines hold a day each and nothing else.
    assert!(ledger.len() > 300 && ledger.iter().all(|line| line.kind == "done"));

    let year = Period::of_year(2020).unwrap();
    let mut seen = 0;
    for period in [quarter(1), quarter(2), quarter(3), quarter(4), year] {
        let counted_up_to = period.to.succ_opt().unwrap();
        let mut pencils = recount(&setup, &owed, &ledger, period);
        let context = context(&db, &setup, period, period.counted_on(day("2021-02-01"))).await;
        assert_eq!(context.on, counted_up_to);
        for agency in everybody(&context) {
            seen += 1;
            let Some(pencil) = pencils.remove(agency.code.as_str()) else {
                assert_eq!(
                    (agency.due, agency.rank, agency.points),
                    (0, None, None),
                    "{}",
                    agency.code
                );
                continue;
            };
            let counted = Pencil {
                due: agency.due as u64,
                on_time: agency.standing.done_on_time as u64,
                late: agency.standing.done_late as u64,
                open: agency.standing.open_late as u64,
                days: agency.days_late.unsigned_abs(),
                days_at_most_sixty: agency
                    .lines
                    .iter()
                    .map(|line| line.days_late.unsigned_abs().min(60))
                    .sum(),
                weight: agency.shares.done_on_time.whole,
                weight_on_time: agency.shares.done_on_time.part,
                reports: agency.reports.whole,
                reports_on_time: agency.reports.part,
            };
            assert_eq!(counted, pencil, "{} {period:?}", agency.code);
            let points = (pencil.due >= 2).then(|| pencil.points());
            assert_eq!(
                agency.points, points,
                "{} {period:?} {pencil:?}",
                agency.code
            );
            assert_eq!(
                (agency.answered.part, agency.extended),
                (pencil.on_time + pencil.late, 0)
            );
        }
        assert_eq!(pencils.len(), 0, "nobody is forgotten: {pencils:?}");
        for table in &context.tables {
            for one in &table.agencies {
                let better = table
                    .agencies
                    .iter()
                    .filter(|other| other.points > one.points);
                assert_eq!(one.rank, Some(better.count() + 1), "{}", one.code);
            }
        }
    }
    assert_eq!(
        seen,
        5 * 39,
        "37 agencies owe something due, two only what has no day"
    );

    // What a replay tells at its end is the year's ranking.
    let [(id, ranking)] = replay.rankings.as_slice() else {
        panic!("one plan")
    };
    assert_eq!(*id, plan.id);
    let counted = count(&db, &setup, &setup.charges[0], year, day("2021-01-01"));
    assert_eq!(*ranking, counted.await.unwrap().ranking);
    let done = ranking
        .scores()
        .map(|score| score.count(Standing::DoneOnTime) + score.count(Standing::DoneLate));
    assert_eq!(done.sum::<usize>(), ledger.len());
}

fn order(resolution: Resolution) -> Order {
    Order {
        task: "II.2".into(),
        milestone: Some(1),
        agency: "STP".into(),
        resolution,
        reason: None,
        document: Some("45/SNV-CCHC".to_owned()),
        by: None,
    }
}

on_both_databases! {
    /// What was due of it lies with the agency that took it over.
    async fn an_agency_that_gave_all_away_is_named_with_the_document_and_not_as_one_with_nothing_due(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        let mut given = amending::order("II.2", &["STP"], amending::given_to(&["STC"]));
        given.scope.tasks.clear();
        stage.amends(&given, false).await.unwrap();
        let deliverer = &stage.daemon.deliverer;
        let (db, setup) = (&deliverer.db, &deliverer.setup);
        let ranking = context(db, setup, quarter(1), day("2020-04-01")).await;
        let codes = |list: &[RankingAgency]| -> Vec<String> { list.iter().map(|one| one.code.clone()).collect() };
        assert_eq!(codes(&ranking.given_away), ["STP"]);
        assert!(!codes(&ranking.nothing_due).contains(&"STP".to_owned()));
        let text = setup.messages.render_ranking(&ranking).unwrap().1;
        let told = "- Sở Tư pháp: đã chuyển nhiệm vụ theo 905/QĐ-UBND";
        assert!(text.contains(told), "{text}");
        let words = setup.messages.render_arithmetic(&ranking, ranking.find("STP").unwrap()).unwrap();
        assert!(words.contains("Không có điểm: đã chuyển nhiệm vụ theo 905/QĐ-UBND."), "{words}");
        // Before the document it owed what it owed.
        let before = context(db, setup, quarter(1), day("2020-03-15")).await;
        assert_eq!(codes(&before.given_away), [""; 0]);
    }

    /// An extension by letter, a completion with its document, one taken back, and the quarter counted again.
    async fn a_line_of_evidence_has_both_days_and_the_documents_that_still_hold(test: TestDb) {
        let stage = Stage::at(test, "2020-03-16T09:00:00").await;
        stage.link("2020-03-16T09:00:00", "stp.officer").await;
        let deliverer = &stage.daemon.deliverer;
        let (db, setup, origin) = (&deliverer.db, &deliverer.setup, &deliverer.origin);
        stage.set_time("2020-03-17T14:00:00");
        let until = Resolution::Extend { until: Some(day("2020-04-15")) };
        let clock = &deliverer.clock;
        settle(db, setup, origin, &setup.charges[0], &order(until), clock.today(), clock.now(), false).await.unwrap();
        stage.answers("2020-03-30T09:30:00", "IV.1.a/1 xong, BC 10/BC-STP ngày 27/3").await;
        stage.answers("2020-03-30T10:30:00", "IV.1.c/1 xong, BC 11/BC-STP ngày 27/3").await;
        stage.answers("2020-03-30T10:40:00", "nhầm").await;
        stage.answers("2020-04-16T09:30:00", "II.2/1 xong, KH 12/KH-STP ngày 14/4").await;

        let first = context(db, setup, quarter(1), day("2020-04-01")).await;
        assert_eq!(first.left_out.moved_beyond, 1);
        let stp = first.find("STP").unwrap();
        let line = |agency: &RankingAgency, id: &str| agency.lines.iter().find(|line| line.id == id).unwrap().clone();
        let report = line(stp, "IV.1.a/1");
        assert_eq!((report.document.as_str(), report.done_on), ("10/BC-STP", Some(day("2020-03-27"))));
        let taken_back = line(stp, "IV.1.c/1");
        assert_eq!((taken_back.document.as_str(), taken_back.standing.as_str()), ("", "open-late"));
        let answers = |one: &&RankingLine| one.done_on.is_some() || (!one.quote.is_empty() && one.takes_back.is_none());
        assert_eq!(stp.answered.part, stp.lines.iter().filter(answers).count() as u64, "{:#?}", stp.lines);
        let says = (taken_back.quote.as_str(), taken_back.takes_back);
        assert_eq!(says, ("nhầm", Some(day("2020-03-30"))), "what was taken back was not said, but that it was");

        let second = context(db, setup, quarter(2), day("2020-07-01")).await;
        let plan = line(second.find("STP").unwrap(), "II.2/1");
        assert_eq!((plan.due_on, plan.original_due_on), (day("2020-04-15"), day("2020-03-31")));
        assert_eq!((plan.document.as_str(), plan.moved_by.as_str()), ("12/KH-STP", "45/SNV-CCHC"));
        assert_eq!(plan.standing, "done-on-time");
        assert_eq!(second.find("STP").unwrap().extended, 1);

        // What came later does not change what was counted then.
        assert_eq!(context(db, setup, quarter(1), day("2020-04-01")).await, first);
        let text = setup.messages.render_ranking(&second).unwrap().1;
        assert!(text.contains("XẾP HẠNG"), "{text}");
        let words = setup.messages.render_arithmetic(&second, second.find("STP").unwrap()).unwrap();
        let told = "hạn 15/4/2020 (gia hạn theo 45/SNV-CCHC, hạn theo kế hoạch 31/3/2020); 12/KH-STP";
        assert!(words.contains(told), "{words}");
    }
}
