//! The digests that left, as the outbox has them: what is asked for again speaks of the same days.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use crate::app::AppError;
use crate::app::setup::Setup;
use crate::clock::{instant, local};
use crate::domain::digest::Span;
use crate::store::{Known, Tx, outbox, watermarks};

/// How far back the digest before is looked for.
const BACK: Days = Days::new(62);

/// How far ahead one is looked for that was late.
const AHEAD: Days = Days::new(31);

/// The days of which the digest of `day` speaks. Those that left on that day, or late for it, speak of the days since the
/// ones before, in whatever plan: all leave together. Where none did, the schedule says when they should have. Digests of
/// which one never left, and is told anew, are passed over: nobody misses a week because the relay did.
pub(super) async fn span_on(tx: &mut Tx, setup: &Setup, day: NaiveDate) -> Result<Span, AppError> {
    let midnight = |day: NaiveDate| instant(day.and_time(NaiveTime::MIN));
    let (first, last) = (midnight(day - BACK), midnight(day + AHEAD));
    let made = outbox::list_digests_between(tx, first, last).await?;
    let (lost, made): (Vec<_>, Vec<_>) = made.into_iter().partition(|one| one.is_told_anew);
    let made: Vec<NaiveDate> = made.iter().map(|one| local(one.at).date()).collect();
    let lost = lost.first().map(|one| local(one.at).date());
    let span = span_of(&made, lost, setup, day);
    let is_looked_back_on = made.iter().any(|made| *made < span.morning()) || lost.is_some();
    if is_looked_back_on {
        return Ok(span);
    }
    // Longer ago than that: still the last that anybody has had.
    let last = watermarks::last_digest(tx).await?.and_then(|(_, at)| at);
    let last = last.map(|at| local(at).date());
    let last = last.filter(|last| *last < span.morning());
    Ok(last.map_or(span, |last| Span::between(last, span.morning())))
}

/// What the digest on the morning of `day` knew: all that was there when it was made or, where none was, by the end of that day.
pub(super) async fn known_on(tx: &mut Tx, day: NaiveDate) -> Result<Known, AppError> {
    let midnight = |day: NaiveDate| instant(day.and_time(NaiveTime::MIN));
    let (morning, end) = (midnight(day), midnight(day + Days::new(1)));
    let made = outbox::list_digests_between(tx, morning, end).await?;
    let at = made.first().map_or(end, |first| first.at);
    Ok(Known::by(at, morning))
}

/// The same, when digests left on the days `made`, in order, and the first that never did were made on the day `lost`.
fn span_of(made: &[NaiveDate], lost: Option<NaiveDate>, setup: &Setup, day: NaiveDate) -> Span {
    let due = setup.digest_of(day);
    let is_due = due.is_some_and(|(nominal, leaves_on)| [nominal.date(), leaves_on].contains(&day));
    let nominal = |(nominal, _): (NaiveDateTime, NaiveDate)| nominal;
    let is_of_it = |made: &&NaiveDate| {
        **made == day
            || (**made > day && is_due && setup.digest_of(**made).map(nominal) == due.map(nominal))
    };
    let found = made.iter().find(is_of_it).copied();
    let morning = found.unwrap_or(day);
    let before = made.iter().rfind(|made| **made < morning).copied();
    Span::between(
        before.unwrap_or_else(|| {
            // The first that left speaks of the days before the one on which it should have.
            let due_on = found.and_then(|found| setup.digest_of(found));
            let due_on = due_on.map_or(morning, |(_, leaves_on)| leaves_on);
            setup.digest_before(lost.map_or(due_on, |lost| lost.min(due_on)))
        }),
        morning,
    )
}
