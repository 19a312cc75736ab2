//! Quảng Nam with its 241 communes, as a folder of plan files.
//!
//! The decision addresses communes as a group ("UBND cấp xã") without naming one, so the shipped files have no member of
//! it. Here every commune is an agency with a head and an officer, and belongs to that group. Two rows of the appendix
//! (II.6 and II.9) then fan out to it by themselves; the three duties of part IV.1 (a, b, c), which the decision puts
//! on sở, ban, ngành and districts, are put on communes too, as districts did by plans of their own.

use std::fmt::Write;
use std::path::PathBuf;

use tempfile::TempDir;

const PLAN: &str = include_str!("../../seeds/quang-nam-2020/plan.toml");
const AGENCIES: &str = include_str!("../../seeds/quang-nam-2020/agencies.toml");
const CONTACTS: &str = include_str!("../../seeds/quang-nam-2020/contacts.toml");

/// The lead cell of the duties of part IV.1.
const DUTIES: &str = "Các Sở, Ban, ngành và Ủy ban nhân dân các huyện, thị xã, thành phố\"";

/// How many communes Quảng Nam had in 2020.
pub(crate) const COMMUNES: usize = 241;

/// A folder with the plan, and a `dondoc.toml` that names it.
pub(crate) struct Province {
    folder: TempDir,
}

impl Province {
    /// Writes the files.
    pub(crate) fn with_communes() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plan = folder.path().join("plan");
        std::fs::create_dir(&plan).unwrap();
        let (agencies, contacts) = files();
        let duties = DUTIES.replace('"', "; UBND cấp xã\"");
        std::fs::write(plan.join("plan.toml"), PLAN.replace(DUTIES, &duties)).unwrap();
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
