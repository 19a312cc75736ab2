//! Numbers of a list that was shown: "1 xong, 2 nhắc lại thứ Hai".

use super::words::{Frame, Is, Sense, Terse, Unit};

/// What is counted by a number that stands before it: spans of time first.
const COUNTED: [Sense; 4] = [Sense::Days, Sense::Weeks, Sense::Months, Sense::Counted];

/// What is noticed of a part.
const NOTICED: [Sense; 5] = [
    Sense::Days,
    Sense::Weeks,
    Sense::Months,
    Sense::Counted,
    Sense::Filler,
];

/// Several answers to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Several {
    /// Those of these numbers.
    These(Vec<usize>),
    /// All that were offered, in a word that may mean less.
    All,
}

impl Terse {
    /// The text with the number of each task of a list of `shown` called one: "việc 1 xong, việc 2 nhắc lại thứ Hai". `None`
    /// where no part of the text begins with such a number, or one counts something.
    #[must_use]
    pub fn counted(&self, text: &str, shown: usize) -> Option<String> {
        let mut called = String::new();
        let mut copied = 0;
        for part in parts(text) {
            let units = self.units(part, &NOTICED);
            if let Some(number) = leading(&units, shown, &COUNTED) {
                let start = part.as_ptr() as usize - text.as_ptr() as usize + number.start;
                called.push_str(&text[copied..start]);
                called.push_str(self.before(Frame::Task));
                called.push(' ');
                copied = start;
            }
        }
        called.push_str(&text[copied..]);
        (called != text).then_some(called)
    }

    /// "1. xong", "2. đang làm 50%", a line each: the text with each line called the task of its number, of the first ones of a
    /// list of `shown`, and how many there are. `None` where the lines are not numbered so.
    #[must_use]
    pub fn enumerated(&self, text: &str, shown: usize) -> Option<(String, usize)> {
        let lines: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        if !(2..=shown).contains(&lines.len()) {
            return None;
        }
        let called = lines.iter().zip(1..).map(|(line, number)| {
            let said = line.strip_prefix(&format!("{number}"))?;
            let said = said
                .trim_start()
                .strip_prefix(['.', ')', ':', '-', '/'])?
                .trim_start();
            let begins_with_word = said.chars().next().is_some_and(char::is_alphabetic);
            begins_with_word.then(|| self.completed(Frame::Task, &format!("{number} {said}")))
        });
        let called: Option<Vec<String>> = called.collect();
        Some((called?.join("\n"), lines.len()))
    }

    /// "1, 2", "1 và 3 ạ", "cả 3", "tất cả": which of `offered` answers to a question a text chooses; `None` where it is one number,
    /// or anything else is said, as where something is counted ("2 xã, 3 huyện").
    #[must_use]
    pub fn several(&self, text: &str, offered: usize) -> Option<Several> {
        let spaced = text.replace([',', ';', '+', '&'], " ");
        let units = self.units(&spaced, &[Sense::All, Sense::And, Sense::Filler]);
        let mut numbers = Vec::new();
        let mut all = false;
        for unit in &units {
            match unit.is {
                Is::Digits(number) => numbers.push(usize::try_from(number).ok()?),
                Is::Word(sense) => all |= sense == Sense::All,
                // "Cả ba".
                Is::Other => numbers.push(usize::try_from(self.count(unit)?).ok()?),
                Is::Signs => return None,
            }
        }
        match (all, numbers.as_slice()) {
            (true, []) => Some(Several::All),
            (true, [number]) => (*number == offered).then_some(Several::All),
            (false, [_, _, ..]) => {
                let are_offered = numbers.iter().all(|one| (1..=offered).contains(one));
                are_offered.then_some(Several::These(numbers))
            }
            _ => None,
        }
    }

    /// "1 và 3, còn 2 chưa": which of `offered` answers a text chooses, where it says of the others that they are not done.
    #[must_use]
    pub fn these_and_not_others(&self, text: &str, offered: usize) -> Option<Several> {
        let senses = [
            Sense::Remains,
            Sense::NotYet,
            Sense::And,
            Sense::Item,
            Sense::Filler,
        ];
        let units = self.units(text, &senses);
        let over = units
            .iter()
            .position(|unit| unit.is_one_of(&[Sense::Remains]))?;
        let (these, others) = (&text[..units[over].start], &units[over + 1..]);
        let are_open = others.iter().any(|unit| unit.is_one_of(&[Sense::NotYet]))
            && others
                .iter()
                .all(|unit| matches!(unit.is, Is::Word(_) | Is::Digits(_)));
        let these = these.trim_end_matches([' ', ',', ';', '.']);
        let one = || {
            let number: usize = these.trim().parse().ok()?;
            (1..=offered)
                .contains(&number)
                .then(|| Several::These(vec![number]))
        };
        let chosen = self.several(these, offered).or_else(one);
        chosen.filter(|several| are_open && *several != Several::All)
    }

    /// The numbers of documents with which a text ends: "…, số 11, 12 và 13". None where they are those of tasks: "việc số 3".
    #[must_use]
    pub fn numbers_at_end(&self, text: &str) -> Vec<u32> {
        let spaced = text.replace([',', ';', '+', '&'], " ");
        let units = self.units(&spaced, &[Sense::Number, Sense::And, Sense::Filler]);
        let mut numbers = Vec::new();
        let mut units = units.iter().rev();
        let begun = units.find(|unit| match unit.is {
            Is::Digits(number) => {
                numbers.push(number);
                false
            }
            _ => !unit.is_one_of(&[Sense::And, Sense::Filler]),
        });
        let before = units.next().map_or("", |unit| unit.text);
        let task = self.before(Frame::Task);
        if !begun.is_some_and(|unit| unit.is_one_of(&[Sense::Number]))
            || before.eq_ignore_ascii_case(task)
        {
            return Vec::new();
        }
        numbers.reverse();
        numbers
    }

    /// Whether a part of it begins with a number that may be that of a task or of a document, or count offices or papers.
    #[must_use]
    pub fn begins_with_number(&self, text: &str) -> bool {
        parts(text).any(|part| {
            let units = self.units(part, &NOTICED);
            leading(&units, usize::MAX, &COUNTED[..3]).is_some()
        })
    }
}

/// The number with which a part begins, if it counts none of these.
fn leading<'u, 't>(units: &'u [Unit<'t>], shown: usize, counted: &[Sense]) -> Option<&'u Unit<'t>> {
    let of_list = |unit: &Unit<'_>| match unit.is {
        Is::Digits(number) => number > 0 && usize::try_from(number).is_ok_and(|one| one <= shown),
        _ => false,
    };
    let mut units = units
        .iter()
        .skip_while(|unit| unit.is_one_of(&[Sense::Filler]));
    let first = units.next().filter(|unit| of_list(unit))?;
    let counts = |next: &Unit<'_>| next.is == Is::Signs || next.is_one_of(counted);
    (!units.next().is_some_and(counts)).then_some(first)
}

/// The parts of a text that commas and other signs, line ends and "và" divide; a comma within a number does not.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let divides = |c: char| ",;+&\n".contains(c);
    text.split(divides)
        .flat_map(|part| part.split(" và "))
        .flat_map(|part| part.split(". "))
}
