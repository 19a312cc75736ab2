//! Where one thing ends and the next begins: bullets, semicolons, full stops, commas, lines.

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::scan::{Item, LONGEST_LINE, Scan};

impl Scan<'_> {
    /// "1.", "a)", "-", "•", "+" where a line or the cell begins, or "-" after an expression of time.
    pub fn bullet(&mut self) -> bool {
        let cursor = &mut self.cursor;
        let start = cursor.at;
        let Some(token) = cursor.peek(0) else {
            return false;
        };
        let begins = token.new_line || matches!(self.items.last(), None | Some(Item::Hard(_)));
        let spaced = cursor.peek(1).is_none_or(|next| next.gap);
        let after_term = matches!(self.items.last(), Some(Item::Term(_)))
            || (cursor.at > 0
                && matches!(
                    cursor.tokens[cursor.at - 1].kind,
                    Kind::Mark(')' | ';' | '.' | ',')
                ));
        let width = match token.kind {
            Kind::Mark('•') => 1,
            Kind::Mark('-' | '+' | '–') if begins => 1,
            Kind::Mark('-') if after_term && (token.gap || spaced) => 1,
            Kind::Number { digits: 1 | 2, .. } | Kind::Word
                if begins && cursor.is_mark(1, &[')']) && token.end - token.start <= 2 =>
            {
                2
            }
            Kind::Number { digits: 1 | 2, .. }
                if begins
                    && cursor.is_mark(1, &['.'])
                    && cursor.peek(2).is_some_and(|next| next.gap) =>
            {
                2
            }
            Kind::Mark('(')
                if begins
                    && matches!(cursor.kind(1), Some(Kind::Number { digits: 1, .. }))
                    && cursor.is_mark(2, &[')']) =>
            {
                3
            }
            _ => return false,
        };
        cursor.at += width;
        self.hard(start);
        true
    }

    pub fn hard(&mut self, at: usize) {
        self.items.push(Item::Hard(at));
        self.cited = false;
    }

    /// ";", a full stop, ",", "và", or a mark that means nothing here.
    pub fn separator(&mut self) -> bool {
        let at = self.cursor.at;
        let Some(token) = self.cursor.peek(0) else {
            return false;
        };
        match token.kind {
            Kind::Mark(';') => self.hard(at),
            Kind::Mark('.')
                if self.cursor.peek(1).is_none_or(|next| {
                    next.gap && (next.capital || matches!(next.kind, Kind::Mark('-' | '•')))
                }) =>
            {
                self.hard(at);
            }
            Kind::Mark(',' | '&') | Kind::Key(Key::And | Key::Or) if self.inside_a_name() => {
                self.items.push(Item::Words(at));
            }
            Kind::Mark(',' | '&') | Kind::Key(Key::And | Key::Or) => {
                self.items.push(Item::Soft(at));
                self.cited = false;
            }
            Kind::Mark(mark) => {
                self.cited &= mark != ':';
                self.items.push(Item::Words(at));
            }
            _ => return false,
        }
        self.cursor.at += 1;
        true
    }

    /// A new line that begins with a capital begins a new clause after an expression of time, and after its words
    /// where it begins with another: "Quý III: 80%", "Đến 31/01: 100%".
    pub fn line_end(&mut self) {
        let at = self.cursor.at;
        let headed = |cursor: &Cursor| {
            let period = cursor.cycle(true).map(|(_, width)| width);
            period.is_some_and(|width| cursor.is_mark(width, &[':']))
        };
        let token = self.cursor.tokens[at];
        let begins = at > 0 && token.new_line && (token.capital || headed(&self.cursor));
        let ends = match self.items.last() {
            Some(Item::Term(_)) => true,
            Some(Item::Words(_)) if begins => {
                let segment = self.items.iter().rev().take(LONGEST_LINE);
                let told = segment
                    .take_while(|item| !matches!(item, Item::Hard(_)))
                    .any(|item| matches!(item, Item::Term(_)))
                    || self.follows_a_dash();
                let mut next = self.cursor;
                told && matches!(next.term(), Ok(Some(_)))
            }
            _ => false,
        };
        if begins && ends {
            self.hard(at);
        }
    }

    /// "Quý I - Kế hoạch": the words of this line stand behind its date and a dash.
    pub fn follows_a_dash(&self) -> bool {
        let hard = self
            .items
            .iter()
            .rposition(|item| matches!(item, Item::Hard(_)));
        hard.is_some_and(|at| {
            at > 0
                && matches!(self.items[at - 1], Item::Term(_))
                && matches!(self.items[at], Item::Hard(dash) if self.cursor.tokens[dash].kind == Kind::Mark('-'))
        })
    }

    /// "Bộ Khoa học và Công nghệ", "Sở Văn hóa, Thể thao và Du lịch".
    pub fn inside_a_name(&self) -> bool {
        let name = self
            .cursor
            .peek(1)
            .is_some_and(|next| next.capital && next.kind == Kind::Word);
        name && matches!(self.items.last(), Some(Item::Words(at)) if !matches!(self.cursor.tokens[*at].kind, Kind::Mark(_)))
    }
}
