//! Twins that speak a protocol's own messages, as the device or gateway itself does. Each stands in its protocol's folder; those
//! without a folder, which speak Home Assistant's form only, are in `forms/`.

use super::forms;
use crate::{
    Send, esphome, espresense, openhasp, owntracks, room_assistant, rtl_433, tasmota, valetudo, zigbee2mqtt,
};

/// A simulated device that speaks its protocol's own messages.
pub trait Speaks: core::marker::Send {
    /// The protocol's name.
    fn name(&self) -> &'static str;

    /// All that it says when it is switched on: who it is, that it is there, how it is.
    fn announce(&self) -> Vec<Send>;

    /// Filters of the commands that it obeys.
    fn subscriptions(&self) -> Vec<String> {
        Vec::new()
    }

    /// Obeys a command, and answers as the real one does. What makes no sense is passed over.
    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Vec<Send> {
        let _ = (topic, payload);
        Vec::new()
    }
}

/// One of each.
pub fn spoken() -> Vec<Box<dyn Speaks>> {
    vec![
        Box::new(esphome::twin::Node::default()),
        Box::new(espresense::twin::Receivers),
        Box::new(openhasp::twin::Plate::default()),
        Box::new(owntracks::twin::Phone),
        Box::new(room_assistant::twin::Receiver),
        Box::new(rtl_433::twin::Antenna),
        Box::new(forms::Shelly::default()),
        Box::new(tasmota::twin::Lamp::default()),
        Box::new(forms::Theengs),
        Box::new(valetudo::twin::Robot::default()),
        Box::new(zigbee2mqtt::twin::Bridge::default()),
        Box::new(forms::Zwave::default()),
    ]
}

/// The beacon that the twins of Bluetooth receivers hear.
pub const BEACON: &str = "irk:0011223344556677";

/// A message that stays on the broker.
pub(crate) fn kept(topic: impl Into<String>, payload: impl Into<Vec<u8>>) -> Send {
    Send { retain: true, ..said(topic, payload) }
}

/// A message that goes by.
pub(crate) fn said(topic: impl Into<String>, payload: impl Into<Vec<u8>>) -> Send {
    Send { topic: topic.into(), payload: payload.into(), retain: false, qos: 0, expires: None }
}

/// A command as JSON; nothing if it is none.
pub(crate) fn json_of(payload: &[u8]) -> serde_json::Value {
    serde_json::from_slice(payload).unwrap_or_default()
}
