//! Care after a fall: a process that was ended over one thing must not be ended over it again and again.
//!
//! Memory that runs out, a stack that overflows, a watchdog: none of them leaves the process time to say over what it was. As
//! long as nothing died nothing is written down. Whoever takes a duty over that its holder never gave back is careful for a
//! while: each message, brief and digest is noted before it is touched, and struck out when it is through. What
//! [`MOST_DEATHS`] processes had in hand when they died is parked with that as its reason, and the others go on.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::AppError;
use super::deliver::Deliverer;
use crate::clock::Clock;
use crate::domain::ids::{ContactId, PlanId};
use crate::store::in_hand::{self, MOST_DEATHS};
use crate::store::inbox::InboxId;
use crate::store::{Db, StoreError, Tx};

/// How long a process is careful after another died: longer than it takes to come back to what that one did.
const CAREFUL: Duration = Duration::from_mins(10);

/// Whether a process is careful. Clones are of the same process.
#[derive(Clone, Debug, Default)]
pub struct Caution {
    until: Arc<Mutex<Option<Instant>>>,
}

impl Caution {
    /// Another process has died: from now on, and for a while.
    pub fn begin(&self) {
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if until.is_none_or(|until| until <= now) {
            tracing::warn!(
                "what went before did not end but died: each thing is noted before it is touched"
            );
        }
        *until = Some(now + CAREFUL);
    }

    /// Whether it is.
    #[must_use]
    pub fn is_on(&self) -> bool {
        let until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }
}

/// One thing of which a process may die.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A received message: understood, applied, answered.
    Received(InboxId),
    /// The words for a person.
    Brief(ContactId),
    /// The digest of a plan, with its files.
    Digest(PlanId),
    /// A mail that is read and decoded: mailbox and place in it.
    Mail(String, String),
}

impl Thing {
    /// How the names of briefs begin.
    pub(super) const BRIEFS: &'static str = "brief:";
    /// How the names of digests begin.
    pub(super) const DIGESTS: &'static str = "digest:";
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Received(id) => write!(f, "inbox:{id}"),
            Self::Brief(contact) => write!(f, "{}{contact}", Self::BRIEFS),
            Self::Digest(plan) => write!(f, "{}{plan}", Self::DIGESTS),
            Self::Mail(mailbox, at) => write!(f, "mail:{mailbox}:{at}"),
        }
    }
}

/// Why something is parked over which the program died again and again.
#[must_use]
pub fn fallen() -> String {
    format!(
        "the program was ended {MOST_DEATHS} times over it (no memory, or a fault): it is tried again by hand only"
    )
}

/// Takes things in hand, in the name of one process.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    db: Db,
    owner: String,
    clock: Clock,
}

impl Hands {
    pub(super) fn of(deliverer: &Deliverer) -> Self {
        Self {
            db: deliverer.db.clone(),
            owner: deliverer.pace.owner.clone(),
            clock: deliverer.clock.clone(),
        }
    }

    pub(super) fn new(db: Db, owner: String, clock: Clock) -> Self {
        Self { db, owner, clock }
    }

    /// Notes one thing. False when it was given up: then it is not to be touched.
    pub(super) async fn take(&self, thing: &Thing) -> Result<bool, StoreError> {
        let died = self.take_all(&[thing.to_string()]).await?;
        if let Some(deaths) = died.values().next() {
            tracing::warn!(%thing, deaths, "processes have died with this in hand");
        }
        Ok(died.values().all(|deaths| *deaths < MOST_DEATHS))
    }

    async fn take_all(&self, things: &[String]) -> Result<in_hand::Deaths, StoreError> {
        let mut tx = self.db.begin().await?;
        let died = in_hand::take(&mut tx, things, &self.owner, self.clock.now()).await?;
        tx.commit().await?;
        Ok(died)
    }

    /// Notes several things at once, of which nobody has died yet.
    pub(super) async fn take_fresh(&self, things: &[Thing]) -> Result<(), StoreError> {
        let names: Vec<String> = things.iter().map(Thing::to_string).collect();
        self.take_all(&names).await.map(drop)
    }

    /// What is through, or parked.
    pub(super) async fn strike_out(&self, things: &[Thing]) -> Result<(), StoreError> {
        let names: Vec<String> = things.iter().map(Thing::to_string).collect();
        let mut tx = self.db.begin().await?;
        in_hand::strike_out(&mut tx, &names).await?;
        tx.commit().await
    }
}

/// Of whom no brief is worded, because the program died over their words again and again.
pub(super) async fn given_up_briefs(tx: &mut Tx) -> Result<BTreeSet<ContactId>, AppError> {
    let found = in_hand::list_given_up(tx, Thing::BRIEFS).await?;
    let contact = |(what, _): (String, _)| what.strip_prefix(Thing::BRIEFS).map(ContactId::from);
    Ok(found.into_iter().filter_map(contact).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn care_begins_with_a_death_and_ends_by_itself() {
        let caution = Caution::default();
        assert!(!caution.is_on());
        caution.clone().begin();
        assert!(caution.is_on());
        *caution.until.lock().unwrap() = Some(Instant::now());
        assert!(!caution.is_on());
    }

    #[test]
    fn a_thing_is_called_after_its_kind() {
        let things = [
            Thing::Received(InboxId(7)),
            Thing::Brief("stp.officer".into()),
            Thing::Digest("p".into()),
            Thing::Mail("email:a@b/INBOX".to_owned(), "1:9".to_owned()),
        ];
        let names = things.map(|thing| thing.to_string());
        assert_eq!(
            names,
            [
                "inbox:7",
                "brief:stp.officer",
                "digest:p",
                "mail:email:a@b/INBOX:1:9"
            ]
        );
    }
}
