//! Changes to home files as a person would make them: comments, order and spacing stay. Texts in, texts out; whoever
//! writes them checks the result first, with [`crate::load_from`].

mod adopt;
mod rename;
#[cfg(test)]
mod tests;

pub use adopt::{Adoption, adopt, replace};
pub use rename::rename;

/// The files of a home, as (relative path, text).
pub type Files = Vec<(String, String)>;

/// Why a change cannot be made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct CannotEdit(pub String);

/// A file that can be edited.
fn parse(path: &str, text: &str) -> Result<toml_edit::DocumentMut, CannotEdit> {
    text.parse().map_err(|e| CannotEdit(format!("{path} cannot be read: {e}")))
}
