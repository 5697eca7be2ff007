//! Life domains, one folder each.

pub mod countdowns;
pub mod media;
pub mod phone;
mod questions;
