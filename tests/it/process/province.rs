//! A small province with something to say today, whatever day it is: its plan is due today, its offices never close and
//! its messages may leave at any hour.

use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use dondoc::clock::{Clock, local};
use tempfile::TempDir;

/// The files of one installation.
pub(super) struct Province {
    dir: TempDir,
    today: NaiveDate,
    officers: usize,
}

impl Province {
    /// Writes plan, schedules and `dondoc.toml`; `officers` agencies owe one thing each, due today.
    pub(super) async fn new(officers: usize, database: &str, channel: &str) -> Self {
        wait_out_midnight().await;
        let province = Self {
            dir: TempDir::new().unwrap(),
            today: Clock::System.today(),
            officers,
        };
        for folder in ["plan", "schedules"] {
            fs::create_dir(province.path(folder)).unwrap();
        }
        province.write_plan(&province.today.format("%-d/%-m/%Y").to_string());
        province.write_people("email", "@province.example\"");
        province.write_schedules(&[]);
        province.write(
            "dondoc.toml",
            &format!(
                "database = \"{database}\"\nplans = [\"plan\"]\nschedules = \"schedules\"\n\n{channel}\n\
                 [send]\nretry = [\"1s\", \"1s\", \"1s\"]\nlease = \"1m\"\n"
            ),
        );
        province
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    pub(super) fn folder(&self) -> &Path {
        self.dir.path()
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    /// Replaces words of a file, which must be there.
    pub(super) fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        self.write(file, &text.replace(from, to));
    }

    /// Takes the messages that are shipped for its own, copied as docs/installation.md says.
    pub(super) fn own_messages(&self) {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages");
        copy(&shipped, &self.path("messages"));
        let plans = "plans = [\"plan\"]";
        self.edit(
            "dondoc.toml",
            plans,
            &format!("{plans}\nmessages = \"messages\""),
        );
    }

    /// A day some days before or after today that the plan can be due on.
    pub(super) fn another_day(&self) -> NaiveDate {
        let near = TimeDelta::days(5);
        if self.today.ordinal() > 10 {
            self.today - near
        } else {
            self.today + near
        }
    }

    /// The last day of the year after the plan's.
    pub(super) fn another_year(&self) -> String {
        format!("{}-12-31", self.today.year() + 1)
    }

    /// Every agency owes one thing, due as these words say.
    pub(super) fn write_plan(&self, deadline: &str) {
        let year = self.today.year();
        let leads: Vec<String> = (1..=self.officers).map(|n| format!("\"A{n}\"")).collect();
        self.write(
            "plan/plan.toml",
            &format!(
                "[plan]\nid = \"p\"\nnumber = \"12/QĐ-UBND\"\ntitle = \"Kế hoạch cải cách hành chính năm {year}\"\n\
                 issued_on = \"{}-12-20\"\nyear = {year}\nissuer = \"UBND\"\nmonitor = \"SNV\"\n\n\
                 [[group]]\nid = \"I\"\ntitle = \"THỂ CHẾ\"\n\n\
                 [[task]]\nid = \"I.1\"\ncontent = \"Rà soát văn bản.\"\nproduct = \"Báo cáo\"\n\
                 deadline = \"{deadline}\"\nlead = \"Các Sở\"\nleads = [{}]\ncoordinate = \"\"\n",
                year - 1,
                leads.join(", ")
            ),
        );
    }

    /// One officer for each agency, reached by `channel` at `a1` and so on with this ending.
    pub(super) fn write_people(&self, channel: &str, ending: &str) {
        let mut agencies =
            "[[group]]\ncode = \"so\"\nname = \"Các Sở\"\n\n[[agency]]\ncode = \"UBND\"\n\
             name = \"Ủy ban nhân dân tỉnh\"\nlevel = \"province\"\n\n[[agency]]\ncode = \"SNV\"\n\
             name = \"Sở Nội vụ\"\nlevel = \"province\"\n"
                .to_owned();
        let mut contacts = String::new();
        for n in 1..=self.officers {
            let address = if channel == "email" {
                format!("\"a{n}{ending}")
            } else {
                n.to_string()
            };
            write!(
                agencies,
                "\n[[agency]]\ncode = \"A{n}\"\nname = \"Sở số {n}\"\nlevel = \"province\"\ngroups = [\"so\"]\n"
            )
            .unwrap();
            write!(
                contacts,
                "[[contact]]\nid = \"a{n}.officer\"\nagency = \"A{n}\"\nrole = \"officer\"\n\
                 title = \"Chuyên viên Sở số {n}\"\nchannels = [\"{channel}\"]\n{channel} = {address}\n\n"
            )
            .unwrap();
        }
        self.write("plan/agencies.toml", &agencies);
        self.write("plan/contacts.toml", &contacts);
    }

    /// Offices work on every day but these; briefs are planned from midnight on.
    pub(super) fn write_schedules(&self, off: &[NaiveDate]) {
        let shipped = include_str!("../../../schedules/calendar.toml");
        let law =
            &shipped[shipped.find("[fixed]\n").unwrap()..shipped.find("[[lunar]]\n").unwrap()];
        let mut calendar = String::new();
        for year in self.today.year() - 1..=self.today.year() + 1 {
            write!(
                calendar,
                "[[year]]\nyear = {year}\nstatus = \"official\"\nsource = \"a test\"\n"
            )
            .unwrap();
            let days = NaiveDate::from_ymd_opt(year, 1, 1).unwrap().iter_days();
            let (mut free, mut worked) = (Vec::new(), Vec::new());
            for day in days.take_while(|day| day.year() == year) {
                let weekend = day.weekday().num_days_from_monday() >= 5;
                let entry = format!("{{ on = \"{day}\", name = \"x\" }}");
                match (weekend, off.contains(&day)) {
                    (true, false) => worked.push(entry),
                    (false, true) => free.push(entry),
                    _ => {}
                }
            }
            writeln!(calendar, "off = [{}]", free.join(", ")).unwrap();
            writeln!(calendar, "worked = [{}]\n", worked.join(", ")).unwrap();
        }
        self.write("schedules/calendar.toml", &(calendar + law));
        self.write(
            "schedules/jobs.toml",
            "brief = \"0 0 0 * * *\"\ndigest = \"0 0 8 * * Mon\"\n",
        );
        self.write(
            "schedules/ladder.toml",
            "from = \"00:00\"\nuntil = \"23:59\"\n\n\
             [[rung]]\nid = \"day\"\nwhen = \"before\"\ndays = 0\ntell = [\"officer\"]\n\n\
             [[rung]]\nid = \"late\"\nwhen = \"late\"\ndays = 1\nevery = 1\ntell = [\"officer\"]\n\n\
             [status]\nid = \"status\"\ndays = 7\ntell = [\"officer\"]\n",
        );
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// `[email]` for a relay on this machine.
pub(super) fn mail_by(relay: SocketAddr) -> String {
    format!(
        "[email]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"plain\"\nfrom = \"Đôn đốc <dondoc@province.example>\"\n",
        relay.port()
    )
}

/// In the last minutes of a day nothing is sent, and what is sent then belongs to the day before.
async fn wait_out_midnight() {
    let evening = NaiveTime::from_hms_opt(23, 57, 0).unwrap();
    while local(Clock::System.now()).time() >= evening {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
