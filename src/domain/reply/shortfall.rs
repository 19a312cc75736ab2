//! What may still be lacking where a text says that the task is done.

use super::classes::Classes;
use super::clauses::{Clause, clause_at};
use super::completion::Completion;
use super::evidence::{Evidence, Findings, Strength};
use super::intent::Intent;
use super::plainness::has;
use super::roles::Role;
use super::token::{Kind, Slack};
use super::view::View;

/// Nobody speaks of sevenths of a task.
const LARGEST_SHARE: u32 = 5;
/// So many verbs of a clause are compared.
const MOST_VERBS: usize = 8;

/// "Vẫn nằm chờ thẩm định, mình gởi hôm 28/2": what still waits is no story of before, wherever it stands.
pub(super) fn waits(findings: &Findings<'_>) -> bool {
    findings.clauses.iter().any(|clause| {
        !clause.asked
            && has(findings, clause, Classes::of(&[Role::Still]))
            && has(findings, clause, Classes::of(&[Role::Wait, Role::Draft]))
    })
}

/// "Đơn vị đã triển khai": it has been begun, and no word tells that it is over.
pub(super) fn has_begun(findings: &Findings<'_>) -> bool {
    let any = |role| {
        let mut clauses = findings.clauses.iter();
        clauses.any(|clause| has(findings, clause, Classes::of(&[role])))
    };
    any(Role::Begun) && !any(Role::Document)
}

fn is_finished(evidence: &Evidence, clause: &Clause) -> bool {
    let mut states = evidence.completions_of(clause);
    states.any(|state| matches!(state, Completion::Finished(_)))
}

/// "Coi như xong": unless it is told elsewhere as well what is finished.
pub(super) fn is_only_as_if(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let finished = |clause: &&Clause| is_finished(evidence, clause);
    let as_if = |clause: &Clause| has(findings, clause, Classes::of(&[Role::AsIf]));
    let mut told = findings.clauses.iter().filter(finished).peekable();
    told.peek().is_some() && told.all(as_if)
}

/// "Sắp xong, KH số 12 ký 15/3", "có lẽ xong, …": the work is called not quite finished, and of a paper alone it is told that it
/// is out. Not so "tuần trước chưa xong, nay KH số 12 đã ký".
pub(super) fn is_left_open(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let view = findings.view;
    let finished = |clause: &&Clause| is_finished(evidence, clause);
    let names_paper = |clause: &Clause| {
        has(
            findings,
            clause,
            Classes::of(&[Role::Paper, Role::Document]),
        ) && !has(findings, clause, Classes::of(&[Role::Done]))
    };
    let as_if = |clause: &&Clause| has(findings, clause, Classes::of(&[Role::AsIf]));
    let clauses = findings.clauses.iter();
    let mut telling: Vec<&Clause> = clauses.filter(finished).filter(|one| !as_if(one)).collect();
    if telling.is_empty() {
        let numbered = |clause: &&Clause| has(findings, clause, Classes::of(&[Role::Document]));
        telling = findings.clauses.iter().filter(numbered).collect();
    }
    let turns = [Role::FromNow, Role::Turn, Role::Relative, Role::This];
    let Some(told) = telling.first() else {
        return false;
    };
    if !telling.iter().all(|clause| names_paper(clause))
        || turns.into_iter().any(|role| view.is(told.start, role))
    {
        return false;
    }
    let is_open = |state: &Completion| {
        matches!(
            state,
            Completion::NotYet(_) | Completion::Supposed | Completion::Asked
        )
    };
    let is_over = |clause: &Clause| {
        let mut dates = findings.dates.iter();
        has(findings, clause, Classes::of(&[Role::Ago]))
            || (clause.start..clause.end)
                .any(|at| view.is(at, Role::But) && !view.is(at, Role::Still))
            || ends_finished(view, clause)
            || dates.any(|date| {
                (clause.start..clause.end).contains(&date.start) && date.last < findings.sent
            })
    };
    let before = findings.clauses.iter();
    before
        .take_while(|clause| clause.start < told.start)
        .filter(|clause| !is_over(clause))
        .any(|clause| {
            let open = evidence.completions_of(clause).any(is_open);
            let goes_on = || {
                let said = findings.evidence(std::slice::from_ref(clause)).ruling();
                said == (Intent::Progress, Strength::Said)
            };
            open && has(findings, clause, Classes::of(&[Role::Done]))
                || has(findings, clause, Classes::of(&[Role::AsIf]))
                || has(findings, clause, Classes::of(&[Role::Still])) && goes_on()
        })
}

/// "Hồ sơ chưa hoàn thành của năm trước đã làm xong": what was not finished is.
fn ends_finished(view: &View, clause: &Clause) -> bool {
    let mut places = clause.start..clause.end;
    let denied = places.rfind(|at| view.is(*at, Role::NotYet));
    let perfect = denied.and_then(|denied| {
        let mut after = denied..clause.end;
        after.rfind(|at| view.is(*at, Role::Perfect))
    });
    perfect.is_some_and(|perfect| (perfect..clause.end).any(|at| view.is(at, Role::Done)))
}

/// "Chốt rồi ký nữa thôi", "lấy số rồi ký sau": what is told after "rồi" as still to come ends the clause.
pub(super) fn is_followed_up(findings: &Findings<'_>) -> bool {
    let view = findings.view;
    let steps = [Role::Act, Role::Handle, Role::Step];
    findings
        .clauses
        .iter()
        .filter(|clause| !clause.asked)
        .any(|clause| {
            let ends = |at: usize| (at..clause.end).all(|at| view.is(at, Role::Polite));
            let to_come = |from: usize| {
                let left = [Role::Ahead, Role::Next].into_iter();
                left.filter_map(|role| view.role(from, role)).any(ends)
            };
            let mut places = clause.start..clause.end;
            let after = places.find(|at| view.is(*at, Role::Already));
            after.is_some_and(|after| {
                (after + 1..clause.end).any(|at| {
                    let step = steps
                        .into_iter()
                        .filter_map(|role| view.role(at, role))
                        .max();
                    step.is_some_and(to_come)
                })
            })
        })
}

/// "Đã nhập 200 hồ sơ", "đã giải ngân 40 %": of how many? Not so "xong 200 hồ sơ", "đủ 200 hồ sơ", "cho 60 cán bộ".
pub(super) fn is_counted_from(findings: &Findings<'_>, from: usize) -> bool {
    let view = findings.view;
    let whole = Classes::of(&[Role::Done, Role::Whole]);
    let told = findings
        .clauses
        .iter()
        .filter(|clause| clause.start >= from);
    told.filter(|clause| !has(findings, clause, whole))
        .any(|clause| {
            (clause.start..clause.end).any(|at| {
                let of_act = view.is(at, Role::Act)
                    && view
                        .hits_at(at)
                        .iter()
                        .filter(|hit| hit.class == Role::Act.class())
                        .any(|hit| {
                            view.is(hit.end, Role::Digits) && view.is(hit.end + 1, Role::Counted)
                        });
                let in_part = matches!(view.tokens[at].kind, Kind::Percent(value) if value < 100);
                of_act || in_part
            })
        })
}

/// "Thông qua rồi, cho van phong ra nghi quyet": typed without diacritics, what begins so may be waited for.
pub(super) fn may_wait_from(findings: &Findings<'_>, from: usize) -> bool {
    let view = findings.view;
    let ahead = Classes::of(&[Role::Act, Role::Handle, Role::Step, Role::Done]);
    let after = findings.clauses.iter().filter(|clause| clause.start > from);
    after
        .filter(|clause| has(findings, clause, ahead))
        .any(|clause| {
            let first = &view.tokens[clause.start];
            first.slack == Slack::Anywhere
                && first.plain == "cho"
                && !view.is(clause.start + 1, Role::Own)
        })
}

/// "8/10 thôn đã họp": fewer than all, wherever it stands.
pub(super) fn falls_short(view: &View) -> bool {
    let mut parts = (0..view.len()).filter_map(|at| view.count_of(at));
    parts.any(|(part, whole)| part < whole)
        || counts_fewer(view)
        || (0..view.len()).any(|at| may_be_share(view, at))
}

/// "Xong 2/3 rồi": on the second of March, or two thirds?
fn may_be_share(view: &View, at: usize) -> bool {
    let Kind::Day(day) = view.tokens[at].kind else {
        return false;
    };
    let simple = day.day < day.month && day.month <= LARGEST_SHARE && day.year.is_none();
    simple && !view.tokens[at].leads_with_zero && view.ends_before(at, Role::Done)
}

/// "4 nội dung trên 6 nội dung", "mười hai phòng thì tám phòng đã chấm xong".
fn counts_fewer(view: &View) -> bool {
    let mut before: Option<(u32, usize)> = None;
    let mut at = 0;
    while at < view.len() {
        let Some((count, end)) = view
            .number(at)
            .filter(|found| view.is(found.1, Role::Counted))
        else {
            at += 1;
            continue;
        };
        let plain = |at: usize| view.tokens[at].plain.as_str();
        if let Some((other, counted)) = before
            && plain(counted) == plain(end)
            && (counted..at).any(|between| match plain(between) {
                "thi" => count < other,
                "tren" | "trong" => other < count,
                _ => false,
            })
        {
            return true;
        }
        before = Some((count, end));
        at = end;
    }
    false
}

/// "Niêm yết rồi nhưng niêm yết bản cũ": the same verb again, after "but", tells how it was done.
pub(super) fn is_qualified(findings: &Findings<'_>, last: usize) -> bool {
    let view = findings.view;
    let act = Role::Act.class();
    let verbs = |clause: &Clause| -> Vec<(usize, usize)> {
        let hits = view.hits_in(clause.start..clause.end);
        let acts = hits.filter(|hit| hit.class == act);
        acts.map(|hit| (hit.start, hit.end))
            .take(MOST_VERBS)
            .collect()
    };
    let same = |one: (usize, usize), other: (usize, usize)| {
        let plain = |(from, to): (usize, usize)| {
            let words = view.tokens[from..to].iter();
            words.map(|token| token.plain.as_str())
        };
        plain(one).eq(plain(other))
    };
    let Some(told) = clause_at(findings.clauses, last) else {
        return false;
    };
    let told = verbs(told);
    let after = findings.clauses.iter().filter(|clause| clause.start > last);
    after
        .filter(|clause| view.is(clause.start, Role::But))
        .flat_map(verbs)
        .any(|again| told.iter().any(|verb| same(*verb, again)))
}

/// "Ký số rồi, lát chiều văn thư phát hành": what is signed and only goes out later is not done.
pub(super) fn is_yet_to_go_out(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    let view = findings.view;
    let signed = |state: &Completion| match state {
        Completion::Finished(at) => {
            view.is(*at, Role::Handle) && matches!(view.tokens[*at].plain.as_str(), "ky" | "ki")
        }
        _ => false,
    };
    let is_ahead = |clause: &Clause| {
        has(findings, clause, Classes::of(&[Role::Later])) || names_a_day_ahead(findings, clause)
    };
    let completions = &evidence.completions;
    let Some(first) = completions.iter().position(|(state, _)| signed(state)) else {
        return false;
    };
    let goes_out_later = |(state, place): &(Completion, usize)| {
        let clause = clause_at(findings.clauses, *place);
        matches!(state, Completion::Forecast(_))
            && clause.is_some_and(|clause| {
                has(findings, clause, Classes::of(&[Role::Act])) && is_ahead(clause)
            })
    };
    completions[first..].iter().any(goes_out_later)
}

fn names_a_day_ahead(findings: &Findings<'_>, clause: &Clause) -> bool {
    let mut dates = findings.dates.iter();
    dates.any(|date| (clause.start..clause.end).contains(&date.start) && date.last > findings.sent)
}

/// "Đã đặt hội trường xong, hội nghị ngày 18/3": what is to be held is still to come.
pub(super) fn is_yet_to_be_held(findings: &Findings<'_>, evidence: &Evidence) -> bool {
    findings.clauses.iter().any(|clause| {
        names_a_day_ahead(findings, clause)
            && findings.view.is(clause.start, Role::Product)
            && evidence.completions_of(clause).next().is_none()
            && !has(
                findings,
                clause,
                Classes::of(&[Role::Deadline, Role::Perfect]),
            )
    })
}

/// "Cuối cùng cũng xong... cái tiêu đề": what is finished comes only after a pause, and turns out to be little.
pub(super) fn is_kept_back(findings: &Findings<'_>) -> bool {
    let view = findings.view;
    let told = Classes::of(&[
        Role::Perfect,
        Role::Already,
        Role::Document,
        Role::Task,
        Role::Date,
        Role::Done,
        Role::Own,
    ]);
    findings.clauses.windows(2).any(|pair| {
        let [clause, after] = pair else {
            return false;
        };
        let between = &view.tokens[clause.end..after.start];
        let pauses = between.iter().any(|token| token.is_mark('…'));
        pauses && view.ends_before(clause.end, Role::Done) && !has(findings, after, told)
    })
}
