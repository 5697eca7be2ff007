//! What rings: timers that are over and that nobody has stopped.

use std::time::Duration;

use lares_model::{Body, EventId, NodeId, NodeKind, Origin, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Moment, ReadError, Source};

/// Entries of one room that are looked through: what rang before that many others is no news.
const OF_ONE: usize = 16;

/// A timer that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RingView {
    /// The event that said so, by which it is stopped.
    pub id: String,
    pub text: String,
    /// Key of its room.
    pub room: Option<String>,
    pub room_name: Option<String>,
    pub at: Moment,
    /// It ends by itself then.
    pub until: Moment,
}

/// When things ring.
#[derive(Clone, Copy, Debug)]
pub struct Ringing {
    /// What was told before the process started was told then.
    pub since: Timestamp,
    pub length: Duration,
}

/// The newest first. `stopped`: whether somebody had enough of one.
pub fn rings(
    source: &dyn Source,
    now: Timestamp,
    of: Ringing,
    stopped: &dyn Fn(EventId) -> bool,
) -> Result<Vec<RingView>, ReadError> {
    let mut about = vec![(NodeId::household(), None)];
    about.extend(source.nodes(NodeKind::Room)?.into_iter().map(|node| (node.id, Some(node))));
    let mut all = Vec::new();
    for (subject, room) in about {
        for event in source.history(subject, None, OF_ONE)?.into_iter().map(|stored| stored.event) {
            let until = event.at + of.length;
            if now >= until || event.at < of.since || stopped(event.id) {
                continue;
            }
            if let (Body::Notice { text }, Origin::Timer) = (&event.body, &event.origin) {
                all.push(RingView {
                    id: event.id.to_string(),
                    text: text.clone(),
                    room: room.as_ref().map(|node| node.key.to_string()),
                    room_name: room.as_ref().map(|node| node.name.clone()),
                    at: Moment(event.at),
                    until: Moment(until),
                });
            }
        }
    }
    all.sort_by(|a, b| (b.at.0, &b.id).cmp(&(a.at.0, &a.id)));
    Ok(all)
}
