//! One statement about one obligation -> what changes, or why it cannot.

use chrono::NaiveDate;

use super::act::{Act, Change, Evidence, Stand, What};
use super::answer::Why;
use super::situation::{Claim, Owed};
use crate::domain::obligation::{Obligation, Pending, State};
use crate::domain::plan::{Acceptance, MilestoneKind};

/// What came of a statement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) change: Change,
    /// Whether the day of the next reminder had to be moved before the last day.
    pub(super) capped: bool,
}

/// What `what` changes about `owed` on `today`.
pub(super) fn verdict(owed: &Owed, what: What, today: NaiveDate) -> Result<Verdict, Why> {
    let before = Stand::of(&owed.obligation);
    match before.state {
        State::Cancelled | State::Suspended => return Err(Why::Held),
        State::Asleep if !matches!(what, What::Reassign) => return Err(Why::Asleep),
        _ => {}
    }
    let mut capped = false;
    let after = match &what {
        What::Done { on, .. } => done(owed, before, *on)?,
        What::Evidence(_) => before,
        What::Ack if before.state == State::Open => before,
        What::Handed if before.state == State::Open => owned_again(before),
        What::Ack | What::Handed => return Err(Why::AlreadyDone),
        What::Progress { .. } | What::Blocked | What::Reassign | What::Extension { .. }
            if before.state == State::Done =>
        {
            return Err(Why::AlreadyDone);
        }
        What::Snooze { .. } if before.state == State::Done => return Err(Why::AlreadyDone),
        What::Blocked => Stand {
            snoozed_until: None,
            ..before
        },
        What::Progress { .. } => Stand {
            snoozed_until: None,
            ..owned_again(before)
        },
        What::Extension { until } => extension(owed, before, *until)?,
        What::Reassign => Stand {
            pending: Some(Pending::Reassignment),
            ..before
        },
        What::Snooze { until } => {
            let (after, moved) = snooze(owed, before, *until, today)?;
            capped = moved;
            after
        }
        What::Undo { event } => {
            let claim = owed.claim.filter(|claim| claim.event == *event);
            claim.ok_or(Why::ChangedSince)?.before
        }
    };
    let what = match (what, after.snoozed_until) {
        (What::Snooze { .. }, Some(until)) => What::Snooze { until },
        (what, _) => what,
    };
    Ok(Verdict {
        change: Change {
            obligation: owed.id(),
            what,
            before,
            after,
            files: Vec::new(),
        },
        capped,
    })
}

/// The same, for what was offered earlier: it holds only while the obligation stands as it stood then.
pub(super) fn verdict_of_act(owed: &Owed, act: &Act, today: NaiveDate) -> Result<Verdict, Why> {
    let stands = act.stand == Stand::of(&owed.obligation);
    if !stands || act.due_on != owed.obligation.due_on {
        return Err(Why::ChangedSince);
    }
    let mut found = verdict(owed, act.what.clone(), today)?;
    found.change.files.clone_from(&act.files);
    Ok(found)
}

/// The claimed completion that `what` says not to be one. It is neither overruled, for it may have been right, nor left
/// without a word: a false "done" is the worst error.
pub(super) fn contradicted(owed: &Owed, what: &What) -> Option<Claim> {
    let denies = matches!(
        what,
        What::Progress { .. } | What::Blocked | What::Extension { .. } | What::Reassign
    );
    owed.claim.filter(|_| denies)
}

/// The document that a recorded completion still lacks, where `what` names one: it was asked for, and is welcome late. So is
/// another day of the one that is recorded. "Under way" with a number is no such thing, unless nobody is sure that this was
/// meant.
pub(super) fn late_proof(
    owed: &Owed,
    what: &What,
    on: Option<NaiveDate>,
    sure: bool,
) -> Option<What> {
    let Obligation { state, pending, .. } = owed.obligation;
    let is_claimed = state == State::Done || pending == Some(Pending::Acceptance);
    let document = match what {
        What::Done { document, .. } => document.clone(),
        What::Progress { document, .. } if !sure => document.clone(),
        _ => None,
    };
    let is_dated_anew = || {
        let claimed_on = owed.claim.map(|claim| claim.on);
        document == owed.document && on.is_some() && claimed_on.is_some_and(|day| Some(day) != on)
    };
    let is_wanted = is_claimed && (owed.document.is_none() || is_dated_anew());
    let document = document.filter(|_| is_wanted)?;
    Some(What::Evidence(Evidence {
        document: Some(document),
        on,
    }))
}

/// The document that is named for a completion which names another one already.
pub(super) fn another_proof(owed: &Owed, what: &What, sure: bool) -> Option<String> {
    let lacking = Owed {
        document: None,
        ..owed.clone()
    };
    let Some(What::Evidence(Evidence { document, .. })) = late_proof(&lacking, what, None, sure)
    else {
        return None;
    };
    let before = owed.document.as_ref()?;
    document.filter(|named| named != before && !owed.further.contains(named))
}

/// Who works on it, or has somebody there do so, does not say any more that it is another's.
fn owned_again(before: Stand) -> Stand {
    let pending = before.pending;
    Stand {
        pending: pending.filter(|waits| *waits != Pending::Reassignment),
        ..before
    }
}

/// A completion counts at once or waits for the monitor, as the plan says (DESIGN rule 15). A task without a due day is
/// never over: its completion is a report on its status.
fn done(owed: &Owed, before: Stand, on: NaiveDate) -> Result<Stand, Why> {
    if before.state == State::Done || before.pending == Some(Pending::Acceptance) {
        return Err(Why::AlreadyDone);
    }
    if on < owed.issued_on {
        return Err(Why::BeforePlan);
    }
    if owed.obligation.kind == MilestoneKind::Continuous {
        return Ok(Stand {
            snoozed_until: None,
            ..before
        });
    }
    Ok(match owed.acceptance {
        Acceptance::Trust => Stand {
            state: State::Done,
            done_on: Some(on),
            pending: None,
            snoozed_until: None,
        },
        Acceptance::Confirm => Stand {
            pending: Some(Pending::Acceptance),
            snoozed_until: None,
            ..before
        },
    })
}

fn extension(owed: &Owed, before: Stand, until: Option<NaiveDate>) -> Result<Stand, Why> {
    let due = owed.obligation.due_on.ok_or(Why::NoDeadline)?;
    if until.is_some_and(|until| until <= due) {
        return Err(Why::NotLater);
    }
    Ok(Stand {
        pending: Some(Pending::Extension),
        ..before
    })
}

/// A reminder is never put off past the last day on which something can be done about it.
fn snooze(
    owed: &Owed,
    before: Stand,
    until: NaiveDate,
    today: NaiveDate,
) -> Result<(Stand, bool), Why> {
    let last = owed.obligation.act_by.or(owed.obligation.due_on);
    if last.is_some_and(|last| last <= today) {
        return Err(Why::TooLateToSnooze);
    }
    let day = last.map_or(until, |last| until.min(last));
    let after = Stand {
        snoozed_until: Some(day),
        ..before
    };
    Ok((after, day != until))
}
