//! What is left of earlier days once something newer is due: a person gets one brief a day and one digest a week, and an
//! outage changes nothing of that.
//!
//! From the hour at which a day is planned, briefs of earlier days wait for the planner, which cancels them and tells anew
//! what they would have told; digests wait for the next ones in the same way. How far both have come stands in the
//! database, so that no node sends what another is about to cancel. Where planning fails, they wait on: `/readyz`,
//! `dondoc doctor` and the auditor say that the day is not planned.

use chrono::{DateTime, NaiveTime, Utc};

use super::deliverer::Deliverer;
use crate::app::AppError;
use crate::clock::instant;
use crate::store::deliveries::{Delivery, DeliveryKind};
use crate::store::outbox::{self, Overtaken, Wanted};
use crate::store::{Tx, watermarks};

impl Deliverer {
    /// What must not leave now. Answers are never among it.
    pub(super) async fn overtaken(
        &self,
        tx: &mut Tx,
        wanted: Wanted,
    ) -> Result<Overtaken, AppError> {
        let mut overtaken = Overtaken::default();
        if wanted == Wanted::Answers {
            return Ok(overtaken);
        }
        let now = self.clock.now();
        let (planned, made) = watermarks::last_planned_and_digest_day(tx).await?;
        if let Some((today, _)) = self.setup.planning_hour(now)
            && planned.is_none_or(|day| day < today)
        {
            overtaken.briefs_before = today;
        }
        if let Some((nominal, leaves_on)) = self.setup.digest_due(now)
            && made.is_some_and(|day| day < nominal)
        {
            overtaken.digests_before = instant(leaves_on.and_time(NaiveTime::MIN));
        }
        Ok(overtaken)
    }

    /// Cancels what was under way when its day, or its week, ended, and did not arrive: it would leave beside what is newer.
    pub(super) async fn cancel_overtaken(
        &self,
        tx: &mut Tx,
        delivery: &Delivery,
        now: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let message = &delivery.message;
        if let (Some(contact), Some(day)) = (&message.contact, message.brief_day) {
            let hour = self.setup.planning_hour(now);
            let Some((today, _)) = hour.filter(|(today, _)| day < *today) else {
                return Ok(());
            };
            let is_planned = watermarks::last_planned_day(tx).await? >= Some(today);
            let next = if is_planned { today.succ_opt() } else { None };
            let brief = (contact.clone(), day);
            outbox::supersede_brief(tx, &brief, next.unwrap_or(today)).await?;
        } else if message.kind == DeliveryKind::Digest
            && let Some((nominal, leaves_on)) = self.setup.digest_due(now)
            && watermarks::last_digest_day(tx).await? >= Some(nominal)
        {
            let before = instant(leaves_on.and_time(NaiveTime::MIN));
            outbox::supersede_digests(tx, before).await?;
        }
        Ok(())
    }
}
