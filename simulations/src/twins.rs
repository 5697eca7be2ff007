//! The simulated devices that a home describes.

use std::collections::BTreeMap;

use lares_config::Home;
use lares_devices::twins::{Twin, TwinKind};
use lares_model::Timestamp;

/// Topic below which twins report.
pub const BASE_TOPIC: &str = "lares-twins";

/// The twins of a home, by device key; of one link only if it is named. The error names the kinds there are.
pub fn make(home: &Home, link: Option<&str>) -> Result<BTreeMap<String, Twin>, String> {
    let mut twins = BTreeMap::new();
    for (key, device) in &home.devices {
        let Some(twin) = &device.twin else { continue };
        if link.is_some_and(|l| l != device.bind.link()) {
            continue;
        }
        let kind = TwinKind::parse(twin.kind.name())?;
        let prefix =
            home.mqtt.get(device.bind.link()).map_or("homeassistant", |m| m.discovery_prefix.as_str());
        twins.insert(key.clone(), Twin::new(kind, key, BASE_TOPIC, prefix));
    }
    Ok(twins)
}

/// The hour of the day in the home's zone, with its fraction.
pub fn local_hour(home: &Home, now: Timestamp) -> f64 {
    let Ok(at) = jiff::Timestamp::from_microsecond(now.0) else { return 12.0 };
    let local = at.to_zoned(home.household.zone.clone());
    f64::from(local.hour()) + f64::from(local.minute()) / 60.0
}
