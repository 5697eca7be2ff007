//! ESPresense: Bluetooth receivers that tell how far away what they hear is. See `README.md`.

pub(crate) mod twin;

use std::collections::BTreeSet;

use crate::native::{Announcement, Native};
use crate::{Problem, beacon};

/// The part of every topic before the beacon's id.
const DEVICES: &str = "espresense/devices/";

/// What ESPresense receivers hear of beacons that people carry.
pub struct Espresense {
    beacons: BTreeSet<String>,
    /// Topics that were announced: at most one for each beacon and receiver.
    known: BTreeSet<String>,
}

/// Receivers of one beacon at most; a home has dozens.
const MOST_RECEIVERS: usize = 256;

impl Espresense {
    pub fn new(beacons: BTreeSet<String>) -> Self {
        Self { beacons, known: BTreeSet::new() }
    }

    /// Id and receiver of a topic. The receiver is its last level: ids may hold any character but `/`.
    fn parts(topic: &str) -> Option<(&str, &str)> {
        let (id, receiver) = topic.strip_prefix(DEVICES)?.split_once('/')?;
        (!id.is_empty() && !receiver.is_empty() && !receiver.contains('/')).then_some((id, receiver))
    }
}

impl Native for Espresense {
    fn name(&self) -> &'static str {
        "espresense"
    }

    fn subscriptions(&self) -> Vec<String> {
        if self.beacons.is_empty() { Vec::new() } else { vec![format!("{DEVICES}+/+")] }
    }

    fn takes(&self, topic: &str) -> bool {
        Self::parts(topic).is_some_and(|(id, _)| self.beacons.contains(id))
    }

    fn on_message(&mut self, topic: &str, payload: &[u8]) -> Result<Vec<Announcement>, Problem> {
        let Some((id, receiver)) = Self::parts(topic).filter(|(id, _)| self.beacons.contains(*id)) else {
            return Ok(Vec::new());
        };
        if self.known.contains(topic) || self.known.len() >= self.beacons.len() * MOST_RECEIVERS {
            return Ok(Vec::new());
        }
        self.known.insert(topic.to_owned());
        Ok(vec![beacon::announcement(topic, id, beacon::name_of(payload).as_deref(), receiver)])
    }
}

#[cfg(test)]
mod tests;
