//! What happens when, drawn by the seed.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dondoc::clock::instant;
use dondoc::domain::delivery::Channel;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use super::database::Trouble;
use super::sky::{CHANNELS, Mood};

/// Something that happens at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// An officer reports on something.
    Says(usize),
    /// Nothing: a moment that a round must not miss.
    Look,
    /// A channel changes its mood.
    Turn(Channel, Mood),
    /// Trouble with the database begins.
    Trouble(Trouble),
    /// It ends.
    Relief,
    /// From now on the clock is so far off.
    Jump(TimeDelta),
    /// The daemon is killed after so many more steps of its work.
    Death(u32),
    /// It is started again.
    Start,
    /// All faults stop.
    Calm,
}

/// What is still to happen.
#[derive(Debug, Default)]
pub(super) struct Plot(Vec<(DateTime<Utc>, Event)>);

impl Plot {
    pub(super) fn add(&mut self, at: DateTime<Utc>, event: Event) {
        self.0.push((at, event));
    }

    /// When the next thing happens.
    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|(at, _)| *at).min()
    }

    /// The first of the things that have happened by `now`.
    pub(super) fn take_due(&mut self, now: DateTime<Utc>) -> Option<Event> {
        let first = (0..self.0.len()).min_by_key(|at| self.0[*at].0)?;
        (self.0[first].0 <= now).then(|| self.0.remove(first).1)
    }

    /// What is still to happen once all faults have stopped: people go on writing.
    pub(super) fn calm(&mut self) {
        self.0.retain(|(_, event)| matches!(event, Event::Says(_)));
    }

    /// When which officer writes on a working day.
    pub(super) fn draw_words(&mut self, rng: &mut ChaCha8Rng, day: NaiveDate, people: &[usize]) {
        for number in people {
            for _ in 0..rng.random_range(0..=2) {
                self.add(moment(rng, day), Event::Says(*number));
            }
        }
    }

    /// A working day of bad weather; on the last of them it ends.
    pub(super) fn draw_day(&mut self, rng: &mut ChaCha8Rng, day: NaiveDate, is_last: bool) {
        for channel in CHANNELS {
            if rng.random_bool(0.65) {
                // Before the briefs leave.
                let at = instant(day.and_hms_opt(7, 0, 0).unwrap());
                let at = at + TimeDelta::minutes(rng.random_range(1..30));
                self.draw_mood(rng, channel, at);
            }
            if rng.random_bool(0.35) {
                let at = moment(rng, day);
                self.draw_mood(rng, channel, at);
            }
        }
        if rng.random_bool(0.6) {
            let at = moment(rng, day);
            let troubles = [Trouble::Locked, Trouble::Full, Trouble::Broken];
            self.add(at, Event::Trouble(*troubles.choose(rng).unwrap()));
            self.add(at + a_while(rng), Event::Relief);
        }
        if rng.random_bool(0.35) {
            let at = moment(rng, day);
            let hours = if rng.random_bool(0.5) { 1 } else { -1 };
            self.add(at, Event::Jump(TimeDelta::hours(hours)));
            self.add(at + a_while(rng), Event::Jump(TimeDelta::zero()));
        }
        for _ in 0..rng.random_range(0..=2) {
            let at = moment(rng, day);
            self.add(at, Event::Death(draw_steps(rng)));
        }
        if is_last {
            let at = day.and_hms_opt(8, 0, 0).unwrap();
            let minutes = rng.random_range(0..510);
            self.add(instant(at) + TimeDelta::minutes(minutes), Event::Calm);
        }
    }

    fn draw_mood(&mut self, rng: &mut ChaCha8Rng, channel: Channel, at: DateTime<Utc>) {
        self.add(at, Event::Turn(channel, Mood::bad(rng)));
        self.add(at + a_while(rng), Event::Turn(channel, Mood::Fine));
    }
}

/// When a daemon that has died is started again: mostly soon.
pub(super) fn draw_start(rng: &mut ChaCha8Rng, now: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = match rng.random_range(0..10) {
        0..6 => rng.random_range(1..20),
        6..9 => rng.random_range(60..7_200),
        _ => rng.random_range(7_200..100_000),
    };
    now + TimeDelta::seconds(seconds)
}

/// After how many steps of its work a daemon dies: now at the first, now deep in it.
pub(super) fn draw_steps(rng: &mut ChaCha8Rng) -> u32 {
    let steps = 1_u32 << rng.random_range(0..9);
    rng.random_range(steps..=2 * steps)
}

/// A minute or a day.
fn a_while(rng: &mut ChaCha8Rng) -> TimeDelta {
    let minutes = 1_i64 << rng.random_range(0..10);
    TimeDelta::minutes(rng.random_range(minutes..=2 * minutes))
}

/// A moment of the day, more often than not in the first half-hour.
fn moment(rng: &mut ChaCha8Rng, day: NaiveDate) -> DateTime<Utc> {
    let (hour, minute) = if rng.random_bool(0.6) {
        (7, rng.random_range(25..55))
    } else {
        (rng.random_range(7..17), rng.random_range(0..60))
    };
    instant(
        day.and_hms_opt(hour, minute, rng.random_range(0..60))
            .unwrap(),
    )
}
