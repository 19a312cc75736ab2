//! How a command ends.

use std::process::ExitCode;

use crate::app::AppError;
use crate::config::SecretError;
use crate::files::Problems;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done: 0.
    Fine,
    /// It could not be done: 1.
    Failed,
    /// What it was given is wrong: 2.
    WrongInput,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Fine => Self::SUCCESS,
            Exit::Failed => Self::from(1),
            Exit::WrongInput => Self::from(2),
        }
    }
}

/// Input that the person can put right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongInput(pub String);

/// An error with its causes, each told once: the driver of a database repeats what the database says.
pub(super) fn told(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        match told.as_str() {
            "" => cause,
            _ if told.contains(&cause) => told,
            _ => format!("{told}: {cause}"),
        }
    })
}

/// How a command ended that gave this error: files with problems, a secret that is not there, an answer that fits
/// nothing are wrong input; everything else failed.
#[must_use]
pub fn code_of(error: &anyhow::Error) -> Exit {
    let wrong_input = error.chain().any(|cause| {
        cause.is::<Problems>()
            || matches!(
                cause.downcast_ref(),
                Some(
                    AppError::Secret(_)
                        | AppError::NoConfiguration { .. }
                        | AppError::Table(_)
                        | AppError::Draft(_)
                        | AppError::NothingOwed { .. }
                        | AppError::NoMilestone { .. }
                        | AppError::NoContact { .. }
                        | AppError::NotTheirs { .. }
                        | AppError::NobodyNamed { .. }
                        | AppError::NotTheirsToAmend { .. }
                        | AppError::WhichMilestone { .. }
                        | AppError::BadDay { .. }
                        | AppError::BeforePlan { .. }
                        | AppError::WrongState { .. }
                        | AppError::RecordedAlready { .. }
                        | AppError::Unfit { .. }
                        | AppError::NothingToAmend { .. }
                        | AppError::PlanDiffers(_)
                        | AppError::PlanRenamed { .. }
                        | AppError::Day(_)
                        | AppError::Slip(_)
                        | AppError::NoAmendment { .. }
                        | AppError::Revoked { .. }
                        | AppError::StillOwes { .. }
                        | AppError::InCharge { .. }
                        | AppError::Ended { .. }
                        | AppError::BoundAlready { .. }
                )
            )
            || cause.is::<WrongInput>()
            || cause.is::<SecretError>()
    });
    if wrong_input {
        Exit::WrongInput
    } else {
        Exit::Failed
    }
}
