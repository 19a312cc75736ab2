//! Rankings of ledgers written by hand.

mod counted;
mod properties;
mod proposed;

use chrono::NaiveDate;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::digest::Account;
use crate::domain::directory::Level;
use crate::domain::history::{Amends, Entry, Saying, Stood};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId};
use crate::domain::obligation::{Obligation, Standing, State};
use crate::domain::period::Period;
use crate::domain::plan::MilestoneKind;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

fn rules() -> Rules {
    Rules {
        weights: Weights {
            work: 2,
            report: 1,
            heavier: vec![Heavier {
                plan: "p".into(),
                tasks: vec!["IV.1.b".into()],
                weight: 3,
            }],
        },
        reports: vec!["Báo cáo".to_owned()],
        parts: [50, 20, 10, 10, 10],
        longest: 60,
        fewest: 2,
        among: Among::Level,
        commend: Commend {
            points: Points::whole(90),
            late: 0,
            due: 3,
        },
        criticise: Criticise {
            points: Points::whole(50),
            overdue: 20,
        },
        joined: Vec::new(),
    }
}

/// An obligation with its ledger and its label.
#[derive(Clone, Debug)]
struct Written {
    obligation: Obligation,
    entries: Vec<Entry>,
    label: &'static str,
    is_owed: bool,
    is_told: bool,
}

fn owed(id: i64, agency: &str, due_on: NaiveDate) -> Written {
    Written {
        obligation: Obligation {
            id: ObligationId(id),
            plan: "p".into(),
            milestone: MilestoneId {
                task: "II.2".into(),
                number: u16::try_from(id).unwrap(),
            },
            agency: agency.into(),
            opens_on: None,
            due_on: Some(due_on),
            original_due_on: Some(due_on),
            act_by: Some(due_on),
            ..crate::domain::tests::owed()
        },
        entries: Vec::new(),
        label: "Ban hành",
        is_owed: true,
        is_told: true,
    }
}

impl Written {
    fn report(mut self) -> Self {
        self.label = "báo cáo quý";
        self
    }

    fn task(mut self, task: &str) -> Self {
        self.obligation.milestone.task = task.into();
        self
    }

    fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self.entries.sort_by_key(|entry| entry.on);
        self
    }

    fn done(self, on: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            stand: Some(Stood {
                state: State::Done,
                done_on: Some(on),
                pending: None,
            }),
            ..Entry::default()
        })
    }

    fn said(self, on: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            said: Some(Saying {
                on,
                blocked: false,
                quote: "đang làm".to_owned(),
                takes_back: None,
                returned: None,
            }),
            ..Entry::default()
        })
    }

    fn took_back(self, on: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            forgets: true,
            said: Some(Saying {
                on,
                blocked: false,
                quote: "nhầm".to_owned(),
                takes_back: Some(on),
                returned: None,
            }),
            ..Entry::default()
        })
    }

    fn amended(self, on: NaiveDate, state: State, due_on: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            stand: Some(Stood {
                state,
                done_on: None,
                pending: None,
            }),
            due_on: Some(due_on),
            amends: Some(Amends::Forward),
            ..Entry::default()
        })
    }

    fn given_away(self, on: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            stand: Some(Stood {
                state: State::Cancelled,
                done_on: None,
                pending: None,
            }),
            gives_away: true,
            amends: Some(Amends::Forward),
            ..Entry::default()
        })
    }

    fn extended(self, on: NaiveDate, to: NaiveDate) -> Self {
        self.entry(Entry {
            on,
            due_on: Some(to),
            ..Entry::default()
        })
    }
}

fn agencies() -> Vec<(AgencyCode, Level)> {
    [
        ("STP", Level::Province),
        ("STC", Level::Province),
        ("SXD", Level::Province),
        ("TAMKY", Level::District),
    ]
    .map(|(code, level)| (code.into(), level))
    .into()
}

fn ranked(written: &[Written], rules: &Rules, period: Period, on: NaiveDate) -> Ranking {
    let cases: Vec<Case<'_>> = written
        .iter()
        .map(|one| Case {
            account: Account {
                obligation: &one.obligation,
                entries: &one.entries,
            },
            label: one.label,
            is_owed: one.is_owed,
            is_told: one.is_told,
        })
        .collect();
    rank(&cases, &agencies(), rules, period, on, &Calendar::default())
}

fn quarter(number: u32) -> Period {
    Period::of_quarter(2020, number).unwrap()
}

fn of_quarter(written: &[Written]) -> Ranking {
    ranked(written, &rules(), quarter(1), quarter(1).day_after())
}

#[track_caller]
fn only(ranking: &Ranking) -> &Score {
    let mut scores = ranking.scores();
    let (first, second) = (scores.next(), scores.next());
    assert!(second.is_none());
    first.unwrap()
}

#[test]
fn a_quarter_ends_with_its_last_day_and_is_counted_the_morning_after() {
    let ends = [1, 2, 3, 4].map(|number| quarter(number).to);
    assert_eq!(ends, [day(3, 31), day(6, 30), day(9, 30), day(12, 31)]);
    assert_eq!(quarter(2).from, day(4, 1));
    assert_eq!(quarter(1).day_after(), day(4, 1));
    assert_eq!(
        Period::of_quarter(2020, 0).or(Period::of_quarter(2020, 5)),
        None
    );
    let year = Period::of_year(2020).unwrap();
    assert_eq!((year.from, year.to), (day(1, 1), day(12, 31)));
}

#[test]
fn the_points_are_what_a_pocket_calculator_gives() {
    // Weights 3 + 2 + 1 + 1 = 7, on time 3 + 1 = 4; one report of two; 5 of 240 days lost; three of four answered.
    let ranking = of_quarter(&[
        owed(1, "STP", day(1, 30)).task("IV.1.b").done(day(1, 30)),
        owed(2, "STP", day(3, 6)).done(day(3, 9)),
        owed(3, "STP", day(3, 20)).report().done(day(3, 20)),
        owed(4, "STP", day(3, 26)).report(),
    ]);
    let score = only(&ranking);
    let parts: Vec<_> = score
        .parts
        .iter()
        .map(|one| (one.part, one.share.part, one.share.whole, one.hundredths))
        .collect();
    assert_eq!(
        parts,
        [
            (Part::OnTime, 4, 7, 2857),
            (Part::Reports, 1, 2, 1000),
            (Part::DaysLate, 235, 240, 979),
            (Part::Answers, 3, 4, 750),
            (Part::PlanDay, 2, 4, 500),
        ]
    );
    // 28.57 + 10 + 9.79 + 7.50 + 5 = 60.86
    assert_eq!(score.points(), Some(Points(609)));
    assert_eq!(
        (score.late(), score.days_late(), score.longest_open()),
        (2, 5, 4)
    );
    assert_eq!(score.weight(Standing::OpenLate), 1);
}

#[test]
fn a_part_of_which_nothing_was_due_neither_gives_nor_costs() {
    let ranking = of_quarter(&[
        owed(1, "STP", day(1, 30)).done(day(1, 30)),
        owed(2, "STP", day(3, 6)).done(day(3, 6)),
    ]);
    let score = only(&ranking);
    assert_eq!(score.sum(), (8000, 80));
    assert_eq!(score.points(), Some(Points(1000)));
}

#[test]
fn equal_points_share_a_rank_and_levels_are_ranked_apart() {
    let both = |id, agency, late| {
        let second = owed(id + 1, agency, day(2, 3));
        let second = if late { second } else { second.done(day(2, 3)) };
        [owed(id, agency, day(1, 30)).done(day(1, 30)), second]
    };
    let mut written = both(1, "STC", false).to_vec();
    written.extend(both(3, "STP", false));
    written.extend(both(5, "SXD", true));
    written.extend(both(7, "TAMKY", true));
    let ranking = of_quarter(&written);
    let ranks = |table: &Table| -> Vec<(String, usize, bool)> {
        let places = table.places.iter();
        places
            .map(|one| (one.score.agency.to_string(), one.rank, one.is_shared))
            .collect()
    };
    assert_eq!(ranking.tables.len(), 2);
    assert_eq!(ranking.tables[0].level, Some(Level::Province));
    let named = |code: &str, rank, shared| (code.to_owned(), rank, shared);
    assert_eq!(
        ranks(&ranking.tables[0]),
        [
            named("STP", 1, true),
            named("STC", 1, true),
            named("SXD", 3, false)
        ]
    );
    assert_eq!(ranks(&ranking.tables[1]), [named("TAMKY", 1, false)]);

    let together = Rules {
        among: Among::All,
        ..rules()
    };
    let ranking = ranked(&written, &together, quarter(1), day(4, 1));
    let [table] = ranking.tables.as_slice() else {
        panic!("{:?}", ranking.tables)
    };
    assert_eq!(table.level, None);
    assert_eq!(
        ranks(table)[2..],
        [named("SXD", 3, true), named("TAMKY", 3, true)]
    );
}

#[test]
fn too_few_and_nothing_due_are_named_apart_and_have_no_rank() {
    let ranking = of_quarter(&[
        owed(1, "STP", day(1, 30)),
        owed(2, "STC", day(6, 30)).done(day(2, 3)),
    ]);
    assert_eq!(ranking.tables, []);
    assert_eq!(ranking.too_few[0].agency, "STP".into());
    assert_eq!(ranking.nothing_due[0].agency, "STC".into());
    assert_eq!(ranking.nothing_due[0].points(), None);
    assert_eq!(ranking.find(&"SXD".into()), None);
}

#[test]
fn what_is_open_in_time_is_shown_and_scores_nothing() {
    let written = [
        owed(1, "STP", day(1, 30)).done(day(1, 30)),
        owed(2, "STP", day(2, 3)),
        owed(3, "STP", day(3, 31)),
    ];
    let ranking = ranked(&written, &rules(), quarter(1), day(2, 4));
    let score = only(&ranking);
    let counts = [
        Standing::DoneOnTime,
        Standing::OpenLate,
        Standing::OpenOnTime,
    ]
    .map(|one| score.count(one));
    assert_eq!((counts, score.due()), ([1, 1, 1], 2));
    assert_eq!(score.parts[0].share, Share { part: 2, whole: 4 });
}

#[test]
fn silence_is_told_from_a_word_and_a_word_taken_back_is_none() {
    let taken_back = Entry {
        on: day(3, 4),
        forgets: true,
        ..Entry::default()
    };
    let ranking = of_quarter(&[
        owed(1, "STP", day(3, 31)).said(day(3, 3)),
        owed(2, "STP", day(3, 31)),
        owed(3, "STP", day(3, 31)).said(day(3, 3)).entry(taken_back),
        owed(4, "STP", day(3, 31)).done(day(4, 2)),
    ]);
    assert_eq!(
        (only(&ranking).answers(), only(&ranking).due()),
        ((1, 4), 4)
    );
}

#[test]
fn a_report_is_known_by_the_beginning_of_its_label_however_it_is_spelt() {
    let rules = rules();
    for label in ["Báo cáo quý III", "BÁO CÁO", "bao\u{301} ca\u{301}o năm"] {
        assert!(rules.is_report(label), "{label}");
    }
    for label in ["", "Báo", "Kế hoạch và báo cáo", "Bao cao"] {
        assert!(!rules.is_report(label), "{label}");
    }
}
