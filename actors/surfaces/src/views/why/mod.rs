//! Why something is as it is, or why it did not come about: the chain of causes from the journal.

mod chain;
mod find;
mod line;
mod render;
mod rule_text;
mod types;

pub use find::why;
pub use render::{why_line, why_text};
pub use types::{Answer, Cause, Changed, Condition, DecisionView, Grounds, ReceiptView, RivalView, WhyError};
