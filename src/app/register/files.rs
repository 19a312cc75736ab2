//! The files of a digest: the register as a workbook, and the draft of the report.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::accounts::Accounts;
use super::book::book;
use super::grounds::Grounds;
use super::letter::Desk;
use crate::app::AppError;
use crate::app::setup::{Charge, Setup};
use crate::app::untold::Untold;
use crate::clock::instant;
use crate::documents::{DOCX, XLSX, docx, xlsx};
use crate::domain::digest::Span;
use crate::domain::register::Cutoff;
use crate::messages::{DigestTransfer, LetterContext, RenderError};

/// A file that is ready to be sent or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with its extension, as people read it.
    pub name: String,
    /// Its extension.
    pub extension: &'static str,
    /// What it is, as MIME says it.
    pub media_type: &'static str,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// When a document of a day says that it was made: at the beginning of the day, however often it is made anew.
pub(super) fn made_at(day: NaiveDate) -> DateTime<Utc> {
    instant(day.and_time(NaiveTime::MIN))
}

/// Of how much that is overdue nothing was heard because nobody could have answered, or no message told anybody: as the digest says it.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Silence<'a> {
    /// What no message ever told its agency of.
    pub untold: &'a Untold,
    /// Of how much there is nobody who could answer.
    pub unheard: usize,
    /// Of how much nobody can be reached.
    pub unreached: usize,
}

/// The files of the digest that looks back on `span`.
pub(in crate::app) fn files_of(
    setup: &Setup,
    charge: &Charge,
    accounts: &Accounts,
    grounds: &Grounds,
    silence: Silence<'_>,
    transfers: &[DigestTransfer],
    span: Span,
) -> Result<Vec<File>, AppError> {
    let day = span.morning();
    let cutoff = Cutoff::morning_of(day);
    let desk = Desk::new(setup, charge, accounts, grounds, silence.untold, cutoff);
    let (words, at) = (&setup.messages, made_at(day));
    let workbook = words.render_register(&book(&desk), at);
    let letter = LetterContext {
        unheard: silence.unheard,
        untold: silence.unreached,
        transfers: transfers.to_vec(),
        ..desk.weekly(span)
    };
    let letter = words.render_letter(&letter, at);
    let name = |which| words.file_name(which, &charge.plan.number, day);
    Ok(vec![
        File {
            name: format!("{}.xlsx", name("register")),
            extension: "xlsx",
            media_type: XLSX,
            bytes: xlsx(&workbook.map_err(unworded)?)?,
        },
        File {
            name: format!("{}.docx", name("weekly")),
            extension: "docx",
            media_type: DOCX,
            bytes: docx(&letter.map_err(unworded)?)?,
        },
    ])
}

pub(super) fn unworded(source: RenderError) -> AppError {
    AppError::Document {
        source: Box::new(source),
    }
}
