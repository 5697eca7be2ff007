//! How much the household does by itself, by what is moved.

use std::collections::BTreeMap;

use lares_model::{Autonomy, Component, Property, Value};
use serde::Serialize;

/// Deeds that are never earned: a rule that was trusted more asks before each of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    Unlock,
    Disarm,
    OpenValve,
    /// A door, a gate or a garage.
    OpenDoor,
}

impl Risk {
    pub const NAMES: &[(&str, Self)] = &[
        ("unlock", Self::Unlock),
        ("disarm", Self::Disarm),
        ("open_valve", Self::OpenValve),
        ("open_door", Self::OpenDoor),
    ];

    /// The risk of moving a thing of this kind to this value.
    pub fn of(component: Component, class: Option<&str>, property: Property, value: &Value) -> Option<Self> {
        let opens = match value {
            Value::Number(n) => *n > 0.0,
            Value::Bool(open) => *open,
            Value::Text(word) => matches!(&**word, "open" | "opening"),
            Value::Rgb(..) => false,
        };
        match component {
            Component::Lock => (property == Property::Locked && !opens).then_some(Self::Unlock),
            Component::AlarmControlPanel => {
                let disarms = matches!(value, Value::Text(word) if word.contains("disarm"));
                disarms.then_some(Self::Disarm)
            }
            Component::Valve => opens.then_some(Self::OpenValve),
            Component::Cover if matches!(class, Some("garage" | "gate" | "door")) => {
                (opens && property != Property::Tilt).then_some(Self::OpenDoor)
            }
            _ => None,
        }
    }
}

impl Risk {
    /// The risk of moving a thing of this kind to nobody knows what.
    pub fn worst(component: Component, class: Option<&str>) -> Option<Self> {
        match component {
            Component::Lock => Some(Self::Unlock),
            Component::AlarmControlPanel => Some(Self::Disarm),
            Component::Valve => Some(Self::OpenValve),
            Component::Cover if matches!(class, Some("garage" | "gate" | "door")) => Some(Self::OpenDoor),
            _ => None,
        }
    }
}

/// The most that rules do by themselves, by kind of entity and by risk. What is not named has no limit here.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Limit {
    pub components: BTreeMap<&'static str, Autonomy>,
    pub risks: BTreeMap<Risk, Autonomy>,
}

impl Limit {
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.risks.is_empty()
    }

    /// The limit for a thing of this kind with this risk.
    pub fn of(&self, component: Component, risk: Option<Risk>) -> Option<Autonomy> {
        let by_risk = risk.and_then(|risk| self.risks.get(&risk));
        self.components.get(component.name()).into_iter().chain(by_risk).min().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_opens_is_a_risk() {
        let of = |component, class, property, value: Value| Risk::of(component, class, property, &value);
        assert_eq!(of(Component::Lock, None, Property::Locked, false.into()), Some(Risk::Unlock));
        assert_eq!(of(Component::Lock, None, Property::Locked, true.into()), None);
        assert_eq!(of(Component::Valve, None, Property::Position, 40.0.into()), Some(Risk::OpenValve));
        assert_eq!(of(Component::Valve, None, Property::State, Value::text("open")), Some(Risk::OpenValve));
        assert_eq!(of(Component::Valve, None, Property::Position, 0.0.into()), None);
        let garage = Some("garage");
        assert_eq!(of(Component::Cover, garage, Property::Position, 100.0.into()), Some(Risk::OpenDoor));
        assert_eq!(of(Component::Cover, Some("shutter"), Property::Position, 100.0.into()), None);
        let disarmed = Value::text("disarmed");
        assert_eq!(of(Component::AlarmControlPanel, None, Property::State, disarmed), Some(Risk::Disarm));
        assert_eq!(of(Component::Light, None, Property::On, true.into()), None);
    }

    #[test]
    fn the_lower_limit_counts() {
        let limit = Limit {
            components: BTreeMap::from([("lock", Autonomy::ActWithUndo)]),
            risks: BTreeMap::from([(Risk::Unlock, Autonomy::Suggest)]),
        };
        assert_eq!(limit.of(Component::Lock, Some(Risk::Unlock)), Some(Autonomy::Suggest));
        assert_eq!(limit.of(Component::Lock, None), Some(Autonomy::ActWithUndo));
        assert_eq!(limit.of(Component::Light, None), None);
    }
}
