//! What is said to the house: [`understand`] finds what a sentence means.

pub mod understand;
