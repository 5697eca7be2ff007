//! What is done with a thing when one of its properties is set: what trust is kept by.

use lares_model::{Component, Property, Value, Verb};

use super::Risk;
use super::rights::DOSING;

/// What setting a property of such a thing does. `None`: it is reckoned when it is done, and may be anything.
pub fn verbs(
    (component, class): (Component, Option<&str>),
    property: Property,
    value: Option<&Value>,
) -> Vec<Verb> {
    if class == Some(DOSING) {
        let doses = value.is_none_or(|value| {
            Risk::of((component, class), property, value, f64::INFINITY) == Some(Risk::Dose)
        });
        if doses {
            return vec![Verb::Dose];
        }
    }
    if component == Component::Notify {
        return vec![Verb::Say];
    }
    let Some((yes, no)) = ends(component, property) else {
        return vec![if property == Property::Press { Verb::Press } else { Verb::Set }];
    };
    match value {
        None => vec![yes, no],
        Some(Value::Bool(true)) => vec![yes],
        Some(Value::Bool(false)) => vec![no],
        Some(Value::Number(n)) => vec![if *n > 0.0 { yes } else { no }],
        Some(Value::Text(word)) => vec![by_word(component, word)],
        Some(Value::Rgb(..)) => vec![Verb::Set],
    }
}

/// What the two ends of a property are called, if it has two.
fn ends(component: Component, property: Property) -> Option<(Verb, Verb)> {
    match (component, property) {
        (Component::AlarmControlPanel, Property::State) => Some((Verb::Arm, Verb::Disarm)),
        (Component::Lock, Property::Locked) => Some((Verb::Lock, Verb::Unlock)),
        // It pulls the door open.
        (Component::Lock, Property::Action | Property::State) => Some((Verb::Unlock, Verb::Lock)),
        (Component::Cover | Component::Valve, Property::Position | Property::State | Property::Action) => {
            Some((Verb::Open, Verb::Close))
        }
        (Component::Number | Component::Select | Component::Text, _) => None,
        (_, Property::On | Property::State) => Some((Verb::TurnOn, Verb::TurnOff)),
        _ => None,
    }
}

fn by_word(component: Component, word: &str) -> Verb {
    match (component, word) {
        (Component::AlarmControlPanel, word) if word.contains("disarm") => Verb::Disarm,
        (Component::AlarmControlPanel, word) if word.starts_with("arm") => Verb::Arm,
        (Component::Lock, "open" | "opening" | "unlock" | "unlocked") => Verb::Unlock,
        (Component::Lock, "lock" | "locked") => Verb::Lock,
        (Component::Cover | Component::Valve, "open" | "opening") => Verb::Open,
        (Component::Cover | Component::Valve, "close" | "closed" | "closing") => Verb::Close,
        (_, "on") => Verb::TurnOn,
        (_, "off") => Verb::TurnOff,
        _ => Verb::Set,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_something_that_is_done() {
        use Component as C;
        use Property as P;
        let of = |component, class, property, value: Option<Value>| {
            verbs((component, class), property, value.as_ref())
        };
        assert_eq!(of(C::Light, None, P::On, Some(true.into())), [Verb::TurnOn]);
        assert_eq!(of(C::Light, None, P::On, None), [Verb::TurnOn, Verb::TurnOff]);
        assert_eq!(of(C::Light, None, P::Brightness, Some(40.0.into())), [Verb::Set]);
        assert_eq!(of(C::Cover, None, P::Position, Some(30.0.into())), [Verb::Open]);
        assert_eq!(of(C::Cover, None, P::Position, Some(0.0.into())), [Verb::Close]);
        assert_eq!(of(C::Cover, None, P::State, Some(Value::text("stop"))), [Verb::Set]);
        assert_eq!(of(C::Lock, None, P::Locked, Some(false.into())), [Verb::Unlock]);
        assert_eq!(of(C::Lock, None, P::Action, Some(Value::text("open"))), [Verb::Unlock]);
        assert_eq!(of(C::Lock, None, P::Locked, None), [Verb::Lock, Verb::Unlock]);
        let disarmed = Some(Value::text("disarmed"));
        assert_eq!(of(C::AlarmControlPanel, None, P::State, disarmed), [Verb::Disarm]);
        assert_eq!(of(C::Climate, None, P::TargetTemperature, Some(21.0.into())), [Verb::Set]);
        assert_eq!(of(C::Number, None, P::State, Some(3.0.into())), [Verb::Set]);
        assert_eq!(of(C::Button, None, P::Press, Some(Value::text("press"))), [Verb::Press]);
        assert_eq!(of(C::Switch, Some(DOSING), P::On, Some(true.into())), [Verb::Dose]);
        assert_eq!(of(C::Switch, Some(DOSING), P::On, None), [Verb::Dose]);
        assert_eq!(of(C::Switch, Some(DOSING), P::On, Some(false.into())), [Verb::TurnOff]);
    }
}
