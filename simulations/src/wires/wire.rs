//! One wire as an actor: what the household sends is told to a peer, and what the peer answers comes in after a delay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use lares_household::House;
use lares_household::links::{LinkMessage, LinkSink, matches};
use lares_kernel::wire::{Delivery, Gateway, Inbound, Outbound, Qos, Sink, WireState};
use lares_kernel::{Address, Behavior, Child, Context, Fault, Limits, Message, child};
use lares_model::Timestamp;

/// How long whoever is at the other end takes to answer.
const DELAY: Duration = Duration::from_millis(200);

/// A message that a peer says.
#[derive(Clone, PartialEq, Debug)]
pub struct Said {
    pub topic: Arc<str>,
    pub bytes: Bytes,
    pub retain: bool,
}

/// Who is at the other end of a wire.
pub trait Peer: Send + 'static {
    /// What it says when the wire comes up.
    fn greet(&mut self) -> Vec<Said>;

    /// What it answers.
    fn hear(&mut self, topic: &str, bytes: &[u8], now: Timestamp) -> Vec<Said>;

    /// What it says by itself now, and when it next has something to say.
    fn act(&mut self, now: Timestamp) -> (Vec<Said>, Option<Timestamp>);
}

/// The vocabulary of a wire.
pub enum WireMessage {
    /// From the link: bytes to send.
    Send(Outbound),
    /// From the link: what it wants to hear; what is retained on it comes at once.
    Subscribe(Vec<String>),
    /// The peer's answer has travelled.
    Arrive(Said),
    /// The peer may have something to say by itself.
    Act,
}

impl Message for WireMessage {}

struct InMemory(Address<WireMessage>);

impl Gateway for InMemory {
    fn send(&self, message: Outbound) {
        self.0.tell(WireMessage::Send(message));
    }

    fn subscribe(&self, filters: Vec<(String, Qos)>) {
        self.0.tell(WireMessage::Subscribe(filters.into_iter().map(|(f, _)| f).collect()));
    }
}

/// The actor of one wire.
pub struct Wire {
    link: Address<LinkMessage>,
    sink: LinkSink,
    house: House,
    key: String,
    peer: Box<dyn Peer>,
    retained: BTreeMap<Arc<str>, Bytes>,
    filters: Vec<String>,
}

impl Wire {
    pub fn new(house: House, key: &str, peer: Box<dyn Peer>) -> Self {
        let link = house.link(key);
        let sink = LinkSink::new(link.clone(), house.world().load().clone());
        Self { link, sink, house, key: key.to_owned(), peer, retained: BTreeMap::new(), filters: Vec::new() }
    }
}

impl Wire {
    fn arrive(&mut self, said: Said, retained: bool) {
        let Said { topic, bytes, retain } = said;
        if retain {
            if bytes.is_empty() {
                self.retained.remove(&topic);
            } else {
                self.retained.insert(topic.clone(), bytes.clone());
            }
        }
        if self.filters.iter().any(|f| matches(f, &topic)) {
            let at = self.house.world().clock().now();
            self.sink.inbound(Inbound { address: topic, bytes, at, retained, ack: None });
        }
    }

    fn act(&mut self, context: &Context<WireMessage>) {
        let now = context.world.clock().now();
        let (said, next) = self.peer.act(now);
        said.into_iter().for_each(|s| self.arrive(s, false));
        if let Some(next) = next {
            context.after(next.since(now).max(DELAY), WireMessage::Act);
        }
    }

    fn subscribe(&mut self, filters: Vec<String>) {
        let kept = std::mem::take(&mut self.retained);
        self.filters.extend(filters.iter().cloned());
        for (topic, bytes) in &kept {
            if filters.iter().any(|f| matches(f, topic)) {
                self.arrive(Said { topic: topic.clone(), bytes: bytes.clone(), retain: false }, true);
            }
        }
        self.retained = kept;
    }
}

impl Behavior for Wire {
    type Message = WireMessage;

    async fn started(&mut self, context: &mut Context<WireMessage>) -> Result<(), Fault> {
        self.house.set_gateway(&self.key, Arc::new(InMemory(context.me.clone())));
        for said in self.peer.greet() {
            self.arrive(said, false);
        }
        self.sink.state(WireState::Up);
        self.act(context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: WireMessage,
        context: &mut Context<WireMessage>,
    ) -> Result<(), Fault> {
        match message {
            WireMessage::Send(message) => {
                if let Some(key) = message.key {
                    self.link.tell(LinkMessage::Delivered(Delivery::Sent(key)));
                }
                let now = context.world.clock().now();
                for said in self.peer.hear(&message.address, &message.bytes, now) {
                    context.after(DELAY, WireMessage::Arrive(said));
                }
            }
            WireMessage::Subscribe(filters) => self.subscribe(filters),
            WireMessage::Arrive(said) => self.arrive(said, false),
            WireMessage::Act => self.act(context),
        }
        Ok(())
    }
}

/// A wire's place in the tree. `peer` is made anew at every start, as a device that is switched on.
pub fn child_of(house: &House, key: &str, peer: impl Fn() -> Box<dyn Peer> + Send + Sync + 'static) -> Child {
    let (house_, name) = (house.clone(), key.to_owned());
    let address = house.world().address(format!("gateways/{key}"));
    child(key, Limits::LEAF, address, move || Wire::new(house_.clone(), &name, peer()))
}
