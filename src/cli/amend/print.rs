//! What an amendment did, in words and as JSON.

mod list;
mod unowed;

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::ShowingArgs;
use crate::app::amend::{Effect, Outcome, Raised, Told};
use crate::cli::exit::Exit;
use crate::cli::status::{as_json, given_json, standing, standing_or_given};
use crate::cli::table::Table;
use crate::domain::amendment::{Fate, Request};
use crate::domain::ids::{AgencyCode, ContactId, PlanId};
use crate::domain::obligation::Obligation;
pub(super) use list::amendments;
use unowed::{left_out, unowed_json};

/// So much of what went from one agency to others is named.
const URGENT: usize = 3;

/// So many people or agencies are named; JSON names all.
const NAMES: usize = 10;

/// What was changed, or would be.
pub(super) fn outcome(
    outcome: &Outcome,
    ends: Option<&AgencyCode>,
    showing: &ShowingArgs,
    today: NaiveDate,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let Outcome {
        amendment,
        effects,
        unowed,
        changed: count,
        told,
        spared,
        unbound,
        rebound,
        unfiled,
    } = outcome;
    if showing.json {
        let all = json!({
            "amendment": (!showing.dry_run).then_some(amendment),
            "effects": effects.iter().map(|one| effect_json(one, today)).collect::<Vec<_>>(),
            "unowed": unowed.iter().map(unowed_json).collect::<Vec<_>>(),
            "told": told.iter().map(told_json).collect::<Vec<_>>(),
            "told_of_neither": spared,
            "unbound": unbound,
            "bound_again": rebound,
            "unfiled": unfiled,
            "changed": !showing.dry_run,
        });
        serde_json::to_writer(&mut *out, &all)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    let would = if showing.dry_run { "would be " } else { "" };
    let changed = effects.iter().filter(|one| one.after.is_ok());
    for line in ways(changed.clone(), ends) {
        writeln!(out, "{line}")?;
    }
    let mut table = Table::new(&["milestone", "agency", "was", "due", "is", "due", "owed by"]);
    for one in changed.clone() {
        let after = one.after.as_ref().unwrap_or(&one.before);
        let heirs = one.given.iter().filter(|(_, fate)| fate.is_owed());
        let heirs: Vec<&str> = heirs.map(|(agency, _)| agency.as_str()).collect();
        table.row([
            one.before.milestone.to_string(),
            one.before.agency.to_string(),
            stood(one, today),
            date(&one.before),
            standing_or_given(
                after.standing(today, one.asked),
                after.state,
                &heirs_of(one),
            ),
            date(after),
            heirs.join(", "),
        ]);
    }
    table.print(out)?;
    for one in effects {
        if let Err(why) = &one.after {
            let Obligation {
                milestone, agency, ..
            } = &one.before;
            writeln!(out, "{milestone} of {agency} stays as it is: it {why}")?;
        }
    }
    for one in unowed {
        writeln!(out, "{}", left_out(one))?;
    }
    for one in changed.clone() {
        for (heir, fate) in &one.given {
            given(one, heir, *fate, today, out)?;
        }
    }
    for one in changed.clone() {
        for what in &one.raised {
            writeln!(out, "{}", raised(one, what))?;
        }
    }
    let late = changed.filter(|one| one.becomes_late(today));
    let late = late.count();
    if late > 0 {
        writeln!(out, "late at once, due before today: {late}")?;
    }
    if showing.dry_run {
        writeln!(out, "{count} would be changed; nothing was")?;
    } else {
        writeln!(out, "amendment {amendment}: {count} changed")?;
    }
    if spared.is_empty() || !told.is_empty() {
        people(told, would, out)?;
    }
    if !spared.is_empty() {
        let names = named(spared);
        writeln!(
            out,
            "{would}told of neither, for no brief has told them yet of what this takes back: {names}"
        )?;
    }
    chats(rebound, unbound, would, out)?;
    files_behind(unfiled.as_ref(), showing.dry_run, out)?;
    Ok(Exit::Fine)
}

/// Whether the files of the plan say since something else.
fn files_behind(
    unfiled: Option<&PlanId>,
    dry_run: bool,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let Some(plan) = unfiled else {
        return Ok(());
    };
    let when = if dry_run { "then" } else { "now" };
    writeln!(
        out,
        "the files of plan {plan} say other days than those that hold {when}: put plan.toml back as it was before what this takes back"
    )
}

/// Whose chats are bound again, or not until a new code.
fn chats(
    rebound: &[ContactId],
    unbound: &[ContactId],
    would: &str,
    out: &mut impl Write,
) -> std::io::Result<()> {
    for (of, how) in [
        (rebound, "bound again"),
        (unbound, "unbound until a new `dondoc contact link`"),
    ] {
        let names: Vec<&str> = of.iter().map(ContactId::as_str).collect();
        if !names.is_empty() {
            writeln!(out, "chats {would}{how}: {}", names.join(", "))?;
        }
    }
    Ok(())
}

/// What went from one agency to others, in a line each: who ends, how much goes to whom, and the most urgent of it.
fn ways<'e>(changed: impl Iterator<Item = &'e Effect>, ends: Option<&AgencyCode>) -> Vec<String> {
    let mut ways: BTreeMap<(&AgencyCode, Vec<AgencyCode>), Vec<&Obligation>> = BTreeMap::new();
    for one in changed.filter(|one| !one.given.is_empty()) {
        let way = (&one.before.agency, heirs_of(one));
        ways.entry(way).or_default().push(&one.before);
    }
    let told = ways.into_iter().map(|((from, heirs), mut given)| {
        given.sort_by_key(|one| (one.due_on.is_none(), one.due_on));
        let urgent = given.iter().filter_map(|one| {
            let due_on = one.due_on?;
            Some(format!("{} due {due_on}", one.milestone))
        });
        let urgent: Vec<String> = urgent.take(URGENT).collect();
        let heirs: Vec<&str> = heirs.iter().map(AgencyCode::as_str).collect();
        let (count, heirs) = (given.len(), heirs.join(" and "));
        let many = if count == 1 {
            "obligation goes"
        } else {
            "obligations go"
        };
        let what = match ends == Some(from) {
            true if heirs.contains(" and ") => {
                format!("{from} ends, and is split: {count} {many} to {heirs}")
            }
            true => format!("{from} ends, and is merged into {heirs}: {count} {many} there"),
            false => format!("of {from}, {count} {many} to {heirs}"),
        };
        match urgent.as_slice() {
            [] => what,
            urgent => format!("{what}; first due: {}", urgent.join(", ")),
        }
    });
    told.collect()
}

/// The first few of them, and how many more there are.
fn named(all: &[impl ToString]) -> String {
    let mut names: Vec<String> = all.iter().take(NAMES).map(ToString::to_string).collect();
    if all.len() > NAMES {
        names.push(format!("and {} others", all.len() - NAMES));
    }
    names.join(", ")
}

/// What becomes of an obligation that was given to an agency which has, or had, the same already.
fn given(
    effect: &Effect,
    heir: &AgencyCode,
    fate: Fate,
    today: NaiveDate,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let Obligation {
        milestone, agency, ..
    } = &effect.before;
    let was = standing(&effect.before, today, effect.asked);
    let what = format!("{milestone} of {agency}, {was}");
    match fate {
        Fate::TakenOver => Ok(()),
        Fate::Joined => writeln!(
            out,
            "{what}: {heir} owes the same, and answers for both by its own due day"
        ),
        Fate::AlreadyDone { on } => writeln!(
            out,
            "{what}: {heir} has done the same already{}, so nobody owes or reports the part of {agency} any more; if it is \
             still wanted, have that of {heir} open again: `dondoc report {milestone} {heir} open --note …`",
            on.map_or_else(String::new, |day| format!(", on {day}"))
        ),
        Fate::AtRest { state } => writeln!(
            out,
            "{what}: the same of {heir} is {}, so nobody owes the part of {agency} until that is owed: `dondoc amend resume` or `begin`",
            state.as_str()
        ),
    }
}

/// How it stood before; what another agency owed by then was given to it.
fn stood(effect: &Effect, today: NaiveDate) -> String {
    let before = &effect.before;
    standing_or_given(
        before.standing(today, effect.asked),
        before.state,
        &effect.was_given_to,
    )
}

fn heirs_of(effect: &Effect) -> Vec<AgencyCode> {
    let heirs = effect.given.iter();
    heirs.map(|(agency, _)| agency.clone()).collect()
}

/// What somebody asked or reported and nobody has decided, and what becomes of it.
fn raised(effect: &Effect, raised: &Raised) -> String {
    let Obligation {
        milestone, agency, ..
    } = &effect.before;
    let who = raised.by.as_ref().map_or("somebody", ContactId::as_str);
    let day = |before: &str| raised.day.map(|day| format!(" {before} {day}"));
    let what = match raised.what.as_str() {
        "extension-asked" => format!("asked for more time{}", day("until").unwrap_or_default()),
        "reassignment-asked" => "said that it is not theirs".to_owned(),
        "blocked" => "reported a difficulty".to_owned(),
        _ => format!("claimed it done{}", day("on").unwrap_or_default()),
    };
    let heirs: Vec<&str> = effect.given.iter().map(|(to, _)| to.as_str()).collect();
    let becomes = match raised.becomes {
        Request::Waits => "that still waits for a decision".to_owned(),
        Request::Answered => "this document is the answer".to_owned(),
        Request::Rests => "that rests, and waits again when it is resumed".to_owned(),
        Request::Returns => "that waits for a decision again".to_owned(),
        Request::Moves => format!("that goes with it to {}", heirs.join(" and ")),
        Request::Ends => "that is of no use any more, and ends".to_owned(),
    };
    format!(
        "{milestone} of {agency}: on {} {who} {what}; {becomes}",
        raised.on
    )
}

/// Who is told by what, and who cannot be.
pub(super) fn people(told: &[Told], would: &str, out: &mut impl Write) -> std::io::Result<()> {
    let reached = told.iter().filter_map(|one| {
        let channel = one.by.as_ref().ok()?.as_str();
        Some(format!("{} by {channel}", one.contact))
    });
    let mut reached: Vec<String> = reached.collect();
    let out_of_reach = told.iter().filter_map(|one| {
        let why = one.by.as_ref().err()?;
        Some(format!("{}, {why}", one.contact))
    });
    if told.is_empty() {
        return writeln!(
            out,
            "nobody is told: the agencies have no officer and no head; see `dondoc contact list`"
        );
    }
    if reached.len() > NAMES {
        let more = reached.len() - NAMES;
        reached.truncate(NAMES);
        reached.push(format!("and {more} others"));
    }
    if !reached.is_empty() {
        let reached = reached.join(", ");
        writeln!(out, "{would}told in their next brief: {reached}")?;
    }
    for one in out_of_reach {
        writeln!(
            out,
            "cannot be told until a new `dondoc contact link` or address: {one}"
        )?;
    }
    Ok(())
}

pub(super) fn told_json(told: &Told) -> Value {
    json!({
        "contact": told.contact,
        "channel": told.by.as_ref().ok().map(|channel| channel.as_str()),
        "cannot_because": told.by.as_ref().err().map(ToString::to_string),
    })
}

fn effect_json(effect: &Effect, today: NaiveDate) -> Value {
    json!({
        "before": given_json(as_json(&effect.before, today, effect.asked), &effect.was_given_to),
        "after": effect.after.as_ref().ok().map(|after| {
            given_json(as_json(after, today, effect.asked), &heirs_of(effect))
        }),
        "stays_because": effect.after.as_ref().err().map(ToString::to_string),
        "given_to": effect.given.iter().map(|(agency, _)| agency).collect::<Vec<_>>(),
        "fates": effect.given.iter().map(|(_, fate)| fate).collect::<Vec<_>>(),
        "raised": effect.raised,
        "becomes_late": effect.becomes_late(today),
    })
}

fn date(one: &Obligation) -> String {
    one.due_on
        .map_or_else(|| "–".to_owned(), |day| day.to_string())
}

#[cfg(test)]
mod tests;
