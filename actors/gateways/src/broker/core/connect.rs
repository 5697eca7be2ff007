//! Clients come and go.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use lares_model::Timestamp;

use super::{Core, End, Link, Place, Wake};
use crate::broker::codec::{Connect, Reason, Will};
use crate::broker::session::{Limits, Session, WINDOW};
use crate::broker::stored::LONGEST_CLIENT_ID;

/// A client that is in.
pub struct Accepted {
    pub place: Place,
    pub session_present: bool,
    pub client_id: Arc<str>,
    pub session_expiry: u32,
}

impl Core {
    /// Lets a client in whose `user` has been checked; `out` takes what follows the answer.
    pub fn connect(
        &mut self,
        connect: Connect,
        user: Option<Arc<str>>,
        wake: Arc<Wake>,
        now: Timestamp,
        out: &mut BytesMut,
    ) -> Result<Accepted, Reason> {
        let client = self.client_id(&connect)?;
        let known = self.by_client.get(&client).copied();
        // A client id is no secret: another user must not get at a session by naming it.
        if known.and_then(|n| self.sessions.get(&n)).is_some_and(|session| session.user != user) {
            return Err(Reason::NotAuthorized);
        }
        if let Some(link) = known.and_then(|session| self.links.get(&session)) {
            let place = Place { session: known.unwrap_or_default(), link: link.number };
            self.wake(place.session);
            self.disconnect(place, End::Lost, now);
        } else if self.links.len() >= self.options.max_clients {
            return Err(Reason::Busy);
        }
        if connect.clean
            && let Some(session) = self.by_client.get(&client).copied()
        {
            self.remove_session(session, now);
        }
        let expiry = connect.session_expiry.min(self.options.forget_sessions_after);
        let known = self.by_client.get(&client).copied();
        let number = match known {
            Some(number) => number,
            None => self.new_session(client.clone(), user, expiry),
        };
        self.delayed_wills.retain(|(_, session, _)| *session != number);
        if known.is_some() {
            self.resume(number, expiry, &connect, out);
        }
        let link = self.next_link;
        self.next_link += 1;
        let limits = Limits {
            version: connect.version,
            window: connect.receive_max.clamp(1, WINDOW),
            max_packet: connect.max_packet,
        };
        let (will, replies) = (connect.will, BytesMut::new());
        self.links.insert(number, Link { number: link, limits, will, replies, deferred: 0, wake });
        if let Some(session) = self.sessions.get(&number) {
            session.keep(&mut self.changes);
        }
        Ok(Accepted {
            place: Place { session: number, link },
            session_present: known.is_some(),
            client_id: client,
            session_expiry: expiry,
        })
    }

    fn client_id(&self, connect: &Connect) -> Result<Arc<str>, Reason> {
        match connect.client_id.as_str() {
            "" if !connect.clean => Err(Reason::BadClientId),
            "" => Ok(format!("unnamed-{}", self.next_link).into()),
            id if id.len() > LONGEST_CLIENT_ID => Err(Reason::BadClientId),
            id => Ok(id.into()),
        }
    }

    pub(super) fn insert_session(&mut self, session: Session) -> u32 {
        let number = self.next_session;
        self.next_session += 1;
        self.by_client.insert(session.client.clone(), number);
        self.sessions.insert(number, session);
        number
    }

    fn new_session(&mut self, client: Arc<str>, user: Option<Arc<str>>, expiry: u32) -> u32 {
        self.insert_session(Session::new(client, user, expiry))
    }

    /// The client takes up its session, as far as its rights still go.
    fn resume(&mut self, number: u32, expiry: u32, connect: &Connect, out: &mut BytesMut) {
        let Some(session) = self.sessions.get_mut(&number) else { return };
        let rights = self.options.rights(session.user.as_deref());
        session.resume(out, connect.version);
        session.retain(|topic| rights.may_publish(topic), &mut self.changes);
        let lost: Vec<_> =
            session.subscriptions.keys().filter(|f| !rights.may_subscribe(f)).cloned().collect();
        for filter in lost {
            session.subscriptions.remove(&filter);
            self.subscriptions.remove(&filter, number);
        }
        if expiry == 0 {
            session.remove(&mut self.changes);
        }
        session.expiry = expiry;
    }

    /// The connection is over. Nothing happens if another has taken its place.
    pub fn disconnect(&mut self, place: Place, end: End, now: Timestamp) {
        if self.link(place).is_none() {
            return;
        }
        let Some(link) = self.links.remove(&place.session) else { return };
        let (with_will, new_expiry) = match end {
            End::Said { with_will, session_expiry } => (with_will, session_expiry),
            End::Lost => (true, None),
            End::Stopping => (false, None),
        };
        let Some(session) = self.sessions.get_mut(&place.session) else { return };
        // A session that was not to be kept cannot become one by a farewell.
        if let Some(new) = new_expiry
            && session.expiry > 0
        {
            if new == 0 {
                session.remove(&mut self.changes);
            }
            session.expiry = new.min(self.options.forget_sessions_after);
        }
        session.leave(now);
        session.keep(&mut self.changes);
        let kept = session.expiry > 0;
        if let Some(will) = link.will.filter(|_| with_will) {
            if kept && will.delay_seconds > 0 {
                let at = now + Duration::from_secs(u64::from(will.delay_seconds));
                self.delayed_wills.push((at, place.session, will));
            } else {
                self.tell_will(place.session, &will, now);
            }
        }
        if !kept {
            self.remove_session(place.session, now);
        }
    }

    pub(super) fn remove_session(&mut self, number: u32, now: Timestamp) {
        let Some(session) = self.sessions.remove(&number) else { return };
        self.by_client.remove(&session.client);
        for filter in session.subscriptions.keys() {
            self.subscriptions.remove(filter, number);
        }
        session.remove(&mut self.changes);
        // With its session a will's delay ends.
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.delayed_wills).into_iter().partition(|(_, s, _)| *s == number);
        self.delayed_wills = later;
        for (_, _, will) in due {
            self.route_for(session.user.as_deref(), &will.message, now);
        }
    }

    pub(super) fn tell_will(&mut self, session: u32, will: &Will, now: Timestamp) {
        let user = self.sessions.get(&session).and_then(|session| session.user.clone());
        self.route_for(user.as_deref(), &will.message, now);
    }
}
