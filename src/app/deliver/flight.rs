//! The messages of one channel that are under way. They fly while the database works: each turn notes what has ended and
//! begins as many anew, in one transaction, for one commit costs more than a message.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::aloft::Flight;
use super::deliverer::{Delivered, Deliverer, Round};
use super::halt::Halt;
use super::outcome::Noted;
use super::wire::{unknown, wire};
use crate::app::AppError;
use crate::app::caught::caught;
use crate::channels::email::Room;
use crate::channels::{SendReport, Sender};
use crate::domain::delivery::Channel;
use crate::store::deliveries::{Delivery, DeliveryId, DeliveryKind};
use crate::store::outbox::{self, Claim, Claimed, Wanted};
use crate::store::{Tx, attachments, attempts};

/// How long a message waits for the one before it to the same address: far less than a lease.
const ORDER_PATIENCE: Duration = Duration::from_secs(10);

/// An attempt that is over and not noted yet.
pub(super) struct Ended {
    pub(super) delivery: Delivery,
    pub(super) number: u32,
    pub(super) report: SendReport,
    /// Until it is noted.
    _flight: Flight,
}

/// A delivery of which an attempt was begun.
pub(super) struct Begun {
    is_suspect: bool,
    claimed: Claimed,
    number: u32,
    files: Vec<attachments::Attachment>,
    flight: Flight,
}

/// What a turn found.
#[derive(Default)]
pub(super) struct Turn {
    /// How much waited, as far as it was asked for.
    pub(super) claimed: usize,
    pub(super) begun: Vec<Begun>,
}

/// Who writes twice within a moment reads the answers in that order: the last message to each address that is under way.
#[derive(Default)]
struct Order(HashMap<String, oneshot::Receiver<()>>);

/// A message's place: it waits for the one before it, and whoever comes after waits for it to be dropped.
struct Place {
    before: Option<oneshot::Receiver<()>>,
    _over: oneshot::Sender<()>,
}

impl Order {
    fn place(&mut self, address: &str) -> Place {
        let (over, awaited) = oneshot::channel();
        Place {
            before: self.0.insert(address.to_owned(), awaited),
            _over: over,
        }
    }
}

impl Place {
    /// Waits for the message before, unless that takes too long.
    async fn reached(&mut self) {
        if let Some(before) = self.before.take() {
            let _ = timeout(ORDER_PATIENCE, before).await;
        }
    }
}

impl Deliverer {
    /// Sends what is due on one channel until nothing more is, or `halt` is wanted.
    pub(super) async fn deliver_on(&self, channel: Channel, wanted: Wanted, halt: &Halt) -> Round {
        let mut total = Round::default();
        let mut flying = JoinSet::new();
        let mut ended = Vec::new();
        let mut order = Order::default();
        let mut is_alone = false;
        loop {
            // No attempt takes longer than a lease, on whichever channel it is.
            let lease = self.pace.lease.to_std().unwrap_or_default();
            self.beat.silent_for(lease);
            is_alone &= !flying.is_empty();
            let free = if is_alone || total.failure.is_some() || halt.is_wanted() {
                0
            } else {
                self.free(channel, flying.len())
            };
            let mut claimed = 0;
            match self
                .turn(
                    channel,
                    wanted,
                    (flying.len(), free),
                    &mut ended,
                    &mut total.delivered,
                )
                .await
            {
                Ok(turn) => {
                    claimed = turn.claimed;
                    for one in turn.begun {
                        is_alone = one.is_suspect;
                        let place = order.place(&one.claimed.delivery.message.address);
                        flying.spawn(self.attempt(channel, one, place, halt.clone()));
                    }
                }
                // What could not be noted is noted with the next that lands.
                Err(error) => total += Round::from(error),
            }
            if flying.is_empty() && claimed == 0 {
                return total;
            }
            landed(&mut flying, &mut ended).await;
        }
    }

    /// How many more may be begun while so many are under way.
    fn free(&self, channel: Channel, flying: usize) -> usize {
        let room = match self.senders.get(&channel).map(Sender::room) {
            Some(Room::Free) => self.pace.at_once.max(1),
            Some(Room::One) => 1,
            Some(Room::Shut { .. }) | None => 0,
        };
        room.saturating_sub(flying)
    }

    /// One attempt. A fault of the program over one message ends with it, and leaves open whether it has arrived.
    fn attempt(
        &self,
        channel: Channel,
        begun: Begun,
        mut place: Place,
        halt: Halt,
    ) -> impl Future<Output = Ended> + use<> {
        let senders = Arc::clone(&self.senders);
        async move {
            let (number, flight) = (begun.number, begun.flight);
            let (message, delivery) = wire(begun.claimed, begun.files);
            let sending = async {
                place.reached().await;
                match senders.get(&channel) {
                    Some(sender) => sender.send(&message).await,
                    None => unknown("the channel is not configured"),
                }
            };
            let report = Box::pin(caught(halt.bound(sending))).await;
            Ended {
                report: report.unwrap_or_else(|| unknown(AppError::Fault.to_string())),
                delivery,
                number,
                _flight: flight,
            }
        }
    }

    /// Notes what has ended and begins at most `free` anew, in one transaction. Where the second fails, the first is done
    /// all the same. What is noted is no longer among `ended`.
    async fn turn(
        &self,
        channel: Channel,
        wanted: Wanted,
        (flying, free): (usize, usize),
        ended: &mut Vec<Ended>,
        total: &mut Delivered,
    ) -> Result<Turn, AppError> {
        if free == 0 {
            self.note_alone(ended, total).await?;
            return Ok(Turn::default());
        }
        if self.caution.is_on() {
            self.note_alone(ended, total).await?;
            let among = (flying, free);
            let turn = self.begin_with_care(channel, wanted, among).await?;
            total.held += (turn.claimed - turn.begun.len()) as u64;
            return Ok(turn);
        }
        match self
            .note_and_begin(channel, wanted, (flying, free), ended)
            .await
        {
            Ok((noted, turn)) => {
                noted.tell(&self.signs, total);
                total.held += (turn.claimed - turn.begun.len()) as u64;
                ended.clear();
                Ok(turn)
            }
            Err(error) => {
                self.note_alone(ended, total).await?;
                Err(error)
            }
        }
    }

    async fn note_alone(
        &self,
        ended: &mut Vec<Ended>,
        total: &mut Delivered,
    ) -> Result<(), AppError> {
        if ended.is_empty() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let noted = self.note(&mut tx, ended).await?;
        tx.commit().await?;
        noted.tell(&self.signs, total);
        ended.clear();
        Ok(())
    }

    async fn note_and_begin<'e>(
        &self,
        channel: Channel,
        wanted: Wanted,
        (flying, free): (usize, usize),
        ended: &'e [Ended],
    ) -> Result<(Noted<'e>, Turn), AppError> {
        let mut tx = self.db.begin().await?;
        let noted = self.note(&mut tx, ended).await?;
        let claimed = self.claim(&mut tx, channel, wanted, free).await?;
        let many = claimed.len();
        let claimed = self.leave_suspects_alone(&mut tx, claimed, flying).await?;
        let turn = Turn {
            claimed: many,
            begun: {
                let outdated = outbox::outdated(&mut tx, &briefs(&claimed)).await?;
                self.begin(&mut tx, claimed, &outdated).await?
            },
        };
        tx.commit().await?;
        Ok((noted, turn))
    }

    pub(super) async fn claim(
        &self,
        tx: &mut Tx,
        channel: Channel,
        wanted: Wanted,
        most: usize,
    ) -> Result<Vec<Claimed>, AppError> {
        let now = self.clock.now();
        let aloft = self.aloft.list();
        let claim = Claim {
            owner: &self.pace.owner,
            channel,
            wanted,
            overtaken: self.overtaken(tx, wanted).await?,
            now,
            until: now + self.pace.lease,
            limit: u32::try_from(most).unwrap_or(u32::MAX),
            except: &aloft,
        };
        Ok(outbox::claim(tx, &claim).await?)
    }

    /// Begins an attempt of each that may leave now.
    pub(super) async fn begin(
        &self,
        tx: &mut Tx,
        group: Vec<Claimed>,
        outdated: &HashSet<DeliveryId>,
    ) -> Result<Vec<Begun>, AppError> {
        if group.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let allowed = self.allowed_at(now);
        let owner = &self.pace.owner;
        let mut ready = Vec::with_capacity(group.len());
        for mut claimed in group {
            let delivery = &mut claimed.delivery;
            let kind = delivery.message.kind;
            let is_unasked = matches!(kind, DeliveryKind::Brief | DeliveryKind::Digest);
            if is_unasked && allowed > now {
                outbox::postpone(tx, delivery.id, owner, allowed).await?;
                continue;
            }
            if outdated.contains(&delivery.id) && !self.refresh(tx, delivery).await? {
                continue;
            }
            ready.push(claimed);
        }
        let ids: Vec<DeliveryId> = ready.iter().map(|one| one.delivery.id).collect();
        let numbers = attempts::start(tx, &ids, owner, now).await?;
        let with_files: Vec<DeliveryId> = ready
            .iter()
            .filter(|one| one.delivery.message.may_have_files())
            .map(|one| one.delivery.id)
            .collect();
        let mut files = attachments::list(tx, &with_files).await?;
        let begun = ready.into_iter().filter_map(|claimed| {
            let id = claimed.delivery.id;
            let number = numbers.get(&id).copied()?;
            let message = &claimed.delivery.message;
            tracing::debug!(
                delivery = %id,
                contact = message.contact.as_ref().map(tracing::field::display),
                day = message.brief_day.map(tracing::field::display),
                kind = message.kind.as_str(),
                channel = message.channel.as_str(),
                attempt = number,
                "sending"
            );
            Some(Begun {
                is_suspect: claimed.is_suspect,
                flight: self.aloft.begin(id),
                number,
                files: files.remove(&id).unwrap_or_default(),
                claimed,
            })
        });
        Ok(begun.collect())
    }
}

/// Which of these are briefs.
pub(super) fn briefs(claimed: &[Claimed]) -> Vec<DeliveryId> {
    let briefs = claimed
        .iter()
        .filter(|one| one.delivery.message.kind == DeliveryKind::Brief);
    briefs.map(|one| one.delivery.id).collect()
}

/// Waits for an attempt to end, and adds what else has ended by then.
async fn landed(flying: &mut JoinSet<Ended>, ended: &mut Vec<Ended>) {
    let mut next = flying.join_next().await;
    while let Some(joined) = next {
        match joined {
            Ok(one) => ended.push(one),
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
        next = flying.try_join_next();
    }
}
