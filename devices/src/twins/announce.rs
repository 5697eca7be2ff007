//! How a twin announces itself: as zigbee2mqtt announces the real thing.

use serde_json::{Value, json};

use super::TwinKind;
use super::behave::BOILER;
use super::firmware;
use super::robot::SPEEDS;

/// Component, slug and configuration of each entity of a kind, topics aside.
pub fn entities(kind: TwinKind) -> Vec<(&'static str, &'static str, Value)> {
    let battery = (
        "sensor",
        "battery",
        json!({
            "device_class": "battery", "state_class": "measurement", "unit_of_measurement": "%", "entity_category": "diagnostic"
        }),
    );
    let measured = |class: &str, unit: &str| json!({"device_class": class, "state_class": "measurement", "unit_of_measurement": unit});
    let yes = |class: &str, on: bool| json!({"device_class": class, "payload_on": on, "payload_off": !on});
    match kind {
        TwinKind::Motion => vec![
            ("binary_sensor", "occupancy", yes("occupancy", true)),
            ("sensor", "illuminance", measured("illuminance", "lx")),
            battery,
        ],
        TwinKind::Door => {
            vec![("binary_sensor", "contact", with_name(yes("door", false), "Contact")), battery]
        }
        TwinKind::Climate => {
            vec![
                ("sensor", "temperature", measured("temperature", "°C")),
                ("sensor", "humidity", measured("humidity", "%")),
                battery,
            ]
        }
        TwinKind::Air => vec![
            ("sensor", "co2", measured("carbon_dioxide", "ppm")),
            ("sensor", "temperature", measured("temperature", "°C")),
            ("sensor", "humidity", measured("humidity", "%")),
        ],
        TwinKind::Light => vec![(
            "light",
            "light",
            json!({
                "name": null, "schema": "json", "brightness": true, "brightness_scale": 254,
                "supported_color_modes": ["color_temp"], "min_mireds": 153, "max_mireds": 500
            }),
        )],
        TwinKind::Plug => vec![
            ("switch", "switch", on_off()),
            ("sensor", "power", measured("power", "W")),
            (
                "sensor",
                "energy",
                json!({"device_class": "energy", "state_class": "total_increasing", "unit_of_measurement": "kWh"}),
            ),
        ],
        TwinKind::Washer => entities(TwinKind::Plug),
        TwinKind::Heater => vec![
            ("switch", "switch", on_off()),
            ("sensor", "power", measured("power", "W")),
            ("sensor", "temperature", measured("temperature", "°C")),
        ],
        TwinKind::Boiler => vec![(
            "water_heater",
            "boiler",
            json!({
                "name": null, "min_temp": 30, "max_temp": 70, "temperature_unit": "C", "modes": BOILER,
                "current_temperature_template": "{{ value_json[\"temperature\"] }}",
                "mode_state_template": "{{ value_json[\"mode\"] }}",
                "temperature_state_template": "{{ value_json[\"setpoint\"] }}"
            }),
        )],
        TwinKind::Thermostat => vec![(
            "climate",
            "climate",
            json!({
                "name": null, "min_temp": 5, "max_temp": 30, "temp_step": 0.5, "temperature_unit": "C", "modes": ["off", "heat", "auto"],
                "action_template": "{% set values = {'idle':'idle','heat':'heating'} %}{{ values[value_json[\"running_state\"]] }}",
                "current_temperature_template": "{{ value_json[\"local_temperature\"] }}",
                "mode_state_template": "{{ value_json[\"system_mode\"] }}",
                "temperature_state_template": "{{ value_json[\"occupied_heating_setpoint\"] }}"
            }),
        )],
        TwinKind::Leak => {
            vec![("binary_sensor", "water_leak", with_name(yes("moisture", true), "Water leak")), battery]
        }
        TwinKind::Pump => {
            let mut all = vec![("switch", "switch", on_off())];
            all.extend(flow());
            all
        }
        TwinKind::Valve => {
            let valve = json!({
                "name": null, "payload_open": "OPEN", "payload_close": "CLOSE",
                "state_open": "OPEN", "state_closed": "CLOSE", "value_template": "{{ value_json[\"state\"] }}"
            });
            let mut all = vec![("valve", "valve", valve)];
            all.extend(flow());
            all
        }
        TwinKind::Lock => vec![
            (
                "lock",
                "lock",
                json!({
                    "name": null, "payload_lock": "LOCK", "payload_unlock": "UNLOCK", "state_locked": "LOCK",
                    "state_unlocked": "UNLOCK", "value_template": "{{ value_json[\"state\"] }}"
                }),
            ),
            battery,
        ],
        TwinKind::Shutter => vec![(
            "cover",
            "cover",
            json!({
                "name": null, "position_template": "{{ value_json[\"position\"] }}",
                "set_position_template": "{ \"position\": {{ position }} }"
            }),
        )],
        TwinKind::Fan => vec![(
            "fan",
            "fan",
            json!({
                "name": null, "state_value_template": "{{ value_json[\"state\"] }}",
                "percentage_value_template": "{{ value_json[\"percentage\"] }}"
            }),
        )],
        TwinKind::Smoke => vec![("binary_sensor", "smoke", with_name(yes("smoke", true), "Smoke")), battery],
        TwinKind::Weather => vec![
            ("sensor", "temperature", measured("temperature", "°C")),
            ("sensor", "wind_speed", measured("wind_speed", "m/s")),
            ("update", "firmware", firmware::announced()),
        ],
        TwinKind::Phone | TwinKind::Visitor => {
            vec![("device_tracker", "tracker", json!({"name": null, "source_type": "router"}))]
        }
        TwinKind::Vacuum => {
            let able = [
                "status",
                "start",
                "pause",
                "stop",
                "return_home",
                "locate",
                "clean_spot",
                "fan_speed",
                "send_command",
            ];
            let vacuum = json!({"name": null, "supported_features": able, "fan_speed_list": SPEEDS});
            vec![
                ("vacuum", "vacuum", vacuum),
                ("image", "map", json!({"name": "Map", "entity_category": "diagnostic"})),
            ]
        }
        TwinKind::Display => vec![("text", "text", json!({"name": "Text"}))],
        TwinKind::Player => {
            let mut all = vec![(
                "media_player",
                "player",
                json!({
                    "name": "Player", "value_template": "{{ value_json[\"state\"] }}",
                    "volume_value_template": "{{ value_json[\"volume\"] }}",
                    "mute_value_template": "{{ value_json[\"muted\"] }}",
                    "source_value_template": "{{ value_json[\"source\"] }}"
                }),
            )];
            all.extend(skips());
            all
        }
        TwinKind::Stream => {
            let mut all = vec![(
                "media_player",
                "player",
                json!({
                    "name": "Player", "value_template": "{{ value_json[\"state\"] }}",
                    "title_value_template": "{{ value_json[\"title\"] }}",
                    "artist_value_template": "{{ value_json[\"artist\"] }}"
                }),
            )];
            all.extend(skips());
            all.push(("switch", "follow", with_name(json!({}), "Follow")));
            all
        }
    }
}

fn skips() -> [(&'static str, &'static str, Value); 2] {
    [
        ("button", "next", with_name(json!({}), "Next")),
        ("button", "previous", with_name(json!({}), "Previous")),
    ]
}

fn on_off() -> Value {
    json!({
        "name": null, "payload_on": "ON", "payload_off": "OFF", "value_template": "{{ value_json[\"state\"] }}"
    })
}

/// What flows now, and how much did.
fn flow() -> [(&'static str, &'static str, Value); 2] {
    [
        (
            "sensor",
            "flow",
            json!({"name": "Flow", "device_class": "volume_flow_rate", "state_class": "measurement", "unit_of_measurement": "L/min"}),
        ),
        (
            "sensor",
            "volume",
            json!({"name": "Volume", "device_class": "water", "state_class": "total_increasing", "unit_of_measurement": "L"}),
        ),
    ]
}

fn with_name(mut config: Value, name: &str) -> Value {
    config["name"] = name.into();
    config
}

/// Fill in the topics of an entity whose state is `topic`.
pub fn add_topics(component: &str, slug: &str, topic: &str, config: &mut Value) {
    match component {
        "climate" => {
            for (key, suffix) in [
                ("action_topic", ""),
                ("current_temperature_topic", ""),
                ("mode_state_topic", ""),
                ("temperature_state_topic", ""),
                ("mode_command_topic", "/set/system_mode"),
                ("temperature_command_topic", "/set/occupied_heating_setpoint"),
            ] {
                config[key] = format!("{topic}{suffix}").into();
            }
            return;
        }
        "water_heater" => {
            for (key, suffix) in [
                ("current_temperature_topic", ""),
                ("mode_state_topic", ""),
                ("temperature_state_topic", ""),
                ("mode_command_topic", "/set/mode"),
                ("temperature_command_topic", "/set/setpoint"),
            ] {
                config[key] = format!("{topic}{suffix}").into();
            }
            return;
        }
        "cover" => {
            config["position_topic"] = topic.into();
            for key in ["command_topic", "set_position_topic"] {
                config[key] = format!("{topic}/set").into();
            }
            return;
        }
        "fan" => {
            config["percentage_state_topic"] = topic.into();
            config["percentage_command_topic"] = format!("{topic}/set/percentage").into();
            config["command_topic"] = format!("{topic}/set").into();
            config["state_topic"] = topic.into();
            return;
        }
        "vacuum" => {
            config["state_topic"] = topic.into();
            for (key, suffix) in [
                ("command_topic", "set"),
                ("set_fan_speed_topic", "set/fan_speed"),
                ("clean_segments_command_topic", "set/segments"),
                ("send_command_topic", "set/command"),
            ] {
                config[key] = format!("{topic}/{suffix}").into();
            }
            return;
        }
        "image" => {
            config["map_topic"] = format!("{topic}/map").into();
            return;
        }
        "media_player" => {
            config["command_topic"] = format!("{topic}/set/state").into();
            // A stream has no loudness and no source, and nobody sets what plays.
            for (of, set) in
                [("volume", "volume"), ("mute", "muted"), ("source", "source"), ("title", ""), ("artist", "")]
            {
                if config.get(format!("{of}_value_template")).is_none() {
                    continue;
                }
                config[format!("{of}_state_topic")] = topic.into();
                if !set.is_empty() {
                    config[format!("{of}_command_topic")] = format!("{topic}/set/{set}").into();
                }
            }
        }
        "update" => config["command_topic"] = format!("{topic}/set/{slug}").into(),
        "button" => {
            config["command_topic"] = format!("{topic}/set/{slug}").into();
            return;
        }
        // What a twin has beside its main entity.
        "switch" if slug != "switch" => config["command_topic"] = format!("{topic}/set/{slug}").into(),
        "light" | "switch" | "valve" | "lock" => config["command_topic"] = format!("{topic}/set").into(),
        "text" => config["command_topic"] = format!("{topic}/set/{slug}").into(),
        _ => {}
    }
    config["state_topic"] = topic.into();
    if component != "light" && config.get("value_template").is_none() {
        config["value_template"] = format!("{{{{ value_json[\"{slug}\"] }}}}").into();
    }
}
