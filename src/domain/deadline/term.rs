//! What one expression of time says, before anybody asks which year it is: the syntax tree of a cell's dates.

use super::lexer::Token;

/// The preposition in front of an expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    /// None: "Quý I/2020".
    #[default]
    Bare,
    /// "trong", "vào".
    In,
    /// "đến hết", "chậm nhất", "hạn".
    By,
    /// "trước".
    Before,
    /// "từ" without an end.
    From,
    /// "sau".
    After,
}

/// How the year of a date or period is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Year {
    /// Not at all.
    #[default]
    Absent,
    /// In digits.
    Number(i32),
    /// "trong năm", "năm nay".
    Plan,
    /// "năm sau", "năm tiếp theo".
    Next,
    /// "năm trước".
    Previous,
    /// "hằng năm".
    Every,
}

/// A day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nth {
    /// By its number.
    Number(u32),
    /// "ngày đầu tiên".
    First,
    /// "ngày cuối cùng".
    Last,
    /// "ngày làm việc đầu tiên".
    FirstWorking,
    /// "ngày làm việc cuối cùng".
    LastWorking,
    /// "thứ Hai đầu tiên", 1 = Monday.
    Weekday { day: u32, turn: Turn },
    /// First day of "tuần 2".
    WeekFirst(Turn),
    /// Last day of "tuần 2".
    WeekLast(Turn),
}

/// Which of a month's weeks or weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// "thứ hai", "đầu tiên".
    Nth(u32),
    /// "cuối cùng".
    Last,
}

/// A day of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub day: Nth,
    pub month: u32,
    pub year: Year,
}

/// A stretch of whole months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub scale: Scale,
    pub first: u32,
    pub first_year: Year,
    pub last: u32,
    pub last_year: Year,
}

/// What a span was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scale {
    Month,
    Quarter,
    /// "6 tháng đầu năm", "9 tháng đầu năm".
    Months,
    Year,
}

/// A point within a period (Civil Code 2015, art. 146).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Early,
    Middle,
    Late,
}

/// Something that comes round again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cycle {
    Week,
    Month,
    Quarter,
    Half,
    /// The report of nine months.
    Nine,
    Year,
    /// "giai đoạn", which nobody defines.
    Stage,
}

/// In which month of, or after, a cycle a day lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// "ngày 20 hằng tháng": each month.
    EachMonth,
    /// "ngày 05 tháng sau".
    NextMonth,
    /// "tháng cuối quý" (3), "tháng đầu quý" (1).
    OfQuarter(u32),
    /// "tháng đầu quý sau" (1).
    OfNextQuarter(u32),
    /// "tháng cuối kỳ báo cáo".
    EndOfReport,
    /// "tháng sau kỳ báo cáo".
    AfterReport,
    /// "tháng báo cáo".
    ReportMonth,
}

/// The unit of a counted term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Hour,
    WorkingDay,
    Week,
    Month,
    Year,
}

/// From what a counted term counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    /// This plan's own issue.
    Issue {
        /// The year of the plan, where the words name it.
        year: Option<i32>,
        /// Only "ngày ký", "ngày ban hành": of what is not said.
        bare: bool,
    },
    /// A day that is written.
    Day(Day),
    /// A day that is written, from which the term counts back.
    BackFrom(Day),
    /// The last day of a period that is written.
    EndOf(Span),
    /// Anything else.
    Elsewhere,
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// Single days.
    Days(Vec<Day>),
    /// From one day to another.
    DaySpan(Day, Day),
    /// Periods. A list without gaps is one window; `each` keeps the list as it was written.
    Spans {
        /// Merged.
        windows: Vec<Span>,
        /// As written.
        each: Vec<Span>,
    },
    /// Two different ends: "từ ngày 15/3 đến hết quý II".
    FromTo(Box<Body>, Box<Body>),
    /// "cuối quý II".
    EdgeOf(Edge, Span),
    /// "hằng quý, 6 tháng"; `marked` when a word says that it recurs.
    Cycles { cycles: Vec<Cycle>, marked: bool },
    /// "cuối mỗi quý"; `marked` when a word says that it recurs.
    EdgeOfEach {
        edge: Edge,
        cycle: Cycle,
        marked: bool,
    },
    /// "ngày 20 của tháng cuối quý".
    DayOfEach(Vec<Nth>, Place),
    /// "tháng cuối quý".
    MonthOfEach(Place),
    /// "ngày 20" and no month.
    LoneDay(Vec<Nth>),
    /// "thứ Ba, thứ Sáu hằng tuần", 1 = Monday.
    Weekdays(Vec<u32>),
    /// "15 ngày làm việc kể từ …".
    Count {
        n: u32,
        unit: Unit,
        anchor: Anchor,
        after: bool,
    },
    /// "10 ngày sau khi kết thúc quý"; no cycles where only "kỳ báo cáo" is named.
    AfterEach {
        n: u32,
        unit: Unit,
        cycles: Vec<Cycle>,
    },
    /// "trừ tháng 6 và tháng 12".
    Except(Vec<Span>),
    /// "riêng quý IV": its limit follows.
    Apart(Vec<Span>),
    /// "định kỳ" and no period.
    Periodic,
    /// "thường xuyên".
    Continuous,
    /// "khi …", "đột xuất".
    Event,
    /// "(nếu có)".
    Conditional,
    /// "theo kế hoạch của …".
    FollowPlan,
    /// "các năm tiếp theo".
    Following,
}

/// An expression of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub bound: Bound,
    pub body: Body,
    /// With an hour: "trước 16h ngày 23/9".
    pub clock: bool,
    /// First token.
    pub from: usize,
    /// Token after the last.
    pub to: usize,
}

impl Day {
    /// Whether `next` is the next day of the same month.
    pub fn precedes(self, next: Self) -> bool {
        let neighbours =
            matches!((self.day, next.day), (Nth::Number(a), Nth::Number(b)) if a + 1 == b);
        neighbours && (self.month, self.year) == (next.month, next.year)
    }

    /// The same day with the year of the day that ends its stretch, or the year before that if it is not before the
    /// plan's: "28/12 đến 05/01/2023", "15/12 đến 15/01 năm sau".
    pub fn before(self, last: Self, plan_year: i32) -> Self {
        let later = match (self.day, last.day) {
            (Nth::Number(own), Nth::Number(end)) => (self.month, own) > (last.month, end),
            _ => self.month > last.month,
        };
        self.or_year(match last.year {
            Year::Number(year) => Year::Number(year - i32::from(later && year > plan_year)),
            Year::Next if later => Year::Plan,
            year => year,
        })
    }

    /// The same day with its year, if it has none yet.
    pub fn or_year(self, year: Year) -> Self {
        let year = if self.year == Year::Absent {
            year
        } else {
            self.year
        };
        Self { year, ..self }
    }
}

impl Span {
    /// One whole period.
    pub fn one(scale: Scale, first: u32, last: u32, year: Year) -> Self {
        Self {
            scale,
            first,
            first_year: year,
            last,
            last_year: year,
        }
    }

    /// The same span with its year, if it has none yet.
    pub fn or_year(self, year: Year) -> Self {
        let fill = |own| if own == Year::Absent { year } else { own };
        Self {
            first_year: fill(self.first_year),
            last_year: fill(self.last_year),
            ..self
        }
    }
}

/// The text from one token to another.
pub(super) fn text_of<'t>(text: &'t str, tokens: &[Token], from: usize, to: usize) -> &'t str {
    match (
        tokens.get(from),
        to.checked_sub(1).and_then(|last| tokens.get(last)),
    ) {
        (Some(first), Some(last)) if from < to => &text[first.start..last.end],
        _ => "",
    }
}
