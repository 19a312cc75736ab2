//! Whether the ledger is what was written: each plan's chain walked from its first line to its head; and whether what is owed
//! stands as it says.

mod astray;
mod documents;

pub use astray::{Astray, Missing, Particulars};
pub use documents::{Misfiled, Misfiling};

use super::AppError;
use super::setup::Setup;
use crate::domain::chain::walk::{Break, Head, Noted, Walk};
use crate::domain::ids::PlanId;
use crate::store::{Db, Tx, chain, erasures, plans};

/// What the walk along the chain of one plan found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The plan.
    pub plan: PlanId,
    /// The end of the chain, as far as it holds.
    pub head: Head,
    /// The first place at which it does not hold.
    pub broken: Option<Break>,
    /// Whether the noted head was met.
    pub is_noted_met: bool,
    /// Which line has the noted head, where another count was noted with it.
    pub noted_at: Option<i64>,
    /// How many lines have lost the words of a person who was erased.
    pub erased: u64,
    /// What does not stand as the lines say, where the chain holds.
    pub astray: Vec<Astray>,
    /// What is owed by the files or the ledger and is in the table no more, where the chain holds.
    pub missing: Vec<Missing>,
    /// Which documents are not listed as the lines say, where the chain holds.
    pub misfiled: Vec<Misfiled>,
}

impl Verified {
    /// Whether nothing was found.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_none()
            && self.astray.is_empty()
            && self.missing.is_empty()
            && self.misfiled.is_empty()
    }
}

/// Walks along the chain of every plan, or of one; nothing when there is no such plan. What is written meanwhile is not
/// looked at. A noted head that no chain has met breaks each that holds otherwise; one that was noted with another count is where it is.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    db: &Db,
    plan: Option<&PlanId>,
    noted: Option<Noted>,
) -> Result<Vec<Verified>, AppError> {
    verify_by(db, None, plan, noted).await
}

/// As [`verify`], and whether what is owed is due on the days of these files, where the database was made of them.
///
/// # Errors
/// When the database fails.
pub async fn verify_by(
    db: &Db,
    files: Option<&Setup>,
    plan: Option<&PlanId>,
    noted: Option<Noted>,
) -> Result<Vec<Verified>, AppError> {
    let mut tx = db.snapshot().await?;
    let mut all = Vec::new();
    for one in plans::list(&mut tx).await? {
        if plan.is_none_or(|plan| *plan == one.id) {
            all.push(walk(&mut tx, one.id, files, noted).await?);
        }
    }
    if let Some(noted) = noted
        && all
            .iter()
            .all(|one| !one.is_noted_met && one.noted_at.is_none())
    {
        for one in &mut all {
            let place = noted.count;
            one.broken.get_or_insert(Break::NotNoted { place });
        }
    }
    Ok(all)
}

async fn walk(
    tx: &mut Tx,
    plan: PlanId,
    files: Option<&Setup>,
    noted: Option<Noted>,
) -> Result<Verified, AppError> {
    let erased = erasures::list_lines(tx, &plan).await?;
    let mut walk = Walk::new(plan.as_str().to_owned(), noted).with_erased(erased);
    let broken = first_break(tx, &plan, &mut walk).await?;
    let ((astray, missing), misfiled) = match broken {
        None => (
            astray::find(tx, &plan, files).await?,
            documents::find(tx, &plan).await?,
        ),
        Some(_) => Default::default(),
    };
    Ok(Verified {
        head: walk.head(),
        is_noted_met: walk.is_noted_met(),
        noted_at: walk.noted_at().filter(|_| !walk.is_noted_met()),
        erased: walk.erased(),
        plan,
        broken,
        astray,
        missing,
        misfiled,
    })
}

async fn first_break(
    tx: &mut Tx,
    plan: &PlanId,
    walk: &mut Walk,
) -> Result<Option<Break>, AppError> {
    loop {
        let page = chain::list(tx, plan, walk.head().count).await?;
        if page.is_empty() {
            break;
        }
        for sealed in &page {
            if let Err(broken) = walk.step(sealed) {
                return Ok(Some(broken));
            }
        }
    }
    ended(tx, plan, walk).await
}

/// What the end of a chain shows that was walked without a break: how it fits its head, and whether any line lies outside.
pub(super) async fn ended(
    tx: &mut Tx,
    plan: &PlanId,
    walk: &Walk,
) -> Result<Option<Break>, AppError> {
    let said = chain::head(tx, plan).await?.unwrap_or(Head::EMPTY);
    if let Err(broken) = walk.end(said) {
        return Ok(Some(broken));
    }
    let outside = chain::find_unsealed(tx, plan).await?;
    Ok(outside.map(|event| Break::Unsealed { event }))
}
