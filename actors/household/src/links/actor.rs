//! The link actor.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_config::Bind;
use lares_devices::homeassistant::{Change, DeviceSpec, Discovery};
use lares_devices::{Native, Problem, natives};
use lares_kernel::wire::{Delivery, Inbound, Outbound, Qos, WireState};
use lares_kernel::{Address, Behavior, Context, Fault};
use lares_model::{Detail, EventId, NodeId, NodeKind, Origin, Status};

use super::LinkMessage;
use super::routes::Routes;
use super::settling::Settling;
use super::spawn::{self, Maker};
use crate::devices::{DeviceMessage, Recorded, WireMessage};
use crate::problems::Problems;
use crate::{House, note_status};

/// Commands whose delivery is still awaited. More than this and the oldest are forgotten: their devices' own
/// deadlines end them.
const AWAITED: usize = 10_000;

/// A broker that restarts is back within this; only then are its devices told offline, so that nothing that
/// waits on them lets go for a moment's absence. Reconnecting after a restart took 4.9 s at p99 (promise R16).
const GRACE: Duration = Duration::from_secs(15);

/// The actor of one link.
pub struct LinkActor {
    house: House,
    key: Arc<str>,
    discovery: Option<Discovery>,
    /// Protocols whose devices say in their own words who they are.
    natives: Vec<Box<dyn Native>>,
    routes: Routes,
    devices: BTreeMap<NodeId, Address<DeviceMessage>>,
    awaited: BTreeMap<EventId, Address<DeviceMessage>>,
    /// Messages for a wire that is not started yet: devices and rules begin before it.
    unsent: Vec<Outbound>,
    settling: Settling,
    /// Devices that the configuration declares, with the record they are made from.
    declared: BTreeMap<NodeId, Vec<u8>>,
    problems: Problems,
    subscribed: bool,
    wire: WireState,
    /// Outages that have ended, and the last one's reason.
    outages: u64,
    down: String,
    /// Why its devices cannot be reached, once that has lasted.
    away: Option<Arc<str>>,
}

impl LinkActor {
    pub fn new(house: House, key: Arc<str>) -> Self {
        let home = house.home_for(&format!("mqtt.{key}"));
        let discovery = home.mqtt.get(&*key).map(|m| Discovery::new(&key, &m.discovery_prefix));
        let natives = if discovery.is_some() { natives(&spawn::known(&home)) } else { Vec::new() };
        Self {
            house,
            key,
            discovery,
            natives,
            routes: Routes::default(),
            devices: BTreeMap::new(),
            awaited: BTreeMap::new(),
            unsent: Vec::new(),
            settling: Settling::default(),
            declared: BTreeMap::new(),
            problems: Problems::default(),
            subscribed: false,
            wire: WireState::Connecting,
            outages: 0,
            down: String::new(),
            away: None,
        }
    }

    fn node(&self) -> NodeId {
        NodeId::derive("link", &self.key)
    }

    /// Devices of this link come back from the graph, then those that the configuration declares.
    fn restore(&mut self, me: &Address<LinkMessage>) -> Result<(), Fault> {
        let nodes =
            self.house.graph().reader().nodes(NodeKind::Device).map_err(|e| Fault::new(e.to_string()))?;
        for node in nodes {
            if node.props.get("link").and_then(|v| v.as_text()) != Some(&*self.key) {
                continue;
            }
            if node.props.contains_key("declared") {
                // Made again from the configuration, if that still declares it.
                self.declared.insert(node.id, node.detail);
                continue;
            }
            match DeviceSpec::from_bytes(&node.detail) {
                Ok(spec) => {
                    if let Some(discovery) = &mut self.discovery {
                        discovery.restore(spec.clone());
                    }
                    self.put(Maker::Announced(Box::new(spec)), me, true);
                }
                Err(why) => tracing::error!(device = node.name, %why, "a device could not be read back"),
            }
        }
        self.declare(me);
        Ok(())
    }

    /// The configuration changed: names, rooms, beacons and declared devices may be others.
    fn configured(&mut self, me: &Address<LinkMessage>) {
        if self.discovery.is_some() {
            self.natives = natives(&spawn::known(&self.house.home()));
            let filters = self.natives.iter().flat_map(|n| n.subscriptions()).collect();
            self.subscribe(filters);
        }
        let mut ids: Vec<NodeId> = self.devices.keys().copied().collect();
        let home = self.house.home();
        ids.sort_by_key(|id| !self.house.directory().gives_way(&home, *id));
        for id in ids {
            let key = self.house.directory().device_by_node(id).map(|d| d.info.key.clone());
            let spec = key.and_then(|k| self.discovery.as_ref()?.device(&k).cloned());
            if let Some(spec) = spec {
                self.put(Maker::Announced(Box::new(spec)), me, true);
            }
        }
        self.declare(me);
    }

    fn declare(&mut self, me: &Address<LinkMessage>) {
        let home = self.house.home();
        let link = self.key.clone();
        let mut makers = Vec::new();
        for (key, device) in home.devices.iter().filter(|(_, d)| d.bind.link() == &*link) {
            match &device.bind {
                Bind::Declared { config, .. } => match Discovery::declare(&link, key, config) {
                    Ok(spec) => makers.push(Maker::Announced(Box::new(spec))),
                    Err(problem) => self.problem(&problem),
                },
                Bind::Recorded(bindings) => {
                    let info = Box::new(Recorded::new(bindings).info(key, &device.name));
                    makers.push(Maker::Recorded(info, bindings.clone()));
                }
                Bind::Discovered { .. } | Bind::Twin { .. } => {}
            }
        }
        let mut old = std::mem::take(&mut self.declared);
        for maker in makers {
            let (id, detail) = (maker.info().id(), maker.detail());
            let known = old.remove(&id).is_some_and(|was| was == detail);
            self.put(maker, me, known);
            self.declared.insert(id, detail);
        }
        for id in old.into_keys() {
            self.remove(id, "the configuration does not declare it any more");
        }
    }

    fn put(&mut self, maker: Maker, me: &Address<LinkMessage>, known: bool) {
        let topics = maker.topics();
        let entry = spawn::put(&self.house, me, maker, known);
        let new = self.routes.set(entry.id, topics);
        if self.away.is_some() {
            entry.address.tell(DeviceMessage::WireAway(self.away.clone()));
        }
        self.devices.insert(entry.id, entry.address);
        self.subscribe(new);
    }

    /// Everything this link listens to: once its gateway is there, which renews it from then on.
    fn subscribe_all(&mut self) {
        if self.subscribed || self.house.gateway(&self.key).is_none() {
            return;
        }
        self.subscribed = true;
        if let Some(gateway) = self.house.gateway(&self.key) {
            std::mem::take(&mut self.unsent).into_iter().for_each(|message| gateway.send(message));
        }
        let mut filters = self.discovery.as_ref().map(Discovery::subscriptions).unwrap_or_default();
        filters.extend(self.natives.iter().flat_map(|n| n.subscriptions()));
        filters.extend(self.routes.filters());
        filters.extend(self.house.listened(&self.key));
        self.subscribe(filters);
    }

    fn subscribe(&self, filters: Vec<String>) {
        if let (Some(gateway), false) = (self.house.gateway(&self.key), filters.is_empty()) {
            gateway.subscribe(filters.into_iter().map(|f| (f, Qos::AtLeastOnce)).collect());
        }
    }

    fn inbound(&mut self, message: Inbound, me: &Address<LinkMessage>) {
        if self.discovery.as_ref().is_some_and(|d| d.is_config_topic(&message.address)) {
            self.config(&message, me);
            return;
        }
        self.native(&message, me);
        self.house.overhear(&self.key, &message.address, &message.bytes);
        for device in self.routes.find(&message.address) {
            let Some(address) = self.devices.get(&device) else { continue };
            address.tell(DeviceMessage::Wire(WireMessage {
                topic: message.address.clone(),
                bytes: message.bytes.clone(),
                at: message.at,
                retained: message.retained,
                ack: message.ack.clone(),
            }));
        }
    }

    fn config(&mut self, message: &Inbound, me: &Address<LinkMessage>) {
        let Some(discovery) = &mut self.discovery else { return };
        let announced = discovery.on_config(&message.address, &message.bytes);
        self.announced(announced, me);
    }

    /// A message in a protocol of its own: it may announce a device, which then hears it too.
    fn native(&mut self, message: &Inbound, me: &Address<LinkMessage>) {
        let mut heard = Vec::new();
        for native in self.natives.iter_mut().filter(|n| n.takes(&message.address)) {
            match native.on_message(&message.address, &message.bytes) {
                Ok(announcements) => heard.extend(announcements.into_iter().map(Ok)),
                Err(problem) => heard.push(Err(problem)),
            }
        }
        for announcement in heard {
            let Some(discovery) = &mut self.discovery else { return };
            let announced = announcement.and_then(|a| discovery.announce(&a.source, a.device));
            self.announced(announced, me);
        }
    }

    fn announced(
        &mut self,
        announced: Result<(Vec<Change>, Vec<Problem>), Problem>,
        me: &Address<LinkMessage>,
    ) {
        match announced {
            Ok((changes, problems)) => {
                problems.iter().for_each(|p| self.problem(p));
                if let (Some(discovery), false) = (&self.discovery, problems.is_empty()) {
                    self.house.set_left_out(&self.key, discovery.left_out());
                }
                for change in changes {
                    match change {
                        Change::Announced(spec) => {
                            if let Some(spec) = self.settling.take(spec) {
                                self.put(Maker::Announced(spec), me, false);
                            }
                        }
                        Change::Removed { device_key } => {
                            self.remove(NodeId::device(&device_key), "its announcement was removed");
                        }
                    }
                }
            }
            Err(problem) => self.problem(&problem),
        }
    }

    fn remove(&mut self, device: NodeId, reason: &str) {
        self.settling.forget(device);
        self.routes.remove(device);
        self.devices.remove(&device);
        spawn::remove(&self.house, device, reason);
    }

    fn problem(&mut self, problem: &Problem) {
        let (node, origin) = (self.node(), Origin::Link(self.key.clone()));
        self.problems.tell(self.house.world(), node, origin, &problem.place, &problem.reason);
    }

    fn wire(&mut self, state: WireState, context: &Context<LinkMessage>) {
        self.subscribe_all();
        if self.wire == state {
            return;
        }
        let status = match &state {
            WireState::Connecting => Status::Initializing,
            WireState::Up => Status::Online,
            WireState::Down(why) => Status::Offline(Detail::Communication(why.clone())),
        };
        match &state {
            WireState::Up => {
                tracing::info!(link = %self.key, "the wire is up");
                // The first time after a start is no news: devices begin so.
                if self.outages > 0 || self.away.is_some() {
                    self.reach(None);
                }
                self.outages += 1;
            }
            WireState::Down(why) => {
                tracing::warn!(link = %self.key, why, "the wire is down");
                self.down = why.clone();
                context.after(GRACE, LinkMessage::StillDown { outage: self.outages });
            }
            WireState::Connecting => {}
        }
        self.wire = state;
        note_status(self.house.world(), self.node(), Origin::Link(self.key.clone()), status);
    }

    /// While a wire tries again it is `Connecting` now and then, which is no end of the outage.
    fn still_down(&mut self, outage: u64) {
        if outage == self.outages {
            self.reach(Some(format!("link {}: {}", self.key, self.down).into()));
        }
    }

    /// Tells every device whether its wire can be used, also after an outage too short to have been told.
    fn reach(&mut self, away: Option<Arc<str>>) {
        self.away = away;
        for device in self.devices.values() {
            device.tell(DeviceMessage::WireAway(self.away.clone()));
        }
    }

    /// Bytes leave only after the events that caused them have left the process.
    fn send(&mut self, message: Outbound, from: Address<DeviceMessage>) {
        self.house.world().journal().flush();
        if let Some(key) = message.key {
            if self.awaited.len() >= AWAITED {
                self.awaited.pop_first();
            }
            self.awaited.insert(key, from);
        }
        match self.house.gateway(&self.key) {
            Some(gateway) => gateway.send(message),
            // It expires on the wire, once there is one.
            None if self.unsent.len() < AWAITED => self.unsent.push(message),
            None => {
                if let Some(key) = message.key {
                    self.delivered(Delivery::Failed(key, "its wire was not started".into()));
                }
            }
        }
    }

    fn delivered(&mut self, delivery: Delivery) {
        let (Delivery::Sent(key) | Delivery::Expired(key) | Delivery::Failed(key, _)) = &delivery;
        if let Some(device) = self.awaited.remove(key) {
            device.tell(DeviceMessage::Delivered(delivery));
        }
    }
}

impl Behavior for LinkActor {
    type Message = LinkMessage;

    async fn started(&mut self, context: &mut Context<LinkMessage>) -> Result<(), Fault> {
        if context.generation > 1 {
            self.house.graph().sync().await.map_err(Fault::new)?;
        }
        let me = context.me.clone();
        self.restore(&me)?;
        self.subscribe_all();
        Ok(())
    }

    async fn handle(
        &mut self,
        message: LinkMessage,
        context: &mut Context<LinkMessage>,
    ) -> Result<(), Fault> {
        let me = context.me.clone();
        match message {
            LinkMessage::Inbound(message) => {
                if let Some(tap) = self.house.tap() {
                    tap.take(&self.key, &message);
                }
                self.inbound(message, &me);
            }
            LinkMessage::Wire(state) => self.wire(state, context),
            LinkMessage::StillDown { outage } => self.still_down(outage),
            LinkMessage::Delivered(delivery) => self.delivered(delivery),
            LinkMessage::Send { message, from } => self.send(message, from),
            LinkMessage::Configured => self.configured(&me),
            LinkMessage::Renew => {
                self.subscribed = false;
                self.subscribe_all();
            }
            LinkMessage::Settled => {
                for spec in self.settling.settled() {
                    self.put(Maker::Announced(Box::new(spec)), &me, false);
                }
            }
        }
        if let Some(moment) = self.settling.plan() {
            context.after(moment, LinkMessage::Settled);
        }
        Ok(())
    }
}
