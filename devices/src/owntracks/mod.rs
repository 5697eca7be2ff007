//! OwnTracks: phones that publish where they are. See `README.md`.

pub(crate) mod twin;

use std::collections::BTreeSet;

use serde_json::json;

use crate::Problem;
use crate::native::{Announcement, Native, object, text};

const BASE: &str = "owntracks/";
/// Phones at most: a family has a few.
const MOST: usize = 100;
/// Nearer than this is at home, metres; phones are off by tens of metres indoors.
const HOME_M: f64 = 100.0;
/// Metres of a degree north.
const DEGREE_M: f64 = 111_320.0;

/// Phones that publish where they are: `home` in a region of that name, or near the household's position.
pub struct Owntracks {
    home: Option<(f64, f64)>,
    known: BTreeSet<String>,
}

impl Owntracks {
    pub fn new(home: Option<(f64, f64)>) -> Self {
        Self { home, known: BTreeSet::new() }
    }

    /// What makes `home` or `not_home` of a location. A message that is none says nothing.
    fn template(&self) -> String {
        let regions = "'home' in (value_json.inregions | default([]) | map('lower') | list)";
        let near = match self.home {
            Some((north, east)) => {
                let shrink = libm::cos(north.to_radians());
                format!(
                    " or ((value_json.lat - {north:.6}) ** 2 + ((value_json.lon - {east:.6}) * {shrink:.6}) ** 2) < {:.9}",
                    (HOME_M / DEGREE_M) * (HOME_M / DEGREE_M)
                )
            }
            None => String::new(),
        };
        format!(
            "{{% if value_json._type == 'location' %}}{{{{ 'home' if {regions}{near} else 'not_home' }}}}\
             {{% else %}}{{{{ nothing | is_defined }}}}{{% endif %}}"
        )
    }
}

impl Native for Owntracks {
    fn name(&self) -> &'static str {
        "owntracks"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{BASE}+/+")]
    }

    fn takes(&self, topic: &str) -> bool {
        let parts = topic.strip_prefix(BASE).and_then(|rest| rest.split_once('/'));
        parts.is_some_and(|(user, phone)| !user.is_empty() && !phone.is_empty() && !phone.contains('/'))
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        if self.known.contains(topic) || self.known.len() >= MOST {
            return Ok(Vec::new());
        }
        let message = object(topic, payload)?;
        if text(&message, "_type") != "location" {
            return Ok(Vec::new());
        }
        self.known.insert(topic.to_owned());
        let id = topic.strip_prefix(BASE).unwrap_or(topic);
        let number = |key: &str, class: Option<&str>, unit: &str| {
            json!({ "platform": "sensor", "unique_id": format!("owntracks_{id}_{key}"), "name": key,
                "state_topic": topic, "value_template": format!("{{{{ value_json.{key} }}}}"), "device_class": class,
                "unit_of_measurement": unit, "entity_category": "diagnostic" })
        };
        let device = json!({
            "device": { "identifiers": [format!("owntracks/{id}")], "name": id.replace('/', " "), "model": "OwnTracks" },
            "components": {
                "tracker": { "platform": "device_tracker", "unique_id": format!("owntracks_{id}"), "name": "tracker",
                    "state_topic": topic, "value_template": self.template(), "json_attributes_topic": topic },
                "batt": number("batt", Some("battery"), "%"),
                "acc": number("acc", Some("distance"), "m"),
            },
        });
        Ok(vec![Announcement { source: topic.to_owned(), device: Some(device) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, Discovery, Driver};
    use lares_model::{Property, Value};

    /// What the tracker says of messages.
    fn says(home: Option<(f64, f64)>, messages: &[&str]) -> Vec<Option<Value>> {
        let (mut native, mut discovery) = (Owntracks::new(home), Discovery::new("mqtt", "homeassistant"));
        let topic = "owntracks/anna/phone";
        let announced =
            native.on_message(topic, br#"{"_type":"location","lat":1,"lon":2}"#).unwrap().remove(0);
        let Change::Announced(spec) =
            discovery.announce(&announced.source, announced.device).unwrap().0.remove(0)
        else {
            panic!()
        };
        let (mut driver, problems) = Driver::new(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        let tracker = spec.info.entities.iter().find(|e| e.slug == "tracker").unwrap().id();
        let mut out = Vec::new();
        messages.iter().for_each(|m| driver.on_message(topic, m.as_bytes(), &mut out).unwrap());
        out.into_iter()
            .filter_map(|o| match o {
                Observation::Reading { entity, property: Property::State, value } if entity == tracker => {
                    Some(value)
                }
                _ => None,
            })
            .collect()
    }

    #[test]
    fn home_is_a_region_or_a_place() {
        let text = |t: &str| Some(Value::text(t));
        let regions = [
            r#"{"_type":"location","lat":45.5,"lon":9.5,"inregions":["Work","Home"],"batt":21}"#,
            r#"{"_type":"location","lat":45.5,"lon":9.5,"batt":20}"#,
            r#"{"_type":"waypoint","lat":45.5,"lon":9.5}"#,
        ];
        assert_eq!(says(None, &regions), [text("home"), text("not_home")]);
        let near = [
            r#"{"_type":"location","lat":48.2003,"lon":16.4005}"#,
            r#"{"_type":"location","lat":48.21,"lon":16.4}"#,
        ];
        assert_eq!(says(Some((48.2, 16.4)), &near), [text("home"), text("not_home")]);
    }

    #[test]
    fn what_is_no_location_announces_nothing_and_phones_are_bounded() {
        let mut native = Owntracks::new(None);
        assert!(native.on_message("owntracks/a/b", br#"{"_type":"lwt"}"#).unwrap().is_empty());
        assert!(native.on_message("owntracks/a/b", b"[1]").is_err());
        assert!(!native.takes("owntracks/a/b/event") && !native.takes("owntracks//b"));
        for n in 0..1_000 {
            native.on_message(&format!("owntracks/a/{n}"), br#"{"_type":"location"}"#).unwrap();
        }
        assert_eq!(native.known.len(), MOST);
    }
}
