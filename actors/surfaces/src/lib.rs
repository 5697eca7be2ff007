//! Where people meet the household: what can be seen of it ([`views`]), the local socket of the command line
//! ([`control`]), the API and the dashboard ([`web`]) with who may log in ([`auth`]), wall displays ([`displays`]), what is said to the house
//! ([`voice`]) and the home's files as they are changed from there ([`files`]).
//!
//! **Absent on purpose:** LMDB, devices, links and any way to move something but a wish through the kernel's door.

pub mod auth;
mod away;
pub mod control;
pub mod displays;
pub mod files;
pub mod terminal;
mod told;
pub mod tongue;
pub mod views;
pub mod voice;
pub mod web;
mod who;
