//! What a rule can move, as edges of the life graph: from the rule to each entity that its actions name, by themselves, by
//! their device, by a group or by a room.
//!
//! What `set_all` moves is only known when it is done, so it has no edge.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lares_config::{Action, Home, Rule, SceneSet, Target, Template};
use lares_graph::{Reader, StoreError};
use lares_model::{DeviceInfo, Edge, EdgeKind, Node, NodeId, NodeKind, Property, Value, Write};
use serde::Deserialize;

use crate::{DeviceEntry, Directory, EntityEntry};

/// Edges of all rules, for the devices that the graph knows. A device that announces itself later brings its own.
pub fn rule_edges(home: &Home, reader: &Reader) -> Result<Vec<Write>, StoreError> {
    let nodes = reader.nodes(NodeKind::Device)?;
    let all: Vec<EntityEntry> = nodes.iter().flat_map(|node| entities(home, node)).collect();
    let there = There::of(&all);
    let mut wanted: BTreeMap<NodeId, BTreeSet<NodeId>> = BTreeMap::new();
    // What was taken out of the home while nothing ran has a node still, and moves nothing.
    wanted.extend(reader.nodes(NodeKind::Rule)?.into_iter().map(|node| (node.id, BTreeSet::new())));
    wanted.extend(home.rules.iter().map(|(key, rule)| (NodeId::rule(key), moved(home, rule, &there))));
    let mut writes = Vec::new();
    for (from, wanted) in wanted {
        for (stands, _) in reader.edges_from(from)? {
            if stands.kind == EdgeKind::Controls && !wanted.contains(&stands.to) {
                writes.push(Write::RemoveEdge(stands));
            }
        }
        writes.extend(wanted.into_iter().map(|to| Write::PutEdge(edge(from, to))));
    }
    Ok(writes)
}

/// Which rules name a device or a room, by themselves or by a group: so that a device that announces itself is held against
/// these, and not against all.
#[derive(Default)]
pub struct Named {
    devices: BTreeMap<String, BTreeSet<String>>,
    rooms: BTreeMap<String, BTreeSet<String>>,
}

impl Named {
    pub fn of(home: &Home) -> Self {
        let mut named = Self::default();
        for (key, rule) in home.rules.iter().filter(|(_, rule)| rule.enabled) {
            let mut all = Vec::new();
            sets(home, &rule.then, &mut all);
            sets(home, &rule.otherwise, &mut all);
            for Moves { target, .. } in all {
                match target {
                    Target::Group(group) => {
                        let members =
                            home.groups.get(group).map(|g| g.members.as_slice()).unwrap_or_default();
                        members.iter().for_each(|member| named.note(member, key));
                    }
                    target => named.note(target, key),
                }
            }
        }
        named
    }

    fn note(&mut self, target: &Target, rule: &str) {
        let (all, name) = match target {
            Target::Entity(named) => (&mut self.devices, &named.device),
            Target::Room { room, .. } => (&mut self.rooms, room),
            // As of what is there.
            Target::Group(_) | Target::Find(_) => return,
        };
        all.entry(name.clone()).or_default().insert(rule.to_owned());
    }

    /// Keys of the rules that may move one of these entities of a device.
    fn rules(&self, device: &str, entities: &[EntityEntry]) -> BTreeSet<&String> {
        let rooms = entities.iter().filter_map(|e| self.rooms.get(e.room.as_deref()?));
        self.devices.get(device).into_iter().chain(rooms).flatten().collect()
    }
}

/// Edges of all rules to the entities of one device, which is new or is called otherwise or elsewhere now.
pub fn device_edges(
    home: &Home,
    named: &Named,
    directory: &Directory,
    entry: &DeviceEntry,
    reader: &Reader,
) -> Result<Vec<Write>, StoreError> {
    let entities: Vec<EntityEntry> = directory.entities_of(entry).cloned().collect();
    let there = There::of(&entities);
    let mut wanted = BTreeSet::new();
    for (key, rule) in
        named.rules(&entry.reference, &entities).into_iter().filter_map(|k| home.rules.get_key_value(k))
    {
        let from = NodeId::rule(key);
        wanted.extend(moved(home, rule, &there).into_iter().map(|to| edge(from, to)));
    }
    let mut writes = Vec::new();
    for entity in &entities {
        for (stands, _) in reader.edges_to(entity.id)? {
            let of_a_rule = stands.kind == EdgeKind::Controls
                && reader.node(stands.from)?.is_none_or(|n| n.kind == NodeKind::Rule);
            if of_a_rule && !wanted.contains(&stands) {
                writes.push(Write::RemoveEdge(stands));
            }
        }
    }
    writes.extend(wanted.into_iter().map(Write::PutEdge));
    Ok(writes)
}

fn edge(from: NodeId, to: NodeId) -> Edge {
    Edge { from, kind: EdgeKind::Controls, to }
}

/// What a device is made from again has this in it, whatever made it.
#[derive(Deserialize)]
struct Detail {
    info: DeviceInfo,
}

/// The entities of a device as the graph knows it, in the order it announced them.
fn entities(home: &Home, node: &Node) -> Vec<EntityEntry> {
    let reference = node.props.get("ref").and_then(|v| v.as_text());
    let (Some(reference), Ok(Detail { info })) = (reference, serde_json::from_slice(&node.detail)) else {
        return Vec::new();
    };
    let device: Arc<str> = reference.into();
    let kept = node.props.get("room").and_then(|v| v.as_text()).map(str::to_owned);
    let room = home.devices.get(&*device).map_or(kept, |said| said.room.clone());
    info.entities.iter().map(|e| EntityEntry::of(home, &device, room.as_ref(), e)).collect()
}

/// Entities, to be found as the door finds them when a rule acts.
struct There<'a> {
    devices: BTreeMap<&'a str, Vec<&'a EntityEntry>>,
    rooms: BTreeMap<&'a str, Vec<&'a EntityEntry>>,
}

impl<'a> There<'a> {
    fn of(entities: &'a [EntityEntry]) -> Self {
        let mut there = Self { devices: BTreeMap::new(), rooms: BTreeMap::new() };
        for entity in entities {
            there.devices.entry(&entity.device).or_default().push(entity);
            if let Some(room) = &entity.room {
                there.rooms.entry(room).or_default().push(entity);
            }
        }
        there
    }

    fn reach(&self, target: &Target, main: Property, found: &mut BTreeSet<NodeId>) {
        match target {
            Target::Entity(named) => {
                let mut own = self.devices.get(named.device.as_str()).into_iter().flatten();
                let one = match &named.slug {
                    Some(slug) => own.find(|e| e.info.slug == *slug),
                    None => own.find(|e| e.can_move(main)),
                };
                found.extend(one.map(|e| e.id));
            }
            Target::Room { room, component } => {
                let there = self.rooms.get(room.as_str()).into_iter().flatten();
                let can = there.filter(|e| component.is_none_or(|c| e.component == c) && e.can_move(main));
                found.extend(can.map(|e| e.id));
            }
            // A group holds no groups, and what fits a filter is found when it is done.
            Target::Group(_) | Target::Find(_) => {}
        }
    }
}

/// The entities that a rule can move.
fn moved(home: &Home, rule: &Rule, there: &There<'_>) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    if !rule.enabled {
        return found;
    }
    let mut all = Vec::new();
    sets(home, &rule.then, &mut all);
    sets(home, &rule.otherwise, &mut all);
    for Moves { target, values, reckoned } in all {
        let main = main_of(values, reckoned);
        match target {
            Target::Group(key) => {
                let members = home.groups.get(key).map(|g| g.members.as_slice()).unwrap_or_default();
                members.iter().for_each(|member| there.reach(member, main, &mut found));
            }
            target => there.reach(target, main, &mut found),
        }
    }
    found
}

/// What a step moves: to values that are written, and to such that are reckoned when it is done.
pub(crate) struct Moves<'a> {
    pub target: &'a Target,
    pub values: &'a BTreeMap<Property, Value>,
    pub reckoned: &'a BTreeMap<Property, Template>,
}

static NOTHING: BTreeMap<Property, Template> = BTreeMap::new();

/// The property that a step is found by: the door goes by the first of them, too.
pub(crate) fn main_of(
    values: &BTreeMap<Property, Value>,
    reckoned: &BTreeMap<Property, Template>,
) -> Property {
    values.keys().chain(reckoned.keys()).min().copied().unwrap_or(Property::On)
}

/// What its actions set, on whatever way they are, by themselves or as part of a scene.
pub(crate) fn sets<'a>(home: &'a Home, actions: &'a [Action], found: &mut Vec<Moves<'a>>) {
    for action in actions {
        match action {
            Action::Set { target, values, reckoned, .. } => found.push(Moves { target, values, reckoned }),
            Action::Let { .. } => {}
            Action::Scene { scene, .. } => {
                let parts = home.scenes.get(scene).map(|s| s.sets.as_slice()).unwrap_or_default();
                let moves = |set: &'a SceneSet| Moves {
                    target: &set.target,
                    values: &set.values,
                    reckoned: &NOTHING,
                };
                found.extend(parts.iter().map(moves));
            }
            Action::Do { actions } | Action::Repeat { actions, .. } => sets(home, actions, found),
            Action::Choose { branches, otherwise } => {
                branches.iter().for_each(|branch| sets(home, &branch.then, found));
                sets(home, otherwise, found);
            }
            Action::Parallel { branches } => branches.iter().for_each(|branch| sets(home, branch, found)),
            Action::Ask { then, otherwise, .. } => {
                sets(home, then, found);
                sets(home, otherwise, found);
            }
            Action::Delay { .. }
            | Action::Notify { .. }
            | Action::Say { .. }
            | Action::Wait { .. }
            | Action::Stop { .. } => {}
        }
    }
}
