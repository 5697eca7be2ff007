//! Questions about a small household that is made by hand.

mod filters;
mod home;
mod matches;
mod oracle;

pub(super) use home::{Home, edge, node, picture};
