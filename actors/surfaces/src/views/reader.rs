//! The graph's reader as a source of views.

use std::ops::Bound;

use lares_graph::ask::Picture;
use lares_graph::{
    EdgeChange, Found, KeptSeries, LastState, Reader, Resolution, RolledBucket, Sample, StoreError,
};
use lares_model::{Edge, EdgeInfo, EventId, Node, NodeId, NodeKind, Property, Stored, Timer, Timestamp};

use super::{Instants, Known, ReadError, Source};

impl From<StoreError> for ReadError {
    fn from(e: StoreError) -> Self {
        Self(e.to_string())
    }
}

fn known((property, state): (Property, LastState)) -> (Property, Known) {
    (property, Known { value: state.value, at: state.at, event: state.event })
}

fn edges(edges: Vec<(Edge, EventId)>) -> Vec<Edge> {
    edges.into_iter().map(|(edge, _)| edge).collect()
}

impl Source for Reader {
    fn event(&self, id: EventId) -> Result<Option<Stored>, ReadError> {
        Ok(self.event(id)?)
    }

    fn journal(
        &self,
        from: EventId,
        to: EventId,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Stored>, ReadError> {
        Ok(self.journal(Bound::Included(from), Bound::Included(to), reverse, limit)?)
    }

    fn history(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Stored>, ReadError> {
        Ok(self.history(subject, before, limit)?)
    }

    fn journal_with_gaps(
        &self,
        from: EventId,
        to: EventId,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Found>, ReadError> {
        Ok(self.journal_with_gaps((Bound::Included(from), Bound::Included(to)), reverse, limit)?)
    }

    fn history_with_gaps(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Found>, ReadError> {
        Ok(self.history_with_gaps(subject, before, limit)?)
    }

    fn effects(&self, id: EventId) -> Result<Vec<EventId>, ReadError> {
        Ok(self.effects(id)?)
    }

    fn node(&self, id: NodeId) -> Result<Option<Node>, ReadError> {
        Ok(self.node(id)?)
    }

    fn nodes(&self, kind: NodeKind) -> Result<Vec<Node>, ReadError> {
        Ok(self.nodes(kind)?)
    }

    fn all_nodes(&self) -> Result<Vec<Node>, ReadError> {
        Ok(self.all_nodes()?)
    }

    fn edges_from(&self, id: NodeId) -> Result<Vec<Edge>, ReadError> {
        Ok(edges(self.edges_from(id)?))
    }

    fn edges_to(&self, id: NodeId) -> Result<Vec<Edge>, ReadError> {
        Ok(edges(self.edges_to(id)?))
    }

    fn node_as_of(&self, id: NodeId, event: EventId) -> Result<Option<Node>, ReadError> {
        Ok(self.node_as_of(id, event)?)
    }

    fn node_versions(&self, id: NodeId) -> Result<Vec<EventId>, ReadError> {
        Ok(self.node_versions(id)?)
    }

    fn edge_changes(&self, id: NodeId) -> Result<Vec<EdgeChange>, ReadError> {
        Ok(self.edge_changes(id)?)
    }

    fn timers(&self) -> Result<Vec<Timer>, ReadError> {
        Ok(self.timers()?)
    }

    fn states(&self, owner: &str) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
        Ok(self.states(owner)?)
    }

    fn kept(&self, space: &str, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ReadError> {
        let found = self.space_scan(space, prefix.as_bytes(), || {})?;
        let named = |(key, value): (Vec<u8>, Vec<u8>)| Some((String::from_utf8(key).ok()?, value));
        Ok(found.into_iter().filter_map(named).collect())
    }

    fn last(&self, entity: NodeId) -> Result<Vec<(Property, Known)>, ReadError> {
        Ok(self.last(entity)?.into_iter().map(known).collect())
    }

    fn blob(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(self.blob(*hash)?)
    }

    fn events(&self) -> Result<u64, ReadError> {
        Ok(self.counts()?.events)
    }

    fn samples(
        &self,
        entity: NodeId,
        property: Property,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Sample>, ReadError> {
        Ok(self.samples(entity, property, from, to)?)
    }

    fn sample_at(
        &self,
        entity: NodeId,
        property: Property,
        at: Timestamp,
    ) -> Result<Option<Sample>, ReadError> {
        Ok(self.sample_at(entity, property, at)?)
    }

    fn rolled(
        &self,
        entity: NodeId,
        property: Property,
        (from, to): (Timestamp, Timestamp),
        resolution: Resolution,
    ) -> Result<Vec<RolledBucket>, ReadError> {
        Ok(self.rolled(entity, property, from, to, resolution)?)
    }

    fn series(&self) -> Result<Vec<KeptSeries>, ReadError> {
        Ok(self.series()?)
    }

    fn samples_gone_before(
        &self,
        entity: NodeId,
        property: Property,
    ) -> Result<Option<Timestamp>, ReadError> {
        Ok(self.samples_gone_before(entity, property)?)
    }

    fn picture(&self, now: Timestamp, at: Instants) -> Result<Picture<'_>, ReadError> {
        Ok(Picture::at(self, now, at.as_of, at.valid_at)?)
    }

    fn facts_from(&self, id: NodeId) -> Result<Vec<(Edge, EventId, EdgeInfo)>, ReadError> {
        Ok(self.facts_from(id)?)
    }

    fn size(&self) -> Result<Option<u64>, ReadError> {
        Ok(Some(self.counts()?.file_bytes))
    }
}
