//! The register -> what the letters are told.

use chrono::{Days, NaiveDate};

use super::accounts::Accounts;
use super::grounds::Grounds;
use super::view;
use crate::app::compose::plan_ref;
use crate::app::setup::{Charge, Setup};
use crate::app::untold::Untold;
use crate::domain::digest::{AHEAD, Amended, Completed, Span, amended, completed};
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::State;
use crate::domain::period::{Period, Quarter};
use crate::domain::plan::MilestoneKind;
use crate::domain::register::{Counts, Cutoff, Line, difficulties};
use crate::messages::{LetterContext, LetterKind, LetterTask, RegisterLine, fitting};

/// Working days that a reminder leaves for the answer; letters of the practice give one to three.
const ANSWER_WITHIN: u32 = 3;

/// Days from the end of a period within which its own report is due.
const HALF_A_QUARTER: i64 = 45;

/// Rows of a table in the report that comes with a digest: what is longer nobody reads, and the workbook has it all.
const MOST: usize = 200;
/// Paragraphs of a list in its text.
const FEW: usize = 10;

/// The register of a plan, from which letters are drafted: as it stands on the day that they name.
pub(super) struct Desk<'a> {
    pub(super) setup: &'a Setup,
    pub(super) charge: &'a Charge,
    pub(super) accounts: &'a Accounts,
    pub(super) grounds: &'a Grounds,
    /// What its agency was never told of.
    pub(super) untold: &'a Untold,
    pub(super) cutoff: Cutoff,
    pub(super) lines: Vec<Line<'a>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        setup: &'a Setup,
        charge: &'a Charge,
        accounts: &'a Accounts,
        grounds: &'a Grounds,
        untold: &'a Untold,
        cutoff: Cutoff,
    ) -> Self {
        Self {
            setup,
            charge,
            accounts,
            grounds,
            untold,
            cutoff,
            lines: accounts.register(setup, cutoff),
        }
    }

    /// The agencies with something overdue that waits for nobody's decision, in the order of the directory.
    pub(super) fn late_agencies(&self) -> Vec<AgencyCode> {
        let mut late: Vec<AgencyCode> = self
            .lines
            .iter()
            .filter(|line| line.is_late() && !line.is_held_up())
            .map(|line| line.obligation.agency.clone())
            .collect();
        late.dedup();
        late
    }

    /// The report to the issuer that comes with a digest.
    pub(super) fn weekly(&self, span: Span) -> LetterContext {
        let all: Vec<&Line<'_>> = self.lines.iter().collect();
        let before = (self.charge.plan.issued_on <= span.since).then(|| {
            let lines = self
                .accounts
                .register(self.setup, Cutoff::morning_of(span.from()));
            Counts::of(&lines).into()
        });
        let mut agencies = self.by_agency(&all);
        agencies.retain(|one| one.counts.open_late > 0);
        if agencies.len() > MOST {
            agencies.sort_by_key(|one| std::cmp::Reverse(one.counts.open_late));
        }
        let late_agencies = agencies.len();
        agencies.truncate(fitting(late_agencies, MOST));
        let accounts = self.accounts.list(self.cutoff.until);
        LetterContext {
            before,
            completed: completed(&accounts, span),
            amended: amended(&accounts, span),
            since: Some(span.from()),
            agencies,
            late_agencies,
            ..self.about(LetterKind::Weekly, &all, MOST, FEW)
        }
    }

    /// The reminder of one agency; `None` when it owes nothing late. What waits for a decision is named as such, and not
    /// pressed for: the monitor, or the leader, owes the next word.
    pub(super) fn reminder(&self, agency: &AgencyCode) -> Option<LetterContext> {
        let own = self.of(agency);
        let (waiting, own): (Vec<_>, Vec<_>) = own
            .into_iter()
            .partition(|line| line.is_past_due() && line.is_held_up());
        let letter = LetterContext {
            addressee: view::letter_agency(self.setup, self.charge, agency),
            decisions: self.shown(waiting.iter()),
            ..self.blank(LetterKind::Reminder, &own)
        };
        (!letter.late.is_empty()).then_some(letter)
    }

    /// The monitor's report on a period to the issuer.
    pub(super) fn quarter(&self, quarter: Quarter, period: Period) -> LetterContext {
        let all: Vec<&Line<'_>> = self.lines.iter().collect();
        let (this, rest) = self.split_report(&all, &self.charge.plan.monitor, period);
        let counted = within(&rest, period);
        LetterContext {
            quarter: quarter.number(),
            this_report: self.named(&this),
            agencies: self.by_agency(&counted),
            groups: self.by_field(&counted),
            next_due: self.next_due(&rest, period),
            difficulties: self.reported(&rest, (period.from, period.to)),
            ..self.blank(LetterKind::Quarter, &counted)
        }
    }

    /// An agency's own report on a period to the monitor; the monitor's own goes to the issuer.
    pub(super) fn own(
        &self,
        agency: &AgencyCode,
        quarter: Quarter,
        period: Period,
    ) -> LetterContext {
        let plan = &self.charge.plan;
        let reader = if *agency == plan.monitor {
            &plan.issuer
        } else {
            &plan.monitor
        };
        let own = self.of(agency);
        let (this, rest) = self.split_report(&own, agency, period);
        let counted = within(&rest, period);
        let continuous = own.iter().filter(|line| {
            line.obligation.kind == MilestoneKind::Continuous
                && matches!(line.stands.stood.state, State::Open | State::Done)
        });
        LetterContext {
            quarter: quarter.number(),
            this_report: self.named(&this),
            sender: view::letter_agency(self.setup, self.charge, agency),
            addressee: view::letter_agency(self.setup, self.charge, reader),
            lines: self.shown(counted.iter()),
            next_due: self.next_due(&rest, period),
            continuous: self.shown(continuous),
            difficulties: self.reported(&rest, (period.from, period.to)),
            ..self.blank(LetterKind::Own, &counted)
        }
    }

    /// The monitor's report of difficulties to the issuer; `None` where none was reported on these days.
    pub(super) fn difficulties(&self, days: (NaiveDate, NaiveDate)) -> Option<LetterContext> {
        let mut lines: Vec<&Line<'_>> = self.lines.iter().collect();
        lines.sort_by_key(|line| self.charge.place_of(&line.obligation.milestone));
        let mut troubled: Vec<LetterTask> = Vec::new();
        let mut counted = Vec::new();
        for line in lines {
            let found = self.reported(&[line], days);
            let Some(first) = found.first() else { continue };
            counted.push(line);
            match troubled.last_mut().filter(|task| task.id == first.id) {
                Some(task) => {
                    task.agencies += 1;
                    task.lines.extend(found);
                }
                None => troubled.push(LetterTask {
                    id: first.id.clone(),
                    title: first.title.clone(),
                    agencies: 1,
                    lines: found,
                }),
            }
        }
        if troubled.is_empty() {
            return None;
        }
        let all = troubled.iter().flat_map(|task| &task.lines);
        Some(LetterContext {
            days: Some(days),
            difficulties: all.cloned().collect(),
            troubled,
            ..self.blank(LetterKind::Difficulties, &counted)
        })
    }

    /// The difficulties of these lines from one day to another, each as its line with the words of that day.
    fn reported(&self, lines: &[&Line<'_>], days: (NaiveDate, NaiveDate)) -> Vec<RegisterLine> {
        let of_one = |line: &&Line<'_>| {
            let entries = self.accounts.entries(line.obligation);
            let found = difficulties(&line.stands, entries, days, self.cutoff.until);
            let shown = found.into_iter().map(|said| RegisterLine {
                quote: said.quote.clone(),
                said_on: Some(said.on),
                takes_back: None,
                returned: None,
                ..self.row(line)
            });
            shown.collect::<Vec<_>>()
        };
        lines.iter().flat_map(of_one).collect()
    }

    /// A letter of the monitor to the issuer about these lines, all of which it lists.
    fn blank(&self, kind: LetterKind, lines: &[&Line<'_>]) -> LetterContext {
        self.about(kind, lines, usize::MAX, usize::MAX)
    }

    /// A letter of the monitor to the issuer about these lines, with `most` of what is late, and `few` in each other list.
    fn about(
        &self,
        kind: LetterKind,
        lines: &[&Line<'_>],
        most: usize,
        few: usize,
    ) -> LetterContext {
        let (setup, charge) = (self.setup, self.charge);
        let Cutoff { until, day } = self.cutoff;
        let plan = &charge.plan;
        let issuer = view::letter_agency(setup, charge, &plan.issuer);
        let those = |wanted: &dyn Fn(&Line<'_>) -> bool| -> Vec<&Line<'_>> {
            lines.iter().filter(|line| wanted(line)).copied().collect()
        };
        let first = |found: &[&Line<'_>]| {
            let shown = fitting(found.len(), few);
            (self.shown(found.iter().take(shown)), found.len() - shown)
        };
        let end = until + Days::new(AHEAD);
        let mut late = those(&|line| line.is_late());
        late.sort_by_key(|line| std::cmp::Reverse(line.days_late));
        let difficulties = those(&|line| line.is_difficult());
        let decisions = those(&|line| line.is_undecided());
        let mut due_soon = those(&|line| {
            let due = line.stands.due_on;
            line.stands.stood.state == State::Open
                && due.is_some_and(|due| (day..=end).contains(&due))
        });
        due_soon.sort_by_key(|line| line.stands.due_on);
        let most = fitting(late.len(), most);
        let (difficulties, more_difficulties) = first(&difficulties);
        let (due_soon, more_due_soon) = first(&due_soon);
        LetterContext {
            kind,
            today: day,
            until,
            year: plan.year,
            quarter: 0,
            this_report: String::new(),
            plan: plan_ref(charge),
            issued_on: plan.issued_on,
            addressee: issuer.clone(),
            issuer,
            sender: view::letter_agency(setup, charge, &plan.monitor),
            counts: Counts::of(lines.iter().copied()).into(),
            before: None,
            completed: Completed::default(),
            amended: Amended::default(),
            since: None,
            agencies: Vec::new(),
            late_agencies: 0,
            groups: Vec::new(),
            lines: Vec::new(),
            transfers: Vec::new(),
            unheard: 0,
            untold: late
                .iter()
                .filter(|line| self.untold.has(line.obligation.id))
                .count(),
            late: self.shown(late.iter().take(most)),
            late_tasks: self.by_task(&late, most),
            difficulties,
            more_difficulties,
            decisions: first(&decisions).0,
            due_soon,
            more_due_soon,
            next_due: Vec::new(),
            continuous: Vec::new(),
            days: None,
            troubled: Vec::new(),
            reply_by: setup.calendar.working_days_after(day, ANSWER_WITHIN),
        }
    }

    /// The report of a period that an agency owes under the plan, and the other lines: what it drafts cannot be late in it. Of
    /// several such reports it is the one due nearest to the end of the period.
    fn split_report<'l>(
        &self,
        lines: &[&'l Line<'l>],
        agency: &AgencyCode,
        period: Period,
    ) -> (Vec<&'l Line<'l>>, Vec<&'l Line<'l>>) {
        let reports = lines.iter().filter(|line| {
            let owed = line.obligation;
            let task = self.charge.find(&owed.milestone);
            owed.agency == *agency && task.is_some_and(|(task, _)| task.is_own_report)
        });
        let away = |due: NaiveDate| due.signed_duration_since(period.to).num_days().abs();
        let dated = reports.filter_map(|line| Some((line, away(line.plan_due_on?))));
        let near = dated.filter(|(_, days)| *days <= HALF_A_QUARTER);
        let this = near.min_by_key(|(_, days)| *days);
        let this = this.map(|(line, _)| line.obligation.id);
        let is_this = |line: &&Line<'_>| Some(line.obligation.id) == this;
        lines.iter().copied().partition(is_this)
    }

    /// The id of the first of these lines; empty where there is none.
    fn named(&self, lines: &[&Line<'_>]) -> String {
        let first = lines.first();
        first.map_or_else(String::new, |line| self.row(line).id)
    }

    /// Whether anything is, or was, that agency's.
    pub(super) fn owes(&self, agency: &AgencyCode) -> bool {
        !self.of(agency).is_empty()
    }

    fn of(&self, agency: &AgencyCode) -> Vec<&Line<'_>> {
        let own = |line: &&Line<'_>| line.obligation.agency == *agency;
        self.lines.iter().filter(own).collect()
    }

    /// What is open and due in the quarter after a period.
    fn next_due(&self, lines: &[&Line<'_>], period: Period) -> Vec<RegisterLine> {
        let next = period.next_quarter();
        let is_in = |line: &&&Line<'_>| {
            let due = line.stands.due_on;
            let in_next = due.zip(next).is_some_and(|(due, next)| next.holds(due));
            line.stands.stood.state == State::Open && in_next
        };
        let mut found = self.shown(lines.iter().filter(is_in));
        found.sort_by_key(|line| line.due_on);
        found
    }

    fn shown<'l>(&self, lines: impl Iterator<Item = &'l &'l Line<'l>>) -> Vec<RegisterLine> {
        lines.map(|line| self.row(line)).collect()
    }

    /// A line as documents show it.
    pub(super) fn row(&self, line: &Line<'_>) -> RegisterLine {
        let id = line.obligation.id;
        RegisterLine {
            is_untold: self.untold.has(id),
            ..view::line(self.charge, line, self.grounds.of(id))
        }
    }
}

/// What is due within a period, and what was due before it and was open in it.
fn within<'l>(lines: &[&'l Line<'l>], period: Period) -> Vec<&'l Line<'l>> {
    let is_in = |line: &&&Line<'_>| {
        let stood = line.stands.stood;
        let carried = match stood.state {
            State::Open => true,
            State::Done => stood.done_on.is_some_and(|done| done >= period.from),
            _ => false,
        };
        line.word.is_some()
            && line
                .stands
                .due_on
                .is_some_and(|due| period.holds(due) || (due < period.from && carried))
    };
    lines.iter().filter(is_in).copied().collect()
}
