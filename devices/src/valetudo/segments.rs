//! The rooms of a robot's map: each is a button that has it cleaned.

use serde_json::{Map, Value, json};

use crate::Problem;
use crate::problem::quote;

/// Rooms of a map at most; robots know some dozens.
const MOST: usize = 200;

/// A button for each room of `{"<segment id>": "<name>"}`. A room without a name has its id for one.
pub fn buttons(topic: &str, base: &str, id: &str, map: &Value) -> Result<Map<String, Value>, Problem> {
    let rooms = map.as_object().into_iter().flatten();
    let mut buttons = Map::new();
    for (segment, name) in rooms {
        let name = match name {
            Value::String(name) if !name.trim().is_empty() => name,
            Value::String(_) | Value::Null => segment,
            other => {
                let reason =
                    format!("segment {} is {}; allowed: a name", quote(segment), quote(&other.to_string()));
                return Err(Problem::new(topic, reason));
            }
        };
        if buttons.len() >= MOST {
            return Err(Problem::new(topic, format!("the map has more than {MOST} segments")));
        }
        // What the REST interface takes, since 2021.
        let wish = json!({ "action": "start_segment_action", "segment_ids": [segment], "iterations": 1 });
        buttons.insert(
            segment.clone(),
            json!({
                "platform": "button",
                "unique_id": format!("valetudo_{id}_segment_{segment}"),
                "name": format!("Clean {name}"),
                "command_topic": format!("{base}/MapSegmentationCapability/clean/set"),
                "payload_press": wish.to_string(),
            }),
        );
    }
    Ok(buttons)
}
