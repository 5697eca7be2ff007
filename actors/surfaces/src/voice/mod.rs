//! What is said to the house: [`ears`] make words of sound, [`understand`] finds what a sentence means, [`talk`] what is to be done and
//! answered, and [`tts`] says it. [`satellites`] are microphones in rooms, [`phone`] speaks with callers; [`server`] lends all of this
//! to others.

mod answered;
mod back;
mod briefing;
mod briefing_words;
pub mod ears;
mod errand_words;
mod errands;
mod follow;
mod fragments;
mod later;
mod leaning;
mod meaning;
mod measure_words;
mod music;
pub mod nearby;
mod noting;
mod own;
pub mod phone;
mod prepare;
mod readings;
mod rooms;
mod rooms_of_music;
pub mod satellites;
pub mod server;
pub mod sound;
mod talk;
mod talks;
#[cfg(test)]
mod tests;
mod timer_words;
mod timers;
pub mod tts;
pub mod understand;
mod which_music;
mod words;
mod world;
pub mod wyoming;

pub use back::Back;
pub use briefing::{Day, today};
pub use ears::Hearing;
pub use errands::{Item, SpokenCall, SpokenList, SpokenTask};
pub use follow::{Kept, Last};
pub use noting::noted;
pub use own::{OwnFiles, SentenceProblem, own_files, sentence_problems};
pub use rooms::{Connected, Rooms, Talk};
pub use talk::{Around, HeardView, Sentence, SpokenSet, SpokenView, Talked, came_of, not_taken_back, talk};
pub use talks::Talks;
pub use timers::SpokenTimer;
pub use tts::Speaking;

pub(crate) use measure_words::measure;
pub(crate) use prepare::prepare;
pub(crate) use talks::Turn;
