//! Where people meet the household: what can be seen of it ([`views`]), the local socket of the command line
//! ([`control`]), wall displays ([`displays`]) and what is said to the house ([`voice`]).
//!
//! **Absent on purpose:** LMDB, devices, links and any way to move something but a wish through the kernel's door.

pub mod control;
pub mod displays;
pub mod views;
pub mod voice;
