//! The plan of Quảng Nam under another calendar.

use std::sync::{LazyLock, OnceLock};

use chrono::NaiveDate;
use dondoc::app::setup::{Charge, Setup};
use dondoc::config::{Config, Privacy};
use dondoc::domain::calendar::{Calendar, DayKind, SpecialDay};
use dondoc::files::{
    Folder, load_absence_words, load_orders, load_plan, load_schedules, load_terse, shipped_reader,
};
use dondoc::messages::Messages;

/// The calendar that is shipped.
pub(super) fn shipped() -> Calendar {
    load_schedules(&Folder::schedules()).unwrap().calendar
}

/// The calendar of these years with some days changed.
pub(super) fn changed(calendar: &Calendar, days: &[(NaiveDate, DayKind)]) -> Calendar {
    let year = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
    let known = calendar.special_days(year(2019, 1, 1), year(2021, 12, 31));
    let known = known.map(|(day, special)| (day, special.clone()));
    let new = days.iter().map(|(day, kind)| {
        let special = SpecialDay {
            kind: *kind,
            name: "bão".to_owned(),
            source: "công điện".to_owned(),
            confirmed: true,
        };
        (*day, special)
    });
    Calendar::new(known.chain(new))
}

/// Everything that is loaded when this calendar is in force.
pub(super) fn setup_under(calendar: Calendar) -> Setup {
    let loaded = load_plan(&Folder::seeds(), &calendar).unwrap();
    let schedules = load_schedules(&Folder::schedules()).unwrap();
    Setup {
        charges: vec![Charge::new(
            loaded.plan,
            loaded.directory,
            loaded.fingerprint,
        )],
        calendar,
        ladder: schedules.ladder,
        jobs: schedules.jobs,
        scoring: schedules.scoring.rules,
        messages: Messages::load(None).unwrap(),
        reader: LazyLock::new(shipped_reader),
        orders: load_orders(&Folder::lexicon()).unwrap(),
        absences: load_absence_words(&Folder::lexicon()).unwrap(),
        terse: load_terse(&Folder::lexicon()).unwrap(),
        key: Config::default().key(),
        privacy: Privacy::default(),
        unheard: [].into(),
        units: OnceLock::new(),
    }
}
