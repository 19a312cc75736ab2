//! The key `listen`: an address of this machine and a port.

use std::net::SocketAddr;

use super::load::Paths;
use crate::files::toml::Table;

/// Where to listen; `default` where the key is missing or wrong, which is then a problem of the file.
pub(super) fn listen(table: &mut Table<'_>, paths: &Paths<'_>, default: SocketAddr) -> SocketAddr {
    let Some(text) = table.optional_text("listen") else {
        return default;
    };
    text.parse().unwrap_or_else(|_| {
        let port = default.port();
        paths.error(text.at.problem(
            format!("“{}” is not an address with a port", text.value),
            format!("write for example \"127.0.0.1:{port}\" or \"[::1]:{port}\""),
        ));
        default
    })
}
