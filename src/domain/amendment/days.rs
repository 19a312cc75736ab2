//! Which days a document can give.

use chrono::{Months, NaiveDate};

use super::Change;

/// Whether a document may give a due day that has passed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PastDay {
    /// It is taken for a mistake.
    #[default]
    Refused,
    /// The document itself came late, and is recorded as it stands.
    Meant,
}

/// Whether a document may give a due day beyond the year of the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FarDay {
    /// It is taken for a mistake, as an extension to such a day is.
    #[default]
    Refused,
    /// The document says so.
    Meant,
}

/// What bears on the days of a document.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// When the plan was issued.
    pub issued_on: NaiveDate,
    /// The last due day within the plan.
    pub latest: NaiveDate,
    /// The day on which it is recorded.
    pub today: NaiveDate,
    /// Whether a due day may have passed.
    pub past: PastDay,
    /// Whether one may lie beyond the plan.
    pub far: FarDay,
}

/// A day that a document cannot give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadDay {
    /// A due day before anything could be owed.
    #[error(
        "{day} cannot be a due day: it is before {earliest}, the issue of the plan or the event"
    )]
    TooEarly {
        /// The day given.
        day: NaiveDate,
        /// The earliest that can be.
        earliest: NaiveDate,
    },
    /// A due day that nobody can keep any more.
    #[error(
        "--to {day} has passed, today is {today}: what is due then would be late at once; give a later day, or add --past \
         when the document says so and came late"
    )]
    Past {
        /// The day given.
        day: NaiveDate,
        /// The day on which it was given.
        today: NaiveDate,
    },
    /// A due day after the plan is over.
    #[error(
        "--to {day} is after {latest}, the last day of the plan: give an earlier day, or add --beyond when the document says so"
    )]
    Far {
        /// The day given.
        day: NaiveDate,
        /// The last day of the plan.
        latest: NaiveDate,
    },
    /// A document that nobody has signed yet.
    #[error(
        "--signed {day} has not come, today is {today}: give the day on which the document was signed"
    )]
    Unsigned {
        /// The day given.
        day: NaiveDate,
        /// The day on which it was given.
        today: NaiveDate,
    },
    /// A document from before what it changes.
    #[error(
        "--signed {day} is before {earliest}: a document that does this is not as old; give the day on which it was signed"
    )]
    SignedTooEarly {
        /// The day given.
        day: NaiveDate,
        /// The earliest that can be.
        earliest: NaiveDate,
    },
    /// An event that has not happened.
    #[error("{0} has not come: record an event once it has happened")]
    NotYet(NaiveDate),
}

impl Change {
    /// Whether its days can be. A due day that has passed makes late at once whoever owes it, and one beyond the year of the
    /// plan is out of its reports: each is more often mistyped than meant, and has to be said with purpose.
    ///
    /// # Errors
    /// Which day cannot be.
    pub fn check_days(&self, bounds: &Bounds) -> Result<(), BadDay> {
        let Bounds {
            issued_on,
            latest,
            today,
            past,
            far,
        } = *bounds;
        let mut earliest = issued_on;
        if let Self::Begin { happened_on, .. } = self {
            if *happened_on > today {
                return Err(BadDay::NotYet(*happened_on));
            }
            earliest = earliest.max(*happened_on);
        }
        match self.due_on() {
            Some(day) if day < earliest => Err(BadDay::TooEarly { day, earliest }),
            Some(day) if day < today && past == PastDay::Refused => {
                Err(BadDay::Past { day, today })
            }
            Some(day) if day > latest && far == FarDay::Refused => Err(BadDay::Far { day, latest }),
            _ => Ok(()),
        }
    }

    /// Whether a document that does this can have been signed on `day`. What moves, holds or ends what the plan says is younger
    /// than the plan; an event, or a merger of agencies, may have been decided before and take effect later, within a year.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check_signed(&self, day: NaiveDate, bounds: &Bounds) -> Result<(), BadDay> {
        let Bounds {
            issued_on, today, ..
        } = *bounds;
        let year_before = issued_on.checked_sub_months(Months::new(12));
        let earliest = match self {
            Self::Begin { .. } | Self::Transfer { .. } => year_before.unwrap_or(issued_on),
            Self::Due { .. } | Self::Suspend | Self::Resume { .. } | Self::Cancel => issued_on,
        };
        if day > today {
            return Err(BadDay::Unsigned { day, today });
        }
        if day < earliest {
            return Err(BadDay::SignedTooEarly { day, earliest });
        }
        Ok(())
    }
}
