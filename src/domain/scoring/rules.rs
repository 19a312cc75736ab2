//! How a ranking counts: the values of `schedules/scoring.toml`, whose comments say what each means.

use std::fmt;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::domain::ids::{AgencyCode, PlanId, TaskId};
use crate::domain::spelling::words;

/// Points in tenths: 875 is 87.5 of 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(pub u32);

impl Points {
    /// So many whole points.
    #[must_use]
    pub fn whole(points: u32) -> Self {
        Self(points * 10)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 10.0)
    }
}

/// What points are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The weighted share of what fell due that was done on time.
    OnTime,
    /// The share of reports that came on time.
    Reports,
    /// How little of the days that could be lost was lost.
    DaysLate,
    /// The share of what fell due of which anything was heard.
    Answers,
    /// The share of obligations that were done by the day that the plan gave, without any extension.
    PlanDay,
}

impl Part {
    /// Each of them, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::OnTime,
        Self::Reports,
        Self::DaysLate,
        Self::Answers,
        Self::PlanDay,
    ];

    /// The word in `scoring.toml` and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Reports => "reports",
            Self::DaysLate => "days_late",
            Self::Answers => "answers",
            Self::PlanDay => "plan_day",
        }
    }
}

/// How much one obligation weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Work.
    pub work: u32,
    /// A periodic report.
    pub report: u32,
    /// What weighs otherwise.
    pub heavier: Vec<Heavier>,
}

/// Tasks with a weight of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heavier {
    /// Of which plan.
    pub plan: PlanId,
    /// Which.
    pub tasks: Vec<TaskId>,
    /// How much each of their milestones weighs.
    pub weight: u32,
}

/// Who is ranked among whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Among {
    /// Agencies of one level: sở, ban, ngành; huyện; xã.
    Level,
    /// All agencies of a plan.
    All,
}

/// Whom the monitor may propose for commendation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commend {
    /// At least so many points.
    pub points: Points,
    /// At most so many things late, done or open.
    pub late: usize,
    /// At least so many things due.
    pub due: usize,
}

/// Whom the monitor may propose for criticism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Criticise {
    /// Ranked with fewer points than these.
    pub points: Points,
    /// Or something open and overdue by so many working days.
    pub overdue: i64,
}

/// An agency that joined a plan late: what was due before is not counted against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// Which.
    pub agency: AgencyCode,
    /// From when on it answers for what is due.
    pub on: NaiveDate,
    /// Number of the document that says so.
    pub document: String,
}

/// How a ranking counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How much one obligation weighs.
    pub weights: Weights,
    /// How the label of a milestone begins that is a report.
    pub reports: Vec<String>,
    /// Points for each part; 100 together, in the order of [`Part::ALL`].
    pub parts: [u32; 5],
    /// Working days beyond which one obligation loses no more.
    pub longest: u32,
    /// With fewer things due an agency is not ranked.
    pub fewest: usize,
    /// Who is ranked among whom.
    pub among: Among,
    /// Whom to commend.
    pub commend: Commend,
    /// Whom to criticise.
    pub criticise: Criticise,
    /// Who joined late.
    pub joined: Vec<Joined>,
}

impl Rules {
    /// The most that a part gives.
    #[must_use]
    pub fn most(&self, part: Part) -> u32 {
        self.parts[part as usize]
    }

    /// Whether a milestone of that label is a report: it begins with one of the words, however they are spelt.
    #[must_use]
    pub fn is_report(&self, label: &str) -> bool {
        let label = words(label);
        self.reports.iter().any(|beginning| {
            let beginning = words(beginning);
            label.len() >= beginning.len()
                && beginning
                    .iter()
                    .zip(&label)
                    .all(|(ours, theirs)| ours.key == theirs.key)
        })
    }

    /// What a milestone of that task weighs.
    #[must_use]
    pub fn weight(&self, plan: &PlanId, task: &TaskId, is_report: bool) -> u32 {
        let Weights {
            work,
            report,
            heavier,
        } = &self.weights;
        let own = heavier
            .iter()
            .find(|one| one.plan == *plan && one.tasks.contains(task));
        match own {
            Some(own) => own.weight,
            None if is_report => *report,
            None => *work,
        }
    }

    /// Whether the agency answers for what is due on that day.
    #[must_use]
    pub fn answers_for(&self, agency: &AgencyCode, due_on: NaiveDate) -> bool {
        let mut joined = self.joined.iter().filter(|one| one.agency == *agency);
        joined.all(|one| due_on >= one.on)
    }
}
