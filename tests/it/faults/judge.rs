//! Whether the promises were kept: what people got, held against what was due and what the database says of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use dondoc::clock::local;
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use dondoc::store::deliveries::{Delivery, DeliveryKind, DeliveryState};

use super::people::Word;
use super::providers::Arrival;
use super::record::{Heard, Record};
use super::town::Officer;

/// An arrival and its place among all of them.
type Placed<'a> = (usize, &'a Arrival);

/// How many complaints of one sort are told.
const TOLD: usize = 4;

/// What was to happen, and how far faults kept it from happening.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) officers: Vec<Officer>,
    /// Every day on which briefs may have been planned.
    pub(crate) days: Vec<NaiveDate>,
    /// Those on which they must have been: the daemon had a whole round within the hours.
    pub(crate) planned: BTreeSet<NaiveDate>,
    /// The Mondays on which a digest was due: it may be late, for whatever kept the daemon down, but not lost.
    pub(crate) mondays: Vec<NaiveDate>,
    /// Whether the clock was ever off: then a lease may seem over that is not.
    pub(crate) clock_jumped: bool,
    /// What people have written, and a provider has taken.
    pub(crate) said: Vec<Word>,
    /// When nothing waited any more, and by when that had to be.
    pub(crate) drained: Option<DateTime<Utc>>,
    pub(crate) to_drain_by: DateTime<Utc>,
}

/// What became of the briefs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fates(pub(crate) BTreeMap<&'static str, usize>);

/// Everything that is wrong.
#[derive(Debug, Default)]
pub(crate) struct Judge {
    broken: BTreeMap<&'static str, Vec<String>>,
    pub(crate) fates: Fates,
}

impl Judge {
    /// Judges a run.
    pub(crate) fn on(due: &Due, copies: &[Arrival], record: &Record) -> Self {
        let mut judge = Self::default();
        judge.nothing_is_left(due, record);
        judge.everybody_is_told(due, record);
        judge.each_week_is_told(due, record);
        judge.nobody_is_told_twice(record);
        judge.the_wire_agrees(due, copies, record);
        judge.whatever_was_said_counts_once(&due.said, record);
        judge
    }

    pub(crate) fn is_content(&self) -> bool {
        self.broken.is_empty()
    }

    /// The sorts of complaints.
    pub(crate) fn sorts(&self) -> Vec<&'static str> {
        self.broken.keys().copied().collect()
    }

    /// The first complaints of each sort.
    pub(crate) fn complaints(&self) -> String {
        let told = self.broken.iter().map(|(sort, all)| {
            let some = all[..all.len().min(TOLD)].join("\n    ");
            format!("  {sort}, {} times:\n    {some}\n", all.len())
        });
        told.collect()
    }

    fn complain(&mut self, sort: &'static str, what: impl Into<String>) {
        self.broken.entry(sort).or_default().push(what.into());
    }

    fn count(&mut self, fate: &'static str) {
        *self.fates.0.entry(fate).or_default() += 1;
    }

    /// Everything has come to an end that the operator understands, and in time.
    fn nothing_is_left(&mut self, due: &Due, record: &Record) {
        let is_said =
            |reason: &Option<String>| reason.as_ref().is_some_and(|why| !why.trim().is_empty());
        for one in record.everything() {
            match one.state {
                DeliveryState::Queued | DeliveryState::Leased => {
                    self.complain("not settled", shown(one));
                }
                DeliveryState::Failed | DeliveryState::Unknown | DeliveryState::Cancelled
                    if !is_said(&one.reason) =>
                {
                    self.complain("without a reason", shown(one));
                }
                _ => {}
            }
        }
        for one in &record.attempts {
            match one.outcome.as_deref() {
                None => self.complain("an attempt without an end", format!("{one:?}")),
                Some("sent") => {}
                Some(_) if !is_said(&one.reason) => {
                    self.complain("without a reason", format!("{one:?}"));
                }
                Some(_) => {}
            }
        }
        for one in &record.briefs {
            if one.parked.is_some() {
                self.complain("parked", format!("{one:?}"));
            }
        }
        if due.drained.is_none_or(|at| at > due.to_drain_by) {
            let (at, by) = (due.drained, due.to_drain_by);
            self.complain("drained late", format!("{at:?}, and it had to be by {by}"));
        }
    }

    /// Whatever was due was told, or there is a reason why not; what was told anew was told.
    fn everybody_is_told(&mut self, due: &Due, record: &Record) {
        for officer in &due.officers {
            let contact = officer.contact();
            let mut told_on: Option<NaiveDate> = None;
            for &day in &due.days {
                let rung = officer.last_rung(day);
                let is_due = rung.is_some_and(|rung| told_on.is_none_or(|told| rung > told));
                let brief = record
                    .briefs
                    .iter()
                    .find(|one| one.contact == contact.as_str() && one.day == day);
                let Some(brief) = brief else {
                    if is_due && due.planned.contains(&day) {
                        self.complain(
                            "lost",
                            format!("{contact} on {day}: no brief, and last told on {told_on:?}"),
                        );
                    }
                    continue;
                };
                let carriers = record.carriers(&contact, day);
                let is = |state| carriers.iter().any(|one| one.state == state);
                let fate = match &brief.unreachable {
                    _ if is(DeliveryState::Sent) => "sent",
                    _ if is(DeliveryState::Unknown) => "unknown, and not tried again",
                    _ if is(DeliveryState::Cancelled) => "told anew",
                    _ if is(DeliveryState::Failed) => "given up, with a reason",
                    Some(why) if carriers.is_empty() && !why.is_empty() => {
                        "nobody to reach, with a reason"
                    }
                    _ => {
                        self.complain(
                            "lost",
                            format!(
                                "{contact} on {day}: {brief:?}, carried by {}",
                                carriers.len()
                            ),
                        );
                        continue;
                    }
                };
                self.count(fate);
                if fate != "told anew" {
                    told_on = Some(day);
                }
            }
            let last = due.days.last().and_then(|day| officer.last_rung(*day));
            if last > told_on {
                self.complain(
                    "lost",
                    format!("{contact}: {last:?} is due, and last told on {told_on:?}"),
                );
            }
        }
    }

    /// Each Monday has its digest, on one day, and by each channel of its reader once.
    fn each_week_is_told(&mut self, due: &Due, record: &Record) {
        for &monday in &due.mondays {
            let of_the_week = |day: &&NaiveDate| (monday..monday + Days::new(7)).contains(*day);
            let days = due.days.iter().filter(of_the_week);
            let made: Vec<Vec<&Delivery>> = days
                .map(|day| record.digests_on(*day).collect::<Vec<_>>())
                .filter(|made| !made.is_empty())
                .collect();
            let [digests] = &made[..] else {
                let sort = if made.is_empty() {
                    "lost"
                } else {
                    "two digests for a week"
                };
                self.complain(
                    sort,
                    format!("the digest of {monday}, on {} days", made.len()),
                );
                continue;
            };
            let is_late = local(digests[0].created_at).date() > monday;
            self.count(if is_late {
                "digest made late"
            } else {
                "digest made"
            });
            for one in digests {
                match one.state {
                    DeliveryState::Sent => self.count("digest sent"),
                    DeliveryState::Unknown | DeliveryState::Failed => {
                        self.count("digest given up, with a reason");
                    }
                    _ => self.complain("lost", shown(one)),
                }
            }
        }
    }

    /// A person has one brief for a day, which is at one place at a time.
    fn nobody_is_told_twice(&mut self, record: &Record) {
        let mut keys = BTreeSet::new();
        for one in &record.briefs {
            if !keys.insert((&one.contact, one.day)) {
                self.complain("two briefs for a person and day", format!("{one:?}"));
            }
        }
        let mut roots = BTreeMap::new();
        for one in record
            .deliveries
            .iter()
            .filter(|one| one.reroutes.is_none())
        {
            if let Some(other) = roots.insert(told_by(one), one.id) {
                self.complain(
                    "two briefs for a person and day",
                    format!("{other} and {}", shown(one)),
                );
            }
        }
        let ids: BTreeSet<&str> = record
            .deliveries
            .iter()
            .map(|one| one.message.message_id.as_str())
            .collect();
        if ids.len() != record.deliveries.len() {
            self.complain(
                "two briefs for a person and day",
                "a message id is used twice",
            );
        }
    }

    /// What somebody wrote is in the inbox once, has changed what it speaks of once, and is answered once.
    fn whatever_was_said_counts_once(&mut self, said: &[Word], record: &Record) {
        for row in &record.heard {
            if !said.iter().any(|word| word.is(row)) {
                self.complain("written by nobody", format!("{row:?}"));
            }
        }
        for word in said {
            let rows: Vec<&Heard> = record.heard.iter().filter(|row| word.is(row)).collect();
            let [row] = rows[..] else {
                let sort = if rows.is_empty() {
                    "a reply lost"
                } else {
                    "a reply stored twice"
                };
                self.complain(sort, format!("{word:?}: {rows:?}"));
                continue;
            };
            let changes = record.sources.iter().flatten();
            let changes = changes.filter(|source| **source == format!("inbox:{}", row.id));
            let changes = changes.count();
            match (row.state.as_str(), &row.outcome) {
                ("settled", _) if changes == 1 => self.count("a reply applied"),
                ("held" | "parked", Some(why)) if changes == 0 && !why.is_empty() => {
                    self.count("a reply held, with a reason");
                }
                _ => self.complain("a reply not applied once", format!("{changes}: {row:?}")),
            }
            let name = format!("<answer.{}@", row.id);
            let answers = record.answers.iter();
            let answers = answers.filter(|one| one.message.message_id.starts_with(&name));
            match answers.collect::<Vec<_>>()[..] {
                [one] => match one.state {
                    DeliveryState::Sent => self.count("a reply answered"),
                    DeliveryState::Unknown => self.count("an answer unknown, and not tried again"),
                    DeliveryState::Failed => self.count("an answer given up, with a reason"),
                    _ => self.complain("a reply without an answer", shown(one)),
                },
                ref others => {
                    let what = format!("{} answers to {row:?}", others.len());
                    self.complain("a reply without an answer", what);
                }
            }
        }
    }

    /// People got what the database says they got, and nothing else.
    fn the_wire_agrees(&mut self, due: &Due, copies: &[Arrival], record: &Record) {
        let mut arrived: Vec<Option<&Arrival>> = copies.iter().map(Some).collect();
        let mut by_delivery: BTreeMap<i64, Vec<Placed<'_>>> = BTreeMap::new();
        // First what was noted as sent, by the provider's id, then what may have arrived.
        for one in record.everything() {
            let sent: Vec<_> = record
                .attempts_of(one)
                .filter(|attempt| attempt.outcome.as_deref() == Some("sent"))
                .collect();
            if sent.len() == 2 && due.clock_jumped && one.state == DeliveryState::Sent {
                // The clock jumped over its lease while it was on its way. The second copy is marked like any other.
                self.count("sent twice, the clock jumped");
            } else if sent.len() > 1 || (sent.len() == 1) != (one.state == DeliveryState::Sent) {
                self.complain(
                    "sent by another number of attempts than one",
                    format!("{}: {sent:?}", shown(one)),
                );
            }
            for attempt in sent {
                let id = attempt.provider_id.as_deref().unwrap_or_default();
                // A mail has no id of the relay's: the last copy is the one that was noted.
                let fits = |copy: &Arrival| one.message.channel == Channel::Email || copy.id == id;
                match take(&mut arrived, one, fits) {
                    Some(copy) => by_delivery.entry(one.id.0).or_default().push(copy),
                    None => self.complain(
                        "said to be sent, and never arrived",
                        format!("{attempt:?} of {}", shown(one)),
                    ),
                }
            }
        }
        for one in record.everything() {
            let cut = record
                .attempts_of(one)
                .filter(|attempt| attempt.outcome.as_deref() == Some("unknown"));
            for attempt in cut {
                let copy = take(&mut arrived, one, |_| true);
                self.count(if copy.is_some() {
                    "cut, and had arrived"
                } else {
                    "cut, and had not arrived"
                });
                if copy.is_none()
                    && one.state == DeliveryState::Unknown
                    && !by_delivery.contains_key(&one.id.0)
                {
                    let last = record
                        .attempts_of(one)
                        .last()
                        .is_some_and(|last| last.number == attempt.number);
                    if last {
                        self.count("unknown in the end, and had not arrived");
                    }
                }
                by_delivery.entry(one.id.0).or_default().extend(copy);
            }
        }
        for copy in arrived.into_iter().flatten() {
            self.complain("arrived by no attempt", format!("{copy:?}"));
        }
        self.copies_are_marked(record, by_delivery);
    }

    /// Whoever gets a second copy is told so: by the mark on a chat, by the Message-ID of the first in a mail.
    fn copies_are_marked(&mut self, record: &Record, by_delivery: BTreeMap<i64, Vec<Placed<'_>>>) {
        let mut told: BTreeMap<_, Vec<Vec<Placed<'_>>>> = BTreeMap::new();
        for one in record.everything() {
            let Some(mut copies) = by_delivery.get(&one.id.0).cloned() else {
                continue;
            };
            copies.sort_by_key(|(at, _)| *at);
            if copies.len() > 1 {
                self.count("came more than once");
            }
            if copies.is_empty() {
                continue;
            }
            for (_, copy) in &copies[1..] {
                if copy.channel != Channel::Email && !copy.is_marked {
                    self.complain("a second copy without a mark", format!("{copy:?}"));
                }
            }
            // Each answer is one of its own.
            if matches!(one.message.kind, DeliveryKind::Brief | DeliveryKind::Digest) {
                told.entry(told_by(one)).or_default().push(copies);
            }
        }
        for (key, channels) in told {
            for later in &channels[1..] {
                self.count("came by a second channel too");
                let copy = later[0].1;
                if copy.channel != Channel::Email && !copy.is_marked {
                    self.complain(
                        "a second copy without a mark",
                        format!("{key:?} by a second channel: {copy:?}"),
                    );
                }
            }
        }
    }
}

/// What is told once: a brief to a person for a day, a digest to a person by a channel.
fn told_by(one: &Delivery) -> (Option<ContactId>, NaiveDate, Option<&'static str>) {
    let message = &one.message;
    let contact = message.contact.clone();
    match message.brief_day {
        Some(day) => (contact, day, None),
        None => (
            contact,
            local(one.created_at).date(),
            Some(message.channel.as_str()),
        ),
    }
}

/// Takes the last copy of this delivery that fits.
fn take<'a>(
    arrived: &mut [Option<&'a Arrival>],
    delivery: &Delivery,
    fits: impl Fn(&Arrival) -> bool,
) -> Option<Placed<'a>> {
    let message = &delivery.message;
    let is_copy = |copy: &Arrival| {
        (copy.channel, &copy.to) == (message.channel, &message.address)
            && if copy.channel == Channel::Email {
                copy.id == message.message_id
            } else {
                copy.text == message.body
            }
            && fits(copy)
    };
    let at = arrived.iter().rposition(|one| one.is_some_and(is_copy))?;
    arrived[at].take().map(|copy| (at, copy))
}

fn shown(one: &Delivery) -> String {
    let message = &one.message;
    format!(
        "delivery {} of {:?} for {:?} by {}: {}, {:?}",
        one.id,
        message.contact,
        message.brief_day,
        message.channel.as_str(),
        one.state.as_str(),
        one.reason
    )
}
