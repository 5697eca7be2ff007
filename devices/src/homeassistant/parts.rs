//! The entities of one announcement, before they have a device.

use lares_model::Component;
use serde_json::Value;

use super::config::{Config, wrong};
use super::expand::{self, Announcement};
use super::json;
use super::topic::ConfigTopic;
use crate::Problem;
use crate::problem::quote;

/// Longest identifier, in bytes. Keys are stored and printed.
pub const LONGEST_ID: usize = 512;

/// One entity of an announcement, before it has a device.
pub struct Part {
    pub unique_id: String,
    pub component: Component,
    pub config: serde_json::Map<String, Value>,
}

impl Part {
    /// How long its configuration is, written out: what it costs to keep.
    pub fn bytes(&self) -> usize {
        serde_json::to_string(&self.config).map_or(0, |text| text.len())
    }
}

pub fn parse(topic: &str, named: ConfigTopic<'_>, payload: &[u8]) -> Result<Announcement, Problem> {
    let bad = |reason: String| Problem::new(topic, reason);
    let text =
        std::str::from_utf8(payload).map_err(|e| bad(format!("announcement is no UTF-8 text: {e}")))?;
    match json::parse_lenient(text).map_err(|e| bad(format!("announcement is no JSON: {e}")))? {
        Value::Object(object) => expand::announcement(object, named.component == "device").map_err(bad),
        other => Err(bad(wrong("announcement", &other, "a JSON object"))),
    }
}

/// The entities of an announcement. Unusable ones become problems; if all are, so does the announcement.
pub fn parts_of(
    topic: &str,
    named: ConfigTopic<'_>,
    announcement: Announcement,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Part>, Problem> {
    let mut parts = Vec::with_capacity(announcement.components.len());
    let mut refused = Vec::new();
    for (id, platform, mut config) in announcement.components {
        let component = if id.is_some() { platform.as_deref().unwrap_or_default() } else { named.component };
        let place = id.as_deref().map_or_else(String::new, |id| format!("component {}: ", quote(id)));
        let Some(component) = Component::parse(component) else {
            let known = Component::ALL.iter().map(|c| c.name()).collect::<Vec<_>>().join(", ");
            refused.push(Problem::new(
                topic,
                format!("{place}`platform` is {}; allowed: {known}", quote(component)),
            ));
            continue;
        };
        let unique_id =
            Config(&config).text("unique_id").filter(|u| !u.is_empty()).unwrap_or_else(|| match &id {
                Some(id) => format!("{}_{id}", named.derived_id()),
                None => named.derived_id(),
            });
        if unique_id.len() > LONGEST_ID {
            refused.push(Problem::new(
                topic,
                format!("{place}`unique_id` has {} bytes; at most {LONGEST_ID}", unique_id.len()),
            ));
            continue;
        }
        config.remove("unique_id");
        parts.push(Part { unique_id, component, config });
    }
    match refused.pop() {
        Some(only) if parts.is_empty() && refused.is_empty() => Err(only),
        last => {
            problems.extend(refused);
            problems.extend(last);
            Ok(parts)
        }
    }
}
