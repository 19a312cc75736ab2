//! Files with what people said, or with a secret: nobody but their owner reads them, whatever the umask of the process is.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;

/// Opens for writing; what it makes is readable and writable by its owner only.
#[must_use]
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    options
}
