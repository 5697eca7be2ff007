//! Wires in memory, in place of gateways.

mod echo;
mod table;
mod twinned;
mod wire;

pub use table::table;
pub use wire::{Peer, Said};
