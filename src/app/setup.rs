//! All that the files say, loaded and checked: plans, people, calendar, ladder, words.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

use crate::clock::{instant, local};
use crate::config::{InstallationKey, Privacy};
use crate::domain::absence::Words;
use crate::domain::calendar::Calendar;
use crate::domain::delivery::Channel;
use crate::domain::directory::{Agency, Contact, Directory};
use crate::domain::docket::Phrases;
use crate::domain::ids::{AgencyCode, MilestoneId, PlanId, TaskId};
use crate::domain::ladder::Ladder;
use crate::domain::obligation::Obligation;
use crate::domain::plan::{Milestone, Plan, Task};
use crate::domain::reply::{Reader, Units, Writer};
use crate::domain::scoring::Rules;
use crate::domain::terse::Terse;
use crate::files::Jobs;
use crate::messages::{Answers, Messages};

/// One plan with the agencies it names.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The plan.
    pub plan: Plan,
    /// Its agencies.
    pub directory: Directory,
    /// Fingerprint of the files it came from.
    pub fingerprint: String,
    /// Where each task stands in the plan, and who leads it: a plan of the nation has thousands who do.
    leads: HashMap<TaskId, (usize, HashSet<AgencyCode>)>,
    /// Where each agency stands in the directory.
    places: HashMap<AgencyCode, usize>,
}

impl Charge {
    /// A plan with its agencies, as files of that fingerprint have them.
    #[must_use]
    pub fn new(plan: Plan, directory: Directory, fingerprint: String) -> Self {
        let tasks = plan.tasks.iter().enumerate();
        let leads = tasks.map(|(place, task)| {
            let leads = task.agencies.iter().cloned().collect();
            (task.id.clone(), (place, leads))
        });
        let agencies = directory.agencies().map(|agency| agency.code.clone());
        Self {
            leads: leads.collect(),
            places: agencies.zip(0..).collect(),
            plan,
            directory,
            fingerprint,
        }
    }

    /// The task and the milestone of that id.
    #[must_use]
    pub fn find(&self, id: &MilestoneId) -> Option<(&Task, &Milestone)> {
        let (place, _) = self.leads.get(&id.task)?;
        self.at(*place, id)
    }

    /// The same, of the task that stands there.
    fn at(&self, place: usize, id: &MilestoneId) -> Option<(&Task, &Milestone)> {
        let task = self.plan.tasks.get(place)?;
        debug_assert_eq!(task.id, id.task, "a plan is made anew, not changed");
        let milestone = task
            .milestones
            .iter()
            .find(|milestone| milestone.id == *id)?;
        Some((task, milestone))
    }

    /// Whether the files still have this milestone, led by this agency or given to it by a document. Where they do not,
    /// nobody is told of it.
    #[must_use]
    pub fn owes(&self, one: &Obligation) -> bool {
        let id = &one.milestone;
        self.leads.get(&id.task).is_some_and(|(place, leads)| {
            self.at(*place, id).is_some_and(|(_, milestone)| {
                let owners = &milestone.owners;
                let is_owner = owners.is_empty() || owners.contains(&one.agency);
                one.taken_from.is_some() || (is_owner && leads.contains(&one.agency))
            })
        })
    }

    /// Where a milestone stands in the plan: what has equal right to come first is shown in this order.
    #[must_use]
    pub fn place_of(&self, id: &MilestoneId) -> (usize, u16) {
        let place = self.leads.get(&id.task).map(|(place, _)| *place);
        (place.unwrap_or(usize::MAX), id.number)
    }

    /// Where each agency stands in the directory, whose order is the official one.
    #[must_use]
    pub fn agency_places(&self) -> &HashMap<AgencyCode, usize> {
        &self.places
    }

    /// Official name of an agency; its code when the directory has forgotten it.
    #[must_use]
    pub fn agency_name(&self, code: &AgencyCode) -> String {
        self.directory
            .find(code)
            .map_or_else(|| code.to_string(), |agency: &Agency| agency.name.clone())
    }

    /// The names of several, in order.
    #[must_use]
    pub fn agency_names(&self, codes: &[AgencyCode]) -> String {
        let names = codes.iter().map(|code| self.agency_name(code));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// What the program runs on.
#[derive(Debug)]
pub struct Setup {
    /// The plans in force.
    pub charges: Vec<Charge>,
    /// The working calendar.
    pub calendar: Calendar,
    /// Who hears what, when.
    pub ladder: Ladder,
    /// When the jobs run.
    pub jobs: Jobs,
    /// How a ranking counts.
    pub scoring: Rules,
    /// The words.
    pub messages: Messages,
    /// What reads replies, made when the first one comes: it takes megabytes that an idle daemon does without.
    pub reader: LazyLock<Reader>,
    /// The words by which the monitor decides.
    pub orders: Phrases,
    /// The words by which people say that they are away.
    pub absences: Words,
    /// The words of a few words, read in the light of what was asked or shown.
    pub terse: Terse,
    /// What codes are hashed with.
    pub key: InstallationKey,
    /// For how long words are kept.
    pub privacy: Privacy,
    /// The channels of which nobody fetches what is answered there.
    pub unheard: BTreeSet<Channel>,
    /// The agencies of all plans as the reader knows them, read when the first reply is.
    pub units: OnceLock<Arc<Units>>,
}

impl Setup {
    /// The agency as the writer of a reply among the others, by their codes, names and aliases in all plans.
    #[must_use]
    pub fn writer_of(&self, agency: &AgencyCode) -> Writer {
        let directories = || self.charges.iter().map(|one| &one.directory);
        let known = self.units.get_or_init(|| {
            let all = directories().flat_map(Directory::agencies);
            Arc::new(self.reader.units(all.flat_map(Agency::names)))
        });
        let own = directories().filter_map(|directory| directory.find(agency));
        self.reader.writer(own.flat_map(Agency::names)).among(known)
    }

    /// Where what this contact answers to a message by `channel` is read: there, otherwise in the first of their chats that is.
    /// A mail is no way for who has none to answer.
    #[must_use]
    pub fn answers(
        &self,
        contact: &Contact,
        channel: Channel,
        configured: &BTreeSet<Channel>,
    ) -> Answers {
        let is_heard = |channel: &Channel| !self.unheard.contains(channel);
        if is_heard(&channel) {
            return Answers::Here;
        }
        let others = contact.channels.iter().map(|(other, _)| other);
        let mut heard = others.filter(|other| configured.contains(other) && is_heard(other));
        heard
            .find_map(|other| match other {
                Channel::Telegram => Some(Answers::Telegram),
                Channel::ZaloBot | Channel::ZaloOa => Some(Answers::Zalo),
                Channel::Email | Channel::Console => None,
            })
            .unwrap_or(Answers::Nowhere)
    }

    /// The instant on `day` at which briefs are planned; `None` on a day without the job.
    #[must_use]
    pub fn brief_time(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let from = midnight(day)?;
        let at = self
            .jobs
            .brief
            .after(&(from - TimeDelta::seconds(1)))
            .next()?;
        (at.date_naive() == day).then(|| at.with_timezone(&Utc))
    }

    /// The day of `now` and since when its briefs are to be planned; `None` before their hour, on a day without any, and
    /// when they can no longer leave.
    #[must_use]
    pub fn planning_hour(&self, now: DateTime<Utc>) -> Option<(NaiveDate, DateTime<Utc>)> {
        let today = local(now).date();
        let since = self.brief_time(today).filter(|at| *at <= now)?;
        self.is_sendable(local(now)).then_some((today, since))
    }

    /// For how long the briefs of the day of `now` should have been planned, when `planned` is the last day that was.
    #[must_use]
    pub fn planning_late_by(
        &self,
        now: DateTime<Utc>,
        planned: Option<NaiveDate>,
    ) -> Option<TimeDelta> {
        let (today, since) = self.planning_hour(now)?;
        planned.is_none_or(|day| day < today).then(|| now - since)
    }

    /// Whether what nobody asked for may still leave on the day of `now`.
    #[must_use]
    pub fn is_sendable(&self, now: NaiveDateTime) -> bool {
        self.calendar.is_working_day(now.date()) && now.time() <= self.ladder.until
    }

    /// The latest time of the schedule's digests up to the end of `today`, in the zone of the province, with the day on which
    /// that one leaves: its own, or the next working day. `None` when the schedule names none within a month.
    #[must_use]
    pub fn digest_of(&self, today: NaiveDate) -> Option<(NaiveDateTime, NaiveDate)> {
        let end = midnight(today.succ_opt()?)?;
        let times = self.jobs.digest.after(&(end - TimeDelta::days(32)));
        let nominal = times.take_while(|at| *at < end).last()?.naive_local();
        let leaves_on = self.calendar.working_day_not_before(nominal.date());
        Some((nominal, leaves_on))
    }

    /// The schedule's day of the latest digests that should have left by `now`, and the day on which they should.
    #[must_use]
    pub fn digest_due(&self, now: DateTime<Utc>) -> Option<(NaiveDate, NaiveDate)> {
        let now = local(now);
        let (nominal, leaves_on) = self.digest_of(now.date())?;
        let is_due = leaves_on.and_time(nominal.time()) <= now;
        is_due.then(|| (nominal.date(), leaves_on))
    }

    /// The last day before `day` on which digests leave by the schedule; a week before where it names none.
    #[must_use]
    pub fn digest_before(&self, day: NaiveDate) -> NaiveDate {
        let earlier = day.pred_opt().and_then(|eve| self.digest_of(eve));
        match earlier {
            Some((_, leaves_on)) if leaves_on < day => leaves_on,
            // Over a holiday: that one leaves with this one.
            Some((nominal, _)) => self.digest_before(nominal.date()),
            None => day.checked_sub_days(Days::new(7)).unwrap_or(day),
        }
    }

    /// When the briefs of the next working day after `day` may leave; `None` when none follow within two months.
    #[must_use]
    pub fn next_brief_after(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let days = day.iter_days().skip(1).take(62);
        let planned = |day| {
            let at = self.brief_time(day)?;
            Some(at.max(instant(day.and_time(self.ladder.from))))
        };
        days.filter(|day| self.calendar.is_working_day(*day))
            .find_map(planned)
    }

    /// A short text that changes when the plan, the calendar or the ladder does: rungs may then fall on other days
    /// (FNV-1a over all that the schedules hold).
    #[must_use]
    pub fn fingerprint(&self, charge: &Charge) -> String {
        let schedules = format!("{:?}{:?}", self.calendar, self.ladder);
        let hash = schedules
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        format!("{}-{hash:016x}", charge.fingerprint)
    }

    /// Whether what was stored under this [fingerprint](Self::fingerprint) came from these files of the plan, by whatever schedules.
    #[must_use]
    pub fn is_of_files(&self, charge: &Charge, fingerprint: &str) -> bool {
        let files = fingerprint.rsplit_once('-').map(|(files, _)| files);
        files == Some(charge.fingerprint.as_str())
    }

    /// The first plan that has a task of that id.
    #[must_use]
    pub fn with_task(&self, task: &TaskId) -> Option<&Charge> {
        let has_it = |charge: &&Charge| charge.plan.tasks.iter().any(|one| one.id == *task);
        self.charges.iter().find(has_it)
    }

    /// The day on which the first of the plans was issued.
    #[must_use]
    pub fn issued_first(&self) -> Option<NaiveDate> {
        let plans = self.charges.iter().map(|charge| &charge.plan);
        plans.map(|plan| plan.issued_on).min()
    }

    /// The plans that were issued after `today`: nothing of them is told yet.
    pub fn issued_after(&self, today: NaiveDate) -> impl Iterator<Item = &Plan> {
        let plans = self.charges.iter().map(|charge| &charge.plan);
        plans.filter(move |plan| plan.issued_on > today)
    }

    /// The first plan whose directory has that agency.
    #[must_use]
    pub fn of_agency(&self, agency: &AgencyCode) -> Option<&Charge> {
        let has_it = |charge: &&Charge| charge.directory.find(agency).is_some();
        self.charges.iter().find(has_it)
    }

    /// Whether this is owed still: see [`Charge::owes`].
    #[must_use]
    pub fn owes(&self, one: &Obligation) -> bool {
        self.find(&one.plan).is_some_and(|charge| charge.owes(one))
    }

    /// The plan of that id.
    #[must_use]
    pub fn find(&self, plan: &PlanId) -> Option<&Charge> {
        self.charges.iter().find(|charge| charge.plan.id == *plan)
    }
}

fn midnight(day: NaiveDate) -> Option<DateTime<chrono_tz::Tz>> {
    Ho_Chi_Minh
        .from_local_datetime(&day.and_time(NaiveTime::MIN))
        .earliest()
}
