//! Clients say what they want to hear.

use std::sync::Arc;

use lares_model::Timestamp;

use super::{Core, Place};
use crate::broker::codec::{Filter, Reason, RetainHandling};
use crate::broker::stored::StoredSubscription;
use crate::broker::topics;
use crate::broker::trie::Wish;

impl Core {
    pub(super) fn subscribe(
        &mut self,
        place: Place,
        id: Option<u32>,
        filters: Vec<Filter>,
        now: Timestamp,
    ) -> Vec<Result<u8, Reason>> {
        let answers = filters.into_iter().map(|filter| self.subscribe_one(place, id, filter, now)).collect();
        if let Some(session) = self.sessions.get(&place.session) {
            session.keep(&mut self.changes);
        }
        self.wake(place.session);
        answers
    }

    fn subscribe_one(
        &mut self,
        place: Place,
        id: Option<u32>,
        filter: Filter,
        now: Timestamp,
    ) -> Result<u8, Reason> {
        let bounds = self.bounds();
        let session = self.sessions.get_mut(&place.session).ok_or(Reason::Unspecified)?;
        if filter.path.starts_with("$share/") {
            return Err(Reason::NoShared);
        }
        if !topics::is_filter(&filter.path) {
            return Err(Reason::BadFilter);
        }
        if !self.options.rights(session.user.as_deref()).may_subscribe(&filter.path) {
            tracing::warn!(client = %session.client, filter = %filter.path, "no right to subscribe there");
            return Err(Reason::NotAuthorized);
        }
        let Filter { path, qos, no_local, retain_as_published, retain_handling } = filter;
        let stored = StoredSubscription { filter: path.to_string(), qos, no_local, retain_as_published, id };
        self.subscriptions.add(&path, wish(place.session, &stored));
        let new = session.subscriptions.insert(path.clone(), stored).is_none();
        let wanted = match retain_handling {
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => new,
            RetainHandling::DontSend => false,
        };
        if wanted {
            for (message, kept) in self.retained.matching(&path, now) {
                let ids = id.into_iter().collect();
                session.put(message, kept.min(qos), true, ids, bounds, &mut self.changes);
            }
        }
        Ok(qos)
    }

    pub(super) fn unsubscribe(&mut self, place: Place, filters: &[Arc<str>]) -> Vec<Reason> {
        let Some(session) = self.sessions.get_mut(&place.session) else { return Vec::new() };
        let mut answers = Vec::new();
        for filter in filters {
            answers.push(match session.subscriptions.remove(filter) {
                Some(_) => Reason::Success,
                None => Reason::NoSubscription,
            });
            self.subscriptions.remove(filter, place.session);
        }
        session.keep(&mut self.changes);
        answers
    }
}

pub(super) fn wish(session: u32, stored: &StoredSubscription) -> Wish {
    let StoredSubscription { filter: _, qos, no_local, retain_as_published, id } = stored;
    Wish { session, qos: *qos, no_local: *no_local, retain_as_published: *retain_as_published, id: *id }
}
