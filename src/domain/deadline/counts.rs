//! Terms that are counted: "30 ngày kể từ ngày … ban hành", "10 ngày làm việc", "30 ngày trước ngày khai mạc".

use super::cursor::{Cursor, Parsed};
use super::lexer::{Kind, Token};
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::term::{Anchor, Body, Bound, Term, Unit};
use super::text::canonical;

/// What a plan may call itself.
const OWN_DOCUMENTS: &[&str] = &[
    "kế hoạch",
    "kh",
    "quyết định",
    "qđ",
    "chương trình",
    "chỉ thị",
    "đề án",
];

/// What any document may call itself with "này".
const ANY_DOCUMENTS: &[&str] = &[
    "văn bản",
    "công văn",
    "thông báo",
    "nghị quyết",
    "phương án",
    "hướng dẫn",
    "công điện",
];

impl Cursor<'_> {
    /// A counted term with the event it counts from, which takes the rest of the clause.
    pub fn count(&mut self, bound: Bound, within: bool) -> Parsed<Body> {
        let start = self.at;
        let Some(n) = self.amount() else {
            self.at = start;
            return Ok(None);
        };
        let unit = match self.kind(0) {
            Some(Kind::Key(Key::WorkingDay)) => Unit::WorkingDay,
            Some(Kind::Key(Key::Day)) => Unit::Day,
            Some(Kind::Key(Key::Week)) => Unit::Week,
            Some(Kind::Key(Key::Month)) => Unit::Month,
            Some(Kind::Key(Key::Year)) => Unit::Year,
            Some(Kind::Key(Key::Hour)) => Unit::Hour,
            Some(Kind::Word) if self.tight(0) && self.is_word(0, "h") => Unit::Hour,
            _ => {
                self.at = start;
                return Ok(None);
            }
        };
        self.at += 1;
        let comma = self.eat_mark(&[',']);
        if let Some(window) = self.same_window(comma)? {
            return Ok(Some(window));
        }
        if unit == Unit::Day
            && !comma
            && let Some(window) = self.days_counted_out(n)?
        {
            return Ok(Some(window));
        }
        let backward = self.is(0, Key::Before) || self.is_word(0, "trước khi");
        let since = self.is_any(0, &[Key::From, Key::After, Key::When]) && !backward;
        let long = matches!(unit, Unit::Month | Unit::Year);
        if (long && !since && !(within && self.stands_alone(0)))
            || (unit == Unit::Hour && !since && !(bound == Bound::In && self.ends_here()))
            || (self.numeral(0).is_some() && self.is(1, Key::Times))
            || self.is_mark(0, &['/'])
            || self.is_any(0, &[Key::Early, Key::Late])
        {
            self.at = start;
            return Ok(None);
        }
        if bound == Bound::From && !since && !backward {
            return self.refuse(start, "a length of time, not when it is due");
        }
        if self.is(0, Key::Of) && self.time_follows(1) {
            return self.refuse(start, "so many days of a period, and not which");
        }
        self.at -= usize::from(comma && !since);
        if since && let Some(body) = self.after_period(n, unit, bound == Bound::After)? {
            return Ok(Some(body));
        }
        let anchor = if since || backward {
            self.anchor(backward)?
        } else {
            Anchor::Elsewhere
        };
        if comma && matches!(anchor, Anchor::BackFrom(_)) {
            return self.refuse(
                start,
                "a term, and a day that it ends on or is counted back from",
            );
        }
        Ok(Some(Body::Count {
            n,
            unit,
            anchor,
            after: bound == Bound::After,
        }))
    }

    /// "45 ngày, từ ngày 15/5 đến ngày 28/6": the days are counted out, the window is what counts.
    fn same_window(&mut self, comma: bool) -> Parsed<Body> {
        let start = self.at;
        let opened = !comma && self.eat_mark(&['(']);
        if (comma || opened)
            && self.is(0, Key::From)
            && let Some((_, body)) = self.dated()?
            && super::terms::is_range(&body)
            && (!opened || self.eat_mark(&[')']))
        {
            return Ok(Some(body));
        }
        self.at = start;
        Ok(None)
    }

    /// "30", "ba mươi", "30 (ba mươi)".
    fn amount(&mut self) -> Option<u32> {
        let n = match self.kind(0)? {
            Kind::Number { value, digits } if digits <= 3 => value,
            _ => self.numeral(0)?,
        };
        self.at += 1;
        if self.is_mark(0, &['(']) {
            let close = (1..6).find(|ahead| self.is_mark(*ahead, &[')']))?;
            if let (2, Some(Kind::Key(Key::Numeral(other)))) = (close, self.kind(1))
                && other != n
            {
                return None;
            }
            if (1..close).all(|ahead| {
                matches!(
                    self.kind(ahead),
                    Some(Kind::Word | Kind::Key(Key::Numeral(_) | Key::Year))
                )
            }) {
                self.at += close + 1;
            }
        }
        Some(n)
    }

    /// What a term counts from. Everything up to the end of the clause belongs to it.
    fn anchor(&mut self, backward: bool) -> Result<Anchor, NotUnderstood> {
        self.at += 1;
        self.skip(&[Key::From, Key::After, Key::When]);
        let from = self.at;
        if backward && let Some(day) = self.end_of_period()? {
            return Ok(Anchor::BackFrom(day));
        }
        if let Some(day) = self.written_day()? {
            return Ok(if backward {
                Anchor::BackFrom(day)
            } else {
                Anchor::Day(day)
            });
        }
        self.at = from;
        while let Some(kind) = self.kind(0) {
            let closed = (from..self.at)
                .any(|at| matches!(self.tokens[at].kind, Kind::Key(Key::Issue | Key::Effect)));
            match kind {
                Kind::Mark(';' | ')') => break,
                Kind::Mark('(') if self.is_any(1, &[Key::Before, Key::Latest, Key::Until]) => break,
                Kind::Mark(',') if closed => break,
                Kind::Mark('.') if self.peek(1).is_none_or(|next| next.gap && next.capital) => {
                    break;
                }
                Kind::Key(Key::And) if closed && self.dated_clause_follows() => break,
                Kind::Mark('-' | '•') if self.peek(0).is_some_and(|token| token.new_line) => {
                    break;
                }
                _ => self.at += 1,
            }
        }
        Ok(self.own_issue(from).unwrap_or(Anchor::Elsewhere))
    }

    /// "kết thúc năm 2024" behind "45 ngày trước khi": its last day.
    fn end_of_period(&mut self) -> Parsed<super::term::Day> {
        let before = self.at;
        let numbered = self.numeral(2).is_some() || self.four_digits(2).is_some();
        if self.eat(Key::Until)
            && numbered
            && let Some(span) = self.one_span()?
            && (self.ends_here() || self.is_mark(0, &[',']))
        {
            return Ok(Some(super::term::Day {
                day: super::term::Nth::Last,
                month: span.last,
                year: span.last_year,
            }));
        }
        self.at = before;
        Ok(None)
    }

    /// "ngày 15/5", "ngày bầu cử (23/5/2021)": the day a term counts from, if it is written out.
    pub fn written_day(&mut self) -> Parsed<super::term::Day> {
        let before = self.at;
        if let Some(Body::Days(days)) = self.days(Bound::By)?
            && let [day] = days[..]
            && (self.ends_here() || self.is_mark(0, &[',']))
        {
            return Ok(Some(day));
        }
        self.at = before;
        while matches!(
            self.kind(0),
            Some(
                Kind::Word
                    | Kind::Code
                    | Kind::Roman(_)
                    | Kind::Key(
                        Key::Counted
                            | Key::And
                            | Key::Day
                            | Key::Idiom
                            | Key::Session
                            | Key::Issuer
                            | Key::School
                            | Key::Document
                            | Key::Issue
                            | Key::Effect
                            | Key::Own
                            | Key::Anniversary
                            | Key::This
                            | Key::Is
                            | Key::Of
                            | Key::Number
                            | Key::Until
                            | Key::Report
                            | Key::Aside
                    )
            )
        ) {
            self.at += 1;
        }
        if self.at > before
            && self.eat_mark(&['('])
            && let Some(Body::Days(days)) = self.days(Bound::By)?
            && let [day] = days[..]
            && self.eat_mark(&[')'])
            && (self.ends_here() || self.is_mark(0, &[',']))
        {
            return Ok(Some(day));
        }
        self.at = before;
        Ok(None)
    }

    /// Whether after "và" a bound opens another deadline.
    fn dated_clause_follows(&self) -> bool {
        (1..6).any(|ahead| {
            self.is_any(
                ahead,
                &[Key::Before, Key::Latest, Key::In, Key::Periodic, Key::Every],
            )
        })
    }

    /// Whether the anchor can only be the issue of this very plan: every word of it must be one that names the plan.
    /// The year it names, if it does, is checked later.
    fn own_issue(&self, from: usize) -> Option<Anchor> {
        let anchor = &self.tokens[from..self.at];
        let spelled = |token: &Token| canonical(&self.text[token.start..token.end]);
        let has = |key| anchor.iter().any(|token| token.kind == Kind::Key(key));
        let named = |word: &str| anchor.iter().any(|token| spelled(token) == canonical(word));
        let one_of = |words: &[&str], token: &Token| {
            words.iter().any(|word| canonical(word) == spelled(token))
        };
        let mut year = None;
        for token in anchor {
            match token.kind {
                Kind::Key(
                    Key::Day
                    | Key::Issue
                    | Key::Issuer
                    | Key::This
                    | Key::Of
                    | Key::Own
                    | Key::Is
                    | Key::Year,
                ) => {}
                Kind::Key(Key::Document)
                    if one_of(OWN_DOCUMENTS, token)
                        || (has(Key::This) && one_of(ANY_DOCUMENTS, token)) =>
                {
                    if has(Key::This) && self.spoken_of(from, token) {
                        return None;
                    }
                }
                Kind::Key(Key::Not) if spelled(token) == canonical("đã ban hành") => {}
                Kind::Word if one_of(&["đã", "có"], token) => {}
                Kind::Number { value, digits: 4 } => year = i32::try_from(value).ok(),
                _ => return None,
            }
        }
        let document = has(Key::Document);
        let issued = ["ban hành", "được ban hành", "ký", "ký ban hành", "được ký"]
            .iter()
            .any(|verb| named(verb));
        let approved = document
            && ["phê duyệt", "được phê duyệt", "đã ban hành"]
                .iter()
                .any(|verb| named(verb));
        let there = document && has(Key::This) && named("có");
        let issuer = anchor.iter().any(|token| {
            token.kind == Kind::Key(Key::Issuer)
                && !["công tác", "kèm theo"]
                    .iter()
                    .any(|word| canonical(word) == spelled(token))
        });
        let proven = has(Key::This) || (has(Key::Own) && !named("quyết định"));
        let alone = !issuer && year.is_none() && !has(Key::Year);
        let bare = !proven;
        (issued || approved || there)
            .then_some(Anchor::Issue { year, bare })
            .filter(|_| match (document, proven) {
                (true, proven) => proven || alone,
                (false, _) => alone && !has(Key::Is),
            })
    }

    /// "Trình Quyết định …; 10 ngày sau khi ban hành Quyết định này": whether "này" points back to a document that the
    /// cell spoke of before the token at `from`. A plan in a plan is not what "Kế hoạch này" means; nor is what is to be
    /// issued within days of "văn bản này", which would count from itself.
    fn spoken_of(&self, from: usize, document: &Token) -> bool {
        let spelled = |token: &Token| canonical(&self.text[token.start..token.end]);
        let own = spelled(document);
        let any = own == canonical("văn bản");
        let plan = own == canonical("kế hoạch") || own == "kh";
        let segment = self.tokens[..from]
            .iter()
            .rposition(|token| matches!(token.kind, Kind::Mark(';' | '.')))
            .unwrap_or(0);
        let is_to_be_issued =
            |at: usize| at > segment && matches!(self.tokens[at - 1].kind, Kind::Key(Key::Issue));
        let mut documents = (0..from).filter(|at| {
            let kind = self.tokens[*at].kind;
            matches!(kind, Kind::Key(Key::Document)) || kind == Kind::Code
        });
        !plan && documents.any(|at| spelled(&self.tokens[at]) == own || any && !is_to_be_issued(at))
    }
}

/// "02 ngày", and no word of what it counts from or within: beside a date, how long the thing takes.
pub(super) fn is_length(tokens: &[Token], term: &Term) -> bool {
    let counted = matches!(
        term.body,
        Body::Count {
            anchor: Anchor::Elsewhere,
            after: false,
            ..
        }
    );
    let mut written = tokens[term.from..term.to].iter();
    counted
        && written.all(|token| {
            !matches!(
                token.kind,
                Kind::Key(
                    Key::From
                        | Key::After
                        | Key::When
                        | Key::Before
                        | Key::In
                        | Key::Within
                        | Key::Latest
                        | Key::Until
                )
            )
        })
}
