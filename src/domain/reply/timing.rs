//! Is the day that is named beside a word for "finished" over, or still to come?

use super::completion::Predicate;
use super::dates::Mention;
use super::roles::Role;

impl Predicate<'_> {
    pub(super) fn own_dates(&self) -> impl Iterator<Item = &Mention> {
        let from = self
            .dates
            .partition_point(|date| date.start < self.clause.start);
        self.dates[from..]
            .iter()
            .take_while(|date| date.start < self.clause.end)
    }

    pub(super) fn is_over(&self, date: &Mention) -> bool {
        date.past.is_some() && (date.last <= self.sent || self.is_since(date))
    }

    /// "15/4 xong", "mai hoàn thành", "trưa nay phát hành": a part of today that is named first is still to come, as in
    /// "hôm nào đi" against "đi hôm nào".
    pub(super) fn is_dated_ahead(&self, past: bool) -> bool {
        if !past
            && self
                .own_dates()
                .any(|date| date.end <= self.start && self.is_later_today(date))
        {
            return true;
        }
        if !past && self.own_dates().any(|date| self.is_within_today(date)) {
            return true;
        }
        let mut ahead = self.own_dates().filter(|date| {
            date.first > self.sent || (date.past.is_none() && date.last >= self.sent)
        });
        ahead.any(|date| {
            let told = if past {
                date.past.is_none()
            } else {
                !self.is_since(date)
            };
            told && !(past && date.is_attribute(self.view))
        })
    }

    /// "trưa nay", "tối nay", but not "sáng nay": it may be over, and it may not.
    pub(super) fn is_later_today(&self, date: &Mention) -> bool {
        let part_of_day = date.first == self.sent
            && self.view.is(date.start, Role::DayPart)
            && self.view.tokens[date.start].plain != "sang"
            && !self.is_since(date);
        part_of_day || self.is_within_today(date)
    }

    /// "hoàn thành trong hôm nay": the day is not over.
    fn is_within_today(&self, date: &Mention) -> bool {
        date.first == self.sent
            && date.last == self.sent
            && (self.view.is(date.start, Role::After)
                || self.view.ends_before(date.start, Role::After))
    }

    /// "từ mùng 2", "hôm thứ sáu": a day that is over, though its name alone may mean one ahead.
    fn is_since(&self, date: &Mention) -> bool {
        date.past.is_some()
            && (self.view.ends_before(date.start, Role::Since)
                || self.view.is(date.start, Role::Since))
    }
}
