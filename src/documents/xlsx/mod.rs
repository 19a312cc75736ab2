//! A workbook as bytes: Excel's limits, how cells look, how a sheet is printed.

mod format;
mod name;
mod write;

pub use write::{XlsxError, xlsx};
