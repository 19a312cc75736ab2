//! Why nothing was exported.

use std::path::{Path, PathBuf};

use crate::app::AppError;
use crate::documents::XlsxError;
use crate::domain::ids::ContactId;
use crate::store::StoreError;

/// A failure of an export. The folder is not there then.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// No obligation lies within the scope.
    #[error(
        "nothing is owed there: give a task without its milestone (II.2), an agency by code and a plan by id; see `dondoc status`"
    )]
    Nothing,
    /// Nobody of that short name is known.
    #[error("there is no contact {0}: see `dondoc contact list`")]
    NoContact(ContactId),
    /// There is something of that name; it is not overwritten.
    #[error("{} is there already: name a folder that does not exist", .0.display())]
    Exists(PathBuf),
    /// It does not name a folder to be made.
    #[error("`{}` does not name a new folder", .0.display())]
    NoName(PathBuf),
    /// Another export is writing there, or was killed.
    #[error("{} is there: another export is writing, or one was killed; remove it then", .0.display())]
    Unfinished(PathBuf),
    /// A file cannot be written.
    #[error("writing {}", .path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The workbook cannot be made.
    #[error("making the workbook")]
    Workbook(#[from] XlsxError),
    /// The database.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::App(error.into())
    }
}

/// Says what was being written.
pub(super) fn writing(path: &Path) -> impl FnOnce(std::io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Write { path, source }
}
