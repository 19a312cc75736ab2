//! A small province drawn from the seeds: the monitor, the issuer and a few agencies, with or without chats.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use dondoc::app::setup::{Charge, Setup};
use dondoc::domain::calendar::{Calendar, DayKind};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::Contact;
use dondoc::domain::ids::AgencyCode;
use dondoc::files::{Folder, load_plan};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use crate::app::schedules::{changed, setup_under, shipped};

/// How many agencies there are besides the monitor and the issuer.
const AGENCIES: usize = 3;

/// The agencies of a year.
pub(super) struct Province {
    agencies: BTreeSet<AgencyCode>,
    pub(super) contacts: Vec<Contact>,
}

impl Province {
    pub(super) fn drawn(rng: &mut ChaCha8Rng) -> Self {
        let loaded = load_plan(&Folder::seeds(), &shipped()).unwrap();
        let all: Vec<_> = loaded
            .directory
            .agencies()
            .map(|one| one.code.clone())
            .collect();
        let mut agencies: BTreeSet<AgencyCode> = all.sample(rng, AGENCIES).cloned().collect();
        agencies.extend([loaded.plan.monitor, loaded.plan.issuer]);
        let mut contacts = loaded.contacts;
        contacts.retain(|contact| agencies.contains(&contact.agency));
        for contact in &mut contacts {
            if rng.random_bool(0.3) {
                let chat = format!("chat of {}", contact.id);
                contact.channels.insert(0, (Channel::Telegram, chat));
            }
        }
        Self { agencies, contacts }
    }

    /// Everything that is loaded when this calendar is in force.
    pub(super) fn setup(&self, calendar: Calendar) -> Arc<Setup> {
        let mut setup = setup_under(calendar);
        let charge = &setup.charges[0];
        let mut plan = charge.plan.clone();
        for task in &mut plan.tasks {
            task.agencies.retain(|code| self.agencies.contains(code));
        }
        let (directory, fingerprint) = (charge.directory.clone(), charge.fingerprint.clone());
        setup.charges[0] = Charge::new(plan, directory, fingerprint);
        Arc::new(setup)
    }
}

/// The calendar with the days off and the worked Saturdays that are announced on `day`.
pub(super) fn replaced(calendar: &Calendar, day: NaiveDate, rng: &mut ChaCha8Rng) -> Calendar {
    let days: Vec<_> = (0..rng.random_range(1..8))
        .filter_map(|_| {
            let changed = day + Days::new(rng.random_range(1..150));
            match changed.weekday() {
                Weekday::Sat => Some((changed, DayKind::Worked)),
                Weekday::Sun => None,
                _ => Some((changed, DayKind::Off)),
            }
        })
        .collect();
    changed(calendar, &days)
}
