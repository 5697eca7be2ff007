//! A receiver that tells of a watch as room-assistant does.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{BEACON, Speaks, said};

/// In the cellar.
pub struct Receiver;

impl Speaks for Receiver {
    fn name(&self) -> &'static str {
        "room_assistant"
    }

    fn announce(&self) -> Vec<Send> {
        let heard = |id: &str, distance: f64| {
            let message =
                json!({ "id": id, "name": "Anna's watch", "rssi": -72, "distance": distance, "uuid": id });
            said("room_presence/cellar", message.to_string())
        };
        vec![heard(BEACON, 3.1), heard("somebody else's", 9.9)]
    }
}
