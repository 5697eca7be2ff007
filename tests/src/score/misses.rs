//! What missed: all counted by kind, the first ones shown.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

/// Most misses that are shown in all, and of one kind.
const SHOWN: usize = 20;
const SHOWN_OF_A_KIND: usize = 5;

#[derive(Default)]
pub struct Misses {
    counts: BTreeMap<&'static str, usize>,
    first: Vec<Json>,
}

impl Misses {
    pub fn note(&mut self, kind: &'static str, what: &str, reason: impl ToString) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= SHOWN_OF_A_KIND && self.first.len() < SHOWN {
            self.first.push(json!({ "kind": kind, "what": what, "reason": reason.to_string() }));
        }
    }

    pub fn into_json(self) -> (Json, Json) {
        (json!(self.counts), Json::Array(self.first))
    }
}
