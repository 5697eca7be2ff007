//! Discovery: configuration messages in, changes of devices out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_model::DeviceInfo;
use serde_json::Value;

use super::config::{Config, wrong};
use super::device_block;
use super::expand;
use super::info::{complete, named};
use super::parts::{LONGEST_ID, Part, parse, parts_of};
use super::spec::DeviceSpec;
use super::surplus::Surplus;
use super::topic::ConfigTopic;
use crate::Problem;
use crate::problem::quote;

/// What a configuration message changed.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// A device is new or other than before: the whole of it, as it is now.
    Announced(Box<DeviceSpec>),
    /// Its last entity is gone.
    Removed { device_key: String },
}

/// Longest announcement that is read, in bytes.
const LONGEST: usize = 1 << 20;
/// Most entities of one device: a runaway publisher must not fill the memory.
const MOST_ENTITIES: usize = 2_000;
/// Most bytes of all announcements of a link together. A house of 500 devices has about ten million.
const MOST_BYTES: usize = 64 << 20;

/// Knows all devices that a link has announced.
pub struct Discovery {
    link: String,
    prefix: String,
    devices: BTreeMap<String, DeviceSpec>,
    /// What each configuration topic announced.
    sources: BTreeMap<String, Announced>,
    /// Which device has an entity.
    owners: BTreeMap<String, String>,
    /// Which device answers to an identifier.
    identifiers: BTreeMap<String, String>,
    /// How long all announcements are together.
    bytes: usize,
    surplus: Surplus,
}

#[derive(Default)]
struct Announced {
    /// Hash of the payload, if it was accepted as a whole: the same again is passed over.
    payload: Option<u64>,
    entities: BTreeSet<String>,
    /// How long it was.
    bytes: usize,
    /// Heard since the start. What is only restored gives way: its publisher may use another topic by now.
    heard: bool,
}

impl Discovery {
    pub fn new(link: &str, prefix: &str) -> Self {
        Self {
            link: link.to_owned(),
            prefix: prefix.trim_end_matches('/').to_owned(),
            devices: BTreeMap::new(),
            sources: BTreeMap::new(),
            owners: BTreeMap::new(),
            identifiers: BTreeMap::new(),
            bytes: 0,
            surplus: Surplus::default(),
        }
    }

    /// Devices that announced more than is taken of one: their names, and how many of their entities were left out.
    pub fn left_out(&self) -> Vec<(String, usize)> {
        let name = |key: &str| self.devices.get(key).map_or(key, |spec| &*spec.info.name).to_owned();
        self.surplus.each().map(|(key, count)| (name(key), count)).collect()
    }

    /// Filters on which announcements come.
    pub fn subscriptions(&self) -> Vec<String> {
        vec![format!("{}/+/+/config", self.prefix), format!("{}/+/+/+/config", self.prefix)]
    }

    pub fn is_config_topic(&self, topic: &str) -> bool {
        ConfigTopic::parse(&self.prefix, topic).is_some()
    }

    /// A device known from before this start. A later announcement of the same changes nothing.
    pub fn restore(&mut self, spec: DeviceSpec) {
        let key = spec.info.key.clone();
        for entity in &spec.entities {
            self.owners.insert(entity.key.clone(), key.clone());
            self.sources.entry(entity.source.clone()).or_default().entities.insert(entity.key.clone());
        }
        for identifier in &spec.info.identifiers {
            self.identifiers.insert(identifier.clone(), key.clone());
        }
        self.devices.insert(key, spec);
    }

    /// A device as known now.
    pub fn device(&self, key: &str) -> Option<&DeviceSpec> {
        self.devices.get(key)
    }

    /// Take a configuration message. `Err`: nothing of it could be used. Problems beside changes concern single
    /// entities; the others live.
    pub fn on_config(&mut self, topic: &str, payload: &[u8]) -> Result<(Vec<Change>, Vec<Problem>), Problem> {
        let named = ConfigTopic::parse(&self.prefix, topic)
            .ok_or_else(|| Problem::new(topic, format!("is no configuration topic of `{}`", self.prefix)))?;
        if payload.len() > LONGEST {
            return Err(Problem::new(
                topic,
                format!("announcement of {} bytes; at most {LONGEST} are read", payload.len()),
            ));
        }
        let hash = fnv(payload);
        if self.sources.get(topic).is_some_and(|s| s.payload == Some(hash)) {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut problems = Vec::new();
        let (parts, device) = if payload.iter().all(u8::is_ascii_whitespace) {
            (Vec::new(), None)
        } else {
            let announcement = parse(topic, named, payload)?;
            if announcement.migrates {
                self.let_go(topic);
                return Ok((Vec::new(), Vec::new()));
            }
            let device = announcement.device.clone();
            (parts_of(topic, named, announcement, &mut problems)?, Some(device))
        };
        let changes = self.keep(topic, parts, device, &mut problems)?;
        if let Some(source) = self.sources.get_mut(topic) {
            source.payload = problems.is_empty().then_some(hash);
        }
        Ok((changes, problems))
    }

    /// Take what a protocol of its own announces: a device in the form of a whole-device announcement, under the name of
    /// its source. `None`: all that this source announced is gone.
    ///
    /// # Errors
    /// Nothing of it could be used. Problems beside changes concern single entities; the others live.
    pub fn announce(
        &mut self,
        source: &str,
        device: Option<Value>,
    ) -> Result<(Vec<Change>, Vec<Problem>), Problem> {
        let mut problems = Vec::new();
        let (parts, block) = match device {
            None => (Vec::new(), None),
            Some(Value::Object(payload)) => {
                let named = ConfigTopic { component: "device", node_id: None, object_id: source };
                let announcement =
                    expand::announcement(payload, true).map_err(|why| Problem::new(source, why))?;
                let block = announcement.device.clone();
                (parts_of(source, named, announcement, &mut problems)?, Some(block))
            }
            Some(other) => return Err(Problem::new(source, wrong("device", &other, "a table"))),
        };
        Ok((self.keep(source, parts, block, &mut problems)?, problems))
    }

    /// Apply what a source announces, if there is room for it.
    fn keep(
        &mut self,
        topic: &str,
        parts: Vec<Part>,
        block: Option<serde_json::Map<String, Value>>,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Change>, Problem> {
        let before = self.sources.get(topic).map_or(0, |s| s.bytes);
        let bytes = parts.iter().map(Part::bytes).sum::<usize>();
        if self.bytes - before + bytes > MOST_BYTES && bytes > 0 {
            let reason =
                format!("all announcements together have {MOST_BYTES} bytes already; no more are taken");
            return Err(Problem::new(topic, reason));
        }
        let changes = self.apply(topic, parts, block, problems);
        self.bytes -= before;
        if let Some(source) = self.sources.get_mut(topic) {
            source.bytes = bytes;
            self.bytes += bytes;
        }
        Ok(changes)
    }

    pub(super) fn apply(
        &mut self,
        topic: &str,
        parts: Vec<Part>,
        block: Option<serde_json::Map<String, Value>>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Change> {
        let before: BTreeSet<String> = self.sources.remove(topic).unwrap_or_default().entities;
        let mut kept = BTreeSet::new();
        let mut touched = BTreeMap::new();
        let block = block.unwrap_or_default();
        let device = parts.first().map(|first| self.device_for(&block, &first.unique_id));
        for part in parts {
            let key = format!("{}/{}", self.link, part.unique_id);
            let Some(device) = &device else { break };
            if self.is_said_better(&key, topic) {
                continue;
            }
            if kept.contains(&key) || self.is_taken(&key, topic, &before) {
                let reason = format!(
                    "`unique_id` {} is taken by another entity; the first one stays",
                    quote(&part.unique_id)
                );
                problems.push(Problem::new(topic, reason));
                continue;
            }
            if let Some(owner) = self.owners.get(&key).filter(|owner| *owner != device).cloned() {
                self.take(&key, &owner, &mut touched);
            }
            let entity = fnv(key.as_bytes());
            if self.put(device, &key, topic, part, &mut touched) {
                self.surplus.taken(device, entity);
                kept.insert(key);
            } else {
                self.surplus.note(device, entity);
                problems.push(Problem::new(
                    topic,
                    format!("device has {MOST_ENTITIES} entities already; no more are taken"),
                ));
            }
        }
        for gone in before.difference(&kept) {
            if let Some(owner) = self.owners.get(gone).cloned() {
                self.take(gone, &owner, &mut touched);
            }
        }
        if let (Some(device), false) = (&device, kept.is_empty()) {
            self.touch(device, &mut touched);
            if let Some(spec) = self.devices.get_mut(device) {
                device_block::merge(&mut spec.info, Config(&block));
                for identifier in &spec.info.identifiers {
                    self.identifiers.entry(identifier.clone()).or_insert_with(|| device.clone());
                }
            }
        }
        if !kept.is_empty() {
            self.sources
                .insert(topic.to_owned(), Announced { payload: None, entities: kept, bytes: 0, heard: true });
        }
        self.changes(touched)
    }

    /// The topic that announced an entity.
    fn source_of(&self, key: &str) -> Option<String> {
        let owner = self.owners.get(key).and_then(|owner| self.devices.get(owner))?;
        owner.entities.iter().find(|e| e.key == key).map(|e| e.source.clone())
    }

    /// Whether a protocol of its own speaks of what its publisher has announced in Home Assistant's form, also before this
    /// start: that says more, and stays.
    fn is_said_better(&self, key: &str, topic: &str) -> bool {
        !self.is_config_topic(topic)
            && self.source_of(key).is_some_and(|source| self.is_config_topic(&source))
    }

    /// The publisher says that it will announce this otherwise: whoever announces it next may have it.
    fn let_go(&mut self, topic: &str) {
        if let Some(source) = self.sources.get_mut(topic) {
            source.heard = false;
            source.payload = None;
        }
    }

    /// Whether an entity belongs to another topic. One that was only restored from before this start is let go, and so is one
    /// that a protocol of its own announced where its publisher now does so in Home Assistant's form.
    fn is_taken(&mut self, key: &str, topic: &str, before: &BTreeSet<String>) -> bool {
        if before.contains(key) {
            return false;
        }
        let Some(from) = self.source_of(key) else { return false };
        let native = !self.is_config_topic(&from) && self.is_config_topic(topic);
        match self.sources.get_mut(&from) {
            Some(source) if source.heard && !native => true,
            Some(source) => {
                source.entities.remove(key);
                false
            }
            None => false,
        }
    }

    /// The device that a block speaks of: one that answers to any of its identifiers, else a new one.
    fn device_for(&self, block: &serde_json::Map<String, Value>, unique_id: &str) -> String {
        let mut identifiers = device_block::identifiers(Config(block));
        identifiers.retain(|i| i.len() <= LONGEST_ID);
        let known = identifiers.iter().find_map(|i| self.identifiers.get(i)).cloned();
        known.unwrap_or_else(|| {
            format!("{}/{}", self.link, identifiers.first().map_or(unique_id, String::as_str))
        })
    }

    /// Remember how a device was before it is changed.
    fn touch(&self, device: &str, touched: &mut BTreeMap<String, Option<DeviceSpec>>) {
        if !touched.contains_key(device) {
            touched.insert(device.to_owned(), self.devices.get(device).cloned());
        }
    }

    fn put(
        &mut self,
        device: &str,
        key: &str,
        topic: &str,
        part: Part,
        touched: &mut BTreeMap<String, Option<DeviceSpec>>,
    ) -> bool {
        // Before anything is remembered: who announces without end must not cost more with each one.
        let full = |spec: &DeviceSpec| {
            spec.entities.len() >= MOST_ENTITIES && spec.entities.iter().all(|e| e.key != key)
        };
        if self.devices.get(device).is_some_and(full) {
            return false;
        }
        self.touch(device, touched);
        let spec = self.devices.entry(device.to_owned()).or_insert_with(|| DeviceSpec {
            info: DeviceInfo { key: device.to_owned(), link: self.link.clone(), ..DeviceInfo::default() },
            entities: Vec::new(),
        });
        let at = spec.entities.iter().position(|e| e.key == key);
        let entity = named(spec, key, topic, part);
        match at.and_then(|at| spec.entities.get_mut(at)) {
            Some(place) => *place = Arc::new(entity),
            None => spec.entities.push(Arc::new(entity)),
        }
        self.owners.insert(key.to_owned(), device.to_owned());
        true
    }

    fn take(&mut self, key: &str, owner: &str, touched: &mut BTreeMap<String, Option<DeviceSpec>>) {
        self.touch(owner, touched);
        self.owners.remove(key);
        if let Some(spec) = self.devices.get_mut(owner) {
            spec.entities.retain(|e| e.key != key);
        }
    }

    fn changes(&mut self, touched: BTreeMap<String, Option<DeviceSpec>>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (key, before) in touched {
            let Some(spec) = self.devices.get_mut(&key) else { continue };
            if spec.entities.is_empty() {
                self.devices.remove(&key);
                self.identifiers.retain(|_, device| *device != key);
                self.surplus.forget(&key);
                if before.is_some() {
                    changes.push(Change::Removed { device_key: key });
                }
                continue;
            }
            complete(spec, before.as_ref());
            if before.as_ref() != Some(spec) {
                changes.push(Change::Announced(Box::new(spec.clone())));
            }
        }
        // What went goes first: an entity that moved is never in two devices.
        changes.sort_by_key(|c| matches!(c, Change::Announced(_)));
        changes
    }
}

/// 64-bit FNV-1a, to see whether a payload is the same as before.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}
