//! What a change is told as, once, to those whom it concerns.

use chrono::NaiveDate;

use super::request::Request;
use super::{Amended, Kind, TakenBack};
use crate::domain::ids::{AgencyCode, MilestoneId, ObligationId, PlanId};
use crate::domain::obligation::Pending;

/// One change of one obligation, as somebody of its agency is told of it once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Number of the amendment.
    pub amendment: i64,
    /// What was done.
    pub kind: Kind,
    /// The document by which: `1234/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed.
    pub signed_on: Option<NaiveDate>,
    /// Why, where that was recorded.
    pub reason: Option<String>,
    /// Which obligation.
    pub obligation: ObligationId,
    /// Of which plan.
    pub plan: PlanId,
    /// Of which milestone.
    pub milestone: MilestoneId,
    /// Who owes, or owed, it.
    pub agency: AgencyCode,
    /// From whom it came or to whom it went.
    pub counterparts: Vec<AgencyCode>,
    /// Who else has received it by the same document, and owes it too.
    pub beside: Vec<AgencyCode>,
    /// What it is about.
    pub amended: Amended,
    /// Whether another agency owes it now on the same terms.
    pub is_taken_over: bool,
    /// What it takes back, where it does.
    pub takes_back: Option<TakenBack>,
}

impl Announcement {
    /// The agencies from which it went to others, where it did.
    #[must_use]
    pub fn from(&self) -> &[AgencyCode] {
        match self.kind {
            Kind::Transferred => std::slice::from_ref(&self.agency),
            Kind::Received | Kind::Joined => &self.counterparts,
            _ => &[],
        }
    }

    /// What becomes of what waited for a decision, if something did.
    #[must_use]
    pub fn request(&self) -> Option<(Pending, Request)> {
        let Amended { was, now } = &self.amended;
        Request::after(self.kind, was, now, self.is_taken_over)
    }
}
