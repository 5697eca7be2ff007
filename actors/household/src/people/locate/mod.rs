//! In which room a person is: a belief over the places of the home that every sign moves a little. Pure, online, and
//! useful without any training: it knows where receivers hang and how radio fades, no more.
//!
//! - [`Plan`]: the places of a home, how people get from one to another, what each receiver would measure there.
//! - [`Belief`]: how likely each place is.
//! - [`Whereabouts`]: which room is told, and when another one is.

mod belief;
mod plan;
#[cfg(test)]
mod tests;
mod whereabouts;

pub use belief::Belief;
pub use plan::Plan;
pub use whereabouts::{Told, Whereabouts};
