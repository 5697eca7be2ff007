//! What people, rules and files say of the life graph: [`lares_model::Statement`]s, checked against the kinds of the model and what is there, and
//! turned into writes.
//!
//! Everything here is pure. All statements of one saying hold or none does.

mod check;
mod edges;
mod error;
mod nodes;
mod stage;
#[cfg(test)]
pub(crate) mod tests;
mod value;

pub use check::{Outcome, check};
pub use error::SayError;
pub use stage::{Ground, Stage};
