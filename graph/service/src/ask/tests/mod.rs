//! Questions about a small household that is made by hand.

mod filters;
mod home;

pub(super) use home::{Home, picture};
