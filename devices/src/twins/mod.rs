//! Twins: simulated devices that speak the same messages as real ones. The simulation runs them on an in-memory wire,
//! `lares twins` over a real broker.

mod announce;
mod behave;
mod firmware;
pub(crate) mod forms;
mod kind;
mod robot;
pub(crate) mod spoken;
mod state;
mod twin;

pub use kind::TwinKind;
pub(crate) use robot::Robot;
pub use spoken::{BEACON, Speaks, spoken};
pub use twin::Twin;
