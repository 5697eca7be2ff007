//! Wall displays: each gets its room's view as retained JSON.

mod actor;
mod view;

pub use actor::{DisplayMessage, DisplaySetup, Displays, Gateways};
pub use view::{RoomEntity, RoomView, room_view};
