//! What a Tasmota device is made of, in Home Assistant's form.

use serde_json::{Map, Value, json};

use crate::native::text;

/// Relays of a device at most (Tasmota's own limit).
const MOST_RELAYS: usize = 32;
/// Sensor values of a device at most.
const MOST_VALUES: usize = 200;

/// What a relay drives (`rl`).
const SWITCH: u64 = 1;
const LAMP: u64 = 2;
const SHUTTER: u64 = 3;

/// Sensor values by their names: device class and unit.
const QUANTITIES: &[(&str, &str, &str)] = &[
    ("ApparentPower", "apparent_power", "VA"),
    ("Battery", "battery", "%"),
    ("CarbonDioxide", "carbon_dioxide", "ppm"),
    ("Current", "current", "A"),
    ("DewPoint", "temperature", "°C"),
    ("Distance", "distance", "cm"),
    ("Factor", "power_factor", ""),
    ("Frequency", "frequency", "Hz"),
    ("Humidity", "humidity", "%"),
    ("Illuminance", "illuminance", "lx"),
    ("PM10", "pm10", "µg/m³"),
    ("PM2.5", "pm25", "µg/m³"),
    ("Power", "power", "W"),
    ("Pressure", "atmospheric_pressure", "hPa"),
    ("ReactivePower", "reactive_power", "var"),
    ("Temperature", "temperature", "°C"),
    ("Today", "energy", "kWh"),
    ("Total", "energy", "kWh"),
    ("Voltage", "voltage", "V"),
    ("Yesterday", "energy", "kWh"),
];

/// The device with all that its two messages tell.
pub fn device(id: &str, config: &Value, sensors: Option<&Value>) -> Value {
    let topic = |prefix: usize| {
        let prefixes = ["cmnd", "stat", "tele"];
        let named = config.get("tp").and_then(|tp| tp.get(prefix)).and_then(Value::as_str);
        let prefix = named.or(prefixes.get(prefix).copied()).unwrap_or_default();
        text(config, "ft").replace("%prefix%", prefix).replace("%topic%", text(config, "t"))
    };
    let topics = Topics { command: topic(0), stat: topic(1), tele: topic(2) };
    let mut all = Map::new();
    relays(id, config, &topics, &mut all);
    if let Some(values) = sensors.and_then(|s| s.get("sn")).and_then(Value::as_object) {
        for (sensor, value) in values {
            let unit = text(&Value::Object(values.clone()), "TempUnit").to_owned();
            measure(id, &mut vec![sensor.clone()], value, &topics, &unit, &mut all);
        }
    }
    add(
        id,
        "signal",
        json!({ "platform": "sensor", "name": "Signal", "device_class": "signal_strength", "unit_of_measurement": "dBm",
            "entity_category": "diagnostic", "state_topic": format!("{}STATE", topics.tele),
            "value_template": "{{ value_json.Wifi.Signal }}" }),
        &mut all,
    );
    let name = match text(config, "dn") {
        "" => text(config, "t"),
        name => name,
    };
    json!({
        "device": { "identifiers": [id], "name": name, "manufacturer": "Tasmota", "model": text(config, "md"),
            "sw_version": text(config, "sw") },
        "availability_topic": format!("{}LWT", topics.tele),
        "payload_available": or(text(config, "onln"), "Online"),
        "payload_not_available": or(text(config, "ofln"), "Offline"),
        "components": all,
    })
}

struct Topics {
    command: String,
    stat: String,
    tele: String,
}

fn or<'a>(text: &'a str, default: &'a str) -> &'a str {
    if text.is_empty() { default } else { text }
}

fn add(id: &str, key: &str, mut component: Value, all: &mut Map<String, Value>) {
    component["unique_id"] = format!("tasmota_{id}_{key}").into();
    all.insert(key.to_owned(), component);
}

fn relays(id: &str, config: &Value, topics: &Topics, all: &mut Map<String, Value>) {
    let list = |key: &str| config.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kinds: Vec<u64> = list("rl").iter().take(MOST_RELAYS).map(|k| k.as_u64().unwrap_or(0)).collect();
    let names = list("fn");
    // A device with one relay calls it POWER, unless option 26 says otherwise.
    let numbered = kinds.iter().filter(|k| **k > 0).count() > 1
        || config.pointer("/so/26").and_then(Value::as_u64) == Some(1);
    let words = list("state");
    let word = |at: usize, default: &str| words.get(at).and_then(Value::as_str).unwrap_or(default).to_owned();
    let (off, on) = (word(0, "OFF"), word(1, "ON"));
    let mut shutters = 0;
    for (at, kind) in kinds.iter().enumerate() {
        let number = at + 1;
        let power = if numbered { format!("POWER{number}") } else { "POWER".to_owned() };
        let named = names.get(at).and_then(Value::as_str).filter(|n| !n.is_empty());
        let name = named.map_or_else(
            || if numbered { format!("Power {number}") } else { "Power".to_owned() },
            str::to_owned,
        );
        // Told at once in the answer, and again every five minutes.
        let state = json!([format!("{}RESULT", topics.stat), format!("{}STATE", topics.tele)]);
        let command = format!("{}{power}", topics.command);
        match *kind {
            SWITCH => add(
                id,
                &power.to_lowercase(),
                json!({ "platform": "switch", "name": name, "state_topic": state,
                    "value_template": format!("{{{{ value_json.{power} }}}}"), "command_topic": command,
                    "payload_on": on, "payload_off": off }),
                all,
            ),
            LAMP => {
                add(id, &power.to_lowercase(), lamp(config, &name, &power, &state, &command, topics), all)
            }
            SHUTTER if at == 0 || kinds.get(at - 1) != Some(&SHUTTER) || shutters % 2 == 0 => {
                shutters += 1;
                let shutter = shutters / 2 + 1;
                let moved = |what: &str| format!("{}Shutter{what}{shutter}", topics.command);
                add(
                    id,
                    &format!("shutter{shutter}"),
                    json!({ "platform": "cover", "name": format!("Shutter {shutter}"),
                        "position_topic": [format!("{}RESULT", topics.stat), format!("{}SENSOR", topics.tele)],
                        "position_template": format!("{{{{ (value_json.Shutter{shutter} | default({{}})).Position | is_defined }}}}"),
                        "set_position_topic": moved("Position") }),
                    all,
                );
            }
            SHUTTER => shutters += 1,
            _ => {}
        }
    }
}

/// By `lt_st`: 1 dims, 2 has warm and cold white, 3 and up have colours (4 white, 5 both whites).
fn lamp(config: &Value, name: &str, power: &str, state: &Value, command: &str, topics: &Topics) -> Value {
    let kind = config.get("lt_st").and_then(Value::as_u64).unwrap_or(0);
    let mut lamp = json!({ "platform": "light", "name": name, "state_topic": state,
        "state_value_template": format!("{{{{ value_json.{power} }}}}"), "command_topic": command });
    if kind >= 1 {
        lamp["brightness_state_topic"] = state.clone();
        lamp["brightness_value_template"] = "{{ value_json.Dimmer }}".into();
        lamp["brightness_command_topic"] = format!("{}Dimmer", topics.command).into();
        lamp["brightness_scale"] = 100.into();
    }
    if kind == 2 || kind == 5 {
        lamp["color_temp_state_topic"] = state.clone();
        lamp["color_temp_value_template"] = "{{ value_json.CT }}".into();
        lamp["color_temp_command_topic"] = format!("{}CT", topics.command).into();
    }
    if kind >= 3 {
        lamp["hs_state_topic"] = state.clone();
        lamp["hs_value_template"] =
            "{% if value_json.HSBColor is defined %}{{ value_json.HSBColor.split(',')[0:2] | join(',') }}{% else %}{{ nothing | is_defined }}{% endif %}".into();
        lamp["hs_command_topic"] = format!("{}HSBColor", topics.command).into();
    }
    lamp
}

/// Numbers and lists of numbers, wherever they are nested.
fn measure(
    id: &str,
    path: &mut Vec<String>,
    value: &Value,
    topics: &Topics,
    degrees: &str,
    all: &mut Map<String, Value>,
) {
    match value {
        Value::Object(fields) if path.len() < 4 => {
            for (key, value) in fields {
                path.push(key.clone());
                measure(id, path, value, topics, degrees, all);
                path.pop();
            }
        }
        Value::Number(_) if all.len() < MOST_VALUES => {
            let Some(last) = path.last() else { return };
            let Some((_, class, unit)) = QUANTITIES.iter().find(|(name, ..)| name == last) else { return };
            let unit = if *class == "temperature" && degrees == "F" { "°F" } else { unit };
            let steps: String = path.iter().map(|step| format!("[{}]", Value::from(step.as_str()))).collect();
            let total = *class == "energy";
            let component = json!({ "platform": "sensor", "name": path.join(" "), "device_class": class,
                "unit_of_measurement": unit, "state_class": if total { "total" } else { "measurement" },
                "state_topic": format!("{}SENSOR", topics.tele),
                "value_template": format!("{{{{ value_json{steps} }}}}") });
            add(id, &path.join("_"), component, all);
        }
        _ => {}
    }
}
