//! What the configuration describes, as nodes and edges of the life graph.

use std::collections::{BTreeMap, BTreeSet};

use lares_config::{Home, PHONE, Target};
use lares_graph::{Reader, StoreError};
use lares_household::safety::about_write;
use lares_model::{Edge, EdgeKind, Node, NodeId, NodeKind, Value, Write};

/// The nodes that the configuration describes. Unchanged ones are left as they are by the store.
pub(crate) fn nodes(home: &Home) -> Vec<Write> {
    let node = |id, kind, key: &str, name: &str| {
        let (name, key) = (name.to_owned(), key.into());
        Write::Describe(Node { id, kind, key, name, props: Default::default(), detail: Vec::new() })
    };
    let mut household = node(NodeId::household(), NodeKind::Household, "", &home.household.name);
    if let Write::Describe(node) = &mut household {
        // Surfaces tell times in it, also when nothing runs.
        node.props.insert("time_zone".to_owned(), Value::text(home.household.time_zone.as_str()));
    }
    let mut writes = vec![household];
    for (key, floor) in &home.floors {
        writes.push(node(NodeId::derive("floor", key), NodeKind::Floor, key, &floor.name));
    }
    for (key, room) in &home.rooms {
        writes.push(node(NodeId::room(key), NodeKind::Room, key, &room.name));
        if let Some(floor) = &room.floor {
            let to = NodeId::derive("floor", floor);
            writes.push(Write::PutEdge(Edge { from: NodeId::room(key), kind: EdgeKind::PartOf, to }));
        }
    }
    for (key, zone) in &home.zones {
        let to = NodeId::derive("zone", key);
        writes.push(node(to, NodeKind::Zone, key, &zone.name));
        let edge = |room: &String| Edge { from: NodeId::room(room), kind: EdgeKind::MemberOf, to };
        writes.extend(zone.rooms.iter().map(|r| Write::PutEdge(edge(r))));
    }
    for (key, group) in &home.groups {
        writes.push(node(NodeId::derive("group", key), NodeKind::Group, key, &group.name));
    }
    for (key, person) in &home.people {
        writes.push(node(NodeId::person(key), NodeKind::Person, key, &person.name));
    }
    for (key, rule) in &home.rules {
        writes.push(node(NodeId::rule(key), NodeKind::Rule, key, &rule.name));
    }
    writes.extend(home.interlocks.iter().map(|(key, interlock)| about_write(key, Some(interlock))));
    for key in home.mqtt.keys() {
        writes.push(node(NodeId::derive("link", key), NodeKind::Link, key, key));
    }
    for link in home.music_links() {
        writes.push(node(NodeId::derive("link", link), NodeKind::Link, link, link));
    }
    if home.phone.is_some() {
        writes.push(node(NodeId::derive("link", PHONE), NodeKind::Link, PHONE, PHONE));
    }
    writes
}

/// What makes the edges to groups be what the configuration says: for the things that the graph knows. A device that
/// announces itself later brings its own.
pub(crate) fn group_edges(home: &Home, reader: &Reader) -> Result<Vec<Write>, StoreError> {
    let mut writes = Vec::new();
    if home.groups.is_empty() {
        return Ok(writes);
    }
    let mut known: BTreeMap<String, NodeId> = BTreeMap::new();
    for kind in [NodeKind::Device, NodeKind::Entity] {
        let nodes = reader.nodes(kind)?.into_iter();
        known.extend(nodes.filter_map(|n| Some((n.props.get("ref")?.as_text()?.to_owned(), n.id))));
    }
    for (key, group) in &home.groups {
        let to = NodeId::derive("group", key);
        let node = |member: &Target| match member {
            Target::Entity(entity) => known.get(&entity.to_string()).copied(),
            Target::Room { room, .. } => Some(NodeId::room(room)),
            Target::Group(group) => Some(NodeId::derive("group", group)),
            Target::Find(_) => None,
        };
        let members: BTreeSet<NodeId> = group.members.iter().filter_map(node).collect();
        let edge = |from| Edge { from, kind: EdgeKind::MemberOf, to };
        for (stands, _) in reader.edges_to(to)? {
            if stands.kind == EdgeKind::MemberOf && !members.contains(&stands.from) {
                writes.push(Write::RemoveEdge(stands));
            }
        }
        writes.extend(members.into_iter().map(|from| Write::PutEdge(edge(from))));
    }
    Ok(writes)
}
