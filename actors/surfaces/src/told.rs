//! How a surface is, published and kept when it changes.

use lares_kernel::World;
use lares_model::{Body, Draft, NodeId, Origin, Status, Write};

/// The status of one actor.
pub(crate) struct Told {
    /// Its place in the tree: `surfaces/web`.
    path: String,
    last: Option<Status>,
}

impl Told {
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), last: None }
    }

    /// Publishes and keeps the status, when that is another one.
    pub fn status(&mut self, world: &World, status: Status) {
        if self.last.as_ref() == Some(&status) {
            return;
        }
        if let Some(detail) = status.detail() {
            tracing::warn!(actor = self.path, %detail, "it cannot be reached");
        }
        let subject = NodeId::derive("actor", &self.path);
        let kept = Write::PutState {
            owner: "status".into(),
            key: subject.to_string().into(),
            value: serde_json::to_vec(&status).ok(),
        };
        let body = Body::StatusChanged { status: status.clone() };
        world.publish_with(Draft::new(subject, Origin::System, body), vec![kept]);
        self.last = Some(status);
    }
}
