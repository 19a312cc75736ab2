//! JSON lines in, JSON lines out, whatever the lines hold.

use std::io::{BufRead, Read, Write};

use anyhow::Context as _;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::explain::print_json;
use crate::cli::exit::Exit;
use crate::domain::reply::{Reader, Writer};

/// A line is never longer; the rest of it is thrown away, and it is answered with an error.
const LONGEST: usize = 16 * 1024 * 1024;

/// What a line says; other fields are nobody's business.
#[derive(Debug, Deserialize)]
struct Reply {
    text: String,
    sent: Option<NaiveDate>,
}

/// What is answered to a line that cannot be read.
#[derive(Debug, Serialize)]
struct Unreadable {
    error: String,
}

/// Answers every line of `input`, in order; a blank line is one that cannot be read.
pub(super) fn understand(
    reader: &Reader,
    sent: NaiveDate,
    writer: &Writer,
    mut input: impl BufRead,
    out: &mut impl Write,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Fine;
    let mut bytes = Vec::new();
    for number in 1_usize.. {
        bytes.clear();
        let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX);
        let read = input.by_ref().take(limit).read_until(b'\n', &mut bytes);
        if read.context("cannot read standard input")? == 0 {
            break;
        }
        let too_long = bytes.len() == LONGEST && bytes.last() != Some(&b'\n');
        if too_long {
            input
                .skip_until(b'\n')
                .context("cannot read standard input")?;
        }
        let line = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        match serde_json::from_slice::<Reply>(line) {
            Ok(reply) if !too_long => {
                let sent = reply.sent.unwrap_or(sent);
                let understood = reader.understand_from(&reply.text, sent, writer);
                print_json(&understood, &mut *out)
            }
            Ok(_) => refuse(number, "it is too long", &mut exit, &mut *out),
            Err(error) => refuse(number, &error.to_string(), &mut exit, &mut *out),
        }
        .context("cannot write the explanations")?;
    }
    Ok(exit)
}

fn refuse(
    number: usize,
    reason: &str,
    exit: &mut Exit,
    mut out: impl Write,
) -> std::io::Result<()> {
    *exit = Exit::WrongInput;
    let error = format!("line {number} is no JSON object with a text: {reason}");
    // Whoever reads the answers by position keeps its place; whoever watches sees it too.
    let _ = writeln!(std::io::stderr(), "dondoc: {error}");
    serde_json::to_writer(&mut out, &Unreadable { error })?;
    writeln!(out)
}
