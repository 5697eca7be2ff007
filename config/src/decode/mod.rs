//! Reading values out of the merged tree: every method reports what is wrong at the value's own place and goes on, so
//! that all problems are found together.

mod context;
mod fields;
mod node;
mod number;
mod time;

pub(crate) use context::Context;
pub(crate) use fields::Fields;
pub(crate) use node::{Node, suggestion};
pub(crate) use number::Unit;
pub use number::{convert_unit, units_like};
