//! Who could not be told, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::app::AppError;
use crate::app::people::{People, absences_known};
use crate::app::plan_day::Origin;
use crate::app::setup::{Charge, Setup};
use crate::app::windows::Windows;
use crate::clock::{instant, local};
use crate::domain::absence::{Gap, Missing};
use crate::domain::delivery::Channel;
use crate::domain::directory::{Contact, Role};
use crate::domain::ids::{AgencyCode, ContactId};
use crate::domain::ladder::Audience;
use crate::domain::reach::{Failing, Lost, Reach, Unreachable, lost};
use crate::messages::DigestPerson;
use crate::store::addresses::{Address, AddressState};
use crate::store::contacts::StoredContact;
use crate::store::{Known, Tx, past};

/// The people of whoever owes something open, and of those who watch.
pub(super) struct Concerned<'a> {
    setup: &'a Setup,
    charge: &'a Charge,
    owing: BTreeSet<AgencyCode>,
    people: People,
    /// What became of the addresses of those who had any and have none that lives.
    lost: HashMap<ContactId, Lost>,
    windows: Windows<'a>,
    day: NaiveDate,
}

impl<'a> Concerned<'a> {
    /// Reads who they are, with their absences since `from`, and by which channels they are reached on `day`, as far as is known.
    pub(super) async fn read(
        tx: &mut Tx,
        setup: &'a Setup,
        origin: &'a Origin,
        charge: &'a Charge,
        owing: BTreeSet<AgencyCode>,
        (from, day): (NaiveDate, NaiveDate),
        known: Known,
    ) -> Result<Self, AppError> {
        let watching = [&charge.plan.monitor, &charge.plan.issuer];
        let agencies: BTreeSet<&AgencyCode> = owing.iter().chain(watching).collect();
        let agencies: Vec<AgencyCode> = agencies.into_iter().cloned().collect();
        let stored = past::contacts_of_agencies(tx, &agencies, known).await?;
        let lost = lost_by(&stored, origin);
        let absences = absences_known(tx, from.min(day), known).await?;
        let people = People::new(stored.into_iter().map(|one| one.contact), absences, day);
        let at = instant(day.and_time(setup.ladder.from));
        let windows = Windows::known(tx, setup, origin, people.all(), known, (day, at)).await?;
        Ok(Self {
            setup,
            charge,
            owing,
            people,
            lost,
            windows,
            day,
        })
    }

    fn reaches(&self, contact: &Contact) -> bool {
        self.windows.hears(contact)
    }

    /// Those whom no channel reaches now, or at whose last one nothing arrives: officers and heads, and deputies where there is no head.
    pub(super) fn unreachable(&self) -> Vec<DigestPerson> {
        let Self {
            charge,
            people,
            windows,
            lost,
            ..
        } = self;
        let (monitor, issuer) = (&charge.plan.monitor, &charge.plan.issuer);
        let agencies: BTreeSet<&AgencyCode> = self.owing.iter().chain([monitor, issuer]).collect();
        let (mut mute, mut failing) = (Vec::new(), Vec::new());
        for agency in agencies {
            let has_head = people.of_agency(agency).any(|one| one.role == Role::Head);
            let hears = |one: &&Contact| match one.role {
                // Of the issuer only who decides hears anything.
                Role::Officer => agency != issuer || agency == monitor,
                Role::Head => true,
                Role::Deputy => !has_head,
            };
            for contact in people.of_agency(agency).filter(hears) {
                match windows.reach(contact) {
                    Ok(Reach {
                        channel,
                        fails: Some(fails),
                        ..
                    }) => failing.push(self.failing(contact, channel, fails)),
                    Ok(_) => {}
                    Err(why) => mute.push((contact, why)),
                }
            }
        }
        let told = mute.into_iter().map(|(contact, why)| {
            let (why, since) = match (why, lost.get(&contact.id)) {
                (Unreachable::ZaloClosed, _) => ("zalo-closed", None),
                (Unreachable::NoAddress, None) => ("no-address", None),
                (Unreachable::NoAddress, Some(Lost::Bounced { on })) => ("bounced", Some(*on)),
                (Unreachable::NoAddress, Some(Lost::Blocked { channel, on })) => match channel {
                    Channel::Telegram => ("telegram-blocked", Some(*on)),
                    _ => ("zalo-blocked", Some(*on)),
                },
            };
            DigestPerson {
                agency: charge.agency_name(&contact.agency),
                titles: vec![contact.title.clone()],
                why: why.to_owned(),
                since,
                times: 0,
            }
        });
        told.chain(failing).collect()
    }

    /// Somebody at whose only address nothing arrives.
    fn failing(&self, contact: &Contact, channel: Channel, fails: Failing) -> DigestPerson {
        DigestPerson {
            agency: self.charge.agency_name(&contact.agency),
            titles: vec![contact.title.clone()],
            why: if channel.is_chat() {
                "chat-failing"
            } else {
                "mail-failing"
            }
            .to_owned(),
            since: Some(fails.since),
            times: fails.times,
        }
    }

    /// The agencies with something open of which nobody is in charge, or that nobody heads, or nobody hears: whoever should is away,
    /// and nobody stands in; and the issuer, if nobody heads it. With each of them, and with each of which nobody can be reached, why nobody there could have answered: it has
    /// nobody, all who should are away, or no channel of theirs works.
    pub(super) fn unfilled(&self) -> (Vec<DigestPerson>, BTreeMap<AgencyCode, Gap>) {
        let Self { charge, people, .. } = self;
        let issuer = &charge.plan.issuer;
        let reaches = |contact: &Contact| self.reaches(contact);
        let named = |code: &AgencyCode, title: Option<&str>, why: &str| DigestPerson {
            agency: charge.agency_name(code),
            titles: title
                .into_iter()
                .filter(|one| !one.is_empty())
                .map(str::to_owned)
                .collect(),
            why: why.to_owned(),
            since: None,
            times: 0,
        };
        let (mut found, mut unheard) = (Vec::new(), BTreeMap::new());
        for code in &self.owing {
            let hearing = people.heard_by(charge, code, Audience::Officer, reaches);
            let heading = people.heard_by(charge, code, Audience::Head, reaches);
            let is_headless = heading.vacant;
            let is_away = |one: &&Missing<'_>| one.why == Gap::Away;
            if hearing.unfilled.iter().any(|one| is_away(&one)) {
                unheard.insert(code.clone(), Gap::Away);
            }
            // A head who is away keeps nobody from answering: what climbs to them, somebody above hears.
            let only_head = heading.unfilled.iter();
            let only_head = only_head.filter(|one| !hearing.unfilled.contains(one));
            for (missing, why) in [
                (hearing.unfilled.iter().collect::<Vec<_>>(), "away"),
                (only_head.collect(), "head-away"),
            ] {
                let away = missing.into_iter().filter(is_away);
                let away = away.filter_map(|one| one.contact);
                found.extend(away.map(|one| named(code, Some(&one.title), why)));
            }
            if hearing
                .unfilled
                .iter()
                .any(|one| one.why == Gap::Unreachable)
            {
                unheard.entry(code.clone()).or_insert(Gap::Unreachable);
            }
            if hearing.vacant {
                unheard.insert(code.clone(), Gap::Nobody);
            }
            let vacant = match (hearing.vacant, is_headless) {
                (true, true) => Some("empty"),
                (true, false) => Some("nobody"),
                (false, true) => Some("no-head"),
                (false, false) => None,
            };
            found.extend(vacant.map(|why| named(code, None, why)));
        }
        let leader = people.heard_by(charge, issuer, Audience::Leader, reaches);
        if leader.vacant && !self.owing.contains(issuer) {
            found.push(named(issuer, None, "no-head"));
        }
        (found, unheard)
    }

    /// Those of the monitor who were away on a working day of the week on which nobody of it heard, or are on `day`.
    pub(super) fn monitor_away(self, from: NaiveDate) -> Vec<DigestPerson> {
        let Self {
            setup,
            charge,
            mut people,
            windows,
            day,
            ..
        } = self;
        let monitor = &charge.plan.monitor;
        let mut found: BTreeMap<String, &str> = BTreeMap::new();
        let days = from.iter_days().take_while(|one| *one <= day);
        for one in days.filter(|one| setup.calendar.is_working_day(*one)) {
            people = people.on(one);
            let reaches = |contact: &Contact| windows.hears(contact);
            let hearing = people.heard_by(charge, monitor, Audience::Monitor, reaches);
            let away = hearing.unfilled.iter().filter(|one| one.why == Gap::Away);
            let why = if one == day { "away" } else { "was-away" };
            for contact in away.filter_map(|one| one.contact) {
                found.insert(contact.title.clone(), why);
            }
        }
        let agency = charge.agency_name(monitor);
        let found = found.into_iter().map(|(title, why)| DigestPerson {
            agency: agency.clone(),
            titles: vec![title],
            why: why.to_owned(),
            since: None,
            times: 0,
        });
        found.collect()
    }
}

/// What became of the addresses of these, where they had any.
fn lost_by(stored: &[StoredContact], origin: &Origin) -> HashMap<ContactId, Lost> {
    let found = stored.iter().filter_map(|one| {
        let is_dead = |address: &&Address| matches!(address.state, AddressState::Dead { .. });
        let dead = one.addresses.iter().filter(is_dead);
        let dead = dead.map(|address| (address.channel, local(address.since).date()));
        Some((one.contact.id.clone(), lost(dead, &origin.channels)?))
    });
    found.collect()
}

/// One line for those of an agency whom the same helps.
pub(super) fn by_remedy(people: Vec<DigestPerson>) -> Vec<DigestPerson> {
    let mut told: Vec<DigestPerson> = Vec::with_capacity(people.len());
    for mut one in people {
        let of_agency = told.iter_mut().rev();
        let mut of_agency = of_agency.take_while(|other| other.agency == one.agency);
        match of_agency.find(|other| {
            (&other.why, other.since, other.times) == (&one.why, one.since, one.times)
        }) {
            Some(known) => known.titles.append(&mut one.titles),
            None => told.push(one),
        }
    }
    told
}
