//! Which device listens to which topic.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use lares_model::{IdHasher, NodeId};
use smallvec::SmallVec;

/// Topics and the devices behind them. Exact topics are one look-up; filters with wildcards are tried in turn.
#[derive(Default)]
pub struct Routes {
    exact: HashMap<Arc<str>, SmallVec<[NodeId; 1]>, BuildHasherDefault<IdHasher>>,
    wild: Vec<(String, NodeId)>,
    by_device: BTreeMap<NodeId, Vec<String>>,
}

impl Routes {
    /// Sets the filters of a device; gives those that nobody listened to before.
    pub fn set(&mut self, device: NodeId, filters: Vec<String>) -> Vec<String> {
        if self.by_device.get(&device) == Some(&filters) {
            return Vec::new();
        }
        self.remove(device);
        let mut new = Vec::new();
        for filter in &filters {
            if is_wild(filter) {
                if !self.wild.iter().any(|(f, _)| f == filter) {
                    new.push(filter.clone());
                }
                self.wild.push((filter.clone(), device));
            } else {
                let devices = self.exact.entry(filter.as_str().into()).or_default();
                if devices.is_empty() {
                    new.push(filter.clone());
                }
                devices.push(device);
            }
        }
        self.by_device.insert(device, filters);
        new
    }

    pub fn remove(&mut self, device: NodeId) {
        for filter in self.by_device.remove(&device).unwrap_or_default() {
            if let Some(devices) = self.exact.get_mut(filter.as_str()) {
                devices.retain(|d| *d != device);
            }
        }
        self.wild.retain(|(_, d)| *d != device);
    }

    /// Devices that listen to `topic`, each once.
    pub fn find(&self, topic: &str) -> SmallVec<[NodeId; 4]> {
        let mut found: SmallVec<[NodeId; 4]> = self.exact.get(topic).into_iter().flatten().copied().collect();
        for (filter, device) in &self.wild {
            if !found.contains(device) && matches(filter, topic) {
                found.push(*device);
            }
        }
        found
    }

    pub fn filters(&self) -> Vec<String> {
        let mut all: Vec<String> = self.by_device.values().flatten().cloned().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

fn is_wild(filter: &str) -> bool {
    filter.split('/').any(|level| level == "+" || level == "#")
}

/// Whether an MQTT topic filter takes a topic (MQTT 3.1.1, section 4.7).
pub fn matches(filter: &str, topic: &str) -> bool {
    let mut topic_levels = topic.split('/');
    let mut filter_levels = filter.split('/');
    if topic.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#')) {
        return false;
    }
    loop {
        match (filter_levels.next(), topic_levels.next()) {
            (Some("#"), _) => return true,
            (Some("+"), Some(_)) => {}
            (Some(f), Some(t)) if f == t => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_match_as_mqtt_says() {
        for (filter, topic, expected) in [
            ("a/b", "a/b", true),
            ("a/b", "a/b/c", false),
            ("a/+", "a/b", true),
            ("a/+", "a", false),
            ("a/#", "a", true),
            ("a/#", "a/b/c", true),
            ("#", "a/b", true),
            ("#", "$SYS/x", false),
            ("+/+/BTtoMQTT/1", "home/gw/BTtoMQTT/1", true),
        ] {
            assert_eq!(matches(filter, topic), expected, "{filter} {topic}");
        }
    }

    #[test]
    fn a_device_changes_its_topics_and_leaves_others_alone() {
        let (one, two) = (NodeId(1), NodeId(2));
        let mut routes = Routes::default();
        assert_eq!(routes.set(one, vec!["x".into(), "shared".into()]), ["x", "shared"]);
        assert_eq!(routes.set(two, vec!["shared".into()]), Vec::<String>::new());
        assert_eq!(routes.find("shared").as_slice(), [one, two]);
        routes.set(one, vec!["y".into()]);
        assert_eq!(routes.find("shared").as_slice(), [two]);
        assert!(routes.find("x").is_empty());
        routes.remove(two);
        assert!(routes.find("shared").is_empty());
    }
}
