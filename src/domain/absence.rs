//! Who is away, who stands in, and who hears what an office should.
//!
//! Pure. [`hearers`] is the one rule by which a telling finds its people: those in the role; for who is away the deputy
//! they named, or their colleagues in the role, or the next person up; and the next person up too when nobody in the role
//! exists or can be reached; where nobody of an office is left, the office above ([`Hearing::or_above`]). Each is told for
//! whom they stand in and why ([`Gap`]).

mod hear;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};

use super::directory::Contact;
use super::ids::ContactId;

pub use hear::{Heard, Word, Words, hear};

/// Some days on which a contact hears nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// Who is away.
    pub contact: ContactId,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Who stands in; `None`: the colleagues, or the next person up.
    pub deputy: Option<ContactId>,
}

/// An absence lasts no longer: one that does is a slip, or somebody who has left.
pub const LONGEST: u64 = 366;

/// The latest last day of an absence from `from` on that is said on `today`.
#[must_use]
pub fn latest_end(from: NaiveDate, today: NaiveDate) -> NaiveDate {
    from.max(today) + Days::new(LONGEST)
}

impl Absence {
    /// Whether it covers `day`.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// The days that both cover.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from <= to).then_some((from, to))
    }
}

/// What somebody said of being away, as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Away on these days: it takes the place of what was known of them.
    Away(Absence),
    /// Back on a day: every absence ends the day before.
    Back {
        /// Who.
        contact: ContactId,
        /// The day.
        on: NaiveDate,
    },
}

/// The absences of everybody. Of several that cover one day, the one that was said last counts.
#[derive(Clone, Debug, Default)]
pub struct Absences(HashMap<ContactId, Vec<Absence>>);

impl Absences {
    /// Files them; in the order in which they were said.
    #[must_use]
    pub fn new(absences: impl IntoIterator<Item = Absence>) -> Self {
        let mut filed: HashMap<ContactId, Vec<Absence>> = HashMap::new();
        for one in absences {
            filed.entry(one.contact.clone()).or_default().push(one);
        }
        Self(filed)
    }

    /// Those that followed from these notices, oldest first. An absence that began before the days of a later notice keeps its own
    /// days before them.
    #[must_use]
    pub fn told(notices: impl IntoIterator<Item = Notice>) -> Self {
        let mut all: Vec<Absence> = Vec::new();
        for notice in notices {
            let (contact, from, to) = match &notice {
                Notice::Away(one) => (&one.contact, one.from, one.to),
                Notice::Back { contact, on } => (contact, *on, NaiveDate::MAX),
            };
            all.retain(|one| one.contact != *contact || one.from < from || one.from > to);
            for one in all.iter_mut().filter(|one| one.contact == *contact) {
                if one.from < from && one.to >= from {
                    one.to = from.pred_opt().unwrap_or(from);
                }
            }
            if let Notice::Away(one) = notice {
                all.push(one);
            }
        }
        Self::new(all)
    }

    /// The absence of `contact` on `day`.
    #[must_use]
    pub fn on(&self, contact: &ContactId, day: NaiveDate) -> Option<&Absence> {
        let known = self.0.get(contact)?;
        known.iter().rev().find(|one| one.covers(day))
    }

    /// The absences of `contact` that are over on `day`.
    pub fn past(&self, contact: &ContactId, day: NaiveDate) -> impl Iterator<Item = &Absence> {
        let known = self.0.get(contact).into_iter().flatten();
        known.filter(move |one| one.to < day)
    }

    /// The last day without a break on which `contact` is away, from `day` on.
    #[must_use]
    pub fn until(&self, contact: &ContactId, day: NaiveDate) -> Option<NaiveDate> {
        let days = day.iter_days().take(366);
        days.take_while(|day| self.on(contact, *day).is_some())
            .last()
    }
}

/// Why somebody hears what another should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gap {
    /// The other is away.
    Away,
    /// No channel of the other works.
    Unreachable,
    /// Nobody is in the role.
    Nobody,
}

/// Whom somebody stands in for; without a contact, for a role that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing<'a> {
    /// Who should have heard it.
    pub contact: Option<&'a Contact>,
    /// Why they do not.
    pub why: Gap,
}

/// Somebody who hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearer<'a> {
    /// Who.
    pub contact: &'a Contact,
    /// Instead of whom; empty for those in the role themselves when nobody is missing.
    pub instead_of: Vec<Missing<'a>>,
}

/// Who hears, and who was to hear and is not replaced by anybody who can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hearing<'a> {
    /// Those who hear, each once. Who cannot be reached is among them, so that it is tried and recorded.
    pub hearers: Vec<Hearer<'a>>,
    /// The gaps that nobody fills.
    pub unfilled: Vec<Missing<'a>>,
    /// Whether the role itself is empty.
    pub vacant: bool,
}

/// Who hears on `day` what is told to an office: `steps` are those in the role, then the next people up. `find` gives a
/// deputy by name, `reaches` whether anything reaches somebody.
pub fn hearers<'a>(
    steps: &[&'a [Contact]],
    day: NaiveDate,
    absences: &Absences,
    find: impl Fn(&ContactId) -> Option<&'a Contact>,
    reaches: impl Fn(&Contact) -> bool,
) -> Hearing<'a> {
    let mut hearing = Hearing {
        vacant: steps.first().is_none_or(|step| step.is_empty()),
        ..Hearing::default()
    };
    let mut missing: Vec<Missing<'a>> = Vec::new();
    if hearing.vacant {
        missing.push(Missing {
            contact: None,
            why: Gap::Nobody,
        });
    }
    for step in steps {
        let (away, present): (Vec<&Contact>, Vec<&Contact>) = step
            .iter()
            .partition(|one| absences.on(&one.id, day).is_some());
        for one in &present {
            hearing.add(one, &missing);
        }
        let mut replaced = Vec::new();
        for one in away {
            let gap = Missing {
                contact: Some(one),
                why: Gap::Away,
            };
            match deputy(one, day, absences, &find) {
                Some(deputy) => {
                    hearing.add(deputy, &missing);
                    hearing.add(deputy, &[gap]);
                    replaced.push(gap);
                }
                None if present.is_empty() => missing.push(gap),
                None => {
                    for colleague in &present {
                        hearing.add(colleague, &[gap]);
                    }
                    replaced.push(gap);
                }
            }
        }
        if hearing.hearers.iter().any(|one| reaches(one.contact)) {
            return hearing;
        }
        // Nobody who stands in can be reached either: the next person up hears for them all.
        missing.extend(replaced);
        for one in present {
            missing.push(Missing {
                contact: Some(one),
                why: Gap::Unreachable,
            });
        }
    }
    hearing.unfilled = missing;
    hearing
}

/// Who stands in for `contact`: the deputy, or the deputy's own, or nobody when they are all away.
fn deputy<'a>(
    contact: &Contact,
    day: NaiveDate,
    absences: &Absences,
    find: impl Fn(&ContactId) -> Option<&'a Contact>,
) -> Option<&'a Contact> {
    let mut seen = vec![&contact.id];
    let mut absence = absences.on(&contact.id, day)?;
    loop {
        let named = absence.deputy.as_ref()?;
        if seen.contains(&named) {
            return None;
        }
        match absences.on(named, day) {
            None => return find(named),
            Some(own) => {
                seen.push(named);
                absence = own;
            }
        }
    }
}

impl<'a> Hearing<'a> {
    /// Goes on with those of the office above, who hear for everybody here that is missing.
    #[must_use]
    pub fn or_above(mut self, above: Self) -> Self {
        for one in above.hearers {
            self.add(one.contact, &self.unfilled.clone());
            self.add(one.contact, &one.instead_of);
        }
        let missing = std::mem::take(&mut self.unfilled);
        if !above.unfilled.is_empty() {
            self.unfilled = missing;
            self.unfilled.extend(above.unfilled);
        }
        self
    }

    fn add(&mut self, contact: &'a Contact, missing: &[Missing<'a>]) {
        let mut known = self.hearers.iter();
        let known = known.position(|one| one.contact.id == contact.id);
        let at = known.unwrap_or(self.hearers.len());
        if known.is_none() {
            self.hearers.push(Hearer {
                contact,
                instead_of: Vec::new(),
            });
        }
        let hearer = &mut self.hearers[at];
        for gap in missing {
            if !hearer.instead_of.contains(gap) {
                hearer.instead_of.push(*gap);
            }
        }
    }
}

#[cfg(test)]
mod tests;
