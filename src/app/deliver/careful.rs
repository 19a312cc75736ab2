//! Sending after another process has died: what it may have died of is told from the rest.

use super::deliverer::Deliverer;
use super::flight::{Turn, briefs};
use crate::app::AppError;
use crate::app::caution::{Hands, Thing, fallen};
use crate::app::park;
use crate::domain::delivery::Channel;
use crate::messages::RenderError;
use crate::store::Tx;
use crate::store::deliveries::Delivery;
use crate::store::outbox::{self, Claimed, Wanted};

impl Deliverer {
    /// Begins attempts as [`Deliverer::begin`] does. What has to be worded anew is so in a transaction of its own, and it is noted before
    /// whose words they are; an attempt itself is noted always.
    pub(super) async fn begin_with_care(
        &self,
        channel: Channel,
        wanted: Wanted,
        (flying, free): (usize, usize),
    ) -> Result<Turn, AppError> {
        let mut tx = self.db.begin().await?;
        let claimed = self.claim(&mut tx, channel, wanted, free).await?;
        let many = claimed.len();
        let claimed = self.leave_suspects_alone(&mut tx, claimed, flying).await?;
        let outdated = outbox::outdated(&mut tx, &briefs(&claimed)).await?;
        tx.commit().await?;
        let hands = Hands::of(self);
        let mut sound = Vec::with_capacity(claimed.len());
        for mut one in claimed {
            if !outdated.contains(&one.delivery.id)
                || self.refresh_with_care(&hands, &mut one.delivery).await?
            {
                sound.push(one);
            }
        }
        let mut tx = self.db.begin().await?;
        let begun = self.begin(&mut tx, sound, &[].into()).await?;
        tx.commit().await?;
        Ok(Turn {
            claimed: many,
            begun,
        })
    }

    async fn refresh_with_care(
        &self,
        hands: &Hands,
        delivery: &mut Delivery,
    ) -> Result<bool, AppError> {
        let message = &delivery.message;
        let (Some(contact), Some(day)) = (message.contact.clone(), message.brief_day) else {
            return Ok(true);
        };
        let thing = Thing::Brief(contact.clone());
        if hands.take(&thing).await? {
            let mut tx = self.db.begin().await?;
            let is_left = self.refresh(&mut tx, delivery).await?;
            tx.commit().await?;
            hands.strike_out(&[thing]).await?;
            return Ok(is_left);
        }
        let why = RenderError::given_up(fallen());
        let mut tx = self.db.begin().await?;
        park::park(&mut tx, &contact, day, &why).await?;
        let owner = Some(self.pace.owner.as_str());
        outbox::cancel(&mut tx, delivery.id, owner, &why.to_string()).await?;
        tx.commit().await?;
        Ok(false)
    }

    /// A message over which more than one process died leaves alone: if one dies again, it is known of what. The others of its
    /// turn wait for it, or it for those that are under way.
    pub(super) async fn leave_suspects_alone(
        &self,
        tx: &mut Tx,
        mut claimed: Vec<Claimed>,
        flying: usize,
    ) -> Result<Vec<Claimed>, AppError> {
        let Some(first) = claimed.iter().position(|one| one.is_suspect) else {
            return Ok(claimed);
        };
        let waiting = if flying == 0 {
            let alone = claimed.swap_remove(first);
            std::mem::replace(&mut claimed, vec![alone])
        } else {
            let (suspects, others) = claimed.into_iter().partition(|one| one.is_suspect);
            claimed = others;
            suspects
        };
        for one in waiting {
            let (owner, now) = (&self.pace.owner, self.clock.now());
            outbox::postpone(tx, one.delivery.id, owner, now).await?;
        }
        Ok(claimed)
    }
}
