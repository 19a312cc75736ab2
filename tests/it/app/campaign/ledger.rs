//! What was told to whom, seen from outside, and the promises it must keep.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use dondoc::app::people::People;
use dondoc::app::setup::Setup;
use dondoc::channels::Message;
use dondoc::clock::local;
use dondoc::domain::brief::dates_of;
use dondoc::domain::directory::{Contact, Role};
use dondoc::domain::ids::{ContactId, ObligationId};
use dondoc::domain::ladder::Audience;
use dondoc::domain::obligation::{Obligation, State};
use dondoc::domain::plan::MilestoneKind;
use dondoc::store::outbox::Carried;

/// Everything that a watcher of the channels and of the answers knows.
#[derive(Default)]
pub(super) struct Ledger {
    /// Every obligation as the answers left it.
    pub(super) obligations: BTreeMap<ObligationId, Obligation>,
    /// When each person was told of each obligation.
    told: HashMap<(ObligationId, ContactId), BTreeSet<NaiveDate>>,
    /// The message that each person got on each day.
    got: HashMap<(ContactId, NaiveDate), String>,
    /// Working days on which the daemon did not finish its work.
    pub(super) missed: BTreeSet<NaiveDate>,
    /// Obligations that were reopened or whose dates moved: what is counted over their whole window starts anew.
    pub(super) disturbed: BTreeSet<ObligationId>,
    /// The digests that have left.
    digests: BTreeSet<String>,
    /// Promises that were broken, in words.
    pub(super) broken: Vec<String>,
}

impl Ledger {
    /// Notes a message that has left, and judges it.
    pub(super) fn arrived(
        &mut self,
        message: &Message,
        carried: &[Carried],
        contact: &Contact,
        at: DateTime<Utc>,
        setup: &Setup,
    ) {
        let (at, day) = (local(at), local(at).date());
        if setup.ladder.next_sending_time(at, &setup.calendar) != at {
            self.broken.push(format!(
                "{at}: {} is written to outside the hours",
                contact.id
            ));
        }
        // What was cut may have arrived and is sent once more: then it is marked, or has the same Message-ID.
        if !message.resent
            && let Some(first) = self
                .got
                .insert((contact.id.clone(), day), message.message_id.clone())
        {
            self.broken.push(format!(
                "{at}: {} gets {} after {first}",
                contact.id, message.message_id
            ));
        }
        for item in carried {
            let obligation = &self.obligations[&item.obligation];
            if obligation.state == State::Open {
                let key = (item.obligation, contact.id.clone());
                self.told.entry(key).or_default().insert(day);
            } else if obligation.agency == contact.agency && is_listed(&message.text, obligation) {
                self.broken.push(format!(
                    "{at}: {} is told of {}, which is done\n{}",
                    contact.id, obligation.milestone, message.text
                ));
            }
        }
    }

    /// Notes a digest that has left: within the hours, and once.
    pub(super) fn digest_arrived(&mut self, message: &Message, at: DateTime<Utc>, setup: &Setup) {
        let (at, id) = (local(at), &message.message_id);
        if setup.ladder.next_sending_time(at, &setup.calendar) != at {
            self.broken
                .push(format!("{at}: {id} leaves outside the hours"));
        }
        if !self.digests.insert(id.clone()) && !message.resent {
            self.broken.push(format!("{at}: {id} leaves twice"));
        }
    }

    /// At the end of a working day on which the daemon did its work: nobody has anything left to hear.
    pub(super) fn judge_day(
        &mut self,
        day: NaiveDate,
        setup: &Setup,
        people: &People,
        changed: &BTreeSet<ObligationId>,
    ) {
        let charge = &setup.charges[0];
        for obligation in self.obligations.values() {
            if obligation.state != State::Open || changed.contains(&obligation.id) {
                continue;
            }
            for audience in Audience::ALL {
                let hearing = people.heard_by(charge, &obligation.agency, audience, |_| true);
                for contact in hearing.hearers.iter().map(|one| one.contact) {
                    let told = self
                        .told
                        .get(&(obligation.id, contact.id.clone()))
                        .and_then(BTreeSet::last);
                    let dates = dates_of(obligation);
                    let fallen =
                        setup
                            .ladder
                            .fallen(&dates, audience, told.copied(), day, &setup.calendar);
                    if let Some(fallen) = fallen {
                        self.broken.push(format!(
                            "{day}: {} has not heard of {} of {}, {} fell on {}; last told {told:?}",
                            contact.id, obligation.milestone, obligation.agency, fallen.rung, fallen.on
                        ));
                    }
                }
            }
        }
    }

    /// At the end: what stayed open until `act_by` was told at least twice before it, or there is a reason why not.
    pub(super) fn judge_year(
        &mut self,
        from: NaiveDate,
        to: NaiveDate,
        setup: &Setup,
        contacts: &[Contact],
    ) {
        for obligation in self.obligations.values() {
            let Some(act_by) = obligation
                .act_by
                .filter(|act_by| (from..=to).contains(act_by))
            else {
                continue;
            };
            let finished_before = obligation.done_on.is_some_and(|done_on| done_on < act_by);
            if obligation.kind != MilestoneKind::Due
                || finished_before
                || self.disturbed.contains(&obligation.id)
            {
                continue;
            }
            let opens = obligation.opens_on.map_or(from, |opens| opens.max(from));
            let worked = opens
                .iter_days()
                .take_while(|day| *day < act_by)
                .filter(|day| setup.calendar.is_working_day(*day));
            let (missed, done): (Vec<_>, Vec<_>) =
                worked.partition(|day| self.missed.contains(day));
            if !missed.is_empty() || done.len() < 2 {
                continue;
            }
            for officer in contacts
                .iter()
                .filter(|one| one.agency == obligation.agency && one.role == Role::Officer)
            {
                let told = self.told.get(&(obligation.id, officer.id.clone()));
                let times = told.map_or(0, |days| days.range(..act_by).count());
                if times < 2 {
                    self.broken.push(format!(
                        "{} is told {times} times of {}, which is due on {act_by}",
                        officer.id, obligation.milestone
                    ));
                }
            }
        }
    }
}

/// Whether a brief has a line for an obligation of the reader's own agency.
fn is_listed(text: &str, obligation: &Obligation) -> bool {
    let milestone = obligation.milestone.to_string();
    let alone = milestone.strip_suffix("/1").unwrap_or(&milestone);
    let starts = |line: &str, id: &str| {
        let line = line.strip_prefix("- ").unwrap_or(line);
        line.strip_prefix(id)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    text.lines()
        .any(|line| starts(line, &milestone) || starts(line, alone))
}
