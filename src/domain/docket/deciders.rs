//! Who decides on what waits.

use std::fmt;

use crate::domain::amendment::Kind;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::AgencyCode;
use crate::domain::ladder::Audience;
use crate::domain::obligation::Pending;
use crate::domain::plan::Plan;
use crate::domain::resolution::Decides;

/// Those who decide: people of one agency, by their rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deciders<'p> {
    /// Their agency.
    pub agency: &'p AgencyCode,
    /// Who of it.
    pub rank: Rank,
    /// In what capacity they hear of it.
    pub audience: Audience,
}

/// Who of an agency decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Everybody in charge of its reform matters, for each has a name in the ledger.
    Everybody,
    /// Its head, or a deputy.
    Heads,
}

impl Rank {
    /// The roles that have it.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Everybody => &[Role::Officer, Role::Head, Role::Deputy],
            Self::Heads => &[Role::Head, Role::Deputy],
        }
    }
}

impl Deciders<'_> {
    /// Whether `contact` is one of them.
    #[must_use]
    pub fn include(&self, contact: &Contact) -> bool {
        contact.agency == *self.agency && self.rank.roles().contains(&contact.role)
    }
}

/// `SNV`, `the head or a deputy of UBND`: for whoever reads English.
impl fmt::Display for Deciders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rank {
            Rank::Everybody => write!(f, "{}", self.agency),
            Rank::Heads => write!(f, "the head or a deputy of {}", self.agency),
        }
    }
}

/// Who decides on what waits of an obligation of `owing`: on a wish for more time whoever the plan names
/// ([`Decides`]), on all else the monitor. What the monitor itself owes is decided by its head or deputy, so that nobody
/// grants what they asked for.
#[must_use]
pub fn who_decides<'p>(plan: &'p Plan, on: Pending, owing: &AgencyCode) -> Deciders<'p> {
    let decides = match on {
        Pending::Extension => plan.extensions.decides,
        Pending::Acceptance | Pending::Reassignment => Decides::Monitor,
    };
    match decides {
        Decides::Monitor | Decides::MonitorHead => Deciders {
            agency: &plan.monitor,
            rank: if decides == Decides::Monitor && *owing != plan.monitor {
                Rank::Everybody
            } else {
                Rank::Heads
            },
            audience: Audience::Monitor,
        },
        Decides::Leader => Deciders {
            agency: &plan.issuer,
            rank: Rank::Heads,
            audience: Audience::Leader,
        },
    }
}

/// Whether the plan itself names who decides on this: nothing of it is decided in nobody's name then.
#[must_use]
pub fn names_who_decides(plan: &Plan, on: Pending) -> bool {
    on == Pending::Extension && plan.extensions.decides != Decides::Monitor
}

/// Whether `contact` decides on what waits of an obligation of `owing`.
#[must_use]
pub fn may_decide(contact: &Contact, plan: &Plan, on: Pending, owing: &AgencyCode) -> bool {
    who_decides(plan, on, owing).include(contact)
}

/// Whose a document may be that changes what `owing` owes: whoever decides on the like, a due day that moves being more time,
/// or the head or a deputy of the agency that issued the plan, who sign such documents.
#[must_use]
pub fn who_amends<'p>(plan: &'p Plan, kind: Kind, owing: &AgencyCode) -> [Deciders<'p>; 2] {
    let on = amends(kind);
    let signs = Deciders {
        agency: &plan.issuer,
        rank: Rank::Heads,
        audience: Audience::Leader,
    };
    [who_decides(plan, on, owing), signs]
}

/// On what a document decides that does this: a due day that moves is more time.
#[must_use]
pub fn amends(kind: Kind) -> Pending {
    match kind {
        Kind::Due => Pending::Extension,
        _ => Pending::Acceptance,
    }
}

/// Whether `contact` decides on anything under the plan: everybody of the monitor confirms completions.
#[must_use]
pub fn has_a_say(contact: &Contact, plan: &Plan) -> bool {
    contact.agency == plan.monitor || may_decide(contact, plan, Pending::Extension, &plan.monitor)
}
