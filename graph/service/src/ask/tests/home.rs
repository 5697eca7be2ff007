//! A household of two rooms, as values.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_model::{
    Component, Detail, Edge, EdgeKind, EntityInfo, EventId, Node, NodeId, NodeKind, Property, Status,
    Timestamp, Value,
};
use lares_store::Parts;

use crate::ask::{Known, Picture, ReadFailed, Shape, States};

/// 1 January 2026, noon UTC.
pub const NOW: Timestamp = Timestamp(1_767_268_800_000_000);

#[derive(Clone, Default)]
pub struct Home {
    pub parts: Parts,
    last: BTreeMap<NodeId, Vec<(Property, Known)>>,
    statuses: BTreeMap<NodeId, Status>,
}

impl States for Home {
    fn last(&self, node: NodeId) -> Result<Vec<(Property, Known)>, ReadFailed> {
        Ok(self.last.get(&node).cloned().unwrap_or_default())
    }

    fn status(&self, node: NodeId) -> Result<Status, ReadFailed> {
        Ok(self.statuses.get(&node).cloned().unwrap_or_default())
    }

    fn seen(&self, event: EventId) -> Result<Option<Timestamp>, ReadFailed> {
        Ok(Some(Timestamp(event.0 as i64)))
    }
}

pub fn node(kind: NodeKind, key: &str, name: &str, props: &[(&str, Value)]) -> Node {
    let id = NodeId::derive(kind.name(), key);
    let props = props.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    Node { id, kind, key: key.into(), name: name.into(), props, detail: Vec::new() }
}

pub fn edge(from: &Node, kind: EdgeKind, to: &Node) -> (Edge, EventId) {
    (Edge { from: from.id, kind, to: to.id }, EventId::new(1, 1))
}

pub fn picture(home: Home) -> Picture<'static> {
    Picture::new(Arc::new(Shape::new(home.parts.clone())), Box::new(home), NOW, None)
}

impl Home {
    /// Kitchen and hall on one floor; a lamp and a sensor with two entities; the sensor is offline.
    pub fn small() -> Self {
        let mut home = Self::default();
        let floor = home.put(node(NodeKind::Floor, "ground", "Ground floor", &[]));
        let rooms = [("kitchen", "Küche"), ("hall", "Hall")].map(|(key, name)| {
            let room = home.put(node(NodeKind::Room, key, name, &[]));
            home.parts.edges.push(edge(&room, EdgeKind::PartOf, &floor));
            room
        });
        let [kitchen, hall] = rooms;
        let lamp = home.device("kitchen-lamp", "Ceiling lamp", &kitchen);
        let light = home.entity(
            &lamp,
            "light",
            Component::Light,
            &[(Property::On, true.into()), (Property::Brightness, 40.0.into())],
        );
        let sensor = home.device("hall-sensor", "Hall lamp sensor", &hall);
        home.entity(&sensor, "temperature", Component::Sensor, &[(Property::State, 21.5.into())]);
        home.entity(&sensor, "battery", Component::Sensor, &[(Property::State, 80.0.into())]);
        home.statuses.insert(lamp.id, Status::Online);
        home.statuses.insert(light.id, Status::Unknown);
        home.statuses.insert(sensor.id, Status::Offline(Detail::Silent));
        let gone = home.device("old-plug", "Old plug", &hall);
        let old = home.parts.nodes.iter_mut().find(|n| n.id == gone.id).unwrap();
        old.props.insert("removed".into(), true.into());
        home.put(node(NodeKind::Person, "anna", "Anna", &[]));
        home.parts.nodes.sort_by_key(|n| n.id);
        home
    }

    fn put(&mut self, node: Node) -> Node {
        self.parts.nodes.push(node.clone());
        node
    }

    fn device(&mut self, reference: &str, name: &str, room: &Node) -> Node {
        let props = [("ref", reference.into()), ("link", "mqtt".into()), ("room", Value::text(&*room.key))];
        let device = self.put(node(NodeKind::Device, &format!("mqtt/{reference}"), name, &props));
        self.parts.edges.push(edge(&device, EdgeKind::LocatedIn, room));
        device
    }

    fn entity(
        &mut self,
        device: &Node,
        slug: &str,
        component: Component,
        last: &[(Property, Value)],
    ) -> Node {
        let reference = format!("{}.{slug}", device.props["ref"]);
        let key = format!("{}-{slug}", device.key);
        let info = EntityInfo {
            key: key.clone(),
            unique_id: key.clone(),
            component,
            name: None,
            slug: slug.into(),
            device_class: (slug != "light").then(|| slug.to_owned()),
            state_class: None,
            unit: None,
            category: None,
            enabled_by_default: true,
            expire_after: None,
            assumed: false,
            properties: vec![],
        };
        let mut entity = node(NodeKind::Entity, &key, &device.name, &[("ref", reference.as_str().into())]);
        entity.detail = serde_json::to_vec(&info).unwrap();
        let entity = self.put(entity);
        self.parts.edges.push(edge(&entity, EdgeKind::PartOf, device));
        let at = NOW - std::time::Duration::from_secs(600);
        let known = |v: &Value| Known { value: Some(v.clone()), at, event: EventId::new(1, 2) };
        self.last.insert(entity.id, last.iter().map(|(p, v)| (*p, known(v))).collect());
        entity
    }
}
