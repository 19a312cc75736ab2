//! Tokens with the phrases found among them: what every rule looks at.

use super::classes::{Class, Classes};
use super::lexicon::{Hit, Lexicon};
use super::roles::Role;
use super::token::{Kind, Slack, Token};

/// What the words of a task's name are never.
const NOT_IN_NAMES: Classes = Classes::of(&[
    Role::Piece,
    Role::OutOf,
    Role::Number,
    Role::Year,
    Role::Step,
    Role::StartDate,
]);

/// A text as tokens and phrases.
#[derive(Debug)]
pub(super) struct View {
    pub tokens: Vec<Token>,
    /// Where units stand that are known not to be the writer's.
    pub others: Vec<std::ops::Range<usize>>,
    hits: Vec<Hit>,
    /// Where the hits of each token begin.
    first: Vec<usize>,
    /// The classes that begin at each token.
    begins: Vec<Classes>,
}

impl View {
    pub(super) fn new(tokens: Vec<Token>, lexicon: &Lexicon) -> Self {
        let mut hits = lexicon.hits(&tokens);
        // "giai đoạn 2021-2025" is a name, no stage of the work.
        hits.retain(|hit| {
            let next = tokens.get(hit.end).and_then(Token::number);
            hit.class != Role::Piece.class()
                || !next.is_some_and(|year| (1990..2100).contains(&year))
        });
        hide_within_done(&mut hits, tokens.len());
        hide_within_units(&mut hits, &tokens);
        hits.extend(tokens.iter().enumerate().filter_map(|(at, token)| {
            let role = match token.kind {
                Kind::Task(_) => Role::Task,
                Kind::Document(_) => Role::Document,
                Kind::Percent(_) => Role::Percent,
                Kind::Day(_) => Role::Date,
                Kind::Number(_) => Role::Digits,
                Kind::Check => Role::Check,
                Kind::Thumb => Role::Thumb,
                Kind::Open => Role::Open,
                Kind::Mark('?') => Role::QuestionMark,
                _ => return None,
            };
            Some(Hit {
                class: role.class(),
                value: 0,
                start: at,
                end: at + 1,
            })
        }));
        let mut view = Self {
            tokens,
            others: Vec::new(),
            hits,
            first: Vec::new(),
            begins: Vec::new(),
        };
        view.index();
        view
    }

    /// Whether a unit that is known not to be the writer's is named at a token.
    pub(super) fn is_others(&self, at: usize) -> bool {
        self.others.iter().any(|unit| unit.contains(&at))
    }

    /// Adds what a recogniser found, so that patterns can ask for it.
    pub(super) fn add(&mut self, found: impl Iterator<Item = (Role, usize, usize)>) {
        self.hits.extend(found.map(|(role, start, end)| Hit {
            class: role.class(),
            value: 0,
            start,
            end,
        }));
        self.index();
    }

    /// Forgets the phrases of these roles, which mean nothing where they stand.
    pub(super) fn forget(&mut self, roles: &[Role]) {
        let before = self.hits.len();
        let is_of = |hit: &Hit| roles.iter().any(|role| role.class() == hit.class);
        self.hits.retain(|hit| !is_of(hit));
        if self.hits.len() < before {
            self.index();
        }
    }

    /// Forgets the phrases of these classes: nothing but patterns asks for them.
    pub(super) fn forget_classes(&mut self, classes: Classes) {
        let before = self.hits.len();
        self.hits.retain(|hit| !classes.holds(hit.class));
        if self.hits.len() < before {
            self.index();
        }
    }

    /// Gives what stands in a range one role, whatever phrases were found there, and none of somebody else's unit.
    pub(super) fn rename(&mut self, range: std::ops::Range<usize>, role: Role) {
        self.hits.retain(|hit| {
            let inside = range.start <= hit.start && hit.end <= range.end;
            let touches = hit.start < range.end && range.start < hit.end;
            let is_others = touches && hit.class == Role::Other.class();
            !inside && !is_others
        });
        self.add(std::iter::once((role, range.start, range.end)));
    }

    /// "mục hai phần năm": what is the name of a task is no fraction, part, step or time of anything.
    pub(super) fn keep_names(&mut self, names: impl Iterator<Item = std::ops::Range<usize>>) {
        let mut named = vec![false; self.tokens.len()];
        for name in names.filter(|name| name.len() > 1) {
            named[name].fill(true);
        }
        if !named.contains(&true) {
            return;
        }
        self.hits.retain(|hit| {
            let inside = named[hit.start..hit.end].iter().all(|name| *name);
            !(inside && NOT_IN_NAMES.holds(hit.class))
        });
        self.index();
    }

    fn index(&mut self) {
        self.hits.sort_by_key(|hit| (hit.start, hit.class, hit.end));
        self.first = vec![0; self.tokens.len() + 1];
        self.begins = vec![Classes::NONE; self.tokens.len()];
        for hit in &self.hits {
            self.first[hit.start + 1] += 1;
            self.begins[hit.start] = self.begins[hit.start].and(hit.class);
        }
        for at in 1..self.first.len() {
            self.first[at] += self.first[at - 1];
        }
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The phrases that begin at a token.
    pub(super) fn hits_at(&self, at: usize) -> &[Hit] {
        match self.first.get(at + 1) {
            Some(end) => &self.hits[self.first[at]..*end],
            None => &[],
        }
    }

    /// All phrases within a range.
    pub(super) fn hits_in(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = &Hit> {
        let end = range.end;
        range
            .flat_map(|at| self.hits_at(at))
            .filter(move |hit| hit.end <= end)
    }

    /// The classes that begin at a token.
    pub(super) fn begins(&self, at: usize) -> Classes {
        self.begins.get(at).copied().unwrap_or_default()
    }

    /// The longest phrase of a class that begins at a token.
    pub(super) fn find(&self, at: usize, class: Class) -> Option<&Hit> {
        if !self.begins(at).holds(class) {
            return None;
        }
        self.hits_at(at)
            .iter()
            .filter(|hit| hit.class == class)
            .max_by_key(|hit| hit.end)
    }

    /// The end of the longest phrase of a role that begins at a token.
    pub(super) fn role(&self, at: usize, role: Role) -> Option<usize> {
        self.find(at, role.class()).map(|hit| hit.end)
    }

    /// Whether a role begins at a token.
    pub(super) fn is(&self, at: usize, role: Role) -> bool {
        self.begins(at).has(role)
    }

    /// Whether a phrase of the role ends just before a token.
    pub(super) fn ends_before(&self, at: usize, role: Role) -> bool {
        (1..=4).any(|back| {
            at.checked_sub(back).is_some_and(|start| {
                self.is(start, role)
                    && self
                        .hits_at(start)
                        .iter()
                        .any(|hit| hit.class == role.class() && hit.end == at)
            })
        })
    }

    /// Whether a phrase that begins before a token reaches over it.
    pub(super) fn is_covered(&self, at: usize) -> bool {
        (at.saturating_sub(5)..at).any(|start| self.hits_at(start).iter().any(|hit| hit.end > at))
    }

    /// The classes that begin within a range.
    pub(super) fn classes_in(&self, range: std::ops::Range<usize>) -> Classes {
        self.begins[range]
            .iter()
            .fold(Classes::NONE, |all, some| all | *some)
    }

    /// "12/18 xã": a count of a whole, though it looks like a date; "hôm 9/3 xã họp" and "9/3 xã họp" are dates.
    pub(super) fn count_of(&self, at: usize) -> Option<(u32, u32)> {
        let Kind::Day(day) = self.tokens.get(at)?.kind else {
            return None;
        };
        let dated = [Role::Day, Role::Since, Role::Until, Role::Weekday]
            .iter()
            .any(|role| self.ends_before(at, *role));
        let counted = self.is(at + 1, Role::Counted) && day.year.is_none() && !dated;
        (counted && day.day <= day.month).then_some((day.day, day.month))
    }

    /// A number in digits or in words, and where it ends.
    pub(super) fn number(&self, at: usize) -> Option<(u32, usize)> {
        if let Some(value) = self.tokens.get(at)?.number() {
            return Some((value, at + 1));
        }
        let small = |at: usize| {
            self.find(at, Role::Number.class())
                .map(|hit| (hit.value, hit.end))
        };
        let (first, end) = small(at)?;
        let ones = |from: usize, tens: u32| match small(from) {
            Some((ones, end)) if (1..10).contains(&ones) => (tens + ones, end),
            _ => (tens, from),
        };
        if (2..10).contains(&first)
            && let Some(end) = self.role(end, Role::Tens)
        {
            return Some(ones(end, first * 10));
        }
        if first < 10
            && let Some((100, end)) = small(end)
        {
            return Some((first * 100, end));
        }
        if first == 10 || first == 20 {
            return Some(ones(end, first));
        }
        Some((first, end))
    }
}

/// In "xong hết" nothing is lacking, and in "ổn thỏa" nothing goes on well: a word within a phrase for "finished" keeps
/// its part in the grammar, but means nothing to the patterns.
fn hide_within_done(hits: &mut Vec<Hit>, tokens: usize) {
    let mut reach = vec![0; tokens];
    for hit in hits.iter() {
        if hit.class == Role::Done.class() {
            reach[hit.start..hit.end]
                .iter_mut()
                .for_each(|end: &mut usize| *end = hit.end.max(*end));
        }
    }
    hits.retain(|hit| {
        let end = reach[hit.start];
        let longer =
            end > hit.end || (end == hit.end && hit.start > 0 && reach[hit.start - 1] == end);
        !longer || hit.class.is_role()
    });
}

/// "CHO SO NOI VU": without diacritics, a word within the name of a unit is nothing else ("nới", "nổi").
fn hide_within_units(hits: &mut Vec<Hit>, tokens: &[Token]) {
    let unit = Role::Other.class();
    let mut within = vec![false; tokens.len()];
    for hit in hits.iter().filter(|hit| hit.class == unit) {
        let words = &tokens[hit.start..hit.end];
        if words.iter().all(|word| word.slack == Slack::Anywhere) {
            within[hit.start + 1..hit.end].fill(true);
        }
    }
    hits.retain(|hit| hit.class == unit || !within[hit.start]);
}
