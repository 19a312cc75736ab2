//! What an export says of itself: `manifest.json`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::ExportError;
use super::folder::{NewFolder, Written};
use super::{Scope, written};
use crate::domain::chain::walk::{Break, Head};
use crate::domain::ids::PlanId;

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// As of when.
    pub at: DateTime<Utc>,
    /// Of what.
    pub scope: Scope,
    /// The chains of the plans.
    pub plans: Vec<Chain>,
    /// The files, without the manifest.
    pub files: Vec<Written>,
    /// How many files of replies nobody has ever fetched: their hashes are not known.
    pub unfetched: u64,
}

/// The ledger of one plan as it was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The plan.
    pub plan: PlanId,
    /// Number of the decision.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The end of its chain, as far as it holds.
    pub head: Head,
    /// The first place at which it does not.
    pub broken: Option<Break>,
    /// How many of its lines were exported.
    pub exported: u64,
}

impl Exported {
    /// Whether every chain holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.plans.iter().all(|one| one.broken.is_none())
    }

    /// The manifest.
    #[must_use]
    pub fn as_json(&self) -> Value {
        let Scope { plan, task, agency } = &self.scope;
        let plans = self.plans.iter().map(|one| {
            json!({
                "plan": one.plan,
                "number": one.number,
                "title": one.title,
                "head": (one.head.count > 0).then(|| one.head.hash.to_string()),
                "count": one.head.count,
                "holds": one.broken.is_none(),
                "exported": one.exported,
            })
        });
        json!({
            "made_by": concat!("dondoc ", env!("CARGO_PKG_VERSION")),
            "made_at": written(self.at),
            "scope": { "plan": plan, "task": task, "agency": agency },
            "plans": plans.collect::<Value>(),
            "files": self.files,
            "attachments_never_fetched": self.unfetched,
        })
    }

    pub(super) fn write(&self, folder: &NewFolder) -> Result<(), ExportError> {
        let text = format!("{:#}\n", self.as_json());
        folder.whole("manifest.json", text.as_bytes()).map(drop)
    }
}
