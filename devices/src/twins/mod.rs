//! Twins: simulated devices that speak the same messages as real ones. The simulation runs them on an in-memory wire,
//! `lares twins` over a real broker.

mod announce;
mod behave;
mod kind;
mod robot;
mod state;
mod twin;

pub use kind::TwinKind;
pub use twin::Twin;
