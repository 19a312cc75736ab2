//! A small province, and who must be told on which day, worked out by hand.
//!
//! Each agency owes one thing in these weeks. Its officer is told three working days before the day it is due, on the day, and
//! on every working day after it, for nobody ever answers on that. What they report on is due at the end of the year, of which
//! nobody is told yet. The weeks have no holiday in them. The monitor owes nothing and is told of
//! each week on its Monday.

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use dondoc::app::open::{self, Loaded};
use dondoc::domain::delivery::Channel;
use dondoc::domain::ids::ContactId;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::sky::CHANNELS;

/// How many agencies there are besides the monitor and the issuer.
const AGENCIES: usize = 6;
/// The days of March 2020 on which they owe something.
const DUE: [u32; AGENCIES] = [11, 13, 16, 18, 19, 20];

/// The one person of an agency.
#[derive(Clone, Debug)]
pub(crate) struct Officer {
    /// From 1.
    pub(crate) number: usize,
    /// In the order in which they are tried.
    pub(crate) channels: Vec<Channel>,
    pub(crate) due_on: NaiveDate,
}

/// The one person of the monitor, who has the number after the officers'.
#[derive(Clone, Debug)]
pub(crate) struct Monitor {
    /// In the order in which they are tried.
    pub(crate) channels: Vec<Channel>,
}

impl Monitor {
    /// What its addresses are made of.
    pub(crate) const NUMBER: usize = AGENCIES + 1;

    /// With one to three channels of four.
    pub(crate) fn drawn(rng: &mut ChaCha8Rng) -> Self {
        Self {
            channels: draw_channels(rng),
        }
    }
}

impl Officer {
    /// The officers of this province, each with one to three channels of four.
    pub(crate) fn drawn(rng: &mut ChaCha8Rng) -> Vec<Self> {
        let officer = |(at, day): (usize, &u32)| Self {
            number: at + 1,
            channels: draw_channels(rng),
            due_on: march(*day),
        };
        DUE.iter().enumerate().map(officer).collect()
    }

    pub(crate) fn contact(&self) -> ContactId {
        ContactId::new(format!("a{}.officer", self.number))
    }

    pub(crate) fn address(&self, channel: Channel) -> String {
        address_of(self.number, channel)
    }

    /// The last day, not after `day`, on which there was something to tell.
    pub(crate) fn last_rung(&self, day: NaiveDate) -> Option<NaiveDate> {
        let ahead = working_days_before(self.due_on, 3);
        match day {
            _ if day < ahead => None,
            _ if day < self.due_on => Some(ahead),
            _ => Some(last_working_day(day)),
        }
    }
}

/// Where the person of this number is reached.
pub(crate) fn address_of(number: usize, channel: Channel) -> String {
    match channel {
        Channel::Email => format!("a{number}@province.example"),
        Channel::ZaloBot => format!("b{number:019x}"),
        Channel::ZaloOa => format!("1866{number:014}"),
        _ => (4000 + number).to_string(),
    }
}

fn draw_channels(rng: &mut ChaCha8Rng) -> Vec<Channel> {
    let mut channels = CHANNELS.to_vec();
    channels.shuffle(rng);
    channels.truncate(*[1, 1, 2, 3].choose(rng).unwrap());
    channels
}

/// The first day of a run: some are late by then, and some have time.
pub(super) fn first_day(rng: &mut ChaCha8Rng) -> NaiveDate {
    last_working_day(march(rng.random_range(9..=19)))
}

fn march(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 3, day).unwrap()
}

pub(super) fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

pub(super) fn last_working_day(mut day: NaiveDate) -> NaiveDate {
    while !is_working_day(day) {
        day = day - Days::new(1);
    }
    day
}

/// The last Monday that is over when `day` begins.
pub(super) fn last_monday_before(day: NaiveDate) -> NaiveDate {
    let into_week = u64::from(day.weekday().num_days_from_monday());
    day - Days::new(if into_week == 0 { 7 } else { into_week })
}

fn working_days_before(mut day: NaiveDate, count: u32) -> NaiveDate {
    for _ in 0..count {
        day = last_working_day(day - Days::new(1));
    }
    day
}

/// What the files of the province say, read once.
pub(super) async fn loaded() -> &'static Loaded {
    static LOADED: OnceCell<(TempDir, Loaded)> = OnceCell::const_new();
    let (_, loaded) = LOADED
        .get_or_init(|| async {
            let folder = TempDir::new().unwrap();
            let file = write_files(&folder);
            let loaded = open::load(Some(&file)).unwrap_or_else(|found| panic!("{found:?}"));
            (folder, loaded)
        })
        .await;
    loaded
}

fn write_files(folder: &TempDir) -> PathBuf {
    let path = |file: &str| folder.path().join(file);
    let write = |file: &str, text: &str| std::fs::write(path(file), text).unwrap();
    for sub in ["plan", "schedules"] {
        std::fs::create_dir(path(sub)).unwrap();
    }
    let mut plan = "[plan]\nid = \"p\"\nnumber = \"12/QĐ-UBND\"\ntitle = \"Kế hoạch cải cách hành chính năm 2020\"\n\
         issued_on = \"2020-01-15\"\nyear = 2020\nissuer = \"UBND\"\nmonitor = \"SNV\"\n\n\
         [[group]]\nid = \"I\"\ntitle = \"THỂ CHẾ\"\n"
        .to_owned();
    let mut agencies = "[[group]]\ncode = \"so\"\nname = \"Các Sở\"\n\n\
         [[agency]]\ncode = \"UBND\"\nname = \"Ủy ban nhân dân tỉnh\"\nlevel = \"province\"\n\n\
         [[agency]]\ncode = \"SNV\"\nname = \"Sở Nội vụ\"\nlevel = \"province\"\n"
        .to_owned();
    let mut contacts = String::new();
    let mut late = "\n[[group]]\nid = \"II\"\ntitle = \"THỦ TỤC\"\n".to_owned();
    for (at, day) in DUE.iter().enumerate() {
        let n = at + 1;
        write!(
            plan,
            "\n[[task]]\nid = \"I.{n}\"\ncontent = \"Rà soát văn bản, phần {n}.\"\nproduct = \"Báo cáo\"\n\
             deadline = \"{day}/3/2020\"\nlead = \"Các Sở\"\nleads = [\"A{n}\"]\ncoordinate = \"\"\n"
        )
        .unwrap();
        write!(
            late,
            "\n[[task]]\nid = \"II.{n}\"\ncontent = \"Rà soát quy trình, phần {n}.\"\nproduct = \"Báo cáo\"\n\
             deadline = \"31/12/2020\"\nlead = \"Các Sở\"\nleads = [\"A{n}\"]\ncoordinate = \"\"\n"
        )
        .unwrap();
        write!(
            agencies,
            "\n[[agency]]\ncode = \"A{n}\"\nname = \"Sở số {n}\"\nlevel = \"province\"\ngroups = [\"so\"]\n"
        )
        .unwrap();
        write!(
            contacts,
            "[[contact]]\nid = \"a{n}.officer\"\nagency = \"A{n}\"\nrole = \"officer\"\n\
             title = \"Chuyên viên Sở số {n}\"\nchannels = [\"email\"]\nemail = \"a{n}@province.example\"\n\n"
        )
        .unwrap();
    }
    plan.push_str(&late);
    contacts.push_str(
        "[[contact]]\nid = \"snv.officer\"\nagency = \"SNV\"\nrole = \"officer\"\n\
         title = \"Chuyên viên Sở Nội vụ\"\nchannels = [\"email\"]\nemail = \"a7@province.example\"\n",
    );
    write("plan/plan.toml", &plan);
    write("plan/agencies.toml", &agencies);
    write("plan/contacts.toml", &contacts);
    write(
        "schedules/calendar.toml",
        include_str!("../../../schedules/calendar.toml"),
    );
    write(
        "schedules/jobs.toml",
        include_str!("../../../schedules/jobs.toml"),
    );
    write(
        "schedules/ladder.toml",
        "from = \"07:30\"\nuntil = \"17:00\"\n\n\
         [[rung]]\nid = \"ahead\"\nwhen = \"before\"\ndays = 3\ntell = [\"officer\"]\n\n\
         [[rung]]\nid = \"day\"\nwhen = \"before\"\ndays = 0\ntell = [\"officer\"]\n\n\
         [[rung]]\nid = \"late\"\nwhen = \"late\"\ndays = 1\nevery = 1\ntell = [\"officer\"]\n\n\
         [status]\nid = \"status\"\ndays = 7\ntell = [\"officer\"]\n",
    );
    write(
        "dondoc.toml",
        "database = \"unused.db\"\nplans = [\"plan\"]\nschedules = \"schedules\"\n",
    );
    path("dondoc.toml")
}
