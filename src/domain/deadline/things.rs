//! The things that a task is about, and how old they are: "văn bản ban hành trước ngày 01/01/2020", "hồ sơ tồn đọng trước
//! 01/7: hoàn thành trong quý IV", "hợp đồng hết hạn ngày 30/9". Their dates are no deadlines.

use super::contradictions::is_past;
use super::cursor::Cursor;
use super::guards::Name;
use super::lexer::Kind;
use super::lexicon::Key;
use super::outcome::NotUnderstood;
use super::scan::{Item, LONGEST_LINE, Scan};
use super::term::{Body, Bound, Term};
use super::text::canonical;

/// How a thing came to be there, behind its noun: "hồ sơ tiếp nhận", "người được tuyển dụng".
const ORIGINS: &[&[&str]] = &[
    &["nghiệm", "thu"],
    &["thông", "qua"],
    &["tiếp", "nhận"],
    &["tuyển", "dụng"],
    &["bổ", "nhiệm"],
    &["công", "nhận"],
    &["cấp"],
];

/// Last words of what does nothing itself: behind it no verb says who acts.
const THINGS: &[&str] = &[
    "sơ",
    "thư",
    "đơn",
    "án",
    "việc",
    "vụ việc",
    "trình",
    "giấy",
    "thẻ",
];

/// What became of people and things, whatever their noun is: "cán bộ nghỉ hưu", "số dư nợ".
const BECAME: &[&[&str]] = &[
    &["nghỉ", "hưu"],
    &["nghỉ", "việc"],
    &["nghỉ"],
    &["tồn", "đọng"],
    &["tồn"],
    &["dư", "nợ"],
    &["phát sinh"],
];

/// How many words say which day a date is, at most.
const LONGEST_GLOSS: usize = 12;

/// The longest name of a place between its noun and its date.
const LONGEST_NAME: usize = 3;

/// Places that are named after a day: "Bệnh viện 30/4", "Nhà máy Z 30/12".
const PLACES: &[&[&str]] = &[
    &["bệnh", "viện"],
    &["nhà", "máy"],
    &["hội", "trường"],
    &["công", "ty"],
    &["công", "viên"],
    &["quảng", "trường"],
    &["xí", "nghiệp"],
    &["nông", "trường"],
    &["lâm", "trường"],
    &["sân", "vận", "động"],
    &["tiểu", "đoàn"],
    &["trung", "đoàn"],
    &["sư", "đoàn"],
    &["đường"],
    &["phố"],
    &["cầu"],
    &["chợ"],
    &["đập"],
    &["hồ"],
];

/// What ends like one of them and is none.
const NO_PLACES: &[&[&str]] = &[
    &["yêu", "cầu"],
    &["nhu", "cầu"],
    &["toàn", "cầu"],
    &["môn", "đường"],
];

impl Scan<'_> {
    /// Whether the expression says how old the things are that the task is about: "phát sinh trong năm 2021" in a plan
    /// of 2022, "còn hiệu lực từ ngày 01/6/2021 đến nay".
    pub fn dates_a_thing(&mut self, term: &Term) -> Result<bool, NotUnderstood> {
        let until_now = term.bound == Bound::From && self.cursor.is_word(0, "đến nay");
        let place = Cursor {
            at: term.from,
            ..self.cursor
        };
        // "Kể từ ngày Luật có hiệu lực đến 31/12": what begins when the law holds.
        let goes_on = matches!(self.items.last(), Some(Item::Term(last)) if last.to == term.from);
        if place.is_validity() && !goes_on {
            return Ok(true);
        }
        let is_past = is_past(term, self.cursor.plan_year);
        if is_past && place.became() {
            return Ok(true);
        }
        if place.became() && self.cursor.limit_follows() {
            return place.refuse(
                term.from - 1,
                "the day of the thing, or a day on which something is due",
            );
        }
        let Some(from) = place.origin_of_a_thing(is_past) else {
            return Ok(until_now || place.was_passed(term));
        };
        if !is_past {
            if term.bound == Bound::Before && place.is_described(from) {
                return place.refuse(from, "the day of the thing, or the day it is due");
            }
            return Ok(until_now || place.was_passed(term));
        }
        if let Some(Item::Term(event)) = self.items.last()
            && event.body == Body::Event
        {
            if event.from < from {
                return Ok(false);
            }
            let (from, to) = (event.from, event.to);
            self.items.pop();
            self.words(from, to);
        }
        Ok(true)
    }

    /// "Bệnh viện 30/4": the date is a name. It stands beside the deadline, or there is none.
    pub fn named_place(&mut self) -> bool {
        let cursor = self.cursor;
        let dated = cursor.small(0).is_some()
            && cursor.is_mark(1, &['/', '-'])
            && cursor.tight(2)
            && cursor.small(2).is_some()
            && !cursor.is_mark(3, &['/', '-']);
        if !dated || !cursor.follows_a_place() {
            return false;
        }
        self.names.push((cursor.at, Name::Day));
        self.step_over(cursor.at + 3)
    }

    /// "(ngày Luật có hiệu lực thi hành)": which day the date before the parenthesis is.
    pub fn glossed_day(&mut self) -> bool {
        let cursor = self.cursor;
        let dated = |term: &Term| matches!(term.body, Body::Days(_));
        let behind = matches!(self.items.last(), Some(Item::Term(term)) if dated(term));
        if !(behind && cursor.is_mark(0, &['(']) && cursor.is(1, Key::Day)) {
            return false;
        }
        let words = (2..LONGEST_GLOSS)
            .take_while(|ahead| {
                let glosses = [
                    Key::Document,
                    Key::Effect,
                    Key::Issue,
                    Key::Issuer,
                    Key::Anniversary,
                    Key::Manner,
                    Key::Of,
                    Key::Is,
                    Key::Session,
                    Key::Idiom,
                ];
                cursor.kind(*ahead) == Some(Kind::Word) || cursor.is_any(*ahead, &glosses)
            })
            .count();
        let close = 2 + words;
        let holds = (2..close).any(|ahead| cursor.is(ahead, Key::Effect));
        holds && cursor.is_mark(close, &[')']) && self.step_over(cursor.at + close + 1)
    }
}

impl Cursor<'_> {
    /// Whether one of these groups of words ends here.
    fn ends_with(&self, groups: &[&[&str]]) -> bool {
        groups.iter().any(|group| {
            let from = self.at.checked_sub(group.len());
            from.is_some_and(|at| Cursor { at, ..*self }.names(0, &[group]))
        })
    }

    /// "có hiệu lực đến", "hợp đồng hết hạn": until when a thing holds.
    fn is_validity(&self) -> bool {
        let last = self.at.checked_sub(1).map(|at| Cursor { at, ..*self });
        last.is_some_and(|last| {
            let until = last.is(0, Key::Effect) && last.is(1, Key::Until);
            until || last.is_word(0, "hết hạn")
        })
    }

    /// "cán bộ nghỉ hưu", "hồ sơ tồn đọng", "công trình nghiệm thu".
    fn became(&self) -> bool {
        if self.ends_with(BECAME) {
            return true;
        }
        let made = self.ends_with(ORIGINS);
        made && self.origin_of_a_thing(false).is_some()
    }

    /// Whether a limit or a period stands further on in this line.
    pub fn limit_follows(&self) -> bool {
        let ahead = (0..LONGEST_LINE).take_while(|ahead| {
            let token = self.peek(*ahead);
            token.is_some_and(|token| !token.new_line && token.kind != Kind::Mark(';'))
        });
        ahead.into_iter().any(|ahead| {
            let bound = [Key::Before, Key::Latest, Key::In, Key::Until, Key::Deadline];
            let period = self.is_any(ahead, &[Key::Month, Key::Quarter]);
            (self.is_any(ahead, &bound) && self.time_follows(ahead + 1))
                || (period && self.numeral(ahead + 1).is_some())
        })
    }

    /// Whether a place stands before this one, or its name of a word or two.
    fn follows_a_place(&self) -> bool {
        (0..LONGEST_NAME).any(|back| {
            let Some(at) = self.at.checked_sub(back) else {
                return false;
            };
            let named = (at..self.at).all(|at| {
                let token = &self.tokens[at];
                token.kind == Kind::Word && token.capital
            });
            let place = Cursor { at, ..*self };
            named && place.ends_with(PLACES) && !place.ends_with(NO_PLACES)
        })
    }

    /// Where the words begin that end here and say how a thing came to be.
    fn origin(&self) -> Option<usize> {
        let at = self.at.checked_sub(1)?;
        let last = Cursor { at, ..*self };
        if last.is_any(0, &[Key::Issue, Key::Effect]) || last.is_word(0, "phát sinh") {
            return Some(at);
        }
        ORIGINS.iter().find_map(|group| {
            let from = self.at.checked_sub(group.len())?;
            let place = Cursor { at: from, ..*self };
            place.names(0, &[group]).then_some(from)
        })
    }

    /// The same, behind a noun that does nothing itself: of "Sở ban hành trước ngày 31/12" the day is a deadline, and of
    /// "Văn bản ban hành trước ngày 31/12" it may be one unless that day is over.
    fn origin_of_a_thing(&self, is_past: bool) -> Option<usize> {
        let from = self.origin()?;
        let verb = Cursor { at: from, ..*self };
        let noun = Cursor {
            at: from.checked_sub(1)?,
            ..*self
        };
        let thing = noun.is(0, Key::Document) || THINGS.iter().any(|word| noun.is_word(0, word));
        let written_small =
            !self.tokens[noun.at].capital || (is_past && noun.is_word(0, "văn bản"));
        let grows = verb.is_word(0, "phát sinh") || verb.is(0, Key::Effect);
        let acted_on = noun.is_word(0, "được") || (thing && written_small);
        (grows || acted_on || verb.is_passive()).then_some(from)
    }

    /// "Xử lý hồ sơ tiếp nhận": whether something is done to the noun in front of `from`, which then is no subject.
    fn is_described(&self, from: usize) -> bool {
        let breath = (0..from)
            .rev()
            .take_while(|at| !matches!(self.tokens[*at].kind, Kind::Mark(_)));
        let first = breath.last().filter(|first| first + 3 <= from);
        let subject = |at: usize| {
            matches!(
                self.tokens[at].kind,
                Kind::Key(Key::Document | Key::Plural | Key::Report | Key::Review | Key::From)
            )
        };
        first.is_some_and(|first| !subject(first)) && !self.tokens[from - 1].capital
    }

    /// "được ban hành".
    fn is_passive(&self) -> bool {
        let written = self.peek(0).map(|token| &self.text[token.start..token.end]);
        let passive = written.and_then(|written| written.split_whitespace().next());
        self.is(0, Key::Issue) && passive.is_some_and(|word| canonical(word) == canonical("được"))
    }

    /// "Luật được Quốc hội thông qua ngày 29/6/2024", "Nghị quyết được ban hành ngày 15/7": the day is the document's.
    fn was_passed(&self, term: &Term) -> bool {
        let day = term.bound == Bound::Bare && matches!(term.body, Body::Days(_));
        let Some(origin) = self.origin().filter(|_| day) else {
            return false;
        };
        let first = self.at - self.clause_before().len();
        let breath = (first..=origin)
            .rev()
            .map(|at| Cursor { at, ..*self })
            .take_while(|place| !matches!(place.kind(0), Some(Kind::Mark(_))));
        let (mut passive, mut document) = (false, false);
        for place in breath {
            document |= passive && place.is(0, Key::Document);
            passive |= place.is_passive() || place.is_word(0, "được") || place.is_word(0, "đã");
        }
        document
    }
}
