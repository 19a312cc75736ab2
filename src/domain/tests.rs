//! What the tests of several rules begin with.

use chrono::NaiveDate;

use super::ids::{MilestoneId, ObligationId};
use super::obligation::{Obligation, State};
use super::plan::MilestoneKind;

/// `II.2/1` of Sở Tư pháp: due in the first quarter of 2020, open, nothing said of it.
pub(super) fn owed() -> Obligation {
    let last = NaiveDate::from_ymd_opt(2020, 3, 31);
    Obligation {
        id: ObligationId(1),
        plan: "quang-nam-2020".into(),
        milestone: MilestoneId {
            task: "II.2".into(),
            number: 1,
        },
        agency: "STP".into(),
        kind: MilestoneKind::Due,
        opens_on: NaiveDate::from_ymd_opt(2020, 1, 1),
        due_on: last,
        original_due_on: last,
        act_by: last,
        state: State::Open,
        done_on: None,
        pending: None,
        snoozed_until: None,
        taken_from: None,
        watch: None,
    }
}
