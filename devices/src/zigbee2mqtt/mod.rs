//! zigbee2mqtt's bridge: the coordinator itself, and its groups. See `README.md`.

pub(crate) mod twin;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Problem;
use crate::native::{Announcement, Native, object, text};

/// The base that zigbee2mqtt has unless it was told another; others are found by the shape of their topics.
const INFO: &str = "/bridge/info";
const GROUPS: &str = "/bridge/groups";
/// Groups at most; Zigbee has sixteen bits for them and nobody has a thousand.
const MOST: usize = 1_000;

/// The bridge as a device (joining, health, versions, restart), and each group of lamps as one that takes one command
/// for all. What hangs on the bridge announces itself in Home Assistant's form.
#[derive(Default)]
pub struct Zigbee2mqtt {
    groups: BTreeSet<String>,
}

impl Native for Zigbee2mqtt {
    fn name(&self) -> &'static str {
        "zigbee2mqtt"
    }

    fn subscriptions(&self) -> Vec<String> {
        vec![format!("+{INFO}"), format!("+{GROUPS}")]
    }

    fn takes(&self, topic: &str) -> bool {
        let base = topic.strip_suffix(INFO).or_else(|| topic.strip_suffix(GROUPS));
        base.is_some_and(|base| !base.is_empty() && !base.contains('/'))
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        match (topic.strip_suffix(INFO), topic.strip_suffix(GROUPS)) {
            (Some(base), _) => bridge(topic, base, payload),
            (_, Some(base)) => self.groups(topic, base, payload),
            _ => Ok(Vec::new()),
        }
    }
}

fn bridge(topic: &str, base: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
    let info = object(topic, payload)?;
    let coordinator = info.pointer("/coordinator/ieee_address").and_then(Value::as_str).unwrap_or(base);
    let component = |platform: &str, key: &str, more: Value| {
        let mut component = json!({ "platform": platform, "unique_id": format!("bridge_{coordinator}_{key}_lares"),
            "name": key, "entity_category": "diagnostic" });
        if let (Some(component), Value::Object(more)) = (component.as_object_mut(), more) {
            component.extend(more);
        }
        component
    };
    let request = |what: &str| format!("{base}/bridge/request/{what}");
    let device = json!({
        // The identifier that its own announcements have: both make one device.
        "device": { "identifiers": [format!("zigbee2mqtt_bridge_{coordinator}")], "name": "Zigbee2MQTT Bridge",
            "manufacturer": "Zigbee2MQTT", "model": "Bridge", "sw_version": text(&info, "version") },
        "components": {
            "permit_join": component("switch", "joining", json!({ "entity_category": "config", "state_topic": topic,
                "value_template": "{{ value_json.permit_join }}", "state_on": "True", "state_off": "False",
                "payload_on": "{\"time\":254}", "payload_off": "{\"time\":0}",
                "command_topic": request("permit_join") })),
            "connection": component("binary_sensor", "connection", json!({ "device_class": "connectivity",
                "state_topic": format!("{base}/bridge/state"), "payload_on": "online", "payload_off": "offline",
                "value_template": "{{ value_json.state }}" })),
            "restart_required": component("binary_sensor", "restart_required", json!({ "device_class": "problem",
                "state_topic": topic, "value_template": "{{ value_json.restart_required }}",
                "payload_on": "True", "payload_off": "False" })),
            "version": component("sensor", "version", json!({ "state_topic": topic,
                "value_template": "{{ value_json.version }}" })),
            "health": component("binary_sensor", "health", json!({ "device_class": "problem",
                "state_topic": format!("{base}/bridge/response/health_check"),
                "value_template": "{{ value_json.data.healthy }}", "payload_on": "False", "payload_off": "True" })),
            "restart": component("button", "restart", json!({ "command_topic": request("restart"), "payload_press": "" })),
        },
    });
    Ok(vec![Announcement { source: topic.to_owned(), device: Some(device) }])
}

impl Zigbee2mqtt {
    fn groups(&mut self, topic: &str, base: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let wrapped = [b"{\"groups\":", payload, b"}"].concat();
        let list = object(topic, &wrapped)?;
        let list = list.get("groups").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut announced = Vec::new();
        let mut now = BTreeSet::new();
        for group in list.iter().take(MOST) {
            let (Some(id), name) = (group.get("id").and_then(Value::as_u64), text(group, "friendly_name"))
            else {
                continue;
            };
            let members = group.get("members").and_then(Value::as_array).map_or(0, Vec::len);
            if name.is_empty() || members == 0 {
                continue;
            }
            let source = format!("{topic}#{id}");
            now.insert(source.clone());
            let device = json!({
                "device": { "identifiers": [format!("zigbee2mqtt_{base}_group_{id}")], "name": name,
                    "manufacturer": "Zigbee2MQTT", "model": format!("Group of {members}") },
                "components": { "light": { "platform": "light", "schema": "json", "name": "light",
                    "unique_id": format!("{base}_group_{id}_light_lares"), "state_topic": format!("{base}/{name}"),
                    "command_topic": format!("{base}/{name}/set"), "brightness": true, "brightness_scale": 254,
                    "supported_color_modes": ["color_temp", "xy"] } },
            });
            announced.push(Announcement { source, device: Some(device) });
        }
        for gone in self.groups.iter().filter(|old| old.starts_with(topic) && !now.contains(*old)) {
            announced.push(Announcement { source: gone.clone(), device: None });
        }
        self.groups.retain(|old| !old.starts_with(topic));
        self.groups.extend(now);
        Ok(announced)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Observation;
    use crate::homeassistant::{Change, Discovery, Driver};
    use lares_model::{Property, Value as Reading};

    #[test]
    fn the_bridge_lets_join_and_tells_how_it_is() {
        let (mut native, mut discovery) = (Zigbee2mqtt::default(), Discovery::new("mqtt", "homeassistant"));
        let info = br#"{"version":"2.14.1","permit_join":false,"restart_required":false,"coordinator":{"ieee_address":"0x1"}}"#;
        let a = native.on_message("zigbee2mqtt/bridge/info", info).unwrap().remove(0);
        let (mut changes, problems) = discovery.announce(&a.source, a.device).unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        let Change::Announced(spec) = changes.remove(0) else { panic!() };
        let (mut driver, problems) = Driver::new(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        let mut out = Vec::new();
        driver.on_message("zigbee2mqtt/bridge/info", info, &mut out).unwrap();
        let joining = spec.info.entities.iter().find(|e| e.slug == "joining").unwrap().id();
        let off = Observation::Reading {
            entity: joining,
            property: Property::On,
            value: Some(Reading::Bool(false)),
        };
        assert!(out.contains(&off), "{out:?}");
        let sent = driver.command(joining, &[(Property::On, Reading::Bool(true))]).unwrap();
        assert_eq!(
            (sent[0].topic.as_str(), &sent[0].payload[..]),
            ("zigbee2mqtt/bridge/request/permit_join", &b"{\"time\":254}"[..])
        );
    }

    #[test]
    fn a_group_takes_one_command_and_goes_when_it_is_dissolved() {
        let (mut native, mut discovery) = (Zigbee2mqtt::default(), Discovery::new("mqtt", "homeassistant"));
        let topic = "zigbee2mqtt/bridge/groups";
        let some = br#"[{"id":3,"friendly_name":"downstairs","members":[{},{}]},{"id":4,"friendly_name":"empty","members":[]}]"#;
        let mut announced = native.on_message(topic, some).unwrap();
        assert_eq!(announced.len(), 1);
        let a = announced.remove(0);
        let Change::Announced(spec) = discovery.announce(&a.source, a.device).unwrap().0.remove(0) else {
            panic!()
        };
        let (driver, _) = Driver::new(&spec);
        let sent =
            driver.command(spec.info.entities[0].id(), &[(Property::On, Reading::Bool(true))]).unwrap();
        assert_eq!((sent.len(), sent[0].topic.as_str()), (1, "zigbee2mqtt/downstairs/set"));
        let gone = native.on_message(topic, b"[]").unwrap();
        assert_eq!(gone, [Announcement { source: format!("{topic}#3"), device: None }]);
        assert!(matches!(discovery.announce(&gone[0].source, None).unwrap().0[0], Change::Removed { .. }));
        assert!(native.on_message(topic, b"[").is_err());
    }
}
