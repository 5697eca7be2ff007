//! Who asks: accounts of the home's persons, sessions, device tokens and one-time codes.

mod access;
mod entering;
mod kept;
mod password;
mod secret;
mod throttle;

pub use access::{Access, Entered, Refused};
pub use kept::{PersonAccess, TokenKind, TokenView};
