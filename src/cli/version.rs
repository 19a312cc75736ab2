//! What `--version` says: enough to tell from a report which program it was.

use std::sync::LazyLock;

use crate::app::inspect::known_version;

/// The version, where it was built from, and the database it makes.
pub(super) static LONG: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\ncommit {}\ndatabase schema {}\n{}-{}",
        env!("CARGO_PKG_VERSION"),
        // Whoever packs the program sets it: a build from an archive has no history to ask.
        option_env!("DONDOC_COMMIT").unwrap_or("unknown"),
        known_version(),
        std::env::consts::ARCH,
        std::env::consts::OS,
    )
});
