//! Marks that stand for others, each by what is around it: "6 tháng - trước ngày 12/6" has a dash for a colon, "15.3 - 15.5.2021"
//! full stops for strokes.

use super::lexer::Kind;
use super::lexicon::Key;
use super::repairs::Place;

impl Place<'_> {
    /// The mark, or the token with it, that is meant, and how many tokens it takes.
    pub fn separator(&self) -> Option<(Kind, usize)> {
        self.listed()
            .or_else(|| self.month_to_day())
            .or_else(|| self.period_with_its_day())
            .or_else(|| self.apart())
            .or_else(|| self.list_of_months())
            .or_else(|| self.dotted_span())
            .or_else(|| self.resting_on())
    }

    /// "Trước ngày 10/3; 10/6 và 10/9": a semicolon between bare dates that one word governs lists them as a comma does.
    fn listed(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Mark(';')) {
            return None;
        }
        let of_a_list = |kind: &Kind| {
            matches!(
                kind,
                Kind::Number { .. } | Kind::Mark('/' | ';' | ',') | Kind::Key(Key::Day | Key::And)
            )
        };
        let mut back = self.tokens[..self.at].iter().rev().map(|token| token.kind);
        let governed = back.find(|kind| !of_a_list(kind)) == Some(Kind::Key(Key::Before));
        let first = 1 + usize::from(self.kind(1) == Some(Kind::Key(Key::Day)));
        let dated = matches!(self.kind(first), Some(Kind::Number { .. }))
            && self.kind(first + 1) == Some(Kind::Mark('/'));
        let mut ahead = self.tokens[self.at..].iter().map(|token| token.kind);
        let closed = ahead.find(|kind| !of_a_list(kind));
        let bare = matches!(closed, None | Some(Kind::Mark('.' | ')')));
        (governed && dated && bare).then_some((Kind::Mark(','), 1))
    }

    /// "Tháng 5 - ngày 15/6": a dash between a month and a day of another is "đến".
    fn month_to_day(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Mark('-')) {
            return None;
        }
        let mut back = self.tokens[..self.at].iter().rev().map(|token| token.kind);
        let is_month = matches!(back.next(), Some(Kind::Number { digits: 1..=2, .. }))
            && back.next() == Some(Kind::Key(Key::Month));
        let opens = matches!(
            back.next(),
            None | Some(Kind::Mark(';' | ':' | '(' | '•') | Kind::Key(Key::From))
        );
        let first = 1 + usize::from(self.kind(1) == Some(Kind::Key(Key::Day)));
        let is_day = matches!(self.kind(first), Some(Kind::Number { digits: 1..=2, .. }))
            && self.kind(first + 1) == Some(Kind::Mark('/'))
            && matches!(
                self.kind(first + 2),
                Some(Kind::Number { digits: 1..=2, .. })
            );
        (is_month && opens && is_day).then_some((Kind::Key(Key::Until), 1))
    }

    /// "6 tháng - trước ngày 12/6; năm - trước ngày 12/11": a dash between a report's period and its day is a colon.
    fn period_with_its_day(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Mark('-')) {
            return None;
        }
        let bounded = matches!(self.kind(1), Some(Kind::Key(Key::Before | Key::Latest)));
        let mut back = self.tokens[..self.at].iter().rev().map(|token| token.kind);
        let period = match back.next()? {
            Kind::Key(Key::Quarter | Key::Year) => true,
            Kind::Number { digits: 4, .. } => back.next() == Some(Kind::Key(Key::Year)),
            Kind::Key(Key::Month) => matches!(
                back.next(),
                Some(Kind::Number {
                    value: 6 | 9,
                    digits: 1..=2
                })
            ),
            _ => false,
        };
        let opens = matches!(
            back.next(),
            None | Some(Kind::Mark(';' | '(' | '•') | Kind::Key(Key::Report | Key::Every))
        );
        (bounded && period && opens).then_some((Kind::Mark(':'), 1))
    }

    /// "KH trước 15/02/2020 / BC trước 15/11/2020": behind a year, a stroke between spaces parts two clauses.
    fn apart(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Mark('/')) {
            return None;
        }
        let gap = |ahead: usize| {
            let token = self.tokens.get(self.at + ahead);
            token.is_some_and(|token| token.gap)
        };
        let year = matches!(self.before(), Some(Kind::Number { digits: 4, .. }));
        let goes_on = matches!(self.kind(1), Some(Kind::Word | Kind::Key(_)));
        (gap(0) && gap(1) && year && goes_on).then_some((Kind::Mark(';'), 1))
    }

    /// "Ngày 10 của các tháng: 4, 7, 10": the colon says no more than "các tháng" does.
    fn list_of_months(&self) -> Option<(Kind, usize)> {
        let month = self.kind(0) == Some(Kind::Key(Key::Month));
        let listed = self.before() == Some(Kind::Key(Key::Plural))
            && self.kind(1) == Some(Kind::Mark(':'))
            && matches!(self.kind(2), Some(Kind::Number { digits: 1..=2, .. }));
        (month && listed).then_some((Kind::Key(Key::Month), 2))
    }

    /// "15.3 - 15.5.2021": a full stop in the first day of a span whose last is written with its year.
    fn dotted_span(&self) -> Option<(Kind, usize)> {
        let dot = Some(Kind::Mark('.'));
        let short = |ahead| matches!(self.kind(ahead), Some(Kind::Number { digits: 1..=2, .. }));
        let mut back = self.tokens[..self.at].iter().rev().map(|token| token.kind);
        let first = matches!(back.next(), Some(Kind::Number { digits: 1..=2, .. }));
        let opens = matches!(
            back.next(),
            None | Some(Kind::Mark(';' | ':' | '(' | '•') | Kind::Key(Key::From))
        );
        let last = self.kind(2) == Some(Kind::Mark('-'))
            && short(3)
            && self.kind(4) == dot
            && short(5)
            && self.kind(6) == dot
            && matches!(self.kind(7), Some(Kind::Number { digits: 4, .. }));
        let is_span = self.kind(0) == dot && first && opens && short(1) && last;
        is_span.then_some((Kind::Mark('/'), 1))
    }

    /// "Theo Kế hoạch số 85/KH-UBND ngày 20/02/2023: hoàn thành trong tháng 10/2023": a colon behind what a clause rests on.
    fn resting_on(&self) -> Option<(Kind, usize)> {
        if self.kind(0) != Some(Kind::Mark(':')) {
            return None;
        }
        let clause = self.tokens[..self.at]
            .iter()
            .rposition(|token| matches!(token.kind, Kind::Mark(';' | ':' | '•')))
            .map_or(0, |at| at + 1);
        let before = &self.tokens[clause..self.at];
        let led = before.first().map(|token| token.kind);
        let rests = matches!(led, Some(Kind::Key(Key::By | Key::FollowPlan)))
            && before.iter().any(|token| token.kind == Kind::Code);
        let finishes = self.kind(1) == Some(Kind::Key(Key::Finish));
        (rests && finishes).then_some((Kind::Mark(','), 1))
    }
}
