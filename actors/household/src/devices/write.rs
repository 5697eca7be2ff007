//! A device's place in the graph.

use std::collections::BTreeMap;

use lares_config::{Bind, Home, Target};
use lares_model::{Edge, EdgeKind, Node, NodeId, NodeKind, Value, Write};

use crate::{DeviceEntry, Directory};

/// The nodes and edges of a device and its entities. `detail` is the driver's own record of the device, from which it
/// is made again after a restart.
pub fn device_writes(home: &Home, directory: &Directory, entry: &DeviceEntry, detail: Vec<u8>) -> Vec<Write> {
    let mut props = BTreeMap::from([
        ("ref".to_owned(), Value::text(&*entry.reference)),
        ("link".to_owned(), Value::text(entry.info.link.as_str())),
    ]);
    if let Some(room) = &entry.room {
        props.insert("room".to_owned(), Value::text(room.as_str()));
    }
    let bind = home.devices.get(&*entry.reference).map(|d| &d.bind);
    if matches!(bind, Some(Bind::Declared { .. } | Bind::Recorded(_))) {
        props.insert("declared".to_owned(), Value::Bool(true));
    }
    let node = Node {
        id: entry.id,
        kind: NodeKind::Device,
        key: entry.info.key.as_str().into(),
        name: entry.name.clone(),
        props,
        detail,
    };
    let mut writes = vec![Write::Describe(node)];
    located(&mut writes, entry.id, entry.room.as_deref());
    grouped(&mut writes, home, entry.id, &entry.reference);
    for entity in directory.entities_of(entry) {
        let mut props = BTreeMap::from([("ref".to_owned(), Value::text(&*entity.reference))]);
        if let Some(room) = &entity.room {
            props.insert("room".to_owned(), Value::text(room.as_str()));
        }
        if let Some(fresh) = entity.fresh_for {
            #[allow(clippy::cast_precision_loss, reason = "milliseconds of a few days")]
            props.insert("stale_after_ms".to_owned(), Value::Number(fresh.as_millis() as f64));
        }
        let name = entity.info.name.clone().unwrap_or_else(|| entry.name.clone());
        let detail = serde_json::to_vec(&*entity.info).unwrap_or_default();
        let key = entity.info.key.as_str().into();
        writes.push(Write::Describe(Node {
            id: entity.id,
            kind: NodeKind::Entity,
            key,
            name,
            props,
            detail,
        }));
        writes.push(Write::PutEdge(Edge { from: entity.id, kind: EdgeKind::PartOf, to: entry.id }));
        grouped(&mut writes, home, entity.id, &entity.reference);
        if entity.room != entry.room {
            located(&mut writes, entity.id, entity.room.as_deref());
        }
    }
    writes
}

fn located(writes: &mut Vec<Write>, what: NodeId, room: Option<&str>) {
    if let Some(room) = room {
        writes.push(Write::PutEdge(Edge { from: what, kind: EdgeKind::LocatedIn, to: NodeId::room(room) }));
    }
}

/// The groups that name a device or an entity.
fn grouped(writes: &mut Vec<Write>, home: &Home, what: NodeId, reference: &str) {
    for (key, group) in &home.groups {
        let named = |m: &Target| matches!(m, Target::Entity(entity) if entity.to_string() == reference);
        if group.members.iter().any(named) {
            let to = NodeId::derive("group", key);
            writes.push(Write::PutEdge(Edge { from: what, kind: EdgeKind::MemberOf, to }));
        }
    }
}
