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
    let (mut found, mut agrees) = (None, false);
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
        let silent = [Role::Polite, Role::Courtesy];
        let is_silent = |end| {
            silent
                .into_iter()
                .any(|role| view.role(at, role) == Some(end))
        };
        let said = ends.max_by_key(|(end, _)| *end);
        // "Dạ", "vâng", "ok" say yes where nothing else is said.
        if let Some((end, Says::Yes)) = said.filter(|(end, _)| is_silent(*end)) {
            agrees = true;
            at = end;
            continue;
        }
        if let Some((end, says)) = said {
            if found.is_some_and(|before| before != says) {
                return None;
            }
            found = Some(says);
            at = end;
            continue;
        }
        let end = silent
            .into_iter()
            .filter_map(|role| view.role(at, role))
            .max();
        at = match end {
            Some(end) => end,
            None if matches!(view.tokens[at].kind, Kind::Mark(mark) if mark != '?') => at + 1,
            None if matches!(view.tokens[at].kind, Kind::Thumb | Kind::Check) => {
                agrees = true;
                at + 1
            }
            None => return None,
        };
    }
    found.or(agrees.then_some(Says::Yes))
}
