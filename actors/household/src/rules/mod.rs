//! Rules: when, if, then. One actor holds the index of triggers and the runs; evaluation is pure.

mod actor;
mod answers;
mod compile;
mod concerned;
mod conditions;
mod engine;
mod facts;
mod held;
mod ledger;
mod program;
mod recall;
mod remembered;
mod runs;
mod template;
#[cfg(test)]
mod tests;
mod trial;
mod triggers;

pub use actor::{RuleActor, RuleMessage};
pub use engine::{Effect, Engine, View};
pub(crate) use engine::{QUESTION_OWNER, question_write};
pub use trial::{Assumed, Trial, TrialStep, try_rule};
