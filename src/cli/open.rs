//! What most commands begin with: the files, the runtime, the log.

use std::io::IsTerminal;

use super::config_file::ConfigFile;
use crate::app::open::Loaded;
use crate::config::{Config, LogFormat};

/// Loads everything the configuration names.
///
/// # Errors
/// Every problem of every file.
pub fn load(file: &ConfigFile) -> anyhow::Result<Loaded> {
    Ok(crate::app::open::load(file.config.as_deref())?)
}

/// Runs a future to its end on a runtime of its own.
pub fn block_on<T, E: Into<anyhow::Error>>(
    future: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(future).map_err(Into::into)
}

/// Starts logging to standard error as configured.
pub fn init_logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log.level);
    let builder = tracing_subscriber::fmt()
        // A log that cannot be written ends nothing: telling of it would go where it could not be written.
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // A second start in one process (a test) keeps the first subscriber.
    let _ = match config.log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.try_init(),
    };
}
