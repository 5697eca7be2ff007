//! A file of sentences as written: the Home Assistant intents format.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// One file.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GrammarFile {
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub intents: BTreeMap<String, IntentTemplates>,
    #[serde(default)]
    pub lists: BTreeMap<String, ListText>,
    #[serde(default)]
    pub expansion_rules: BTreeMap<String, String>,
    /// Words that say nothing, such as "please".
    #[serde(default)]
    pub skip_words: Vec<String>,
    /// Words that may stand anywhere, left out where nothing is understood with them: articles, fillers (Lares' own).
    #[serde(default)]
    pub loose_words: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct IntentTemplates {
    #[serde(default)]
    pub data: Vec<Block>,
}

/// Sentences with the same meaning.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Block {
    pub sentences: Vec<String>,
    #[serde(default)]
    pub slots: BTreeMap<String, Value>,
    #[serde(default)]
    pub requires_context: BTreeMap<String, Value>,
    #[serde(default)]
    pub excludes_context: BTreeMap<String, Value>,
    #[serde(default)]
    pub expansion_rules: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListText {
    #[serde(default)]
    pub wildcard: bool,
    pub range: Option<Range>,
    #[serde(default)]
    pub values: Vec<ListValue>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct Range {
    pub from: f64,
    pub to: f64,
    pub multiplier: Option<f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum ListValue {
    Same(String),
    Mapped {
        #[serde(rename = "in")]
        text: String,
        out: Value,
        /// Further slots that this value sets (Lares' own).
        #[serde(default)]
        slots: BTreeMap<String, Value>,
    },
}

/// Reads one file.
///
/// # Errors
/// What is not of the form, with its line and column.
pub fn read(yaml: &str) -> Result<GrammarFile, String> {
    serde_saphyr::from_str(yaml).map_err(|e| e.to_string())
}
