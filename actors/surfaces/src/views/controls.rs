//! What of an entity can be set, as a surface shows it.

use lares_model::{EntityInfo, Property, PropertyInfo, ValueKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A property that can be set, and to what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ControlView {
    pub property: String,
    /// `switch`, `range`, `number` (a range without both ends), `choice`, `text`, `color` or `press`; of the code that goes with
    /// the others' wishes `digits` or `secret`.
    pub kind: String,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub step: Option<f64>,
    /// Of a choice.
    pub options: Vec<String>,
    pub unit: Option<String>,
}

pub(super) fn controls(info: &EntityInfo) -> Vec<ControlView> {
    info.properties.iter().filter(|p| p.writable).map(|p| control(info, p)).collect()
}

fn control(info: &EntityInfo, property: &PropertyInfo) -> ControlView {
    let (mut min, mut max, mut step, mut options) = (None, None, None, Vec::new());
    let kind = match &property.kind {
        _ if property.property.is_momentary() => "press",
        ValueKind::Number { .. } if property.property == Property::Code => "digits",
        _ if property.property == Property::Code => "secret",
        ValueKind::Bool => "switch",
        ValueKind::Number { min: least, max: most, step: steps } => {
            (min, max, step) = (*least, *most, *steps);
            if min.is_some() && max.is_some() { "range" } else { "number" }
        }
        ValueKind::Text => "text",
        ValueKind::Enum(words) => {
            options = words.iter().map(|w| w.to_string()).collect();
            "choice"
        }
        ValueKind::Rgb => "color",
    };
    let main = property.property == info.component.main_property();
    let unit = property.unit.clone().or_else(|| info.unit.clone().filter(|_| main));
    ControlView {
        property: property.property.name().to_owned(),
        kind: kind.to_owned(),
        min,
        max,
        step,
        options,
        unit: unit.map(|u| u.to_string()),
    }
}
