//! Is it the whole of the work that is finished, or a step, a draft, a part, or only handed up?

use super::classes::Classes;
use super::completion::Predicate;
use super::roles::Role;
use super::shares::is_share;
use super::token::{Kind, Token};

/// "giai đoạn 2021" is no stage of the work.
const MOST_IN_SERIES: u32 = 30;

impl Predicate<'_> {
    /// A draft, a part, or fewer than all.
    pub(super) fn is_narrowed(&self) -> bool {
        let part = Classes::of(&[Role::Draft, Role::Piece]);
        let around = self.view.classes_in(self.clause.start..self.start)
            | self.view.classes_in(self.end..self.clause.end);
        around.any(part)
            || self.is_fraction()
            || self.is_by_some()
            || self.is_of_group()
            || self.is_of_section()
            || self.is_first_of_several()
    }

    /// "sổ tay đã xong bìa", "xong biểu số 2": a part of the product; but not "xong nội dung này".
    fn is_of_section(&self) -> bool {
        let whole = Classes::of(&[Role::This, Role::Whole, Role::Task, Role::Item]);
        let view = self.view;
        let section = view.role(self.end, Role::Section).filter(|_| self.strong);
        // "sổ tay xong nội dung": of what is named before.
        let contents = view.role(self.end, Role::Item) == Some(self.clause.end)
            && view.tokens[self.end].plain == "noi"
            && view
                .classes_in(self.clause.start..self.start)
                .any(Classes::of(&[Role::Product, Role::Paper]));
        if contents && self.strong {
            return true;
        }
        section.is_some_and(|end| end <= self.clause.end && !view.begins(end).any(whole))
    }

    /// "lớp 1 đã bế giảng", "cuộc kiểm tra đầu tiên": others come after it; but not "cả lớp 1 và lớp 2", nor "lần đầu tiên",
    /// nor "là huyện đầu tiên".
    fn is_first_of_several(&self) -> bool {
        let view = self.view;
        let range = self.clause.start..self.clause.end;
        if view.classes_in(range.clone()).has(Role::Whole) {
            return false;
        }
        let plain = |at: usize| view.tokens[at].plain.as_str();
        range.clone().any(|at| {
            let numbered = view.role(at, Role::Series).is_some_and(|end| {
                let number = view.role(end, Role::NumberSign).unwrap_or(end);
                view.number(number).is_some_and(|(nth, after)| {
                    nth <= MOST_IN_SERIES && after <= range.end && !view.is(after, Role::Counted)
                })
            });
            let first = view.is(at, Role::First)
                && at > range.start
                && (at < self.start
                    || (self.end..self.end + 4).contains(&at)
                        && !view.classes_in(self.end..at).has(Role::Since))
                && !matches!(
                    plain(at - 1),
                    "lan" | "ngay" | "tuan" | "thang" | "nam" | "buoc"
                )
                && !(range.start..at).any(|before| plain(before) == "la");
            numbered || first
        })
    }

    /// "giải quyết xong phần mặt bằng", "xong phụ lục": one of several, by its name; but not "phần việc", nor "mục II.2".
    fn is_of_group(&self) -> bool {
        let whole = Classes::of(&[
            Role::Item,
            Role::Own,
            Role::This,
            Role::Whole,
            Role::Already,
        ]);
        self.view.role(self.end, Role::Group).is_some_and(|end| {
            end < self.clause.end
                && !self.view.is(self.end, Role::Item)
                && matches!(self.view.tokens[end].kind, Kind::Word | Kind::Number(_))
                && !self.view.begins(end).any(whole)
        })
    }

    /// "đã có 15 xã gửi": so many have, and who knows how many have not.
    fn is_by_some(&self) -> bool {
        let some = (self.clause.start..self.start).any(|at| {
            let counts = self.view.is(at, Role::Digits) || self.view.is(at, Role::Number);
            let given = self.view.ends_before(at, Role::Toward);
            // "việc 112 huyện đã nộp" names a task.
            let named = self.view.ends_before(at + 1, Role::Task);
            counts && !given && !named && self.view.role(at + 1, Role::Counted) == Some(self.start)
        });
        let whole = self.view.classes_in(self.clause.start..self.clause.end);
        some && !whole.has(Role::Whole)
    }

    /// "nộp chủ tịch", "gửi anh Tâm ký": it was handed to whoever decides, or for something still to be done to it.
    pub(super) fn is_handed_up(&self) -> bool {
        if self.strong {
            return false;
        }
        let to = self.view.role(self.end, Role::Toward).unwrap_or(self.end);
        let person = Classes::of(&[Role::Superior, Role::Other, Role::Polite]);
        let handled = (to + 1..(to + 5).min(self.clause.end)).any(|at| {
            self.view.is(at, Role::Handle)
                && (to..at).any(|before| self.view.begins(before).any(person))
                && !self.view.classes_in(self.end..at).any(Classes::of(&[
                    Role::Already,
                    Role::Perfect,
                    Role::Done,
                    Role::Paper,
                    Role::Product,
                ]))
        });
        self.view.is(to, Role::Superior) || handled
    }

    /// "soạn xong", "xong khâu in", "gửi thẩm định": but not "tổng hợp và gửi", where the step is over, nor "báo cáo rà
    /// soát đã nộp", where it is a name.
    pub(super) fn is_of_step(&self) -> bool {
        let addressee = self.view.role(self.end, Role::Other).unwrap_or(self.end);
        let ahead = (addressee.max(self.end) + 3).min(self.clause.end);
        (self.follows_step() && (self.strong || !self.view.is(self.start, Role::Perfect)))
            || (self.end..ahead)
                .take_while(|at| self.strong || !self.view.is(*at, Role::Paper))
                .any(|at| self.view.is(at, Role::Step))
            || self.view.is(self.start, Role::Step)
    }

    /// "soạn xong", but not "báo cáo rà soát nộp": there the step is the name of a document.
    fn follows_step(&self) -> bool {
        (1..=4).any(|back| {
            self.start.checked_sub(back).is_some_and(|at| {
                self.view.role(at, Role::Step) == Some(self.start)
                    && (self.strong || !self.view.ends_before(at, Role::Paper))
            })
        })
    }

    /// "200/350 phiếu", "2 mục trong 5 mục", "40 trên 112": a count that falls short.
    fn is_fraction(&self) -> bool {
        let range = self.clause.start..self.clause.end;
        range.clone().any(|at| {
            if is_share(self.view, at, self.sent) {
                return true;
            }
            if let Some((part, whole)) = self.view.count_of(at) {
                return part < whole;
            }
            let Some((part, end)) = self.view.number(at) else {
                return false;
            };
            let whole = if self
                .view
                .tokens
                .get(end)
                .is_some_and(|next| next.is_mark('/'))
            {
                self.view.tokens.get(end + 1).and_then(Token::number)
            } else {
                // "2 mục trong 5 mục": one word may stand after the part.
                (end..(end + 2).min(range.end))
                    .find_map(|at| self.view.role(at, Role::OutOf))
                    .and_then(|of| self.view.number(of))
                    .map(|(whole, _)| whole)
            };
            whole.is_some_and(|whole| part < whole)
        })
    }
}
