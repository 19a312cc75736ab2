//! What holds for every calendar and every day, with a walk from day to day as the oracle.

use chrono::Weekday;
use proptest::collection::btree_map;
use proptest::prelude::*;

use super::*;

/// The rules one day at a time: slow, and plain enough to be believed.
mod walk {
    use super::*;

    pub fn is_working(calendar: &Calendar, day: NaiveDate) -> bool {
        let kind = calendar
            .special_days(day, day)
            .next()
            .map(|(_, special)| special.kind);
        match (kind, day.weekday()) {
            (Some(kind), _) => kind == DayKind::Worked,
            (None, weekday) => !matches!(weekday, Weekday::Sat | Weekday::Sun),
        }
    }

    pub fn between(calendar: &Calendar, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -between(calendar, to, from);
        }
        let days = from.iter_days().skip(1).take_while(|day| *day <= to);
        i64::try_from(days.filter(|day| is_working(calendar, *day)).count()).unwrap()
    }

    pub fn seek(
        calendar: &Calendar,
        day: NaiveDate,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> NaiveDate {
        let mut at = day;
        while !is_working(calendar, at) {
            match step(&at) {
                Some(next) => at = next,
                None => return at,
            }
        }
        at
    }

    pub fn steps(
        calendar: &Calendar,
        day: NaiveDate,
        n: u32,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> NaiveDate {
        (0..n).fold(day, |at, _| {
            step(&at).map_or(at, |next| seek(calendar, next, step))
        })
    }
}

/// Any mixture of special days, sensible or not, in two years.
fn calendars() -> impl Strategy<Value = Calendar> {
    let kind = prop_oneof![Just(DayKind::Off), Just(DayKind::Worked)];
    btree_map(0_i64..730, kind, 0..80).prop_map(|days| {
        let first = date("2023-06-01");
        Calendar::new(
            days.into_iter()
                .map(|(n, kind)| (first + chrono::Duration::days(n), special(kind))),
        )
    })
}

fn days() -> impl Strategy<Value = NaiveDate> {
    (-30_i64..760).prop_map(|n| date("2023-06-01") + chrono::Duration::days(n))
}

fn any_days() -> impl Strategy<Value = NaiveDate> {
    (NaiveDate::MIN.num_days_from_ce()..=NaiveDate::MAX.num_days_from_ce())
        .prop_map(|n| NaiveDate::from_num_days_from_ce_opt(n).unwrap())
}

proptest! {
    #[test]
    fn counting_and_rolling_agree_with_a_walk_from_day_to_day(
        calendar in calendars(), from in days(), to in days(), n in 0_u32..60,
    ) {
        let (next, previous) = (NaiveDate::succ_opt, NaiveDate::pred_opt);
        prop_assert_eq!(calendar.is_working_day(from), walk::is_working(&calendar, from));
        prop_assert_eq!(calendar.working_days_between(from, to), walk::between(&calendar, from, to));
        prop_assert_eq!(calendar.working_days_after(from, n), walk::steps(&calendar, from, n, next));
        prop_assert_eq!(calendar.working_days_before(from, n), walk::steps(&calendar, from, n, previous));
        prop_assert_eq!(calendar.working_day_not_before(from), walk::seek(&calendar, from, next));
        prop_assert_eq!(calendar.working_day_not_after(from), walk::seek(&calendar, from, previous));
    }

    #[test]
    fn counts_are_antisymmetric_and_add_up(
        calendar in calendars(), a in any_days(), b in any_days(), c in any_days(),
    ) {
        let between = |from, to| calendar.working_days_between(from, to);
        prop_assert_eq!(between(a, b), -between(b, a));
        prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
    }

    #[test]
    fn going_forward_and_back_returns_to_a_working_day(
        calendar in calendars(), day in days(), n in 0_u32..300,
    ) {
        let start = calendar.working_day_not_before(day);
        let (after, before) = (calendar.working_days_after(start, n), calendar.working_days_before(start, n));
        prop_assert_eq!(calendar.working_days_before(after, n), start);
        prop_assert_eq!(calendar.working_days_after(before, n), start);
        prop_assert_eq!(calendar.working_days_between(start, after), i64::from(n));
        prop_assert_eq!(calendar.working_days_between(before, start), i64::from(n));
    }

    #[test]
    fn a_day_lies_between_the_working_days_around_it(calendar in calendars(), day in days()) {
        let (before, after) = (calendar.working_day_not_after(day), calendar.working_day_not_before(day));
        prop_assert!(before <= day && day <= after);
        prop_assert!(calendar.is_working_day(before) && calendar.is_working_day(after));
        prop_assert_eq!(before == day, calendar.is_working_day(day));
    }

    #[test]
    fn no_day_and_no_number_of_days_is_too_far(calendar in calendars(), day in any_days(), n: u32) {
        prop_assert!(calendar.working_days_after(day, n) >= day);
        prop_assert!(calendar.working_days_before(day, n) <= day);
        prop_assert!(calendar.term_of_days(day, n) >= day);
    }
}
