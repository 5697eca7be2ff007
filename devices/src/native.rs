//! Protocols whose devices say in their own words who they are. Each makes of those words what the device would announce
//! in Home Assistant's device form; from there on one driver reads and commands all of them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::problem::quote;
use crate::{
    Problem, esphome, espresense, openhasp, owntracks, room_assistant, rtl_433, tasmota, valetudo,
    zigbee2mqtt,
};

/// What a message announces: the whole of its source, as it is now.
#[derive(Clone, PartialEq, Debug)]
pub struct Announcement {
    /// Stable name of what announces, most often the topic. What the same source announced before and does not any more
    /// is gone.
    pub source: String,
    /// Device and components in Home Assistant's device form, every component with `unique_id` and `platform`. `None`:
    /// it is gone.
    pub device: Option<Value>,
}

/// A protocol.
pub trait Native: Send {
    /// Its name, as its folder is called.
    fn name(&self) -> &'static str;

    /// Filters on which it hears who is there.
    fn subscriptions(&self) -> Vec<String>;

    /// Whether a topic is one of its own.
    fn takes(&self, topic: &str) -> bool;

    /// Take a message on a topic of its own. Most announce nothing new.
    ///
    /// # Errors
    /// The message is none that the protocol knows: what was seen, and what is allowed.
    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem>;
}

/// What protocols need to know of the home.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Context {
    /// Ids that people carry: of all that Bluetooth receivers hear only these are devices.
    pub beacons: BTreeSet<String>,
    /// Where the home is: degrees north and east.
    pub position: Option<(f64, f64)>,
}

/// All protocols of a link, by name.
pub fn natives(context: &Context) -> Vec<Box<dyn Native>> {
    vec![
        Box::new(esphome::Esphome),
        Box::new(espresense::Espresense::new(context.beacons.clone())),
        Box::new(openhasp::Openhasp),
        Box::new(owntracks::Owntracks::new(context.position)),
        Box::new(room_assistant::RoomAssistant::new(context.beacons.clone())),
        Box::new(rtl_433::Rtl433::default()),
        Box::new(tasmota::Tasmota::default()),
        Box::new(valetudo::Valetudo::default()),
        Box::new(zigbee2mqtt::Zigbee2mqtt::default()),
    ]
}

/// Longest message that says who is there, in bytes.
const LONGEST: usize = 1 << 20;

/// A message as a JSON object.
pub(crate) fn object(topic: &str, payload: &[u8]) -> Result<Value, Problem> {
    if payload.len() > LONGEST {
        let reason = format!("message of {} bytes; at most {LONGEST} are read", payload.len());
        return Err(Problem::new(topic, reason));
    }
    let value: Value =
        serde_json::from_slice(payload).map_err(|e| Problem::new(topic, format!("is no JSON: {e}")))?;
    if !value.is_object() {
        let reason = format!("is {}; allowed: a JSON object", quote(&value.to_string()));
        return Err(Problem::new(topic, reason));
    }
    Ok(value)
}

/// A text of an object; nothing where there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A text that must be there.
pub(crate) fn needed<'a>(topic: &str, value: &'a Value, key: &str) -> Result<&'a str, Problem> {
    match text(value, key) {
        "" => {
            let seen = value.get(key).map_or_else(|| "missing".to_owned(), |v| quote(&v.to_string()));
            Err(Problem::new(topic, format!("`{key}` is {seen}; allowed: a text")))
        }
        found => Ok(found),
    }
}
