//! A workbook as bytes: Excel's limits, how cells look, how a sheet is printed.

mod format;
mod height;
mod name;
mod paper;
mod write;

pub use write::{XlsxError, xlsx};
