//! Samples and roll-ups as comma-separated values (RFC 4180), for spreadsheets and other programs. Text in and text out.
//!
//! One form both ways: `time,entity,property,unit,value`. What is exported is taken back as it is.

mod read;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use read::{Column, Given, MOST_BYTES, MOST_ROWS, Meant, RowError, Series, read};
pub use value::{instant_text, value_text};
pub use write::{RolledRow, Writer};

/// Columns of samples.
const COLUMNS: [&str; 5] = ["time", "entity", "property", "unit", "value"];
/// Columns of roll-ups, as `lares history --csv` calls them.
const ROLLED: [&str; 12] = [
    "time", "width_s", "entity", "property", "unit", "count", "min", "mean", "max", "sum", "average", "last",
];
