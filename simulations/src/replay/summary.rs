//! What a replay has to tell.

use std::collections::BTreeMap;

use lares_model::Timestamp;
use serde::Serialize;

use crate::recording::Trouble;

/// What the household did, and would have done.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Summary {
    /// Lines that were fed.
    pub events: u64,
    pub journal_entries: u64,
    /// Commands that would have left for a device.
    pub commands: u64,
    /// What came of them, by word.
    pub receipts: BTreeMap<String, u64>,
    /// Wishes by what was decided: `commanded`, `already_so`, `overridden`, `refused`.
    pub decisions: BTreeMap<String, u64>,
    pub rules: BTreeMap<String, RuleCount>,
    /// Commands by entity.
    pub entities: BTreeMap<String, u64>,
    /// Input that a driver could not understand.
    pub problems: u64,
    /// Recorded reports of things that the household can move, taken as moved by hand.
    pub manual: u64,
    /// Those that were left out.
    pub ignored: u64,
    /// Reports that answered commands of then, and were left out.
    pub answers: u64,
    /// Lines that nothing in this home is bound to.
    pub unbound: u64,
    /// Lines that could not be read.
    pub broken: u64,
    pub out_of_order: u64,
    /// The first of both, by line.
    pub troubles: Vec<Trouble>,
    /// Actors that failed.
    pub restarts: u64,
    pub seed: u64,
    /// Microseconds since 1970 at which virtual time began.
    #[serde(skip)]
    pub began: Timestamp,
    pub virtual_seconds: f64,
    pub wall_seconds: f64,
    /// Events by second of wall time.
    pub events_per_second: f64,
    /// SHA-256 of the journal, in hexadecimal.
    pub journal_hash: String,
    /// Every command and every word to the household, in order.
    #[serde(skip)]
    pub deeds: Vec<Deed>,
}

/// What became of one rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct RuleCount {
    /// Times it was set off and its conditions were met.
    pub fired: u64,
    /// Times a condition was not met.
    pub skipped: u64,
    pub commands: u64,
    pub notices: u64,
    pub failed: u64,
}

/// Something that the household would have done.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Deed {
    #[serde(skip)]
    pub at: Timestamp,
    /// `kitchen-light.light`, or none for words.
    pub entity: Option<String>,
    /// `on=true`, or the words.
    pub what: String,
    /// `rule:kitchen-light`.
    pub by: String,
}
