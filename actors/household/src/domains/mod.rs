//! The domains of life: a folder and a line here each.

pub mod media;
