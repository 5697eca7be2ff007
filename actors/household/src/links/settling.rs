//! Large devices that announce themselves one entity at a time: each announcement tells the whole device, so that two thousand of
//! them, each written down, would be a gigabyte. They are put into the household when a moment has passed.

use std::collections::BTreeMap;
use std::time::Duration;

use lares_devices::homeassistant::DeviceSpec;
use lares_model::NodeId;

/// Larger than anything that one person plugs in: everything smaller is there at once.
const LARGE: usize = 100;
/// How long a large device may go on before it is put.
const MOMENT: Duration = Duration::from_secs(1);

/// Devices that are still announcing themselves, as they are by now.
#[derive(Default)]
pub struct Settling {
    waiting: BTreeMap<NodeId, Box<DeviceSpec>>,
    planned: bool,
}

impl Settling {
    /// Takes a device in if it is large; gives it back if it is to be put at once.
    pub fn take(&mut self, spec: Box<DeviceSpec>) -> Option<Box<DeviceSpec>> {
        if spec.entities.len() < LARGE {
            self.waiting.remove(&spec.info.id());
            return Some(spec);
        }
        self.waiting.insert(spec.info.id(), spec);
        None
    }

    /// How long until [`Settling::settled`] is to be asked, if nobody planned that yet.
    pub fn plan(&mut self) -> Option<Duration> {
        let first = !self.waiting.is_empty() && !std::mem::replace(&mut self.planned, true);
        first.then_some(MOMENT)
    }

    /// The moment has passed: these are to be put.
    pub fn settled(&mut self) -> Vec<DeviceSpec> {
        self.planned = false;
        std::mem::take(&mut self.waiting).into_values().map(|spec| *spec).collect()
    }

    /// It is gone again.
    pub fn forget(&mut self, device: NodeId) {
        self.waiting.remove(&device);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lares_devices::homeassistant::{Change, Discovery};

    fn announced(discovery: &mut Discovery, n: usize) -> Box<DeviceSpec> {
        let config =
            format!(r#"{{"unique_id":"{n}","state_topic":"s/{n}","device":{{"identifiers":["d"]}}}}"#);
        let topic = format!("homeassistant/sensor/d/{n}/config");
        match discovery.on_config(&topic, config.as_bytes()).unwrap().0.remove(0) {
            Change::Announced(spec) => spec,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_large_device_is_put_once_in_a_moment_and_a_small_one_at_once() {
        let (mut settling, mut discovery) = (Settling::default(), Discovery::new("mqtt", "homeassistant"));
        let (mut at_once, mut planned) = (0, 0);
        for n in 0..300 {
            at_once += usize::from(settling.take(announced(&mut discovery, n)).is_some());
            planned += usize::from(settling.plan().is_some());
        }
        assert_eq!((at_once, planned), (LARGE - 1, 1));
        let settled = settling.settled();
        assert_eq!(settled.iter().map(|s| s.entities.len()).collect::<Vec<_>>(), [300], "as it is by now");
        assert_eq!(settling.plan(), None);
        let more = announced(&mut discovery, 300);
        let id = more.info.id();
        assert!(settling.take(more).is_none() && settling.plan().is_some());
        settling.forget(id);
        assert!(settling.settled().is_empty());
    }
}
