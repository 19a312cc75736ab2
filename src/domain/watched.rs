//! What the ledger keeps of a start in mid-year: since when a plan is followed, and which of its obligations were due before.
//!
//! The rule it guards: of each of them the ledger can be asked, so that a row that says something else shows.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::ObligationId;
use super::obligation::Watch;

/// The kind of such a line.
pub const KIND: &str = "watched";

/// What such a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// As in [`Watch::since`].
    pub since: NaiveDate,
    /// As in [`Watch::settle_by`].
    pub settle_by: NaiveDate,
    /// How many obligations it is about.
    pub obligations: u64,
    /// Their numbers: the first and the last of each unbroken row of them, in order.
    #[serde(default)]
    pub of: Vec<(i64, i64)>,
}

impl Watched {
    /// The line about these obligations.
    #[must_use]
    pub fn of(watch: Watch, obligations: &[ObligationId]) -> Self {
        let mut numbers: Vec<i64> = obligations.iter().map(|id| id.0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let rows = numbers.chunk_by(|one, next| one.checked_add(1) == Some(*next));
        Self {
            since: watch.since,
            settle_by: watch.settle_by,
            obligations: numbers.len() as u64,
            of: rows
                .filter_map(|row| Some((*row.first()?, *row.last()?)))
                .collect(),
        }
    }

    /// Since when these are followed, and until when it is asked how they ended.
    #[must_use]
    pub fn watch(&self) -> Watch {
        Watch {
            since: self.since,
            settle_by: self.settle_by,
        }
    }

    /// Whether it is about this one.
    #[must_use]
    pub fn names(&self, obligation: ObligationId) -> bool {
        let after = self.of.partition_point(|(first, _)| *first <= obligation.0);
        let row = after.checked_sub(1).and_then(|at| self.of.get(at));
        row.is_some_and(|(_, last)| obligation.0 <= *last)
    }
}

/// What the last of these lines that is about an obligation says of it; they stand in the order of the ledger.
#[must_use]
pub fn told_of(lines: &[Watched], obligation: ObligationId) -> Option<Watch> {
    let mut lines = lines.iter().rev();
    lines
        .find(|line| line.names(obligation))
        .map(Watched::watch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(date: u32) -> Watch {
        let day = |date| NaiveDate::from_ymd_opt(2020, 7, date).unwrap();
        Watch {
            since: day(date),
            settle_by: day(date + 14),
        }
    }

    #[test]
    fn a_line_names_its_obligations_and_no_other_and_the_last_line_holds() {
        let ids = [9, 3, 1, 2, 7].map(ObligationId);
        let first = Watched::of(watch(1), &ids);
        assert_eq!(first.of, [(1, 3), (7, 7), (9, 9)]);
        assert_eq!(first.obligations, 5);
        let named: Vec<i64> = (-1..12)
            .filter(|id| first.names(ObligationId(*id)))
            .collect();
        assert_eq!(named, [1, 2, 3, 7, 9]);
        let lines = [first, Watched::of(watch(2), &[ObligationId(3)])];
        let told = [1, 3, 4].map(|id| told_of(&lines, ObligationId(id)));
        assert_eq!(told, [Some(watch(1)), Some(watch(2)), None]);
        let text = serde_json::to_string(&lines[0]).unwrap();
        assert_eq!(serde_json::from_str::<Watched>(&text).unwrap(), lines[0]);
    }
}
