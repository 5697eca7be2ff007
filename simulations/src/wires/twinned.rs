//! The peer of a link whose devices have twins: all of them together.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_config::Home;
use lares_devices::twins::Twin;
use lares_kernel::Chance;
use lares_model::Timestamp;

use super::{Peer, Said};
use crate::twins::local_hour;

/// The twins on one link.
pub struct Twinned {
    twins: BTreeMap<String, Twin>,
    home: Arc<Home>,
    chance: Arc<dyn Chance>,
}

impl Twinned {
    pub fn new(twins: BTreeMap<String, Twin>, home: Arc<Home>, chance: Arc<dyn Chance>) -> Self {
        Self { twins, home, chance }
    }
}

fn said(messages: Vec<lares_devices::Send>) -> impl Iterator<Item = Said> {
    messages.into_iter().map(|m| Said { topic: m.topic.into(), bytes: m.payload.into(), retain: m.retain })
}

impl Peer for Twinned {
    fn greet(&mut self) -> Vec<Said> {
        self.twins.values().flat_map(|t| said(t.announce())).collect()
    }

    fn hear(&mut self, topic: &str, bytes: &[u8], now: Timestamp) -> Vec<Said> {
        self.twins.values_mut().flat_map(|t| said(t.on_message(topic, bytes, now))).collect()
    }

    fn act(&mut self, now: Timestamp) -> (Vec<Said>, Option<Timestamp>) {
        let hour = local_hour(&self.home, now);
        let mut all = Vec::new();
        for twin in self.twins.values_mut().filter(|t| t.next_tick() <= now) {
            all.extend(said(twin.tick(now, hour, &mut || self.chance.next_u64())));
        }
        (all, self.twins.values().map(Twin::next_tick).min())
    }
}
