//! The household's actors: links, devices, rooms, people, intake, interlocks, rules, planner, life domains. They decide; others move bytes.
//!
//! **Absent on purpose:** sockets, audio, web, LMDB. What leaves goes through `kernel::wire`, what lasts through
//! `lares-graph`.

pub mod controls;
pub mod devices;
mod directory;
pub mod domains;
mod house;
pub mod intake;
pub mod keeper;
mod lately;
pub mod links;
pub mod people;
pub mod planner;
mod problems;
pub mod rooms;
pub mod rules;
pub mod safety;
mod status;
pub mod timers;

pub use directory::{DeviceEntry, Directory, EntityEntry, Resolved};
pub use house::House;
pub use problems::PROBLEMS_OWNER;
pub use status::note_status;
