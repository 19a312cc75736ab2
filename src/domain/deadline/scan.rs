//! Tokens -> items: expressions of time, separators, and plain words.
//!
//! The guard of the whole grammar stands here: a number or a word of time that no rule accounts for stops the cell.

use super::cursor::Cursor;
use super::guards::Name;
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::{Context, NotUnderstood};
use super::term::{Anchor, Body, Bound, Term};

/// A stretch of the cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// An expression of time.
    Term(Term),
    /// One token of plain words.
    Words(usize),
    /// A comma or "và".
    Soft(usize),
    /// A semicolon, full stop, or bullet.
    Hard(usize),
}

/// How many words back the date of a line is looked for.
pub(super) const LONGEST_LINE: usize = 40;

/// The items of a cell.
pub(super) fn items(
    text: &str,
    tokens: &[Token],
    context: &Context,
) -> Result<Vec<Item>, NotUnderstood> {
    let mut scan = Scan {
        cursor: Cursor {
            text,
            tokens,
            at: 0,
            reports: false,
            plan_year: context.year,
            issued_on: context.issued_on,
        },
        items: Vec::new(),
        cited: false,
        names: Vec::new(),
    };
    scan.cursor.check_numbers()?;
    while scan.cursor.at < tokens.len() {
        scan.step()?;
    }
    scan.check_names()?;
    Ok(scan.items)
}

pub(super) struct Scan<'a> {
    pub cursor: Cursor<'a>,
    pub items: Vec<Item>,
    /// Names with a date of their own, each of which needs a deadline beside it.
    pub names: Vec<(usize, Name)>,
    /// The number of a document stood in this clause: a bare date after it is the document's.
    pub cited: bool,
}

impl Scan<'_> {
    fn step(&mut self) -> Result<(), NotUnderstood> {
        self.check_comparison()?;
        if self.bullet()
            || self.enumeration()?
            || self.hour_behind()?
            || self.aside()
            || self.quota()
            || self.compared()
            || self.cost()
            || self.pace()
            || self.glossed_day()
            || self.named_place()
            || self.superseded()?
            || self.figures()
            || self.lunar()
            || self.amount_or_telephone()
            || self.separator()
            || self.citation()?
            || self.counted_words()
            || self.fraction()
            || self.heading()
            || self.named_limit()?
            || self.after_round()?
            || self.around()
            || self.times_with_dates()?
            || self.named_day()?
            || self.school()
            || self.authority()
        {
            return Ok(());
        }
        if self.cursor.is(0, Key::AsOf) {
            let from = self.cursor.at;
            self.cursor.at += 1;
            if self.cursor.term()?.is_none() && self.cursor.four_digits(0).is_some() {
                self.cursor.at += 1;
            }
            self.words(from, self.cursor.at);
            return Ok(());
        }
        self.line_end();
        self.source()?;
        if self.cursor.begins_condition() {
            self.names.push((self.cursor.at, Name::Condition));
            self.words(self.cursor.at, self.cursor.at + 1);
            self.cursor.at += 1;
            return Ok(());
        }
        if let Some(term) = self.cursor.term()? {
            let cited = self.cited
                && term.bound == Bound::Bare
                && matches!(term.body, Body::Days(_) | Body::Spans { .. });
            let owned = cited || self.belongs_to_a_name(&term) || self.dates_a_thing(&term)?;
            self.alternative(&term)?;
            self.counts_from(&term)?;
            self.ends_with_event(&term)?;
            self.check_event(&term)?;
            self.cursor.reports |= matches!(term.body, Body::Cycles { .. });
            if owned {
                self.words(term.from, term.to);
            } else {
                self.cited = false;
                self.items.push(Item::Term(term));
            }
            return Ok(());
        }
        if self.cursor.harmless_number() {
            let years = self.cursor.four_digits(0).is_some()
                && self.cursor.is_mark(1, &['-'])
                && self.cursor.four_digits(2).is_some();
            let width = if years { 3 } else { 1 };
            self.words(self.cursor.at, self.cursor.at + width);
            self.cursor.at += width;
            return Ok(());
        }
        self.plain_word()
    }

    /// These tokens are plain words.
    pub fn words(&mut self, from: usize, to: usize) {
        self.items.extend((from..to).map(Item::Words));
    }

    /// Steps over what stands before this place, as plain words. True, for a rule that applied.
    pub fn step_over(&mut self, to: usize) -> bool {
        self.words(self.cursor.at, to);
        self.cursor.at = to;
        true
    }

    /// "trước ngày 15/6 hoặc 15/7": nobody can tell which.
    fn alternative(&self, term: &Term) -> Result<(), NotUnderstood> {
        let [.., Item::Term(first), Item::Soft(at)] = &self.items[..] else {
            return Ok(());
        };
        let dated = |term: &Term| {
            !matches!(
                term.body,
                Body::Continuous
                    | Body::Event
                    | Body::Conditional
                    | Body::FollowPlan
                    | Body::Following
                    | Body::Periodic
                    | Body::Count { .. }
            )
        };
        if self.cursor.tokens[*at].kind == Kind::Key(Key::Or) && dated(first) && dated(term) {
            return self.cursor.refuse(first.from, "two dates to choose from");
        }
        let repeats = matches!(first.body, Body::Days(_))
            && matches!(term.body, Body::Cycles { marked: true, .. });
        if repeats && self.cursor.ends_here() {
            return self
                .cursor
                .refuse(first.from, "the day of the repetition is not said");
        }
        Ok(())
    }

    /// "trước 30/6 (gia hạn đến 15/7)": the old date and the new one.
    fn check_extension(&self) -> Result<(), NotUnderstood> {
        let cursor = &self.cursor;
        let extended =
            cursor.is_word(0, "gia hạn") && cursor.is(1, Key::Until) && cursor.time_follows(2);
        let dated = |item: &Item| matches!(item, Item::Term(term) if matches!(term.body, Body::Days(_) | Body::Spans { .. }));
        let before = self.items.iter().rev().take(LONGEST_LINE);
        if extended
            && before
                .take_while(|item| !matches!(item, Item::Hard(_)))
                .any(dated)
        {
            return cursor.refuse(cursor.at, "a date and what it was moved to");
        }
        Ok(())
    }

    /// "Tháng 6/2021 đến khi hoàn thành": the month is when it begins, not when it is due.
    fn ends_with_event(&self, term: &Term) -> Result<(), NotUnderstood> {
        let until = ["đến khi", "cho đến khi"].iter().any(|word| {
            let place = Cursor {
                at: term.from,
                ..self.cursor
            };
            place.is_word(0, word)
        });
        match self.items.last() {
            Some(Item::Term(start))
                if until && start.to == term.from && start.bound <= Bound::In =>
            {
                self.cursor.refuse(start.from, "it ends with an event")
            }
            _ => Ok(()),
        }
    }

    /// "trước ngày 15/9 ít nhất 10 ngày": the day is not the limit, but what the limit is counted from.
    fn counts_from(&self, term: &Term) -> Result<(), NotUnderstood> {
        let counted = matches!(
            term.body,
            Body::Count {
                anchor: Anchor::Elsewhere,
                ..
            }
        );
        let small = |item: &&Item| matches!(item, Item::Words(at) if self.cursor.tokens[*at].kind == Kind::Key(Key::Filler));
        let before = self.items.iter().rev().find(|item| !small(item));
        match before {
            Some(Item::Term(day))
                if counted
                    && matches!(day.bound, Bound::Before | Bound::After)
                    && matches!(day.body, Body::Days(_)) =>
            {
                self.cursor
                    .refuse(day.from, "the day is what the limit is counted from")
            }
            _ => Ok(()),
        }
    }

    /// "hai tháng …", but not "phiên thứ nhất tháng 3".
    fn counts_time(&self) -> bool {
        let ordinal = self
            .cursor
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Nth));
        let unit = [
            Key::Day,
            Key::WorkingDay,
            Key::Week,
            Key::Month,
            Key::Quarter,
            Key::Year,
        ];
        !ordinal && self.cursor.is_any(1, &unit)
    }

    /// "quý I, II": what stands here is listed behind an expression of time.
    fn goes_on_with_a_list(&self) -> bool {
        match &self.items[..] {
            [.., Item::Term(_), Item::Soft(_)] => true,
            [.., Item::Term(_), Item::Words(at) | Item::Hard(at)] => {
                self.cursor.tokens[*at].kind == Kind::Mark('-')
            }
            _ => false,
        }
    }

    /// "đầu, giữa và cuối năm": whether the period is named only behind another part of it.
    fn shares_its_period(&self) -> bool {
        let joint = self.cursor.is_mark(1, &[',', '/']) || self.cursor.is(1, Key::And);
        joint && self.cursor.is_any(2, &[Key::Middle, Key::Late])
    }

    /// One word that is no expression of time; refused if it should have been one.
    fn plain_word(&mut self) -> Result<(), NotUnderstood> {
        let at = self.cursor.at;
        self.check_weekday()?;
        self.check_extension()?;
        match self.cursor.tokens[at].kind {
            Kind::Number { .. } => {
                return self.cursor.refuse(at, "a number that belongs to no date");
            }
            Kind::Roman(_) if self.goes_on_with_a_list() => {
                return self.cursor.refuse(at, "a number that belongs to no date");
            }
            Kind::Key(
                Key::Day
                | Key::WorkingDay
                | Key::Week
                | Key::Month
                | Key::Quarter
                | Key::Year
                | Key::WholeYear,
            ) => {
                return self.cursor.refuse(at, "a unit of time without its number");
            }
            Kind::Key(Key::Numeral(_)) if self.counts_time() => {
                return self.cursor.refuse(at, "a number that belongs to no date");
            }
            Kind::Key(Key::Before | Key::After | Key::Latest) => {
                return self.cursor.refuse(at, "a limit without its date");
            }
            Kind::Key(Key::HalfOf) if self.cursor.time_follows(1) => {
                return self.cursor.refuse(at, "half a period");
            }
            Kind::Key(Key::Early | Key::Middle) if self.shares_its_period() => {
                return self
                    .cursor
                    .refuse(at, "a part of a period and another part beside it");
            }
            Kind::Key(Key::Every) if self.cursor.time_follows(1) => {
                return self.cursor.refuse(at, "a recurrence that is not known");
            }
            kind => {
                self.cursor.reports |= matches!(kind, Kind::Key(Key::Report | Key::Review));
                self.items.push(Item::Words(at));
            }
        }
        self.cursor.at += 1;
        Ok(())
    }
}
