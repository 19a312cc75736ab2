//! Several tasks in one message: which clauses speak of which.

use super::classes::Classes;
use super::clauses::Clause;
use super::completion::Completion;
use super::evidence::{Evidence, Findings, Strength};
use super::fields::Named;
use super::intent::{Intent, Part};
use super::reader::Read;
use super::roles::Role;
use super::token::Kind;
use super::view::View;

/// The clauses that speak of the same tasks.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The tasks; none is the task that the sender was asked about.
    pub tasks: Vec<String>,
    /// The clauses, in order.
    pub clauses: Vec<Clause>,
}

impl Group {
    /// The tasks as parts name them.
    pub(super) fn named(&self) -> Vec<Option<String>> {
        if self.tasks.is_empty() {
            return vec![None];
        }
        self.tasks.iter().cloned().map(Some).collect()
    }
}

/// The clauses of a text by the tasks they speak of, in order; one group when at most one task is spoken of.
pub(super) fn groups(view: &View, clauses: &[Clause], named: &[Named]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for clause in clauses {
        let from = named.partition_point(|named| named.start < clause.start);
        let own: Vec<String> = named[from..]
            .iter()
            .take_while(|named| named.start < clause.end)
            .map(|named| named.task.clone())
            .collect();
        let of_reminder = view.is(clause.start, Role::But)
            && own.is_empty()
            // "nhưng chưa họp thường vụ" names no work.
            && (clause.start..clause.end).any(|at| view.is(at, Role::Item) && !view.is_covered(at));
        match groups.last_mut() {
            // "III.1, III.3, III.5 dứt điểm": names in a row, and only then what is said of them.
            Some(last)
                if !own.is_empty()
                    && !is_told_of(view, last)
                    && !is_line_with_day(view, last, clause)
                    && (says_nothing(view, last)
                        || ends_with_names(view, last)
                        || (ends_with_task(view, last) && names_only(view, clause))) =>
            {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            // "Việc 301 xong, việc 305 cũng vậy": what was said of the first is said of the next.
            Some(last)
                if !own.is_empty() && !last.tasks.is_empty() && is_likewise(view, clause) =>
            {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            // "… đã hoàn thành (mục IV.5)": the name comes after.
            Some(last) if !own.is_empty() && last.tasks.is_empty() && names_only(view, clause) => {
                last.tasks.extend(own);
                last.clauses.push(*clause);
            }
            Some(last) if own.is_empty() && !of_reminder => last.clauses.push(*clause),
            _ => groups.push(Group {
                tasks: own,
                clauses: vec![*clause],
            }),
        }
    }
    groups
}

/// "II.2: ?⏎II.3: nộp rồi": whether a group is a name with a colon, behind which something is told of it, or nothing is.
pub(super) fn is_told_of(view: &View, group: &Group) -> bool {
    let last = group.clauses.last();
    let colon = last.and_then(|clause| view.tokens.get(clause.end));
    !group.tasks.is_empty() && colon.is_some_and(|token| token.is_mark(':'))
}

/// "II.2: 31/3⏎II.3: nộp rồi": whether a day stands behind the names of a group, and what comes next begins anew.
fn is_line_with_day(view: &View, group: &Group, next: &Clause) -> bool {
    let names_day = |clause: &Clause| (clause.start..clause.end).any(|at| view.is(at, Role::Date));
    let last = group.clauses.last();
    !group.tasks.is_empty()
        && last.is_some_and(|clause| clause.sentence != next.sentence && names_day(clause))
}

/// Whether nothing is said in a group but names of tasks and courtesies.
pub(super) fn says_nothing(view: &View, group: &Group) -> bool {
    group.clauses.iter().all(|clause| names_only(view, clause))
}

/// Whether the last that a group says is names of tasks: more of them may follow.
fn ends_with_names(view: &View, group: &Group) -> bool {
    let last = group.clauses.last();
    !group.tasks.is_empty() && last.is_some_and(|clause| names_only(view, clause))
}

/// "Xong VII.1, VII.2, VII.3": whether a group ends with the name of a task, so that names alone go on with the list.
fn ends_with_task(view: &View, group: &Group) -> bool {
    let last = group.clauses.last();
    last.is_some_and(|clause| {
        view.ends_before(clause.end, Role::Task)
            && !(clause.start..clause.end).any(|at| view.is(at, Role::But))
    })
}

/// "việc 305 cũng vậy", "IV.2 cũng thế".
pub(super) fn is_likewise(view: &View, clause: &Clause) -> bool {
    let plain = |at: usize| view.tokens[at].plain.as_str();
    let also = (clause.start..clause.end.saturating_sub(1))
        .find(|at| plain(*at) == "cung" && matches!(plain(at + 1), "vay" | "the" | "rua"));
    also.is_some_and(|also| {
        let (mut before, mut after) = (*clause, *clause);
        (before.end, after.start) = (also, also + 2);
        names_only(view, &before) && names_only(view, &after)
    })
}

fn is_name(view: &View, at: usize) -> bool {
    view.is(at, Role::Task) || view.is(at, Role::Item) || view.is(at, Role::NumberSign)
}

fn names_only(view: &View, clause: &Clause) -> bool {
    // "II.2 ok, II.3 nộp rồi": that one is said to be seen, or done.
    let is_behind_name = |at: usize| {
        let colon = at > 0 && view.tokens[at - 1].is_mark(':');
        view.ends_before(at - usize::from(colon), Role::Task)
    };
    let mut places = clause.start..clause.end;
    if places.any(|at| view.is(at, Role::Agreed) && is_behind_name(at)) {
        return false;
    }
    (clause.start..clause.end).all(|at| {
        let token = &view.tokens[at];
        // "II.2 60%, II.3 vướng kinh phí": how far a task is, is said of it.
        if matches!(token.kind, Kind::Percent(_)) || view.is(at, Role::Percent) {
            return false;
        }
        // "từ II.2 đến II.5", "II.16 tới 29/6", but not "từ từ".
        let leads = view.is(at, Role::Since) || view.is(at, Role::Until);
        let led_to = |place: usize| is_name(view, place) || view.is(place, Role::Date);
        if leads && !(at + 1..clause.end).any(led_to) {
            return false;
        }
        token.exact.is_empty()
            || view.is(at, Role::Polite)
            || view.is(at, Role::Item)
            || view.is(at, Role::NumberSign)
            || view.is(at, Role::Greeting)
            || view.is(at, Role::Group)
            || view.is(at, Role::Number)
            || view.is(at, Role::Since)
            || view.is(at, Role::Until)
            || (at == clause.start && view.is(at, Role::But))
            || matches!(
                token.plain.as_str(),
                "cac" | "may" | "cai" | "va" | "voi" | "ca" | "muc" | "het"
            )
    })
}

/// One entry per task when the message says different things of them, and the clauses that decide.
pub(super) fn parts(findings: &Findings<'_>, groups: &[Group]) -> Option<(Vec<Part>, Vec<Clause>)> {
    let mut ruled: Vec<_> = groups
        .iter()
        .map(|group| (group, findings.evidence(&group.clauses).ruling()))
        .filter(|(group, (intent, strength))| {
            // "II.5 em nhận rồi" is said of a task, "em cảm ơn" of none.
            let told = match strength {
                Strength::Said => *intent != Intent::Ack || !group.tasks.is_empty(),
                Strength::Hint => *intent != Intent::Ack && !group.tasks.is_empty(),
                Strength::None => false,
            };
            *intent != Intent::Unknown && told
        })
        .collect();
    let named = ruled
        .iter()
        .filter(|(group, _)| !group.tasks.is_empty())
        .count();
    // "Báo lộn: IV.1 chưa xong, IV.2 xong": what is taken back is what was said of the first task.
    if let [(leading, (Intent::Undo, _)), (_, (second, _)), ..] = &mut ruled[..]
        && leading.tasks.is_empty()
        && named > 0
    {
        *second = Intent::Undo;
        ruled.remove(0);
    }
    let (_, (first, _)) = ruled.first()?;
    if named == 0 || ruled.len() < 2 || ruled.iter().all(|(_, (intent, _))| intent == first) {
        return None;
    }
    let parts = ruled
        .iter()
        .flat_map(|(group, (intent, _))| {
            group.named().into_iter().map(|task| Part {
                task,
                intent: *intent,
            })
        })
        .collect();
    let deciding = ruled.iter().min_by_key(|(_, (intent, _))| *intent)?;
    Some((parts, deciding.0.clauses.clone()))
}

/// "Vướng mặt bằng nên xin hoãn mục VI.12": what comes before the only task that is named, and names no other ("việc này",
/// "cái ni"), tells how it came; but what is told "còn II.3", "riêng II.3" is told of another.
fn tells_why(view: &View, story: &Group, named: &Group) -> bool {
    let Some(first) = named.clauses.first() else {
        return false;
    };
    let leads_over = matches!(view.tokens[first.start].plain.as_str(), "con" | "rieng");
    let names_another = story.clauses.iter().any(|clause| {
        let pointed = Classes::of(&[Role::Item, Role::This]);
        let classes = view.classes_in(clause.start..clause.end);
        let one = |at: usize| matches!(view.tokens[at].plain.as_str(), "cai" | "nay" | "ni");
        classes.any(pointed) || (clause.start..clause.end).any(one)
    });
    story.tasks.is_empty() && named.tasks.len() == 1 && !leads_over && !names_another
}

/// "Sở Tài chính đã ban hành quy chế, mục V.2 hoàn thành": what a unit has done before is how the task was finished, and
/// no part of its own.
pub(super) fn without_story(
    read: &Read,
    findings: &Findings<'_>,
    mut groups: Vec<Group>,
) -> Vec<Group> {
    let [story, named] = &groups[..] else {
        return groups;
    };
    if tells_why(&read.view, story, named) {
        groups.remove(0);
        return groups;
    }
    let all_by_others = |evidence: &Evidence| {
        let mut states = evidence.completions.iter().map(|(state, _)| state);
        let done =
            |state: &Completion| matches!(state, Completion::ByOthers | Completion::Finished(_));
        !evidence.completions.is_empty() && states.all(done)
    };
    let goes_on = |group: &Group| {
        let first = group.clauses.first();
        first.is_some_and(|clause| !read.view.is(clause.start, Role::But))
    };
    let is_story = story.tasks.is_empty()
        && goes_on(named)
        && all_by_others(&findings.evidence(&story.clauses))
        && findings.evidence(&named.clauses).ruling() == (Intent::Done, Strength::Said);
    if is_story {
        groups.remove(0);
    }
    groups
}
