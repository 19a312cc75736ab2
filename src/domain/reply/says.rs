//! "Đúng rồi em", "không phải", "chưa có số": what a few words say to a question, and to nothing else.

use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What is said to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// "Đúng", "phải": it is as was asked.
    Yes,
    /// "Không", "giữ nguyên": it is not, or it stays as it is.
    No,
    /// "Chưa có số": there is no number yet.
    NoNumber,
}

/// The answer that a text is. Among other words these mean nothing of their own, and are forgotten.
pub(super) fn take_answer(view: &mut View) -> Option<Says> {
    let says = says(view);
    view.forget(&[Role::SaysYes, Role::SaysNo, Role::NoNumber]);
    says
}

/// Words of one answer, and words that say nothing.
fn says(view: &View) -> Option<Says> {
    let mut found = None;
    let mut at = 0;
    while at < view.len() {
        // The longest of them: "không phải" is no "phải".
        let answers = [
            (Role::SaysYes, Says::Yes),
            (Role::SaysNo, Says::No),
            (Role::NoNumber, Says::NoNumber),
        ];
        let ends = answers
            .into_iter()
            .filter_map(|(role, says)| Some((view.role(at, role)?, says)));
        if let Some((end, says)) = ends.max_by_key(|(end, _)| *end) {
            if found.is_some_and(|before| before != says) {
                return None;
            }
            found = Some(says);
            at = end;
            continue;
        }
        let silent = [Role::Polite, Role::Courtesy];
        let end = silent
            .into_iter()
            .filter_map(|role| view.role(at, role))
            .max();
        at = match end {
            Some(end) => end,
            None if matches!(view.tokens[at].kind, Kind::Mark(mark) if mark != '?') => at + 1,
            None => return None,
        };
    }
    found
}
