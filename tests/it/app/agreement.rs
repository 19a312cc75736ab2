//! One replayed year: its fifty-two digests, its four rankings and the raw lines of its ledger agree with one another to
//! the unit. Officers only finish there; what else can happen is recounted in [`recount`](super::recount).

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use dondoc::app::digest::preview;
use dondoc::app::plan_day::Origin;
use dondoc::app::ranking::count;
use dondoc::app::setup::Setup;
use dondoc::app::simulate::answers::Manner;
use dondoc::app::simulate::{Answers, Options, Replay, simulate_on};
use dondoc::app::verify::verify;
use dondoc::clock::local;
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ObligationId;
use dondoc::domain::obligation::Standing;
use dondoc::domain::period::Period;
use dondoc::store::events::Told;
use dondoc::store::obligations::Filter;
use dondoc::store::{Db, events, obligations};

use super::stage::{day, loaded};

/// The four official words.
const WORDS: [Standing; 4] = [
    Standing::DoneOnTime,
    Standing::DoneLate,
    Standing::OpenOnTime,
    Standing::OpenLate,
];

/// One thing that is owed, from the plan and the ledger alone.
struct Owed {
    due_on: NaiveDate,
    /// The day of the line that says it is done, and the day on which it was.
    done: Option<(NaiveDate, NaiveDate)>,
}

impl Owed {
    fn is_done(&self, until: NaiveDate) -> bool {
        self.done.is_some_and(|(said_on, _)| said_on <= until)
    }

    /// One of the four official words, at the end of a day.
    fn word(&self, until: NaiveDate) -> Standing {
        self.told(until, until)
    }

    /// The same on the morning after.
    fn on_the_morning_after(&self, until: NaiveDate) -> Standing {
        self.told(until, until + Days::new(1))
    }

    fn told(&self, until: NaiveDate, on: NaiveDate) -> Standing {
        match self.done.filter(|_| self.is_done(until)) {
            Some((_, on)) if on <= self.due_on => Standing::DoneOnTime,
            Some(_) => Standing::DoneLate,
            None if self.due_on < on => Standing::OpenLate,
            None => Standing::OpenOnTime,
        }
    }
}

/// The five numbers of a first screen, in the order in which it shows them.
fn numbers(owed: &[Owed], until: NaiveDate) -> [usize; 5] {
    let end = until + Days::new(14);
    let count = |wanted: &dyn Fn(&Owed) -> bool| owed.iter().filter(|one| wanted(one)).count();
    let late = count(&|one| one.on_the_morning_after(until) == Standing::OpenLate);
    let is_soon =
        |one: &Owed| one.on_the_morning_after(until) == Standing::OpenOnTime && one.due_on <= end;
    // In this replay officers only finish: nobody answers otherwise, and nobody asks for anything.
    let done = count(&|one| one.is_done(until));
    [done, late, late, 0, count(&is_soon)]
}

/// The day of completion that a line names.
pub(super) fn done_on(line: &Told) -> NaiveDate {
    let payload: serde_json::Value = serde_json::from_str(&line.payload).unwrap();
    payload["done_on"].as_str().unwrap().parse().unwrap()
}

/// What the plan's milestones and the lines of the ledger say, without what the obligations themselves remember.
async fn read(db: &Db, setup: &Setup) -> Vec<Owed> {
    let plan = &setup.charges[0].plan;
    let mut tx = db.snapshot().await.unwrap();
    let mut lines = Vec::new();
    let reading = events::each_of_plan(&mut tx, &plan.id, |line| lines.push(line));
    reading.await.unwrap();
    let rows = obligations::list(&mut tx, &Filter::default())
        .await
        .unwrap();
    let mut done: HashMap<ObligationId, (NaiveDate, NaiveDate)> = HashMap::new();
    for line in &lines {
        let said = (local(line.at).date(), done_on(line));
        let before = done.insert(line.obligation.unwrap(), said);
        assert_eq!((line.kind.as_str(), before), ("done", None));
    }
    assert!(done.len() > 300, "{}", done.len());
    let milestones = plan.tasks.iter().flat_map(|task| {
        let each = task.milestones.iter();
        each.flat_map(move |milestone| task.agencies.iter().map(move |agency| (milestone, agency)))
    });
    let owed = milestones.filter_map(|(milestone, agency)| {
        let due_on = milestone.due_on?;
        let is_it = |one: &&_| {
            let one: &dondoc::domain::obligation::Obligation = one;
            one.milestone == milestone.id && one.agency == *agency
        };
        let id = rows.iter().find(is_it).unwrap().id;
        let done = done.remove(&id);
        Some(Owed { due_on, done })
    });
    let owed = owed.collect();
    assert_eq!(done.len(), 0, "every line is of something that has a day");
    owed
}

/// The digest's numbers, each with last week's.
fn told(text: &str) -> [(usize, Option<usize>); 5] {
    let names = [
        "Đã hoàn thành",
        "Quá hạn",
        "Quá hạn, chưa có trả lời",
        "Chờ quyết định",
        "Đến hạn trong 14 ngày tới",
    ];
    names.map(|name| {
        let prefix = format!("- {name}: ");
        let line = text.lines().find_map(|line| line.strip_prefix(&prefix));
        let (now, before) = line
            .unwrap()
            .split_once(
                [" (tuần trước ", " (kỳ trước "][usize::from(line.unwrap().contains("(kỳ"))],
            )
            .map_or((line.unwrap(), None), |(now, before)| {
                (now, before.split_once(')').map(|(before, _)| before))
            });
        // A number may be followed by how much of it is of a kind.
        let number = |text: &str| text.split(',').next().unwrap().parse().unwrap();
        (number(now), before.map(number))
    })
}

/// How much the digest lists as newly late.
fn newly_late(text: &str) -> usize {
    let after = text.split_once("\nMỚI QUÁ HẠN\n");
    let section = after.map_or("", |(_, rest)| rest);
    let next = [
        "QUÁ HẠN KÉO DÀI",
        "KHÓ KHĂN",
        "CHỜ QUYẾT ĐỊNH",
        "ĐẾN HẠN",
        "CHƯA LIÊN LẠC",
        "Tin đã gửi",
    ];
    let is_of_it = |line: &&str| !next.iter().any(|heading| line.starts_with(heading));
    let own = section.lines().take_while(is_of_it);
    let tasks = own.filter(|line| line.starts_with("- "));
    // A task of one agency names it, one of several says how many.
    tasks
        .map(|line| {
            let (_, who) = line.rsplit_once("; ").unwrap();
            who.strip_suffix(" cơ quan")
                .map_or(1, |count| count.parse().unwrap())
        })
        .sum()
}

fn check_digests(replay: &Replay, owed: &[Owed], issued_on: NaiveDate) {
    let digests: Vec<_> = replay
        .arrived
        .iter()
        .filter(|one| one.kind == "digest" && one.contact == "snv.officer".into())
        .collect();
    assert_eq!(digests.len(), 52);
    // Each begins where the one before it ended; the first, where the schedule's day before it lies.
    let mut since = day("2019-12-29");
    for digest in digests {
        let today = local(digest.at).date();
        let until = today - Days::new(1);
        let before = numbers(owed, since);
        let is_older = issued_on <= since;
        let expected: Vec<_> = numbers(owed, until)
            .into_iter()
            .zip(before)
            .map(|(now, before)| (now, is_older.then_some(before)))
            .collect();
        assert_eq!(told(&digest.text).to_vec(), expected, "{today}");
        let late_since = |one: &&Owed| {
            let told = |until| one.on_the_morning_after(until) == Standing::OpenLate;
            told(until) && !told(since)
        };
        let newly = owed.iter().filter(late_since).count();
        assert_eq!(newly_late(&digest.text), newly, "{today}");
        since = until;
    }
}

#[tokio::test]
async fn fifty_two_digests_four_rankings_and_the_ledger_agree_to_the_unit() {
    let loaded = loaded();
    let db = Db::open("sqlite:").await.unwrap();
    db.migrate().await.unwrap();
    let setup = loaded.setup.clone();
    let charge = &setup.charges[0];
    let options = Options {
        from: day("2019-12-31"),
        to: day("2020-12-31"),
        answers: Answers::Manner(Manner::Mixed),
        seed: 7,
    };
    let replay = simulate_on(db.clone(), setup.clone(), &loaded.contacts, options, |_| ());
    let replay = replay.await.unwrap();
    let owed = read(&db, &setup).await;
    check_digests(&replay, &owed, charge.plan.issued_on);

    let quarters = [1, 2, 3, 4].map(|number| Period::of_quarter(2020, number).unwrap());
    let origin = Origin {
        domain: "dondoc.example".to_owned(),
        channels: [Channel::Email].into(),
    };
    // On the day after each quarter all four are counted, those to come as far as they have come.
    for until in quarters.map(|quarter| quarter.day_after()) {
        let mut of_all = [0; 4];
        for quarter in quarters {
            let counted = count(&db, &setup, charge, quarter, until).await.unwrap();
            for (at, word) in WORDS.into_iter().enumerate() {
                let ranked: usize = counted.ranking.scores().map(|one| one.count(word)).sum();
                let is_in = |one: &&Owed| {
                    (quarter.from..=quarter.to).contains(&one.due_on) && one.word(until) == word
                };
                let by_hand = owed.iter().filter(is_in).count();
                assert_eq!(ranked, by_hand, "{quarter:?} on {until}: {word:?}");
                of_all[at] += ranked;
            }
        }
        let morning = until + Days::new(1);
        let (digest, _) = preview(
            &db,
            &setup,
            &origin,
            charge,
            morning,
            dondoc::domain::ladder::Audience::Monitor,
        )
        .await
        .unwrap();
        let sum = |words: &[Standing]| -> usize {
            let all = WORDS.into_iter().zip(of_all);
            all.filter(|(word, _)| words.contains(word))
                .map(|(_, count)| count)
                .sum()
        };
        let done = sum(&[Standing::DoneOnTime, Standing::DoneLate]);
        assert_eq!(
            [digest.now.done, digest.now.late],
            [done, sum(&[Standing::OpenLate])],
            "{morning}: what four rankings count is what the digest says"
        );
        assert_eq!(of_all.iter().sum::<usize>(), owed.len());
    }
    let [verified] = verify(&db, None, None).await.unwrap().try_into().unwrap();
    assert_eq!((verified.broken, verified.astray), (None, Vec::new()));
}
