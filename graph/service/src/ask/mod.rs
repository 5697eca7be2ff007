//! Asking the life graph: a filter string ([`find`]) and, by the same fields, a read-only subset of openCypher.
//!
//! Everything here is pure: text and a [`Picture`] of the graph in, answers or a [`Wrong`] place in the text out.

mod agenda;
mod column;
mod cypher;
mod datum;
mod error;
mod fields;
mod filter;
mod find;
mod fold;
mod line;
mod names;
mod picture;
mod reader;
mod repeat;
mod shape;
#[cfg(test)]
mod tests;
mod when;

pub use agenda::{Due, agenda};
pub use cypher::{Answer, Limits, Query};
pub use datum::Datum;
pub use error::{AskError, ReadFailed};
pub use fields::Field;
pub use find::{Found, Hit, find};
pub use fold::fold;
pub use lares_model::{Filter, Wrong};
pub use line::line;
pub use names::{near_names, near_words, reference};
pub use picture::{Known, Picture, States};
pub use reader::AsOf;
pub use shape::Shape;
pub use when::{Stretch, instant_text, spoken, when};
