//! The home folder: TOML files, layered, checked together and resolved into one immutable [`Home`].

mod home;

pub use home::*;
