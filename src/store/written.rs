//! Values of rows that come as JSON, as both databases write them. A replay reads millions of them, and what reads dates of
//! every form, or copies every text, takes ten times as long for each.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A day: `2020-03-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day(pub NaiveDate);

impl From<Day> for NaiveDate {
    fn from(Day(day): Day) -> Self {
        day
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Days)
    }
}

struct Days;

impl Visitor<'_> for Days {
    type Value = Day;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Day, E> {
        let plain = day(text.as_bytes());
        plain
            .map_or_else(|| text.parse(), Ok)
            .map(Day)
            .map_err(E::custom)
    }
}

/// An instant: `2020-03-31T00:30:00+00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instant(pub DateTime<Utc>);

impl From<Instant> for DateTime<Utc> {
    fn from(Instant(at): Instant) -> Self {
        at
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Instants)
    }
}

struct Instants;

impl Visitor<'_> for Instants {
    type Value = Instant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Instant, E> {
        let plain = instant(text.as_bytes());
        plain
            .map_or_else(|| text.parse(), Ok)
            .map(Instant)
            .map_err(E::custom)
    }
}

/// A text, copied only where JSON has escaped something in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Text<'t>(Cow<'t, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 't, 't> Deserialize<'de> for Text<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Texts).map(Self)
    }
}

struct Texts;

impl<'de> Visitor<'de> for Texts {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// `None` for what is not written in that form; whether it is a day at all is for the general reader to say.
fn day(text: &[u8]) -> Option<NaiveDate> {
    let [
        thousands,
        hundreds,
        tens,
        ones,
        b'-',
        month_tens,
        month,
        b'-',
        day_tens,
        day,
    ] = *text
    else {
        return None;
    };
    let year = number([thousands, hundreds])? * 100 + number([tens, ones])?;
    let year = i32::try_from(year).ok()?;
    NaiveDate::from_ymd_opt(year, number([month_tens, month])?, number([day_tens, day])?)
}

fn instant(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, rest) = text.split_at_checked(10)?;
    let (time, zone) = rest.split_at_checked(9)?;
    let [
        b'T',
        hour_tens,
        hour,
        b':',
        minute_tens,
        minute,
        b':',
        second_tens,
        second,
    ] = *time
    else {
        return None;
    };
    let time = NaiveTime::from_hms_opt(
        number([hour_tens, hour])?,
        number([minute_tens, minute])?,
        number([second_tens, second])?,
    )?;
    (zone == b"+00:00").then_some(day(date)?.and_time(time).and_utc())
}

fn number(digits: [u8; 2]) -> Option<u32> {
    let [tens, ones] = digits;
    let both = tens.is_ascii_digit() && ones.is_ascii_digit();
    both.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'t, T: Deserialize<'t>>(json: &'t str) -> Option<T> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn days_and_instants_are_read_as_the_general_reader_reads_them() {
        for text in [
            "2020-02-29",
            "2019-02-29",
            "2020-13-01",
            "0001-01-01",
            "20200-01-01",
            "+20200-01-01",
            "2020-1-1",
            "2020-01-0x",
            "",
        ] {
            let json = format!("\"{text}\"");
            let expected = text.parse().ok();
            assert_eq!(read::<Day>(&json).map(NaiveDate::from), expected, "{text}");
        }
        for text in [
            "2020-03-31T00:30:00+00:00",
            "2020-03-31T00:30:00.25+00:00",
            "2020-03-31T07:30:00+07:00",
            "2020-03-31T23:59:60+00:00",
            "2020-03-31T24:00:00+00:00",
            "2020-03-31T00:30:00Z",
            "2020-03-31T00:30+00:00",
            "2020-03-31",
        ] {
            let json = format!("\"{text}\"");
            let expected: Option<DateTime<Utc>> = text.parse().ok();
            let found = read::<Instant>(&json).map(DateTime::from);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn texts_are_what_json_says() {
        let found: Vec<Text<'_>> = read(r#"["Sở Nội vụ","a \"b\"",""]"#).unwrap();
        let found: Vec<&str> = found.iter().map(|text| &**text).collect();
        assert_eq!(found, ["Sở Nội vụ", "a \"b\"", ""]);
    }
}
