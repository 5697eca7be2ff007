//! Life domains, one folder each.

pub mod briefing;
pub mod countdowns;
pub mod media;
pub mod phone;
mod questions;
