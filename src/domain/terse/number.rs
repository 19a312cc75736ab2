//! The number and the day of a document: given, not there yet, or corrected.

use chrono::NaiveDate;

use super::words::{Frame, Is, Sense, Terse, Unit};
use crate::domain::reply::Reader;

/// A document as an answer gives it; one of both at least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Its number, in standard form where its kind is known: `15/KH`.
    pub document: Option<String>,
    /// Its day.
    pub on: Option<NaiveDate>,
}

/// What is right instead of what was told before; one of both at least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// The number of the document: whole, or only the part before its sign.
    pub document: Option<String>,
    /// Its day.
    pub on: Option<NaiveDate>,
}

/// What may stand beside a number and a day.
const BESIDE: [Sense; 5] = [
    Sense::Number,
    Sense::Kind,
    Sense::DayLead,
    Sense::Day,
    Sense::Filler,
];

impl Terse {
    /// "Số 15 ngày 12/3", "KH số 15", "15", "ngày 12/3" to the question for the number of a document. `refs` are the tasks
    /// that it names, `product` is what has to come of the one that is meant: it says of which kind the document is where the answer does not.
    #[must_use]
    pub fn given(
        &self,
        text: &str,
        refs: &[String],
        product: &str,
        today: NaiveDate,
        reader: &Reader,
    ) -> Option<Given> {
        let mut units = self.units(text, &BESIDE);
        units.retain(|unit| {
            !refs
                .iter()
                .any(|named| named.eq_ignore_ascii_case(unit.text))
        });
        let may_stand = |unit: &Unit<'_>| match unit.is {
            Is::Other => false,
            Is::Signs => unit.is_day_like(),
            _ => true,
        };
        if !units.iter().all(may_stand) {
            return None;
        }
        let (number, rest) = number_of(&units);
        let document = number.map(|number| {
            let own = units.iter().find(|unit| unit.is_one_of(&[Sense::Kind]));
            let kind = own.map(|unit| unit.text.to_owned());
            self.numbered(
                number,
                kind.or_else(|| self.kind_in(product)),
                today,
                reader,
            )
        });
        let on = self.day_of(&units[rest..], today, reader);
        // "15 ngày": as many days, and no number of a document.
        let dangles = rest < units.len() && on.is_none();
        let given = Given { document, on };
        (!dangles && given != Given::default()).then_some(given)
    }

    /// "Mai có số", "chiều em gửi số": there will be a number, and it is not told.
    #[must_use]
    pub fn comes_later(&self, text: &str) -> bool {
        let senses = [
            Sense::Unsent,
            Sense::Later,
            Sense::Past,
            Sense::Get,
            Sense::Number,
            Sense::Day,
            Sense::DayLead,
            Sense::Kind,
            Sense::Filler,
        ];
        let units = self.units(text, &senses);
        let has = |sense| units.iter().any(|unit| unit.is_one_of(&[sense]));
        let is_told = units
            .iter()
            .zip(units.iter().skip(1))
            .any(|(before, unit)| {
                matches!(unit.is, Is::Digits(_)) && !before.is_one_of(&[Sense::Day, Sense::DayLead])
            });
        let begins = units
            .first()
            .is_some_and(|unit| !matches!(unit.is, Is::Word(_)));
        let only_these = units.iter().all(|unit| unit.is != Is::Other) && !begins && !is_told;
        let says_what = has(Sense::Number) || has(Sense::Get);
        let says_when = has(Sense::Day) && has(Sense::Number) && has(Sense::Get);
        let is_unsent = has(Sense::Unsent) && !has(Sense::Number);
        only_these
            && !is_unsent
            && !has(Sense::Past)
            && ((has(Sense::Later) || has(Sense::Unsent)) && says_what || says_when)
    }

    /// "Số đúng là 21/BC-UBND", "nhầm, ngày 29/3", "II.2 ghi nhầm số, 21 mới đúng": what was told is wrong, and nothing is
    /// taken back. `refs` are the tasks that it names.
    #[must_use]
    pub fn corrected(
        &self,
        text: &str,
        refs: &[String],
        today: NaiveDate,
        reader: &Reader,
    ) -> Option<Corrected> {
        // "15/3 chứ ạ?" asks whether it is.
        if text.trim_end().ends_with('?') {
            return None;
        }
        let mut senses = vec![Sense::Mistake, Sense::Right, Sense::NotThis, Sense::Instead];
        senses.extend(BESIDE);
        let mut units = self.units(text, &senses);
        let is_instead = leave_out_the_denied(&mut units);
        units.retain(|unit| {
            !refs
                .iter()
                .any(|named| named.eq_ignore_ascii_case(unit.text))
        });
        let corrects = |unit: &Unit<'_>| unit.is_one_of(&[Sense::Mistake, Sense::Right]);
        if !(is_instead || units.iter().any(corrects))
            || units.iter().any(|unit| unit.is == Is::Other)
        {
            return None;
        }
        // "Hôm qua em báo nhầm" gives no other day: what is right comes behind the mistake, or is called right.
        let is_right = is_instead || units.iter().any(|unit| unit.is_one_of(&[Sense::Right]));
        let mistake = units.iter().position(corrects).unwrap_or_default();
        let is_silent = |unit: &Unit<'_>| corrects(unit) || unit.is_one_of(&[Sense::Filler]);
        if !is_right && units[mistake..].iter().all(is_silent) {
            return None;
        }
        let named = units.iter().any(|unit| {
            unit.is_one_of(&[Sense::Number, Sense::Kind])
                || corrects(unit) && self.is_of_number(unit)
        });
        units.retain(|unit| !corrects(unit) && !unit.is_one_of(&[Sense::Filler]));
        let mut whole = units.iter().filter(|unit| unit.is_document_like());
        let (whole, another) = (whole.next().map(|unit| unit.text), whole.next());
        let (number, rest) = number_of(&units);
        let document = match whole {
            Some(whole) => {
                reader
                    .understand(&self.completed(Frame::Issued, whole), today)
                    .doc
            }
            None => number.filter(|_| named).map(|number| number.to_string()),
        };
        let rest = if whole.is_some() { 0 } else { rest };
        let days: Vec<Unit<'_>> = units[rest..]
            .iter()
            .filter(|unit| {
                !unit.is_document_like() && !unit.is_one_of(&[Sense::Number, Sense::Kind])
            })
            .cloned()
            .collect();
        let on = self.day_of(&days, today, reader);
        let dangles = !days.is_empty() && on.is_none();
        let corrected = Corrected { document, on };
        let is_clear =
            another.is_none() && !dangles && (number.is_none() || named || whole.is_some());
        (is_clear && corrected != Corrected::default()).then_some(corrected)
    }

    /// "20/BC-UBND ngày 30/3": the whole number of a document, perhaps with its day, and nothing else.
    #[must_use]
    pub fn is_number_alone(&self, text: &str) -> bool {
        let units = self.units(text, &BESIDE);
        let belongs = |unit: &Unit<'_>| match unit.is {
            Is::Other => false,
            Is::Signs => unit.is_day_like() || unit.is_document_like(),
            _ => true,
        };
        units.iter().any(Unit::is_document_like) && units.iter().all(belongs)
    }

    /// "Đúng hạn nhé", "trễ ạ": whether it was in time, and nothing else.
    #[must_use]
    pub fn says_in_time(&self, text: &str) -> Option<bool> {
        let units = self.units(text, &[Sense::Late, Sense::InTime, Sense::Filler]);
        let has = |sense| units.iter().any(|unit| unit.is_one_of(&[sense]));
        let only_these = units.iter().all(|unit| matches!(unit.is, Is::Word(_)));
        match (has(Sense::InTime), has(Sense::Late)) {
            (true, false) if only_these => Some(true),
            (false, true) if only_these => Some(false),
            _ => None,
        }
    }

    /// "12/4 nghe", "tới ngày 12/4": a day, and nothing else.
    #[must_use]
    pub fn is_day_alone(&self, text: &str) -> bool {
        let units = self.units(
            text,
            &[Sense::DayLead, Sense::Day, Sense::Enough, Sense::Filler],
        );
        let is_day = |unit: &Unit<'_>| unit.is_day_like() || matches!(unit.is, Is::Digits(_));
        let belongs = |unit: &Unit<'_>| matches!(unit.is, Is::Word(_)) || is_day(unit);
        units.iter().any(is_day) && units.iter().all(belongs)
    }

    /// "Nhầm, 20/4": what follows the word that what was told is wrong, if a text begins with that.
    #[must_use]
    pub fn after_mistake<'t>(&self, text: &'t str) -> Option<&'t str> {
        let units = self.units(text, &[Sense::Mistake, Sense::Filler]);
        let mut said = units
            .iter()
            .skip_while(|unit| unit.is_one_of(&[Sense::Filler]));
        said.next()
            .filter(|unit| unit.is_one_of(&[Sense::Mistake]))?;
        text.get(said.next()?.start..).map(str::trim)
    }

    /// "Nhầm", "ủa ghi nhầm rồi": that what was told is wrong, and nothing else.
    #[must_use]
    pub fn is_mistake(&self, text: &str) -> bool {
        let units = self.units(text, &[Sense::Mistake, Sense::Filler]);
        let has_mistake = units.iter().any(|unit| unit.is_one_of(&[Sense::Mistake]));
        has_mistake && units.iter().all(|unit| matches!(unit.is, Is::Word(_)))
    }

    /// Whether it says somewhere, in so many words, that something is not done: "còn thiếu phụ lục", "sếp trả lại".
    #[must_use]
    pub fn denies(&self, text: &str) -> bool {
        let units = self.units(text, &[Sense::NotYet]);
        units.iter().any(|unit| unit.is_one_of(&[Sense::NotYet]))
    }

    /// The number of a document of that kind, in standard form; the number alone where the kind is not known.
    fn numbered(
        &self,
        number: u32,
        kind: Option<String>,
        today: NaiveDate,
        reader: &Reader,
    ) -> String {
        let whole = kind.and_then(|kind| {
            let sentence = format!("{} {kind} {number}", self.before(Frame::Issued));
            reader.understand(&sentence, today).doc
        });
        whole.unwrap_or_else(|| number.to_string())
    }

    /// The first kind of document that a cell names.
    fn kind_in(&self, product: &str) -> Option<String> {
        let units = self.units(product, &[Sense::Kind]);
        let kind = units.iter().find(|unit| unit.is_one_of(&[Sense::Kind]));
        kind.map(|unit| unit.text.to_owned())
    }

    /// Whether a phrase that corrects speaks of a number: "số đúng là".
    fn is_of_number(&self, unit: &Unit<'_>) -> bool {
        let mut words = unit.text.split_whitespace();
        words.any(|word| {
            let found = self.units(word, &[Sense::Number]);
            found.iter().any(|unit| unit.is_one_of(&[Sense::Number]))
        })
    }

    /// The day that these units name, if it is not to come.
    fn day_of(&self, units: &[Unit<'_>], today: NaiveDate, reader: &Reader) -> Option<NaiveDate> {
        let words = units
            .iter()
            .filter(|unit| !unit.is_one_of(&[Sense::Filler]));
        let words: Vec<&Unit<'_>> = words
            .skip_while(|unit| unit.is_one_of(&[Sense::DayLead]))
            .collect();
        // "Hai cái" counts, and is no second of the month.
        let counts = matches!(words.as_slice(), [only] if only.is_one_of(&[Sense::Day]) && self.count(only).is_some());
        if words.is_empty() || counts {
            return None;
        }
        let day: Vec<&str> = words.iter().map(|unit| unit.text).collect();
        let sentence = self.completed(Frame::Since, &day.join(" "));
        let found = reader.understand(&sentence, today);
        found.date.filter(|day| *day <= today)
    }
}

/// The number that no day is written with, and where the units after it begin: all of them where there is none.
fn number_of(units: &[Unit<'_>]) -> (Option<u32>, usize) {
    for (at, unit) in units.iter().enumerate() {
        if unit.is_one_of(&[Sense::Day, Sense::DayLead]) || unit.is_day_like() {
            return (None, at);
        }
        if let Is::Digits(number) = unit.is {
            let after = units[at + 1..].iter();
            let of_it = after.take_while(|unit| unit.is_one_of(&[Sense::Filler, Sense::Kind]));
            return (Some(number), at + 1 + of_it.count());
        }
    }
    (None, units.len())
}

/// "Không phải 20/3 mà 18/3", "không phải số 5 mà là số 6": what is denied is left out, with the words around it. Whether something
/// was.
fn leave_out_the_denied(units: &mut Vec<Unit<'_>>) -> bool {
    let Some(from) = units
        .iter()
        .position(|unit| unit.is_one_of(&[Sense::NotThis]))
    else {
        return false;
    };
    let to = units[from..]
        .iter()
        .position(|unit| unit.is_one_of(&[Sense::Instead]));
    let Some(to) = to.filter(|length| *length > 1) else {
        return false;
    };
    units.drain(from..=from + to);
    true
}
