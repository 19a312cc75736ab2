//! The register: the whole plan on one morning, as a workbook and in the letters that are drafted from it.

mod accounts;
mod book;
mod draft;
mod files;
mod grounds;
mod letter;
mod tally;
mod view;

pub(super) use accounts::Accounts;
pub use draft::{DraftError, Drafted, Wanted, draft};
pub use files::File;
pub(super) use files::{Silence, files_of};
pub(super) use grounds::Grounds;
pub(super) use view::{letter_agency, official_word};
