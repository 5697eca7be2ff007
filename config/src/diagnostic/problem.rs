//! A problem found in the configuration.

use std::sync::Arc;

use serde::Serialize;

use crate::Place;
use crate::source::SourceText;

/// A problem, with all that helps to mend it.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Kind of the problem, a stable word: `unknown-key`, `dangling-reference`, ...
    pub code: &'static str,
    /// Relative to the home folder, or `environment`, or `flag`. `None`: the problem is the folder's.
    pub file: Option<Arc<str>>,
    /// Counted from 1; 0 without a file.
    pub line: u32,
    /// In characters, counted from 1; 0 without a file.
    pub column: u32,
    /// `rule.hall-light.when[0].to`.
    pub key_path: String,
    pub message: String,
    /// What is allowed, the nearest right name, what to do.
    pub help: Option<String>,
    /// Bytes in the file: start and length.
    pub span: Option<(usize, usize)>,
    /// Other places that belong to it (where it was defined first).
    pub related: Vec<Place>,
    #[serde(skip)]
    pub(crate) source: Option<Arc<SourceText>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The home can't be used.
    Error,
    /// It can, but probably does not do what was meant.
    Warning,
}

impl Diagnostic {
    /// A problem of no file.
    pub(crate) fn of_folder(code: &'static str, message: String, help: String) -> Self {
        Self {
            severity: Severity::Error,
            code,
            file: None,
            line: 0,
            column: 0,
            key_path: String::new(),
            message,
            help: Some(help),
            span: None,
            related: Vec::new(),
            source: None,
        }
    }

    /// The line that it is about, secrets struck out, and how many characters of it are meant; none without a place.
    pub fn excerpt(&self) -> Option<(String, usize)> {
        let (source, (start, length)) = (self.source.as_ref()?, self.span?);
        let line = usize::try_from(self.line).ok()?.checked_sub(1)?;
        let text = source.shown().lines().nth(line).unwrap_or_default();
        // A value over several lines ends, for a caret, with its first.
        let meant =
            source.text.get(start..start + length).unwrap_or_default().lines().next().unwrap_or_default();
        Some((text.to_owned(), meant.chars().count()))
    }

    /// A problem at these bytes of a source.
    pub(crate) fn at(
        source: &Arc<SourceText>,
        span: std::ops::Range<usize>,
        code: &'static str,
        message: String,
    ) -> Self {
        let place = source.place(span.start);
        Self {
            severity: Severity::Error,
            code,
            file: Some(place.file),
            line: place.line,
            column: place.column,
            key_path: String::new(),
            message,
            help: None,
            span: Some((span.start, span.len())),
            related: Vec::new(),
            source: Some(source.clone()),
        }
    }
}
