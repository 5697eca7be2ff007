//! What a device knows of one of its entities.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_model::{EntityInfo, EventId, NodeId, Property, PropertyInfo, Timestamp, Value, ValueKind};

use super::Answers;
use super::claims::Holds;

/// An entity within its device's actor.
pub struct Entity {
    pub id: NodeId,
    /// `hall-lamp.light`.
    pub reference: Arc<str>,
    pub info: Arc<EntityInfo>,
    pub fresh_for: Option<Duration>,
    pub properties: BTreeMap<Property, Slot>,
    /// As it said itself; `None`: it does not say.
    pub available: Option<bool>,
    /// It was silent for longer than its readings stay fresh.
    pub silent: bool,
    /// When it last reported anything.
    pub heard: Option<Timestamp>,
}

/// One property: its value, the claims on it and the command under way.
#[derive(Default)]
pub struct Slot {
    pub value: Option<Value>,
    pub at: Option<Timestamp>,
    pub event: Option<EventId>,
    /// The value was reported since this start, not restored.
    pub live: bool,
    pub holds: Holds,
    pub pending: Option<Pending>,
    /// Values it was told lately, newest last: reports of these may still be on their way.
    pub told: Vec<(Value, Timestamp)>,
}

impl Slot {
    /// Notes what it is told now, and forgets what is older than `window`.
    pub fn tell(&mut self, value: Value, now: Timestamp, window: Duration) {
        self.told.retain(|(v, at)| *at + window > now && *v != value);
        self.told.push((value, now));
    }

    /// Whether a report of `value` may be the late answer to a command.
    pub fn was_told(&self, value: &Value, tolerance: f64, now: Timestamp, window: Duration) -> bool {
        self.told.iter().any(|(v, at)| *at + window > now && value.meets(v, tolerance))
    }

    /// Whether it is surely so: reported, and nothing else was asked of it since.
    pub fn is_so(&self, value: &Value, tolerance: f64, now: Timestamp, window: Duration) -> bool {
        let reported = self.live && self.value.as_ref().is_some_and(|v| v.meets(value, tolerance));
        let last = self.told.last().filter(|(_, at)| *at + window > now);
        reported && self.pending.is_none() && last.is_none_or(|(v, _)| value.meets(v, tolerance))
    }
}

/// A command that waits for the device's report.
pub struct Pending {
    pub command: EventId,
    pub value: Value,
    pub deadline: Timestamp,
    /// The command whose bytes carry this one: properties set together travel together.
    pub carried_by: EventId,
    pub answers: Option<Answers>,
    /// It was under way when the process ended: it may or may not have arrived.
    pub inherited: bool,
}

impl Entity {
    pub fn new(reference: Arc<str>, info: Arc<EntityInfo>, fresh_for: Option<Duration>) -> Self {
        Self {
            id: info.id(),
            reference,
            info,
            fresh_for,
            properties: BTreeMap::new(),
            available: None,
            silent: false,
            heard: None,
        }
    }

    pub fn slot(&mut self, property: Property) -> &mut Slot {
        self.properties.entry(property).or_default()
    }
}

/// Why a value is no value of a property; `None` if it is one.
pub fn unfit(info: &PropertyInfo, value: &Value) -> Option<String> {
    match (&info.kind, value) {
        (ValueKind::Bool, Value::Bool(_))
        | (ValueKind::Text, Value::Text(_))
        | (ValueKind::Rgb, Value::Rgb(..)) => None,
        (ValueKind::Number { min, max, .. }, Value::Number(n)) => {
            let low = min.filter(|m| n < m).map(|m| format!("{n} is below its least, {m}"));
            low.or_else(|| max.filter(|m| n > m).map(|m| format!("{n} is above its most, {m}")))
        }
        (ValueKind::Enum(options), Value::Text(t)) if options.iter().any(|o| o == t) => None,
        (ValueKind::Enum(options), other) => {
            let names: Vec<&str> = options.iter().map(|o| &**o).collect();
            Some(format!("`{other}` is none of {}", names.join(", ")))
        }
        (kind, other) => Some(format!("`{other}` is not {}", kind_words(kind))),
    }
}

fn kind_words(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Bool => "on or off",
        ValueKind::Number { .. } => "a number",
        ValueKind::Text => "a text",
        ValueKind::Enum(_) => "one of its options",
        ValueKind::Rgb => "a colour",
    }
}

/// How far a report may be from what was asked and still be it: devices round to their own steps.
pub fn tolerance(property: Property) -> f64 {
    match property {
        // A 254-step dimmer told in percent.
        Property::Brightness | Property::Position | Property::Tilt | Property::Percentage => 1.0,
        // Mireds are whole: at 6,500 K one of them is 42 K.
        Property::ColorTemp => 45.0,
        Property::TargetTemperature => 0.26,
        _ => 0.01,
    }
}
