//! Which days a document can give.

use chrono::NaiveDate;

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
    /// An event that has not happened.
    #[error("{0} has not come: record an event once it has happened")]
    NotYet(NaiveDate),
}

impl Change {
    /// Whether its days can be, for a plan issued on `issued_on`, `today`. A due day that has passed makes late at once
    /// whoever owes it: it is more often mistyped than meant, and has to be said with purpose.
    ///
    /// # Errors
    /// Which day cannot be.
    pub fn check_days(
        &self,
        issued_on: NaiveDate,
        today: NaiveDate,
        past: PastDay,
    ) -> Result<(), BadDay> {
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
            _ => Ok(()),
        }
    }
}
