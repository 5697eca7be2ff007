//! Pictures from the store: as it is, and as it was.

use lares_model::{Body, EventId, NodeId, Property, Status, Timestamp};
use lares_store::Reader;

use super::{Known, Picture, ReadFailed, Shape, States};

/// Entries of a thing that are looked through for its status at a past moment.
const LOOKED_THROUGH: usize = 20_000;

impl States for Reader {
    fn last(&self, node: NodeId) -> Result<Vec<(Property, Known)>, ReadFailed> {
        let known = |s: lares_store::LastState| Known { value: s.value, at: s.at, event: s.event };
        Ok(Reader::last(self, node)?.into_iter().map(|(p, s)| (p, known(s))).collect())
    }

    fn status(&self, node: NodeId) -> Result<Status, ReadFailed> {
        let kept = self.state("status", &node.to_string())?;
        Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    fn seen(&self, event: EventId) -> Result<Option<Timestamp>, ReadFailed> {
        Ok(self.event(event)?.map(|stored| stored.event.seen))
    }
}

/// States as they were: readings as measured by then, statuses as known by then.
pub struct AsOf<'a> {
    reader: &'a Reader,
    at: Timestamp,
    moment: EventId,
}

impl States for AsOf<'_> {
    fn last(&self, node: NodeId) -> Result<Vec<(Property, Known)>, ReadFailed> {
        let mut found = Vec::new();
        for (property, _) in Reader::last(self.reader, node)? {
            if let Some(sample) = self.reader.sample_at(node, property, self.at)? {
                found.push((property, Known { value: sample.value, at: sample.at, event: sample.id }));
            }
        }
        Ok(found)
    }

    fn status(&self, node: NodeId) -> Result<Status, ReadFailed> {
        let mut before = Some(EventId(self.moment.0.saturating_add(1)));
        let mut looked = 0;
        loop {
            let entries = self.reader.history(node, before, 64)?;
            let Some(oldest) = entries.last() else { return Ok(Status::Unknown) };
            before = Some(oldest.event.id);
            looked += entries.len();
            for entry in entries {
                if let Body::StatusChanged { status } = entry.event.body {
                    return Ok(status);
                }
            }
            if looked > LOOKED_THROUGH {
                return Err(ReadFailed(format!(
                    "the status of {node} is older than {looked} of its entries"
                )));
            }
        }
    }

    fn seen(&self, event: EventId) -> Result<Option<Timestamp>, ReadFailed> {
        States::seen(self.reader, event)
    }
}

impl<'a> Picture<'a> {
    /// As it is. The shape is read again only when a node or an edge has changed.
    pub fn of(reader: &'a Reader, now: Timestamp) -> Result<Self, ReadFailed> {
        Self::at(reader, now, None, None)
    }

    /// As it was known at `at`.
    pub fn as_of(reader: &'a Reader, at: Timestamp) -> Result<Self, ReadFailed> {
        Self::at(reader, at, Some(at), None)
    }

    /// As it is known now or was at `as_of`; what was so in the world then or at `valid_at`.
    pub fn at(
        reader: &'a Reader,
        now: Timestamp,
        as_of: Option<Timestamp>,
        valid_at: Option<Timestamp>,
    ) -> Result<Self, ReadFailed> {
        match as_of {
            None => Ok(Self::new(reader.made(Shape::new)?, Box::new(reader.clone()), now, valid_at)),
            Some(at) => {
                let moment = reader.moment(at)?;
                let shape = reader.made_as_of(moment, Shape::new)?;
                Ok(Self::new(shape, Box::new(AsOf { reader, at, moment }), at, valid_at))
            }
        }
    }
}
