//! A status is an event and, in the same commit, a state that is read back after a restart.

use lares_kernel::World;
use lares_model::{Body, Draft, NodeId, Origin, Status, Write};

/// Owner of the statuses among the graph's states; the key is the node's id.
pub const STATUS_OWNER: &str = "status";

/// The write that keeps a status.
pub fn status_write(subject: NodeId, status: &Status) -> Write {
    let value = serde_json::to_vec(status).ok();
    Write::PutState { owner: STATUS_OWNER.into(), key: subject.to_string().into(), value }
}

/// Publishes and keeps a status.
pub fn note_status(world: &World, subject: NodeId, origin: Origin, status: Status) {
    let write = status_write(subject, &status);
    world.publish_with(Draft::new(subject, origin, Body::StatusChanged { status }), vec![write]);
}
