//! `lares top`: the household on a terminal, over the control socket.
//!
//! [`State`] takes keys, the mouse and answers, and says what to ask; [`draw`] puts it on a frame. Both are pure, and most
//! tests are theirs. [`run`] is the thin loop around them that has the terminal and the socket.

mod draw;
mod line;
mod look;
mod pages;
mod rows;
mod run;
mod said;
mod screen;
mod state;
mod text;

#[cfg(test)]
mod tests;

pub use draw::draw;
pub use look::Look;
pub use run::{Stopped, run};
pub use state::{Ask, Input, Slot, State, Tab};
