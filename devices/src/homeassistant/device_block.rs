//! The `device` block of an announcement.

use lares_model::DeviceInfo;
use serde_json::Value;

use super::config::{Config, text_of};

/// Identifiers of a device block; its connections (`mac:...`) where it has none.
pub fn identifiers(block: Config<'_>) -> Vec<String> {
    let mut found = block.list("identifiers");
    if found.is_empty()
        && let Some(Value::Array(connections)) = block.get("connections")
    {
        for pair in connections {
            if let Some([kind, address]) = pair.as_array().map(Vec::as_slice)
                && let (Some(kind), Some(address)) = (text_of(kind), text_of(address))
            {
                found.push(format!("{kind}:{address}"));
            }
        }
    }
    found.retain(|i| !i.is_empty());
    found
}

/// Take over what a block says. What it does not say stays: several announcements share one device.
pub fn merge(info: &mut DeviceInfo, block: Config<'_>) {
    for identifier in identifiers(block) {
        if !info.identifiers.contains(&identifier) {
            info.identifiers.push(identifier);
        }
    }
    if let Some(name) = block.text("name").filter(|n| !n.trim().is_empty()) {
        info.name = name;
    }
    let take = |slot: &mut Option<String>, key: &str| {
        if let Some(text) = block.text(key) {
            *slot = Some(text);
        }
    };
    take(&mut info.manufacturer, "manufacturer");
    take(&mut info.model, "model");
    take(&mut info.sw_version, "sw_version");
    take(&mut info.via, "via_device");
    take(&mut info.suggested_area, "suggested_area");
    if info.model.is_none() {
        take(&mut info.model, "model_id");
    }
}
