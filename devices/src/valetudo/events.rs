//! What a robot wants a person to do: events that stand until somebody has seen to them.

use serde_json::{Map, Value, json};

/// Kinds of event: key, name and class in Valetudo's words.
const KINDS: &[(&str, &str, &str)] = &[
    ("consumable_depleted", "Part used up", "ConsumableDepleted"),
    ("dust_bin_full", "Dust bin full", "DustBinFull"),
    ("error", "Error", "ErrorState"),
    ("missing_resource", "Something is missing", "MissingResource"),
    ("mop_attachment", "Mop still attached", "MopAttachmentReminder"),
    ("pending_map_change", "Map change to confirm", "PendingMapChange"),
];

/// Whether there is one of each kind, and what the robot says of them.
pub fn sensors(topic: &str, id: &str) -> Map<String, Value> {
    let mut sensors = Map::new();
    let mut add = |key: &str, mut config: Value| {
        config["unique_id"] = format!("valetudo_{id}_event_{key}").into();
        config["state_topic"] = topic.into();
        config["entity_category"] = "diagnostic".into();
        sensors.insert(key.to_owned(), config);
    };
    for (key, name, class) in KINDS {
        let open = "value_json.values() | map(attribute='__class') | list | join(',')";
        add(
            key,
            json!({ "platform": "binary_sensor", "name": name, "device_class": "problem",
                "value_template": format!("{{{{ 'ON' if '{class}ValetudoEvent' in ({open}) else 'OFF' }}}}") }),
        );
    }
    add(
        "message",
        json!({ "platform": "sensor", "name": "Message",
            "value_template": "{{ value_json.values() | map(attribute='message', default='') | select | join('; ') or 'none' }}" }),
    );
    sensors
}
