//! What a Monday's digest says, from ledgers written by hand.

mod grouped;

use super::*;
use crate::domain::history::{Amends, Asked, Stood};
use crate::domain::obligation::Watch;

fn day(month: u32, date: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, month, date).unwrap()
}

/// What the digest of Monday 16/3 looks back on.
const WEEK: Span = Span {
    since: NaiveDate::from_ymd_opt(2020, 3, 8).unwrap(),
    until: NaiveDate::from_ymd_opt(2020, 3, 15).unwrap(),
};

#[test]
fn a_digest_begins_where_the_one_before_it_ended() {
    let mornings = [day(1, 20), day(1, 30), day(2, 3), day(2, 10)];
    let spans: Vec<Span> = mornings
        .windows(2)
        .map(|pair| Span::between(pair[0], pair[1]))
        .collect();
    assert!(spans.windows(2).all(|pair| pair[0].until == pair[1].since));
    assert_eq!((spans[0].from(), spans[0].until), (day(1, 20), day(1, 29)));
    let weeks: Vec<bool> = spans.iter().map(Span::is_week).collect();
    assert_eq!(weeks, [false, false, true]);
    let back = Span::between(day(2, 12), day(2, 10));
    assert!(back.since < back.until, "a clock that went back");
}

fn owed(id: i64, agency: &str, due_on: NaiveDate) -> Obligation {
    Obligation {
        id: ObligationId(id),
        milestone: MilestoneId {
            task: "II.2".into(),
            number: u16::try_from(id).unwrap(),
        },
        agency: agency.into(),
        due_on: Some(due_on),
        original_due_on: Some(due_on),
        act_by: Some(due_on),
        ..crate::domain::tests::owed()
    }
}

fn done(on: NaiveDate) -> Entry {
    Entry {
        on,
        stand: Some(Stood {
            state: State::Done,
            done_on: Some(on),
            pending: None,
        }),
        ..Entry::default()
    }
}

fn said(on: NaiveDate, blocked: bool, pending: Option<Pending>) -> Entry {
    Entry {
        on,
        stand: Some(Stood {
            state: State::Open,
            done_on: None,
            pending,
        }),
        due_on: None,
        said: Some(Saying {
            on,
            blocked,
            quote: "lời của đầu mối".to_owned(),
            takes_back: None,
            returned: None,
        }),
        ..Entry::default()
    }
}

fn of_monday(all: &[(Obligation, Vec<Entry>)]) -> Digest {
    let accounts: Vec<_> = all
        .iter()
        .map(|(obligation, entries)| Account {
            obligation,
            entries,
        })
        .collect();
    let issued = NaiveDate::from_ymd_opt(2019, 12, 31).unwrap();
    digest(&accounts, issued, WEEK, &Calendar::default())
}

fn province() -> Vec<(Obligation, Vec<Entry>)> {
    vec![
        (owed(1, "STP", day(3, 12)), vec![]), // newly late, silent
        (owed(2, "STP", day(2, 28)), vec![]), // late for long, silent
        (owed(3, "SNN", day(2, 14)), vec![]), // late for long, nothing changed
        (owed(4, "SYT", day(3, 10)), vec![done(day(3, 11))]), // done late, within the week
        (
            owed(5, "SYT", day(3, 20)),
            vec![said(day(3, 12), true, None)],
        ), // due soon, a difficulty
        (owed(6, "SNN", day(3, 31)), vec![]), // due later than two weeks
        (
            owed(7, "SXD", day(3, 27)),
            vec![said(day(3, 3), false, Some(Pending::Extension))],
        ),
    ]
}

#[test]
fn the_numbers_of_two_weeks_are_counted_from_one_ledger() {
    let digest = of_monday(&province());
    let now = Numbers {
        done: 1,
        late: 3,
        due_soon: 2,
        waiting: 1,
        past_due: 0,
        silent: 3,
        unclear: 0,
    };
    assert_eq!(digest.now, now);
    let before = Numbers {
        done: 0,
        late: 2,
        due_soon: 3,
        waiting: 1,
        past_due: 0,
        silent: 2,
        unclear: 0,
    };
    assert_eq!(digest.before, Some(before), "on 8/3");
}

#[test]
fn what_did_not_change_is_told_apart_from_what_did() {
    let digest = of_monday(&province());
    let agencies = |late: &[LateAgency]| -> Vec<String> {
        late.iter().map(|one| one.agency.to_string()).collect()
    };
    assert_eq!(agencies(&digest.newly_late), ["STP"]);
    assert_eq!(
        agencies(&digest.long_late),
        [""; 0],
        "what is new stands above"
    );
    let unchanged: Vec<_> = by_task(&digest.unchanged, |id| id.number)
        .into_iter()
        .map(|task| {
            let agencies: Vec<&str> = task.lines.iter().map(|one| one.agency.as_str()).collect();
            (task.milestone.number, task.days_late, agencies)
        })
        .collect();
    assert_eq!(unchanged, [(3, 21, vec!["SNN"]), (2, 11, vec!["STP"])]);
    let mut silent = digest.unchanged.iter().flat_map(|one| &one.lines);
    assert!(silent.all(Line::is_silent));
    assert_eq!(
        digest.newly_late[0].lines[0].days_late, 2,
        "from Thursday to the Monday on which it is told, as in the briefs of that morning"
    );
}

#[test]
fn an_agency_that_spoke_is_not_unchanged() {
    let mut all = province();
    all[2].1.push(said(day(3, 10), false, None));
    let digest = of_monday(&all);
    let named = |code: &AgencyCode| code.to_string();
    let unchanged: Vec<String> = digest
        .unchanged
        .iter()
        .map(|one| named(&one.agency))
        .collect();
    let told: Vec<String> = digest
        .long_late
        .iter()
        .map(|one| named(&one.agency))
        .collect();
    assert_eq!(
        (unchanged, told),
        (vec!["STP".to_owned()], vec!["SNN".to_owned()])
    );
    assert_eq!(digest.now.silent, 2);
}

#[test]
fn difficulties_and_decisions_keep_the_words() {
    let digest = of_monday(&province());
    let ids = |lines: &[Line]| {
        lines
            .iter()
            .map(|line| line.obligation.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&digest.difficulties), [5]);
    assert_eq!(ids(&digest.decisions), [7]);
    assert_eq!(
        digest.difficulties[0].said.as_ref().unwrap().quote,
        "lời của đầu mối"
    );
}

#[test]
fn a_difficulty_of_the_week_stands_in_it_whatever_was_said_after() {
    let told = |entries: Vec<Entry>| -> Vec<(Option<NaiveDate>, Option<NaiveDate>)> {
        let digest = of_monday(&[(owed(5, "SYT", day(3, 20)), entries)]);
        let on = |said: &Option<Saying>| said.as_ref().map(|said| said.on);
        digest
            .difficulties
            .iter()
            .map(|line| (on(&line.said), on(&line.later)))
            .collect()
    };
    let blocked = |on| Entry {
        number: i64::from(chrono::Datelike::ordinal(&on)),
        ..said(on, true, None)
    };
    let (of_week, after) = (blocked(day(3, 10)), said(day(3, 12), false, None));
    assert_eq!(
        told(vec![of_week.clone(), after.clone()]),
        [(Some(day(3, 10)), Some(day(3, 12)))]
    );
    assert_eq!(told(vec![of_week.clone()]), [(Some(day(3, 10)), None)]);
    assert_eq!(
        told(vec![blocked(day(3, 3)), after]),
        [],
        "of the week before, and answered since"
    );
    assert_eq!(told(vec![of_week, done(day(3, 12))]), [], "solved");
}

#[test]
fn what_an_agency_says_is_anothers_is_a_group_of_its_own() {
    let mut all = province();
    all[2]
        .1
        .push(said(day(3, 3), false, Some(Pending::Reassignment)));
    let digest = of_monday(&all);
    let ids: Vec<i64> = digest
        .disowned
        .iter()
        .map(|line| line.obligation.0)
        .collect();
    assert_eq!(ids, [3]);
    assert_eq!(
        digest.now.waiting, 1,
        "no day and no completion is asked for"
    );
}

#[test]
fn what_is_anothers_is_told_in_the_words_that_say_so_whatever_was_said_after() {
    let words = |entry: Entry, quote: &str| Entry {
        said: entry.said.map(|said| Saying {
            quote: quote.to_owned(),
            ..said
        }),
        asked: Some(Asked {
            on: day(3, 3),
            day: None,
            document: None,
            quote: "không phải việc của Sở".to_owned(),
            last: String::new(),
        }),
        ..entry
    };
    let pending = Some(Pending::Reassignment);
    let refused = words(said(day(3, 3), false, pending), "không phải việc của Sở");
    let told = |entries: Vec<Entry>| {
        let digest = of_monday(&[(owed(3, "SNN", day(2, 14)), entries)]);
        let [line] = &digest.disowned[..] else {
            panic!("{digest:#?}");
        };
        let quote = |said: &Saying| (said.on, said.quote.clone());
        let words = (
            line.said.as_ref().map(quote),
            line.later.as_ref().map(quote),
        );
        (words, line.is_same, digest.difficulties.len())
    };
    let in_words = Some((day(3, 3), "không phải việc của Sở".to_owned()));
    assert_eq!(
        told(vec![refused.clone()]),
        ((in_words.clone(), None), true, 0)
    );
    let goes_on = words(said(day(3, 10), false, pending), "đang làm, được 80%");
    let later = Some((day(3, 10), "đang làm, được 80%".to_owned()));
    let both = (in_words.clone(), later);
    assert_eq!(
        told(vec![refused.clone(), goes_on]),
        (both, false, 0),
        "new of this week"
    );
    // A difficulty stands where difficulties do.
    let blocked = words(said(day(3, 10), true, pending), "vướng kinh phí");
    assert_eq!(told(vec![refused, blocked]), ((in_words, None), true, 1));
}

#[test]
fn a_difficulty_that_the_digest_before_has_told_is_told_apart() {
    let told = |on: NaiveDate, issued: NaiveDate| {
        let one = owed(5, "SYT", day(3, 20));
        let entries = [said(on, true, None)];
        let accounts = [Account {
            obligation: &one,
            entries: &entries,
        }];
        let digest = digest(&accounts, issued, WEEK, &Calendar::default());
        let same: Vec<bool> = digest.difficulties.iter().map(|one| one.is_same).collect();
        same
    };
    assert_eq!(told(day(3, 12), day(1, 2)), [false]);
    assert_eq!(told(day(3, 5), day(1, 2)), [true]);
    assert_eq!(
        told(day(3, 5), day(3, 9)),
        [false],
        "nothing was told before"
    );
}

#[test]
fn the_next_two_weeks_are_told_by_milestone() {
    let digest = of_monday(&province());
    let due: Vec<_> = digest.due_soon.iter().map(|one| one.due_on).collect();
    assert_eq!(due, [day(3, 20), day(3, 27)]);
}

#[test]
fn a_plan_of_this_week_has_no_numbers_of_the_last() {
    let first = owed(1, "STP", day(3, 31));
    let accounts = [Account {
        obligation: &first,
        entries: &[],
    }];
    let digest = digest(&accounts, day(3, 10), WEEK, &Calendar::default());
    assert_eq!(digest.before, None);
}

#[test]
fn what_is_done_all_year_waits_and_reports_difficulties_but_is_never_late() {
    let all_year = |id, entries| {
        let obligation = Obligation {
            kind: crate::domain::plan::MilestoneKind::Continuous,
            due_on: None,
            original_due_on: None,
            act_by: None,
            ..owed(id, "STP", day(3, 12))
        };
        (obligation, entries)
    };
    let digest = of_monday(&[
        all_year(1, vec![said(day(3, 10), false, Some(Pending::Acceptance))]),
        all_year(2, vec![said(day(3, 11), true, None)]),
        all_year(3, vec![done(day(3, 12))]),
        all_year(4, vec![]),
        (
            owed(5, "SNN", day(3, 31)),
            vec![said(day(3, 11), false, Some(Pending::Extension))],
        ),
    ]);
    let numbers = Numbers {
        waiting: 2,
        ..Numbers::default()
    };
    assert_eq!(digest.now, numbers);
    let ids = |lines: &[Line]| -> Vec<(i64, Option<NaiveDate>)> {
        let lines = lines.iter();
        lines.map(|line| (line.obligation.0, line.due_on)).collect()
    };
    // What has a day is more urgent.
    assert_eq!(ids(&digest.decisions), [(5, Some(day(3, 31))), (1, None)]);
    assert_eq!(ids(&digest.difficulties), [(2, None)]);
    assert!(digest.newly_late.is_empty() && digest.long_late.is_empty());
}
