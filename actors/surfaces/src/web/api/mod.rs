//! The handlers of the API, by what they are about.

pub(super) mod adopt;
pub(super) mod boards;
pub(super) mod calls;
pub(super) mod countdowns;
pub(super) mod files;
pub(super) mod guests;
pub(super) mod history;
pub(super) mod house;
pub(super) mod intents;
pub(super) mod interlocks;
pub(super) mod lists;
pub(super) mod people;
pub(super) mod picture;
pub(super) mod questions;
pub(super) mod rules;
pub(super) mod say;
pub(super) mod session;
pub(super) mod tls;
pub(super) mod tokens;
pub(super) mod views;
