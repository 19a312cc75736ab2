//! All cases of a plan -> the ranking of a period.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::mark::{Case, LeftOut, Mark, mark};
use super::proposal::{Against, Proposal, commend, criticise};
use super::rules::{Among, Points, Rules};
use super::score::Score;
use crate::domain::calendar::Calendar;
use crate::domain::directory::Level;
use crate::domain::ids::{AgencyCode, ObligationId};
use crate::domain::period::Period;

/// One agency in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its rank in its table: one more than the number of agencies with more points.
    pub rank: usize,
    /// Whether another agency has the same.
    pub is_shared: bool,
    /// Its points.
    pub points: Points,
    /// What they are made of.
    pub score: Score,
}

/// Agencies that are ranked among one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Their level; `None`: all levels together.
    pub level: Option<Level>,
    /// The best first.
    pub places: Vec<Place>,
}

/// A ranking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// What fell due in this period.
    pub period: Period,
    /// The day up to whose end it was counted.
    pub day: NaiveDate,
    /// The tables, the highest level first; none is empty.
    pub tables: Vec<Table>,
    /// Agencies with too little due to be ranked, each with its numbers.
    pub too_few: Vec<Score>,
    /// Agencies of which nothing has fallen due; what is open in time is among their marks.
    pub nothing_due: Vec<Score>,
    /// Agencies of which nothing counts because documents gave it to others: they had something to do.
    pub given_away: Vec<Score>,
    /// What does not count, and why.
    pub left_out: Vec<(ObligationId, AgencyCode, LeftOut)>,
    /// Whom to commend.
    pub commend: Vec<Proposal>,
    /// Whom to criticise; nobody before the period is over.
    pub criticise: Vec<Proposal>,
    /// Whom not to criticise, as nothing speaks against them but what no message ever told them of.
    pub untold: Vec<AgencyCode>,
}

impl Ranking {
    /// The score of an agency, wherever it stands.
    #[must_use]
    pub fn find(&self, agency: &AgencyCode) -> Option<(&Score, Option<&Place>)> {
        let ranked = self.places().map(|place| (&place.score, Some(place)));
        let unranked = self.too_few.iter().chain(&self.nothing_due);
        let unranked = unranked.chain(&self.given_away);
        let mut all = ranked.chain(unranked.map(|score| (score, None)));
        all.find(|(score, _)| score.agency == *agency)
    }

    /// Every place of every table.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.tables.iter().flat_map(|table| &table.places)
    }

    /// Every score, ranked or not.
    pub fn scores(&self) -> impl Iterator<Item = &Score> {
        let ranked = self.places().map(|place| &place.score);
        ranked
            .chain(&self.too_few)
            .chain(&self.nothing_due)
            .chain(&self.given_away)
    }

    /// How many do not count for that reason.
    #[must_use]
    pub fn count_left_out(&self, why: LeftOut) -> usize {
        self.left_out
            .iter()
            .filter(|(_, _, found)| *found == why)
            .count()
    }
}

/// The ranking of `period` at the end of `day`. `agencies` names the level of each agency, in the order in which equal
/// ones are shown; one that has no case at all is not mentioned.
#[must_use]
pub fn rank(
    cases: &[Case<'_>],
    agencies: &[(AgencyCode, Level)],
    rules: &Rules,
    period: Period,
    day: NaiveDate,
    calendar: &Calendar,
) -> Ranking {
    let mut marks: BTreeMap<&AgencyCode, Vec<Mark>> = BTreeMap::new();
    let mut left_out = Vec::new();
    for case in cases {
        let obligation = case.account.obligation;
        let own = marks.entry(&obligation.agency).or_default();
        match mark(case, rules, &period, day, calendar) {
            Some(Ok(mark)) => own.push(mark),
            Some(Err(why)) => left_out.push((obligation.id, obligation.agency.clone(), why)),
            None => {}
        }
    }
    left_out.sort();
    let order = |agency: &AgencyCode| agencies.iter().position(|(code, _)| code == agency);
    let mut scores: Vec<Score> = marks
        .into_iter()
        .map(|(agency, marks)| Score::new(agency.clone(), marks, rules))
        .collect();
    scores.sort_by_key(|score| order(&score.agency).unwrap_or(usize::MAX));
    let (due, idle): (Vec<Score>, Vec<Score>) = scores.into_iter().partition(|one| one.due() > 0);
    let (given_away, idle): (Vec<Score>, Vec<Score>) = idle.into_iter().partition(|score| {
        let gave = |(_, agency, why): &(ObligationId, AgencyCode, LeftOut)| {
            *agency == score.agency && *why == LeftOut::Transferred
        };
        // Of whom something else is still to come, or to be decided, that is said.
        score.marks.is_empty() && left_out.iter().any(gave)
    });
    let (enough, too_few): (Vec<Score>, Vec<Score>) = due
        .into_iter()
        .partition(|score| score.due() >= rules.fewest);
    let mut by_level: BTreeMap<Option<Level>, Vec<Score>> = BTreeMap::new();
    for score in enough {
        let known = agencies.iter().find(|(code, _)| *code == score.agency);
        let level = known
            .map(|(_, level)| *level)
            .filter(|_| rules.among == Among::Level);
        by_level.entry(level).or_default().push(score);
    }
    let tables: Vec<Table> = by_level
        .into_iter()
        .map(|(level, scores)| Table {
            level,
            places: places(scores),
        })
        .collect();
    let against = if day > period.to {
        criticise(&tables, &too_few, rules)
    } else {
        Against::default()
    };
    Ranking {
        period,
        day,
        commend: commend(&tables, rules),
        criticise: against.criticised,
        untold: against.untold,
        tables,
        too_few,
        nothing_due: idle,
        given_away,
        left_out,
    }
}

/// Equal points share a rank, and the ranks they take up are not given again: 1, 2, 2, 4.
fn places(scores: Vec<Score>) -> Vec<Place> {
    let mut scored: Vec<(Points, Score)> = scores
        .into_iter()
        .filter_map(|score| Some((score.points()?, score)))
        .collect();
    scored.sort_by_key(|(points, _)| Reverse(*points));
    let all: Vec<Points> = scored.iter().map(|(points, _)| *points).collect();
    let place = |(points, score): (Points, Score)| Place {
        rank: 1 + all.iter().filter(|other| **other > points).count(),
        is_shared: all.iter().filter(|other| **other == points).count() > 1,
        points,
        score,
    };
    scored.into_iter().map(place).collect()
}
