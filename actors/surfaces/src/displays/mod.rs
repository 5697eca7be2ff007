//! Wall displays: each gets its room's view as retained JSON; an openHASP plate is drawn on, and touched.

mod actor;
mod boards;
mod plate;
mod plates;
mod view;

pub use actor::{DisplayMessage, DisplaySetup, Displays, Ear, Gateways, Listen};
pub use boards::Boards;
pub use view::{RoomEntity, RoomView, room_view};
