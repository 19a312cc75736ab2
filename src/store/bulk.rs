//! Many rows in one statement, and in one answer.

use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::error::StoreError;
use super::words::Cell;

/// Rows of one multi-row statement. With at most 20 columns that stays far below the 32,766 parameters of SQLite and
/// the 65,535 of PostgreSQL; more rows gain nothing and make the cached statement larger.
pub(super) const ROWS: usize = 250;

/// Whether the statement for so many rows is worth keeping prepared: the full ones and the single ones are, the odd
/// remainder is not.
pub(super) fn is_kept(rows: usize) -> bool {
    rows == ROWS || rows == 1
}

/// Numbers as one value for [`super::Tx::numbers`].
pub(super) fn numbers(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("[");
    for (at, number) in numbers.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push(']');
    text
}

/// Texts as one value for [`super::Tx::texts`].
pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<&str> = texts.into_iter().collect();
    serde_json::to_string(&texts).unwrap_or_default() // strings always have a JSON form
}

/// Rows as one value for [`super::Tx::elements`]: one statement for any number of them, which is prepared once.
pub(super) fn elements<T: Serialize>(rows: impl IntoIterator<Item = T>) -> String {
    let rows: Vec<T> = rows.into_iter().collect();
    serde_json::to_string(&rows).unwrap_or_default() // numbers, strings and days always have a JSON form
}

/// A row that comes as [`super::Tx::packed`].
pub(super) struct Packed<T>(pub T);

impl<'r, R, T> FromRow<'r, R> for Packed<T>
where
    R: Row,
    usize: ColumnIndex<R>,
    &'r str: Decode<'r, R::Database> + Type<R::Database>,
    T: DeserializeOwned,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        let text: &str = row.try_get(0)?;
        let read = serde_json::from_str(text);
        read.map(Self).map_err(|source| sqlx::Error::ColumnDecode {
            index: "of the whole row".to_owned(),
            source: source.into(),
        })
    }
}

/// The rows of [`super::Tx::rows_as_one`].
///
/// # Errors
/// When a column has no such value.
pub(super) fn rows<'t, T: Deserialize<'t>>(
    table: &'static str,
    json: &'t str,
) -> Result<Vec<T>, StoreError> {
    let cell = Cell {
        table,
        row: &"of many",
        column: "several",
    };
    serde_json::from_str(json).or_else(|error| cell.read(&error.to_string(), None))
}
