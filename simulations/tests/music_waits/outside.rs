//! The world outside the process, which a kill leaves as it is: loudspeakers, phones, and the wires to them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use lares_household::House;
use lares_household::links::{LinkMessage, LinkSink, matches};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::*;

pub const PHONES: &str = "main";
pub const MUSIC: &str = "media";
/// Loudspeakers, a server and phones, which a kill leaves as they are.
#[derive(Default)]
pub struct Outside {
    /// What is said of each topic.
    pub states: Mutex<BTreeMap<String, String>>,
    /// What was commanded, in order: `kitchen muted ON`.
    commands: Mutex<Vec<String>>,
}

impl Outside {
    pub fn new() -> Arc<Self> {
        let outside = Self::default();
        let mut states = outside.states.lock().unwrap();
        for (room, source) in [("kitchen", "anna"), ("bedroom", "other")] {
            let values = [("source", source), ("muted", "OFF"), ("volume", "40"), ("available", "online")];
            states.extend(values.map(|(of, value)| (format!("player/{room}/{of}"), value.to_owned())));
        }
        let stream = [("state", "playing"), ("follow", "ON"), ("available", "online")];
        states.extend(stream.map(|(of, value)| (format!("stream/anna/{of}"), value.to_owned())));
        for who in ["anna", "ben"] {
            let config = format!(
                r#"{{"name":"tracker","unique_id":"{who}","device":{{"identifiers":["{who}"]}},"state_topic":"phone/{who}"}}"#
            );
            states.insert(format!("homeassistant/device_tracker/{who}/config"), config);
        }
        drop(states);
        Arc::new(outside)
    }

    pub fn commanded(&self) -> Vec<String> {
        std::mem::take(&mut *self.commands.lock().unwrap())
    }
}

/// A wire of one life: when it is dead nothing passes any more.
#[derive(Clone)]
pub struct Wire {
    outside: Arc<Outside>,
    of: &'static str,
    dead: Arc<AtomicBool>,
    link: Address<LinkMessage>,
    load: Arc<Load>,
    clock: Arc<dyn Clock>,
}

impl Wire {
    fn sink(&self) -> LinkSink {
        LinkSink::new(self.link.clone(), self.load.clone())
    }

    pub fn says(&self, topic: &str, payload: &str, retained: bool) {
        if !self.dead.load(Ordering::SeqCst) {
            let (at, bytes) = (self.clock.now(), Bytes::from(payload.to_owned()));
            self.sink().inbound(Inbound { address: topic.into(), bytes, at, retained, ack: None });
        }
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
        let Some(topic) = message.address.strip_suffix("/set").map(str::to_owned) else { return };
        let payload = String::from_utf8(message.bytes.to_vec()).unwrap();
        let said = topic.trim_start_matches("player/").replace('/', " ");
        self.outside.commands.lock().unwrap().push(format!("{said} {payload}"));
        self.outside.states.lock().unwrap().insert(topic.clone(), payload.clone());
        let wire = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            wire.says(&topic, &payload, false);
        });
    }

    fn subscribe(&self, filters: Vec<(String, Qos)>) {
        for (topic, payload) in self.outside.states.lock().unwrap().clone() {
            if self.of == PHONES && filters.iter().any(|(filter, _)| matches(filter, &topic)) {
                self.says(&topic, &payload, true);
            }
        }
    }
}

pub enum Nothing {}

impl Message for Nothing {}

/// Stands in a branch and does something as it starts.
struct AtStart(Box<dyn Fn() + Send>);

impl Behavior for AtStart {
    type Message = Nothing;

    async fn started(&mut self, _: &mut Context<Nothing>) -> Result<(), Fault> {
        (self.0)();
        Ok(())
    }

    async fn handle(&mut self, message: Nothing, _: &mut Context<Nothing>) -> Result<(), Fault> {
        match message {}
    }
}

pub fn at_start(house: &House, path: &str, act: impl Fn() + Clone + Send + Sync + 'static) -> Child {
    let key = path.split_once('/').unwrap().1.to_owned();
    child(key, Limits::LEAF, house.world().address(path), move || AtStart(Box::new(act.clone())))
}

pub fn wire(
    of: &'static str,
    outside: &Arc<Outside>,
    dead: &Arc<AtomicBool>,
    house: &House,
) -> (Wire, Child) {
    let (link, world) = (house.link(of), house.world());
    let wire = Wire {
        outside: outside.clone(),
        of,
        dead: dead.clone(),
        load: world.load().clone(),
        link,
        clock: world.clock().clone(),
    };
    let (house_, there) = (house.clone(), wire.clone());
    let child = at_start(house, &format!("gateways/{of}"), move || {
        house_.set_gateway(of, Arc::new(wire.clone()));
        wire.sink().state(WireState::Up);
        let states = wire.outside.states.lock().unwrap().clone();
        // A music server says how it is; a broker what was subscribed to.
        let music = states.iter().filter(|(topic, _)| {
            of == MUSIC && ["player/", "stream/"].iter().any(|of| topic.starts_with(of))
        });
        music.for_each(|(topic, payload)| wire.says(topic, payload, true));
    });
    (there, child)
}
