//! `[floor.*]`, `[room.*]`, `[zone.*]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Scope;
use super::names::{name_or_key, sections, unique_names};
use crate::decode::Fields;
use crate::home::{Floor, Room, Zone};

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
        };
        fields.finish();
        out.insert(key, room);
    }
    unique_names(top, "room", out.iter().map(|(key, room)| (key.as_str(), room.name.as_str())));
    out
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
