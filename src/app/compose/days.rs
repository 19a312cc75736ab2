//! The quarter that a status is asked of.

use chrono::{Datelike, NaiveDate};

use crate::app::compose::plan_ref;
use crate::app::setup::{Charge, Setup};
use crate::messages::StatusRequest;

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
