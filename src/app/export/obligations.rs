//! What was owed, and where it stands.

use serde_json::json;

use super::error::ExportError;
use super::folder::Written;
use super::{PAGE, Writing};
use crate::app::as_of::as_of;
use crate::app::ended::given_of;
use crate::domain::ids::ObligationId;
use crate::domain::obligation::TRANSFERRED;
use crate::store::obligations;

impl Writing<'_> {
    /// Writes the obligations within the scope.
    pub(super) async fn obligations(&mut self) -> Result<Written, ExportError> {
        let mut file = self.folder.lines("obligations.jsonl")?;
        let mut after = ObligationId(0);
        loop {
            let page = obligations::list_after(&mut self.tx, self.scope, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            let given = given_of(&mut self.tx, &page).await?;
            let calendar = &self.setup.calendar;
            for stood in &as_of(&mut self.tx, &page, self.today, calendar).await? {
                let one = &stood.obligation;
                let given_to = given.get(&one.id);
                self.sheets.obligation(stood);
                file.line(&json!({
                    "obligation": one.id,
                    "plan": one.plan,
                    "task": one.milestone.task,
                    "milestone": one.milestone.to_string(),
                    "agency": one.agency,
                    "kind": one.kind.as_str(),
                    "opens_on": one.opens_on,
                    "due_on": one.due_on,
                    "original_due_on": one.original_due_on,
                    "state": given_to.map_or(one.state.as_str(), |_| TRANSFERRED),
                    "given_to": given_to,
                    "done_on": one.done_on,
                    "pending": one.pending,
                    "standing": stood.word,
                }))?;
            }
        }
        file.end()
    }
}
