//! Messages find their way.

use lares_model::Timestamp;

use super::{Core, Place};
use crate::broker::codec::{Publish, Reason, Writer};
use crate::broker::message::Message;

impl Core {
    pub(super) fn published(
        &mut self,
        place: Place,
        publish: &Publish,
        now: Timestamp,
        acks: &mut Writer<'_>,
    ) {
        let Some(session) = self.sessions.get_mut(&place.session) else { return };
        let rights = self.options.rights(session.user.as_deref());
        let allowed = rights.may_publish(&publish.topic);
        let reason = if allowed { Reason::Success } else { Reason::NotAuthorized };
        if !allowed {
            tracing::warn!(client = %session.client, topic = %publish.topic, "no right to publish there");
        }
        // A QoS 2 message that comes again is acknowledged again, and that is all.
        let new = publish.qos < 2 || !allowed || session.receive(publish.id, &mut self.changes);
        if allowed && new {
            self.route(Some(place.session), publish, now);
        }
        match publish.qos {
            0 => {}
            1 => acks.puback(publish.id, reason),
            _ => acks.pubrec(publish.id, reason),
        }
    }

    /// A message that no connected client sends: a will.
    pub(super) fn route_for(&mut self, user: Option<&str>, publish: &Publish, now: Timestamp) {
        if self.options.rights(user).may_publish(&publish.topic) {
            self.route(None, publish, now);
        } else {
            tracing::warn!(topic = %publish.topic, "no right to publish a will there");
        }
    }

    fn route(&mut self, from: Option<u32>, publish: &Publish, now: Timestamp) {
        let message = Message::of(publish, now);
        if publish.retain {
            self.retained.keep(&message, publish.qos, &mut self.changes);
        }
        let bounds = self.bounds();
        let mut found = std::mem::take(&mut self.found);
        self.subscriptions.matching(&publish.topic, &mut found);
        // One copy for each session, at the best quality any of its filters asks for.
        for wishes in found.chunk_by(|a, b| a.session == b.session) {
            let of_others = |wish: &&_| !is_own(wish, from);
            let Some(best) = wishes.iter().filter(of_others).map(|wish| wish.qos).max() else { continue };
            let ids = wishes.iter().filter(of_others).filter_map(|wish| wish.id).collect();
            let retain =
                publish.retain && wishes.iter().filter(of_others).any(|wish| wish.retain_as_published);
            let session = wishes[0].session;
            if let Some(session) = self.sessions.get_mut(&session) {
                let qos = best.min(publish.qos);
                session.put(message.clone(), qos, retain, ids, bounds, &mut self.changes);
            }
            self.wake(session);
        }
        self.found = found;
    }
}

fn is_own(wish: &crate::broker::trie::Wish, from: Option<u32>) -> bool {
    wish.no_local && Some(wish.session) == from
}
