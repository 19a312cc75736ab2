//! Fakes that speak the wire protocols, strictly.

pub mod smtp;
pub mod telegram;
pub mod tls;
