//! Whether the documents that are listed are those of the ledger: `dondoc amend list`, announcements and the grounds of a register
//! read the tables `amendments` and `amendment_items`, which no seal covers.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::app::AppError;
use crate::app::ledger::Facts;
use crate::domain::amendment::{Amended, Kind};
use crate::domain::ids::{AgencyCode, ObligationId, PlanId};
use crate::store::Tx;
use crate::store::amendments::{self, Amendment, AmendmentItem};
use crate::store::events::{self, Told};

/// A document that somebody changed past the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfiled {
    /// Number of the amendment.
    pub amendment: i64,
    /// What is wrong with it.
    pub fault: Misfiling,
}

/// What is wrong with the rows of an amendment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfiling {
    /// No line tells of it: it was put in.
    Untold,
    /// Lines tell of it: its row was removed.
    Removed,
    /// These columns say something else than the lines.
    Differs(BTreeSet<&'static str>),
}

/// What of a plan's documents is not as its lines say, by their numbers.
pub(super) async fn find(tx: &mut Tx, plan: &PlanId) -> Result<Vec<Misfiled>, AppError> {
    let mut lines: BTreeMap<i64, Vec<Line>> = BTreeMap::new();
    let keep = |told: Told| {
        if let Some((amendment, line)) = Line::of(&told) {
            lines.entry(amendment).or_default().push(line);
        }
    };
    events::each_of_plan(tx, plan, keep).await?;
    let mut items: BTreeMap<i64, Vec<AmendmentItem>> = BTreeMap::new();
    for (amendment, item) in amendments::list_items_of_plan(tx, plan).await? {
        items.entry(amendment).or_default().push(item);
    }
    let mut misfiled = Vec::new();
    for row in amendments::list(tx, Some(plan)).await? {
        let told = lines.remove(&row.id).unwrap_or_default();
        let own = items.remove(&row.id).unwrap_or_default();
        let fault = match told.as_slice() {
            [] => Some(Misfiling::Untold),
            told => differences(&row, &own, told),
        };
        misfiled.extend(fault.map(|fault| Misfiled {
            amendment: row.id,
            fault,
        }));
    }
    misfiled.extend(lines.into_keys().map(|amendment| Misfiled {
        amendment,
        fault: Misfiling::Removed,
    }));
    misfiled.sort_by_key(|one| one.amendment);
    Ok(misfiled)
}

/// What a line of the ledger says of a document.
struct Line {
    obligation: ObligationId,
    kind: String,
    at: DateTime<Utc>,
    document: String,
    signed_on: Option<NaiveDate>,
    reason: Option<String>,
    takes_back: Option<i64>,
    counterparts: Vec<AgencyCode>,
    amended: Amended,
}

impl Line {
    /// What it says, with the number of the amendment; `None` of a line about something else.
    fn of(told: &Told) -> Option<(i64, Self)> {
        // Of a long ledger few lines are about a document.
        if !told.payload.contains("\"amendment\"") {
            return None;
        }
        let payload: Value = serde_json::from_str(&told.payload).ok()?;
        let amendment = payload["amendment"].as_i64()?;
        let text = |key: &str| payload[key].as_str().map(str::to_owned);
        let counterparts = match &payload["counterpart"] {
            Value::String(one) => vec![one.as_str().into()],
            Value::Array(several) => {
                let several = several.iter().filter_map(Value::as_str);
                several.map(AgencyCode::from).collect()
            }
            _ => Vec::new(),
        };
        let line = Self {
            obligation: told.obligation?,
            kind: told.kind.clone(),
            at: told.at,
            document: text("document").unwrap_or_default(),
            signed_on: text("signed_on").and_then(|day| day.parse().ok()),
            reason: text("reason"),
            takes_back: payload["takes_back"].as_i64(),
            counterparts,
            amended: Facts::of_payload(told.id, &payload).amended?,
        };
        Some((amendment, line))
    }

    fn is_of(&self, item: &AmendmentItem) -> bool {
        self.obligation == item.obligation && self.kind == item.kind.as_str()
    }
}

fn differences(row: &Amendment, items: &[AmendmentItem], told: &[Line]) -> Option<Misfiling> {
    let entry = &row.entry;
    let all = |fits: &dyn Fn(&Line) -> bool| told.iter().all(fits);
    // A transfer is told by those who took over as well, each line by its own word.
    let is_its_word = |line: &Line| {
        line.kind == entry.kind.as_str()
            || (entry.kind == Kind::Transferred
                && [Kind::Received, Kind::Joined]
                    .iter()
                    .any(|kind| line.kind == kind.as_str()))
    };
    let mut differs = BTreeSet::new();
    for (column, holds) in [
        ("kind", all(&is_its_word)),
        ("document", all(&|line| line.document == entry.document)),
        ("signed_on", all(&|line| line.signed_on == entry.signed_on)),
        ("reason", all(&|line| line.reason == entry.reason)),
        ("revokes", all(&|line| line.takes_back == entry.revokes)),
        ("at", all(&|line| line.at.timestamp() == row.at.timestamp())),
    ] {
        if !holds {
            differs.insert(column);
        }
    }
    if items.len() != told.len() {
        differs.insert("obligations");
    }
    for item in items {
        let Some(line) = told.iter().find(|line| line.is_of(item)) else {
            differs.insert("obligations");
            continue;
        };
        if line.counterparts != item.counterparts {
            differs.insert("counterpart");
        }
        if line.amended.was != item.amended.was {
            differs.insert("was");
        }
        if line.amended.now != item.amended.now {
            differs.insert("now");
        }
    }
    (!differs.is_empty()).then_some(Misfiling::Differs(differs))
}
