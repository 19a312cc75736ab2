//! Things owed by the thousand, on a database of their own: by 10,000 communes a hundred each, or by 100,000 ten each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::{Datelike, Days, NaiveDate};
use dondoc::app::open;
use dondoc::app::plan_day::{Origin, PlannedDay, plan_day};
use dondoc::app::setup::{Charge, Setup};
use dondoc::clock::instant;
use dondoc::config::{Config, Privacy};
use dondoc::domain::delivery::Channel;
use dondoc::domain::directory::{Agency, Contact, Directory, Level, Role};
use dondoc::domain::ids::{AgencyCode, MilestoneId, ObligationId, TaskId};
use dondoc::domain::ladder::Dates;
use dondoc::domain::obligation::State;
use dondoc::domain::plan::{Milestone, MilestoneKind, Task};
use dondoc::files::{
    Folder, load_absence_words, load_orders, load_schedules, load_terse, shipped_reader,
};
use dondoc::messages::Messages;
use dondoc::store::obligations::{self, NewObligation};
use dondoc::store::{Db, contacts, plans};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Who owes how much.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// How many agencies there are, each with one officer.
    pub(crate) communes: usize,
    /// How many things each of them owes.
    pub(crate) tasks: usize,
}

/// Few, with much to do.
pub(crate) const FEW: Size = Size {
    communes: 10_000,
    tasks: 100,
};
/// As many people as any province has officials, ten times over.
pub(crate) const MANY: Size = Size {
    communes: 100_000,
    tasks: 10,
};

/// The chat of the first officer; the others follow.
pub(crate) const FIRST_CHAT: usize = 1_000_000;

pub(crate) struct Crowd {
    pub(crate) size: Size,
    pub(crate) runtime: Runtime,
    pub(crate) db: Db,
    pub(crate) setup: Arc<Setup>,
    pub(crate) origin: Origin,
    /// A working day on which nothing falls.
    pub(crate) quiet: NaiveDate,
    busy: Vec<NaiveDate>,
    used: AtomicUsize,
    folder: TempDir,
}

impl Crowd {
    /// So many, in a file.
    pub(crate) fn on_sqlite(size: Size) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dondoc.db").to_str().unwrap().to_owned();
        Self::on(std::future::ready(file), folder, size)
    }

    /// The same on a server.
    pub(crate) fn on_postgres(url: impl Future<Output = String>, size: Size) -> Self {
        Self::on(url, tempfile::tempdir().unwrap(), size)
    }

    fn on(url: impl Future<Output = String>, folder: TempDir, size: Size) -> Self {
        let runtime = Runtime::new().unwrap();
        let quiet = NaiveDate::from_ymd_opt(2020, 2, 12).unwrap();
        let (setup, busy) = setup(quiet, size);
        let db = runtime.block_on(async {
            let db = Db::open(&url.await).await.unwrap();
            db.migrate().await.unwrap();
            fill(&db, &setup, quiet, size.communes).await;
            if let Db::Postgres(pool) = &db {
                // As the server's own autovacuum would have done by the next morning.
                sqlx::query("ANALYZE").execute(pool).await.unwrap();
            }
            db
        });
        Self {
            size,
            runtime,
            db,
            setup: Arc::new(setup),
            origin: Origin {
                domain: "bench.example".to_owned(),
                channels: [Channel::Email].into(),
            },
            quiet,
            busy,
            used: AtomicUsize::new(0),
            folder,
        }
    }

    /// A day on which a rung falls for each agency that no one has been told of.
    pub(crate) fn next_busy_day(&self) -> NaiveDate {
        self.busy[self.used.fetch_add(1, Ordering::Relaxed)]
    }

    /// Has the next morning leave by these channels; its day, as [`Crowd::next_busy_day`].
    pub(crate) fn prepare(&mut self, channels: &[Channel]) -> NaiveDate {
        self.origin.channels = channels.iter().copied().collect();
        self.next_busy_day()
    }

    /// Has the planner never look again by itself at what it looked at on the last busy morning: obligations are numbered as
    /// they are stored, one thing of all agencies after another.
    pub(crate) fn forget_told(&self) {
        let told = self.used.load(Ordering::Relaxed) * self.size.communes;
        let told: Vec<_> = (1..=told)
            .map(|number| (ObligationId(number.try_into().unwrap()), None))
            .skip(told - self.size.communes)
            .collect();
        self.runtime.block_on(async {
            let mut tx = self.db.begin().await.unwrap();
            obligations::set_next_rungs(&mut tx, &told).await.unwrap();
            tx.commit().await.unwrap();
        });
    }

    /// Removes the folder of the file, which is large.
    pub(crate) fn remove(&self) {
        std::fs::remove_dir_all(self.folder.path()).unwrap();
    }

    pub(crate) fn plan(&self, day: NaiveDate) -> PlannedDay {
        let now = instant(day.and_hms_opt(7, 30, 0).unwrap());
        let planning = plan_day(&self.db, &self.setup, &self.origin, day, now);
        self.runtime.block_on(planning).unwrap()
    }
}

/// The shipped plan with other agencies and tasks, and the days on which a rung falls for all agencies.
fn setup(quiet: NaiveDate, size: Size) -> (Setup, Vec<NaiveDate>) {
    let schedules = load_schedules(&Folder::schedules()).unwrap();
    let calendar = schedules.calendar;
    let shipped = open::load(None).unwrap();
    let Charge {
        plan, directory, ..
    } = &shipped.setup.charges[0];
    let pattern = plan
        .tasks
        .iter()
        .find(|task| task.id.as_str() == "II.2")
        .unwrap();
    // Thirty days before a due day that is worked, and itself worked: there the 30-day rung falls.
    let busy: Vec<NaiveDate> = quiet
        .iter_days()
        .skip(10)
        .filter(|day| {
            calendar.is_working_day(*day) && calendar.is_working_day(*day + Days::new(30))
        })
        .take(size.tasks)
        .collect();
    let year_end = NaiveDate::from_ymd_opt(quiet.year(), 12, 31).unwrap();
    let due = |number: usize| {
        busy.get(number)
            .map_or(year_end, |day| *day + Days::new(30))
    };
    let mut plan = plan.clone();
    let leads: Vec<AgencyCode> = (0..size.communes).map(code).collect();
    plan.tasks = (0..size.tasks)
        .map(|number| task(pattern, number, due(number), &leads))
        .collect();
    let agencies = directory
        .agencies()
        .cloned()
        .chain((0..size.communes).map(commune))
        .collect();
    let setup = Setup {
        charges: vec![Charge::new(
            plan,
            Directory::new(agencies, Vec::new()),
            "crowd".to_owned(),
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
    };
    (setup, busy)
}

fn task(pattern: &Task, number: usize, due_on: NaiveDate, leads: &[AgencyCode]) -> Task {
    let id = TaskId::new(format!("X.{}", number + 1));
    let milestone = Milestone {
        id: MilestoneId {
            task: id.clone(),
            number: 1,
        },
        kind: MilestoneKind::Due,
        owners: Vec::new(),
        opens_on: due_on.with_ordinal(1),
        due_on: Some(due_on),
        act_by: Some(due_on),
        ..pattern.milestones[0].clone()
    };
    Task {
        id,
        agencies: leads.to_vec(),
        milestones: vec![milestone],
        ..pattern.clone()
    }
}

fn code(number: usize) -> AgencyCode {
    AgencyCode::new(format!("XA{number:06}"))
}

fn commune(number: usize) -> Agency {
    Agency {
        code: code(number),
        name: format!("UBND xã số {number}"),
        aliases: Vec::new(),
        level: Level::Commune,
        groups: Vec::new(),
    }
}

fn officer(number: usize) -> Contact {
    Contact {
        id: format!("xa{number:06}.officer").as_str().into(),
        agency: code(number),
        role: Role::Officer,
        title: format!("Công chức đầu mối CCHC UBND xã số {number}"),
        channels: vec![
            (Channel::Email, format!("xa{number:06}@bench.example")),
            (Channel::Telegram, (FIRST_CHAT + number).to_string()),
        ],
    }
}

/// Stores all of it as it stands on the evening of the quiet day.
async fn fill(db: &Db, setup: &Setup, quiet: NaiveDate, communes: usize) {
    let plan = &setup.charges[0].plan;
    let now = instant(quiet.and_hms_opt(18, 0, 0).unwrap());
    let mut tx = db.begin().await.unwrap();
    let row = plans::LoadedPlan {
        id: plan.id.clone(),
        number: plan.number.clone(),
        title: plan.title.clone(),
        issued_on: plan.issued_on,
        year: plan.year,
        fingerprint: "crowd".to_owned(),
        loaded_at: now,
    };
    plans::upsert(&mut tx, &row).await.unwrap();
    let people: Vec<Contact> = (0..communes).map(officer).collect();
    contacts::upsert(&mut tx, &people, now).await.unwrap();
    tx.commit().await.unwrap();
    for milestone in plan.tasks.iter().flat_map(|task| &task.milestones) {
        let dates = Dates {
            kind: milestone.kind,
            opens_on: milestone.opens_on,
            due_on: milestone.due_on,
            act_by: milestone.act_by,
            due_before: None,
        };
        let next_rung_on = setup.ladder.next_day(&dates, quiet, &setup.calendar);
        let owed: Vec<NewObligation> = (0..communes)
            .map(|number| NewObligation {
                plan: plan.id.clone(),
                milestone: milestone.id.clone(),
                agency: code(number),
                kind: milestone.kind,
                opens_on: milestone.opens_on,
                due_on: milestone.due_on,
                act_by: milestone.act_by,
                state: State::Open,
                next_rung_on,
            })
            .collect();
        let mut tx = db.begin().await.unwrap();
        obligations::sync(&mut tx, &owed).await.unwrap();
        tx.commit().await.unwrap();
    }
}
