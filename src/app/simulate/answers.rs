//! How the officers of a replay answer: a pure choice per obligation, the same for the same seed.

use chrono::NaiveDate;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

use crate::domain::calendar::Calendar;
use crate::domain::obligation::Obligation;

/// The manner of a province in a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Everything is finished in time, most of it in the last third of the window.
    Prompt,
    /// Everything is finished one to twelve working days late.
    Late,
    /// Nobody ever answers.
    Silent,
    /// Six in ten prompt, a quarter late, the rest silent.
    Mixed,
}

/// The working day on which the obligation is finished in the replay; `None` when it never is.
#[must_use]
pub fn finished_on(
    obligation: &Obligation,
    manner: Manner,
    seed: u64,
    calendar: &Calendar,
) -> Option<NaiveDate> {
    let due_on = obligation.due_on?;
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ fingerprint(obligation));
    let manner = match manner {
        Manner::Mixed => match rng.random_range(0..100) {
            0..60 => Manner::Prompt,
            60..85 => Manner::Late,
            _ => Manner::Silent,
        },
        plain => plain,
    };
    match manner {
        Manner::Silent | Manner::Mixed => None,
        Manner::Late => Some(calendar.working_days_after(due_on, rng.random_range(1..=12))),
        Manner::Prompt => Some(in_time(obligation, due_on, &mut rng, calendar)),
    }
}

/// A working day in the last third of the window, counted in working days back from `act_by`.
fn in_time(
    obligation: &Obligation,
    due_on: NaiveDate,
    rng: &mut impl Rng,
    calendar: &Calendar,
) -> NaiveDate {
    let act_by = obligation.act_by.unwrap_or(due_on);
    let opens = obligation.opens_on.unwrap_or(act_by);
    let window = u32::try_from(calendar.working_days_between(opens, act_by)).unwrap_or(0);
    calendar.working_days_before(act_by, rng.random_range(0..=window / 3))
}

/// A number of the obligation's own that does not depend on the order in which the database met it (FNV-1a).
fn fingerprint(obligation: &Obligation) -> u64 {
    format!(
        "{}|{}|{}",
        obligation.plan, obligation.milestone, obligation.agency
    )
    .bytes()
    .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
