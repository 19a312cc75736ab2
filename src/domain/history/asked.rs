//! What waits for a decision, in the words and with the day in which it was asked for, whatever is said later; or for another
//! agency, in the words by which its own refused it.

use chrono::NaiveDate;

use crate::domain::obligation::Pending;

/// One message that asks for a decision, or adds to what was asked, or says that the work is another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Its line in the ledger.
    pub event: i64,
    /// The day of the line.
    pub on: NaiveDate,
    /// Which decision it asks for.
    pub asks: Pending,
    /// Until when more time is asked for, or since when it is done.
    pub day: Option<NaiveDate>,
    /// Number of the document that it names.
    pub document: Option<String>,
    /// The words themselves.
    pub quote: String,
}

/// A request as those read it who decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The day of its last words.
    pub on: NaiveDate,
    /// Until when more time is asked for, or since when it is done.
    pub day: Option<NaiveDate>,
    /// Number of the document that was named for it.
    pub document: Option<String>,
    /// All its words, in order.
    pub quote: String,
    /// The last of them.
    pub last: String,
}

/// What waits while the ledger of an obligation is read, line by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asking {
    now: Vec<Words>,
    /// What waited last and was decided, or gave way: it waits again once that is taken back.
    ended: Vec<Words>,
}

impl Asking {
    /// The next line: what it takes back, what it asks for, and what is waited for after it, where it says so.
    pub fn after(
        &mut self,
        undoes: Option<i64>,
        said: Option<Words>,
        pending: Option<Option<Pending>>,
    ) {
        if let Some(undone) = undoes {
            self.now.retain(|one| one.event != undone);
            self.ended.retain(|one| one.event != undone);
        }
        if let Some(pending) = pending {
            let fits = |words: &[Words]| words.first().map(|one| one.asks) == pending;
            if !fits(&self.now) {
                let before = std::mem::take(&mut self.now);
                if pending.is_some() && said.is_none() && fits(&self.ended) {
                    self.now = std::mem::take(&mut self.ended);
                }
                if !before.is_empty() {
                    self.ended = before;
                }
            }
            // A completion that counts at once asks for nothing.
            self.now
                .extend(said.filter(|one| Some(one.asks) == pending));
        }
    }

    /// The messages that ask for what waits, oldest first.
    #[must_use]
    pub fn words(&self) -> &[Words] {
        &self.now
    }

    /// Those that asked for what waited last, and waits no more.
    #[must_use]
    pub fn ended(&self) -> &[Words] {
        &self.ended
    }

    /// What waits.
    #[must_use]
    pub fn asked(&self) -> Option<Asked> {
        let last = self.now.last()?;
        let newest = self.now.iter().rev();
        let quotes = self.now.iter().map(|one| one.quote.trim());
        let quotes: Vec<&str> = quotes.filter(|quote| !quote.is_empty()).collect();
        Some(Asked {
            on: last.on,
            day: newest.clone().find_map(|one| one.day),
            document: newest.clone().find_map(|one| one.document.clone()),
            quote: quotes.join("; "),
            last: quotes.last().copied().unwrap_or_default().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(date: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2020, 2, date).unwrap()
    }

    fn words(event: i64, asks: Pending, until: Option<u32>) -> Option<Words> {
        Some(Words {
            event,
            on: day(1),
            asks,
            day: until.map(day),
            document: None,
            quote: format!("lời {event}"),
        })
    }

    const EXTENSION: Option<Pending> = Some(Pending::Extension);
    const ACCEPTANCE: Option<Pending> = Some(Pending::Acceptance);
    const NOTHING: Option<Pending> = None;

    fn asked(asking: &Asking) -> Option<(Option<NaiveDate>, String)> {
        asking.asked().map(|one| (one.day, one.quote))
    }

    #[test]
    fn the_day_and_the_words_of_a_request_outlast_what_is_said_later() {
        let mut asking = Asking::default();
        asking.after(None, words(1, Pending::Extension, None), Some(EXTENSION));
        asking.after(
            None,
            words(2, Pending::Extension, Some(28)),
            Some(EXTENSION),
        );
        // Progress, a difficulty, a reminder that is put off.
        asking.after(None, None, Some(EXTENSION));
        asking.after(Some(3), None, Some(EXTENSION));
        let whole = Some((Some(day(28)), "lời 1; lời 2".to_owned()));
        assert_eq!(asked(&asking), whole);
        assert_eq!(asking.asked().unwrap().last, "lời 2");
        asking.after(None, words(4, Pending::Extension, None), Some(EXTENSION));
        assert_eq!(
            asked(&asking).unwrap().0,
            Some(day(28)),
            "no other day was said"
        );
        asking.after(Some(4), None, Some(EXTENSION));
        assert_eq!(asked(&asking), whole);
    }

    #[test]
    fn what_was_decided_waits_again_once_the_decision_is_taken_back() {
        let mut asking = Asking::default();
        asking.after(
            None,
            words(1, Pending::Extension, Some(20)),
            Some(EXTENSION),
        );
        asking.after(None, None, Some(NOTHING));
        assert_eq!(asking.asked(), None);
        asking.after(None, None, Some(EXTENSION));
        assert_eq!(asked(&asking), Some((Some(day(20)), "lời 1".to_owned())));
        // A later request has words of its own.
        asking.after(None, None, Some(NOTHING));
        asking.after(
            None,
            words(5, Pending::Extension, Some(25)),
            Some(EXTENSION),
        );
        assert_eq!(asked(&asking), Some((Some(day(25)), "lời 5".to_owned())));
    }

    #[test]
    fn a_claim_takes_the_place_of_a_wish_until_it_is_taken_back() {
        let mut asking = Asking::default();
        asking.after(
            None,
            words(1, Pending::Extension, Some(20)),
            Some(EXTENSION),
        );
        asking.after(
            None,
            words(2, Pending::Acceptance, Some(3)),
            Some(ACCEPTANCE),
        );
        assert_eq!(asked(&asking), Some((Some(day(3)), "lời 2".to_owned())));
        asking.after(Some(2), None, Some(EXTENSION));
        assert_eq!(asked(&asking), Some((Some(day(20)), "lời 1".to_owned())));
        // Under a plan that trusts, it is done at once, and undone as well.
        asking.after(None, words(3, Pending::Acceptance, Some(3)), Some(NOTHING));
        assert_eq!(asking.asked(), None);
        asking.after(Some(3), None, Some(EXTENSION));
        assert_eq!(asked(&asking), Some((Some(day(20)), "lời 1".to_owned())));
    }
}
