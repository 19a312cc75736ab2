//! `dondoc config`: the annotated defaults.

use std::io::Write;

use super::exit::Exit;
use crate::config::DEFAULT_FILE;

/// Options of `dondoc config`.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  dondoc config > dondoc.toml")]
pub struct ConfigArgs {}

/// Prints the annotated defaults.
///
/// # Errors
/// That nothing can be written.
pub fn run(_: &ConfigArgs, out: &mut impl Write) -> anyhow::Result<Exit> {
    out.write_all(DEFAULT_FILE.as_bytes())?;
    Ok(Exit::Fine)
}
