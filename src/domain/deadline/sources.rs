//! What a task rests on: a meeting, its minutes, a conclusion, a law. Their dates are behind us and no deadlines: "Theo chỉ
//! đạo tại cuộc họp ngày 10/5", "tồn tại tại Biên bản kiểm tra ngày 12/8", "Theo Điều 15 Luật Đất đai ngày 29/11/2013".

use super::cursor::Cursor;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, Scan};
use super::term::Bound;

/// How many words a source has at most.
const LONGEST_SOURCE: usize = 18;

/// What was said or written down, and can be carried out.
const SAID: &[&[&str]] = &[
    &["kết luận"],
    &["thông báo"],
    &["biên", "bản"],
    &["chỉ", "đạo"],
    &["ý", "kiến"],
    &["kiến", "nghị"],
    &["yêu", "cầu"],
    &["mẫu"],
];

/// What is in force before anybody carries it out: a plan or a project may be carried out on the day behind it.
const LAWS: &[&[&str]] = &[
    &["luật"],
    &["bộ luật"],
    &["pháp lệnh"],
    &["nghị định"],
    &["thông tư"],
    &["nghị quyết"],
    &["chỉ thị"],
];

/// Where it was said.
const MEETINGS: &[&[&str]] = &[
    &["họp"],
    &["giao ban"],
    &["hội", "nghị"],
    &["buổi"],
    &["phiên họp"],
    &["kỳ họp"],
    &["kiểm", "tra"],
    &["thanh", "tra"],
    &["làm", "việc"],
];

/// What one does to have an opinion given: the meeting is yet to come.
const ASKED: &[&str] = &["xin", "lấy", "cho", "góp", "gia", "có", "nêu", "bày"];

impl Scan<'_> {
    /// Marks the date that follows as that of a source, where one opens here; in the middle of a sentence it may as well be
    /// the deadline, unless one stands behind it.
    pub fn source(&mut self) -> Result<(), NotUnderstood> {
        let cursor = self.cursor;
        let opens = match self.items.last() {
            None | Some(Item::Hard(_) | Item::Soft(_)) => true,
            Some(Item::Words(at)) => matches!(cursor.tokens[*at].kind, Kind::Mark(_)),
            Some(Item::Term(_)) => false,
        };
        let led = cursor
            .previous()
            .is_some_and(|token| matches!(token.kind, Kind::Key(Key::In | Key::Of | Key::After)))
            || cursor.follows_word("tại");
        let rests = cursor.is(0, Key::By)
            || cursor.asks()
            || (cursor.is_word(0, "căn") && cursor.is_word(1, "cứ"));
        let carries_out = (cursor.is_word(0, "thực hiện") || cursor.is_word(0, "triển khai"))
            && (cursor.names(1, SAID) || cursor.names(1, LAWS));
        let written =
            led && (cursor.is_word(0, "kết luận") || cursor.names(0, &[&["biên", "bản"]]));
        if !(rests || carries_out || written) {
            return if self.cited {
                Ok(())
            } else {
                cursor.check_said_at_a_meeting()
            };
        }
        if let Some(ahead) = cursor.day_of_a_source(!rests) {
            let mut behind = cursor;
            behind.at += ahead;
            behind.days(Bound::Bare)?;
            let comma = usize::from(behind.is_mark(0, &[',']));
            let limit = [Key::Before, Key::In, Key::Until, Key::Latest, Key::Finish];
            if opens || written || behind.is_any(comma, &limit) {
                self.cited = true;
            } else if !self.meets() {
                return behind.refuse(
                    cursor.at,
                    "the day of what it rests on, or the day it is due",
                );
            }
        } else if rests
            && opens
            && let Some(ahead) = cursor.inspected_in()
        {
            return cursor.refuse(
                cursor.at + ahead,
                "whether the period is that of what it rests on",
            );
        }
        Ok(())
    }

    /// "Hội nghị triển khai chỉ đạo …": a meeting that is to be held, and has its own day.
    fn meets(&self) -> bool {
        let first = self.cursor.at - self.cursor.clause_before().len();
        (first..self.cursor.at).any(|at| Cursor { at, ..self.cursor }.names(0, MEETINGS))
    }
}

impl Cursor<'_> {
    /// Whether this word stands before this place.
    pub fn follows_word(&self, word: &str) -> bool {
        let before = self.at.checked_sub(1).map(|at| Cursor { at, ..*self });
        before.is_some_and(|before| before.is_word(0, word))
    }

    /// Whether one of these groups of words stands `ahead`.
    pub fn names(&self, ahead: usize, groups: &[&[&str]]) -> bool {
        groups.iter().any(|group| {
            let mut words = group.iter().enumerate();
            words.all(|(place, word)| self.is_word(ahead + place, word))
        })
    }

    /// "kết quả kiểm tra tháng 6/2023" behind "theo": how far ahead its month stands.
    fn inspected_in(&self) -> Option<usize> {
        let named = |ahead: usize| self.names(ahead, MEETINGS) || self.names(ahead, SAID);
        let ahead = (1..LONGEST_SOURCE).find(|ahead| {
            !matches!(
                self.kind(*ahead),
                Some(
                    Kind::Word
                        | Kind::Key(
                            Key::Of | Key::Issuer | Key::Idiom | Key::Report | Key::Document
                        )
                )
            )
        })?;
        let period =
            self.is_any(ahead, &[Key::Month, Key::Quarter]) && self.numeral(ahead + 1).is_some();
        (period && (1..ahead).any(named)).then_some(ahead)
    }

    /// "theo yêu cầu", "theo đề nghị".
    fn asks(&self) -> bool {
        self.is(0, Key::OnDemand)
            && (self.is_word(0, "theo yêu cầu") || self.is_word(0, "theo đề nghị"))
    }

    /// "Tiếp thu ý kiến tại cuộc họp ngày 10/5": the meeting's day, or the task's.
    fn check_said_at_a_meeting(&self) -> Result<(), NotUnderstood> {
        let asked = ASKED.iter().any(|verb| self.follows_word(verb));
        if asked || !self.names(0, SAID) {
            return Ok(());
        }
        let Some(ahead) = self.day_of_a_source(false) else {
            return Ok(());
        };
        let at_a_meeting = |place: usize| {
            self.is_word(place, "tại") && (place..ahead).any(|place| self.names(place, MEETINGS))
        };
        if (1..ahead).any(at_a_meeting) {
            return Cursor {
                at: self.at + ahead,
                ..*self
            }
            .refuse(self.at, "the day of what was said, or the day it is due");
        }
        Ok(())
    }

    /// How far ahead a day stands, behind a meeting, something said or a document in the same breath.
    fn day_of_a_source(&self, named: bool) -> Option<usize> {
        let mut named = named;
        for ahead in 0..LONGEST_SOURCE {
            named |= self.names(ahead, SAID) || self.names(ahead, MEETINGS);
            match self.kind(ahead) {
                Some(Kind::Key(Key::Day)) => {
                    return (named && self.small(ahead + 1).is_some()).then_some(ahead);
                }
                Some(Kind::Key(Key::Document | Key::Session)) => named = true,
                Some(Kind::Number { .. }) if self.is_mark(ahead + 1, &['/']) => {
                    return (named && self.small(ahead + 2).is_some()).then_some(ahead);
                }
                Some(Kind::Number { .. })
                    if ahead > 0 && self.is_any(ahead - 1, &[Key::Nth, Key::Counted]) => {}
                Some(Kind::Key(Key::OnDemand)) if ahead == 0 => {}
                Some(
                    Kind::Word
                    | Kind::Roman(_)
                    | Kind::Key(
                        Key::By
                        | Key::Of
                        | Key::And
                        | Key::In
                        | Key::Report
                        | Key::Issuer
                        | Key::Idiom
                        | Key::Own
                        | Key::Manner
                        | Key::Anniversary
                        | Key::Counted
                        | Key::Issue
                        | Key::Nth
                        | Key::Numeral(_),
                    ),
                ) => {}
                _ => return None,
            }
        }
        None
    }

    /// "theo đề nghị của Bộ Tài chính tại Công văn số 3145/BTC-NSNN", "theo yêu cầu tại cuộc họp ngày 05/5": what was asked
    /// for has been asked already.
    pub fn has_been_asked(&self) -> bool {
        let mut breath = (1..LONGEST_SOURCE).map_while(|ahead| self.kind(ahead));
        let code = breath
            .by_ref()
            .take_while(|kind| !matches!(kind, Kind::Mark(';' | ',' | '(')))
            .any(|kind| kind == Kind::Code);
        self.asks() && (code || self.day_of_a_source(false).is_some())
    }
}
