//! What a plate says, and the wish that a touch is. Pure.

use std::collections::BTreeMap;

use lares_model::{Property, Value};
use serde_json::Value as Json;

use super::{Screen, Touch};

/// What a plate said.
#[derive(Clone, PartialEq, Debug)]
pub enum Said {
    /// It is there, or begins anew.
    Here,
    /// How large its screen is.
    Screen(Screen),
    /// An object was touched and let go; with the value that it has now, if it has one.
    Touched { page: u8, id: u8, val: Option<f64> },
}

/// Reads a message, by the part of its topic after the plate's name. What says nothing to us is none.
pub fn said(topic: &str, bytes: &[u8]) -> Option<Said> {
    if topic == "LWT" {
        return (bytes == b"online").then_some(Said::Here);
    }
    let what = topic.strip_prefix("state/")?;
    let told: Json = serde_json::from_slice(bytes).ok()?;
    if what == "statusupdate" {
        let side = |key: &str| told.get(key)?.as_u64().and_then(|n| u32::try_from(n).ok());
        let (width, height) = (side("tftWidth")?, side("tftHeight")?);
        let fits = (120..=4_096).contains(&width) && (120..=4_096).contains(&height);
        return fits.then_some(Said::Screen(Screen { width, height }));
    }
    let (page, id) = what.strip_prefix('p')?.split_once('b')?;
    let (page, id) = (page.parse().ok()?, id.parse().ok()?);
    // Pressed, held and released are told one after the other: the last counts.
    let done = told.get("event").and_then(Json::as_str) == Some("up");
    done.then(|| Said::Touched { page, id, val: told.get("val").and_then(Json::as_f64) })
}

/// What is wished: of which entity, and what.
#[derive(Clone, PartialEq, Debug)]
pub struct Wished {
    pub entity: String,
    pub values: BTreeMap<Property, Value>,
}

/// The wish of a touch. `is_on`: what the entity is, where the plate does not say what it made of its button.
pub fn wished(touch: &Touch, val: Option<f64>, is_on: bool) -> Option<Wished> {
    let one = |entity: &str, property, value: Value| {
        Some(Wished { entity: entity.to_owned(), values: BTreeMap::from([(property, value)]) })
    };
    match touch {
        Touch::Switch { entity } => {
            let on = val.map_or(!is_on, |val| val != 0.0);
            one(entity, Property::On, Value::Bool(on))
        }
        Touch::Cover { entity, open } => {
            one(entity, Property::Position, Value::Number(if *open { 100.0 } else { 0.0 }))
        }
        Touch::Play { entity, state } => one(entity, Property::State, Value::text(state.as_str())),
        // Those are no wishes of a thing.
        Touch::Answer { .. } | Touch::Stop { .. } | Touch::End { .. } => None,
        Touch::Step { entity, property, to } => one(entity, Property::parse(property)?, Value::Number(*to)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plate_says_is_understood_and_nonsense_is_none() {
        assert_eq!(said("LWT", b"online"), Some(Said::Here));
        assert_eq!(said("LWT", b"offline"), None);
        let size = br#"{"node":"plate_radio","tftDriver":"ILI9341","tftWidth":240,"tftHeight":320}"#;
        assert_eq!(said("state/statusupdate", size), Some(Said::Screen(Screen { width: 240, height: 320 })));
        let touched = |val| Some(Said::Touched { page: 1, id: 13, val });
        assert_eq!(said("state/p1b13", br#"{"event":"up","val":1}"#), touched(Some(1.0)));
        assert_eq!(said("state/p1b13", br#"{"event":"up"}"#), touched(None));
        for (topic, bytes) in [
            ("state/p1b13", &br#"{"event":"down"}"#[..]),
            ("state/p1b13", b"\xff"),
            ("state/p1b999", br#"{"event":"up"}"#),
            ("state/pb", br#"{"event":"up"}"#),
            ("state/statusupdate", br#"{"tftWidth":-1,"tftHeight":9e9}"#),
            ("state/page", b"1"),
        ] {
            assert_eq!(said(topic, bytes), None, "{topic}");
        }
    }

    #[test]
    fn a_touch_is_a_wish() {
        let switch = Touch::Switch { entity: "lamp".into() };
        let on = |wished: Option<Wished>| wished.unwrap().values[&Property::On].as_bool();
        assert_eq!(on(wished(&switch, Some(1.0), true)), Some(true));
        assert_eq!(on(wished(&switch, None, true)), Some(false));
        let step = Touch::Step { entity: "heat".into(), property: "target_temperature".into(), to: 21.5 };
        assert_eq!(wished(&step, None, false).unwrap().values[&Property::TargetTemperature], 21.5.into());
    }
}
