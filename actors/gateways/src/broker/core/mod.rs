//! The broker's state and what changes it. No socket: connections call it under its lock, bytes and time come in.

mod connect;
mod publish;
mod restore;
mod subscribe;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::BytesMut;
use lares_model::Timestamp;
use tokio::sync::Notify;

use super::BrokerOptions;
use super::codec::{Packet, Reason, Will, Writer};
use super::retained::Retained;
use super::session::{Bounds, Limits, Session};
use super::stored::Change;
use super::trie::{Trie, Wish};

pub use connect::Accepted;

/// All that clients share.
pub struct Core {
    options: Arc<BrokerOptions>,
    sessions: BTreeMap<u32, Session>,
    links: BTreeMap<u32, Link>,
    by_client: BTreeMap<Arc<str>, u32>,
    subscriptions: Trie,
    retained: Retained,
    /// Wills that wait for their delay: when, whose, what.
    delayed_wills: Vec<(Timestamp, u32, Will)>,
    next_session: u32,
    next_link: u64,
    /// Scratch space of routing.
    found: Vec<Wish>,
    /// What is to be kept; taken by whoever holds the lock.
    pub changes: Vec<Change>,
    /// Connections that have something to do.
    pub woken: Vec<Arc<Wake>>,
}

/// A connection, as the core sees it.
struct Link {
    number: u64,
    limits: Limits,
    will: Option<Will>,
    /// Answers that waited for the disk.
    replies: BytesMut,
    /// Groups of answers that still wait for it.
    deferred: u32,
    wake: Arc<Wake>,
}

/// Calls a connection's task.
#[derive(Default)]
pub struct Wake {
    pub notify: Notify,
    pub pending: AtomicBool,
}

/// Names a connection: sessions outlive it, and another may take its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    pub session: u32,
    pub link: u64,
}

/// How a connection ended.
pub enum End {
    /// By a disconnect: the will is void unless the client wants it.
    Said { with_will: bool, session_expiry: Option<u32> },
    /// Without a word.
    Lost,
    /// We stop: clients will be back, and their wills would be wrong.
    Stopping,
}

/// What a batch of packets led to.
#[derive(Default)]
pub struct Outcome {
    /// Acknowledgements that must not go out before all changes are on disk.
    pub acks: BytesMut,
    pub end: Option<End>,
}

impl Core {
    pub fn new(options: Arc<BrokerOptions>) -> Self {
        Self {
            options,
            sessions: BTreeMap::new(),
            links: BTreeMap::new(),
            by_client: BTreeMap::new(),
            subscriptions: Trie::default(),
            retained: Retained::default(),
            delayed_wills: Vec::new(),
            next_session: 1,
            next_link: 1,
            found: Vec::new(),
            changes: Vec::new(),
            woken: Vec::new(),
        }
    }

    fn bounds(&self) -> Bounds {
        Bounds { messages: self.options.max_queued, bytes: self.options.max_queued_bytes }
    }

    fn link(&mut self, place: Place) -> Option<&mut Link> {
        self.links.get_mut(&place.session).filter(|link| link.number == place.link)
    }

    /// Whether the connection still has its place.
    pub fn has(&mut self, place: Place) -> bool {
        self.link(place).is_some()
    }

    /// A batch of packets from one client, in order. `out` takes the answers that need not wait.
    pub fn handle(
        &mut self,
        place: Place,
        packets: Vec<Packet>,
        now: Timestamp,
        out: &mut BytesMut,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        let Some(version) = self.link(place).map(|link| link.limits.version) else { return outcome };
        for packet in packets {
            let mut writer = Writer { out, version };
            let Some(session) = self.sessions.get_mut(&place.session) else { return outcome };
            match packet {
                Packet::Publish(publish) => {
                    let mut acks = Writer { out: &mut outcome.acks, version };
                    self.published(place, &publish, now, &mut acks);
                }
                Packet::PubAck(id) => session.acknowledged(id, &mut self.changes),
                Packet::PubRec(id, true) => {
                    session.received_by_client(id, &mut self.changes);
                    writer.pubrel(id);
                }
                Packet::PubRec(id, false) | Packet::PubComp(id) => session.done(id, &mut self.changes),
                Packet::PubRel(id) => {
                    let known = session.release(id, &mut self.changes);
                    writer.pubcomp(id, if known { Reason::Success } else { Reason::UnknownId });
                }
                Packet::Subscribe { id, subscription_id, filters } => {
                    let answers = self.subscribe(place, subscription_id, filters, now);
                    writer.suback(id, &answers);
                }
                Packet::Unsubscribe { id, filters } => {
                    let answers = self.unsubscribe(place, &filters);
                    writer.unsuback(id, &answers);
                }
                Packet::Ping => writer.pong(),
                Packet::Disconnect { with_will, session_expiry } => {
                    outcome.end = Some(End::Said { with_will, session_expiry });
                    return outcome;
                }
                // A second connect is against the rules.
                Packet::Connect(_) => {
                    outcome.end = Some(End::Lost);
                    return outcome;
                }
            }
        }
        outcome
    }

    /// Appends what the client shall get now; false if another connection has taken its place.
    pub fn fill(&mut self, place: Place, out: &mut BytesMut, enough: usize, now: Timestamp) -> bool {
        let Some(link) = self.links.get_mut(&place.session).filter(|link| link.number == place.link) else {
            return false;
        };
        out.unsplit(link.replies.split());
        let limits = link.limits;
        if let Some(session) = self.sessions.get_mut(&place.session) {
            session.fill(out, enough, limits, now, &mut self.changes);
        }
        true
    }

    /// Acknowledgements wait for the disk: those that follow must not overtake them.
    pub fn defer(&mut self, place: Place) {
        if let Some(link) = self.link(place) {
            link.deferred += 1;
        }
    }

    pub fn has_deferred(&mut self, place: Place) -> bool {
        self.link(place).is_some_and(|link| link.deferred > 0)
    }

    /// The disk has what the acknowledgements are for.
    pub fn synced(&mut self, place: Place, acks: &[u8]) {
        if let Some(link) = self.link(place) {
            link.deferred = link.deferred.saturating_sub(1);
            link.replies.extend_from_slice(acks);
        }
        self.wake(place.session);
    }

    fn wake(&mut self, session: u32) {
        if let Some(link) = self.links.get(&session)
            && !link.wake.pending.swap(true, Ordering::AcqRel)
        {
            self.woken.push(link.wake.clone());
        }
    }

    /// Forgets retained messages that have expired. They are not delivered in any case.
    pub fn forget_expired(&mut self, now: Timestamp) {
        self.retained.expire(now, &mut self.changes);
    }

    /// What time alone brings about.
    pub fn sweep(&mut self, now: Timestamp) {
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.delayed_wills).into_iter().partition(|(at, ..)| now >= *at);
        self.delayed_wills = later;
        for (_, session, will) in due {
            self.tell_will(session, &will, now);
        }
        let over: Vec<u32> = self.sessions.iter().filter(|(_, s)| is_over(s, now)).map(|(n, _)| *n).collect();
        for session in over {
            self.remove_session(session, now);
        }
    }

    /// Client id, user, messages that wait, and whether it is connected.
    pub fn clients(&self) -> Vec<super::server::ClientState> {
        let state = |(number, session): (&u32, &Session)| super::server::ClientState {
            client_id: session.client.to_string(),
            user: session.user.as_deref().map(str::to_owned),
            connected: self.links.contains_key(number),
            subscriptions: session.subscriptions.len(),
            waiting: session.waiting(),
        };
        self.sessions.iter().map(state).collect()
    }
}

fn is_over(session: &Session, now: Timestamp) -> bool {
    let kept_for = std::time::Duration::from_secs(u64::from(session.expiry));
    session.expiry != u32::MAX && session.away_since.is_some_and(|since| now >= since + kept_for)
}
