//! The kernel: ports, mailboxes, addresses, asks, the bus, supervision, and the typed port to the outside.
//!
//! **Absent on purpose:** sockets, files, LMDB, and any word of the household beyond `lares-model`.

mod actor;
mod bus;
mod countdown;
mod door;
mod pictures;
mod ports;
mod supervise;
pub mod wire;
mod world;

pub use actor::{
    Address, Alarm, AskError, Behavior, Context, Fault, Load, MailboxStats, Message, Refused, Reply,
};
pub use bus::{Bus, Interest};
pub use countdown::{COUNTDOWNS, Command, Countdown, CountdownId, Delayed, LATER, TimerAct};
pub use door::{Act, Aim, Answer, Door, HoldFor, Intent, Token};
pub use pictures::{Picture, Pictures};
pub use ports::{
    Blocking, Chance, Clock, InlineBlocking, Journal, MemoryJournal, SeededChance, Steady, SystemChance,
    SystemClock, ThreadBlocking, VirtualClock,
};
pub use supervise::{
    Child, ChildReport, ChildState, Limits, OrderError, Registry, Strategy, Supervisor, SupervisorSpec, child,
};
pub use world::{Ports, World};
