//! What was due before anybody was reminded of it here: how long, and how often, its agency is asked what became of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Audience, Dates, Fallen};
use crate::domain::calendar::Calendar;
use crate::domain::ids::RungId;
use crate::domain::obligation::Watch;

/// How it is asked what became of what was due before anybody was reminded here: on the first day, and again after every so
/// many working days, until the days of grace are over. Then the late rungs follow, counted from the last of those days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartRung {
    /// Its name in the file.
    pub id: RungId,
    /// The days of grace: so many working days after the first.
    pub grace: u32,
    /// Asked again after so many working days.
    pub every: u32,
    /// Who hears of it.
    pub tell: Vec<Audience>,
}

impl Default for StartRung {
    fn default() -> Self {
        Self {
            id: "start".into(),
            grace: 10,
            every: 5,
            tell: vec![Audience::Officer],
        }
    }
}

impl StartRung {
    /// What is followed from `since` on, a working day.
    #[must_use]
    pub fn watch(&self, since: NaiveDate, calendar: &Calendar) -> Watch {
        Watch {
            since,
            settle_by: calendar.working_days_after(since, self.grace),
        }
    }

    /// The days on which it is asked.
    pub(super) fn days<'c>(
        &self,
        watch: Watch,
        calendar: &'c Calendar,
    ) -> impl Iterator<Item = NaiveDate> + use<'c> {
        let every = self.every.max(1);
        let asked = (0..).step_by(every as usize).map(move |after| match after {
            0 => watch.since,
            after => calendar.working_days_after(watch.since, after),
        });
        asked.take_while(move |day| *day <= watch.settle_by)
    }

    /// The last day on which it was asked, where that is after `told` and not after `today`.
    pub(super) fn fallen(
        &self,
        dates: &Dates,
        audience: Audience,
        told: Option<NaiveDate>,
        today: NaiveDate,
        calendar: &Calendar,
    ) -> Option<Fallen> {
        let watch = dates.due_before?;
        let asked = self.days(watch, calendar);
        let on = asked.take_while(|on| *on <= today).last()?;
        let wanted = self.tell.contains(&audience) && told.is_none_or(|told| on > told);
        wanted.then(|| Fallen {
            rung: self.id.clone(),
            opening: false,
            on,
        })
    }
}
