//! One actor for each link: a protocol on a wire. It routes messages to devices, discovers devices and creates them.

mod actor;
mod messages;
mod routes;
mod settling;
mod spawn;

pub use actor::LinkActor;
pub use messages::{LinkMessage, LinkSink, Tap};
pub use routes::matches;
