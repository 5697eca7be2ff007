//! From sound to words: `libvosk`, opened where it is there ([`library`]), a model that is checked before it is opened ([`model`]), and
//! recognisers on threads of their own ([`pool`]), which are told what can be said in this house ([`phrases`]).

mod actor;
mod library;
mod model;
mod phrases;
mod pool;

pub use actor::{EarsActor, EarsMessage, EarsSetup, Hearing};
pub use library::NoEars;
pub use phrases::{Vocabulary, phrases};
pub use pool::{Ears, Heard, Utterance, could_hear};
