//! `update`: installed and latest version; how far it is; installing is a press.

use lares_model::{Property, Value, ValueKind};

use super::super::json::Json;
use super::super::template::Rendered;
use super::builder::{Access, Builder, PERCENT, percent_unit};
use super::sink::{Out, Sink, as_json};
use super::writer::How;

pub fn build(b: &mut Builder<'_>) {
    let state = b.read("state_topic", "value_template", Sink::Update);
    let latest =
        b.read("latest_version_topic", "latest_version_template", Sink::Text(Property::LatestVersion));
    b.property(
        Property::InstalledVersion,
        ValueKind::Text,
        None,
        Access { readable: state, writable: false },
    );
    b.property(
        Property::LatestVersion,
        ValueKind::Text,
        None,
        Access { readable: state || latest, writable: false },
    );
    b.property(Property::Percentage, PERCENT, percent_unit(), Access { readable: state, writable: false });
    if let Some(payload) = b.config.text("payload_install") {
        let writable = b.write(Property::Press, "command_topic", "", None, How::Press(payload));
        b.property(Property::Press, ValueKind::Bool, None, Access { readable: false, writable });
    }
}

/// JSON with versions and how far it is, or the installed version as a bare text.
pub fn read(rendered: &Rendered<'_>, out: &mut Out<'_>) -> Result<(), String> {
    let done = as_json(rendered, |json| json.get("update_percentage").map(|done| done.number()));
    if let Some(Some(done)) = done {
        match done {
            Some(percent) => out.number(Property::Percentage, percent.clamp(0.0, 100.0))?,
            None => out.put(Property::Percentage, None),
        }
    }
    let versions = as_json(rendered, |json| {
        [("installed_version", Property::InstalledVersion), ("latest_version", Property::LatestVersion)]
            .map(|(key, property)| (property, json.get(key).map(version)))
    });
    match versions {
        Some(found) => {
            for (property, value) in found {
                if let Some(value) = value {
                    out.put(property, value);
                }
            }
            Ok(())
        }
        None => Sink::Text(Property::InstalledVersion).apply(
            rendered,
            &super::super::template::Message::new(""),
            out,
        ),
    }
}

/// -1 stands for "not known" with zigbee2mqtt.
fn version(json: &Json<'_>) -> Option<Value> {
    let text = Rendered::of(json).text().into_owned();
    (!matches!(text.as_str(), "" | "None" | "-1" | "null" | "unknown")).then(|| Value::text(text))
}
