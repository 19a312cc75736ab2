//! What an auditor finds: something that was owed to a person and has neither a delivery nor a reason.

use chrono::NaiveDate;

use super::ids::{ContactId, ObligationId, PlanId};

/// The kinds of findings; each is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// A rung fell due, and somebody who must hear of it was not told.
    RungNotTold,
    /// A brief was planned, and has no delivery and no reason why not.
    BriefNotSent,
    /// A delivery waits for long past the time at which it should have been tried.
    DeliveryOverdue,
    /// A delivery failed, or may not have arrived, without a reason and without another in its place.
    DeliveryUnexplained,
    /// What somebody wrote came in and was not dealt with for long.
    ReplyNotApplied,
    /// A change of the plan was not told to somebody who must hear of it.
    AmendmentNotTold,
    /// The briefs of a working day were not planned.
    DayNotPlanned,
    /// The digests of a week were not sent.
    DigestNotSent,
    /// Nobody owes something of the plan any longer, and no document has ended it.
    NobodyOwes,
}

impl FindingKind {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::RungNotTold,
        Self::BriefNotSent,
        Self::DeliveryOverdue,
        Self::DeliveryUnexplained,
        Self::ReplyNotApplied,
        Self::AmendmentNotTold,
        Self::DayNotPlanned,
        Self::DigestNotSent,
        Self::NobodyOwes,
    ];

    /// The word in the database, in JSON, in metrics and in the templates.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RungNotTold => "rung-not-told",
            Self::BriefNotSent => "brief-not-sent",
            Self::DeliveryOverdue => "delivery-overdue",
            Self::DeliveryUnexplained => "delivery-unexplained",
            Self::ReplyNotApplied => "reply-not-applied",
            Self::AmendmentNotTold => "amendment-not-told",
            Self::DayNotPlanned => "day-not-planned",
            Self::DigestNotSent => "digest-not-sent",
            Self::NobodyOwes => "nobody-owes",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// With what; the same at every look, so that it is one finding for as long as it stands.
    pub subject: String,
    /// The plan, where it is of one.
    pub plan: Option<PlanId>,
    /// The obligation, where it is about one.
    pub obligation: Option<ObligationId>,
    /// Who was to hear it, where that is one person.
    pub contact: Option<ContactId>,
    /// The day on which it was to happen.
    pub day: Option<NaiveDate>,
    /// All of it, for the operator; never an address or the words of a message.
    pub detail: String,
}

impl Finding {
    /// A finding about nothing that has a number of its own.
    #[must_use]
    pub fn new(kind: FindingKind, subject: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            subject: subject.into(),
            plan: None,
            obligation: None,
            contact: None,
            day: None,
            detail: detail.into(),
        }
    }
}
