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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test")]

    use std::collections::BTreeSet;

    use lares_devices::homeassistant::{Change, Discovery};

    use super::*;

    /// The checker knows the entities of a twin before it was ever seen: those that it announces, by their names.
    #[test]
    fn a_home_may_speak_of_what_twins_announce_and_of_nothing_else() {
        for kind in TwinKind::ALL {
            let text = format!("[household]\ntime_zone = \"UTC\"\n[device.x]\ntwin = \"{}\"\n", kind.name());
            let files = vec![("home.toml".to_owned(), text)];
            let home =
                lares_config::load_from(std::path::Path::new("/nowhere"), files, &[], std::iter::empty());
            let home = home.unwrap().home;
            let known: BTreeSet<&str> =
                home.devices["x"].twin.as_ref().unwrap().kind.slugs().iter().copied().collect();
            let mut discovery = Discovery::new("mqtt", "homeassistant");
            let mut slugs = BTreeSet::new();
            for said in make(&home, None).unwrap()["x"].announce() {
                if !discovery.is_config_topic(&said.topic) {
                    continue;
                }
                let (changes, _) = discovery.on_config(&said.topic, &said.payload).unwrap();
                for change in changes {
                    if let Change::Announced(spec) = change {
                        slugs = spec.info.entities.iter().map(|e| e.slug.to_string()).collect();
                    }
                }
            }
            assert_eq!(slugs.iter().map(String::as_str).collect::<BTreeSet<_>>(), known, "{}", kind.name());
        }
    }
}
