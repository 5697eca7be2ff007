//! Who is called what: references of the configuration, nodes of the graph, addresses of actors.
//!
//! Kept in memory and made anew at every start from the graph and the configuration.

mod entry;
mod names;
#[cfg(test)]
mod tests;

pub use entry::{DeviceEntry, EntityEntry, Resolved};
pub use names::Directory;
