//! Whether the database is sound, can be written, and has room.

use chrono::TimeDelta;

use super::{Finding, Findings, Patient, database_file, folder_of};
use crate::app::verify::verify;
use crate::store::leases;

/// Below this the next import, log or backup may fail; above that nobody has to think of it.
const TOO_LITTLE: u64 = 100 * 1024 * 1024;
const LITTLE: u64 = 1024 * 1024 * 1024;

/// Pages, indexes and references of a file.
pub(super) async fn integrity(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "integrity";
    let (Some(db), Some(_)) = (patient.db, database_file(patient.loaded)) else {
        return Vec::new();
    };
    vec![match db.defects().await {
        Ok(defects) if defects.is_empty() => Finding::ok(CHECK, "pages and references are sound"),
        Ok(defects) => Finding::fail(
            CHECK,
            format!("{} defects: {}", defects.len(), defects.join("; ")),
            "stop the daemon, keep a copy of the file, and restore a backup: `dondoc restore FILE --force`",
        ),
        Err(error) => Finding::fail(CHECK, error.to_string(), "restore a backup if it stays so"),
    }]
}

/// A change that is taken back at once.
pub(super) async fn writing(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "writing";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let tried = async {
        let mut tx = db.begin().await?;
        leases::acquire(
            &mut tx,
            "doctor",
            "doctor",
            patient.now,
            TimeDelta::zero(),
            None,
        )
        .await
    };
    vec![match tried.await {
        Ok(_) => Finding::ok(CHECK, "the database can be written"),
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let remedy = match database_file(patient.loaded) {
                Some(_) => {
                    "let the user that runs dondoc own the file and its folder; make room on its disk"
                }
                None => {
                    "let the user that runs dondoc own the tables on the server; make room on its disk"
                }
            };
            let what = format!("{error} ({})", source.unwrap_or_default());
            Finding::fail(CHECK, what, remedy)
        }
    }]
}

/// Room on the disk of a file.
pub(super) fn space(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "space";
    let Some(file) = database_file(patient.loaded) else {
        return Vec::new();
    };
    let folder = folder_of(file);
    let free = match rustix::fs::statvfs(folder) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            let what = format!("the disk of {} is not told: {error}", folder.display());
            return vec![Finding::warn(CHECK, what, "look at it with df")];
        }
    };
    let what = format!("{} MB free beside the database", free / (1024 * 1024));
    // A copy of it should fit beside it: that is what a restore needs.
    let own = file.metadata().map_or(0, |meta| meta.len());
    let remedy = "free some space, or move the database to a larger disk";
    vec![if free < TOO_LITTLE {
        Finding::fail(CHECK, what, remedy)
    } else if free < LITTLE.max(own) {
        Finding::warn(CHECK, what, remedy)
    } else {
        Finding::ok(CHECK, what)
    }]
}

/// The chain of each ledger.
pub(super) async fn ledger(patient: &Patient<'_>) -> Findings {
    const CHECK: &str = "ledger";
    let Some(db) = patient.db else {
        return Vec::new();
    };
    let chains = match verify(db, None, None).await {
        Ok(chains) => chains,
        Err(error) => {
            return vec![Finding::fail(
                CHECK,
                error.to_string(),
                "try `dondoc verify`",
            )];
        }
    };
    let each = chains.into_iter().map(|one| match one.broken {
        None => Finding::ok(
            CHECK,
            format!("{}: {} lines hold", one.plan, one.head.count),
        ),
        Some(_) => Finding::fail(
            CHECK,
            format!(
                "{}: the chain breaks behind line {}",
                one.plan, one.head.count
            ),
            "`dondoc verify` names the place and what to do; mend nothing by hand",
        ),
    });
    each.collect()
}
