//! A message as the broker keeps it.

use std::sync::Arc;

use bytes::Bytes;
use lares_model::Timestamp;

use super::codec::Publish;

/// Shared by all who wait for it.
#[derive(Debug, PartialEq)]
pub struct Message {
    pub topic: Arc<str>,
    pub payload: Bytes,
    pub expires: Option<Timestamp>,
    /// Properties of MQTT 5 that pass through, encoded.
    pub properties: Bytes,
}

impl Message {
    pub fn of(publish: &Publish, now: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            topic: publish.topic.clone(),
            payload: publish.payload.clone(),
            expires: publish.expiry.map(|s| now + std::time::Duration::from_secs(u64::from(s))),
            properties: publish.properties.clone(),
        })
    }

    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|at| now >= at)
    }

    /// Seconds left, for the client that gets it now.
    pub fn seconds_left(&self, now: Timestamp) -> Option<u32> {
        self.expires.map(|at| u32::try_from(at.since(now).as_secs()).unwrap_or(u32::MAX))
    }

    /// What it takes in memory, about.
    pub fn size(&self) -> usize {
        const OVERHEAD: usize = 160;
        self.bytes() + OVERHEAD
    }

    /// Bytes on the wire at most, but for subscription identifiers.
    pub fn longest_packet(&self) -> usize {
        // Fixed header 5, length of the topic 2, packet id 2, length of the properties 4, expiry 5.
        const FIELDS: usize = 18;
        self.bytes() + FIELDS
    }

    fn bytes(&self) -> usize {
        self.topic.len() + self.payload.len() + self.properties.len()
    }
}
