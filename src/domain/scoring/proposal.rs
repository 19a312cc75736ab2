//! Whom a ranking speaks for or against (the plan's part IV.2): proposals, each with its reasons. A person decides.

use super::ranking::{Place, Table};
use super::rules::{Points, Rules};
use super::score::Score;

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

/// Whom to criticise: ranked with few points, or, ranked or not, with something open for long. Table by table, the fewest
/// points first and equal ones in the order in which the table has them; who has no rank stands last.
pub(super) fn criticise(tables: &[Table], unranked: &[Score], rules: &Rules) -> Vec<Proposal> {
    let wanted = rules.criticise;
    let proposal = |score: &Score, points: Option<Points>| {
        let few = points.filter(|points| *points < wanted.points);
        let longest = score.longest_open();
        let overdue = (longest >= wanted.overdue).then_some(Reason::Overdue(longest));
        let reasons: Vec<Reason> = few
            .map(Reason::FewPoints)
            .into_iter()
            .chain(overdue)
            .collect();
        (!reasons.is_empty()).then(|| Proposal {
            score: score.clone(),
            reasons,
        })
    };
    let worst_first = tables.iter().flat_map(|table| {
        let mut places: Vec<&Place> = table.places.iter().collect();
        places.sort_by_key(|place| place.points);
        places
    });
    let ranked = worst_first.map(|place| proposal(&place.score, Some(place.points)));
    let unranked = unranked.iter().map(|score| proposal(score, None));
    ranked.chain(unranked).flatten().collect()
}
