//! The kernel: ports, mailboxes, addresses, asks, the bus, and the typed port to the outside.
//!
//! **Absent on purpose:** sockets, files, LMDB, and any word of the household beyond `lares-model`.

mod ports;
pub mod wire;

pub use ports::{
    Blocking, Chance, Clock, InlineBlocking, Journal, MemoryJournal, SeededChance, SystemChance, SystemClock,
    ThreadBlocking, VirtualClock,
};
