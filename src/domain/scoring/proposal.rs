//! Whom a ranking speaks for or against (the plan's part IV.2): proposals, each with its reasons. A person decides.

use super::ranking::{Place, Table};
use super::rules::{Points, Rules};
use super::score::Score;
use crate::domain::ids::AgencyCode;

/// Why somebody is proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// So many points, at least as many as the rules ask for.
    Points(Points),
    /// So many things late, no more than the rules allow.
    Late(usize),
    /// So many points, fewer than the rules ask for.
    FewPoints(Points),
    /// Something open and overdue by so many working days.
    Overdue(i64),
}

/// Somebody who is proposed, with the score that says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The score with its marks: the evidence.
    pub score: Score,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Whom to commend: ranked, with points enough, hardly anything late, and enough that was due. Table by table, the most
/// points first.
pub(super) fn commend(tables: &[Table], rules: &Rules) -> Vec<Proposal> {
    let wanted = rules.commend;
    let places = tables.iter().flat_map(|table| &table.places);
    let proposal = |place: &Place| {
        let score = &place.score;
        let fits = place.points >= wanted.points
            && score.late() <= wanted.late
            && score.due() >= wanted.due;
        fits.then(|| Proposal {
            score: score.clone(),
            reasons: vec![Reason::Points(place.points), Reason::Late(score.late())],
        })
    };
    places.filter_map(proposal).collect()
}

/// Whom a ranking speaks against.
#[derive(Debug, Default)]
pub(super) struct Against {
    /// Whom to criticise.
    pub criticised: Vec<Proposal>,
    /// Whom nothing speaks against but what no message ever told them of.
    pub untold: Vec<AgencyCode>,
}

/// Whom to criticise: ranked with few points, or, ranked or not, with something open for long; in either case it must be so
/// without what no message ever told the agency of. Table by table, the fewest points first and equal ones in the order in
/// which the table has them; who has no rank stands last.
pub(super) fn criticise(tables: &[Table], unranked: &[Score], rules: &Rules) -> Against {
    let mut against = Against::default();
    let mut weigh = |score: &Score, points: Option<Points>| {
        if reasons(score, points, rules).is_empty() {
            return;
        }
        let told = told_of(score, rules);
        let told_points = told.points().filter(|_| told.due() >= rules.fewest);
        let mut found = reasons(&told, points.and(told_points), rules);
        if found.is_empty() {
            against.untold.push(score.agency.clone());
            return;
        }
        // The points that stand in the table.
        for reason in &mut found {
            if let (Reason::FewPoints(shown), Some(points)) = (reason, points) {
                *shown = points;
            }
        }
        against.criticised.push(Proposal {
            score: score.clone(),
            reasons: found,
        });
    };
    let worst_first = tables.iter().flat_map(|table| {
        let mut places: Vec<&Place> = table.places.iter().collect();
        places.sort_by_key(|place| place.points);
        places
    });
    for place in worst_first {
        weigh(&place.score, Some(place.points));
    }
    for score in unranked {
        weigh(score, None);
    }
    against
}

fn reasons(score: &Score, points: Option<Points>, rules: &Rules) -> Vec<Reason> {
    let wanted = rules.criticise;
    let few = points.filter(|points| *points < wanted.points);
    let longest = score.longest_open();
    let overdue = (longest >= wanted.overdue).then_some(Reason::Overdue(longest));
    few.map(Reason::FewPoints)
        .into_iter()
        .chain(overdue)
        .collect()
}

/// The score without what no message ever told the agency of.
fn told_of(score: &Score, rules: &Rules) -> Score {
    let told = score.marks.iter().filter(|mark| !mark.is_untold);
    Score::new(score.agency.clone(), told.cloned().collect(), rules)
}
