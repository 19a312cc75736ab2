//! The seven days in which a Zalo Official Account may write to somebody.
//!
//! Zalo counts from the person's last interaction: following, writing, an accepted call, a tap in the menu. After seven
//! days it refuses messages of the account (-230, -232). The border of 48 hours is one of price only.

use chrono::{DateTime, TimeDelta, Utc};

/// How long after an interaction Zalo accepts messages.
pub const WINDOW: TimeDelta = TimeDelta::days(7);

/// How much earlier it counts as closed here: our clock, and the time a message takes.
const MARGIN: TimeDelta = TimeDelta::minutes(15);

/// Whether a person can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Now, and still when the next brief leaves.
    Open,
    /// Now, but not any more when the next brief leaves: tell the person today how to reopen it.
    ClosesBefore {
        /// Until when.
        at: DateTime<Utc>,
    },
    /// Not any more: use the contact's next channel.
    Closed {
        /// Since when.
        since: DateTime<Utc>,
    },
}

impl Window {
    /// The window of somebody last heard from at `heard_at`, as it is `now`; `next` is when the next brief may leave.
    ///
    /// Somebody of whom no interaction is known is tried: the answer tells whether the window is open, and a refusal
    /// does no harm. Heard on Monday 07:00, the window closes the Monday after at 06:45: open for the brief of Friday,
    /// and on Friday it closes before that of Monday 07:30.
    #[must_use]
    pub fn of(
        heard_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Self {
        let Some(heard_at) = heard_at else {
            return Self::Open;
        };
        let at = heard_at
            .checked_add_signed(WINDOW - MARGIN)
            .unwrap_or(DateTime::<Utc>::MAX_UTC);
        if at <= now {
            Self::Closed { since: at }
        } else if next.is_some_and(|next| at <= next) {
            Self::ClosesBefore { at }
        } else {
            Self::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An hour in Quảng Nam of a day of March 2020; the 2nd is a Monday.
    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let local = chrono::NaiveDate::from_ymd_opt(2020, 3, day)
            .and_then(|day| day.and_hms_opt(hour, minute, 0))
            .expect("a day of March");
        (local - TimeDelta::hours(7)).and_utc()
    }

    #[test]
    fn a_window_is_open_until_seven_days_after_the_last_word() {
        let heard = Some(at(2, 7, 0));
        let tuesday_after = at(10, 7, 30);
        for (now, next, expected) in [
            (at(2, 7, 0), at(3, 7, 30), Window::Open),
            (at(5, 7, 30), at(6, 7, 30), Window::Open),
            (
                at(6, 7, 30),
                at(9, 7, 30),
                Window::ClosesBefore { at: at(9, 6, 45) },
            ),
            (
                at(9, 6, 44),
                at(9, 7, 30),
                Window::ClosesBefore { at: at(9, 6, 45) },
            ),
            (
                at(9, 6, 45),
                tuesday_after,
                Window::Closed {
                    since: at(9, 6, 45),
                },
            ),
            (
                at(9, 7, 30),
                tuesday_after,
                Window::Closed {
                    since: at(9, 6, 45),
                },
            ),
        ] {
            assert_eq!(Window::of(heard, now, Some(next)), expected, "{now}");
        }
    }

    #[test]
    fn a_window_that_closes_as_the_next_brief_leaves_closes_before_it() {
        let heard = at(2, 7, 45);
        let next = at(9, 7, 30);
        assert_eq!(
            Window::of(Some(heard), at(6, 7, 30), Some(next)),
            Window::ClosesBefore { at: next }
        );
    }

    #[test]
    fn without_a_next_brief_only_now_counts_and_somebody_unheard_is_tried() {
        let heard = Some(at(2, 7, 0));
        assert_eq!(Window::of(heard, at(9, 6, 0), None), Window::Open);
        assert_eq!(
            Window::of(None, at(9, 6, 0), Some(at(31, 6, 0))),
            Window::Open
        );
    }

    #[test]
    fn a_word_from_the_future_or_the_end_of_time_overflows_nothing() {
        let end = Some(DateTime::<Utc>::MAX_UTC);
        assert_eq!(
            Window::of(end, at(2, 7, 0), Some(at(3, 7, 0))),
            Window::Open
        );
        let start = Some(DateTime::<Utc>::MIN_UTC);
        assert!(matches!(
            Window::of(start, at(2, 7, 0), None),
            Window::Closed { .. }
        ));
    }
}
