//! The days around that of a brief: the quarter that a status is asked of, and the holiday that lies ahead.

use chrono::{Datelike, NaiveDate};

use crate::app::compose::plan_ref;
use crate::app::setup::{Charge, Setup};
use crate::messages::{DaysOff, StatusRequest};

/// What is asked of the continuous tasks of a plan in the quarter of `today`.
pub(super) fn status_request(charge: &Charge, today: NaiveDate, setup: &Setup) -> StatusRequest {
    let quarter = today.month0() / 3;
    let roman = ["I", "II", "III", "IV"];
    let next_quarter = match quarter {
        3 => NaiveDate::from_ymd_opt(today.year() + 1, 1, 1),
        _ => NaiveDate::from_ymd_opt(today.year(), quarter * 3 + 4, 1),
    };
    let end = next_quarter.and_then(|day| day.pred_opt()).unwrap_or(today);
    StatusRequest {
        plan: plan_ref(charge),
        tasks: Vec::new(),
        period: format!(
            "quý {}/{}",
            roman.get(quarter as usize).unwrap_or(&""),
            today.year()
        ),
        by: setup.calendar.working_day_not_after(end),
    }
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
