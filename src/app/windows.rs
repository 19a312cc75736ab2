//! The windows of a Zalo Official Account, as of the briefs of one day: by which channel each leaves, and what it says
//! of Zalo.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::plan_day::Origin;
use super::setup::Setup;
use crate::clock::local;
use crate::domain::calendar::Calendar;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::reach::{
    Failing, Morning, Reach, Tried, Unreachable, ZaloNotice, failing, notice_on, reach,
};
use crate::messages::{Answers, ZaloWindow};
use crate::store::{Known, StoreError, Tx, lost, past};

/// How many days of briefs are looked back on for what did not arrive: with the longest holidays more than the working days
/// for which that is remembered.
const LOOKED_BACK: u64 = 21;

/// When people were last heard from, beside the times of two briefs.
#[derive(Debug)]
pub struct Windows<'a> {
    configured: &'a BTreeSet<Channel>,
    heard: HashMap<ContactId, DateTime<Utc>>,
    /// The addresses at which nothing arrives.
    failing: HashMap<(ContactId, Channel), Failing>,
    calendar: &'a Calendar,
    known: Known,
    day: NaiveDate,
    at: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
}

impl<'a> Windows<'a> {
    /// Those of these contacts for briefs of `day` that leave `at` that time, with the addresses at which nothing arrives.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        tx: &mut Tx,
        setup: &'a Setup,
        origin: &'a Origin,
        contacts: impl IntoIterator<Item = &Contact>,
        day: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        Self::known(tx, setup, origin, contacts, Known::NOW, (day, at)).await
    }

    /// The same by what was known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn known(
        tx: &mut Tx,
        setup: &'a Setup,
        origin: &'a Origin,
        contacts: impl IntoIterator<Item = &Contact>,
        known: Known,
        (day, at): (NaiveDate, DateTime<Utc>),
    ) -> Result<Self, StoreError> {
        let configured = &origin.channels;
        let calendar = &setup.calendar;
        let contacts: Vec<&Contact> = contacts.into_iter().collect();
        Ok(Self {
            configured,
            failing: Box::pin(failing_of(tx, calendar, &contacts, day, known)).await?,
            heard: heard(tx, configured, contacts, known).await?,
            calendar,
            known,
            day,
            at,
            next: setup.next_brief_after(day),
        })
    }

    /// Those of other contacts, at the same time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_others(
        &self,
        tx: &mut Tx,
        contacts: impl IntoIterator<Item = &Contact>,
    ) -> Result<Self, StoreError> {
        let contacts: Vec<&Contact> = contacts.into_iter().collect();
        Ok(Self {
            failing: Box::pin(failing_of(
                tx,
                self.calendar,
                &contacts,
                self.day,
                self.known,
            ))
            .await?,
            heard: heard(tx, self.configured, contacts, self.known).await?,
            ..*self
        })
    }

    /// How a brief reaches this contact.
    ///
    /// # Errors
    /// Why it does not.
    pub fn reach(&self, contact: &Contact) -> Result<Reach, Unreachable> {
        let fails = |channel| self.failing.get(&(contact.id.clone(), channel)).copied();
        let morning = self.morning(contact);
        reach(&contact.channels, self.configured, fails, morning)
    }

    /// Whether this contact can be relied on to hear: a brief leaves, and nothing says that it does not arrive. In the place of
    /// whoever cannot the next person hears.
    #[must_use]
    pub fn hears(&self, contact: &Contact) -> bool {
        self.reach(contact).is_ok_and(|reach| reach.fails.is_none())
    }

    /// Where what this contact answers to a brief by `channel` is read.
    #[must_use]
    pub fn answers(&self, setup: &Setup, channel: Channel, contact: &Contact) -> Answers {
        setup.answers(contact, channel, self.configured)
    }

    /// What a brief to this contact says of Zalo when it leaves by `channel`.
    #[must_use]
    pub fn notice_on(&self, channel: Channel, contact: &Contact) -> Option<ZaloNotice> {
        let morning = self.morning(contact);
        notice_on(channel, &contact.channels, self.configured, morning)
    }

    fn morning(&self, contact: &Contact) -> Morning {
        Morning {
            heard_at: self.heard.get(&contact.id).copied(),
            at: self.at,
            next: self.next,
        }
    }
}

/// When these contacts were last heard from in a Zalo Official Account, if one is configured.
async fn heard(
    tx: &mut Tx,
    configured: &BTreeSet<Channel>,
    contacts: Vec<&Contact>,
    known: Known,
) -> Result<HashMap<ContactId, DateTime<Utc>>, StoreError> {
    let has_zalo = |contact: &&Contact| {
        let mut channels = contact.channels.iter();
        configured.contains(&Channel::ZaloOa) && channels.any(|one| one.0 == Channel::ZaloOa)
    };
    let asked_for: Vec<&Contact> = contacts.into_iter().filter(has_zalo).collect();
    past::list_heard(tx, Channel::ZaloOa, &asked_for, known).await
}

/// Of these contacts the addresses at which nothing arrives on `day`, as far as is known. What fails for everybody is the channel's fault, and no
/// address's: something must have arrived by it since.
async fn failing_of(
    tx: &mut Tx,
    calendar: &Calendar,
    contacts: &[&Contact],
    day: NaiveDate,
    known: Known,
) -> Result<HashMap<(ContactId, Channel), Failing>, StoreError> {
    let since = day - Days::new(LOOKED_BACK);
    let losing = lost::list_contacts(tx, since).await?;
    let asked_for = contacts.iter().filter(|one| losing.contains(&one.id));
    let by_id: BTreeMap<&ContactId, &Contact> = asked_for.map(|one| (&one.id, *one)).collect();
    let asked_for: Vec<&Contact> = by_id.into_values().collect();
    let mut found = HashMap::new();
    for (place, tried) in lost::list_tried(tx, &asked_for, known).await? {
        let days = tried.iter().map(|one| Tried {
            on: local(one.at).date(),
            arrived: one.arrived,
        });
        let days: Vec<Tried> = days.collect();
        let Some(fails) = failing(&days, day, calendar) else {
            continue;
        };
        let first = tried.len() - fails.times;
        if lost::has_arrived(tx, place.1, tried[first].delivery, known).await? {
            found.insert(place, fails);
        }
    }
    Ok(found)
}

/// A notice as the templates know it.
pub(super) fn as_told(notice: ZaloNotice) -> ZaloWindow {
    match notice {
        ZaloNotice::Closing => ZaloWindow::Closing,
        ZaloNotice::Closed => ZaloWindow::Closed,
    }
}
