//! Sound devices by name.

use cpal::traits::{DeviceTrait, HostTrait};
use cpal::{Device, Host};

/// What everybody means who names none.
const DEFAULT: &str = "default";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    In,
    Out,
}

/// # Errors
/// In words: there is no such device.
pub fn find(host: &Host, name: &str, way: Way) -> Result<Device, String> {
    let found = match (name, way) {
        (DEFAULT, Way::In) => host.default_input_device(),
        (DEFAULT, Way::Out) => host.default_output_device(),
        _ => host.devices().map_err(|e| e.to_string())?.find(|device| {
            let id = device.id().ok();
            id.is_some_and(|id| id.id() == name) || device.to_string() == name
        }),
    };
    found.ok_or_else(|| {
        format!("there is no sound device {name:?}: `lares-sound --list` names those that are there")
    })
}

/// A line for each device: its name, and which way it goes.
///
/// # Errors
/// The system lists none.
pub fn list() -> Result<String, String> {
    let host = cpal::default_host();
    let mut lines = Vec::new();
    for device in host.devices().map_err(|e| e.to_string())? {
        let ways = match (device.supports_input(), device.supports_output()) {
            (true, true) => "microphone, loudspeaker",
            (true, false) => "microphone",
            (false, true) => "loudspeaker",
            (false, false) => continue,
        };
        let name = device.id().map_or_else(|_| device.to_string(), |id| id.id().to_owned());
        lines.push(format!("{name}\t{ways}\t{device}\n"));
    }
    if lines.is_empty() {
        return Err("there is no sound device on this machine".to_owned());
    }
    Ok(lines.concat())
}
