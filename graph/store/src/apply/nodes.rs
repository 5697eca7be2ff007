//! Nodes: as the home folder and wires describe them, and as people speak of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lares_model::{Amendment, EventId, Node, NodeId, NodeKind, is_made};

use super::Batch;
use crate::{
    StoreError,
    codec::{Kind, encode},
    key,
    reader::known,
    table::Table,
};

impl Batch<'_, '_, '_> {
    /// What people said of the node stays.
    pub(super) fn describe(&mut self, at: EventId, node: &Node) -> Result<(), StoreError> {
        let Some(known) = known(self.node(node.id))?.flatten() else { return self.put_node(at, node) };
        let mut whole = node.clone();
        for (key, value) in known.props {
            if !is_made(node.kind, &key) {
                whole.props.entry(key).or_insert(value);
            }
        }
        self.put_node(at, &whole)
    }

    pub(super) fn amend(
        &mut self,
        at: EventId,
        (id, kind, key): (NodeId, NodeKind, &Arc<str>),
        name: Option<&str>,
        set: &Amendment,
    ) -> Result<(), StoreError> {
        let fresh = || Node {
            id,
            kind,
            key: key.clone(),
            name: key.to_string(),
            props: BTreeMap::new(),
            detail: Vec::new(),
        };
        let mut node = known(self.node(id))?.flatten().unwrap_or_else(fresh);
        if node.kind != kind || node.key != *key {
            self.refuse(format!("node {id}: `{key}` has the same id as `{}`", node.key));
            return Ok(());
        }
        if let Some(name) = name {
            name.clone_into(&mut node.name);
        }
        for (key, value) in set {
            match value {
                Some(value) => node.props.insert(key.clone(), value.clone()),
                None => node.props.remove(key),
            };
        }
        self.put_node(at, &node)
    }

    fn node(&self, id: NodeId) -> Result<Option<Node>, StoreError> {
        self.core.value(self.txn, Table::Nodes, &key::node(id), Kind::Node)
    }

    pub(super) fn put_node(&mut self, at: EventId, node: &Node) -> Result<(), StoreError> {
        let key = key::node(node.id);
        let known: Option<Node> = match self.node(node.id) {
            // An old copy has somebody who was forgotten, and is back: only the count still knows.
            Err(e) if e.is_forgotten() => {
                self.progress.counters.nodes -= 1;
                None
            }
            read => read?,
        };
        match known {
            Some(known) if known == *node => return Ok(()),
            Some(known) if known.key != node.key || known.kind != node.kind => {
                let (old, new) = (&known.key, &node.key);
                self.refuse(format!("node {}: `{new}` has the same id as `{old}`", node.id));
                return Ok(());
            }
            Some(_) => {}
            None => self.progress.counters.nodes += 1,
        }
        self.put_owned(node.id, Table::Nodes, &key, &encode(Kind::Node, node)?)?;
        let version = encode(Kind::NodeVersion, &Some(node))?;
        self.put_owned(node.id, Table::NodeVersions, &key::pair(node.id.0, at.0), &version)
    }

    pub(super) fn remove_node(&mut self, at: EventId, id: NodeId) -> Result<(), StoreError> {
        for edge in self.edges_of(id)? {
            self.remove_edge(at, edge)?;
        }
        if self.core.table(Table::Nodes).delete(self.txn, &key::node(id))? {
            self.progress.counters.nodes -= 1;
            let gone = encode(Kind::NodeVersion, &None::<Node>)?;
            self.put_bytes(Table::NodeVersions, &key::pair(id.0, at.0), &gone)?;
        }
        Ok(())
    }
}
