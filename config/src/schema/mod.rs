//! The JSON schema of the files, for editors. These types are what *may be written*; reading is done elsewhere, value by
//! value, so that all problems are found. Tests hold the two together: every example fits these types, and the keys
//! that the readers allow are the fields written here.

mod rules;
mod sections;

use schemars::schema_for;

/// JSON Schema (2020-12) of a file of a home.
pub fn schema() -> serde_json::Value {
    schema_for!(sections::File).to_value()
}

#[cfg(test)]
pub(crate) use sections::File;
