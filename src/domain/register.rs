//! The whole plan at the end of one day: each obligation with its official word, its days and its documents, and the counts.
//!
//! Pure, and counted from the ledger like the digest, with which it agrees.

mod difficulties;
mod ground;

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::digest::Account;
use super::history::{Standing as Stands, Uncounted, at_end_of, first_day_of, plan_day_of};
use super::obligation::{Obligation, Standing};
pub use difficulties::difficulties;
pub use ground::{Ground, Step, in_force};

/// Of which day something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoff {
    /// The last day whose lines of the ledger are read.
    pub until: NaiveDate,
    /// The day on which it is told: what is due on it is not late yet (DESIGN rule 11).
    pub day: NaiveDate,
}

impl Cutoff {
    /// As things stand at the end of `day`: what is due on it can be done still, and is late from the next day on.
    #[must_use]
    pub fn end_of(day: NaiveDate) -> Self {
        Self { until: day, day }
    }

    /// As they stand on the morning of `day`, before anything is known of it.
    #[must_use]
    pub fn morning_of(day: NaiveDate) -> Self {
        let until = day.pred_opt().unwrap_or(day);
        Self { until, day }
    }
}

/// One obligation in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Which.
    pub obligation: &'a Obligation,
    /// How it stood.
    pub stands: Stands,
    /// Its first due day, where it had one by then.
    pub first_due_on: Option<NaiveDate>,
    /// Its due day as the plan gives it, with the documents that have amended the plan and without extensions.
    pub plan_due_on: Option<NaiveDate>,
    /// The official word; `None` for what is not counted.
    pub word: Option<Standing>,
    /// Why it is not counted.
    pub uncounted: Option<Uncounted>,
    /// Working days that it is late, or was when it was completed.
    pub days_late: i64,
    /// From which day they are counted, where that is not the due day ([`Stands::asked_by`]).
    pub asked_by: Option<NaiveDate>,
}

impl Line<'_> {
    /// Whether it is open and overdue.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.word == Some(Standing::OpenLate)
    }

    /// Whether somebody owes a decision on it.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.stands.is_undecided()
    }

    /// Whether the next word is that of somebody who decides; beyond the day that it asks for a wish for more time holds nothing
    /// up.
    #[must_use]
    pub fn is_held_up(&self) -> bool {
        let is_lapsed = self.is_late() && self.stands.wished_until().is_some();
        self.is_undecided() && !is_lapsed
    }

    /// Whether it is past its due day, late or for want of a decision.
    #[must_use]
    pub fn is_past_due(&self) -> bool {
        self.is_late() || self.word == Some(Standing::Waiting)
    }

    /// Whether a difficulty was said of it last, and it is open.
    #[must_use]
    pub fn is_difficult(&self) -> bool {
        self.stands.is_difficult()
    }
}

/// The register of a day: a line for each account, in their order, but for what was never its agency's.
#[must_use]
pub fn register<'a>(
    accounts: &[Account<'a>],
    cutoff: Cutoff,
    calendar: &Calendar,
) -> Vec<Line<'a>> {
    let Cutoff { until, day } = cutoff;
    let lines = accounts.iter().map(|account| {
        let stands = at_end_of(account.obligation, account.entries, until);
        let word = stands.word(day);
        let first = first_day_of(account.obligation, account.entries, until);
        Line {
            obligation: account.obligation,
            first_due_on: first,
            plan_due_on: first.map(|first| plan_day_of(first, account.entries, until)),
            word,
            // Who is listed is owed, or was done.
            uncounted: stands.uncounted(account.obligation.kind, true),
            days_late: stands.days_late(day, calendar),
            asked_by: stands.asked_by(day),
            stands,
        }
    });
    // What a document gave by mistake, or gives later, stands with whoever owes it.
    lines
        .filter(|line| !line.uncounted.is_some_and(Uncounted::is_nowhere))
        .collect()
}

/// How many stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Hoàn thành đúng hạn.
    pub done_on_time: u32,
    /// Hoàn thành quá hạn.
    pub done_late: u32,
    /// Đang thực hiện trong hạn.
    pub open_on_time: u32,
    /// Đang thực hiện quá hạn.
    pub open_late: u32,
    /// Past its due day, for want of a decision ([`Standing::Waiting`]).
    pub waiting: u32,
    /// Due before anybody was reminded here, and not known how it ended ([`Standing::Unclear`]).
    pub unclear: u32,
    /// Overdue, and never answered ([`Stands::is_silent`]).
    pub silent: u32,
    /// Waits for a decision, past its due day or not.
    pub undecided: u32,
    /// Has no due day, and so none of the four words: "thường xuyên", finished or not, or its event has not come.
    pub undated: u32,
    /// Is not owed now: suspended, cancelled, or given to another agency by a document.
    pub held: u32,
}

impl Counts {
    /// The counts of some lines.
    #[must_use]
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line<'a>>) -> Self {
        let mut counts = Self::default();
        for line in lines {
            match line.word {
                Some(Standing::DoneOnTime) => counts.done_on_time += 1,
                Some(Standing::DoneLate) => counts.done_late += 1,
                Some(Standing::OpenOnTime) => counts.open_on_time += 1,
                Some(Standing::OpenLate) => counts.open_late += 1,
                Some(Standing::Waiting) => counts.waiting += 1,
                Some(Standing::Unclear) => counts.unclear += 1,
                None => {
                    let is_held = line.uncounted.is_some_and(Uncounted::is_held);
                    counts.held += u32::from(is_held);
                    counts.undated += u32::from(!is_held);
                    continue;
                }
            }
            counts.silent += u32::from(line.is_late() && !line.stands.is_answered());
            counts.undecided += u32::from(line.is_undecided());
        }
        counts
    }

    /// These and those.
    #[must_use]
    pub fn with(&self, others: &Self) -> Self {
        Self {
            done_on_time: self.done_on_time + others.done_on_time,
            done_late: self.done_late + others.done_late,
            open_on_time: self.open_on_time + others.open_on_time,
            open_late: self.open_late + others.open_late,
            waiting: self.waiting + others.waiting,
            unclear: self.unclear + others.unclear,
            silent: self.silent + others.silent,
            undecided: self.undecided + others.undecided,
            undated: self.undated + others.undated,
            held: self.held + others.held,
        }
    }

    /// All that have a due day.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.done() + self.open()
    }

    /// All lines, each of which is counted once.
    #[must_use]
    pub fn lines(&self) -> u32 {
        self.total() + self.undated + self.held
    }

    /// Completed.
    #[must_use]
    pub fn done(&self) -> u32 {
        self.done_on_time + self.done_late
    }

    /// Under way.
    #[must_use]
    pub fn open(&self) -> u32 {
        self.open_on_time + self.open_late + self.waiting + self.unclear
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::history::{Entry, Stood};
    use crate::domain::ids::ObligationId;
    use crate::domain::obligation::State;

    fn day(month: u32, date: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, date).unwrap()
    }

    fn owed(id: i64, due_on: Option<NaiveDate>) -> Obligation {
        Obligation {
            id: ObligationId(id),
            opens_on: None,
            due_on,
            original_due_on: due_on,
            act_by: due_on,
            ..crate::domain::tests::owed()
        }
    }

    fn done(on: NaiveDate) -> Entry {
        Entry {
            on,
            stand: Some(Stood {
                state: State::Done,
                done_on: Some(on),
                pending: None,
            }),
            document: Some("12/KH-STP".to_owned()),
            ..Entry::default()
        }
    }

    #[test]
    fn each_word_is_counted_once_and_days_late_are_those_of_its_end() {
        let all = [
            (owed(1, Some(day(3, 10))), vec![done(day(3, 10))]),
            (owed(2, Some(day(3, 10))), vec![done(day(3, 12))]),
            (owed(3, Some(day(3, 31))), vec![]),
            (owed(4, Some(day(3, 13))), vec![]),
            (owed(5, None), vec![]),
        ];
        let accounts: Vec<_> = all
            .iter()
            .map(|(obligation, entries)| Account {
                obligation,
                entries,
            })
            .collect();
        let on = |cutoff| register(&accounts, cutoff, &Calendar::default());
        let lines = on(Cutoff::morning_of(day(3, 16)));
        let late: Vec<i64> = lines.iter().map(|line| line.days_late).collect();
        assert_eq!(late, [0, 2, 0, 1, 0]);
        let counts = Counts {
            done_on_time: 1,
            done_late: 1,
            open_on_time: 1,
            open_late: 1,
            waiting: 0,
            unclear: 0,
            silent: 1,
            undecided: 0,
            undated: 1,
            held: 0,
        };
        assert_eq!(Counts::of(&lines), counts);
        assert_eq!(counts.lines(), 5);
        assert_eq!(counts.total(), 4, "what has no due day is not counted");
        assert_eq!(lines[1].stands.documents, ["12/KH-STP"]);
        let before = on(Cutoff::end_of(day(3, 9)));
        assert_eq!(Counts::of(&before).open_on_time, 4);
    }

    #[test]
    fn what_is_due_on_a_day_is_not_late_at_its_end_and_is_on_the_morning_after() {
        let (owed, entries) = (owed(1, Some(day(3, 13))), [done(day(3, 16))]);
        let account = Account {
            obligation: &owed,
            entries: &entries,
        };
        let on = |cutoff| register(&[account], cutoff, &Calendar::default())[0].word;
        assert_eq!(on(Cutoff::end_of(day(3, 13))), Some(Standing::OpenOnTime));
        assert_eq!(on(Cutoff::morning_of(day(3, 14))), Some(Standing::OpenLate));
        assert_eq!(on(Cutoff::end_of(day(3, 14))), Some(Standing::OpenLate));
        // A morning knows nothing of its day.
        assert_eq!(on(Cutoff::morning_of(day(3, 16))), Some(Standing::OpenLate));
        assert_eq!(on(Cutoff::end_of(day(3, 16))), Some(Standing::DoneLate));
    }
}
