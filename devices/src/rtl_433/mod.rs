//! rtl_433: weather stations, thermometers and switches on 433 and 868 MHz. See `README.md`.

pub(crate) mod twin;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Problem;
use crate::native::{Announcement, Native};

const DEVICES: &str = "/devices/";
const BASE: &str = "rtl_433/";
/// Values that are known at most. The neighbours' thermometers are heard too.
const MOST: usize = 5_000;
/// A thermometer speaks once a minute; what was not heard for so long is not known, seconds.
const FRESH_S: u32 = 600;

/// One topic for each value: `rtl_433/<host>/devices/<model>[/<subtype>][/<channel>][/<id>]/<field>`.
#[derive(Default)]
pub struct Rtl433 {
    known: BTreeSet<String>,
}

/// Fields that are quantities: name, device class, unit.
const FIELDS: &[(&str, &str, &str)] = &[
    ("current_A", "current", "A"),
    ("depth_cm", "distance", "cm"),
    ("energy_kWh", "energy", "kWh"),
    ("humidity", "humidity", "%"),
    ("light_lux", "illuminance", "lx"),
    ("moisture", "moisture", "%"),
    ("power_W", "power", "W"),
    ("pressure_hPa", "atmospheric_pressure", "hPa"),
    ("pressure_kPa", "pressure", "kPa"),
    ("rain_mm", "precipitation", "mm"),
    ("rain_rate_mm_h", "precipitation_intensity", "mm/h"),
    ("temperature_C", "temperature", "°C"),
    ("temperature_F", "temperature", "°F"),
    ("voltage_V", "voltage", "V"),
    ("wind_avg_km_h", "wind_speed", "km/h"),
    ("wind_avg_m_s", "wind_speed", "m/s"),
    ("wind_dir_deg", "wind_direction", "°"),
    ("wind_max_km_h", "wind_speed", "km/h"),
    ("wind_max_m_s", "wind_speed", "m/s"),
];

/// Fields that are yes or no: name, device class, what stands for yes and for no.
const WORDS: &[(&str, &str, &str, &str)] = &[
    ("alarm", "problem", "1", "0"),
    ("battery_ok", "battery", "0", "1"),
    ("closed", "door", "0", "1"),
    ("motion", "motion", "1", "0"),
    ("opened", "door", "1", "0"),
    ("tamper", "tamper", "1", "0"),
    ("water", "moisture", "1", "0"),
];

impl Rtl433 {
    /// Host, device and field of a topic.
    fn parts(topic: &str) -> Option<(&str, &str, &str)> {
        let (host, rest) = topic.strip_prefix(BASE)?.split_once(DEVICES)?;
        let (device, field) = rest.rsplit_once('/')?;
        (!host.is_empty() && !host.contains('/') && !device.is_empty()).then_some((host, device, field))
    }
}

fn component(topic: &str, id: &str, field: &str) -> Option<Value> {
    let mut config = if let Some((_, class, unit)) = FIELDS.iter().find(|(name, ..)| *name == field) {
        json!({ "platform": "sensor", "device_class": class, "unit_of_measurement": unit,
            "state_class": if *class == "energy" { "total_increasing" } else { "measurement" } })
    } else {
        let (_, class, on, off) = WORDS.iter().find(|(name, ..)| *name == field)?;
        json!({ "platform": "binary_sensor", "device_class": class, "payload_on": on, "payload_off": off })
    };
    config["unique_id"] = format!("rtl_433_{id}_{field}").into();
    config["name"] = field.into();
    config["state_topic"] = topic.into();
    config["expire_after"] = FRESH_S.into();
    Some(config)
}

impl Native for Rtl433 {
    fn name(&self) -> &'static str {
        "rtl_433"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("{BASE}+{DEVICES}#")]
    }

    fn takes(&self, topic: &str) -> bool {
        Self::parts(topic).is_some()
    }

    fn on_message(&mut self, topic: &str, _: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let Some((_, device, field)) = Self::parts(topic) else { return Ok(Vec::new()) };
        if self.known.contains(topic) || self.known.len() >= MOST {
            return Ok(Vec::new());
        }
        // The host is left out of the identity: another receiver may take over.
        let id = device.replace('/', "-");
        let Some(component) = component(topic, &id, field) else { return Ok(Vec::new()) };
        self.known.insert(topic.to_owned());
        let model = device.split('/').next().unwrap_or(device);
        let device = json!({
            "device": { "identifiers": [format!("rtl_433/{id}")], "name": id, "model": model },
            "components": { field: component },
        });
        Ok(vec![Announcement { source: topic.to_owned(), device: Some(device) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, Discovery, Driver};
    use lares_model::Value as Reading;

    #[test]
    fn each_value_adds_to_its_device() {
        let (mut native, mut discovery) = (Rtl433::default(), Discovery::new("mqtt", "homeassistant"));
        let base = "rtl_433/pi/devices/Acurite-Tower/A/1234";
        let mut spec = None;
        for field in ["temperature_C", "battery_ok", "time", "temperature_C"] {
            for a in native.on_message(&format!("{base}/{field}"), b"1").unwrap() {
                spec = discovery.announce(&a.source, a.device).unwrap().0.pop();
            }
        }
        let Some(Change::Announced(spec)) = spec else { panic!("{spec:?}") };
        assert_eq!((spec.info.entities.len(), spec.info.model.as_deref()), (2, Some("Acurite-Tower")));
        let (mut driver, problems) = Driver::new(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        let mut out = Vec::new();
        driver.on_message(&format!("{base}/temperature_C"), b"21.5", &mut out).unwrap();
        driver.on_message(&format!("{base}/battery_ok"), b"1", &mut out).unwrap();
        let values: Vec<_> = out
            .iter()
            .map(|o| match o {
                Observation::Reading { value, .. } => value.clone(),
                Observation::Availability { .. } | Observation::Picture { .. } => None,
            })
            .collect();
        assert_eq!(values, [Some(Reading::Number(21.5)), Some(Reading::Bool(false))]);
    }

    #[test]
    fn the_neighbourhood_is_bounded() {
        let mut native = Rtl433::default();
        let new = (0..2 * MOST).filter(|n| {
            let topic = format!("rtl_433/pi/devices/X/{n}/humidity");
            !native.on_message(&topic, b"1").unwrap().is_empty()
        });
        assert_eq!(new.count(), MOST);
        assert!(!native.takes("rtl_433/pi/events") && !native.takes("rtl_433/pi/devices/humidity"));
    }
}
