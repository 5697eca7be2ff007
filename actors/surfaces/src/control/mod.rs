//! The local socket: the command line asks the running household through it. Owner only, JSON lines.

mod actor;
mod answer;
mod asked;
mod client;
mod connection;
mod follow;
mod hear;
mod hooks;
mod intents;
mod outcomes;
mod owner;
mod protocol;
mod socket;
mod speak;
mod tasks;
mod trouble;
mod undo;
mod view;

pub(crate) use asked::Asked;
pub(crate) use speak::{By, Spoken, Voice, spoken};
pub(crate) use tasks::task_said;

pub use actor::{Accepting, Control};
pub use answer::{Live, read_view};
pub use client::{Client, ClientError};
pub use hooks::{ControlHooks, ControlSetup, Pending, TryRule};
pub use outcomes::{Recording, Reloaded};
pub use protocol::{Greeting, Named, PROTOCOL, Request, Response, Told};
pub use socket::{SOCKET, lock_holder};
pub use trouble::{Trouble, TroubleKind};
pub use view::View;
