//! By which of a person's channels a brief leaves, and what it has to say of the window of a Zalo Official Account.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::Calendar;
use super::delivery::Channel;
use super::window::Window;

/// What is known of the window of a person's Zalo Official Account, as of one brief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Morning {
    /// When the person was last heard from there.
    pub heard_at: Option<DateTime<Utc>>,
    /// When the brief leaves.
    pub at: DateTime<Utc>,
    /// When the next may leave.
    pub next: Option<DateTime<Utc>>,
}

/// How a brief reaches a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The first channel of the person that works and is configured.
    pub channel: Channel,
    /// The address there.
    pub address: String,
    /// What the brief has to say of Zalo.
    pub zalo: Option<ZaloNotice>,
    /// Where nothing arrives there, and the person has no other channel: it is tried all the same, and somebody else hears too.
    pub fails: Option<Failing>,
}

/// A message that was tried at an address, and is not tried any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tried {
    /// On which day.
    pub on: NaiveDate,
    /// Whether it was taken there.
    pub arrived: bool,
}

/// That nothing arrives at an address that is not dead: the mailbox is full, or the provider takes nothing for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failing {
    /// The day of the first of the messages that did not arrive.
    pub since: NaiveDate,
    /// How many that were.
    pub times: usize,
}

/// For how many working days it is remembered that nothing arrived: beyond them the address is tried as if it were new.
const REMEMBERED: i64 = 5;

/// Whether nothing arrives at an address on `today`, by what was `tried` there, oldest first: of the last working days every
/// message that was tried failed, on two days or more. One that failed is no reason, and one that arrives ends it.
#[must_use]
pub fn failing(tried: &[Tried], today: NaiveDate, calendar: &Calendar) -> Option<Failing> {
    let arrived = tried.iter().rposition(|one| one.arrived);
    let lost = &tried[arrived.map_or(0, |last| last + 1)..];
    let (first, last) = (lost.first()?, lost.last()?);
    let is_recent = calendar.working_days_between(last.on, today) <= REMEMBERED;
    (first.on < last.on && is_recent).then_some(Failing {
        since: first.on,
        times: lost.len(),
    })
}

/// What a brief has to say of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZaloNotice {
    /// It leaves by Zalo, and the next cannot unless the person writes today.
    Closing,
    /// It would have left by Zalo, had the person written in the last seven days.
    Closed,
}

/// Why a brief reaches nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// No address lives on a channel that is configured.
    #[error("no address that works on a channel that is configured")]
    NoAddress,
    /// The only one that does is that of a Zalo Official Account, and Zalo takes nothing there.
    #[error(
        "no channel but the Zalo Official Account, whose window of seven days is closed until the person writes to it"
    )]
    ZaloClosed,
}

/// What became of the addresses of somebody who has none that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The mail server takes nothing for the mailbox: the address is to be corrected.
    Bounced {
        /// Since which day.
        on: NaiveDate,
    },
    /// The chat takes nothing: the person has blocked or left the account, and is to write to it.
    Blocked {
        /// Which.
        channel: Channel,
        /// Since which day.
        on: NaiveDate,
    },
}

/// Of dead addresses the one to mend: a mailbox, which whoever keeps the list can correct, otherwise the chat that was lost
/// last. What is not configured helps nobody.
#[must_use]
pub fn lost(
    dead: impl IntoIterator<Item = (Channel, NaiveDate)>,
    configured: &BTreeSet<Channel>,
) -> Option<Lost> {
    let dead = dead.into_iter().filter(|one| configured.contains(&one.0));
    let (channel, on) = dead.max_by_key(|(channel, on)| (!channel.is_chat(), *on))?;
    Some(if channel.is_chat() {
        Lost::Blocked { channel, on }
    } else {
        Lost::Bounced { on }
    })
}

/// How a brief reaches somebody with these channels, in the order in which they are to be tried. One at which nothing arrives,
/// as `fails` says, comes after all others.
///
/// # Errors
/// Why there is none.
pub fn reach(
    channels: &[(Channel, String)],
    configured: &BTreeSet<Channel>,
    fails: impl Fn(Channel) -> Option<Failing>,
    morning: Morning,
) -> Result<Reach, Unreachable> {
    let mut none = Unreachable::NoAddress;
    let mut last_resort = None;
    // A preferred channel that is not configured would hold the message for ever.
    for (channel, address) in channels.iter().filter(|one| configured.contains(&one.0)) {
        if *channel == Channel::ZaloOa && morning.is_closed() {
            none = Unreachable::ZaloClosed;
            continue;
        }
        let reach = Reach {
            channel: *channel,
            address: address.clone(),
            zalo: notice_on(*channel, channels, configured, morning),
            fails: fails(*channel),
        };
        if reach.fails.is_none() {
            return Ok(reach);
        }
        last_resort = last_resort.or(Some(reach));
    }
    last_resort.ok_or(none)
}

/// What a brief has to say that leaves by `channel`, however it came there.
#[must_use]
pub fn notice_on(
    channel: Channel,
    channels: &[(Channel, String)],
    configured: &BTreeSet<Channel>,
    morning: Morning,
) -> Option<ZaloNotice> {
    if channel == Channel::ZaloOa {
        return morning.can_be_kept_open().then_some(ZaloNotice::Closing);
    }
    let mut before = channels.iter().take_while(|one| one.0 != channel);
    let is_fallback = before.any(|one| one.0 == Channel::ZaloOa)
        && configured.contains(&Channel::ZaloOa)
        && morning.is_closed();
    is_fallback.then_some(ZaloNotice::Closed)
}

impl Morning {
    fn is_closed(self) -> bool {
        matches!(
            Window::of(self.heard_at, self.at, self.next),
            Window::Closed { .. }
        )
    }

    /// Whether it closes before the next brief, and a word of today keeps it open until then: before a week of holidays
    /// it does not, and nothing is asked in vain.
    fn can_be_kept_open(self) -> bool {
        let closes = matches!(
            Window::of(self.heard_at, self.at, self.next),
            Window::ClosesBefore { .. }
        );
        let helps = |next| Window::of(Some(self.at), next, None) == Window::Open;
        closes && self.next.is_some_and(helps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 07:30 in Quảng Nam of a day of March 2020; the 2nd is a Monday.
    fn morning(day: u32) -> DateTime<Utc> {
        let day = chrono::NaiveDate::from_ymd_opt(2020, 3, day).expect("a day of March");
        day.and_hms_opt(0, 30, 0).expect("a time").and_utc()
    }

    fn channels(of: &[Channel]) -> Vec<(Channel, String)> {
        of.iter()
            .map(|one| (*one, one.as_str().to_owned()))
            .collect()
    }

    fn reached(
        of: &[Channel],
        heard: Option<u32>,
        at: u32,
        next: u32,
    ) -> Result<Reach, Unreachable> {
        let known = Morning {
            heard_at: heard.map(morning),
            at: morning(at),
            next: Some(morning(next)),
        };
        let configured = BTreeSet::from([Channel::ZaloOa, Channel::Email]);
        reach(&channels(of), &configured, |_| None, known)
    }

    fn by(channel: Channel, zalo: Option<ZaloNotice>) -> Result<Reach, Unreachable> {
        let address = channel.as_str().to_owned();
        Ok(Reach {
            channel,
            address,
            zalo,
            fails: None,
        })
    }

    #[test]
    fn the_window_decides_between_zalo_and_the_channel_after_it() {
        use Channel::{Email, Telegram, ZaloOa};
        let both = [ZaloOa, Email];
        let (closing, closed) = (Some(ZaloNotice::Closing), Some(ZaloNotice::Closed));
        for (of, heard, at, next, expected) in [
            (&both[..], Some(2), 5, 6, by(ZaloOa, None)),
            (&both, Some(2), 6, 9, by(ZaloOa, closing)),
            (&both, Some(2), 9, 10, by(Email, closed)),
            (&both, None, 9, 10, by(ZaloOa, None)),
            (&[Email, ZaloOa], Some(2), 9, 10, by(Email, None)),
            (&[Email, ZaloOa], Some(2), 6, 9, by(Email, None)),
            (&[ZaloOa], Some(2), 6, 9, by(ZaloOa, closing)),
            (&[ZaloOa], Some(2), 9, 10, Err(Unreachable::ZaloClosed)),
            (
                &[ZaloOa, Telegram],
                Some(2),
                9,
                10,
                Err(Unreachable::ZaloClosed),
            ),
            (&[Telegram], Some(2), 9, 10, Err(Unreachable::NoAddress)),
            (&[Telegram, Email], Some(2), 9, 10, by(Email, None)),
        ] {
            assert_eq!(
                reached(of, heard, at, next),
                expected,
                "{of:?} {heard:?} {at}"
            );
        }
    }

    #[test]
    fn of_dead_addresses_the_mailbox_is_mended_first_and_then_the_chat_lost_last() {
        let day = |date| NaiveDate::from_ymd_opt(2020, 3, date).unwrap();
        let configured = BTreeSet::from([Channel::Email, Channel::Telegram, Channel::ZaloBot]);
        let telegram = (Channel::Telegram, day(4));
        let zalo = (Channel::ZaloBot, day(5));
        let mail = (Channel::Email, day(2));
        let bounced = Lost::Bounced { on: day(2) };
        assert_eq!(lost([telegram, mail, zalo], &configured), Some(bounced));
        let blocked = |(channel, on)| Some(Lost::Blocked { channel, on });
        assert_eq!(lost([telegram, zalo], &configured), blocked(zalo));
        let none = BTreeSet::from([Channel::Telegram]);
        assert_eq!(lost([mail, zalo], &none), None, "not configured");
        assert_eq!(lost([], &configured), None);
    }

    #[test]
    fn nothing_is_asked_in_vain_before_a_week_of_holidays() {
        let asked = by(Channel::ZaloOa, Some(ZaloNotice::Closing));
        assert_eq!(reached(&[Channel::ZaloOa], Some(2), 6, 12), asked);
        let in_vain = by(Channel::ZaloOa, None);
        assert_eq!(reached(&[Channel::ZaloOa], Some(2), 6, 13), in_vain);
        assert_eq!(reached(&[Channel::ZaloOa], Some(2), 6, 16), in_vain);
    }

    #[test]
    fn a_zalo_account_that_is_not_configured_is_not_spoken_of() {
        let known = Morning {
            heard_at: Some(morning(2)),
            at: morning(20),
            next: None,
        };
        let configured = BTreeSet::from([Channel::Email]);
        let found = reach(
            &channels(&[Channel::ZaloOa, Channel::Email]),
            &configured,
            |_| None,
            known,
        );
        assert_eq!(found, by(Channel::Email, None));
    }

    #[test]
    fn one_message_that_fails_is_no_reason_and_one_that_arrives_ends_it() {
        let calendar = Calendar::default();
        let day = |date| NaiveDate::from_ymd_opt(2020, 3, date).unwrap();
        let tried = |all: &[(u32, bool)]| -> Vec<Tried> {
            let all = all.iter();
            all.map(|(date, arrived)| Tried {
                on: day(*date),
                arrived: *arrived,
            })
            .collect()
        };
        let since = |date, times| {
            Some(Failing {
                since: day(date),
                times,
            })
        };
        for (all, today, expected) in [
            (&[][..], 3, None),
            (&[(2, false)][..], 3, None),
            (&[(2, false), (2, false)], 3, None),
            (&[(2, false), (3, false)], 4, since(2, 2)),
            (
                &[(2, true), (3, false), (5, false), (6, false)],
                9,
                since(3, 3),
            ),
            (&[(2, false), (3, false), (4, true)], 5, None),
            (&[(2, false), (3, false), (4, true), (5, false)], 6, None),
            // Five working days after the last it is tried again as if nothing had been.
            (&[(2, false), (3, false)], 10, since(2, 2)),
            (&[(2, false), (3, false)], 11, None),
        ] {
            assert_eq!(
                failing(&tried(all), day(today), &calendar),
                expected,
                "{all:?} {today}"
            );
        }
    }

    #[test]
    fn another_channel_comes_before_one_at_which_nothing_arrives() {
        use Channel::{Email, Telegram};
        let known = Morning {
            heard_at: None,
            at: morning(9),
            next: None,
        };
        let configured = BTreeSet::from([Email, Telegram]);
        let lost = Failing {
            since: known.at.date_naive(),
            times: 2,
        };
        let fails = |channel| (channel == Email).then_some(lost);
        let by = |of: &[Channel]| {
            let found = reach(&channels(of), &configured, fails, known).unwrap();
            (found.channel, found.fails)
        };
        assert_eq!(by(&[Email, Telegram]), (Telegram, None));
        assert_eq!(by(&[Email]), (Email, Some(lost)));
        assert!(reach(&[], &configured, fails, known).is_err());
    }
}
