//! The Wyoming protocol: events as JSON lines, some with data and sound behind them.

mod codec;
mod event;

pub use codec::{read, write};
pub use event::Event;
