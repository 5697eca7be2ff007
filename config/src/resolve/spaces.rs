//! `[floor.*]`, `[room.*]`, `[receiver.*]`, `[zone.*]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::decode::{Fields, Node};
use crate::home::{Floor, Receiver, Room, Zone};

const OCCUPANCY_TIMEOUT: Duration = Duration::from_secs(300);

pub(crate) fn floors(top: &Fields<'_>) -> BTreeMap<String, Floor> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "floor") {
        let floor = Floor { place: fields.node.place(), name: name_or_key(&fields, &key) };
        fields.finish();
        out.insert(key, floor);
    }
    unique_names(top, "floor", out.iter().map(|(key, floor)| (key.as_str(), floor.name.as_str())));
    out
}

pub(crate) fn rooms(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Room> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "room") {
        let timeout = fields.get("occupancy_timeout").and_then(|n| n.duration());
        let sensors = fields.get("sensors").and_then(|n| n.list());
        let room = Room {
            place: fields.node.place(),
            name: name_or_key(&fields, &key),
            floor: fields.get("floor").and_then(|n| n.key_of("floor", &scope.names.floors)),
            occupancy_timeout: timeout.unwrap_or(OCCUPANCY_TIMEOUT),
            sensors: sensors.map(|list| list.iter().filter_map(|n| n.entity(scope)).collect()),
            habits: fields.get("habits").and_then(|n| n.bool()).unwrap_or(true),
            area: fields.get("area").and_then(|n| area(&n)),
        };
        fields.finish();
        out.insert(key, room);
    }
    unique_names(top, "room", out.iter().map(|(key, room)| (key.as_str(), room.name.as_str())));
    out
}

/// `[receiver.*]`.
pub(crate) fn receivers(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Receiver> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "receiver") {
        let room = fields.required("room", "say where it hangs: room = \"kitchen\"");
        let receiver = Receiver {
            place: fields.node.place(),
            room: room.and_then(|n| n.key_of("room", &scope.names.rooms)).unwrap_or_default(),
            at: fields.get("at").and_then(|n| metres(&n)),
        };
        fields.finish();
        out.insert(key, receiver);
    }
    out
}

/// As far as a house reaches from its origin.
const METRES: f64 = 1000.0;

/// A list of so many lengths.
fn metres<const N: usize>(node: &Node<'_>) -> Option<[f64; N]> {
    let items = node.list()?;
    if items.len() != N {
        let message = format!("`{}` must be {N} numbers, not {}", node.path.last_key(), items.len());
        node.error("wrong-type", message, "metres, such as [1.5, 0.2, 2.4]: along, across and up");
        return None;
    }
    let found: Vec<f64> = items.iter().filter_map(|n| n.number_within(None, -METRES, METRES)).collect();
    found.try_into().ok()
}

fn area(node: &Node<'_>) -> Option<[[f64; 2]; 2]> {
    let corners = node.list()?;
    let [one, other] = corners.as_slice() else {
        let help = "write area = [[0.0, 0.0], [4.0, 3.5]], in metres";
        node.error("wrong-type", "an area is two opposite corners", help);
        return None;
    };
    let (one, other): ([f64; 2], [f64; 2]) = (metres(one)?, metres(other)?);
    if (one[0] - other[0]).abs() < 0.1 || (one[1] - other[1]).abs() < 0.1 {
        node.error("out-of-range", "the area has no inside", "name two opposite corners");
        return None;
    }
    Some([[one[0].min(other[0]), one[1].min(other[1])], [one[0].max(other[0]), one[1].max(other[1])]])
}

pub(crate) fn zones(top: &Fields<'_>, scope: &Scope<'_>) -> BTreeMap<String, Zone> {
    let mut out = BTreeMap::new();
    for (key, fields) in sections(top, "zone") {
        let place = fields.node.place();
        let name = name_or_key(&fields, &key);
        let rooms = fields.required("rooms", "name its rooms: rooms = [\"kitchen\", \"hall\"]");
        let rooms = rooms.map(|node| node.filled_list("a zone without rooms")).unwrap_or_default();
        let rooms = rooms.iter().filter_map(|n| n.key_of("room", &scope.names.rooms)).collect();
        fields.finish();
        out.insert(key, Zone { place, name, rooms });
    }
    unique_names(top, "zone", out.iter().map(|(key, zone)| (key.as_str(), zone.name.as_str())));
    out
}
