//! Sentences to intents, pure: text and a world in, ranked intents out.
//!
//! Templates in the Home Assistant intents format ([`template`], [`grammar`]) become a graph of small nodes over folded
//! text ([`fold`]); the [`matcher`] walks it once, and keeps what each rule and list matched at each place, so that the
//! many sentences of a language share their work.

mod apart;
mod compile;
mod cover;
mod first;
mod fold;
mod grammar;
mod house;
mod lists;
mod matcher;
mod needs;
mod numbers;
mod rank;
mod template;

pub use compile::{GrammarError, Language, Languages};
pub use fold::{Folded, fold};
pub use house::{House, Place, Thing};
pub use lists::CompiledHouse;
pub use rank::{SlotValue, Understood};

#[cfg(test)]
mod tests;
