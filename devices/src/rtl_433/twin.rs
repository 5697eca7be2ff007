//! An antenna that hears a weather sensor and a door contact: a topic for each value, as `rtl_433 -F mqtt` publishes.

use crate::Send;
use crate::twins::spoken::{Speaks, said};

/// Device, field and value.
const HEARD: [(&str, &str, &str); 9] = [
    ("Acurite-Tower/A/1234", "time", "2026-11-26 10:00:00"),
    ("Acurite-Tower/A/1234", "id", "1234"),
    ("Acurite-Tower/A/1234", "battery_ok", "1"),
    ("Acurite-Tower/A/1234", "temperature_F", "41.0"),
    ("Acurite-Tower/A/1234", "humidity", "77"),
    ("Generic-Remote/163", "id", "163"),
    ("Generic-Remote/163", "opened", "1"),
    ("Generic-Remote/163", "tamper", "0"),
    ("Generic-Remote/163", "mic", "CHECKSUM"),
];

/// The receiver.
pub struct Antenna;

impl Speaks for Antenna {
    fn name(&self) -> &'static str {
        "rtl_433"
    }

    fn announce(&self) -> Vec<Send> {
        let said = |(device, field, value)| said(format!("rtl_433/attic/devices/{device}/{field}"), value);
        // What is on the air is sent three times.
        HEARD.iter().chain(&HEARD).chain(&HEARD).map(|(d, f, v)| said((d, f, *v))).collect()
    }
}
