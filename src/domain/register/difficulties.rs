//! The difficulties of some days, whatever was said after them: what a later "đang làm" covers up is still to be solved, or
//! was (task VII.14 of the decision gathers them).

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::domain::history::{Entry, Saying, Standing};

/// Difficulties that were reported of an obligation that stands so, from `from` to `to`, oldest first, without what was taken back by the end of
/// `until`; words that were repeated stand once, on their last day. One that was reported before, and is the last word of
/// what is open, comes first.
#[must_use]
pub fn difficulties<'e>(
    stands: &'e Standing,
    entries: &'e [Entry],
    (from, to): (NaiveDate, NaiveDate),
    until: NaiveDate,
) -> Vec<&'e Saying> {
    let known = || entries.iter().filter(|entry| entry.on <= until);
    let mut taken_back = HashSet::new();
    for entry in known().rev() {
        if !taken_back.contains(&entry.number) {
            taken_back.extend(entry.takes_back);
        }
    }
    let last = stands.said.as_ref();
    let mut found: Vec<&Saying> = last
        .filter(|said| stands.is_difficult() && said.on < from)
        .into_iter()
        .collect();
    let holds = |entry: &&Entry| !entry.forgets && !taken_back.contains(&entry.number);
    for said in known()
        .filter(holds)
        .filter_map(|entry| entry.said.as_ref())
    {
        if said.blocked && (from..=to).contains(&said.on) {
            found.retain(|one| one.quote != said.quote);
            found.push(said);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::digest::Account;
    use crate::domain::register::{Cutoff, register};

    fn day(month: u32, date: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, month, date).unwrap()
    }

    fn says(number: i64, on: NaiveDate, blocked: bool, quote: &str) -> Entry {
        let quote = quote.to_owned();
        Entry {
            number,
            on,
            said: Some(Saying {
                on,
                blocked,
                quote,
                takes_back: None,
                returned: None,
            }),
            ..Entry::default()
        }
    }

    fn told(entries: &[Entry], from: NaiveDate, until: NaiveDate) -> Vec<String> {
        let owed = crate::domain::tests::owed();
        let account = Account {
            obligation: &owed,
            entries,
        };
        let lines = register(&[account], Cutoff::end_of(until), &Calendar::default());
        let found = difficulties(&lines[0].stands, entries, (from, until), until);
        let shown = |said: &&Saying| format!("{} {}", said.on.format("%d/%m"), said.quote);
        found.iter().map(shown).collect()
    }

    #[test]
    fn a_difficulty_is_not_covered_up_by_what_was_said_after_it() {
        let entries = [
            says(1, day(2, 3), true, "vướng kinh phí"),
            says(2, day(2, 10), false, "đang làm"),
            says(3, day(2, 12), true, "vướng kinh phí"),
            says(4, day(3, 2), true, "thiếu người"),
            says(5, day(3, 5), false, "xong"),
        ];
        let both = ["12/02 vướng kinh phí", "02/03 thiếu người"];
        assert_eq!(told(&entries, day(1, 1), day(3, 31)), both);
        assert_eq!(told(&entries, day(3, 1), day(3, 31)), both[1..]);
        assert_eq!(told(&entries, day(2, 1), day(2, 29)), both[..1]);
    }

    #[test]
    fn the_last_word_of_what_is_open_stands_whenever_it_was_said() {
        let entries = [says(1, day(2, 3), true, "vướng kinh phí")];
        let found = told(&entries, day(3, 1), day(3, 31));
        assert_eq!(found, ["03/02 vướng kinh phí"]);
        let answered = [entries[0].clone(), says(2, day(2, 10), false, "đang làm")];
        let found = told(&answered, day(3, 1), day(3, 31));
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn what_was_taken_back_is_no_difficulty_until_that_is_taken_back_too() {
        let back = |number, of| Entry {
            number,
            takes_back: Some(of),
            forgets: true,
            on: day(2, 4),
            ..Entry::default()
        };
        let said = says(1, day(2, 3), true, "vướng kinh phí");
        let once = [said.clone(), back(2, 1)];
        assert_eq!(told(&once, day(1, 1), day(3, 31)), [""; 0]);
        let before = told(&once, day(1, 1), day(2, 3));
        assert_eq!(before, ["03/02 vướng kinh phí"], "as of the day before");
        let twice = [said, back(2, 1), back(3, 2)];
        let found = told(&twice, day(1, 1), day(3, 31));
        assert_eq!(found, ["03/02 vướng kinh phí"]);
    }
}
