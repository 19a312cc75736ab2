//! The windows of a Zalo Official Account, as of the briefs of one day: by which channel each leaves, and what it says
//! of Zalo.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};

use super::plan_day::Origin;
use super::setup::Setup;
use crate::domain::delivery::Channel;
use crate::domain::directory::Contact;
use crate::domain::ids::ContactId;
use crate::domain::reach::{Morning, Reach, Unreachable, ZaloNotice, notice_on, reach};
use crate::messages::{Answers, ZaloWindow};
use crate::store::{StoreError, Tx, addresses};

/// When people were last heard from, beside the times of two briefs.
#[derive(Debug)]
pub struct Windows<'a> {
    configured: &'a BTreeSet<Channel>,
    heard: HashMap<ContactId, DateTime<Utc>>,
    at: DateTime<Utc>,
    next: Option<DateTime<Utc>>,
}

impl<'a> Windows<'a> {
    /// Those of these contacts for briefs of `day` that leave `at` that time. Without an Official Account nothing is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of(
        tx: &mut Tx,
        setup: &Setup,
        origin: &'a Origin,
        contacts: impl IntoIterator<Item = &Contact>,
        day: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let configured = &origin.channels;
        Ok(Self {
            configured,
            heard: heard(tx, configured, contacts).await?,
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
        Ok(Self {
            heard: heard(tx, self.configured, contacts).await?,
            ..*self
        })
    }

    /// How a brief reaches this contact.
    ///
    /// # Errors
    /// Why it does not.
    pub fn reach(&self, contact: &Contact) -> Result<Reach, Unreachable> {
        reach(&contact.channels, self.configured, self.morning(contact))
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
    contacts: impl IntoIterator<Item = &Contact>,
) -> Result<HashMap<ContactId, DateTime<Utc>>, StoreError> {
    let has_zalo = |contact: &&Contact| {
        let mut channels = contact.channels.iter();
        configured.contains(&Channel::ZaloOa) && channels.any(|one| one.0 == Channel::ZaloOa)
    };
    let asked_for = contacts.into_iter().filter(has_zalo);
    let ids: Vec<ContactId> = asked_for.map(|contact| contact.id.clone()).collect();
    addresses::list_heard(tx, Channel::ZaloOa, &ids).await
}

/// A notice as the templates know it.
pub(super) fn as_told(notice: ZaloNotice) -> ZaloWindow {
    match notice {
        ZaloNotice::Closing => ZaloWindow::Closing,
        ZaloNotice::Closed => ZaloWindow::Closed,
    }
}
