//! Actors: a behavior in a ractor shell, behind an address that outlives it.

mod address;
mod alarm;
mod ask;
mod behavior;
mod mailbox;
mod shell;

pub use address::{Address, Refused};
pub use alarm::Alarm;
pub use ask::{AskError, Reply};
pub use behavior::{Behavior, Context, Fault, Message};
pub use mailbox::{Load, MailboxStats};
pub(crate) use shell::{Shell, Start, Wake};
