//! The person's actor.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use lares_config::Home;
use lares_kernel::{Alarm, Behavior, Context, Fault, Interest, Message};
use lares_model::{
    Body, BodyKind, Draft, Event, EventId, NodeId, Origin, Presence, Property, Timestamp, Value,
};

use super::evidence::{Source, others, sources};
use super::locate::{Plan, Whereabouts};
use crate::House;
use crate::devices::HAND;
use crate::lately::newest;

/// The vocabulary of a person's actor.
pub enum PersonMessage {
    /// A reading or status of what speaks of them, a room that filled or emptied, another person who moved, a device that
    /// came.
    Heard(Arc<Event>),
    /// They may have left: nothing was heard for long.
    Look,
}

impl Message for PersonMessage {}

/// Events that are named as causes of a move: the last of so many sources.
const NAMED: usize = 4;
/// How sure it is, is told again when it changed by so many percent.
const SURE_STEP: f64 = 10.0;

/// The actor of one person.
pub struct PersonActor {
    house: House,
    key: String,
    plan: Arc<Plan>,
    state: Whereabouts,
    sources: BTreeMap<NodeId, Source>,
    /// What a tracker had said last when it came: up to there its events are known.
    read: BTreeMap<NodeId, EventId>,
    /// It listens to what there is, and to what comes.
    attends: bool,
    /// Where the others are.
    people: BTreeMap<NodeId, (Presence, Option<Arc<str>>)>,
    /// The last events of the last sources.
    grounds: VecDeque<(NodeId, EventId)>,
    alarm: Alarm,
    sure: Option<f64>,
}

impl PersonActor {
    pub fn new(house: House, key: String) -> Self {
        let plan = Arc::new(Plan::new(&house.home()));
        Self {
            house,
            key,
            state: Whereabouts::new(plan.clone()),
            plan,
            sources: BTreeMap::new(),
            read: BTreeMap::new(),
            attends: false,
            people: BTreeMap::new(),
            grounds: VecDeque::new(),
            alarm: Alarm::default(),
            sure: None,
        }
    }

    fn node(&self) -> NodeId {
        NodeId::person(&self.key)
    }

    /// Finds what speaks of them and listens to it. What a new tracker said last is read after that: it may have spoken
    /// between its announcement and now. Whether any had said something is the answer.
    async fn attend(&mut self, context: &Context<PersonMessage>) -> Result<bool, Fault> {
        let home = self.house.home();
        let found = sources(&home, &self.house.directory(), &self.key);
        if found == self.sources && self.attends {
            return Ok(false);
        }
        let new =
            |(id, source): &(&NodeId, &Source)| **source == Source::Tracker && !self.sources.contains_key(id);
        let new: Vec<NodeId> = found.iter().filter(new).map(|(id, _)| *id).collect();
        self.sources = found;
        self.attends = true;
        let mut interests: Vec<Interest> = self.sources.keys().map(|id| Interest::Subject(*id)).collect();
        let kinds =
            [BodyKind::DeviceAnnounced, BodyKind::RoomOccupied, BodyKind::PersonMoved, BodyKind::Decision];
        interests.extend(kinds.map(Interest::Kind));
        let me = context.me.clone();
        context.world.bus().subscribe(context.key(), interests, move |event| match &event.body {
            // Most decisions are a rule's, and say nothing of where anybody is.
            Body::Decision(verdict) if &*verdict.claim.source != HAND => {}
            _ => me.tell(PersonMessage::Heard(event.clone())),
        });
        if !new.is_empty() {
            self.house.see_what_was_said().await;
        }
        let reader = self.house.graph().reader();
        let mut told = false;
        for id in new {
            for (_, last) in reader.last(id).map_err(|e| Fault::new(e.to_string()))? {
                self.state.note(id, last.value.as_ref(), room_keys(&home));
                self.remember(id, last.event);
                self.read.insert(id, last.event);
                told = true;
            }
        }
        Ok(told)
    }

    /// What was told of the person, and of the others, before this start.
    fn restore(&mut self) -> Result<(), Fault> {
        let home = self.house.home();
        for key in home.people.keys() {
            let moved = newest(&self.house.graph().reader(), NodeId::person(key), |event| {
                let Body::PersonMoved { presence, room } = &event.body else { return None };
                Some((*presence, room.clone(), event.seen))
            });
            let moved = moved.map_err(|e| Fault::new(e.to_string()))?;
            let (presence, room, at) = moved.unwrap_or((Presence::Unknown, None, Timestamp(0)));
            if *key != self.key {
                self.people.insert(NodeId::person(key), (presence, room));
            } else if presence != Presence::Unknown {
                self.state.restore(presence, room, at);
            }
        }
        Ok(())
    }

    fn remember(&mut self, source: NodeId, event: EventId) {
        self.grounds.retain(|(s, _)| *s != source);
        self.grounds.push_back((source, event));
        if self.grounds.len() > NAMED {
            self.grounds.pop_front();
        }
    }

    /// Takes an event; whether it may change something is the answer.
    fn take(&mut self, event: &Event) -> bool {
        let reading = match &event.body {
            Body::Reading { value, .. } => value.as_ref(),
            Body::StatusChanged { status } if !status.is_online() => None,
            Body::RoomOccupied { occupied } => {
                let rooms = self.plan.rooms();
                let room = rooms.iter().find(|r| NodeId::room(r) == event.subject).cloned();
                room.iter().for_each(|room| self.state.occupied(room, *occupied));
                return room.is_some();
            }
            Body::PersonMoved { presence, room } if event.subject != self.node() => {
                self.people.insert(event.subject, (*presence, room.clone()));
                return false;
            }
            Body::Decision(verdict) if &*verdict.claim.source == HAND => return self.used(event),
            _ => return false,
        };
        match (self.sources.get(&event.subject), reading) {
            (Some(Source::Tracker), _) if self.read.get(&event.subject) >= Some(&event.id) => return false,
            (Some(Source::Tracker), value) => {
                let home = self.house.home();
                self.state.note(event.subject, value, room_keys(&home));
            }
            (Some(Source::Distance { receiver }), Some(Value::Number(metres))) => {
                if !self.state.hear(receiver, *metres, event.at) {
                    return false;
                }
            }
            (Some(Source::Motion { room }), Some(Value::Bool(true))) => {
                self.state.sign(room, others(room, &self.people), event.at);
            }
            _ => return false,
        }
        self.remember(event.subject, event.id);
        true
    }

    /// Somebody moved a thing with their hands: they stand where it is.
    fn used(&mut self, event: &Event) -> bool {
        let room = self.house.directory().entity(event.subject).and_then(|e| e.room.clone());
        let Some(room) = room else { return false };
        self.state.sign(&room, others(&room, &self.people), event.at);
        self.remember(event.subject, event.id);
        true
    }

    fn review(&mut self, context: &Context<PersonMessage>) {
        let now = context.world.clock().now();
        let moved = self.state.review(now);
        let causes: Vec<EventId> = self.grounds.iter().map(|(_, e)| *e).collect();
        if let Some((presence, room)) = &moved {
            let body = Body::PersonMoved { presence: *presence, room: room.clone() };
            let draft = Draft::new(self.node(), Origin::System, body).caused_by(causes);
            context.world.publish(draft);
        }
        let sure = (self.state.sure() * 100.0).round();
        if moved.is_some() || self.sure.is_some_and(|told| (told - sure).abs() >= SURE_STEP) {
            self.sure = Some(sure);
            let body = Body::Reading { property: Property::Sure, value: Some(sure.into()) };
            context.world.publish(Draft::new(self.node(), Origin::System, body).to_series());
        }
        if let Some(leaves) = self.state.leaves_at().filter(|at| *at > now) {
            self.alarm.set(leaves, leaves.since(now), PersonMessage::Look, context);
        }
    }
}

/// The key of the room that a tracker's word means.
fn room_keys(home: &Home) -> impl Fn(&str) -> Option<Arc<str>> {
    move |word| {
        let meant =
            home.rooms.iter().find(|(key, room)| *key == word || room.name.eq_ignore_ascii_case(word));
        meant.map(|(key, _)| Arc::from(key.as_str()))
    }
}

impl Behavior for PersonActor {
    type Message = PersonMessage;

    async fn started(&mut self, context: &mut Context<PersonMessage>) -> Result<(), Fault> {
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore()?;
        if self.attend(context).await? {
            self.review(context);
        }
        Ok(())
    }

    async fn handle(
        &mut self,
        message: PersonMessage,
        context: &mut Context<PersonMessage>,
    ) -> Result<(), Fault> {
        let look = match message {
            PersonMessage::Look => {
                self.alarm.clear();
                true
            }
            PersonMessage::Heard(event) if matches!(event.body, Body::DeviceAnnounced { .. }) => {
                self.attend(context).await?
            }
            PersonMessage::Heard(event) => self.take(&event),
        };
        if look {
            self.review(context);
        }
        Ok(())
    }
}
