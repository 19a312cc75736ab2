//! What tests share.

pub mod db;
mod postgres;
