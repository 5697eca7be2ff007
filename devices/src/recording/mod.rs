//! Recorded household days in the neutral form: one JSON object a line. Their lines enter through this driver, in
//! place of a wire. See `README.md` in this folder.

mod device;
mod kind;
mod line;
mod wire;

pub use device::{Binding, RecordedDevice};
pub use line::Line;
pub use wire::{WIRE_VERSION, WireLine, is_wire_header, wire_header};
