//! The digest of one plan, with what only the database knows, as its templates are told it.

mod lines;
mod long;
mod transfers;
mod unheard;

use std::collections::{BTreeMap, HashMap};

use chrono::{NaiveDate, NaiveTime};

use super::alarm::findings;
use crate::app::AppError;
use crate::app::compose::{named, other_decider, plan_ref, reader};
use crate::app::plan_day::Origin;
use crate::app::register::{Accounts, Silence};
use crate::app::setup::{Charge, Setup};
use crate::app::untold::Untold;
use crate::clock::instant;
use crate::domain::absence::Gap;
use crate::domain::digest::{Digest, LateAgency, Line, Span, by_task, digest};
use crate::domain::directory::Contact;
use crate::domain::ids::AgencyCode;
use crate::domain::ladder::Audience;
use crate::domain::register::Cutoff;
use crate::messages::{
    DigestAgency, DigestContext, DigestDue, DigestFiles, DigestFinding, DigestLine, DigestOwing,
    DigestPerson, DigestTask, DigestTitle, DigestTransfer, DigestUnchanged,
};
use crate::store::{Known, Tx, outbox};
use lines::{decision, difficulty, in_plan_order, line, refused_by, together};
use long::long;
use transfers::transfers;
use unheard::{Concerned, by_remedy};

/// As many agencies are named of a task of which nothing changed.
const NAMED: usize = 3;

/// Why nobody answers whom no message reached.
const UNREACHED: &str = "unreachable";

/// A digest with what only the database knows.
pub(super) struct Week {
    digest: Digest,
    today: NaiveDate,
    findings: Vec<DigestFinding>,
    unreachable: Vec<DigestPerson>,
    transfers: Vec<DigestTransfer>,
    /// The agencies of which nobody could have answered.
    unheard: BTreeMap<AgencyCode, Gap>,
    /// What no message ever told its agency of.
    untold: Untold,
    sent: u64,
    failed: u64,
    is_one_of_several: bool,
}

pub(super) async fn read(
    tx: &mut Tx,
    setup: &Setup,
    origin: &Origin,
    charge: &Charge,
    span: Span,
    known: Known,
    accounts: &Accounts,
) -> Result<Week, AppError> {
    let (from, day) = (span.from(), span.morning());
    let midnight = instant(day.and_time(NaiveTime::MIN));
    let owing = accounts.open(span.until);
    let concerned = Concerned::read(tx, setup, origin, charge, owing, (from, day), known).await?;
    let mut unreachable = concerned.unreachable();
    let (unfilled, unheard) = concerned.unfilled();
    unreachable.extend(unfilled);
    unreachable.extend(concerned.monitor_away(from));
    let names = charge.directory.agencies().map(|agency| &agency.name);
    let places: HashMap<&String, usize> = names.zip(0..).collect();
    unreachable.sort_by(|a, b| {
        let place = |one: &DigestPerson| places.get(&one.agency).copied();
        (place(a), a).cmp(&(place(b), b))
    });
    unreachable.dedup_by(|a, b| (&a.agency, &a.titles) == (&b.agency, &b.titles));
    let unreachable = by_remedy(unreachable);
    let begun = instant(from.and_time(NaiveTime::MIN));
    let (sent, failed) = outbox::tally_between(tx, begun, midnight, known).await?;
    Ok(Week {
        digest: digest(
            &accounts.list(span.until),
            charge.plan.issued_on,
            span,
            &setup.calendar,
        ),
        today: day,
        findings: findings(tx, charge, known).await?,
        unreachable,
        transfers: transfers(tx, charge, accounts, span).await?,
        unheard,
        untold: Untold::of(tx, accounts, Cutoff::morning_of(day), known).await?,
        sent,
        failed,
        is_one_of_several: setup.charges.len() > 1,
    })
}

impl Week {
    /// What went from one agency to another.
    pub(super) fn transfers(&self) -> &[DigestTransfer] {
        &self.transfers
    }

    /// Of what is silent, why that is nobody's fault.
    pub(super) fn silence(&self) -> Silence<'_> {
        Silence {
            untold: &self.untold,
            unheard: self.count_unheard(|why| !why.is_empty() && why != UNREACHED),
            unreached: self.count_unheard(|why| why == UNREACHED),
        }
    }

    /// Why nobody could have answered: of the agency, or of this matter in particular. Whoever else could not be told has
    /// colleagues who were.
    fn unheard(&self, line: &Line) -> &'static str {
        match self.unheard.get(&line.agency) {
            Some(Gap::Nobody) => "nobody",
            Some(Gap::Away) => "away",
            Some(Gap::Unreachable) => UNREACHED,
            None if self.untold.has(line.obligation) => UNREACHED,
            None => "",
        }
    }

    /// The same of all that an agency is silent about, where it is one reason.
    fn unheard_of(&self, agency: &LateAgency) -> &'static str {
        let mut silent = agency.lines.iter().filter(|line| line.is_silent());
        let first = silent.next().map_or("", |line| self.unheard(line));
        let is_same = silent.all(|line| self.unheard(line) == first);
        if is_same { first } else { "" }
    }

    /// How much of what is silent could not be answered, for a reason that passes.
    fn count_unheard(&self, is_counted: impl Fn(&str) -> bool) -> usize {
        let Digest {
            newly_late,
            long_late,
            unchanged,
            ..
        } = &self.digest;
        let late = newly_late.iter().chain(long_late).chain(unchanged);
        let silent = late
            .flat_map(|one| &one.lines)
            .filter(|line| line.is_silent());
        silent.filter(|line| is_counted(self.unheard(line))).count()
    }

    /// What is late by task, with who owes it.
    fn tasks(&self, charge: &Charge, late: &[LateAgency]) -> Vec<DigestTask> {
        let owing = |line: &Line| {
            let said = line.said.as_ref();
            DigestOwing {
                unheard: self.unheard(line).to_owned(),
                name: charge.agency_name(&line.agency),
                quote: said.map(|said| said.quote.clone()).unwrap_or_default(),
                said_on: said.map(|said| said.on),
                takes_back: said.and_then(|said| said.takes_back),
                returned: said.and_then(|said| said.returned.clone()),
                refused_on: line.refused.as_ref().map(|refusal| refusal.on),
                refused_by: refused_by(line),
            }
        };
        let tasks = by_task(late, |id| charge.place_of(id));
        let tasks = tasks.into_iter().map(|task| {
            let (id, title) = named(charge, task.milestone);
            DigestTask {
                id,
                title,
                due_on: task.due_on,
                days_late: task.days_late,
                asked_by: task.asked_by,
                agencies: task.lines.into_iter().map(owing).collect(),
            }
        });
        tasks.collect()
    }

    /// What did not change, by task: who they are only where they are few.
    fn unchanged(&self, charge: &Charge) -> Vec<DigestUnchanged> {
        let tasks = by_task(&self.digest.unchanged, |id| charge.place_of(id));
        let tasks = tasks.into_iter().map(|task| {
            let silent = || task.lines.iter().filter(|line| line.is_silent());
            let unreached = silent()
                .filter(|line| self.unheard(line) == UNREACHED)
                .count();
            let mute = silent()
                .filter(|line| !self.unheard(line).is_empty())
                .count();
            let name = |line: &&Line| charge.agency_name(&line.agency);
            let few = task.lines.len() <= NAMED;
            DigestUnchanged {
                id: named(charge, task.milestone).0,
                count: task.lines.len(),
                names: task.lines.iter().filter(|_| few).map(name).collect(),
                mute: mute - unreached,
                unreached,
                days_late: task.days_late,
                asked_by: task.asked_by,
            }
        });
        tasks.collect()
    }

    /// The tasks of what is late, each with how many of these agencies owe it.
    fn titles(charge: &Charge, late: &[LateAgency]) -> Vec<DigestTitle> {
        let mut titles: Vec<DigestTitle> = Vec::new();
        for task in by_task(late, |id| charge.place_of(id)) {
            let (id, title) = named(charge, task.milestone);
            let agencies = task.lines.len();
            match titles.iter_mut().find(|one| one.id == id) {
                // Of another day, after an extension.
                Some(known) => known.agencies += agencies,
                None => titles.push(DigestTitle {
                    id,
                    title,
                    agencies,
                }),
            }
        }
        titles
    }

    pub(super) fn context(
        &self,
        charge: &Charge,
        contact: &Contact,
        audience: Audience,
        files: DigestFiles,
    ) -> DigestContext {
        let Digest {
            span,
            now,
            before,
            completed,
            amended,
            newly_late,
            long_late,
            unchanged: _,
            difficulties,
            disowned,
            decisions,
            due_soon,
        } = &self.digest;
        let silence = self.silence();
        let late_line = |one: &Line| DigestLine {
            unheard: self.unheard(one).to_owned(),
            ..line(charge, one)
        };
        DigestContext {
            today: self.today,
            from: span.from(),
            until: span.until,
            is_week: span.is_week(),
            is_held: false,
            reader: reader(contact, audience, Some(charge)),
            monitor: charge.agency_name(&charge.plan.monitor),
            decides: other_decider(charge),
            plan: plan_ref(charge),
            findings: self.findings.clone(),
            now: (*now).into(),
            before: before.map(Into::into),
            completed: *completed,
            amended: *amended,
            transfers: self.transfers.clone(),
            unheard: silence.unheard,
            unreached: silence.unreached,
            newly_late: self.tasks(charge, newly_late),
            long_late: long_late
                .iter()
                .map(|one| DigestAgency {
                    name: charge.agency_name(&one.agency),
                    unheard: self.unheard_of(one).to_owned(),
                    lines: one.lines.iter().map(late_line).collect(),
                })
                .collect(),
            long_tasks: Self::titles(charge, long_late),
            unchanged: self.unchanged(charge),
            long: long(charge, &self.digest),
            difficulties: together(charge, difficulties)
                .map(|one| difficulty(charge, one))
                .collect(),
            disowned: together(charge, disowned)
                .map(|one| difficulty(charge, one))
                .collect(),
            decisions: together(charge, decisions)
                .map(|one| decision(charge, one))
                .collect(),
            due_soon: in_plan_order(charge, due_soon)
                .map(|one| {
                    let (id, title) = named(charge, &one.milestone);
                    DigestDue {
                        id,
                        title,
                        due_on: one.due_on,
                        agencies: one
                            .agencies
                            .iter()
                            .map(|code| charge.agency_name(code))
                            .collect(),
                    }
                })
                .collect(),
            unreachable: self.unreachable.clone(),
            files,
            sent: self.sent,
            failed: self.failed,
            is_one_of_several: self.is_one_of_several,
        }
    }
}

#[cfg(test)]
mod tests;
