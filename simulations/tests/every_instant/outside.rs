//! The world outside the process, which a kill leaves as it is: what is announced, lamps with their states, a bell.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use lares_household::House;
use lares_household::links::{LinkMessage, LinkSink, matches};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::*;

pub const LINK: &str = "main";

/// What outlives the process.
#[derive(Default)]
pub struct Outside {
    retained: Mutex<BTreeMap<String, String>>,
    /// Topic and payload of every command that left.
    pub commands: Mutex<Vec<(String, String)>>,
}

impl Outside {
    pub fn new() -> Arc<Self> {
        let outside = Self::default();
        for (kind, id, slug, more) in [
            ("binary_sensor", "s", "motion", r#""state_topic":"s/motion","device_class":"motion""#),
            ("binary_sensor", "s", "knob", r#""state_topic":"s/knob""#),
            ("binary_sensor", "s", "door", r#""state_topic":"s/door""#),
            ("binary_sensor", "s", "gate", r#""state_topic":"s/gate""#),
            ("light", "one", "l", r#""schema":"json","state_topic":"one","command_topic":"one/set""#),
            ("light", "two", "l", r#""schema":"json","state_topic":"two","command_topic":"two/set""#),
            ("light", "three", "l", r#""schema":"json","state_topic":"three","command_topic":"three/set""#),
            ("light", "four", "l", r#""schema":"json","state_topic":"four","command_topic":"four/set""#),
            ("light", "five", "l", r#""schema":"json","state_topic":"five","command_topic":"five/set""#),
            ("button", "bell", "b", r#""command_topic":"bell/set""#),
        ] {
            let config = format!(
                r#"{{"name":"{slug}","unique_id":"{id}_{slug}","device":{{"identifiers":["{id}"],"name":"{id}"}},{more}}}"#
            );
            outside.keeps(&format!("homeassistant/{kind}/{id}/{slug}/config"), &config);
        }
        Arc::new(outside)
    }

    fn keeps(&self, topic: &str, payload: &str) {
        self.retained.lock().unwrap().insert(topic.to_owned(), payload.to_owned());
    }
}

/// The wire of one life: when it is dead nothing passes any more.
#[derive(Clone)]
pub struct Wire {
    outside: Arc<Outside>,
    dead: Arc<AtomicBool>,
    // Not the house, which knows its gateways: neither would ever go.
    link: Address<LinkMessage>,
    load: Arc<Load>,
    clock: Arc<dyn Clock>,
}

impl Wire {
    pub fn new(outside: &Arc<Outside>, dead: &Arc<AtomicBool>, house: &House) -> Self {
        Self {
            outside: outside.clone(),
            dead: dead.clone(),
            link: house.link(LINK),
            load: house.world().load().clone(),
            clock: house.world().clock().clone(),
        }
    }

    fn sink(&self) -> LinkSink {
        LinkSink::new(self.link.clone(), self.load.clone())
    }

    pub fn says(&self, topic: &str, payload: &str, retained: bool) {
        if self.dead.load(Ordering::SeqCst) {
            return;
        }
        let (at, bytes) = (self.clock.now(), Bytes::from(payload.to_owned()));
        self.sink().inbound(Inbound { address: topic.into(), bytes, at, retained, ack: None });
    }
}

impl Gateway for Wire {
    fn send(&self, message: Outbound) {
        if self.dead.load(Ordering::SeqCst) {
            return;
        }
        if let Some(key) = message.key {
            self.link.tell(LinkMessage::Delivered(Delivery::Sent(key)));
        }
        let Some(thing) = message.address.strip_suffix("/set").map(str::to_owned) else { return };
        let payload = String::from_utf8(message.bytes.to_vec()).unwrap();
        self.outside.commands.lock().unwrap().push((thing.clone(), payload.clone()));
        if thing != "bell" {
            self.outside.keeps(&thing, &payload);
            let wire = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(200)).await;
                wire.says(&thing, &payload, false);
            });
        }
    }

    fn subscribe(&self, filters: Vec<(String, Qos)>) {
        let retained = self.outside.retained.lock().unwrap().clone();
        for (topic, payload) in retained {
            if filters.iter().any(|(f, _)| matches(f, &topic)) {
                self.says(&topic, &payload, true);
            }
        }
    }
}

pub enum Nothing {}

impl Message for Nothing {}

struct Port(Wire, House);

impl Behavior for Port {
    type Message = Nothing;

    async fn started(&mut self, _: &mut Context<Nothing>) -> Result<(), Fault> {
        self.1.set_gateway(LINK, Arc::new(self.0.clone()));
        self.0.sink().state(WireState::Up);
        Ok(())
    }

    async fn handle(&mut self, message: Nothing, _: &mut Context<Nothing>) -> Result<(), Fault> {
        match message {}
    }
}

/// The wire's place in the tree.
pub fn port(outside: &Arc<Outside>, dead: &Arc<AtomicBool>, house: &House) -> Child {
    let (wire, house_) = (Wire::new(outside, dead, house), house.clone());
    let address = house.world().address(format!("gateways/{LINK}"));
    child(LINK, Limits::LEAF, address, move || Port(wire.clone(), house_.clone()))
}
