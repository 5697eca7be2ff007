//! Problems and how they are shown.

mod problem;
mod render;
mod suggest;

pub use problem::{Diagnostic, Severity};
pub use render::render;
pub(crate) use suggest::{nearest, one_of_words};
