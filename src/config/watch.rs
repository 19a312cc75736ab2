//! `[watch]`: where whoever watches the daemon asks.

use std::net::{Ipv4Addr, SocketAddr};

use super::listen::listen;
use super::load::Paths;
use crate::files::toml::Table;

/// The listener for supervisors and monitoring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Address and port.
    pub listen: SocketAddr,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9464)),
        }
    }
}

impl Watch {
    pub(super) fn read(mut table: Table<'_>, paths: &Paths<'_>) -> Self {
        let listen = listen(&mut table, paths, Self::default().listen);
        table.finish();
        Self { listen }
    }
}
