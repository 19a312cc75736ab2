//! What tests share: fakes that speak the wire protocols, strictly.

pub(crate) mod chance;
pub(crate) mod db;
pub(crate) mod door;
pub(crate) mod imap;
pub(crate) mod mail_servers;
pub(crate) mod postgres;
pub(crate) mod scrape;
pub(crate) mod smtp;
pub(crate) mod telegram;
pub(crate) mod tls;
pub(crate) mod weather;
pub(crate) mod zalo_bot;
pub(crate) mod zalo_oa;
pub(crate) mod zalo_push;
