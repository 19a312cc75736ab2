//! What a ranking says, without the lines and marks of whoever wrote it.

use super::ranking_context::RankingContext;
use super::text::{clean_return, one_line, quotable, title_line};

impl RankingContext {
    /// What people and plans wrote, each on one line.
    pub(super) fn cleaned(&self) -> Self {
        let mut clean = self.clone();
        clean.plan.title = one_line(&clean.plan.title);
        let ranked = clean
            .tables
            .iter_mut()
            .flat_map(|table| &mut table.agencies);
        let proposed = clean.commend.iter_mut().chain(&mut clean.criticise);
        let agencies = ranked
            .chain(&mut clean.too_few)
            .chain(&mut clean.nothing_due)
            .chain(&mut clean.given_away)
            .chain(proposed.map(|one| &mut one.agency));
        for task in &mut clean.tasks {
            task.title = title_line(&task.title);
        }
        for line in agencies.flat_map(|agency| &mut agency.lines) {
            line.title = title_line(&line.title);
            line.document = one_line(&line.document);
            line.moved_by = one_line(&line.moved_by);
            line.quote = quotable(&line.quote);
            clean_return(&mut line.returned);
        }
        clean
    }
}
