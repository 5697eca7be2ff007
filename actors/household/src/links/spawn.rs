//! Making a device: its entry in the directory, its nodes, its actor.

use std::collections::BTreeSet;
use std::sync::Arc;

use lares_config::Home;
use lares_devices::homeassistant::DeviceSpec;
use lares_kernel::{Address, Limits, child};
use lares_model::{Body, DeviceInfo, Draft, Edge, EdgeKind, NodeId, Origin, Write};

use super::LinkMessage;
use crate::controls::device_edges;
use crate::devices::{AnyDriver, DeviceActor, DeviceMessage, Make, device_writes};
use crate::rooms::RoomMessage;
use crate::{DeviceEntry, House};

/// A device as its link makes it.
pub enum Maker {
    Announced(Box<DeviceSpec>),
    Recorded(Box<DeviceInfo>, Vec<lares_config::RecordedBinding>),
}

impl Maker {
    pub fn info(&self) -> &DeviceInfo {
        match self {
            Self::Announced(spec) => &spec.info,
            Self::Recorded(info, _) => info,
        }
    }

    /// What the device is made from again after a restart.
    pub fn detail(&self) -> Vec<u8> {
        match self {
            Self::Announced(spec) => spec.to_bytes(),
            Self::Recorded(info, _) => {
                serde_json::to_vec(&serde_json::json!({ "info": info })).unwrap_or_default()
            }
        }
    }

    /// Topics that its driver listens to.
    pub fn topics(&self) -> Vec<String> {
        match self {
            Self::Announced(spec) => AnyDriver::announced(spec).0.topics(),
            Self::Recorded(_, bindings) => crate::devices::Recorded::new(bindings).topics(),
        }
    }
}

/// Ends the edges to rooms in which a device or its entities are no more: a thing is in one room.
fn left_behind(house: &House, entry: &DeviceEntry, old: Option<&DeviceEntry>) -> Vec<Write> {
    let mut things = vec![(entry.id, entry.room.clone())];
    // An entity has an edge of its own only where it is not with its device.
    let elsewhere = |room: &Option<String>| room.clone().filter(|_| *room != entry.room);
    things.extend(house.directory().entities_of(entry).map(|e| (e.id, elsewhere(&e.room))));
    let reader = house.graph().reader();
    let mut ended = Vec::new();
    for (from, room) in things {
        let now = room.map(|room| NodeId::room(&room));
        let mut end = |to: NodeId| {
            if Some(to) != now {
                ended.push(Write::RemoveEdge(Edge { from, kind: EdgeKind::LocatedIn, to }));
            }
        };
        match reader.edges_from(from) {
            Ok(edges) => {
                edges.iter().filter(|(e, _)| e.kind == EdgeKind::LocatedIn).for_each(|(e, _)| end(e.to))
            }
            Err(error) => tracing::warn!(%error, node = %from, "its old rooms cannot be read"),
        }
        // What is not committed yet is not in the graph.
        if from == entry.id
            && let Some(room) = old.and_then(|o| o.room.as_deref())
        {
            end(NodeId::room(room));
        }
    }
    ended
}

/// Puts a device into the household, or changes it. `known`: it comes back from the graph, so nothing is written.
pub fn put(house: &House, link: &Address<LinkMessage>, maker: Maker, known: bool) -> DeviceEntry {
    let home = house.home();
    let (info, detail) = (maker.info().clone(), maker.detail());
    let world = house.world();
    let old = house.directory().device_by_node(info.id()).cloned();
    let entry = house.change_directory(|directory| {
        directory.put(&home, info.clone(), |name| world.address(format!("devices/{name}")))
    });
    // What comes back from the graph is written again only if the configuration calls it something else now.
    if !known || !as_before(&entry, old.as_ref()) {
        let mut writes = left_behind(house, &entry, old.as_ref());
        writes.extend(device_writes(&home, &house.directory(), &entry, detail));
        match device_edges(&home, &house.named(&home), &house.directory(), &entry, &house.graph().reader()) {
            Ok(edges) => writes.extend(edges),
            Err(error) => {
                tracing::warn!(%error, device = %entry.reference, "which rules move it cannot be read")
            }
        }
        let body = Body::DeviceAnnounced { device: Box::new(info) };
        let draft = Draft::new(entry.id, Origin::Link(entry.info.link.as_str().into()), body);
        world.publish_with(draft, writes);
    }
    for room in rooms_of(house, &entry) {
        house.room(&room).tell(RoomMessage::Attend);
    }
    let renamed = old.as_ref().is_some_and(|o| o.reference != entry.reference);
    if let (true, Some(old), Some(devices)) = (renamed, &old, house.supervisor("devices")) {
        devices.remove_later(&old.reference);
    }
    if renamed || old.is_none() {
        start(house, link, &entry, maker);
    } else {
        entry.address.tell(match maker {
            Maker::Announced(spec) => DeviceMessage::Announced(spec),
            Maker::Recorded(..) => DeviceMessage::Configured,
        });
    }
    entry
}

fn start(house: &House, link: &Address<LinkMessage>, entry: &DeviceEntry, maker: Maker) {
    let make = Arc::new(match maker {
        Maker::Announced(spec) => Make::Announced(spec),
        Maker::Recorded(_, bindings) => Make::Recorded(bindings),
    });
    let (house_, link, id) = (house.clone(), link.clone(), entry.id);
    let made = child(entry.reference.clone(), Limits::LEAF, entry.address.clone(), move || {
        DeviceActor::new(house_.clone(), link.clone(), id, make.clone())
    });
    if let Some(devices) = house.supervisor("devices") {
        devices.add_later(made);
    }
}

/// Whether a device that is known stays what it was called and where it was.
fn as_before(entry: &DeviceEntry, old: Option<&DeviceEntry>) -> bool {
    old.is_none_or(|o| o.reference == entry.reference && o.room == entry.room && o.name == entry.name)
}

fn rooms_of(house: &House, entry: &DeviceEntry) -> BTreeSet<String> {
    let directory = house.directory();
    directory.entities_of(entry).filter_map(|e| e.room.clone()).chain(entry.room.clone()).collect()
}

/// Takes a device out of the household.
pub fn remove(house: &House, id: NodeId, reason: &str) {
    let Some(entry) = house.change_directory(|d| d.remove(id)) else { return };
    let mut writes = vec![Write::RemoveNode(id)];
    writes.extend(entry.info.entities.iter().map(|e| Write::RemoveNode(e.id())));
    let body = Body::DeviceRemoved { reason: reason.to_owned() };
    house.world().publish_with(Draft::new(id, Origin::Link(entry.info.link.as_str().into()), body), writes);
    if let Some(devices) = house.supervisor("devices") {
        devices.remove_later(&entry.reference);
    }
}

/// What protocols need to know of the home.
pub fn known(home: &Home) -> lares_devices::Context {
    lares_devices::Context {
        beacons: home.people.values().flat_map(|p| p.beacons.iter().cloned()).collect(),
        position: home.household.latitude.zip(home.household.longitude),
    }
}
