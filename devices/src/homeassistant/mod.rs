//! Home Assistant's MQTT discovery: devices that announce themselves, and the driver that reads and commands them.
//! See `README.md` in this folder for what is promised and what is not known.

mod abbreviations;
mod availability;
mod color;
mod components;
mod config;
mod declared;
mod device_block;
mod discovery;
mod driver;
mod encoding;
mod expand;
mod info;
mod json;
mod parts;
mod slug;
mod spec;
mod surplus;
mod template;
mod topic;

pub use discovery::{Change, Discovery};
pub use driver::Driver;
pub use json::Json;
pub use spec::{DeviceSpec, EntitySpec, SpecError};
pub use template::{Bank, Message, Rendered, Template};
