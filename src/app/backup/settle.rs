//! What happened since a backup is not in it. So nothing is sent of which that is not known, no code counts that may have
//! been used, and no token that was spent.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{BackupError, Restoring};
use crate::channels::zalo_oa::REFRESH_AFTER;
use crate::clock::local;
use crate::domain::ids::ContactId;
use crate::store::restored::{self, KeptTokens};
use crate::store::{Db, Tx, contacts, erasures, tokens, watermarks};

/// What was done so that nothing happens twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Messages that were waiting and are held.
    pub held: u64,
    /// Codes that were open and have ended.
    pub codes: u64,
    /// Whether the briefs of today count as planned.
    pub today_is_planned: bool,
    /// Whether the digests of this week count as sent.
    pub week_is_digested: bool,
    /// What became of the tokens of each account.
    pub tokens: Vec<(String, TokenFate)>,
    /// Who was erased since, and is in the backup: to be erased again.
    pub to_erase: Vec<ContactId>,
}

/// What became of tokens that are replaced at each refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFate {
    /// No refresh was due since: they are good.
    Good,
    /// Taken over from the database that was replaced.
    TakenOver,
    /// Spent since: an administrator of the account has to consent again.
    Spent,
}

/// Makes a database safe that was put back. `old` is the one in whose place it comes, where that can be read.
pub(super) async fn settle(
    db: &Db,
    old: Option<&Path>,
    newest: Option<DateTime<Utc>>,
    how: Restoring<'_>,
) -> Result<Settled, BackupError> {
    let left = match old {
        Some(path) => Left::read(path).await,
        None => Left::default(),
    };
    let mut tx = db.begin().await?;
    let mut settled = Settled {
        codes: restored::end_codes(&mut tx, how.now).await?,
        tokens: settle_tokens(&mut tx, &left.tokens, how.now).await?,
        ..Settled::default()
    };
    restored::end_leases(&mut tx).await?;
    if !how.repeat {
        hold(&mut tx, &mut settled, newest, how).await?;
    }
    let erased = erasures::list_contacts(&mut tx).await?;
    for contact in left.erased {
        let is_back = contacts::find(&mut tx, &contact).await?.is_some();
        if is_back && !erased.contains(&contact) {
            settled.to_erase.push(contact);
        }
    }
    tx.commit().await?;
    Ok(settled)
}

/// Holds what waits, and takes what may have been planned for planned.
async fn hold(
    tx: &mut Tx,
    settled: &mut Settled,
    newest: Option<DateTime<Utc>>,
    how: Restoring<'_>,
) -> Result<(), BackupError> {
    let of = newest.map(|at| format!(" of {}", local(at).format("%Y-%m-%d %H:%M")));
    let reason = format!(
        "put back from a backup{}: it may have been sent since; `dondoc outbox retry` sends it",
        of.unwrap_or_default()
    );
    settled.held = restored::hold_outbox(tx, &reason).await?;
    let today = local(how.now).date();
    if how.setup.brief_time(today).is_some_and(|at| at <= how.now) {
        let planned = watermarks::last_planned_day(tx).await?;
        settled.today_is_planned = planned.is_none_or(|day| day < today);
        watermarks::mark_planned(tx, today, how.now).await?;
    }
    if let Some((nominal, leaves_on)) = how.setup.digest_of(today)
        && leaves_on <= today
        && nominal <= local(how.now)
    {
        settled.week_is_digested = watermarks::mark_digest(tx, nominal.date(), None).await?;
    }
    Ok(())
}

/// A refresh token is good once. Those of the database that is replaced are newer; otherwise the age of the pair tells
/// whether it was refreshed since.
async fn settle_tokens(
    tx: &mut Tx,
    left: &[KeptTokens],
    now: DateTime<Utc>,
) -> Result<Vec<(String, TokenFate)>, BackupError> {
    let mut fates = Vec::new();
    for kept in left {
        if restored::take_over_tokens(tx, kept).await? {
            fates.push((kept.account.clone(), TokenFate::TakenOver));
        }
    }
    for health in tokens::list_health(tx).await? {
        if fates.iter().any(|(account, _)| *account == health.account) {
            continue;
        }
        let is_known_last = left.iter().any(|kept| kept.account == health.account);
        let is_good = is_known_last || now < health.obtained_at + REFRESH_AFTER;
        if !is_good && health.failure.is_none() {
            let why = "they came out of a backup, and were spent since";
            if let Some(found) = tokens::find(tx, &health.account).await? {
                tokens::fail(tx, &health.account, found.version, why, now).await?;
            }
        }
        let fate = if is_good {
            TokenFate::Good
        } else {
            TokenFate::Spent
        };
        fates.push((health.account, fate));
    }
    Ok(fates)
}

/// What a database leaves to the one that comes in its place.
#[derive(Default)]
struct Left {
    tokens: Vec<KeptTokens>,
    erased: Vec<ContactId>,
}

impl Left {
    /// One that cannot be read, or is of another schema, leaves nothing.
    async fn read(path: &Path) -> Self {
        let Ok(db) = Db::open_copy(path).await else {
            return Self::default();
        };
        let mut left = Self::default();
        if let Ok(mut tx) = db.snapshot().await {
            left.tokens = restored::list_tokens(&mut tx).await.unwrap_or_default();
        }
        if let Ok(mut tx) = db.snapshot().await {
            left.erased = erasures::list_contacts(&mut tx).await.unwrap_or_default();
        }
        db.close().await;
        left
    }
}
