//! Where in the files a section stands.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// A place in the configuration: file relative to the home folder, line and column counted from 1. What was made up by
/// default has an empty file; what came by environment or flag has `environment` or `flag` and line 1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Place {
    pub file: Arc<str>,
    pub line: u32,
    /// In characters.
    pub column: u32,
}

impl Place {
    /// The place of what nobody wrote.
    pub fn by_default() -> Self {
        Self { file: "".into(), line: 0, column: 0 }
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::by_default()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.file.is_empty() {
            return f.write_str("by default");
        }
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
