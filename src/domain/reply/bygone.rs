//! What was finished, or made, for another year than that of the plan: "KH năm 2019 đã ban hành"; and papers of days to come.

use chrono::{Datelike as _, Days, NaiveDate};

use super::classes::Classes;
use super::clauses::Clause;
use super::dates::Mention;
use super::evidence::Findings;
use super::plainness::has;
use super::roles::Role;
use super::token::{Kind, Token};
use super::view::View;

/// What a number after "năm" may be.
const YEARS: std::ops::Range<u32> = 1990..2200;

/// A work of the plan may have been finished so long before: its paper is dated in December.
const MOST_DAYS_BEFORE: u64 = 120;

/// So many words of its title stand between a plan and its year.
const LONGEST_TITLE: usize = 8;

/// Values of kinds of papers in the lexicon that are made anew each year: plans and programmes. Reports, reviews and marks
/// of a year are made in the next.
const YEARLY: [u32; 2] = [1, 9];

const FINISHES: Classes = Classes::of(&[Role::Done, Role::Act]);

/// What a plan of another year stands behind where it is not the product: what is reported of, or carried out.
const BEHIND: Classes = Classes::of(&[Role::Product, Role::Step, Role::Cited, Role::Document]);

/// "Năm 2019 đã hoàn thành", "đã ban hành từ năm 2019", "KH năm 2019 đã ban hành": what was finished then, or made for then,
/// is not what is asked for.
pub(super) fn is_of_another_year(findings: &Findings<'_>) -> bool {
    let told = |clause: &&Clause| has(findings, clause, FINISHES);
    findings.clauses.iter().filter(told).any(|clause| {
        let mut places = clause.start..clause.end;
        places.any(|at| {
            let earlier = another_year(findings.view, at, findings.sent);
            earlier.is_some() && is_time_or_title(findings.view, clause, at)
        })
    })
}

/// The year before that of a day which is written at a place, and where it ends; "2016-2020" and "12/2019" are none.
fn another_year(view: &View, at: usize, sent: NaiveDate) -> Option<usize> {
    let number = view.role(at, Role::Year).unwrap_or(at);
    let year = view.tokens.get(number).and_then(Token::number)?;
    let joined = |at: usize| {
        let joins = |token: &Token| matches!(token.kind, Kind::Mark('-' | '/'));
        view.tokens.get(at).is_some_and(joins)
    };
    let alone = !joined(number + 1) && !number.checked_sub(1).is_some_and(joined);
    let until = view.is(number + 1, Role::Until);
    let other = YEARS.contains(&year) && i64::from(year) < i64::from(sent.year());
    (other && alone && !until).then_some(number + 1)
}

/// Whether a year says when it was, or which plan is meant.
fn is_time_or_title(view: &View, clause: &Clause, at: usize) -> bool {
    // "2.015 hồ sơ" counts: without "năm", only a plan has a year.
    let said = view.is(at, Role::Year);
    let since = view.ends_before(at, Role::Since)
        || matches!(word_before(view, at), "cai" | "hoi" | "tu" | "trong");
    let paper = (at.saturating_sub(LONGEST_TITLE).max(clause.start)..at)
        .rev()
        .take_while(|word| view.tokens[*word].kind == Kind::Word)
        .filter_map(|word| view.find(word, Role::Paper.class()))
        .last();
    let made_for = paper.is_some_and(|paper| {
        YEARLY.contains(&paper.value)
            && !view.classes_in(clause.start..paper.start).any(BEHIND)
            && !view.ends_before(paper.start, Role::Paper)
            && !carries_out(view, clause.start..paper.start)
    });
    let numbered =
        at > clause.start && view.is(at - 1, Role::Document) && !is_cited(view, clause, at);
    made_for && !is_cited(view, clause, at) || said && (at == clause.start || since || numbered)
}

fn word_before(view: &View, at: usize) -> &str {
    at.checked_sub(1)
        .map_or("", |before| view.tokens[before].plain.as_str())
}

/// "thực hiện kế hoạch năm 2019": what was done by it.
fn carries_out(view: &View, mut range: std::ops::Range<usize>) -> bool {
    range.any(|at| {
        matches!(
            view.tokens[at].plain.as_str(),
            "hien" | "theo" | "danh" | "tong" | "so" | "tai"
        )
    })
}

fn is_cited(view: &View, clause: &Clause, at: usize) -> bool {
    view.classes_in(clause.start..at)
        .any(Classes::of(&[Role::Cited, Role::OthersPaper]))
}

/// Whether a day of completion is of a year before, and too long ago for this plan.
pub(super) fn is_long_past(day: NaiveDate, sent: NaiveDate) -> bool {
    let least = sent.checked_sub_days(Days::new(MOST_DAYS_BEFORE));
    day.year() < sent.year() && least.is_some_and(|least| day < least)
}

/// "Kế hoạch số 12/KH-SNV ngày 20/3/2020", sent on 16/3: a paper whose day is still to come is not issued.
pub(super) fn is_dated_ahead(view: &View, dates: &[Mention], sent: NaiveDate) -> bool {
    let ahead =
        |date: &&Mention| date.past.is_none() && date.first == date.last && date.first > sent;
    dates.iter().filter(ahead).any(|date| {
        let mut at = date.start;
        while at > 0
            && (view.is(at - 1, Role::Day)
                || matches!(
                    view.tokens[at - 1].plain.as_str(),
                    "ky" | "hanh" | "ban" | "phat" | "ra"
                ))
        {
            at -= 1;
        }
        let number = at > 0 && (view.is(at - 1, Role::Document) || view.is(at - 1, Role::Digits));
        let bare = number && view.is(at - 1, Role::Digits);
        let of_paper = !bare
            || (at.saturating_sub(3)..at - 1)
                .any(|word| view.is(word, Role::Paper) || view.is(word, Role::NumberSign));
        number && of_paper
    })
}
