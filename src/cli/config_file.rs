//! The option that names the configuration.

use std::path::PathBuf;

use crate::config::{self, Config};
use crate::files::Problems;

/// The option that names the configuration, for the commands that read it.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ConfigFile {
    /// Configuration [default: dondoc.toml in this folder, or else what is built in]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads the configuration.
    ///
    /// # Errors
    /// Every problem of the file.
    pub(super) fn load(&self) -> Result<Config, Problems> {
        config::load(self.config.as_deref())
    }
}
