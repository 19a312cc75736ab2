//! Quảng Nam with its 241 communes, as a folder of plan files.
//!
//! The decision addresses communes as a group ("UBND cấp xã") without naming one, so the shipped files have no member of
//! it. Here every commune is an agency with a head and an officer, and belongs to that group: two rows of the appendix
//! (II.6 and II.9) then fan out to it by themselves, and that is the decision as it is written. The three duties of part
//! IV.1 (a, b, c) it puts on sở, ban, ngành and districts; put on communes too, they make a harder year.

use std::fmt::{self, Write};
use std::path::PathBuf;

use tempfile::TempDir;

const PLAN: &str = include_str!("../../seeds/quang-nam-2020/plan.toml");
const AGENCIES: &str = include_str!("../../seeds/quang-nam-2020/agencies.toml");
const CONTACTS: &str = include_str!("../../seeds/quang-nam-2020/contacts.toml");

/// The lead cell of the duties of part IV.1.
const DUTIES: &str = "Các Sở, Ban, ngành và Ủy ban nhân dân các huyện, thị xã, thành phố\"";

/// How many communes Quảng Nam had in 2020.
pub(crate) const COMMUNES: usize = 241;

/// What communes owe.
#[derive(Clone, Copy)]
pub(crate) enum Owed {
    /// What the decision gives to their group.
    AsWritten,
    /// Also the three duties of part IV.1.
    DutiesToo,
}

impl fmt::Display for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AsWritten => "the decision as it is written",
            Self::DutiesToo => "the duties of part IV.1 on communes too",
        })
    }
}

/// A folder with the plan, and a `dondoc.toml` that names it.
pub(crate) struct Province {
    folder: TempDir,
}

impl Province {
    /// Writes the files.
    pub(crate) fn with_communes(owed: Owed) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan");
        std::fs::create_dir(&plan).unwrap();
        let (agencies, contacts) = files();
        let text = match owed {
            Owed::AsWritten => PLAN.to_owned(),
            Owed::DutiesToo => PLAN.replace(DUTIES, &DUTIES.replace('"', "; UBND cấp xã\"")),
        };
        std::fs::write(plan.join("plan.toml"), text).unwrap();
        std::fs::write(plan.join("agencies.toml"), agencies).unwrap();
        std::fs::write(plan.join("contacts.toml"), contacts).unwrap();
        let province = Self { folder };
        std::fs::write(province.configuration(), "plans = [\"plan\"]\n").unwrap();
        province
    }

    /// The path of `dondoc.toml`.
    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.path().join("dondoc.toml")
    }
}

fn files() -> (String, String) {
    let (mut agencies, mut contacts) = (AGENCIES.to_owned(), CONTACTS.to_owned());
    for number in 1..=COMMUNES {
        let name = format!("UBND xã số {number:03}");
        write!(
            agencies,
            "\n[[agency]]\ncode = \"XA{number:03}\"\nname = \"{name}\"\naliases = []\nlevel = \"commune\"\n\
             groups = [\"cap-xa\"]\n"
        )
        .unwrap();
        for (role, title) in [("head", "Chủ tịch"), ("officer", "Công chức đầu mối CCHC")]
        {
            write!(
                contacts,
                "\n[[contact]]\nid = \"xa{number:03}.{role}\"\nagency = \"XA{number:03}\"\nrole = \"{role}\"\n\
                 title = \"{title} {name}\"\nchannels = [\"email\"]\nemail = \"{role}.xa{number:03}@quangnam.example\"\n"
            )
            .unwrap();
        }
    }
    (agencies, contacts)
}
