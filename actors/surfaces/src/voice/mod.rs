//! What is said to the house: [`ears`] make words of sound, [`understand`] finds what a sentence means, [`talk`] what is to be done and
//! answered, and [`tts`] says it. [`satellites`] are microphones in rooms; [`server`] lends all of this to others.

pub mod ears;
mod meaning;
mod music;
mod prepare;
pub mod satellites;
pub mod server;
pub mod sound;
mod talk;
#[cfg(test)]
mod tests;
mod timer_words;
mod timers;
pub mod tts;
pub mod understand;
mod words;
mod world;
mod wyoming;

pub use ears::Hearing;
pub use talk::{Around, HeardView, Sentence, SpokenSet, SpokenView, came_of, talk};
pub use timers::SpokenTimer;

pub(crate) use prepare::prepare;
