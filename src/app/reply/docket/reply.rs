//! What is answered to one of those who decide, as facts.

use chrono::{DateTime, NaiveDate, Utc};

use crate::app::resolve::Settled;
use crate::clock::local;
use crate::domain::docket::{Case, Wants};
use crate::domain::ids::ObligationId;
use crate::domain::obligation::Obligation;
use crate::domain::resolution::Unfit;
use crate::messages::{Decider, DocketNote, DocketRefusal};

/// The case that is shown, and what is wanted on it; `None`: one of its choices.
pub(super) struct Shown {
    pub(super) case: ObligationId,
    pub(super) wants: Option<Wants>,
}

/// What is answered, as facts.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) recorded: Option<Recorded>,
    pub(super) refused: Option<(Option<Obligation>, DocketRefusal)>,
    pub(super) stands: Option<Obligation>,
    pub(super) card: Option<Shown>,
    pub(super) unclear: bool,
    /// The day that was written where a reason was wanted.
    pub(super) day: Option<NaiveDate>,
    pub(super) note: Option<DocketNote>,
    /// The hour at which the last decision was taken back.
    pub(super) revoked_at: String,
    /// Whether it ends the round where no case is shown.
    pub(super) ends: bool,
}

/// What was decided.
pub(super) struct Recorded {
    pub(super) settled: Settled,
    pub(super) kind: String,
    pub(super) revoked: String,
    pub(super) reason: String,
}

impl Reply {
    pub(super) fn noted(note: DocketNote) -> Self {
        Self {
            note: Some(note),
            ..Self::default()
        }
    }

    /// What was decided last was taken back at that instant.
    pub(super) fn just_revoked(at: DateTime<Utc>) -> Self {
        Self {
            revoked_at: local(at).format("%H:%M").to_string(),
            ..Self::noted(DocketNote::JustRevoked)
        }
    }

    pub(super) fn shows(case: ObligationId) -> Self {
        Self {
            card: Some(Shown { case, wants: None }),
            ..Self::default()
        }
    }

    /// How it stands now, and the case itself where it still waits.
    pub(super) fn stands(case: &Case) -> Self {
        Self {
            stands: Some(case.obligation.clone()),
            card: case.waits().then_some(Shown {
                case: case.obligation.id,
                wants: None,
            }),
            ..Self::default()
        }
    }

    pub(super) fn recorded(
        settled: Settled,
        kind: &str,
        revoked: &str,
        reason: Option<&str>,
    ) -> Self {
        Self {
            recorded: Some(Recorded {
                settled,
                kind: kind.to_owned(),
                revoked: revoked.to_owned(),
                reason: reason.unwrap_or_default().to_owned(),
            }),
            ..Self::default()
        }
    }

    pub(super) fn unknown(named: String) -> Self {
        Self::refused_words(named, "not-owed")
    }

    /// What is decided of several agencies at once is decided by a document.
    pub(super) fn of_many(named: String) -> Self {
        Self::refused_words(named, "many")
    }

    /// Why something is decided, and nothing of that agency waits for a decision.
    pub(super) fn of_nothing(named: String, agency: String) -> Self {
        let refusal = DocketRefusal {
            named,
            agency,
            why: "reason-alone".to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((None, refusal)),
            ..Self::default()
        }
    }

    fn refused_words(named: String, why: &str) -> Self {
        let refusal = DocketRefusal {
            named,
            why: why.to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((None, refusal)),
            ..Self::default()
        }
    }

    /// An order on a case that waits for nothing, of which not every word was understood.
    pub(super) fn unclear(case: &Case) -> Self {
        Self::not_done(case, "unclear")
    }

    /// What may take back the decision on a case: the word for that is told.
    pub(super) fn doubtful(case: &Case) -> Self {
        Self::not_done(case, "doubtful")
    }

    fn not_done(case: &Case, why: &str) -> Self {
        let refusal = DocketRefusal {
            why: why.to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((Some(case.obligation.clone()), refusal)),
            ..Self::default()
        }
    }

    /// An order of somebody who has nothing to decide there: these do.
    pub(super) fn not_yours(named: &str, decides: Decider) -> Self {
        let refusal = DocketRefusal {
            named: named.trim().to_owned(),
            decides: Some(decides),
            why: "not-yours".to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((None, refusal)),
            ..Self::default()
        }
    }

    /// Of a case of which others decide that.
    pub(super) fn not_theirs(case: &Case, decides: Decider) -> Self {
        let refusal = DocketRefusal {
            decides: Some(decides),
            why: "not-yours".to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((Some(case.obligation.clone()), refusal)),
            ..Self::default()
        }
    }

    pub(super) fn nothing_to_revoke() -> Self {
        let refusal = DocketRefusal {
            why: "nothing-to-revoke".to_owned(),
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((None, refusal)),
            ..Self::default()
        }
    }

    pub(super) fn refused(case: &Case, why: Unfit) -> Self {
        let (word, on, times) = match why {
            Unfit::TooLate { latest } => ("too-late", Some(latest), None),
            Unfit::TooOften { most } => ("too-often", None, Some(most)),
            Unfit::NotLater { due_on } => ("not-later", Some(due_on), None),
            Unfit::Past { day, .. } => ("past", Some(day), None),
            Unfit::NoDeadline => ("no-deadline", None, None),
            Unfit::BadDay { day } => ("bad-day", Some(day), None),
            Unfit::ChangedSince => ("changed-since", None, None),
            Unfit::NotOpen
            | Unfit::NoDay
            | Unfit::DecidedToday { .. }
            | Unfit::NothingAsked
            | Unfit::NothingClaimed
            | Unfit::NothingDecided => ("nothing-waits", None, None),
        };
        let refusal = DocketRefusal {
            why: word.to_owned(),
            on,
            times,
            ..DocketRefusal::default()
        };
        Self {
            refused: Some((Some(case.obligation.clone()), refusal)),
            card: case.waits().then_some(Shown {
                case: case.obligation.id,
                wants: None,
            }),
            ..Self::default()
        }
    }
}
