//! "Xong hết trừ II.2", "II.9, II.10 mới xong II.9": of several tasks, the one that is left out or the only one that is done.

use super::classes::Classes;
use super::fields::{Named, mentioned};
use super::intent::{Intent, Part};
use super::reader::Read;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// What stands between such a word and the task.
const LEADS: Classes = Classes::of(&[
    Role::Item,
    Role::NumberSign,
    Role::Group,
    Role::Polite,
    Role::Only,
]);

/// What is finished.
const FINISHED: Classes = Classes::of(&[Role::Done, Role::Act]);

/// One entry per task where a text leaves some out of what is finished, or says that only one is; `None` where it does not.
pub(super) fn left_out(read: &Read) -> Option<Vec<Part>> {
    let view = &read.view;
    let named = mentioned(view);
    let parts = excepted(view, &named).or_else(|| only_one(view, &named))?;
    let of = |intent: Intent| move |part: &Part| part.intent == intent;
    let both = parts.iter().any(of(Intent::Done)) && parts.iter().any(of(Intent::Progress));
    both.then_some(parts)
}

/// "Xong cả rồi trừ II.2", "xong hết, chỉ còn II.2": what is left out is not finished, and the rest is.
fn excepted(view: &View, named: &[Named]) -> Option<Vec<Part>> {
    let classes = view.classes_in(0..view.len());
    let word = |at: usize| view.tokens[at].plain.as_str();
    let all = classes.has(Role::Whole) || (0..view.len()).any(|at| word(at) == "tat");
    let (at, first) = (0..view.len()).find_map(|at| {
        let end = view.role(at, Role::LeftOut)?;
        // "Ngoài II.2 còn nộp II.3", "thiếu II.2": only where all are spoken of.
        let word = view.tokens[at].plain.as_str();
        let plainly =
            !matches!(word, "ngoai" | "con" | "thieu") && view.tokens[end - 1].plain != "con";
        let also = view.tokens.iter().any(|token| token.plain == "cung");
        if !plainly && (!all || also) {
            return None;
        }
        let first = named
            .iter()
            .position(|named| end <= named.start && (end..named.start).all(|at| leads(view, at)))?;
        Some((at, first))
    })?;
    let finished = |range: std::ops::Range<usize>| {
        range
            .clone()
            .any(|at| view.begins(at).any(FINISHED) && !is_denied(view, at))
    };
    let last = listed(view, named, first);
    // "còn II.2" leads over to what is told of it, unless nothing is.
    let told = |at: usize| {
        let token = &view.tokens[at];
        token.is_mark('?')
            || token.kind == Kind::Word && !leads(view, at) && !view.is(at, Role::NotYet)
    };
    if view.tokens[at].plain == "con"
        && view.role(at, Role::LeftOut) == Some(at + 1)
        && (named[last].end..view.len()).any(told)
    {
        return None;
    }
    let (from, to) = (named[first].start, named[last].end);
    if !finished(0..at) && !finished(to..view.len()) {
        return None;
    }
    let out = &named[first..=last];
    let is_out = |task: &String| out.iter().any(|named| named.task == *task);
    let rest = named
        .iter()
        .filter(|named| named.end <= from || to <= named.start);
    let mut tasks: Vec<Option<String>> = Vec::new();
    for named in rest.filter(|named| !is_out(&named.task)) {
        let task = Some(named.task.clone());
        if !tasks.contains(&task) {
            tasks.push(task);
        }
    }
    if tasks.is_empty() {
        tasks.push(None);
    }
    let done = tasks.into_iter().map(|task| Part {
        task,
        intent: Intent::Done,
    });
    let open = out.iter().map(|named| Part {
        task: Some(named.task.clone()),
        intent: Intent::Progress,
    });
    Some(done.chain(open).collect())
}

fn leads(view: &View, at: usize) -> bool {
    view.begins(at).any(LEADS) || view.is_covered(at)
}

/// The last of the tasks that one list names.
fn listed(view: &View, named: &[Named], first: usize) -> usize {
    let joins = |at: usize| {
        let token = &view.tokens[at];
        matches!(token.kind, Kind::Mark(',' | '&' | '+'))
            || matches!(token.plain.as_str(), "va" | "voi" | "cung")
            || leads(view, at)
    };
    let mut last = first;
    while let Some(next) = named.get(last + 1)
        && (named[last].end..next.start).all(joins)
    {
        last += 1;
    }
    last
}

/// "II.9, II.10 thì mới xong II.9": of those that were named, only the one that is named again.
fn only_one(view: &View, named: &[Named]) -> Option<Vec<Part>> {
    let again = named.iter().enumerate().skip(1).find(|(index, again)| {
        let before = &named[..*index];
        before.iter().any(|before| before.task == again.task)
            && before.iter().any(|before| before.task != again.task)
            && is_only_done(view, again.start)
    });
    let (index, only) = again?;
    let after = named.get(index + 1).is_some();
    let mut parts: Vec<Part> = Vec::new();
    for before in &named[..index] {
        let intent = if before.task == only.task {
            Intent::Done
        } else {
            Intent::Progress
        };
        if !parts
            .iter()
            .any(|part| part.task.as_ref() == Some(&before.task))
        {
            parts.push(Part {
                task: Some(before.task.clone()),
                intent,
            });
        }
    }
    let known = |named: &Named| {
        parts
            .iter()
            .any(|part| part.task.as_ref() == Some(&named.task))
    };
    (!after || named[index..].iter().all(known)).then_some(parts)
}

/// "mới xong II.9", "chỉ nộp mỗi II.9".
fn is_only_done(view: &View, task: usize) -> bool {
    let is_only = |at: usize| {
        view.is(at, Role::Only) || matches!(view.tokens[at].plain.as_str(), "moi" | "chi")
    };
    let from = task.saturating_sub(5);
    let words = from..task;
    let verb = words
        .clone()
        .rev()
        .find(|at| view.begins(*at).any(FINISHED));
    verb.is_some_and(|verb| {
        words.clone().any(is_only)
            && !is_denied(view, verb)
            && !words
                .clone()
                .any(|at| matches!(view.tokens[at].kind, Kind::Mark(_)) && at >= verb)
    })
}

fn is_denied(view: &View, verb: usize) -> bool {
    (verb.saturating_sub(2)..verb).any(|at| view.is(at, Role::Not))
}
