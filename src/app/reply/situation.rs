//! What a decision may know, read from the database: what the sender's agency owes, what was told and asked.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::claims;
use super::desk::Desk;
use super::filed::sent;
use crate::app::AppError;
use crate::app::amended::amended_days;
use crate::app::compose::capacity;
use crate::app::ledger::Facts;
use crate::app::resolve;
use crate::app::setup::Setup;
use crate::clock::local;
use crate::domain::decide::{Owed, OwnChange, Question, Sent, Situation, TWICE_SECONDS, UNDO_DAYS};
use crate::domain::directory::Contact;
use crate::domain::ids::ObligationId;
use crate::domain::inbound::Answered;
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, State};
use crate::domain::reply::Writer;
use crate::messages::AmendedDay;
use crate::store::amendments::Hold;
use crate::store::deliveries::Delivery;
use crate::store::events::{self, Actor, Event};
use crate::store::inbox::{InboxId, Received};
use crate::store::obligations::{self, Filter};
use crate::store::questions::{self, Asked};
use crate::store::statements::{self, Said};
use crate::store::{Tx, amendments, briefs, contacts, correspondence};

/// How long after a brief an answer without a reference is about its items.
const BRIEF_DAYS: u64 = 7;

/// For how long files without a word belong to what was reported last.
const FRESH_MINUTES: i64 = 30;

/// A document that was added later belongs to its completion, and is taken back with it.
pub(super) const EVIDENCE: &str = "evidence";

/// What was read.
#[derive(Debug)]
pub(super) struct Background {
    pub(super) today: NaiveDate,
    /// The agency of whoever writes.
    pub(super) writer: Writer,
    pub(super) owed: Vec<Owed>,
    /// By which documents what is not owed is held, and to whom they have given it.
    pub(super) holds: HashMap<ObligationId, Hold>,
    /// The day that a document gave each, where one did.
    pub(super) amended: HashMap<ObligationId, AmendedDay>,
    pub(super) told: Vec<ObligationId>,
    /// What "việc 2" counts.
    pub(super) numbered: Vec<ObligationId>,
    /// Whether they were shown with their numbers.
    pub(super) shows_numbers: bool,
    pub(super) asked: Option<Asked>,
    /// When the brief left that the message may be about.
    pub(super) briefed_at: Option<DateTime<Utc>>,
    pub(super) own_changes: Vec<OwnChange>,
    /// The files that the sender sent without a report, the newest first.
    pub(super) sent: Vec<Sent>,
    /// The message of the sender's whose receipt is answered.
    pub(super) replies_to: Option<String>,
    /// Whether the sender heads an agency that has officers.
    pub(super) is_head: bool,
    /// What the sender has taken back a moment ago, and when.
    pub(super) just_undone: Option<(ObligationId, DateTime<Utc>)>,
    /// What the sender took back last of all, within half an hour.
    pub(super) undone_lately: Option<ObligationId>,
    pub(super) said: HashMap<ObligationId, Said>,
}

impl Background {
    /// How many files the sender has sent of which nobody has said to which task they belong.
    pub(super) fn homeless(&self) -> usize {
        let homeless = self.sent.iter().filter(|one| one.obligation.is_none());
        homeless.map(|one| one.files.len()).sum()
    }

    /// All that a decision may know.
    pub(super) fn situation(&self) -> Situation<'_> {
        Situation {
            today: self.today,
            owed: &self.owed,
            told: &self.told,
            numbered: &self.numbered,
            shows_numbers: self.shows_numbers,
            more_time: None,
            denies: false,
            asked: self.asked.as_ref().and_then(Asked::report),
            own_changes: &self.own_changes,
            replies_to: self.replies_to.as_deref(),
            files: &[],
            sent: &self.sent,
            is_head: self.is_head,
            of_a_time: &[],
            just_undone: self.just_undone.map(|(id, _)| id),
            undone_lately: self.undone_lately,
        }
    }
}

impl Desk {
    pub(super) async fn background(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        answered: Option<&Answered>,
        now: DateTime<Utc>,
    ) -> Result<Background, AppError> {
        // A message is about the day on which it was written, however late it arrives.
        let today = local(received.written_at()).date();
        let filter = Filter {
            agency: Some(contact.agency.clone()),
            ..Filter::default()
        };
        let obligations = obligations::list(tx, &filter).await?;
        let ids: Vec<ObligationId> = obligations.iter().map(|one| one.id).collect();
        let said = statements::find(tx, &ids).await?;
        let amended = amended_days(tx, obligations.iter()).await?;
        let mut owed: Vec<Owed> = obligations
            .into_iter()
            .filter_map(|obligation| {
                let said = said.get(&obligation.id);
                owed(&self.setup, obligation, said)
            })
            .collect();
        claims::find(tx, &mut owed).await?;
        let over = owed
            .iter()
            .filter(|one| matches!(one.obligation.state, State::Cancelled | State::Suspended));
        let over: Vec<ObligationId> = over.map(Owed::id).collect();
        let holds = amendments::holds(tx, &over).await?;
        let channel = received.inbound.channel;
        let asked = questions::find(tx, &contact.id, channel, now).await?;
        let Own {
            changes: own_changes,
            just_undone,
            undone_lately,
            sent,
        } = own(tx, contact, received.written_at(), now).await?;
        let told = self
            .told(tx, received, contact, answered, today, &own_changes)
            .await?;
        let (shown, told_at) = (told.shown(asked.as_ref()), told.at);
        let shows_numbers = shown.is_some();
        let numbered = shown.unwrap_or_else(|| told.items.clone());
        Ok(Background {
            today,
            writer: self.setup.writer_of(&contact.agency),
            owed,
            holds,
            amended,
            told: told.items,
            replies_to: told.replies_to,
            numbered,
            shows_numbers,
            asked,
            briefed_at: told_at,
            own_changes,
            sent,
            is_head: heads_officers(tx, contact).await?,
            just_undone,
            undone_lately,
            said,
        })
    }

    /// The items of the brief that is answered, or else of the last brief.
    async fn told(
        &self,
        tx: &mut Tx,
        received: &Received,
        contact: &Contact,
        answered: Option<&Answered>,
        today: NaiveDate,
        own_changes: &[OwnChange],
    ) -> Result<ToldBy, AppError> {
        let inbound = &received.inbound;
        let mut day = None;
        if let Some(answered) = answered {
            let address = inbound.answer_to();
            let found =
                correspondence::find_answered(tx, inbound.channel, address, answered).await?;
            let own =
                found.filter(|delivery| delivery.message.contact.as_ref() == Some(&contact.id));
            let receipt = own
                .as_ref()
                .and_then(|one| told_by_receipt(one, own_changes));
            let decision = own.as_ref().and_then(told_by_decision);
            if let Some(told) = receipt.or(decision) {
                return Ok(told);
            }
            day = own.and_then(|delivery| delivery.message.brief_day);
        }
        let is_answered = day.is_some();
        let mut at = None;
        if day.is_none() {
            let since = today - Days::new(BRIEF_DAYS);
            let last = briefs::find_last(tx, &contact.id, since).await?;
            (day, at) = last.unzip();
        }
        let Some(day) = day else {
            return Ok(ToldBy::default());
        };
        let items = briefs::find_items(tx, &contact.id, day).await?;
        let items = items.unwrap_or_default().into_iter();
        Ok(ToldBy {
            items: items.map(|item| item.obligation).collect(),
            at,
            is_answered,
            replies_to: None,
        })
    }
}

/// The brief that a message is about.
#[derive(Default)]
struct ToldBy {
    items: Vec<ObligationId>,
    /// When it left; `None` where the message is a reply to it.
    at: Option<DateTime<Utc>>,
    /// Whether the message is a reply to it.
    is_answered: bool,
    /// The message of the sender's that a receipt answered, where the receipt is answered.
    replies_to: Option<String>,
}

/// What a receipt told: what the message that it answers has changed.
fn told_by_receipt(receipt: &Delivery, own_changes: &[OwnChange]) -> Option<ToldBy> {
    let message = InboxId::answered_by(&receipt.message.message_id)?.source();
    let of_it = own_changes
        .iter()
        .filter(|one| one.message.as_deref() == Some(message.as_str()));
    let items: Vec<ObligationId> = of_it.map(|one| one.obligation).collect();
    (!items.is_empty()).then_some(ToldBy {
        items,
        at: None,
        is_answered: true,
        replies_to: Some(message),
    })
}

/// What the message told by which a decision of the monitor's was announced.
fn told_by_decision(notice: &Delivery) -> Option<ToldBy> {
    let obligation = resolve::told_by(&notice.message.message_id)?;
    Some(ToldBy {
        items: vec![obligation],
        at: None,
        is_answered: true,
        replies_to: None,
    })
}

impl ToldBy {
    /// The numbered list that was shown since, unless it is this brief that is answered: otherwise numbers of tasks count its
    /// items, which have none.
    fn shown(&self, asked: Option<&Asked>) -> Option<Vec<ObligationId>> {
        let is_newer = |asked: &&Asked| self.at.is_none_or(|at| at <= asked.asked_at);
        let shown = asked
            .filter(|_| !self.is_answered)
            .filter(is_newer)
            .and_then(Asked::report)
            .map(Question::numbered)
            .filter(|numbered| !numbered.is_empty());
        shown.map(<[ObligationId]>::to_vec)
    }
}

/// An obligation with its words; `None` when the plan no longer has them.
fn owed(setup: &Setup, obligation: Obligation, said: Option<&Said>) -> Option<Owed> {
    let charge = setup.find(&obligation.plan)?;
    let (task, milestone) = charge.find(&obligation.milestone)?;
    let words = [&milestone.label, &task.product, &task.content];
    let is_document = words
        .into_iter()
        .find(|text| !text.is_empty())
        .is_some_and(|text| setup.messages.names_document(text));
    Some(Owed {
        content: task.content.clone(),
        label: milestone.label.clone(),
        product: task.product.clone(),
        plan_number: charge.plan.number.clone(),
        issued_on: charge.plan.issued_on,
        acceptance: charge.plan.acceptance,
        is_document,
        document: said
            .filter(|said| said.returned.is_none())
            .and_then(|said| said.document.clone()),
        further: Vec::new(),
        is_answered: said.is_some(),
        claim: None,
        asked: None,
        obligation,
    })
}

/// Whether this is a head of an agency whose officers are reminded.
async fn heads_officers(tx: &mut Tx, contact: &Contact) -> Result<bool, AppError> {
    if capacity(contact) != Audience::Head {
        return Ok(false);
    }
    let colleagues = contacts::list_of_agencies(tx, std::slice::from_ref(&contact.agency)).await?;
    let mut colleagues = colleagues.iter().filter(|one| one.active);
    Ok(colleagues.any(|one| capacity(&one.contact) == Audience::Officer))
}

/// What a person said of late.
struct Own {
    /// The changes that can still be taken back and were not, the newest first.
    changes: Vec<OwnChange>,
    /// What was taken back a moment ago, and when.
    just_undone: Option<(ObligationId, DateTime<Utc>)>,
    /// What was taken back last of all, within half an hour.
    undone_lately: Option<ObligationId>,
    sent: Vec<Sent>,
}

/// What a person said before `written_at`.
async fn own(
    tx: &mut Tx,
    contact: &Contact,
    written_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Own, AppError> {
    let since = now - TimeDelta::days(UNDO_DAYS + 1);
    let actor = Actor::Contact(contact.id.clone());
    let events = events::list_of_actor(tx, &actor, since, 100).await?;
    let just_undone = events.first().and_then(|newest| {
        let facts = Facts::of(newest);
        facts.undoes?;
        let at = facts.happened_at(newest.entry.at);
        is_twice(at, written_at).then_some((newest.entry.obligation?, at))
    });
    let undone_lately = events.first().and_then(|newest| {
        let facts = Facts::of(newest);
        facts.undoes?;
        let ago = written_at - facts.happened_at(newest.entry.at);
        newest
            .entry
            .obligation
            .filter(|_| ago.num_minutes() < FRESH_MINUTES)
    });
    let mut taken_back = BTreeSet::new();
    let mut changes = Vec::new();
    for event in &events {
        if let Some(undone) = Facts::of(event).undoes {
            taken_back.insert(undone);
        } else if event.entry.kind != EVIDENCE
            && let Some(change) = change_of(event, written_at)
            && !taken_back.contains(&event.id)
        {
            changes.push(change);
        }
    }
    Ok(Own {
        changes,
        just_undone,
        undone_lately,
        sent: sent(&events),
    })
}

/// Whether what was written then repeats what was written `at` an instant before.
pub(super) fn is_twice(at: DateTime<Utc>, written_at: DateTime<Utc>) -> bool {
    (written_at - at).num_seconds() < TWICE_SECONDS
}

fn change_of(event: &Event, written_at: DateTime<Utc>) -> Option<OwnChange> {
    let facts = Facts::of(event);
    let said_at = facts.happened_at(event.entry.at);
    Some(OwnChange {
        event: event.id,
        obligation: event.entry.obligation?,
        before: facts.before?,
        after: facts.after?,
        on: local(event.entry.at).date(),
        is_fresh: (written_at - said_at).num_minutes() < FRESH_MINUTES,
        message: event.entry.source.clone(),
    })
}
