//! Wires in memory, in place of gateways.

mod echo;
mod mirror;
mod table;
mod twinned;
mod wire;

pub use mirror::Topics;
pub use table::table;
pub use wire::{Peer, Said};
