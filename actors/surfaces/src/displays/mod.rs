//! Wall displays: each gets its room's view as retained JSON; an openHASP plate is drawn on, and touched.

mod actor;
mod boards;
mod plate;
mod plates;
mod view;

use lares_config::{DisplayConfig, Home};

pub use actor::{DisplayMessage, DisplaySetup, Displays, Ear, Gateways, Listen};
pub use boards::Boards;
pub use view::{RoomEntity, RoomView, room_view};

/// The display that somebody's browser is, if the home says that it is one: a browser at a wall is nobody who comes and goes.
pub(crate) fn display_of<'h>(home: &'h Home, person: &str) -> Option<&'h DisplayConfig> {
    home.displays.values().find(|d| d.plate.is_none() && d.person.as_deref() == Some(person))
}
