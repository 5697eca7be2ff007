//! openHASP: touch plates that say on `hasp/discovery` what they are. See `README.md`.

pub(crate) mod twin;

use serde_json::{Map, Value, json};

use crate::Problem;
use crate::native::{Announcement, Native, needed, object, text};

const DISCOVERY: &str = "hasp/discovery";

/// A plate as a device: its page, backlight, idle state, and the outputs and inputs at its pins. What is drawn on its
/// pages is a display's matter.
pub struct Openhasp;

impl Native for Openhasp {
    fn name(&self) -> &'static str {
        "openhasp"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![DISCOVERY.to_owned(), format!("{DISCOVERY}/+")]
    }

    fn takes(&self, topic: &str) -> bool {
        topic.strip_prefix(DISCOVERY).is_some_and(|rest| {
            rest.is_empty() || rest.strip_prefix('/').is_some_and(|id| !id.is_empty() && !id.contains('/'))
        })
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let gone = Announcement { source: topic.to_owned(), device: None };
        if payload.is_empty() {
            return Ok(vec![gone]);
        }
        let plate = object(topic, payload)?;
        let (node, id) = (needed(topic, &plate, "node")?, needed(topic, &plate, "hwid")?);
        // Older plates do not say where they talk.
        let base = match text(&plate, "node_t") {
            "" => format!("hasp/{node}/"),
            base => base.to_owned(),
        };
        let device = json!({
            "device": {
                "identifiers": [id],
                "name": node,
                "manufacturer": text(&plate, "mf"),
                "model": text(&plate, "mdl"),
                "sw_version": text(&plate, "sw"),
            },
            "availability_topic": format!("{base}LWT"),
            "components": components(&plate, &base, id),
        });
        // All plates share one topic on older firmware: the plate is the source there.
        let source = if topic == DISCOVERY { format!("{DISCOVERY}/{id}") } else { topic.to_owned() };
        Ok(vec![Announcement { source, device: Some(device) }])
    }
}

fn components(plate: &Value, base: &str, id: &str) -> Map<String, Value> {
    let mut all = Map::new();
    let mut add = |name: &str, mut config: Value| {
        config["unique_id"] = format!("hasp_{id}_{name}").into();
        config["name"] = name.into();
        all.insert(name.to_owned(), config);
    };
    let pages = plate.get("pages").and_then(Value::as_u64).unwrap_or(12);
    add(
        "page",
        json!({ "platform": "number", "min": 1, "max": pages.clamp(1, 64), "step": 1,
            "state_topic": format!("{base}state/page"), "command_topic": format!("{base}command/page") }),
    );
    add("backlight", lamp(base, "backlight"));
    add(
        "idle",
        json!({ "platform": "sensor", "device_class": "enum", "options": ["off", "short", "long"],
            "entity_category": "diagnostic", "state_topic": format!("{base}state/idle") }),
    );
    add(
        "signal",
        json!({ "platform": "sensor", "device_class": "signal_strength", "unit_of_measurement": "dBm",
            "entity_category": "diagnostic", "state_topic": format!("{base}state/statusupdate"),
            "value_template": "{{ value_json.rssi }}" }),
    );
    // What the chip measures of itself, and how long it has been on.
    add(
        "temperature",
        json!({ "platform": "sensor", "device_class": "temperature", "unit_of_measurement": "°C",
            "state_class": "measurement", "entity_category": "diagnostic",
            "state_topic": format!("{base}state/sensors"), "value_template": "{{ value_json.ESP32.Temperature }}" }),
    );
    add(
        "uptime",
        json!({ "platform": "sensor", "device_class": "duration", "unit_of_measurement": "s",
            "entity_category": "diagnostic", "state_topic": format!("{base}state/sensors"),
            "value_template": "{{ value_json.uptimeSec }}" }),
    );
    add(
        "antiburn",
        json!({ "platform": "switch", "entity_category": "config", "state_topic": format!("{base}state/antiburn"),
            "value_template": "{{ value_json.state }}", "payload_on": "on", "payload_off": "off",
            "command_topic": format!("{base}command/antiburn") }),
    );
    for pin in pins(plate, "light").chain(pins(plate, "dim")) {
        add(&format!("output{pin}"), lamp(base, &format!("output{pin}")));
    }
    for pin in pins(plate, "power") {
        let output = format!("output{pin}");
        add(
            &output,
            json!({ "platform": "switch", "state_topic": format!("{base}state/{output}"),
                "value_template": "{{ value_json.state }}", "state_on": "on", "state_off": "off",
                "payload_on": "{\"state\":\"on\"}", "payload_off": "{\"state\":\"off\"}",
                "command_topic": format!("{base}command/{output}") }),
        );
    }
    for (pin, kind) in plate.get("input").and_then(Value::as_object).into_iter().flatten().take(MOST_PINS) {
        let class = kind.as_str().filter(|k| ["motion", "door", "window", "presence"].contains(k));
        let input = format!("input{pin}");
        add(
            &input,
            json!({ "platform": "binary_sensor", "device_class": class, "state_topic": format!("{base}state/{input}"),
                "value_template": "{{ value_json.state }}", "payload_on": "on", "payload_off": "off" }),
        );
    }
    all
}

/// Pins of a plate at most; the chip has forty.
const MOST_PINS: usize = 64;

fn pins<'a>(plate: &'a Value, kind: &str) -> impl Iterator<Item = u64> + 'a {
    let pins = plate.get(kind).and_then(Value::as_array).into_iter().flatten();
    pins.filter_map(Value::as_u64).take(MOST_PINS)
}

fn lamp(base: &str, what: &str) -> Value {
    json!({ "platform": "light", "schema": "json", "brightness": true, "supported_color_modes": ["brightness"],
        "state_topic": format!("{base}state/{what}"), "command_topic": format!("{base}command/{what}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, DeviceSpec, Discovery, Driver};
    use lares_model::{Property, Value as Reading};

    fn plate(topic: &str, said: &[u8]) -> Box<DeviceSpec> {
        let mut discovery = Discovery::new("mqtt", "homeassistant");
        let announced = Openhasp.on_message(topic, said).unwrap().remove(0);
        let (changes, problems) = discovery.announce(&announced.source, announced.device).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        match changes.into_iter().next() {
            Some(Change::Announced(spec)) => spec,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_plate_is_there_with_its_lamps_and_page() {
        let said = br#"{"node":"plate_0","mdl":"Lanbon L8","mf":"openHASP","hwid":"98f4ab87566c","pages":12,
            "sw":"0.7.0","node_t":"hasp/plate_0/","input":{"5":"motion"},"power":[4],"light":[12],"dim":[]}"#;
        let spec = plate("hasp/discovery/98f4ab87566c", said);
        let slugs: Vec<_> = spec.info.entities.iter().map(|e| e.slug.as_str()).collect();
        assert_eq!(
            slugs,
            [
                "antiburn",
                "backlight",
                "idle",
                "input5",
                "output12",
                "output4",
                "page",
                "signal",
                "temperature",
                "uptime"
            ]
        );
        assert!(spec.info.entities.iter().all(|e| !e.properties.is_empty()));
        let (mut driver, problems) = Driver::new(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        let mut out = Vec::new();
        for (topic, text) in [
            ("hasp/plate_0/LWT", "online"),
            ("hasp/plate_0/state/page", "3"),
            ("hasp/plate_0/state/backlight", "{\"state\":\"on\",\"brightness\":128}"),
            ("hasp/plate_0/state/antiburn", "{\"state\":\"off\"}"),
            ("hasp/plate_0/state/input5", "{\"state\":\"on\"}"),
            ("hasp/plate_0/state/sensors", "{\"uptimeSec\":300,\"ESP32\":{\"Temperature\":51.5}}"),
        ] {
            let before = out.len();
            driver.on_message(topic, text.as_bytes(), &mut out).unwrap();
            assert!(out.len() > before, "{topic} says nothing");
        }
        assert!(out.contains(&Observation::Availability { entity: None, online: true }));
        let page = spec.info.entities.iter().find(|e| e.slug == "page").unwrap();
        let sent = driver.command(page.id(), &[(Property::State, Reading::Number(2.0))]).unwrap();
        assert_eq!((sent[0].topic.as_str(), &sent[0].payload[..]), ("hasp/plate_0/command/page", &b"2"[..]));
    }

    #[test]
    fn an_old_plate_talks_under_its_name_and_nonsense_is_named() {
        let spec = plate("hasp/discovery", br#"{"node":"p","hwid":"1","input":[],"light":["x",-1]}"#);
        assert_eq!(spec.entities[0].source, "hasp/discovery/1");
        let (driver, _) = Driver::new(&spec);
        assert!(driver.topics().contains(&"hasp/p/state/page".to_owned()));
        assert!(Openhasp.on_message("hasp/discovery", b"{}").unwrap_err().reason.contains("`node`"));
        assert!(!Openhasp.takes("hasp/discovery/a/b") && !Openhasp.takes("hasp/discoveryx"));
    }
}
