//! What the views read. The graph's reader is one such source; tests bring another.

use lares_graph::ask::{Picture, ReadFailed};
use lares_graph::{EdgeChange, Found, KeptSeries, Resolution, RolledBucket, Sample};
use lares_model::{Edge, EdgeInfo, EventId, Node, NodeId, NodeKind, Property, Stored, Timer, Timestamp};

pub use lares_graph::ask::Known;

/// The store could not be read: its own words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to read what is kept: {0}")]
pub struct ReadError(pub String);

impl From<ReadFailed> for ReadError {
    fn from(ReadFailed(why): ReadFailed) -> Self {
        Self(why)
    }
}

/// Instants that a question names.
#[derive(Clone, Copy, Default, Debug)]
pub struct Instants {
    /// As it was known then.
    pub as_of: Option<Timestamp>,
    /// What was so in the world then.
    pub valid_at: Option<Timestamp>,
}

/// What is kept of a household, as of one instant or as it comes.
pub trait Source {
    fn event(&self, id: EventId) -> Result<Option<Stored>, ReadError>;

    /// Entries with ids from `from` to `to` (both within), oldest first or, with `reverse`, newest first.
    fn journal(
        &self,
        from: EventId,
        to: EventId,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Stored>, ReadError>;

    /// Entries about a node before `before` (all if `None`), newest first.
    fn history(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Stored>, ReadError>;

    /// As [`Source::journal`], with a gap for each entry that cannot be read.
    fn journal_with_gaps(
        &self,
        from: EventId,
        to: EventId,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Found>, ReadError> {
        let found = self.journal(from, to, reverse, limit)?;
        Ok(found.into_iter().map(|stored| Found::Entry(Box::new(stored))).collect())
    }

    /// As [`Source::history`], with a gap for each entry that cannot be read.
    fn history_with_gaps(
        &self,
        subject: NodeId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<Vec<Found>, ReadError> {
        let found = self.history(subject, before, limit)?;
        Ok(found.into_iter().map(|stored| Found::Entry(Box::new(stored))).collect())
    }

    /// Entries that name this one as a cause.
    fn effects(&self, id: EventId) -> Result<Vec<EventId>, ReadError>;

    fn node(&self, id: NodeId) -> Result<Option<Node>, ReadError>;

    fn nodes(&self, kind: NodeKind) -> Result<Vec<Node>, ReadError>;

    /// Nodes of every kind.
    fn all_nodes(&self) -> Result<Vec<Node>, ReadError>;

    fn edges_from(&self, id: NodeId) -> Result<Vec<Edge>, ReadError>;

    fn edges_to(&self, id: NodeId) -> Result<Vec<Edge>, ReadError>;

    /// The node as it was once an event had happened.
    fn node_as_of(&self, id: NodeId, event: EventId) -> Result<Option<Node>, ReadError>;

    /// The events that changed a node, oldest first.
    fn node_versions(&self, id: NodeId) -> Result<Vec<EventId>, ReadError>;

    /// When edges of a node began and ended, oldest first.
    fn edge_changes(&self, id: NodeId) -> Result<Vec<EdgeChange>, ReadError>;

    fn timers(&self) -> Result<Vec<Timer>, ReadError>;

    /// What one owner keeps: key and bytes.
    fn states(&self, owner: &str) -> Result<Vec<(String, Vec<u8>)>, ReadError>;

    /// What an actor keeps as its own in a space, under keys that begin so.
    fn kept(&self, space: &str, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, ReadError>;

    fn last(&self, entity: NodeId) -> Result<Vec<(Property, Known)>, ReadError>;

    fn blob(&self, hash: &[u8; 32]) -> Result<Option<Vec<u8>>, ReadError>;

    /// Events in the journal.
    fn events(&self) -> Result<u64, ReadError>;

    /// Samples of a property between two instants, both within, oldest first.
    fn samples(
        &self,
        entity: NodeId,
        property: Property,
        span: (Timestamp, Timestamp),
    ) -> Result<Vec<Sample>, ReadError> {
        let _ = (entity, property, span);
        Ok(Vec::new())
    }

    /// The last sample that was measured at an instant or before.
    fn sample_at(
        &self,
        entity: NodeId,
        property: Property,
        at: Timestamp,
    ) -> Result<Option<Sample>, ReadError> {
        let _ = (entity, property, at);
        Ok(None)
    }

    /// What they come to; what is old may be told in wider buckets.
    fn rolled(
        &self,
        entity: NodeId,
        property: Property,
        span: (Timestamp, Timestamp),
        resolution: Resolution,
    ) -> Result<Vec<RolledBucket>, ReadError> {
        let _ = (entity, property, span, resolution);
        Ok(Vec::new())
    }

    /// Which series there are.
    fn series(&self) -> Result<Vec<KeptSeries>, ReadError> {
        Ok(Vec::new())
    }

    /// Samples before this were let go.
    fn samples_gone_before(
        &self,
        entity: NodeId,
        property: Property,
    ) -> Result<Option<Timestamp>, ReadError> {
        let _ = (entity, property);
        Ok(None)
    }

    /// All of the graph, to be asked: as it is known `now` or was at an instant; and what was so in the world then or at another.
    fn picture(&self, now: Timestamp, at: Instants) -> Result<Picture<'_>, ReadError>;

    /// What the edges that leave a node say beside that they stand, each with the event since which it does.
    fn facts_from(&self, id: NodeId) -> Result<Vec<(Edge, EventId, EdgeInfo)>, ReadError>;

    /// Bytes on disk; none if it is not on a disk.
    fn size(&self) -> Result<Option<u64>, ReadError>;
}
