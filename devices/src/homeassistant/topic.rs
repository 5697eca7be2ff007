//! Topics: which ones announce, and which filters match.

/// What a configuration topic says: `<prefix>/<component>/[<node_id>/]<object_id>/config`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConfigTopic<'a> {
    pub component: &'a str,
    pub node_id: Option<&'a str>,
    pub object_id: &'a str,
}

impl<'a> ConfigTopic<'a> {
    /// `None` if it is no configuration topic under `prefix`. Ids may hold any character but `/`: real publishers
    /// use blanks and `+`, and nothing is gained by losing their devices.
    pub fn parse(prefix: &str, topic: &'a str) -> Option<Self> {
        let rest = topic.strip_prefix(prefix)?.strip_prefix('/')?.strip_suffix("/config")?;
        let mut parts = rest.split('/');
        let (component, first, second) = (parts.next()?, parts.next()?, parts.next());
        if parts.next().is_some() || component.is_empty() || first.is_empty() || second == Some("") {
            return None;
        }
        Some(match second {
            Some(object_id) => Self { component, node_id: Some(first), object_id },
            None => Self { component, node_id: None, object_id: first },
        })
    }

    /// An id that is unique on the broker, for payloads that give none.
    pub fn derived_id(&self) -> String {
        match self.node_id {
            Some(node) => format!("{}_{node}_{}", self.component, self.object_id),
            None => format!("{}_{}", self.component, self.object_id),
        }
    }
}

/// Whether a filter with MQTT's wildcards matches a topic.
pub fn matches(filter: &str, topic: &str) -> bool {
    let (mut filter, mut topic) = (filter.split('/'), topic.split('/'));
    loop {
        match (filter.next(), topic.next()) {
            (Some("#"), _) => return true,
            (Some("+"), Some(_)) => {}
            (Some(f), Some(t)) if f == t => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

pub fn has_wildcard(filter: &str) -> bool {
    filter.split('/').any(|part| part == "+" || part == "#")
}

/// Longest topic that MQTT can carry, in bytes.
const LONGEST: usize = 65_535;

/// Why a broker would refuse this as a subscription; `None` if it would not.
pub fn refused_filter(filter: &str) -> Option<&'static str> {
    if filter.is_empty() {
        return Some("is empty");
    }
    if filter.contains('\0') || filter.len() > LONGEST {
        return Some("holds a NUL or is longer than MQTT allows");
    }
    let mut parts = filter.split('/').peekable();
    while let Some(part) = parts.next() {
        if part == "#" && parts.peek().is_some() || part.len() > 1 && part.contains(['+', '#']) {
            return Some("holds `+` or `#` where MQTT does not allow them");
        }
    }
    None
}

/// Why a broker would refuse this as a topic to publish to.
pub fn refused_topic(topic: &str) -> Option<&'static str> {
    if topic.contains(['+', '#']) {
        Some("holds `+` or `#`, which MQTT forbids in a published topic")
    } else {
        refused_filter(topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_topics() {
        let parse = |t| ConfigTopic::parse("homeassistant", t);
        let full = parse("homeassistant/sensor/0x1/ntc status/config").unwrap();
        assert_eq!((full.component, full.node_id, full.object_id), ("sensor", Some("0x1"), "ntc status"));
        assert_eq!(parse("homeassistant/light/lamp/config").unwrap().derived_id(), "light_lamp");
        assert_eq!(ConfigTopic::parse("ha/disc", "ha/disc/device/x/config").unwrap().object_id, "x");
        for other in [
            "homeassistant/status",
            "homeassistant/a/b/c/d/config",
            "homeassistant//x/config",
            "x/sensor/a/config",
            "homeassistant/sensor/config",
        ] {
            assert!(parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn filters() {
        assert!(matches("+/+/BTtoMQTT/A", "home/gw/BTtoMQTT/A"));
        assert!(matches("a/#", "a/b/c") && matches("a/#", "a") && matches("a/b", "a/b"));
        assert!(!matches("a/+", "a/b/c") && !matches("a/b", "a") && !matches("a", "a/b"));
        assert!(
            refused_filter("a/b+").is_some()
                && refused_filter("#/a").is_some()
                && refused_filter("").is_some()
        );
        assert!(refused_filter("+/a/#").is_none() && refused_topic("+/a").is_some());
    }
}
