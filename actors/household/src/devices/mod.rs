//! One actor for each device: it owns the driver, knows the state of its entities, arbitrates the claims on their
//! properties, and follows every command to its receipt.

mod actor;
mod answers;
mod asked;
mod claims;
mod code;
mod driver;
mod entity;
mod messages;
mod recorded;
mod restore;
mod state;
mod taken;
#[cfg(test)]
mod tests;
mod write;

pub use actor::{DeviceActor, Make};
pub use answers::Answers;
pub use claims::HAND;
pub use code::Code;
pub use driver::AnyDriver;
pub(crate) use entity::tolerance;
pub use messages::{Demand, DeviceMessage, WireMessage};
pub use recorded::{RECORDING, Recorded};
pub(crate) use state::CLAIMS_OWNER;
pub use state::{DeviceState, Outlet};
pub use write::device_writes;
