//! What strikes the providers: for each channel a mood that lasts for a while, and at each step a draw.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dondoc::domain::delivery::Channel;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::support::{smtp, telegram, zalo_bot, zalo_oa};

/// The channels of this province.
pub(crate) const CHANNELS: [Channel; 4] = [
    Channel::Telegram,
    Channel::ZaloBot,
    Channel::ZaloOa,
    Channel::Email,
];

/// How long a provider asks for silence. The fakes and the senders count it by real time.
const SILENCE: Duration = Duration::from_secs(1);
/// How late a late answer is.
const LATE: Duration = Duration::from_millis(40);

/// Something that goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strike {
    /// Nobody listens.
    Refused,
    /// 429 with a time; a relay greylists, or sends us away.
    TooMany,
    /// 5xx.
    Failing,
    /// A web page of somebody in between.
    Page,
    /// The connection is cut before anything is accepted.
    CutBefore,
    /// The connection is cut after the message was accepted.
    CutAfter,
    /// The answer breaks off.
    CutInAnswer,
    /// No answer, and nothing is accepted.
    HangBefore,
    /// No answer, though the message was accepted.
    HangAfter,
    /// A late answer.
    Late,
    /// The person cannot be reached there any more.
    Gone,
}

impl Strike {
    const ALL: [Self; 11] = [
        Self::Refused,
        Self::TooMany,
        Self::Failing,
        Self::Page,
        Self::CutBefore,
        Self::CutAfter,
        Self::CutInAnswer,
        Self::HangBefore,
        Self::HangAfter,
        Self::Late,
        Self::Gone,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused to connect",
            Self::TooMany => "429 with a time",
            Self::Failing => "5xx",
            Self::Page => "a web page",
            Self::CutBefore => "cut before accepting",
            Self::CutAfter => "cut after accepting",
            Self::CutInAnswer => "cut in the answer",
            Self::HangBefore => "hung before accepting",
            Self::HangAfter => "hung after accepting",
            Self::Late => "answered late",
            Self::Gone => "address is gone",
        }
    }
}

/// What a channel is like for a while.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mood {
    Fine,
    /// The same trouble, with these odds at each request.
    Always(Strike, f64),
    /// Any trouble, with these odds.
    Any(f64),
}

impl Mood {
    /// A mood of bad weather. An address that is gone stays so: that is rare.
    pub(crate) fn bad(rng: &mut ChaCha8Rng) -> Self {
        let odds = *[0.2, 0.5, 1.0].choose(rng).unwrap();
        if rng.random_bool(0.25) {
            return Self::Any(odds / 2.0);
        }
        match *Strike::ALL.choose(rng).unwrap() {
            Strike::Gone => Self::Always(Strike::Gone, 0.1),
            strike => Self::Always(strike, odds),
        }
    }
}

/// The moods of all channels, and what has struck.
pub(crate) struct Sky {
    moods: Mutex<BTreeMap<Channel, Mood>>,
    rng: Mutex<ChaCha8Rng>,
    struck: Mutex<BTreeMap<(Strike, Channel), usize>>,
    /// Until when somebody asked us to be silent.
    silent_until: Mutex<Option<Instant>>,
}

impl Sky {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            moods: Mutex::default(),
            rng: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            struck: Mutex::default(),
            silent_until: Mutex::default(),
        }
    }

    pub(super) fn turn(&self, channel: Channel, mood: Mood) {
        self.moods.lock().unwrap().insert(channel, mood);
    }

    /// How often each thing has struck each channel.
    pub(crate) fn struck(&self) -> BTreeMap<(Strike, Channel), usize> {
        self.struck.lock().unwrap().clone()
    }

    /// How long a clock that is moved by hand must stand still until nobody asks for silence any more.
    pub(crate) fn silence(&self) -> Duration {
        let until = *self.silent_until.lock().unwrap();
        until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    fn draw(&self, channel: Channel) -> Option<Strike> {
        let mood = self.moods.lock().unwrap().get(&channel).copied();
        let mut rng = self.rng.lock().unwrap();
        match mood? {
            Mood::Fine => None,
            Mood::Always(strike, odds) => rng.random_bool(odds).then_some(strike),
            Mood::Any(odds) => {
                // Nobody can shut the door for one request, and an address that is gone stays so.
                let any = &Strike::ALL[1..Strike::ALL.len() - 1];
                rng.random_bool(odds)
                    .then(|| *any.choose(&mut *rng).unwrap())
            }
        }
    }

    /// Notes that it has struck.
    pub(super) fn note(&self, channel: Channel, strike: Strike) {
        *self
            .struck
            .lock()
            .unwrap()
            .entry((strike, channel))
            .or_default() += 1;
        if strike == Strike::TooMany && channel.is_chat() {
            *self.silent_until.lock().unwrap() = Some(Instant::now() + SILENCE + LATE);
        }
    }

    pub(super) fn over_telegram(&self) -> Option<telegram::Fault> {
        let strike = self.draw(Channel::Telegram)?;
        self.note(Channel::Telegram, strike);
        Some(match strike {
            Strike::TooMany => telegram::Fault::TooMany {
                retry_after: SILENCE.as_secs(),
            },
            Strike::Failing => telegram::Fault::Error(500, "Internal Server Error: restart"),
            Strike::Page => telegram::Fault::Foreign(502, "<html>Bad Gateway</html>"),
            // Whoever is connected already is not refused any more.
            Strike::CutBefore | Strike::Refused => telegram::Fault::CutBeforeAccept,
            Strike::CutAfter => telegram::Fault::CutAfterAccept,
            Strike::CutInAnswer => telegram::Fault::CutInAnswer,
            Strike::HangBefore => telegram::Fault::SilenceBeforeAccept,
            Strike::HangAfter => telegram::Fault::SilenceAfterAccept,
            Strike::Late => telegram::Fault::Late(LATE),
            Strike::Gone => telegram::Fault::Error(403, "Forbidden: bot was blocked by the user"),
        })
    }

    /// Over the bot when it is asked for what people have written: nobody is gone there.
    pub(super) fn over_polls(&self) -> Option<telegram::Fault> {
        match self.over_telegram()? {
            telegram::Fault::Error(403, _) => None,
            fault => Some(fault),
        }
    }

    pub(super) fn over_zalo(&self) -> Option<zalo_bot::Fault> {
        let strike = self.draw(Channel::ZaloBot)?;
        self.note(Channel::ZaloBot, strike);
        let error = |code: u16, text: &str| {
            let body = json!({ "ok": false, "description": text, "error_code": code });
            zalo_bot::Fault::Answer(code, body)
        };
        Some(match strike {
            Strike::TooMany => zalo_bot::Fault::TooMany {
                retry_after: SILENCE.as_secs(),
            },
            Strike::Failing => error(500, "Internal server error"),
            Strike::Page => zalo_bot::Fault::Foreign(503, "<html>Service Unavailable</html>"),
            Strike::CutBefore | Strike::Refused => zalo_bot::Fault::CutBeforeAccept,
            Strike::CutAfter => zalo_bot::Fault::CutAfterAccept,
            Strike::CutInAnswer => zalo_bot::Fault::BreakOff,
            Strike::HangBefore => zalo_bot::Fault::SilenceBeforeAccept,
            Strike::HangAfter => zalo_bot::Fault::SilenceAfterAccept,
            Strike::Late => zalo_bot::Fault::Late(LATE),
            Strike::Gone => error(400, "Bad request: chat not found"),
        })
    }

    /// An Official Account can fail at each message, and when its tokens are refreshed: a pair whose answer is cut is lost.
    pub(super) fn over_zalo_oa(&self, call: zalo_oa::Call) -> Option<zalo_oa::Fault> {
        let strike = self.draw(Channel::ZaloOa)?;
        if (strike, call) == (Strike::Gone, zalo_oa::Call::Refresh) {
            return None;
        }
        self.note(Channel::ZaloOa, strike);
        Some(match strike {
            Strike::TooMany => zalo_oa::Fault::TooMany {
                retry_after: SILENCE.as_secs(),
            },
            Strike::Failing => zalo_oa::Fault::Foreign(500, "Internal Server Error"),
            Strike::Page => zalo_oa::Fault::Foreign(502, "<html>Bad Gateway</html>"),
            Strike::CutBefore | Strike::Refused => zalo_oa::Fault::CutBeforeAccept,
            Strike::CutAfter => zalo_oa::Fault::CutAfterAccept,
            Strike::CutInAnswer => zalo_oa::Fault::BreakOff,
            Strike::HangBefore => zalo_oa::Fault::SilenceBeforeAccept,
            Strike::HangAfter => zalo_oa::Fault::SilenceAfterAccept,
            Strike::Late => zalo_oa::Fault::Late(LATE),
            Strike::Gone => zalo_oa::Fault::Error(-213, "User has not followed OA"),
        })
    }

    /// A relay can fail at every step.
    pub(super) fn over_mail(&self, verb: smtp::Verb) -> Option<smtp::Fault> {
        use smtp::Fault::{Cut, CutUntaken, Goodbye, Late, Reply, Silence, SilenceUntaken};
        use smtp::Verb::{Body, Data, Greeting, Mail, Rcpt};
        if !matches!(verb, Greeting | Mail | Rcpt | Data | Body) {
            return None;
        }
        let strike = self.draw(Channel::Email)?;
        let fault = match (strike, verb) {
            (Strike::TooMany, Mail) => Goodbye("421 4.7.0 too many messages"),
            (Strike::TooMany, Rcpt) => Reply("451 4.7.1 greylisted, try again later"),
            (Strike::Failing, Greeting) => Goodbye("554 5.3.2 no service"),
            (Strike::Failing, Mail | Rcpt) => Reply("451 4.3.0 try again"),
            (Strike::Failing, Data | Body) => Reply("554 5.3.0 something broke"),
            (Strike::Page, Greeting) => Reply("HTTP/1.1 400 Bad Request"),
            (Strike::CutBefore, Greeting | Mail | Rcpt | Data) => Cut,
            (Strike::CutBefore | Strike::Refused, Body) => CutUntaken,
            (Strike::CutAfter | Strike::CutInAnswer, Body) => Cut,
            (Strike::HangBefore, Greeting | Mail | Rcpt | Data) => Silence,
            (Strike::HangBefore, Body) => SilenceUntaken,
            (Strike::HangAfter, Body) => Silence,
            (Strike::Late, Rcpt | Body) => Late(LATE),
            (Strike::Gone, Rcpt) => Reply("550 5.1.1 no such user"),
            _ => return None,
        };
        self.note(Channel::Email, strike);
        Some(fault)
    }
}
