//! Interlocks, as they may be written.
#![allow(dead_code, reason = "only the schema of these types is used")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// A safety condition that no rule, plan, voice or person passes silently. It guards one property.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Interlock {
    name: Option<String>,
    /// What it guards: `boiler.climate`.
    of: String,
    /// `life_safety`, `equipment_protection`, `legal_limit` or `interlock` (default).
    level: Option<String>,
    /// The declared safe state: `{ on = false }`.
    safe: Option<BTreeMap<String, Value>>,
    /// `{ target_temperature = { max = "60 °C" } }`.
    bound: Option<BTreeMap<String, Limits>>,
    stale: Option<Stale>,
    plausible: Option<Plausible>,
    agree: Option<Agree>,
    /// Any of these vetoes.
    lockout: Option<Vec<Veto>>,
    /// Only a person clears it (`lares ack`).
    latched: Option<bool>,
    min_on: Option<String>,
    min_off: Option<String>,
    max_on: Option<String>,
    max_starts: Option<MaxStarts>,
    /// What may not run together with it.
    exclusive: Option<Vec<String>>,
    ineffective: Option<Ineffective>,
    /// It stays safe for so long after the household started.
    boot_delay: Option<String>,
    /// All of these must have been so, each for its time.
    after: Option<Vec<After>>,
    /// What may be drawn together.
    budget: Option<Budget>,
    /// What somebody must say before each start (`lares ack`).
    gate: Option<String>,
    max_run: Option<MaxRun>,
    /// A latch is told again each time it has waited so long.
    remind: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    entity: String,
    property: Option<String>,
    is: Option<Value>,
    above: Option<Value>,
    below: Option<Value>,
    #[serde(rename = "for")]
    time: String,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    /// Watts, or `3.5 kW`.
    most: Value,
    /// By the thing itself.
    draws: Value,
    beside: Vec<Draw>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Draw {
    entity: String,
    property: Option<String>,
    draws: Value,
}

/// How long it may run.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaxRun {
    per_hour: Option<String>,
    per_day: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    min: Option<Value>,
    max: Option<Value>,
}

/// A measurement older than `after` is none.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stale {
    entity: String,
    property: Option<String>,
    after: String,
}

/// A measurement beyond these is the sensor's failure.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Plausible {
    entity: String,
    property: Option<String>,
    min: Option<Value>,
    max: Option<Value>,
}

/// Two sensors of the same thing.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agree {
    entities: Vec<String>,
    within: Value,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Veto {
    entity: String,
    property: Option<String>,
    is: Option<Value>,
    above: Option<Value>,
    below: Option<Value>,
    /// Whether what cannot be heard vetoes: `pass` (it does, the default) or `fail`.
    stale: Option<String>,
}

#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaxStarts {
    per_hour: Option<u32>,
    per_day: Option<u32>,
}

/// Running must move a measurement.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ineffective {
    entity: String,
    property: Option<String>,
    /// `rise` or `fall`.
    expect: String,
    by: Value,
    within: String,
}
