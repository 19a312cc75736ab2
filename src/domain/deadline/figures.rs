//! Figures that say how much and never when: "20/24 tiêu chí", "1.200 lượt", "30,6 tỷ đồng", "1.500 hồ sơ/tháng", a number to
//! call, and what a figure is held against.

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::remarks::{PERIODS, is_a_date};
use super::scan::Scan;

/// What counts units in a fraction: "20/24 tiêu chí".
const COUNTED_NOUNS: &[&str] = &[
    "tiêu",
    "chỉ",
    "nội",
    "nhiệm vụ",
    "xã",
    "huyện",
    "phường",
    "thôn",
    "đơn",
    "địa",
    "sở",
    "cơ",
    "dịch vụ",
    "thủ",
    "hồ",
    "điểm",
    "trường",
    "hộ",
    "người",
    "chi",
    "đảng",
    "mục",
    "tiêu chí",
    "tỉnh",
    "thành phố",
    "quận",
    "bản",
    "khu",
    "ngành",
    "phòng",
    "lớp",
    "trạm",
    "văn bản",
    "dự án",
    "dự",
    "doanh",
    "chương trình",
];

/// What a number to call is introduced by.
const TELEPHONES: &[&[&str]] = &[
    &["điện", "thoại"],
    &["đt"],
    &["sđt"],
    &["fax"],
    &["liên", "hệ"],
];

/// What money is counted in.
const MONEY: &[&str] = &["nghìn", "ngàn", "triệu", "tỷ", "đồng", "trđ"];

/// How many words a thing that is counted has at most, its number included.
const LONGEST_NOUN: usize = 4;

/// How far a comparison reaches at most.
const LONGEST_COMPARISON: usize = 20;

impl Scan<'_> {
    /// "20/24 tiêu chí", "02/04 nội dung".
    pub fn fraction(&mut self) -> bool {
        let cursor = &self.cursor;
        let named = cursor
            .previous()
            .is_some_and(|token| token.kind == Kind::Key(Key::Day));
        let written = matches!(cursor.kind(0), Some(Kind::Number { .. }))
            && cursor.is_mark(1, &['/'])
            && matches!(cursor.kind(2), Some(Kind::Number { .. }));
        let of_all = cursor.follows_word("đạt") && cursor.is(3, Key::Number);
        if named
            || !written
            || !(of_all || COUNTED_NOUNS.iter().any(|noun| cursor.is_word(3, noun)))
        {
            return false;
        }
        let to = cursor.at + 3;
        self.step_over(to)
    }

    /// "1.200 lượt đoàn viên", "điện thoại 0235.3852.739": how many, and a number to call.
    pub fn amount_or_telephone(&mut self) -> bool {
        let mut cursor = self.cursor;
        let called = TELEPHONES.iter().any(|words| cursor.eat_words(words));
        if called {
            cursor.eat_mark(&[':', '.']);
        }
        let first = cursor.at;
        let group = |cursor: &Cursor, ahead: usize| {
            let figures = matches!(cursor.kind(ahead), Some(Kind::Number { digits, .. }) if called || digits == 3);
            cursor.is_mark(ahead - 1, &['.', ' ', '-']) && figures && cursor.tight(ahead)
        };
        if matches!(cursor.kind(0), Some(Kind::Number { .. })) {
            cursor.at += 1;
            while group(&cursor, 1)
                || (called && matches!(cursor.kind(0), Some(Kind::Number { .. })))
            {
                cursor.at += if group(&cursor, 1) { 2 } else { 1 };
            }
        }
        let thousands = !called
            && cursor.at > first + 1
            && matches!(
                cursor.kind(0),
                Some(Kind::Word | Kind::Key(Key::Counted | Key::Document | Key::Idiom))
            )
            && !MONEY.iter().any(|word| cursor.is_word(0, word));
        if cursor.at == first || !(called || thousands) {
            return false;
        }
        self.step_over(cursor.at)
    }

    /// "so với cùng kỳ quý III/2024", "so với 31/12/2024": what a figure is held against.
    pub fn compared(&mut self) -> bool {
        let start = self.cursor.at;
        let mut cursor = self.cursor;
        if !cursor.eat_words(&["so", "với"]) {
            return false;
        }
        let limits = [
            Key::Before,
            Key::Latest,
            Key::In,
            Key::Within,
            Key::Finish,
            Key::Deadline,
        ];
        while cursor.at < start + LONGEST_COMPARISON
            && !matches!(cursor.kind(0), None | Some(Kind::Mark(_)))
            && !cursor.is_any(0, &limits)
        {
            let mut ahead = cursor;
            if let Ok(Some((_, body))) = ahead.dated()
                && is_a_date(&body)
            {
                cursor = ahead;
                break;
            }
            cursor.at += 1;
        }
        self.step_over(cursor.at)
    }

    /// "30,6 tỷ đồng", "1.200.000 đồng/người": what a thing costs.
    pub fn cost(&mut self) -> bool {
        let mut cursor = self.cursor;
        let figure =
            |cursor: &Cursor, ahead| matches!(cursor.kind(ahead), Some(Kind::Number { .. }));
        if !figure(&cursor, 0) {
            return false;
        }
        cursor.at += 1;
        while cursor.is_mark(0, &['.', ',']) && cursor.tight(1) && figure(&cursor, 1) {
            cursor.at += 2;
        }
        let amount = cursor.at;
        while MONEY.iter().any(|word| cursor.is_word(0, word)) {
            cursor.at += 1;
        }
        if cursor.at == amount {
            return false;
        }
        if cursor.is_mark(0, &['/']) && !figure(&cursor, 1) && cursor.peek(1).is_some() {
            cursor.at += 2;
        }
        self.step_over(cursor.at)
    }

    /// "1.500 hồ sơ/tháng, hoàn thành trước 30/11": how fast, beside the day by which it is done.
    pub fn pace(&mut self) -> bool {
        let cursor = self.cursor;
        let per = cursor.is_mark(0, &['/']) && cursor.tight(0) && cursor.is_any(1, PERIODS);
        let Some(first) = cursor.at.checked_sub(LONGEST_NOUN).filter(|_| per) else {
            return false;
        };
        let noun = cursor.tokens[first..cursor.at].iter().rev();
        let words = noun
            .clone()
            .take_while(|token| token.kind == Kind::Word)
            .count();
        let counted = matches!(
            noun.clone().nth(words).map(|token| token.kind),
            Some(Kind::Number { .. })
        );
        let after = Cursor {
            at: cursor.at + 2,
            ..cursor
        };
        if words == 0 || !counted || !after.is_mark(0, &[',']) || !after.limit_follows() {
            return false;
        }
        self.step_over(after.at)
    }
}
