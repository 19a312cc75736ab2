//! Which periods of a recurrence are meant, and which have a limit of their own: "hằng tháng (trừ tháng 6 và tháng 12)",
//! "hằng quý, riêng quý IV trước ngày 15/12", "quý I, II, III: ngày 20 tháng cuối quý".

use super::fixed::Reader;
use super::limits::{Limit, is_limit};
use super::outcome::NotUnderstood;
use super::pairs::{is_each, is_years};
use super::recurring::Occurrence;
use super::term::{Body, Bound, Cycle, Place, Scale, Span, Term};
use super::terms::is_range;

/// The expressions that say when in its period a duty is due. Periods in front of a day of each period ("quý I, II:
/// ngày 20 tháng cuối quý") say which periods instead.
pub(super) fn limits(terms: &[Term]) -> Vec<&Term> {
    let said = |term: &&Term| !chooses(terms, term) && !is_frame(terms, term);
    let limits = terms.iter().filter(said);
    limits.filter(|term| is_limit(term)).collect()
}

/// Whether the expression is a stretch in which something comes round: "hằng tháng, từ tháng 4 đến tháng 12", "thứ Hai
/// hằng tuần trong tháng 6".
pub(super) fn is_frame(terms: &[Term], term: &Term) -> bool {
    terms.iter().any(|other| frames(other, term))
}

/// Whether `stretch` bounds the recurrence that `each` names.
pub(super) fn frames(each: &Term, stretch: &Term) -> bool {
    let cycle = match &each.body {
        Body::Weekdays(_) => Cycle::Week,
        Body::DayOfEach(_, Place::EachMonth | Place::NextMonth) => Cycle::Month,
        Body::DayOfEach(..) | Body::MonthOfEach(_) => Cycle::Quarter,
        Body::Cycles {
            cycles,
            marked: true,
        } => match cycles[..] {
            [cycle] => cycle,
            _ => return false,
        },
        _ => return false,
    };
    match &stretch.body {
        Body::DaySpan(..) => cycle == Cycle::Week,
        Body::Spans { windows, .. } if !is_years(&stretch.body) && !is_each(&stretch.body) => {
            let [span] = windows[..] else {
                return false;
            };
            let range = is_range(&stretch.body);
            let holds = match cycle {
                Cycle::Week => true,
                Cycle::Month => range || span.scale > Scale::Month,
                Cycle::Quarter => range,
                _ => false,
            };
            holds && (range || stretch.bound == Bound::In)
        }
        _ => false,
    }
}

/// Whether the expression names the periods that the days of each period after it are for.
pub(super) fn chooses(terms: &[Term], term: &Term) -> bool {
    let place = |other: &Term| {
        other.from > term.from
            && is_each(&other.body)
            && !matches!(other.body, Body::Days(_) | Body::Spans { .. })
    };
    let listed =
        matches!(&term.body, Body::Spans { each, .. } if each.len() > 1 || !is_range(&term.body));
    term.bound == Bound::Bare
        && listed
        && !is_years(&term.body)
        && !is_each(&term.body)
        && terms.iter().any(place)
}

impl Reader<'_> {
    /// Keeps the periods that are named, and drops those that are excepted.
    pub fn choose(
        &self,
        terms: &[Term],
        periods: &mut Vec<Occurrence>,
    ) -> Result<(), NotUnderstood> {
        for term in terms {
            match &term.body {
                Body::Except(spans) => {
                    self.take(spans, periods)?;
                }
                Body::Spans { each, .. } if chooses(terms, term) => {
                    *periods = self.take(each, periods)?;
                }
                _ => {}
            }
        }
        if periods.is_empty() {
            return self.refuse("no period is left");
        }
        Ok(())
    }

    /// "riêng quý IV trước ngày 15/12": takes that period out and gives it its own limit.
    pub fn set_apart(
        &self,
        apart: &[Term],
        periods: &mut Vec<Occurrence>,
    ) -> Result<Vec<Occurrence>, NotUnderstood> {
        let Some((
            Term {
                body: Body::Apart(spans),
                ..
            },
            rest,
        )) = apart.split_first()
        else {
            return Ok(Vec::new());
        };
        let mut singled = self.take(spans, periods)?;
        let limit = Limit {
            terms: limits(rest),
            one_window: false,
        };
        if limit.terms.is_empty() || limit.terms.len() != rest.len() {
            return self.refuse("it is not said what holds for the period set apart");
        }
        limit.apply(self, &mut singled, false)?;
        Ok(singled)
    }

    /// Takes out the periods of these spans, each of which must be one.
    fn take(
        &self,
        spans: &[Span],
        periods: &mut Vec<Occurrence>,
    ) -> Result<Vec<Occurrence>, NotUnderstood> {
        let mut taken = Vec::new();
        for span in spans {
            let (first, last) = self.span(span)?;
            let found = periods
                .iter()
                .position(|one| (one.opens_on, one.period_end) == (first, last));
            match found {
                Some(at) => taken.push(periods.remove(at)),
                None => return self.refuse("a period that does not come round here"),
            }
        }
        Ok(taken)
    }
}
