//! What the files say, at the start and at each reload: brought into the database, and into force.

use std::sync::Arc;

use super::{Daemon, Reloaded};
use crate::app::AppError;
use crate::app::caution::Thing;
use crate::app::import::{Imported, import};
use crate::app::park;
use crate::app::vitals::Step;
use crate::channels::Sender;
use crate::channels::zalo_oa::Consent;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::obligation::Obligation;
use crate::store::in_hand;

impl Daemon {
    /// Brings the database in line with the files and says which deadlines moved.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(&self, contacts: &[Contact]) -> Result<Imported, AppError> {
        let now = self.deliverer.clock.now();
        let imported = import(&self.deliverer.db, &self.deliverer.setup, contacts, now).await?;
        self.deliverer.signs.loaded(now);
        self.tell_plans_to_come();
        tracing::info!(
            new = imported.inserted,
            moved = imported.moved.len(),
            keep_ladder = imported.keep_ladder,
            "plan and database agree"
        );
        for moved in &imported.moved {
            tracing::warn!(
                obligation = %moved.after.id,
                milestone = %moved.after.milestone,
                agency = %moved.after.agency,
                before = ?moved.before.act_by,
                after = ?moved.after.act_by,
                due_before = ?moved.before.due_on,
                due_after = ?moved.after.due_on,
                "a deadline moved"
            );
        }
        if imported.due_before > 0 {
            tracing::warn!(
                obligations = imported.due_before,
                "these were due before anybody could be reminded of them here: their agencies are asked how they ended, and nothing \
                 of it counts as late before the days of grace are over; what you know already, `dondoc stocktake` records in one go"
            );
        }
        tell_vanished(&imported);
        Ok(imported)
    }

    /// Says which plans lie in the future, as seen from the clock: nothing of them is sent.
    fn tell_plans_to_come(&self) {
        let today = self.deliverer.clock.today();
        for plan in self.deliverer.setup.issued_after(today) {
            tracing::warn!(
                plan = %plan.id,
                issued_on = %plan.issued_on,
                %today,
                "the plan is not issued yet, and nothing of it is sent; if it is, set the clock of this machine"
            );
        }
    }

    /// Whether what `load` reads is in force now.
    pub(super) async fn reload(&mut self, load: &impl Fn() -> Option<Reloaded>) -> bool {
        let signs = Arc::clone(&self.deliverer.signs);
        let Some(reloaded) = load() else {
            signs.refused_files();
            tracing::error!("the files have problems: what was loaded before stays in force");
            return false;
        };
        let before = std::mem::replace(&mut self.deliverer.setup, reloaded.setup);
        if let Err(error) = self.import(&reloaded.contacts).await {
            if matches!(
                error,
                AppError::PlanDiffers(_) | AppError::PlanRenamed { .. }
            ) {
                signs.refused_files();
            } else {
                signs.failed(Step::Reload);
            }
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "reloading failed: what was loaded before stays in force"
            );
            self.deliverer.setup = before;
            return false;
        }
        self.take_consent(reloaded.consent);
        self.forget_falls_or_tell().await;
        self.unpark_or_tell().await;
        true
    }

    /// The next round looks after the tokens at once.
    fn take_consent(&self, consent: Option<Consent>) {
        let sender = self.deliverer.senders.get(&Channel::ZaloOa);
        if let (Some(Sender::ZaloOa(sender)), Some(consent)) = (sender, consent) {
            sender.give(consent);
            self.diary.look_after_tokens_now();
        }
    }

    /// Whoever loads the files again has mended what the program died of, or means to try.
    async fn forget_falls_or_tell(&self) {
        let forgotten = async {
            let mut tx = self.deliverer.db.begin().await?;
            for begins in [Thing::BRIEFS, Thing::DIGESTS] {
                in_hand::forget(&mut tx, begins).await?;
            }
            tx.commit().await
        };
        if let Err(error) = forgotten.await {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "what was given up stays so: load the files again");
        }
    }

    /// Words today's parked briefs with the templates in force. Returns how many were queued.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unpark(&self) -> Result<u64, AppError> {
        park::unpark(&self.deliverer).await
    }

    pub(super) async fn unpark_or_tell(&self) {
        match self.unpark().await {
            Ok(0) => {}
            Ok(queued) => tracing::info!(queued, "briefs that waited for words have them"),
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "briefs that wait for words wait on"
            ),
        }
    }
}

/// Says what is owed and has left the files, a line for each milestone.
fn tell_vanished(imported: &Imported) {
    let same = |a: &Obligation, b: &Obligation| (&a.plan, &a.milestone) == (&b.plan, &b.milestone);
    for gone in imported.vanished.chunk_by(same) {
        let agencies: Vec<&str> = gone.iter().map(|one| one.agency.as_str()).collect();
        tracing::warn!(
            plan = %gone[0].plan,
            milestone = %gone[0].milestone,
            agencies = agencies.join(" "),
            "still owed, and no longer in the files of the plan: nobody is told of it until it is there again"
        );
    }
    if !imported.strays.is_empty() {
        let ids: Vec<&str> = imported.strays.iter().map(ContactId::as_str).collect();
        tracing::warn!(
            contacts = ids.join(" "),
            "contacts that stand in no file are told and heard all the same: whoever has left is taken out by `dondoc contact remove`"
        );
    }
    if !imported.kept_unbound.is_empty() {
        let ids: Vec<&str> = imported
            .kept_unbound
            .iter()
            .map(ContactId::as_str)
            .collect();
        tracing::warn!(
            contacts = ids.join(" "),
            "the agency of these has ended: the chats that contacts.toml gives them stay unbound until a new `dondoc contact link`"
        );
    }
    for (plan, owed) in &imported.unloaded {
        tracing::warn!(
            %plan,
            owed,
            "a plan of the database is no longer loaded: nobody is told of what is owed under it"
        );
    }
}
