//! A Theengs gateway, which speaks as OpenMQTTGateway does: one topic for each Bluetooth thermometer that it hears.

use serde_json::json;

use crate::Send;
use crate::twins::spoken::{Speaks, kept, said};

const MAC: &str = "A4C138AABBCC";

/// The gateway and a thermometer.
pub struct Theengs;

impl Speaks for Theengs {
    fn name(&self) -> &'static str {
        "theengs"
    }

    fn announce(&self) -> Vec<Send> {
        let topic = format!("home/TheengsGateway/BTtoMQTT/{MAC}");
        let part = |key: &str, class: &str, unit: &str| {
            let config = json!({ "stat_t": format!("+/+/BTtoMQTT/{MAC}"), "name": format!("LYWSD03MMC-{key}"),
                "uniq_id": format!("{MAC}-{key}"), "dev_cla": class, "unit_of_meas": unit, "stat_cla": "measurement",
                "val_tpl": format!("{{{{ value_json.{key} | is_defined }}}}"),
                "dev": { "ids": [MAC], "cns": [["mac", MAC]], "mf": "Xiaomi", "mdl": "LYWSD03MMC_ATC", "name": "Thermometer" } });
            kept(format!("homeassistant/sensor/{MAC}-{key}/config"), config.to_string())
        };
        let measured = json!({ "id": "A4:C1:38:AA:BB:CC", "name": "ATC_AABBCC", "rssi": -67, "tempc": 21.4, "tempf": 70.52,
            "hum": 45.2, "batt": 83, "volt": 2.983 });
        vec![
            part("tempc", "temperature", "°C"),
            part("hum", "humidity", "%"),
            part("batt", "battery", "%"),
            said(topic.clone(), measured.to_string()),
            // Another packet of it says less.
            said(topic, json!({ "id": "A4:C1:38:AA:BB:CC", "rssi": -70 }).to_string()),
        ]
    }
}
