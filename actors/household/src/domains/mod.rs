//! Life domains, one folder each.

pub mod countdowns;
