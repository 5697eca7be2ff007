//! Where people meet the household: what can be seen of it ([`views`]), and the local socket of the command line
//! ([`control`]).
//!
//! **Absent on purpose:** LMDB, devices, links and any way to move something but a wish through the kernel's door.

pub mod control;
pub mod views;
