//! A word at once to those who wait for a decision.

use super::Office;
use crate::app::AppError;
use crate::app::compose::{capacity, milestone_name, reader};
use crate::app::people::People;
use crate::app::setup::Charge;
use crate::app::windows::Windows;
use crate::domain::directory::Contact;
use crate::domain::docket::who_decides;
use crate::domain::ids::{AgencyCode, ContactId, ObligationId};
use crate::domain::ladder::Audience;
use crate::domain::obligation::{Obligation, Pending, Standing};
use crate::domain::reach::Reach;
use crate::messages::{DecisionContext, ReceiptItem};
use crate::store::deliveries::{self, DeliveryKind, Message, NewDelivery};
use crate::store::events::Actor;
use crate::store::{Tx, contacts};
use chrono::NaiveDate;

/// What is told of which obligation.
pub(super) struct Told<'a> {
    pub before: &'a Obligation,
    pub after: &'a Obligation,
    /// The day of what waits after it.
    pub asked: Option<NaiveDate>,
    /// What was decided on.
    pub on: Pending,
    /// The word of the event.
    pub kind: &'a str,
    /// The word of the event that is taken back, if one is.
    pub revoked: &'a str,
    pub reason: Option<&'a str>,
    pub document: Option<&'a str>,
}

/// Queues a message to each of those who wait but for the one who decided. Gives those who can be reached.
pub(super) async fn tell(
    tx: &mut Tx,
    office: &Office<'_>,
    charge: &Charge,
    speaker: Option<&ContactId>,
    told: &Told<'_>,
) -> Result<Vec<ContactId>, AppError> {
    let mut hearers = hearers(tx, office, charge, &told.after.agency, speaker).await?;
    hearers.retain(|one| office.actor != Actor::Contact(one.id.clone()));
    let (setup, origin) = (office.setup, office.origin);
    let windows = Windows::of(tx, setup, origin, &hearers, office.today, office.now).await?;
    let facts = Facts {
        office,
        windows: &windows,
        charge,
        told,
    };
    let messages = hearers
        .iter()
        .filter_map(|contact| facts.message(contact).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    deliveries::insert(tx, &messages, office.now).await?;
    let reached = messages.into_iter();
    Ok(reached.filter_map(|one| one.message.contact).collect())
}

/// Those who wait: the officers of the agency, whoever stands in for them today, and whoever spoke of it last.
async fn hearers(
    tx: &mut Tx,
    office: &Office<'_>,
    charge: &Charge,
    agency: &AgencyCode,
    speaker: Option<&ContactId>,
) -> Result<Vec<Contact>, AppError> {
    let (setup, origin) = (office.setup, office.origin);
    let people = People::of(tx, std::slice::from_ref(agency), office.today).await?;
    let windows = Windows::of(tx, setup, origin, people.all(), office.today, office.now).await?;
    let reaches = |contact: &Contact| windows.hears(contact);
    let hearing = people.heard_by(charge, agency, Audience::Officer, reaches);
    let hearers = hearing.hearers.into_iter();
    let mut hearers: Vec<Contact> = hearers.map(|one| one.contact.clone()).collect();
    if let Some(speaker) = speaker.filter(|id| hearers.iter().all(|one| one.id != **id)) {
        let found = contacts::find(tx, speaker).await?;
        let is_there = people.absences.on(speaker, office.today).is_none();
        hearers.extend(
            found
                .filter(|one| one.active && is_there)
                .map(|one| one.contact),
        );
    }
    Ok(hearers)
}

/// What a message about a resolution is made of.
struct Facts<'a> {
    office: &'a Office<'a>,
    windows: &'a Windows<'a>,
    charge: &'a Charge,
    told: &'a Told<'a>,
}

impl Facts<'_> {
    /// What waits besides what was decided on.
    fn still_waits(&self) -> Option<&'static str> {
        let pending = self.told.after.pending;
        pending
            .filter(|pending| *pending != self.told.on)
            .map(Pending::as_str)
    }

    /// The message to one of them; `None` when no address works: the next brief says it.
    fn message(&self, contact: &Contact) -> Result<Option<NewDelivery>, AppError> {
        let Ok(Reach {
            channel, address, ..
        }) = self.windows.reach(contact)
        else {
            return Ok(None);
        };
        let (charge, office, told) = (self.charge, self.office, self.told);
        let deciders = who_decides(&charge.plan, told.on, &told.after.agency);
        let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let context = DecisionContext {
            today: office.today,
            reader: reader(contact, capacity(contact), Some(charge)),
            office: charge.agency_name(deciders.agency),
            kind: told.kind.to_owned(),
            revoked: told.revoked.to_owned(),
            item: item(
                charge,
                told.after,
                told.after.standing(office.today, told.asked),
            ),
            was_due_on: told.before.due_on,
            done_on: told.after.done_on,
            reason: owned(told.reason),
            document: owned(told.document),
            still_waits: owned(self.still_waits()),
            answers: self.windows.answers(office.setup, channel, contact),
        };
        let rendered = office.setup.messages.render_decision(&context, channel);
        let rendered = rendered.map_err(|source| AppError::Answer {
            source: Box::new(source),
        })?;
        let (id, domain) = (&contact.id, &office.origin.domain);
        let moment = office.now.timestamp_micros();
        Ok(Some(NewDelivery {
            message: Message {
                contact: Some(id.clone()),
                kind: DeliveryKind::Notice,
                brief_day: None,
                channel,
                address,
                subject: rendered.subject.unwrap_or_default(),
                body: rendered.text,
                body_html: None,
                message_id: format!("{NOTICE}{}.{moment}.{id}@{domain}>", told.after.id),
                thread_key: Some(format!("<briefs.{id}@{domain}>")),
                choices: Vec::new(),
            },
            not_before: office.now,
        }))
    }
}

/// How our ids of messages begin that tell a decision; the obligation follows.
const NOTICE: &str = "<decision.";

/// On which obligation the decision was that a message of ours told, by our id of it; `None` where it told none.
pub(in crate::app) fn told_by(message_id: &str) -> Option<ObligationId> {
    let (number, _) = message_id.strip_prefix(NOTICE)?.split_once('.')?;
    number.parse().ok().map(ObligationId)
}

/// An obligation as messages name it, with the official word where that is told.
pub(in crate::app) fn item(
    charge: &Charge,
    one: &Obligation,
    standing: Option<Standing>,
) -> ReceiptItem {
    let Some((task, milestone)) = charge.find(&one.milestone) else {
        return ReceiptItem {
            id: one.milestone.to_string(),
            ..ReceiptItem::default()
        };
    };
    ReceiptItem {
        id: milestone_name(task, &milestone.id),
        title: crate::app::reply::title(&milestone.label, &task.content),
        written: milestone.written.clone(),
        due_on: one.due_on,
        standing,
        ..ReceiptItem::default()
    }
}
