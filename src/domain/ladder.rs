//! The ladder: who hears about an obligation on which day, and why.
//!
//! A rung is a day counted from the dates of an obligation and the roles told on it. Nothing is decided by "is it
//! exactly today": [`Ladder::fallen`] asks for the most urgent rung since the person was last told, so a day of
//! outage delays a reminder and never loses it (DESIGN §3).

mod start;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::ids::RungId;
use super::obligation::Watch;
use super::plan::MilestoneKind;
pub use start::StartRung;

/// Who is told, relative to an obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// The officers of the agency that owes it.
    Officer,
    /// The head of the agency that owes it.
    Head,
    /// The agency that monitors the plan.
    Monitor,
    /// The leader of the issuer in charge.
    Leader,
}

impl Audience {
    /// Every audience, nearest to the work first.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Head, Self::Monitor, Self::Leader];

    /// The word used in files, in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Head => "head",
            Self::Monitor => "monitor",
            Self::Leader => "leader",
        }
    }
}

/// How reminder days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayUnit {
    /// Every day of the calendar.
    Calendar,
    /// Working days.
    Working,
}

/// When a rung falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum When {
    /// The day the window opens; on a day off, the working day after.
    Opens,
    /// So many days before `act_by`; on a day off, the working day before. Zero is the day itself.
    Before {
        /// How many.
        days: u32,
        /// Counted how.
        unit: DayUnit,
    },
    /// So many working days after `due_on`, and then again every so many.
    Late {
        /// How many, at least 1.
        days: u32,
        /// Repeated after how many more.
        every: Option<u32>,
    },
}

/// One step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    /// Its name in the file.
    pub id: RungId,
    /// When it falls.
    pub when: When,
    /// Who hears of it.
    pub tell: Vec<Audience>,
}

/// The ladder of a province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ladder {
    /// Hour from which unasked messages leave, in the zone of the province.
    pub from: NaiveTime,
    /// Hour after which no unasked message leaves.
    pub until: NaiveTime,
    /// The steps, from the earliest to the latest.
    pub rungs: Vec<Rung>,
    /// The step at which the status of continuous tasks is asked: so many working days before the quarter's end.
    pub status: StatusRung,
    /// What becomes of what was due before anybody was reminded here. A ladder that was in force before this was thought of
    /// has the usual one.
    #[serde(default)]
    pub start: StartRung,
}

/// When the status of "thường xuyên" tasks is asked (rule 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRung {
    /// Its name in the file.
    pub id: RungId,
    /// Working days before the last working day of the quarter.
    pub before: u32,
    /// Who hears of it.
    pub tell: Vec<Audience>,
}

/// The dates a ladder counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dates {
    /// Kind of the milestone.
    pub kind: MilestoneKind,
    /// First day of the window.
    pub opens_on: Option<NaiveDate>,
    /// Last compliant day.
    pub due_on: Option<NaiveDate>,
    /// Last working day not after `due_on`.
    pub act_by: Option<NaiveDate>,
    /// Since when it is followed, if it was due before.
    pub due_before: Option<Watch>,
}

/// A rung that has fallen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// Which one.
    pub rung: RungId,
    /// Whether it announces the opening of the window.
    pub opening: bool,
    /// The working day on which it fell.
    pub on: NaiveDate,
}

impl Ladder {
    /// The latest rung for `audience` that fell after `told` and not after `today`; on one day the later step wins.
    ///
    /// `told` is the day on which this person was last told of this obligation, `None` if never.
    #[must_use]
    pub fn fallen(
        &self,
        dates: &Dates,
        audience: Audience,
        told: Option<NaiveDate>,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Option<Fallen> {
        if dates.kind == MilestoneKind::Continuous {
            return self.fallen_status(dates, audience, told, today, calendar);
        }
        let frame = Frame::of(dates, calendar)?;
        let mut latest = self.start.fallen(dates, audience, told, today, calendar);
        for rung in self
            .rungs
            .iter()
            .filter(|rung| rung.tell.contains(&audience))
        {
            let Some(on) = frame.last_day(rung.when, today, calendar) else {
                continue;
            };
            if told.is_none_or(|told| on > told)
                && latest.as_ref().is_none_or(|found| on >= found.on)
            {
                latest = Some(Fallen {
                    rung: rung.id.clone(),
                    opening: rung.when == When::Opens,
                    on,
                });
            }
        }
        latest
    }

    /// The first day after `day` on which a rung falls for anybody; `None` when the ladder has nothing more to say.
    #[must_use]
    pub fn next_day(
        &self,
        dates: &Dates,
        day: NaiveDate,
        calendar: &Calendar,
    ) -> Option<NaiveDate> {
        if dates.kind == MilestoneKind::Continuous {
            return status_days(dates, self.status.before, calendar)
                .map(|(on, _)| on)
                .find(|on| *on > day);
        }
        let frame = Frame::of(dates, calendar)?;
        let asked = dates.due_before.and_then(|watch| {
            let mut asked = self.start.days(watch, calendar);
            asked.find(|on| *on > day)
        });
        let rungs = self.rungs.iter();
        rungs
            .filter_map(|rung| frame.first_day_after(rung.when, day, calendar))
            .chain(asked)
            .min()
    }

    /// The first moment, not before `at`, at which an unasked message may leave: a working day, within the hours.
    #[must_use]
    pub fn next_sending_time(&self, at: NaiveDateTime, calendar: &Calendar) -> NaiveDateTime {
        let (day, time) = (at.date(), at.time());
        if calendar.is_working_day(day) && time <= self.until {
            return day.and_time(time.max(self.from));
        }
        let day = if time > self.until {
            day.succ_opt().unwrap_or(day)
        } else {
            day
        };
        calendar.working_day_not_before(day).and_time(self.from)
    }

    /// The first day on which `audience` hears of the obligation; `None` when no rung tells it.
    #[must_use]
    pub fn first_day(
        &self,
        dates: &Dates,
        audience: Audience,
        calendar: &Calendar,
    ) -> Option<NaiveDate> {
        let frame = Frame::of(dates, calendar)?;
        self.rungs
            .iter()
            .filter(|rung| rung.tell.contains(&audience))
            .filter_map(|rung| frame.day(rung.when, calendar))
            .min()
    }

    fn fallen_status(
        &self,
        dates: &Dates,
        audience: Audience,
        told: Option<NaiveDate>,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Option<Fallen> {
        if !self.status.tell.contains(&audience) {
            return None;
        }
        let (on, quarter_end) = status_days(dates, self.status.before, calendar)
            .take_while(|(on, _)| *on <= today)
            .last()?;
        let wanted = match told {
            Some(told) => on > told,
            None => today <= quarter_end,
        };
        wanted.then(|| Fallen {
            rung: self.status.id.clone(),
            opening: false,
            on,
        })
    }
}

/// The dates of an obligation, made ready for counting.
struct Frame {
    opens: Option<NaiveDate>,
    /// The day from whose end on it is late.
    due_on: NaiveDate,
    act_by: NaiveDate,
    /// Whether it was over before anybody could be reminded: then no rung leads up to it.
    is_over: bool,
}

impl Frame {
    fn of(dates: &Dates, calendar: &Calendar) -> Option<Self> {
        let due_on = dates.due_on?;
        Some(Self {
            opens: dates
                .opens_on
                .map(|day| calendar.working_day_not_before(day)),
            due_on: Watch::late_after(dates.due_before, due_on),
            is_over: dates.due_before.is_some(),
            act_by: dates
                .act_by
                .unwrap_or_else(|| calendar.working_day_not_after(due_on)),
        })
    }

    /// The one day of a rung that does not repeat; `None` when the window is too short for it.
    fn day(&self, when: When, calendar: &Calendar) -> Option<NaiveDate> {
        match when {
            When::Opens | When::Before { .. } if self.is_over => None,
            When::Opens => self.opens.filter(|day| *day <= self.act_by),
            When::Before { days, unit } => {
                let day = match unit {
                    DayUnit::Working => calendar.working_days_before(self.act_by, days),
                    DayUnit::Calendar => {
                        let day = self.act_by.checked_sub_days(Days::new(u64::from(days)))?;
                        calendar.working_day_not_after(day)
                    }
                };
                // The day itself always stands: a window that opens on its last day still has one.
                let fits = days == 0 || self.opens.is_none_or(|opens| day >= opens);
                fits.then_some(day)
            }
            When::Late { days, .. } => Some(calendar.working_days_after(self.due_on, days)),
        }
    }

    /// The last day not after `today` on which the rung fell.
    fn last_day(&self, when: When, today: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
        match when {
            When::Late {
                days,
                every: Some(every),
            } if today > self.due_on => {
                let late = calendar.working_days_between(self.due_on, today);
                let late = u32::try_from(late).ok()?;
                let repeats = late.checked_sub(days)? / every.max(1);
                Some(calendar.working_days_after(self.due_on, days + repeats * every))
            }
            _ => self.day(when, calendar).filter(|day| *day <= today),
        }
    }

    /// The first day after `day` on which the rung falls.
    fn first_day_after(
        &self,
        when: When,
        day: NaiveDate,
        calendar: &Calendar,
    ) -> Option<NaiveDate> {
        match when {
            When::Late {
                days,
                every: Some(every),
            } if day > self.due_on => {
                let late = u32::try_from(calendar.working_days_between(self.due_on, day)).ok()?;
                let next = match late.checked_sub(days) {
                    None => days,
                    Some(past) => days + (past / every.max(1) + 1) * every,
                };
                Some(calendar.working_days_after(self.due_on, next))
            }
            _ => self.day(when, calendar).filter(|found| *found > day),
        }
    }
}

/// The days on which status is asked, each with the last day of its quarter, within the year the window opens.
fn status_days(
    dates: &Dates,
    before: u32,
    calendar: &Calendar,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let opens = dates.opens_on;
    [(3, 31), (6, 30), (9, 30), (12, 31)]
        .into_iter()
        .filter_map(move |(month, last)| {
            let opens = opens?;
            let end = NaiveDate::from_ymd_opt(opens.year(), month, last)?;
            let on = calendar.working_days_before(calendar.working_day_not_after(end), before);
            (on >= opens).then_some((on, end))
        })
}

#[cfg(test)]
mod tests;
