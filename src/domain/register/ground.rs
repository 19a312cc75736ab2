//! What documents changed of one obligation -> those that it stands on now.
//!
//! A reader of the register asks of each row that is not as the plan had it: by which document, and to whom did it go?

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::amendment::Kind;
use crate::domain::ids::AgencyCode;

/// What a document changed of an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// What was done.
    pub kind: Kind,
    /// The number of the document: `905/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed.
    pub signed_on: Option<NaiveDate>,
    /// From whom the obligation came, or to whom it went.
    pub counterparts: Vec<AgencyCode>,
}

/// A ground as the amendment of that number gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the amendment.
    pub amendment: i64,
    /// The amendment that it takes back.
    pub revokes: Option<i64>,
    /// What it changed.
    pub ground: Ground,
}

/// The grounds that hold after these steps of one obligation, oldest first: what was taken back is gone, and what a later
/// document says of the same thing replaces what an earlier one said.
#[must_use]
pub fn in_force(steps: Vec<Step>) -> Vec<Ground> {
    let mut gone = BTreeSet::new();
    // Who takes back comes later than what is taken back, and may be taken back itself.
    for step in steps.iter().rev() {
        if !gone.contains(&step.amendment) {
            gone.extend(step.revokes);
        }
    }
    let holds = |step: &Step| step.revokes.is_none() && !gone.contains(&step.amendment);
    let mut grounds: Vec<Ground> = Vec::new();
    for Step { ground, .. } in steps.into_iter().filter(holds) {
        let matter = matter_of(ground.kind);
        grounds.retain(|earlier| matter.is_none() || matter_of(earlier.kind) != matter);
        grounds.push(ground);
    }
    grounds
}

/// What a document speaks of, where only the last word on it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Matter {
    /// Whether it is owed.
    State,
    /// When it is due.
    Day,
}

fn matter_of(kind: Kind) -> Option<Matter> {
    match kind {
        Kind::Suspended | Kind::Resumed | Kind::Cancelled | Kind::Transferred => {
            Some(Matter::State)
        }
        Kind::Due => Some(Matter::Day),
        Kind::Begun | Kind::Received | Kind::Joined | Kind::Added | Kind::Revoked => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(amendment: i64, kind: Kind) -> Step {
        Step {
            amendment,
            revokes: None,
            ground: Ground {
                kind,
                document: format!("{amendment}/QĐ-UBND"),
                signed_on: None,
                counterparts: Vec::new(),
            },
        }
    }

    fn back(amendment: i64, revokes: i64) -> Step {
        Step {
            revokes: Some(revokes),
            ..step(amendment, Kind::Revoked)
        }
    }

    fn documents(steps: &[Step]) -> Vec<String> {
        let grounds = in_force(steps.to_vec()).into_iter();
        grounds.map(|one| one.document).collect()
    }

    #[test]
    fn the_last_word_on_a_thing_counts_and_different_things_stand_together() {
        let steps = [
            step(1, Kind::Added),
            step(2, Kind::Due),
            step(3, Kind::Suspended),
            step(4, Kind::Due),
            step(5, Kind::Resumed),
        ];
        assert_eq!(documents(&steps), ["1/QĐ-UBND", "4/QĐ-UBND", "5/QĐ-UBND"]);
    }

    #[test]
    fn what_is_taken_back_leaves_what_was_before_it() {
        let mut steps = vec![
            step(1, Kind::Suspended),
            step(2, Kind::Cancelled),
            back(3, 2),
        ];
        assert_eq!(documents(&steps), ["1/QĐ-UBND"]);
        steps.push(back(4, 3));
        assert_eq!(documents(&steps), ["2/QĐ-UBND"], "taken back itself");
        assert_eq!(documents(&[]), [""; 0]);
    }
}
