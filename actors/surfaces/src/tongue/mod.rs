//! The languages in which the household speaks for itself: sentences of the journal, answers to "why", what came of a wish, and
//! what went wrong. (Sentences that it understands are with `voice`, the dashboard's own words with its sources.)
//!
//! A sentence that is made here is a row of [`Phrases`] in every language: one that is missing does not compile. Reasons are made
//! where they arise, are written down in English as they were, and are told in another language by what they were made of
//! ([`reasons`]): so what was written years ago is told in it too, and a reason without a row stays as it came.
//!
//! **Absent on purpose:** what people wrote (names, rules' words, notices) and what devices say. It is theirs.

mod asked;
mod checker;
mod codes;
mod conditions;
mod facts;
mod fill;
mod language;
mod modes;
mod parts;
mod patterns;
mod phrases;
mod reasons;
#[cfg(test)]
mod tests;
mod values;
mod vocabulary;
mod watched;

pub(crate) use facts::fact;
pub(crate) use fill::{fill, phrases, say};
pub use language::Tongue;
pub(crate) use phrases::Phrases;
