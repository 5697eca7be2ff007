//! How much the household does by itself, by what is moved.

use std::collections::BTreeMap;

use lares_model::{Autonomy, Component, Property, TrustKey, Value, Verb};
use serde::Serialize;

use super::rights::DOSING;

/// Deeds that are never earned: a rule that was trusted more asks before each of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    Unlock,
    Disarm,
    OpenValve,
    /// A door, a gate or a garage.
    OpenDoor,
    /// A room or water made hotter than [`Limit::hot`] says.
    Heat,
    /// What the home calls [`DOSING`] begins to give.
    Dose,
    /// Words leave the house by what notifies.
    Send,
}

impl Risk {
    pub const NAMES: &[(&str, Self)] = &[
        ("unlock", Self::Unlock),
        ("disarm", Self::Disarm),
        ("open_valve", Self::OpenValve),
        ("open_door", Self::OpenDoor),
        ("heat", Self::Heat),
        ("dose", Self::Dose),
        ("send", Self::Send),
    ];

    /// The risk of moving a thing of this kind to this value, in a household to which so much is [hot](Limit::hot).
    pub fn of(
        (component, class): (Component, Option<&str>),
        property: Property,
        value: &Value,
        hot: f64,
    ) -> Option<Self> {
        let opens = match value {
            Value::Number(n) => *n > 0.0,
            Value::Bool(open) => *open,
            Value::Text(word) => matches!(&**word, "open" | "opening"),
            Value::Rgb(..) => false,
        };
        if class == Some(DOSING) {
            // A button's word, a select's amount: whatever is not the end of it.
            let ends = matches!(value, Value::Text(word) if matches!(&**word, "off" | "closed" | "stop" | "closing"));
            return (opens || matches!(value, Value::Text(_)) && !ends).then_some(Self::Dose);
        }
        match component {
            Component::Notify => Some(Self::Send),
            // A lock that pulls its door open leaves it unlocked, too.
            Component::Lock => {
                let unlocks =
                    (property == Property::Locked && !opens) || (property == Property::Action && opens);
                unlocks.then_some(Self::Unlock)
            }
            Component::AlarmControlPanel => {
                let disarms = matches!(value, Value::Text(word) if word.contains("disarm"));
                disarms.then_some(Self::Disarm)
            }
            Component::Valve => opens.then_some(Self::OpenValve),
            Component::Cover if matches!(class, Some("garage" | "gate" | "door")) => {
                (opens && property != Property::Tilt).then_some(Self::OpenDoor)
            }
            Component::Climate | Component::WaterHeater if is_target(property) => {
                value.as_number().is_some_and(|n| n > hot).then_some(Self::Heat)
            }
            _ => None,
        }
    }
}

const fn is_target(property: Property) -> bool {
    use Property as P;
    matches!(property, P::TargetTemperature | P::TargetTemperatureHigh | P::TargetTemperatureLow)
}

impl Risk {
    /// What is asked first.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unlock => "what unlocks",
            Self::Disarm => "what disarms",
            Self::OpenValve | Self::OpenDoor => "what opens",
            Self::Heat => "what heats beyond the usual with",
            Self::Dose => "what doses by",
            Self::Send => "what sends words out by",
        }
    }

    /// The risk of moving a thing of this kind to nobody knows what.
    pub fn worst(component: Component, class: Option<&str>) -> Option<Self> {
        match component {
            _ if class == Some(DOSING) => Some(Self::Dose),
            Component::Lock => Some(Self::Unlock),
            Component::AlarmControlPanel => Some(Self::Disarm),
            Component::Valve => Some(Self::OpenValve),
            Component::Cover if matches!(class, Some("garage" | "gate" | "door")) => Some(Self::OpenDoor),
            Component::Climate | Component::WaterHeater => Some(Self::Heat),
            Component::Notify => Some(Self::Send),
            _ => None,
        }
    }
}

/// The most that rules do by themselves, by kind of entity and by risk. What is not named has no limit here.
#[derive(Clone, PartialEq, Debug, Default, Serialize)]
pub struct Limit {
    pub components: BTreeMap<&'static str, Autonomy>,
    pub risks: BTreeMap<Risk, Autonomy>,
    /// Rooms are not made warmer than this without a question, °C.
    pub heat_above: Option<f64>,
    /// By who is asked, what is moved and how.
    pub ceilings: Vec<Ceiling>,
}

/// A limit of `[autonomy] limits`; what it does not name may be anything.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Ceiling {
    pub person: Option<String>,
    /// A kind of entity, or [`lares_model::NOTICE`].
    pub domain: Option<&'static str>,
    pub verb: Option<Verb>,
    pub most: Autonomy,
}

impl Ceiling {
    fn fits(&self, key: &TrustKey) -> bool {
        self.person.as_deref().is_none_or(|person| *key.person == *person)
            && self.domain.is_none_or(|domain| *key.domain == *domain)
            && self.verb.is_none_or(|verb| verb == key.verb)
    }
}

/// What the household says nothing of: few live above it, and who means it says yes.
const HOT_ROOM: f64 = 24.0;
/// What keeps legionella from growing in a store (WHO, Guidelines for drinking-water quality, 4th ed., section 11.1.9), and scalds.
const HOT_WATER: f64 = 60.0;

impl Limit {
    /// Above this target a thing of this kind is hot, °C.
    pub fn hot(&self, component: Component) -> f64 {
        if component == Component::WaterHeater { HOT_WATER } else { self.heat_above.unwrap_or(HOT_ROOM) }
    }

    /// Nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && self.risks.is_empty() && self.ceilings.is_empty()
    }

    /// The lowest limit for what trust is kept by.
    pub fn ceiling(&self, key: &TrustKey) -> Option<Autonomy> {
        self.ceilings.iter().filter(|c| c.fits(key)).map(|c| c.most).min()
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
        let limit = Limit { heat_above: Some(22.0), ..Limit::default() };
        let of = |component, class, property, value: Value| {
            Risk::of((component, class), property, &value, limit.hot(component))
        };
        assert_eq!(of(Component::Lock, None, Property::Locked, false.into()), Some(Risk::Unlock));
        assert_eq!(of(Component::Lock, None, Property::Locked, true.into()), None);
        assert_eq!(of(Component::Lock, None, Property::Action, Value::text("open")), Some(Risk::Unlock));
        assert_eq!(of(Component::Valve, None, Property::Position, 40.0.into()), Some(Risk::OpenValve));
        assert_eq!(of(Component::Valve, None, Property::State, Value::text("open")), Some(Risk::OpenValve));
        assert_eq!(of(Component::Valve, None, Property::Position, 0.0.into()), None);
        let garage = Some("garage");
        assert_eq!(of(Component::Cover, garage, Property::Position, 100.0.into()), Some(Risk::OpenDoor));
        assert_eq!(of(Component::Cover, Some("shutter"), Property::Position, 100.0.into()), None);
        let disarmed = Value::text("disarmed");
        assert_eq!(of(Component::AlarmControlPanel, None, Property::State, disarmed), Some(Risk::Disarm));
        assert_eq!(of(Component::Light, None, Property::On, true.into()), None);
        let target = Property::TargetTemperature;
        assert_eq!(of(Component::Climate, None, target, 22.5.into()), Some(Risk::Heat));
        assert_eq!(of(Component::Climate, None, target, 22.0.into()), None);
        assert_eq!(of(Component::Climate, None, Property::Mode, Value::text("heat")), None);
        assert_eq!(of(Component::WaterHeater, None, target, 60.0.into()), None);
        assert_eq!(of(Component::WaterHeater, None, target, 65.0.into()), Some(Risk::Heat));
        let doses = |component, value: Value| of(component, Some(DOSING), Property::State, value);
        assert_eq!(doses(Component::Switch, true.into()), Some(Risk::Dose));
        assert_eq!(doses(Component::Number, 2.5.into()), Some(Risk::Dose));
        assert_eq!(doses(Component::Button, Value::text("press")), Some(Risk::Dose));
        assert_eq!(doses(Component::Valve, Value::text("open")), Some(Risk::Dose));
        assert_eq!(doses(Component::Switch, false.into()), None);
        assert_eq!(doses(Component::Valve, Value::text("closed")), None);
        assert_eq!(of(Component::Notify, None, Property::State, Value::text("left")), Some(Risk::Send));
        assert_eq!(Risk::worst(Component::Switch, Some(DOSING)), Some(Risk::Dose));
    }

    #[test]
    fn the_lower_limit_counts() {
        let limit = Limit {
            components: BTreeMap::from([("lock", Autonomy::ActWithUndo)]),
            risks: BTreeMap::from([(Risk::Unlock, Autonomy::Suggest)]),
            ..Limit::default()
        };
        assert_eq!(limit.of(Component::Lock, Some(Risk::Unlock)), Some(Autonomy::Suggest));
        assert_eq!(limit.of(Component::Lock, None), Some(Autonomy::ActWithUndo));
        assert_eq!(limit.of(Component::Light, None), None);
    }

    #[test]
    fn a_ceiling_counts_for_what_it_names() {
        let key = |person: &str, domain: &str, verb| TrustKey {
            person: person.into(),
            domain: domain.into(),
            verb,
        };
        let of = |person: Option<&str>, domain, verb, most| Ceiling {
            person: person.map(str::to_owned),
            domain,
            verb,
            most,
        };
        let limit = Limit {
            ceilings: vec![
                of(Some("ben"), None, None, Autonomy::ActWithUndo),
                of(None, Some("cover"), Some(Verb::Open), Autonomy::Suggest),
            ],
            ..Limit::default()
        };
        assert!(!limit.is_empty());
        assert_eq!(limit.ceiling(&key("ben", "light", Verb::Set)), Some(Autonomy::ActWithUndo));
        assert_eq!(limit.ceiling(&key("ben", "cover", Verb::Open)), Some(Autonomy::Suggest));
        assert_eq!(limit.ceiling(&key("", "cover", Verb::Open)), Some(Autonomy::Suggest));
        assert_eq!(limit.ceiling(&key("", "cover", Verb::Close)), None);
        assert_eq!(limit.ceiling(&key("anna", "light", Verb::Set)), None);
    }
}
