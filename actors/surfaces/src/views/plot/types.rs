//! What is asked for, and what is drawn.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PlotStep;
use crate::views::Moment;

/// What of an entity is drawn.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct PlotFilter {
    /// By name; none: the entity's main one.
    pub property: Option<String>,
    /// A day before `to`.
    pub from: Option<Moment>,
    /// Now; what is later counts as now.
    pub to: Option<Moment>,
    pub step: PlotStep,
}

/// A property over time, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlotView {
    /// Reference of the entity.
    pub entity: String,
    pub name: String,
    pub property: String,
    /// As announced.
    pub unit: Option<String>,
    pub kind: PlotKind,
    /// It stays as it was set until it is set anew: drawn in steps, not from one measurement to the next.
    pub held: bool,
    pub from: Moment,
    pub to: Moment,
    /// Seconds of a point; null: each sample is told. What is old may stand in wider ones.
    pub step_s: Option<u64>,
    /// Of a number or a counter; of what is on and off too where its samples are too many or were let go: `average` is
    /// then the share of the time for which it was on.
    pub points: Vec<PlotPoint>,
    /// Of what is on and off, has words, or happens.
    pub spans: Vec<PlotSpan>,
    /// Nothing was known here: silence is not a value.
    pub silent: Vec<PlotSilence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlotKind {
    Number,
    /// It counts up: `rise` is what happened.
    Counter,
    /// On and off, or words.
    States,
    /// What happens and is over at once, such as a press.
    Moments,
}

/// A sample, or what came together from `at` for `width_s` seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlotPoint {
    pub at: Moment,
    /// Null: a sample.
    pub width_s: Option<u64>,
    /// Samples in it; 0: what was held from before.
    pub count: u32,
    pub min: f64,
    /// Of the samples.
    pub mean: f64,
    pub max: f64,
    /// Each value counts as long as it was so.
    pub average: f64,
    pub last: f64,
    /// How much a counter rose, set-backs left out.
    pub rise: f64,
}

/// It was so from one instant to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlotSpan {
    pub from: Moment,
    /// What happens at once ends where it begins.
    pub to: Moment,
    pub value: serde_json::Value,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlotSilence {
    pub from: Moment,
    pub to: Moment,
}
