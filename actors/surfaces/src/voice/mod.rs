//! What is said to the house: [`understand`] finds what a sentence means, [`talk`] what is to be done and answered.

mod meaning;
mod talk;
#[cfg(test)]
mod tests;
pub mod understand;
mod words;
mod world;

pub use talk::{Sentence, SpokenSet, SpokenView, came_of, talk};
