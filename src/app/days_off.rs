//! The days on which nobody works, and those that an example of an answer may name.

use chrono::{Datelike, NaiveDate};

use super::setup::Setup;
use crate::messages::{BriefItem, DaysOff};

/// The weekdays of the ten weeks after `today` on which nobody works.
pub(super) fn closed_on(today: NaiveDate, setup: &Setup) -> Vec<NaiveDate> {
    let days = today.iter_days().skip(1).take(70);
    let weekdays = days.filter(|day| day.weekday().num_days_from_monday() < 5);
    weekdays
        .filter(|day| !setup.calendar.is_working_day(*day))
        .collect()
}

/// The last day to which the plans of all these items let something be extended.
pub(super) fn latest(items: &[BriefItem], setup: &Setup) -> Option<NaiveDate> {
    let is_named = |number: &String| items.iter().any(|item| item.plan.number == *number);
    let charges = setup.charges.iter();
    charges
        .filter(|charge| is_named(&charge.plan.number))
        .filter_map(|charge| charge.plan.extensions.latest)
        .min()
}

/// The first run of at least three days off with a public holiday in it, between tomorrow and the nearest last day.
pub(super) fn days_off_before(today: NaiveDate, last: NaiveDate, setup: &Setup) -> Option<DaysOff> {
    let calendar = &setup.calendar;
    let special = calendar
        .special_days(today.succ_opt()?, last)
        .find(|(day, _)| !calendar.is_working_day(*day))?;
    let from = calendar.working_day_not_after(special.0).succ_opt()?;
    let back_on = calendar.working_day_not_before(special.0);
    let to = back_on.pred_opt()?;
    let long_enough = (to - from).num_days() >= 2 && from > today;
    long_enough.then(|| DaysOff {
        name: special.1.name.clone(),
        from,
        to,
        back_on,
    })
}
