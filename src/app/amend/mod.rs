//! A numbered document changes a running plan: obligations, ledger and announcements, in one transaction.

mod back;
mod correct;
mod give;
mod raised;
mod scope;
mod whose;
mod write;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::AppError;
use super::announce::how_told;
use super::ended::{Again, bind_again, end_agency, refuse_ended_in, refuse_in_charge};
use super::plan_day::Origin;
use super::setup::{Charge, Setup};
use crate::app::drift;
use crate::domain::amendment::{
    self, Bounds, Change, EarlyDay, Facts, FarDay, Fate, Kind, PastDay, Terms, Unfit,
};
use crate::domain::ids::{AgencyCode, ContactId, ObligationId, PlanId};
use crate::domain::obligation::{Obligation, Standing, State};
use crate::store::amendments;
use crate::store::obligations::{self, Filter};
use crate::store::{Db, Tx};
use back::Back;
use give::ungiven_of;
use raised::Matter;
use scope::unowed;
use whose::actor;
pub(super) use write::payload;
use write::{Work, Written};

pub use super::announce::Told;
pub use crate::store::amendments::Amendment;
pub use correct::{correct, drifted};
pub use raised::Raised;
pub use scope::{Scope, Unowed};

/// By which document, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Its number: `1234/QĐ-UBND`.
    pub document: String,
    /// The day on which it was signed.
    pub signed_on: Option<NaiveDate>,
    /// Why, in the monitor's words; the ledger keeps it.
    pub reason: Option<String>,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Of what.
    pub scope: Scope,
    /// What.
    pub change: Change,
    /// Whether its due day may have passed.
    pub past: PastDay,
    /// Whether its due day may lie beyond the year of the plan.
    pub far: FarDay,
    /// Whether it may be earlier than the one that holds.
    pub early: EarlyDay,
    /// By which document, and why.
    pub authority: Authority,
    /// The agency that has ended with it.
    pub ends: Option<AgencyCode>,
    /// Whose it is; `None` for an operator who names nobody.
    pub by: Option<ContactId>,
}

/// One obligation in the scope of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// As it was.
    pub before: Obligation,
    /// As it is, or why it stays as it was.
    pub after: Result<Obligation, Unfit>,
    /// Whose it was before, where documents had given it away.
    pub was_given_to: Vec<AgencyCode>,
    /// To whom it was given, and what became of it there.
    pub given: Vec<(AgencyCode, Fate)>,
    /// What its agency raised and nobody has decided.
    pub raised: Vec<Raised>,
    /// The day of that, where it waits: until when more time is wanted, or since when it is done.
    pub asked: Option<NaiveDate>,
}

impl Effect {
    /// Whether it is late by this alone: it is late on `today`, and was not before.
    #[must_use]
    pub fn becomes_late(&self, today: NaiveDate) -> bool {
        let is_late =
            |one: &Obligation| one.standing(today, self.asked) == Some(Standing::OpenLate);
        !is_late(&self.before) && self.after.as_ref().is_ok_and(is_late)
    }
}

/// What a document changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Number of the amendment.
    pub amendment: i64,
    /// Every obligation in its scope.
    pub effects: Vec<Effect>,
    /// What of the scope is owed by nobody in it.
    pub unowed: Vec<Unowed>,
    /// How many it changed, as the list of amendments counts them: of a transfer, those that were given.
    pub changed: usize,
    /// Who is to be told in the next brief, by what, or why nothing reaches them now.
    pub told: Vec<Told>,
    /// Who had not been told of what it takes back, and hears of neither.
    pub spared: Vec<ContactId>,
    /// Whose chats are unbound until they are confirmed by a new code, because their agency has ended.
    pub unbound: Vec<ContactId>,
    /// Whose chats are bound again, because it has not.
    pub rebound: Vec<ContactId>,
    /// The plan of which the files say since something else than is followed, and are not taken at the next start.
    pub unfiled: Option<PlanId>,
}

/// Changes what the scope names, writes it into the ledger and has everybody concerned told in their next brief. With
/// `dry_run` nothing is changed: the answer says what would be.
///
/// # Errors
/// When a day makes no sense, or nothing in the scope can be changed so; nothing is changed then.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn amend(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    order: &Order,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Outcome, AppError> {
    let Order {
        scope,
        change,
        past,
        far,
        early,
        authority,
        ends,
        by,
    } = order;
    check_days(change, (*past, *far), authority.signed_on, charge, today)?;
    if let Some(agency) = ends {
        refuse_in_charge(&setup.charges, agency)?;
    }
    let mut tx = db.begin().await?;
    let to: &[AgencyCode] = match change {
        Change::Transfer { to } => to,
        _ => &[],
    };
    for agency in to {
        refuse_ended_in(&mut tx, agency).await?;
    }
    let filter = Filter {
        plan: Some(charge.plan.id.clone()),
        ..Filter::default()
    };
    let mut found = obligations::list(&mut tx, &filter).await?;
    found.retain(|one| scope.holds(one) && charge.owes(one));
    let ungiven = ungiven_of(&mut tx, found.iter()).await?;
    found.retain(|one| !ungiven.contains(&one.id));
    let unowed = unowed(scope, &found);
    if found.is_empty() && !scope.agencies.is_empty() {
        let reasons: Vec<String> = unowed.iter().map(ToString::to_string).collect();
        let reasons = reasons.join("; ");
        return Err(AppError::NothingToAmend { reasons });
    }
    let matters = raised::read(&mut tx, &found).await?;
    let changes = changes_of(&mut tx, setup, found, (change, *early), &matters).await?;
    amendment::check_moves(change, &changes, &scope.whole(), *early).map_err(AppError::Slip)?;
    let kind = change.kind();
    let work = Work {
        setup,
        charge,
        authority,
        actor: actor(&mut tx, charge, by.as_ref(), kind, &changes).await?,
        kind,
        to,
        matters,
        revokes: None,
        parted: Vec::new(),
        today,
        now,
    };
    let written = work.write(&mut tx, changes).await?;
    let unbound = match ends {
        Some(agency) => end_agency(&mut tx, charge, agency, now).await?,
        None => Vec::new(),
    };
    // Last: who has lost a chat is not told by it.
    let told = how_told(&mut tx, setup, origin, &written.told, today, now).await?;
    if !dry_run {
        tx.commit().await?;
    }
    Ok(Outcome {
        unowed,
        ..written.outcome(|_| true, told, unbound)
    })
}

/// Takes back an amendment: whatever nothing has changed since has its earlier terms again. Without a document of its own
/// it stands in the name of the one that it takes back.
///
/// # Errors
/// When there is no such amendment, it was taken back, or everything has changed since; nothing is changed then.
#[expect(clippy::too_many_arguments, reason = "one fact each")]
pub async fn revoke(
    db: &Db,
    setup: &Setup,
    origin: &Origin,
    number: i64,
    document: Option<String>,
    reason: Option<String>,
    by: Option<&ContactId>,
    today: NaiveDate,
    now: DateTime<Utc>,
    dry_run: bool,
) -> Result<Outcome, AppError> {
    let mut tx = db.begin().await?;
    let unknown = || AppError::NoAmendment { number };
    let all = amendments::list(&mut tx, None).await?;
    let taken_back = all
        .into_iter()
        .find(|one| one.id == number)
        .ok_or_else(unknown)?;
    if let Some(by) = taken_back.revoked_by {
        return Err(AppError::Revoked { number, by });
    }
    let charge = setup.find(&taken_back.entry.plan).ok_or_else(unknown)?;
    let items = amendments::list_items(&mut tx, number).await?;
    let ids: Vec<ObligationId> = items.iter().map(|item| item.obligation).collect();
    let found: HashMap<ObligationId, Obligation> = obligations::find(&mut tx, &ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let back = Back {
        items: &items,
        found: &found,
    };
    let (parted, changes) = (back.parted(), back.changes());
    let touched: Vec<Obligation> = changes.iter().map(|(one, _)| one.clone()).collect();
    let matters = raised::read(&mut tx, &touched).await?;
    let authority = Authority {
        document: document.unwrap_or(taken_back.entry.document),
        signed_on: None,
        reason,
    };
    let kind = taken_back.entry.kind;
    let work = Work {
        setup,
        charge,
        authority: &authority,
        actor: actor(&mut tx, charge, by, kind, &changes).await?,
        kind: Kind::Revoked,
        to: &[],
        matters,
        revokes: Some(number),
        parted,
        today,
        now,
    };
    let written = work.write(&mut tx, changes).await?;
    let Again { rebound, unbound } = bind_again(&mut tx, charge, taken_back.at, now).await?;
    let told = how_told(&mut tx, setup, origin, &written.told, today, now).await?;
    let differences = drift::read(&mut tx, setup, charge).await?.differences;
    let unfiled = (!differences.is_empty()).then(|| charge.plan.id.clone());
    if !dry_run {
        tx.commit().await?;
    }
    let came_back = |id| {
        items
            .iter()
            .any(|item| item.obligation == id && item.kind != Kind::Received)
    };
    Ok(Outcome {
        rebound,
        unfiled,
        ..written.outcome(came_back, told, unbound)
    })
}

/// The amendments so far, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db) -> Result<Vec<Amendment>, AppError> {
    let mut tx = db.snapshot().await?;
    Ok(amendments::list(&mut tx, None).await?)
}

fn check_days(
    change: &Change,
    (past, far): (PastDay, FarDay),
    signed_on: Option<NaiveDate>,
    charge: &Charge,
    today: NaiveDate,
) -> Result<(), AppError> {
    let issued_on = charge.plan.issued_on;
    if today < issued_on {
        return Err(AppError::BeforePlan {
            today,
            plan: charge.plan.id.clone(),
            issued_on,
        });
    }
    let bounds = Bounds {
        issued_on,
        latest: charge.plan.last_day(),
        today,
        past,
        far,
    };
    change.check_days(&bounds)?;
    if let Some(day) = signed_on {
        change.check_signed(day, &bounds)?;
    }
    Ok(())
}

impl Written {
    fn outcome(
        self,
        counts: impl Fn(ObligationId) -> bool,
        told: Vec<Told>,
        unbound: Vec<ContactId>,
    ) -> Outcome {
        let changed = self.effects.iter().filter(|one| one.after.is_ok());
        Outcome {
            changed: changed.filter(|one| counts(one.before.id)).count(),
            amendment: self.amendment,
            effects: self.effects,
            unowed: Vec::new(),
            told,
            spared: self.spared.into_iter().collect(),
            unbound,
            rebound: Vec::new(),
            unfiled: None,
        }
    }
}

/// Each obligation with its new terms, or why it keeps its own.
type Changes = Vec<(Obligation, Result<Terms, Unfit>)>;

async fn changes_of(
    tx: &mut Tx,
    setup: &Setup,
    found: Vec<Obligation>,
    (change, early): (&Change, EarlyDay),
    matters: &HashMap<ObligationId, Matter>,
) -> Result<Changes, AppError> {
    let ended: Vec<ObligationId> = found
        .iter()
        .filter(|one| one.state == State::Cancelled)
        .map(|one| one.id)
        .collect();
    let given = amendments::given_to(tx, &ended).await?;
    let changes = found.into_iter().map(|one| {
        let matter = matters.get(&one.id);
        let facts = Facts {
            calendar: &setup.calendar,
            asked_until: matter.and_then(|matter| matter.day),
            rests: matter.and_then(|matter| matter.rests),
            given_to: given.get(&one.id).map(Vec::as_slice),
            early,
        };
        let terms = amendment::amend(&one, change, &facts);
        (one, terms)
    });
    Ok(changes.collect())
}

/// Why nothing in the scope can be changed so, with the first few names.
fn nothing(changes: &Changes) -> AppError {
    let told = changes.iter().filter_map(|(one, terms)| {
        let why = terms.as_ref().err()?;
        Some(format!("{} of {} {why}", one.milestone, one.agency))
    });
    let mut reasons: Vec<String> = told.take(5).collect();
    if changes.len() > reasons.len() {
        reasons.push(format!("and {} others", changes.len() - reasons.len()));
    }
    AppError::NothingToAmend {
        reasons: if reasons.is_empty() {
            "the plan has no such obligation: see `dondoc status`".to_owned()
        } else {
            reasons.join("; ")
        },
    }
}
