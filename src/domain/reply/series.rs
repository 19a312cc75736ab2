//! What a word for "finished" takes from the words before it: the sign of the past that it shares, and whose work it is.

use super::classes::Classes;
use super::completion::{Predicate, is_sign};
use super::roles::Role;

/// So far back a series of verbs is read.
const LONGEST_SERIES: usize = 16;

impl Predicate<'_> {
    /// "Đã rà soát, tổng hợp và gửi báo cáo": one "đã" for all verbs of a series.
    pub(super) fn shares_sign(&self) -> bool {
        let subjects = Classes::of(&[
            Role::Own,
            Role::Other,
            Role::Superior,
            Role::Polite,
            Role::Item,
            Role::Task,
            Role::Paper,
            Role::But,
        ]);
        // "và thanh toán xong": the verb that is over is the one after "và".
        let verb = (self.clause.start..self.start)
            .rev()
            .take(3)
            .find(|at| self.view.role(*at, Role::Act) == Some(self.start));
        let verb = verb.unwrap_or(self.start);
        let is_joined = self.view.ends_before(verb, Role::AndThen)
            && self.view.tokens[verb - 1].plain == "va"
            && !self.view.begins(self.clause.start).any(subjects);
        let comma = self.clause.start.checked_sub(1);
        let Some(comma) = comma.filter(|at| is_joined && self.view.tokens[*at].is_mark(',')) else {
            return false;
        };
        let from = comma.saturating_sub(LONGEST_SERIES);
        let begins = |at: &usize| is_sign(self.view, *at) && !self.view.is(*at, Role::Already);
        let Some(sign) = (from..comma).rev().find(begins) else {
            return false;
        };
        let open = Classes::of(&[
            Role::Not,
            Role::Wait,
            Role::Will,
            Role::Hedge,
            Role::If,
            Role::Still,
            Role::Own,
            Role::Other,
            Role::But,
        ]);
        let verbs = Classes::of(&[Role::Step, Role::Act, Role::Done]);
        let series = self.view.classes_in(sign..comma);
        series.any(verbs)
            && !series.any(open)
            && !self.view.tokens[sign..comma]
                .iter()
                .any(|token| token.exact.is_empty() && !token.is_mark(','))
    }

    /// "Kinh phí đã được duyệt": what the work is done with is there, and the work is not.
    pub(super) fn is_of_means(&self) -> bool {
        let work = Classes::of(&[
            Role::Paper,
            Role::Product,
            Role::Document,
            Role::Task,
            Role::Item,
        ]);
        let means = |at: &usize| self.view.is(*at, Role::Means);
        let (means, others): (Vec<usize>, Vec<usize>) =
            (self.clause.start..self.start).partition(means);
        self.view.is(self.start, Role::Grant)
            && !means.is_empty()
            && !others.iter().any(|at| self.view.begins(*at).any(work))
    }
}
