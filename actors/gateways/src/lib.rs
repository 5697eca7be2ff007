//! One actor per wire: moves bytes, understands nothing.
//!
//! **Absent on purpose:** drivers, topics' meaning, the graph, LMDB.

pub mod broker;
pub mod media;
pub mod mqtt;
pub mod phone;
mod reason;
