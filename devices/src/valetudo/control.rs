//! What a robot can be told, from the words that its Homie description lists: what its announcements in Home Assistant's form
//! say as well, under the same names, so that each thing is there once whichever of the two is heard.

use serde_json::{Map, Value, json};

use crate::Problem;

const OPERATION: &str = "/BasicControlCapability/operation/$format";
const FAN: &str = "/FanSpeedControlCapability/preset/$format";
const LOCATE: &str = "/LocateCapability/locate/$format";
const GO_TO: &str = "/GoToLocationCapability/go/$format";
const ZONE: &str = "/ZoneCleaningCapability/start/$format";

/// Retained descriptions of what there is to be told.
pub const TOPICS: [&str; 5] = [OPERATION, FAN, LOCATE, GO_TO, ZONE];

/// Words of a description at most, in bytes: robots have some dozens of them.
const LONGEST: usize = 2_048;

/// The words of a description: `START,STOP,PAUSE,HOME`. Nothing means that it is gone.
pub fn words(topic: &str, payload: &[u8]) -> Result<Vec<String>, Problem> {
    if payload.len() > LONGEST {
        let reason = format!("description of {} bytes; at most {LONGEST} are read", payload.len());
        return Err(Problem::new(topic, reason));
    }
    let text = std::str::from_utf8(payload)
        .map_err(|e| Problem::new(topic, format!("description is no UTF-8 text: {e}")))?;
    Ok(text.split(',').map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect())
}

/// What one robot can be told, as far as it has said so.
#[derive(Clone, Default, PartialEq)]
pub struct Controls {
    operations: Vec<String>,
    speeds: Vec<String>,
    locates: bool,
    goes: bool,
    zones: bool,
}

impl Controls {
    /// Takes one description in. Whether it is another than before is the answer.
    pub fn tell(&mut self, what: &str, words: Vec<String>) -> bool {
        let before = self.clone();
        match what {
            OPERATION => self.operations = words,
            FAN => self.speeds = words,
            GO_TO => self.goes = !words.is_empty(),
            ZONE => self.zones = !words.is_empty(),
            _ => self.locates = !words.is_empty(),
        }
        before != *self
    }

    /// The entities that these controls make.
    pub fn components(&self, base: &str, id: &str) -> Map<String, Value> {
        let mut components = Map::new();
        if !self.operations.is_empty() {
            components.insert("vacuum".to_owned(), self.vacuum(base, id));
            components.insert("battery".to_owned(), battery(base, id));
        }
        if self.locates {
            let locate = json!({
                "platform": "button", "name": "Locate", "unique_id": format!("{id}_button_LocateCapability"),
                "command_topic": format!("{base}/LocateCapability/locate/set"), "payload_press": "PERFORM",
            });
            components.insert("locate".to_owned(), locate);
        }
        if self.goes || self.zones {
            components.insert("places".to_owned(), self.places(base, id));
        }
        components
    }

    /// Places on its map. Home Assistant's form has no word for them, so that they are there beside it, too.
    fn places(&self, base: &str, id: &str) -> Value {
        let mut places =
            json!({ "platform": "image", "name": "Places", "unique_id": format!("valetudo_{id}_places") });
        if self.goes {
            places["go_to_command_topic"] = format!("{base}/GoToLocationCapability/go/set").into();
        }
        if self.zones {
            places["clean_zone_command_topic"] = format!("{base}/ZoneCleaningCapability/start/set").into();
        }
        places
    }

    fn vacuum(&self, base: &str, id: &str) -> Value {
        let able = [("START", "start"), ("STOP", "stop"), ("PAUSE", "pause"), ("HOME", "return_home")];
        let able: Vec<&str> = able
            .iter()
            .filter(|(word, _)| self.operations.iter().any(|o| o == word))
            .map(|(_, a)| *a)
            .collect();
        let mut vacuum = json!({
            "platform": "vacuum", "name": "Robot", "unique_id": format!("{id}_vacuum"), "supported_features": able,
            "state_topic": format!("{base}/StatusStateAttribute/status"),
            // Driven by hand, or on its way to a place: it is about.
            "value_template": "{{ 'cleaning' if value in ('manual_control', 'moving') else value }}",
            "command_topic": format!("{base}/BasicControlCapability/operation/set"),
            "payload_start": "START", "payload_stop": "STOP", "payload_pause": "PAUSE", "payload_return_to_base": "HOME",
            // Its names come with the map, and are told to the same entity.
            "segments_topic": format!("{base}/MapData/segments"),
            "clean_segments_command_topic": format!("{base}/MapSegmentationCapability/clean/set"),
            "clean_segments_command_template": "{\"segment_ids\": {{ value | to_json }}, \"customOrder\": true}",
        });
        if !self.speeds.is_empty() {
            vacuum["fan_speed_list"] = json!(self.speeds);
            vacuum["fan_speed_topic"] = format!("{base}/FanSpeedControlCapability/preset").into();
            vacuum["set_fan_speed_topic"] = format!("{base}/FanSpeedControlCapability/preset/set").into();
        }
        vacuum
    }
}

fn battery(base: &str, id: &str) -> Value {
    json!({
        "platform": "sensor", "name": "Battery level", "unique_id": format!("{id}_sensor_battery_level"),
        "state_topic": format!("{base}/BatteryStateAttribute/level"), "unit_of_measurement": "%",
        "device_class": "battery", "state_class": "measurement", "entity_category": "diagnostic",
    })
}
