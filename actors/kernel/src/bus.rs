//! The bus: a routing table with direct fan-out into mailboxes. Not an actor: one wake less, no queue in between.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use lares_model::{BodyKind, Event, IdMap, NodeId};

type Deliver = Arc<dyn Fn(&Arc<Event>) + Send + Sync>;

/// What a subscriber wants to hear of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Interest {
    /// Everything about one node.
    Subject(NodeId),
    /// Everything of one kind.
    Kind(BodyKind),
    Everything,
}

/// Typed publish and subscribe within one household.
#[derive(Default)]
pub struct Bus(RwLock<Routes>);

#[derive(Default)]
struct Routes {
    by_subject: IdMap<NodeId, Vec<(Arc<str>, Deliver)>>,
    by_kind: BTreeMap<BodyKind, Vec<(Arc<str>, Deliver)>>,
    all: Vec<(Arc<str>, Deliver)>,
    owners: BTreeMap<Arc<str>, Vec<Interest>>,
}

impl Routes {
    fn list(&mut self, interest: &Interest) -> &mut Vec<(Arc<str>, Deliver)> {
        match interest {
            Interest::Subject(id) => self.by_subject.entry(*id).or_default(),
            Interest::Kind(kind) => self.by_kind.entry(*kind).or_default(),
            Interest::Everything => &mut self.all,
        }
    }

    fn remove(&mut self, owner: &str) {
        for interest in self.owners.remove(owner).unwrap_or_default() {
            self.list(&interest).retain(|(o, _)| &**o != owner);
            if let Interest::Subject(id) = interest
                && self.by_subject.get(&id).is_some_and(Vec::is_empty)
            {
                self.by_subject.remove(&id);
            }
        }
    }
}

impl Bus {
    /// Replaces all subscriptions of `owner` (an address's key), so that a restarted actor may simply say again what
    /// it wants. `deliver` runs on the publisher's turn and must only put the event into a mailbox.
    pub fn subscribe(
        &self,
        owner: &Arc<str>,
        interests: Vec<Interest>,
        deliver: impl Fn(&Arc<Event>) + Send + Sync + 'static,
    ) {
        let deliver: Deliver = Arc::new(deliver);
        let mut routes = self.0.write().unwrap_or_else(PoisonError::into_inner);
        routes.remove(owner);
        for interest in &interests {
            routes.list(interest).push((owner.clone(), deliver.clone()));
        }
        routes.owners.insert(owner.clone(), interests);
    }

    pub fn unsubscribe(&self, owner: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(owner);
    }

    pub(crate) fn deliver(&self, event: &Arc<Event>) {
        let routes = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let about = routes.by_subject.get(&event.subject).into_iter().flatten();
        let of_kind = routes.by_kind.get(&event.body.kind()).into_iter().flatten();
        for (_, deliver) in about.chain(of_kind).chain(&routes.all) {
            deliver(event);
        }
    }
}
