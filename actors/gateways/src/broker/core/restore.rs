//! The state as it was kept.

use std::sync::Arc;

use lares_kernel::wire::DurableMap;
use lares_model::Timestamp;

use super::Core;
use super::subscribe::wish;
use crate::broker::BrokerOptions;
use crate::broker::session::Session;
use crate::broker::stored;

impl Core {
    /// Reads all that is kept. What a user who is no longer named left behind is forgotten.
    pub fn restore(
        options: Arc<BrokerOptions>,
        map: &dyn DurableMap,
        now: Timestamp,
    ) -> Result<Self, String> {
        let mut core = Self::new(options);
        for (_, bytes) in map.scan(b"r")? {
            core.retained.restore(&bytes)?;
        }
        for (_, bytes) in map.scan(b"s")? {
            let mut session = Session::restore(stored::decode(&bytes)?, now);
            for (key, bytes) in map.scan(&stored::deliveries_prefix(&session.client))? {
                session.restore_delivery(stored::delivery_number(&key)?, stored::decode(&bytes)?);
            }
            for (key, _) in map.scan(&stored::received_prefix(&session.client))? {
                session.restore_received(stored::received_packet(&key)?);
            }
            session.restored();
            core.adopt(session);
        }
        Ok(core)
    }

    fn adopt(&mut self, session: Session) {
        let user = session.user.as_deref();
        let welcome = match user {
            None => self.options.users.is_empty(),
            Some(name) => self.options.users.iter().any(|user| user.name == name),
        };
        if !welcome {
            tracing::info!(client = %session.client, user, "the session of a user who is gone is forgotten");
            session.remove(&mut self.changes);
            return;
        }
        let number = self.insert_session(session);
        if let Some(session) = self.sessions.get(&number) {
            for (filter, stored) in &session.subscriptions {
                self.subscriptions.add(filter, wish(number, stored));
            }
        }
    }
}
