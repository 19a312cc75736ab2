//! Fakes that speak the wire protocols, strictly.

pub(crate) mod smtp;
pub(crate) mod telegram;
pub(crate) mod tls;
