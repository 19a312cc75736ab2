//! What an amendment did, and the amendments so far, in words and as JSON.

use std::io::Write;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::ShowingArgs;
use crate::app::amend::{Amendment, Effect, Outcome};
use crate::cli::exit::Exit;
use crate::cli::status::{as_json, standing};
use crate::cli::table::Table;
use crate::clock::local;
use crate::domain::ids::ContactId;
use crate::domain::obligation::Obligation;

/// So many people are named; JSON names all.
const NAMES: usize = 10;

/// What was changed, or would be.
pub(super) fn outcome(
    outcome: &Outcome,
    showing: &ShowingArgs,
    today: NaiveDate,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let Outcome {
        amendment,
        effects,
        told,
        unbound,
    } = outcome;
    if showing.json {
        let all = json!({
            "amendment": (!showing.dry_run).then_some(amendment),
            "effects": effects.iter().map(|one| effect_json(one, today)).collect::<Vec<_>>(),
            "told": told,
            "unbound": unbound,
            "changed": !showing.dry_run,
        });
        serde_json::to_writer(&mut *out, &all)?;
        writeln!(out)?;
        return Ok(Exit::Fine);
    }
    let would = if showing.dry_run { "would be " } else { "" };
    let changed = effects.iter().filter(|one| one.after.is_ok());
    let mut table = Table::new(&["milestone", "agency", "was", "due", "is", "due", "owed by"]);
    for one in changed.clone() {
        let after = one.after.as_ref().unwrap_or(&one.before);
        let heir = one.taken_over_by.as_ref();
        table.row([
            one.before.milestone.to_string(),
            one.before.agency.to_string(),
            standing(&one.before, today),
            date(&one.before),
            standing(after, today),
            date(after),
            heir.map_or_else(String::new, ToString::to_string),
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
    let count = changed.count();
    if showing.dry_run {
        writeln!(out, "{count} would be changed; nothing was")?;
    } else {
        writeln!(out, "amendment {amendment}: {count} changed")?;
    }
    let mut names: Vec<&str> = told.iter().take(NAMES).map(ContactId::as_str).collect();
    let others = match told.len() - names.len() {
        0 => String::new(),
        more => format!("and {more} others"),
    };
    names.extend((!others.is_empty()).then_some(others.as_str()));
    if names.is_empty() {
        writeln!(
            out,
            "nobody is told: the agencies have no officer and no head; see `dondoc contact list`"
        )?;
    } else {
        writeln!(out, "{would}told in their next brief: {}", names.join(", "))?;
    }
    if !unbound.is_empty() {
        let names: Vec<&str> = unbound.iter().map(ContactId::as_str).collect();
        let names = names.join(", ");
        writeln!(
            out,
            "chats {would}unbound until a new `dondoc contact link`: {names}"
        )?;
    }
    Ok(Exit::Fine)
}

fn effect_json(effect: &Effect, today: NaiveDate) -> Value {
    json!({
        "before": as_json(&effect.before, today, None),
        "after": effect.after.as_ref().ok().map(|after| as_json(after, today, None)),
        "stays_because": effect.after.as_ref().err().map(ToString::to_string),
        "taken_over_by": effect.taken_over_by,
    })
}

fn date(one: &Obligation) -> String {
    one.due_on
        .map_or_else(|| "–".to_owned(), |day| day.to_string())
}

/// The amendments so far.
pub(super) fn amendments(
    amendments: &[Amendment],
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    if json {
        for one in amendments {
            serde_json::to_writer(&mut *out, &amendment_json(one))?;
            writeln!(out)?;
        }
        return Ok(Exit::Fine);
    }
    let mut table = Table::new(&["number", "at", "what", "document", "obligations", "reason"]);
    for one in amendments {
        let reason = one.entry.reason.clone().unwrap_or_default();
        let reason = match (one.entry.revokes, one.revoked_by) {
            (Some(number), _) => format!("takes back {number} {reason}"),
            (None, Some(number)) => format!("taken back by {number} {reason}"),
            (None, None) => reason,
        };
        table.row([
            one.id.to_string(),
            local(one.at).date().to_string(),
            one.entry.kind.as_str().to_owned(),
            one.entry.document.clone(),
            one.items.to_string(),
            reason.trim().to_owned(),
        ]);
    }
    table.print(out)?;
    writeln!(out, "{} amendments", amendments.len())?;
    Ok(Exit::Fine)
}

fn amendment_json(one: &Amendment) -> Value {
    json!({
        "amendment": one.id,
        "plan": one.entry.plan,
        "at": local(one.at).to_string(),
        "kind": one.entry.kind.as_str(),
        "document": one.entry.document,
        "signed_on": one.entry.signed_on,
        "reason": one.entry.reason,
        "obligations": one.items,
        "revokes": one.entry.revokes,
        "revoked_by": one.revoked_by,
    })
}
