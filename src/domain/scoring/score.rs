//! The marks of one agency -> its numbers and its points.

use serde::Serialize;

use super::mark::{Mark, PlanDay};
use super::rules::{Part, Points, Rules};
use crate::domain::ids::AgencyCode;
use crate::domain::obligation::Standing;

/// Some of a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How much.
    pub part: u64,
    /// Of how much.
    pub whole: u64,
}

impl Share {
    /// In tenths of a percent, half up; 0 of nothing.
    #[must_use]
    pub fn permille(self) -> u32 {
        u32::try_from(of(1000, self)).unwrap_or(0)
    }
}

/// `most` times the share, half up; 0 of nothing.
fn of(most: u64, share: Share) -> u64 {
    if share.whole == 0 {
        return 0;
    }
    let twice = u128::from(most) * u128::from(share.part) * 2 + u128::from(share.whole);
    u64::try_from(twice / (u128::from(share.whole) * 2)).unwrap_or(u64::MAX)
}

/// What one part gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PartScore {
    /// Which.
    pub part: Part,
    /// The most that it gives.
    pub most: u32,
    /// The share that was reached.
    pub share: Share,
    /// What that gave, in hundredths of a point, half up.
    pub hundredths: u64,
}

/// One agency in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Who.
    pub agency: AgencyCode,
    /// What is due of it in the period, by due day.
    pub marks: Vec<Mark>,
    /// The parts that something could be counted of.
    pub parts: Vec<PartScore>,
}

impl Score {
    /// The score of an agency from its marks.
    pub(super) fn new(agency: AgencyCode, mut marks: Vec<Mark>, rules: &Rules) -> Self {
        marks.sort_by(|a, b| {
            let key = |mark: &Mark| (mark.due_on, mark.obligation);
            key(a)
                .cmp(&key(b))
                .then_with(|| a.milestone.cmp(&b.milestone))
        });
        let mut score = Self {
            agency,
            marks,
            parts: Vec::new(),
        };
        let parts = Part::ALL.into_iter().filter_map(|part| {
            let (most, share) = (rules.most(part), score.share_of(part, rules));
            (most > 0 && share.whole > 0).then(|| PartScore {
                part,
                most,
                share,
                hundredths: of(u64::from(most) * 100, share),
            })
        });
        score.parts = if score.due() == 0 {
            Vec::new()
        } else {
            parts.collect()
        };
        score
    }

    /// What scores: all that is done or whose day is over.
    fn counted(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| mark.counts())
    }

    fn share_of(&self, part: Part, rules: &Rules) -> Share {
        let share = |part: usize, whole: usize| Share {
            part: part as u64,
            whole: whole as u64,
        };
        match part {
            Part::OnTime => {
                let weigh = |mark: &Mark| u64::from(mark.weight);
                Share {
                    part: self.weight(Standing::DoneOnTime),
                    whole: self.counted().map(weigh).sum(),
                }
            }
            Part::Reports => {
                let (on_time, due) = self.reports();
                share(on_time, due)
            }
            Part::DaysLate => {
                let longest = u64::from(rules.longest);
                let lost = |mark: &Mark| mark.days_late.unsigned_abs().min(longest);
                let whole = longest * self.due() as u64;
                Share {
                    part: whole - self.counted().map(lost).sum::<u64>(),
                    whole,
                }
            }
            Part::Answers => {
                let (answered, asked) = self.answers();
                share(answered, asked)
            }
            Part::PlanDay => {
                let became = |day| {
                    self.marks
                        .iter()
                        .filter(|mark| mark.plan_day == day)
                        .count()
                };
                let kept = became(PlanDay::Kept);
                share(kept, kept + became(PlanDay::Missed))
            }
        }
    }

    /// How many things score.
    #[must_use]
    pub fn due(&self) -> usize {
        self.counted().count()
    }

    /// How many things of the period stand so.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.marks
            .iter()
            .filter(|mark| mark.standing == standing)
            .count()
    }

    /// The weight of what stands so; the words together add up to the weight of the whole.
    #[must_use]
    pub fn weight(&self, standing: Standing) -> u64 {
        let those = self.marks.iter().filter(|mark| mark.standing == standing);
        those.map(|mark| u64::from(mark.weight)).sum()
    }

    /// The weighted share of what stands so, in the whole period.
    #[must_use]
    pub fn share(&self, standing: Standing) -> Share {
        Share {
            part: self.weight(standing),
            whole: self.marks.iter().map(|mark| u64::from(mark.weight)).sum(),
        }
    }

    /// Things late, done or open.
    #[must_use]
    pub fn late(&self) -> usize {
        self.marks.iter().filter(|mark| mark.is_late()).count()
    }

    /// Reports on time, of how many that score.
    #[must_use]
    pub fn reports(&self) -> (usize, usize) {
        let reports = || self.counted().filter(|mark| mark.is_report);
        let on_time = reports().filter(|mark| !mark.is_late()).count();
        (on_time, reports().count())
    }

    /// Working days late, all together.
    #[must_use]
    pub fn days_late(&self) -> i64 {
        self.marks.iter().map(|mark| mark.days_late).sum()
    }

    /// The longest that something open is overdue, in working days.
    #[must_use]
    pub fn longest_open(&self) -> i64 {
        let open = self
            .marks
            .iter()
            .filter(|mark| mark.standing == Standing::OpenLate);
        open.map(|mark| mark.days_late).max().unwrap_or(0)
    }

    /// Things that score of which anything was heard, of how many that anybody could answer: of what no message ever told an
    /// agency, no answer is missing.
    #[must_use]
    pub fn answers(&self) -> (usize, usize) {
        let answered = self.counted().filter(|mark| mark.is_answered).count();
        (answered, self.due() - self.untold())
    }

    /// Things that score, were not answered, and no message ever told the agency of.
    #[must_use]
    pub fn untold(&self) -> usize {
        self.counted().filter(|mark| mark.is_untold).count()
    }

    /// Things for which more time was given.
    #[must_use]
    pub fn extended(&self) -> usize {
        self.marks.iter().filter(|mark| mark.is_extended()).count()
    }

    /// What the parts gave together, in hundredths, and the most that they give.
    #[must_use]
    pub fn sum(&self) -> (u64, u32) {
        let gained = self.parts.iter().map(|part| part.hundredths).sum();
        (gained, self.parts.iter().map(|part| part.most).sum())
    }

    /// Its points of 100, to a tenth, half up; `None` when nothing scores. A part of which nothing could be counted (no
    /// report was due) neither gives nor costs: the others stand for the whole.
    #[must_use]
    pub fn points(&self) -> Option<Points> {
        let (part, most) = self.sum();
        let share = Share {
            part,
            whole: u64::from(most) * 100,
        };
        (most > 0).then(|| Points(share.permille()))
    }
}
