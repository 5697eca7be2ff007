//! Trying a filter string on the nodes of one graph.

mod test;
mod within;

pub(super) use test::{Score, Test, unknown};
