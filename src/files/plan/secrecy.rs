//! Nothing marked Mật, Tối mật or Tuyệt mật enters by a file (DESIGN rule 16).

use crate::domain::secrecy::{is_degree, mark_of_number, marking};
use crate::files::problem::Problem;
use crate::files::toml::{Field, Table};

const REMEDY: &str = "state secrets must not be in this program: take this out of the file and follow it up on paper";

/// A problem if the table has a key that gives it a degree of secrecy.
pub(super) fn of_table(table: &mut Table<'_>) -> Option<Problem> {
    let degree = table.optional_text("secrecy")?;
    if is_degree(&degree) {
        return Some(marked(&degree, &degree));
    }
    let remedy = "remove the key: a plan that may be in this program has no degree of secrecy";
    Some(degree.at.problem(
        format!("“{}” is not a degree of secrecy", degree.value),
        remedy,
    ))
}

/// A problem if the number is that of a classified document: `12/QĐ-UBND(M)`.
pub(super) fn of_number(number: &Field<String>) -> Option<Problem> {
    mark_of_number(number).map(|mark| marked(number, mark))
}

/// A problem if the text carries a marking.
pub(super) fn of_text(text: &Field<String>) -> Option<Problem> {
    marking(text).map(|marking| marked(text, marking))
}

fn marked(field: &Field<String>, marking: &str) -> Problem {
    field
        .at
        .problem(format!("this is marked “{marking}”"), REMEDY)
}
