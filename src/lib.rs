//! Dondoc.
pub mod domain;
