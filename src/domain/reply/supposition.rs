//! Is what is finished only supposed, or asked of within a sentence that tells?

use super::classes::{Class, Classes};
use super::completion::Predicate;
use super::roles::Role;
use super::token::{Kind, Slack};

/// What a clause speaks of: "báo cáo thì đã nộp" supposes nothing.
const TOPICS: Classes = Classes::of(&[
    Role::Task,
    Role::Item,
    Role::Group,
    Role::NumberSign,
    Role::Own,
    Role::Other,
    Role::Superior,
    Role::Polite,
    Role::Paper,
    Role::Product,
    Role::Document,
    Role::Counted,
    Role::This,
    Role::Date,
    Role::Day,
    Role::Relative,
    Role::Last,
    Role::Since,
    Role::Until,
    Role::Turn,
    Role::But,
]);

impl Predicate<'_> {
    /// "Có tiền thì đã làm xong", "mà sếp ở nhà thì ký xong từ hôm qua": what follows "thì" is so only if what stands before
    /// were.
    pub(super) fn is_counterfactual(&self) -> bool {
        let view = self.view;
        let mut then = (self.clause.start + 1..self.start).rev();
        let Some(then) = then.find(|at| view.tokens[*at].plain == "thi") else {
            return false;
        };
        let opens = (self.clause.start..then).find(|at| {
            !view.is(*at, Role::Polite) && !view.is(*at, Role::Own) || view.is(*at, Role::Supposing)
        });
        let Some(from) = opens else {
            return false;
        };
        let Some(end) = view.role(from, Role::Supposing).filter(|end| *end <= then) else {
            return false;
        };
        // "mà báo cáo thì nộp rồi" only leads over; without diacritics "nha" may be a house.
        let is_topic = |at: usize, class: Class| {
            let spelt = class != Role::Polite.class() || view.tokens[at].slack != Slack::Anywhere;
            TOPICS.holds(class) && spelt
        };
        let mut filled = end;
        let mut left = 0;
        for at in end..then {
            let hits = view.hits_at(at).iter();
            let topic = hits
                .filter(|hit| is_topic(at, hit.class))
                .map(|hit| hit.end)
                .max();
            filled = filled.max(topic.unwrap_or(at));
            left += usize::from(at >= filled && view.tokens[at].kind == Kind::Word);
        }
        left > 0
    }

    /// "Xong anh báo", "xong tui nhắn": what is promised for when it is finished.
    pub(super) fn is_promised(&self) -> bool {
        let view = self.view;
        let leads = (self.clause.start..self.start)
            .all(|at| view.is(at, Role::Polite) || view.is(at, Role::Own));
        let who = self.end;
        let person = view.is(who, Role::Own) || view.is(who, Role::Polite);
        let told = view.role(who, Role::Own).unwrap_or(who + 1);
        let signs = Classes::of(&[Role::Perfect, Role::Already, Role::Document, Role::Check]);
        self.strong
            && leads
            && who < self.clause.end
            && person
            && view.is(told, Role::WillTell)
            && told < self.clause.end
            && !view
                .classes_in(self.clause.start..self.clause.end)
                .any(signs)
    }

    /// "I.2 xong chưa thì em không rõ", "nộp hay chưa em chưa biết": asked, and then told that nobody knows.
    ///
    /// "Xong rồi thì bấm vào đâu": asked for when it is finished.
    pub(super) fn is_asked_within(&self) -> bool {
        let view = self.view;
        let after = view.role(self.end, Role::Already).unwrap_or(self.end);
        if self.strong && after < self.clause.end && view.tokens[after].plain == "thi" {
            let rest = view.classes_in(after..self.clause.end);
            if rest.has(Role::Wh) && !rest.has(Role::Not) {
                return true;
            }
        }
        [self.end, after].into_iter().any(|at| {
            view.role(at, Role::YesNo).is_some_and(|end| {
                end < self.clause.end
                    && matches!(view.tokens[end - 1].plain.as_str(), "chua" | "khong")
                    && (view.tokens[end].plain == "thi" || view.is(end, Role::Own))
            })
        })
    }
}
