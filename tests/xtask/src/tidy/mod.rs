//! The house rules: what a reviewer should never have to say.

mod docs;
mod layout;
mod source;
mod text;

pub(crate) use layout::{KINDS, block};
pub use source::Source;

use std::fmt;
use std::path::Path;

/// A rule that is broken, and where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// Relative to the workspace, with `/`.
    pub path: String,
    /// Counted from 1; 0 if the file as a whole is meant.
    pub line: usize,
    pub what: String,
    /// Whether it stops the build, or is only said.
    pub fatal: bool,
}

impl Problem {
    fn at(source: &Source, line: usize, what: impl Into<String>) -> Self {
        Self { path: source.path.clone(), line, what: what.into(), fatal: true }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.fatal { "" } else { "warning: " };
        match self.line {
            0 => write!(f, "{}: {word}{}", self.path, self.what),
            n => write!(f, "{}:{n}: {word}{}", self.path, self.what),
        }
    }
}

/// Checks the whole tree below `root`.
///
/// # Errors
/// If a file or folder cannot be read.
pub fn tidy(root: &Path) -> std::io::Result<Vec<Problem>> {
    Ok(tidy_sources(&source::tree(root)?))
}

/// Checks these files, sorted by where the problem is.
pub fn tidy_sources(sources: &[Source]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = sources.iter().flat_map(text::check).collect();
    problems.extend(layout::check(sources));
    problems.extend(docs::check(sources));
    problems.sort();
    problems
}
