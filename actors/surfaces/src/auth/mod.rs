//! Who asks: accounts of the home's persons, sessions, device tokens, one-time codes, and guests by link.

mod access;
mod entering;
mod guests;
mod kept;
mod links;
mod password;
mod secret;
mod throttle;

pub use access::{Access, Entered, Known, Refused};
pub use guests::{GUEST, GuestView, NewGuest};
pub use kept::{PersonAccess, TokenKind, TokenView};
pub(crate) use links::Links;
