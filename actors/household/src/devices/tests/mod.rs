//! The device's state against a wire that only takes notes.

mod codes;
mod commands;
mod guarded;
mod hands;
mod holds;
mod rate;
mod readings;
mod restored;
mod robots;
mod sequences;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lares_config::Home;
use lares_devices::homeassistant::Discovery;
use lares_kernel::Address;
use lares_kernel::wire::{Ack, Delivery, Outbound};
use lares_model::*;

use super::entity::Entity;
use super::{AnyDriver, Demand, DeviceState, Outlet, WireMessage};
use crate::DeviceEntry;

pub const S: Duration = Duration::from_secs(1);

/// All that came out.
#[derive(Default)]
pub struct Notes {
    pub events: Vec<Event>,
    pub writes: Vec<Write>,
    pub sent: Vec<Outbound>,
    pub problems: Vec<(String, String)>,
    pub pictures: Vec<Option<lares_devices::Picture>>,
    durable: Vec<Durability>,
}

impl Outlet for Notes {
    fn publish(&mut self, draft: Draft, writes: Vec<Write>) -> EventId {
        let id = EventId(1_000 + self.events.len() as u64);
        let at = draft.at.unwrap_or_default();
        let Draft { causes, origin, subject, body, durability, .. } = draft;
        self.events.push(Event { id, at, seen: at, causes, origin, subject, body });
        self.durable.push(durability);
        self.writes.extend(writes);
        id
    }

    fn send(&mut self, message: Outbound) {
        self.sent.push(message);
    }

    fn picture(&mut self, _: NodeId, picture: Option<lares_devices::Picture>, _: Timestamp) {
        self.pictures.push(picture);
    }

    fn problem(&mut self, place: &str, reason: &str) {
        self.problems.push((place.to_owned(), reason.to_owned()));
    }
}

/// A lamp with a sensor, a plug that never reports, and a clock.
pub struct Lamp {
    pub state: DeviceState,
    pub out: Notes,
    pub now: Timestamp,
}

pub const CONFIG: &str = r#"{
    "device": { "name": "Lamp" },
    "availability_topic": "lamp/availability",
    "entities": {
        "light": { "platform": "light", "schema": "json", "name": "light", "brightness": true,
                   "state_topic": "lamp", "command_topic": "lamp/set" },
        "temperature": { "platform": "sensor", "name": "temperature", "state_topic": "lamp/t", "expire_after": 60,
                         "unit_of_measurement": "°C" },
        "knob": { "platform": "event", "name": "knob", "state_topic": "lamp/e", "event_types": ["press"] },
        "plug": { "platform": "switch", "name": "plug", "command_topic": "plug/set" }
    }
}"#;

pub const HOME: &str = r#"
    [household]
    time_zone = "UTC"
    [mqtt.main]
    host = "localhost"
    [device.lamp]
    identifiers = ["lamp"]
"#;

pub fn home(text: &str) -> Arc<Home> {
    let files = vec![("home.toml".to_owned(), text.to_owned())];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

impl Lamp {
    pub fn new() -> Self {
        Self::with(HOME)
    }

    pub fn with(text: &str) -> Self {
        Self::of(text, CONFIG)
    }

    /// Another device in its place.
    pub fn of(text: &str, config: &str) -> Self {
        let spec = Discovery::declare("main", "lamp", &serde_json::from_str(config).unwrap()).unwrap();
        let entities: Vec<Entity> = spec
            .info
            .entities
            .iter()
            .map(|e| Entity::new(format!("lamp.{}", e.slug).into(), Arc::new(e.clone()), e.expire_after))
            .collect();
        let entry = DeviceEntry {
            id: spec.info.id(),
            reference: "lamp".into(),
            name: "Lamp".into(),
            room: None,
            info: Arc::new(spec.info.clone()),
            entities: spec.info.entities.iter().map(EntityInfo::id).collect(),
            address: Address::new("devices/lamp", &Arc::default()),
        };
        let (driver, problems) = AnyDriver::announced(&spec);
        assert!(problems.is_empty(), "{problems:?}");
        let state = DeviceState::new(&entry, driver, &home(text), entities);
        Self { state, out: Notes::default(), now: Timestamp(1_000_000_000) }
    }

    pub fn id(&self, slug: &str) -> NodeId {
        self.state.entities.values().find(|e| e.info.slug == slug).unwrap().id
    }

    fn wire(&mut self, topic: &str, payload: &str, retained: bool, ack: Option<Ack>) {
        let bytes = Bytes::from(payload.to_owned());
        let message = WireMessage { topic: topic.into(), bytes, at: self.now, retained, ack };
        self.state.heard(&message, self.now, &mut self.out);
    }

    /// Its knob is pressed; the message has a packet identifier, and may be one delivered again.
    pub fn pressed(&mut self, packet: u16, again: bool) {
        self.wire("lamp/e", r#"{"event_type":"press"}"#, false, Some(Ack::new(packet, again, || {})));
    }

    /// The lamp's report, as the wire delivers it a second time.
    pub fn says_again(&mut self, on: bool) {
        let text = if on { r#"{"state":"ON"}"# } else { r#"{"state":"OFF"}"# };
        self.wire("lamp", text, false, Some(Ack::new(1, true, || {})));
    }

    pub fn presses(&self) -> usize {
        let press = |e: &&Event| matches!(e.body, Body::Reading { property: Property::EventType, .. });
        self.out.events.iter().filter(press).count()
    }

    pub fn hears(&mut self, topic: &str, payload: &str) {
        self.wire(topic, payload, false, None);
    }

    pub fn hears_retained(&mut self, topic: &str, payload: &str) {
        self.wire(topic, payload, true, None);
    }

    /// The lamp says it is on or off.
    pub fn says(&mut self, on: bool) {
        self.hears("lamp", if on { r#"{"state":"ON"}"# } else { r#"{"state":"OFF"}"# });
    }

    pub fn wish(&mut self, source: &str, level: Level, until: Until, on: bool) {
        self.wishes("light", source, level, until, vec![(Property::On, on.into())]);
    }

    pub fn wishes(
        &mut self,
        slug: &str,
        source: &str,
        level: Level,
        until: Until,
        values: Vec<(Property, Value)>,
    ) {
        let demand = Demand {
            entity: self.id(slug),
            values,
            source: source.into(),
            origin: Origin::Console,
            level,
            until,
            reason: "test".into(),
            causes: Causes::new(),
            basis: None,
            code: None,
            answers: None,
            token: None,
        };
        self.state.demand(demand, self.now, &mut self.out);
    }

    pub fn gives_up(&mut self, source: &str) {
        let light = self.id("light");
        self.state.release(
            light,
            &[],
            &source.into(),
            &"test".into(),
            &Causes::new(),
            self.now,
            &mut self.out,
        );
    }

    /// Time passes; each deadline is looked at when it comes.
    pub fn wait(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(next) = self.state.next_deadline().filter(|t| *t <= end) {
            self.now = self.now.max(next);
            self.state.tick(self.now, &mut self.out);
        }
        self.now = end;
    }

    pub fn delivered(&mut self, delivery: &Delivery) {
        self.state.delivered(delivery, self.now, &mut self.out);
    }

    pub fn receipts(&self) -> Vec<Receipt> {
        let receipt = |e: &Event| match &e.body {
            Body::Receipt { receipt, .. } => Some(receipt.clone()),
            _ => None,
        };
        self.out.events.iter().filter_map(receipt).collect()
    }

    pub fn decisions(&self) -> Vec<&Verdict> {
        let verdict = |e: &'_ Event| matches!(e.body, Body::Decision(_));
        let decided = self.out.events.iter().filter(|e| verdict(e));
        decided.map(|e| if let Body::Decision(v) = &e.body { &**v } else { unreachable!() }).collect()
    }

    pub fn outcome(&self) -> &Outcome {
        &self.decisions().last().unwrap().outcome
    }

    pub fn payloads(&self) -> Vec<String> {
        self.out.sent.iter().map(|m| String::from_utf8_lossy(&m.bytes).into_owned()).collect()
    }

    pub fn statuses(&self) -> Vec<(NodeId, Status)> {
        let status = |e: &Event| match &e.body {
            Body::StatusChanged { status } => Some((e.subject, status.clone())),
            _ => None,
        };
        self.out.events.iter().filter_map(status).collect()
    }

    pub fn ends(&self) -> Vec<String> {
        let end = |e: &Event| match &e.body {
            Body::HoldEnded { source, reason, .. } => Some(format!("{source}: {reason}")),
            _ => None,
        };
        self.out.events.iter().filter_map(end).collect()
    }

    pub fn holders(&mut self) -> Vec<String> {
        let light = self.id("light");
        let slot = self.state.entities.get_mut(&light).unwrap().slot(Property::On);
        slot.holds.iter().map(|h| h.claim.source.to_string()).collect()
    }
}

pub fn overridden(by: &str) -> Outcome {
    Outcome::Not(Receipt::Overridden(by.into()))
}

pub fn commanded(on: bool) -> Outcome {
    Outcome::Commanded { value: on.into() }
}
