//! The shell of the receptionist: messages in, effects out, no decisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use lares_config::PHONE;
use lares_graph::Owners;
use lares_kernel::wire::{CallSign, CallStep, Outbound, Qos, SOUND_KIND, call_address, call_of};
use lares_kernel::{Act, Aim, Behavior, Context, Fault, Intent, Interest, Message};
use lares_model::{
    Body, BodyKind, Causes, Draft, Edge, EdgeKind, Event, EventId, Level, Missed, NodeId, NodeKind, Origin,
    Question, Reply, Value, Write,
};

use super::book::{digits, same};
use super::dialogue::Dialogue;
use super::settings::Settings;
use super::state::{Effect, Input, State};
use super::{OWNER, record};
use crate::House;
use crate::lately::{newest, occupied};
use crate::timers::{cancel_timer, set_timer};

const SOUND_BACK: usize = 1_024;

/// The vocabulary of the receptionist.
pub enum PhoneMessage {
    /// From the link: what happened on a line. Twice: a step is done once, where its line is.
    Line(String, CallSign),
    /// From the bus. Twice: an answered question and a fired timer are over.
    Heard(Arc<Event>),
}

impl Message for PhoneMessage {}

pub struct PhoneActor {
    house: House,
    state: State,
    questions: BTreeMap<String, Question>,
    /// Calls with a timer.
    waiting: BTreeSet<String>,
    /// Keys of rooms.
    occupied: BTreeSet<String>,
}

impl PhoneActor {
    pub fn new(house: House) -> Self {
        // A telephone that goes is answered as its defaults say, until it is gone.
        let state = State::new(Settings::of(&house.home()).unwrap_or_default());
        let (questions, waiting, occupied) = Default::default();
        Self { house, state, questions, waiting, occupied }
    }

    /// Whom the household knows under a number: by the home, then by the life graph.
    fn known(&self, number: &str) -> Option<String> {
        if number.is_empty() {
            return None;
        }
        let written = self.state.settings.names.get(&digits(number)).cloned();
        written.or_else(|| self.contact(number).map(|(_, name)| name))
    }

    fn contact(&self, number: &str) -> Option<(NodeId, String)> {
        let reader = self.house.graph().reader();
        let nodes =
            [NodeKind::Contact, NodeKind::Person].into_iter().filter_map(|kind| reader.nodes(kind).ok());
        let has =
            |value: Option<&Value>| value.and_then(Value::as_text).is_some_and(|text| same(text, number));
        let found = nodes.flatten().find(|node| has(node.props.get("phone")))?;
        Some((found.id, found.name))
    }

    async fn step(&mut self, call: &str, input: Input, causes: Causes) {
        let now = self.house.world().clock().now();
        let (mut known, mut contact) = (None, None);
        if let Input::Sign(CallSign::Ringing { number, .. }) = &input {
            known = self.known(number);
            contact = self.contact(number).map(|(id, _)| id).or_else(|| self.camera(number));
            self.own(call).await;
        }
        let effects = self.state.step(call, input, now, |_| known.clone());
        let mut causes = causes;
        if let Some(last) = self.state.calls.get(call).and_then(|d| d.last) {
            causes.push(EventId(last));
        }
        let edge = contact
            .map(|to| Write::PutEdge(Edge { from: record::call_node(call), kind: EdgeKind::About, to }));
        let mut more: Vec<Write> = edge.into_iter().collect();
        for effect in effects {
            self.carry_out(call, effect, &mut causes, std::mem::take(&mut more));
        }
    }

    /// Where whoever takes a call can speak with the caller, the likeliest room first. Whoever has an extension to be called at and does
    /// not stand before a display is called there.
    fn rooms_of(&self, origin: &Origin) -> Vec<String> {
        let home = self.house.home();
        let talks = |room: &String| home.satellites.values().any(|s| s.room == *room && s.talks());
        let mut rooms: Vec<String> = match origin {
            Origin::Voice(key) => home.satellites.get(&**key).map(|s| s.room.clone()).into_iter().collect(),
            Origin::Person(key) => {
                let own = home.displays.values().filter(|d| d.person.as_deref() == Some(&**key));
                own.map(|display| display.room.clone()).collect()
            }
            _ => Vec::new(),
        };
        if self.state.settings.transfer.is_none() {
            if let Origin::Person(key) = origin {
                rooms.extend(self.place_of(key));
            }
            rooms.extend(self.occupied.iter().cloned());
        }
        let mut found = Vec::new();
        for room in rooms.into_iter().filter(talks) {
            if !found.contains(&room) {
                found.push(room);
            }
        }
        found
    }

    /// The room that a person is known to be in.
    fn place_of(&self, person: &str) -> Option<String> {
        let room = |event: &Event| match &event.body {
            Body::PersonMoved { room, .. } => Some(room.as_ref().map(ToString::to_string)),
            _ => None,
        };
        newest(&self.house.graph().reader(), NodeId::person(person), room).ok()??
    }

    /// What shows who is at a door, if it has announced itself.
    fn camera(&self, number: &str) -> Option<NodeId> {
        let home = self.house.home();
        let doors = &home.phone.as_ref()?.doors;
        let camera = doors.values().find(|door| door.caller == number)?.camera.as_ref()?;
        let directory = self.house.directory();
        let device = directory.device(&camera.device)?;
        let is_it = |reference: &str| {
            camera.slug.as_ref().is_none_or(|slug| reference.ends_with(&format!(".{slug}")))
        };
        directory.entities_of(device).find(|entity| is_it(&entity.reference)).map(|entity| entity.id)
    }

    /// What is about a call belongs to the telephone, so that it can be forgotten with it.
    async fn own(&self, call: &str) {
        let nodes = vec![record::call_node(call), record::task_node(call)];
        let owners = Owners::from([(format!("domain:{OWNER}"), nodes)]);
        let graph = self.house.graph().clone();
        let work = self.house.world().blocking().run(Box::new(move || {
            if let Err(e) = graph.set_owners(&owners) {
                tracing::warn!(error = %e, "a call is kept under the household's key");
            }
        }));
        work.await;
    }

    fn carry_out(&mut self, call: &str, effect: Effect, causes: &mut Causes, more: Vec<Write>) {
        let world = self.house.world().clone();
        let now = world.clock().now();
        match effect {
            Effect::Note(text) => self.note(call, text, causes, more),
            Effect::Line(step) => self.line(call, &step),
            Effect::Wait(after) => {
                self.waiting.insert(call.to_owned());
                set_timer(&world, OWNER, call, now + after, after, Missed::RunOnce, causes.clone());
            }
            Effect::WaitNoMore => {
                if self.waiting.remove(call) {
                    cancel_timer(&world, OWNER, call, "the call went on", causes.clone());
                }
            }
            Effect::Ask(text, stands) => self.ask(call, text, stands, causes),
            Effect::Withdraw => {
                let asker = record::asker(call);
                let open: Vec<String> = self
                    .questions
                    .iter()
                    .filter(|(_, q)| *q.rule == *asker)
                    .map(|(id, _)| id.clone())
                    .collect();
                for question in open.iter().filter_map(|id| self.questions.remove(id)) {
                    let (draft, writes) = record::withdrawn(&question);
                    world.publish_with(draft.caused_by(causes.iter().copied()), writes);
                }
            }
            Effect::Announce(text) => self.announce(&text, causes),
            Effect::Close { broken_off } => self.close(call, broken_off, causes),
        }
    }

    /// Puts it on record, with all that is known of the call.
    fn note(&mut self, call: &str, text: String, causes: &mut Causes, mut writes: Vec<Write>) {
        let Some(dialogue) = self.state.calls.get_mut(call) else { return };
        writes.insert(0, record::call_write(call, dialogue, None));
        writes.push(record::kept(call, Some(dialogue)));
        let draft = Draft::new(record::call_node(call), Origin::Link(PHONE.into()), Body::Notice { text });
        let event = self.house.world().publish_with(draft.caused_by(causes.iter().copied()), writes);
        if let Some(dialogue) = self.state.calls.get_mut(call) {
            dialogue.last = Some(event.id.0);
        }
        *causes = Causes::from_slice(&[event.id]);
    }

    /// Nothing is done on a line before what led to it has left the process.
    fn line(&self, call: &str, step: &CallStep) {
        let (Some(gateway), Ok(bytes)) = (self.house.gateway(PHONE), serde_json::to_vec(step)) else {
            return;
        };
        self.house.world().journal().flush();
        gateway.send(Outbound {
            address: call_address(call).into(),
            bytes: bytes.into(),
            retain: false,
            qos: Qos::AtMostOnce,
            expires: None,
            key: None,
        });
    }

    fn ask(&mut self, call: &str, text: String, stands: Duration, causes: &Causes) {
        let now = self.house.world().clock().now();
        let question = record::question(call, &self.state.settings.people, text, now, now + stands);
        let (draft, writes) = record::asked(&question);
        self.house.world().publish_with(draft.caused_by(causes.iter().copied()), writes);
        self.questions.insert(question.id.to_string(), question);
    }

    /// In the rooms with somebody in them, as far as something speaks there; else wherever something does.
    fn announce(&self, text: &str, causes: &Causes) {
        let home = self.house.home();
        let speaks: BTreeSet<&String> = home.satellites.values().map(|satellite| &satellite.room).collect();
        let there = speaks.iter().filter(|room| self.occupied.contains(**room)).count() > 0;
        for room in speaks.into_iter().filter(|room| !there || self.occupied.contains(*room)) {
            self.house.door().tell(Intent {
                source: OWNER.into(),
                origin: Origin::System,
                level: Level::Comfort,
                target: Aim::Room { room: room.clone(), component: None },
                act: Act::Announce { text: text.to_owned() },
                reason: "somebody calls".into(),
                causes: causes.clone(),
                basis: None,
                reply: None,
                again: false,
                token: None,
            });
        }
    }

    /// The end of a call and what follows from it are one commit.
    fn close(&mut self, call: &str, broken_off: bool, causes: &Causes) {
        let Some(dialogue) = self.state.calls.remove(call) else { return };
        let now = self.house.world().clock().now();
        let mut writes =
            vec![record::call_write(call, &dialogue, Some((now, broken_off))), record::kept(call, None)];
        let who = dialogue.who();
        let mut text = match dialogue.outcome(broken_off) {
            "blocked" => format!("{who} was turned away"),
            "transferred" => format!("{who} was connected"),
            "message" => format!("{who} left a message"),
            "broken_off" => format!("the call of {who} was cut off"),
            "given_up" => format!("{who} gave up before anybody answered"),
            _ => format!("{who} said nothing"),
        };
        if dialogue.wants_a_call() {
            writes.extend(record::task_writes(call, &dialogue));
            text.push_str("; a task to call back was made");
        }
        let draft = Draft::new(record::call_node(call), Origin::Link(PHONE.into()), Body::Notice { text });
        self.house.world().publish_with(draft.caused_by(causes.iter().copied()), writes);
    }

    /// What was under way. A line outlives its receptionist, not its process.
    async fn restore(&mut self, first: bool) -> Result<(), String> {
        let reader = self.house.graph().reader();
        let failed = |e: lares_graph::StoreError| e.to_string();
        for key in self.house.home().rooms.keys() {
            let occupied = occupied(&reader, key).map_err(failed)?;
            if occupied == Some(true) {
                self.occupied.insert(key.clone());
            }
        }
        for timer in reader.timers().map_err(failed)?.iter().filter(|timer| &*timer.owner == OWNER) {
            self.waiting.insert(timer.name.to_string());
        }
        for (_, bytes) in reader.states(crate::rules::QUESTION_OWNER).map_err(failed)? {
            if let Ok(question) = serde_json::from_slice::<Question>(&bytes)
                && question.rule.starts_with(OWNER)
            {
                self.questions.insert(question.id.to_string(), question);
            }
        }
        for (call, bytes) in reader.states(OWNER).map_err(failed)? {
            let mut dialogue: Dialogue = serde_json::from_slice(&bytes)
                .map_err(|e| format!("what is kept of call `{call}` cannot be read: {e}"))?;
            if first {
                let past = reader.history(record::call_node(&call), None, SOUND_BACK).map_err(failed)?;
                dialogue.kept = dialogue.kept.max(seconds(past.iter().map(|stored| &stored.event.body)));
            }
            self.state.calls.insert(call.clone(), dialogue);
            let input = if first { Input::Lost } else { Input::Again };
            self.step(&call, input, Causes::new()).await;
        }
        Ok(())
    }

    async fn heard(&mut self, event: &Event) {
        let causes = Causes::from_slice(&[event.id]);
        match &event.body {
            Body::Replied { question, reply: reply @ (Reply::Yes | Reply::No) } => {
                let Some(call) = question.rule.strip_prefix(OWNER).and_then(|rest| rest.strip_prefix(':'))
                else {
                    return;
                };
                self.questions.remove(&*question.id);
                let call = call.to_owned();
                let rooms = self.rooms_of(&event.origin);
                self.step(&call, Input::Answered { yes: *reply == Reply::Yes, rooms }, causes).await;
            }
            Body::TimerFired { owner, name, .. } if &**owner == OWNER && self.waiting.remove(&**name) => {
                self.step(name, Input::Fired, causes).await;
            }
            Body::RoomOccupied { occupied } => {
                let home = self.house.home();
                let Some(room) = home.rooms.keys().find(|key| NodeId::room(key) == event.subject) else {
                    return;
                };
                if *occupied {
                    self.occupied.insert(room.clone())
                } else {
                    self.occupied.remove(room)
                };
            }
            _ => {}
        }
    }
}

/// Seconds of sound among events.
fn seconds<'a>(bodies: impl Iterator<Item = &'a Body>) -> f64 {
    let bytes = bodies.map(|body| match body {
        Body::Other { kind: SOUND_KIND, bytes, .. } => bytes.len(),
        _ => 0,
    });
    bytes.sum::<usize>() as f64 / f64::from(lares_kernel::wire::CALL_RATE)
}

impl Behavior for PhoneActor {
    type Message = PhoneMessage;

    async fn started(&mut self, context: &mut Context<PhoneMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let kinds = [BodyKind::Replied, BodyKind::TimerFired, BodyKind::RoomOccupied].map(Interest::Kind);
        context.world.bus().subscribe(context.key(), kinds.to_vec(), move |event| match &event.body {
            // Rules have many timers of their own.
            Body::TimerFired { owner, .. } if &**owner != OWNER => {}
            _ => me.tell(PhoneMessage::Heard(event.clone())),
        });
        let me = context.me.clone();
        let ear = move |address: &str, bytes: &[u8]| {
            let Some(call) = call_of(address) else { return };
            match serde_json::from_slice(bytes) {
                Ok(sign) => me.tell(PhoneMessage::Line(call.to_owned(), sign)),
                Err(error) => tracing::warn!(call, %error, "what happened on a line cannot be read"),
            }
        };
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore(context.generation <= 1).await.map_err(Fault::new)?;
        self.house.listen(PHONE, "receptionist", vec!["call/#".to_owned()], Arc::new(ear));
        Ok(())
    }

    async fn handle(&mut self, message: PhoneMessage, _: &mut Context<PhoneMessage>) -> Result<(), Fault> {
        match message {
            PhoneMessage::Line(call, sign) => self.step(&call, Input::Sign(sign), Causes::new()).await,
            PhoneMessage::Heard(event) => self.heard(&event).await,
        }
        Ok(())
    }
}
