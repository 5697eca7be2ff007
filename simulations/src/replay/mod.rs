//! A recording through a household, in virtual time.

mod error;
mod feed;
mod observer;
mod options;
mod run;
mod summary;

pub use error::ReplayError;
pub use options::{Options, Reports, Source};
pub use run::{Watch, replay, replay_watched};
pub use summary::{Deed, RuleCount, Summary};
