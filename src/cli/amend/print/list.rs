//! The amendments so far, in words and as JSON.

use std::io::Write;

use serde_json::{Value, json};

use crate::app::amend::Amendment;
use crate::app::setup::Setup;
use crate::cli::exit::Exit;
use crate::cli::table::Table;
use crate::clock::local;
use crate::domain::amendment::Kind;

/// The amendments so far.
pub(in crate::cli::amend) fn amendments(
    setup: &Setup,
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
    let heading = ["number", "at", "what", "document", "obligations", "reason"];
    let mut table = Table::of_plans(setup, &heading);
    for one in amendments {
        let reason = one.entry.reason.clone().unwrap_or_default();
        let reason = match (one.entry.revokes, one.revoked_by) {
            (Some(number), _) => format!("takes back {number} {reason}"),
            (None, Some(number)) => format!("taken back by {number} {reason}"),
            (None, None) => reason,
        };
        table.row_of(
            &one.entry.plan,
            [
                one.id.to_string(),
                local(one.at).date().to_string(),
                what(one.entry.kind).to_owned(),
                one.entry.document.clone(),
                one.items.to_string(),
                reason.trim().to_owned(),
            ],
        );
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

/// What was done, as a person says it.
fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Due => "due day moved",
        Kind::Revoked => "taken back",
        Kind::Begun => "event recorded",
        other => other.as_str(),
    }
}
