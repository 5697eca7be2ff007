//! The shell of media: messages in, effects out, no decisions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lares_kernel::wire::DurableMap;
use lares_kernel::{Act, Aim, Behavior, Context, Fault, HoldFor, Intent, Interest};
use lares_model::{
    Body, BodyKind, Causes, Claim, Event, Level, Missed, NodeId, Origin, Outcome, Property, Question, Reply,
    Until, Value, Verdict,
};

use super::consent::{SPACE, moved, whereabouts};
use super::kept::Memory;
use super::settings::Settings;
use super::state::{Effect, Input, State};
use super::{MediaMessage, OWNER, Wanted, record};
use crate::House;
use crate::devices::{CLAIMS_OWNER, HAND};
use crate::timers::{cancel_timer, set_timer};

/// Time for players to say how they are after they have come back.
const SPEAK: Duration = Duration::from_secs(3);

pub struct MediaActor {
    house: House,
    state: State,
    kept: Arc<dyn DurableMap>,
    /// What was written of what is kept.
    written: Memory,
    questions: BTreeMap<String, Question>,
    /// It will be looked what must be put right.
    soon: bool,
}

impl MediaActor {
    pub fn new(house: House) -> Self {
        let settings = Settings::of(&house.home(), &house.directory());
        let kept = house.graph().map(SPACE);
        let (state, written) = (State::new(settings, Memory::default()), Memory::default());
        Self { house, state, kept, written, questions: BTreeMap::new(), soon: false }
    }

    /// Hears of what there is now; players may announce themselves later.
    fn attend(&mut self, context: &Context<MediaMessage>) {
        let directory = self.house.directory();
        let settings = Settings::of(&self.house.home(), &directory);
        let players = settings.rooms.values().flatten().copied();
        let streams = settings.streams.values().flat_map(|s| [s.player, s.follow]).flatten();
        let entities: Vec<NodeId> = players.chain(streams).collect();
        let device = |id: &NodeId| directory.device(&directory.entity(*id)?.device).map(|d| d.id);
        let mut interests: Vec<Interest> = entities
            .iter()
            .copied()
            .chain(entities.iter().filter_map(device))
            .map(Interest::Subject)
            .collect();
        drop(directory);
        let kinds = [
            BodyKind::PersonMoved,
            BodyKind::RoomOccupied,
            BodyKind::DeviceAnnounced,
            BodyKind::TimerFired,
            BodyKind::Replied,
        ];
        interests.extend(kinds.map(Interest::Kind));
        self.state.settings = settings;
        let me = context.me.clone();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(MediaMessage::Heard(e.clone())));
    }

    /// Players have something to say first; all that comes within that time is one look.
    fn put_right_soon(&mut self, context: &Context<MediaMessage>) {
        if !std::mem::replace(&mut self.soon, true) {
            context.after(SPEAK, MediaMessage::PutRight);
        }
    }

    /// What was so before this start: where people are, what players said, who holds them.
    fn restore(&mut self) -> Result<Vec<Input>, String> {
        let reader = self.house.graph().reader();
        let failed = |e: lares_graph::StoreError| e.to_string();
        let mut inputs = Vec::new();
        let moved = |(person, whereabouts)| Input::Moved { person, whereabouts };
        inputs.extend(whereabouts(&reader, self.house.home().people.keys())?.into_iter().map(moved));
        let settings = &self.state.settings;
        let streams = settings.streams.values().flat_map(|s| [s.player, s.follow]).flatten();
        for entity in settings.rooms.values().flatten().copied().chain(streams) {
            for (property, last) in reader.last(entity).map_err(failed)? {
                inputs.push(Input::Reading { entity, property, value: last.value });
            }
        }
        for (key, bytes) in reader.states(CLAIMS_OWNER).map_err(failed)? {
            let mut parts = key.splitn(3, '/');
            let (Some(id), Some(property), Some(source)) = (parts.next(), parts.next(), parts.next()) else {
                continue;
            };
            let players = settings.rooms.values().flatten();
            let entity = players.copied().find(|entity| entity.to_string() == id);
            let (Some(entity), Some(property)) = (entity, Property::parse(property)) else { continue };
            match source {
                HAND => {}
                OWNER => inputs.push(Input::Ours { entity, property }),
                _ => {
                    let claim = serde_json::from_slice::<Claim>(&bytes);
                    let value = claim.map_or(Value::Bool(true), |claim| claim.value);
                    let by = source.to_owned();
                    inputs.push(Input::Taken { entity, property, value, stands: true, done: true, by });
                }
            }
        }
        for (_, bytes) in reader.states(crate::rules::QUESTION_OWNER).map_err(failed)? {
            if let Ok(question) = serde_json::from_slice::<Question>(&bytes)
                && question.rule.starts_with(OWNER)
            {
                self.questions.insert(question.id.to_string(), question);
            }
        }
        Ok(inputs)
    }

    /// What an event is to media.
    fn input(&self, event: &Event) -> Option<Input> {
        let entity = event.subject;
        Some(match &event.body {
            Body::PersonMoved { .. } => {
                let home = self.house.home();
                let person = home.people.keys().find(|key| NodeId::person(key) == entity)?.clone();
                Input::Moved { person, whereabouts: moved(event)? }
            }
            Body::Reading { property, value } => {
                Input::Reading { entity, property: *property, value: value.clone() }
            }
            Body::Decision(verdict) => taken(entity, verdict)?,
            Body::RoomOccupied { occupied: false } => {
                let rooms = self.state.settings.rooms.keys();
                let room = rooms.into_iter().find(|room| NodeId::room(room) == entity)?;
                Input::Emptied { room: room.clone() }
            }
            Body::HoldEnded { property, source, .. } if &**source != OWNER => {
                Input::GivenBack { entity, property: *property }
            }
            Body::TimerFired { owner, name, .. } if &**owner == OWNER => {
                Input::Fired { timer: name.to_string() }
            }
            Body::Replied { question, reply } => {
                let yes = match reply {
                    Reply::Yes => true,
                    Reply::No => false,
                    // Ours.
                    Reply::Silence | Reply::Withdrawn => return None,
                };
                Input::Answered { question: question.id.to_string(), yes }
            }
            _ => return None,
        })
    }

    fn step(&mut self, input: Input, causes: &Causes) -> Result<(), Fault> {
        self.state.now = self.house.world().clock().now();
        let effects = self.state.step(input);
        // Kept before anything is done: after a kill it goes on from there.
        self.keep()?;
        for effect in effects {
            self.carry_out(effect, causes)?;
        }
        Ok(())
    }

    fn keep(&mut self) -> Result<(), Fault> {
        let changes = self.written.changes(&self.state.memory);
        if !changes.is_empty() {
            self.kept.write(changes).map_err(Fault::new)?;
            self.written = self.state.memory.clone();
        }
        Ok(())
    }

    fn carry_out(&mut self, effect: Effect, causes: &Causes) -> Result<(), Fault> {
        let world = self.house.world().clone();
        match effect {
            Effect::Claim { entity, property, value, stands, stream, why } => {
                let name = self.state.settings.streams.get(&stream).map_or(&stream, |s| &s.name);
                let hold = if stands { HoldFor::UntilReleased } else { HoldFor::Momentary };
                let act = Act::set([(property, value)].into(), hold);
                self.wish(OWNER, entity, act, format!("{name} {why}"), causes);
            }
            Effect::Release { entity, properties, why } => {
                self.wish(OWNER, entity, Act::Release { properties }, why, causes);
            }
            Effect::LetGo { entity, by, why } => {
                let properties = vec![Property::Source];
                self.wish(&by, entity, Act::Release { properties }, why, causes);
            }
            Effect::SetTimer { name, after } => {
                let due = self.state.now + after;
                set_timer(&world, OWNER, &name, due, after, Missed::RunOnce, causes.clone());
            }
            Effect::CancelTimer { name, why } => cancel_timer(&world, OWNER, &name, &why, causes.clone()),
            Effect::Ask { stream, to, people, text, stands } => {
                let now = self.state.now;
                let question = record::question(&stream, &people, text, now, now + stands);
                self.state.asked(&stream, &to, &question.id);
                self.keep()?;
                let (draft, writes) = record::asked(&question);
                world.publish_with(draft.caused_by(causes.iter().copied()), writes);
                self.questions.insert(question.id.to_string(), question);
            }
            Effect::Withdraw { question } => self.end(&question, Reply::Withdrawn, causes),
            Effect::Silence { question } => self.end(&question, Reply::Silence, causes),
            Effect::Stays { stream, trigger, condition, found } => {
                let home = self.house.home();
                let draft = record::stays(&home, &self.state.settings, &stream, (trigger, condition, found));
                world.publish(draft.caused_by(causes.iter().copied()));
            }
        }
        Ok(())
    }

    fn end(&mut self, id: &str, reply: Reply, causes: &Causes) {
        let Some(question) = self.questions.remove(id) else { return };
        let (draft, writes) = record::ended(&question, reply);
        self.house.world().publish_with(draft.caused_by(causes.iter().copied()), writes);
    }

    /// As this source: its own claims, or somebody's who has left.
    fn wish(&self, source: &str, entity: NodeId, act: Act, reason: String, causes: &Causes) {
        self.house.door().tell(Intent {
            source: source.into(),
            origin: Origin::System,
            level: Level::Comfort,
            target: Aim::Entity(entity),
            act,
            reason: reason.into(),
            causes: causes.clone(),
            basis: None,
            reply: None,
            again: false,
            token: None,
        });
    }
}

/// Somebody else's wish that was done.
fn taken(entity: NodeId, verdict: &Verdict) -> Option<Input> {
    let claim = &verdict.claim;
    let (Outcome::Commanded { value } | Outcome::AlreadySo { value }) = &verdict.outcome else { return None };
    if &*claim.source == OWNER {
        return Some(Input::Ours { entity, property: verdict.property });
    }
    // A hand is on it for a while, and means it for longer.
    let stands = claim.until != Until::Momentary && &*claim.source != HAND;
    let done = matches!(verdict.outcome, Outcome::AlreadySo { .. });
    let by = claim.source.to_string();
    Some(Input::Taken { entity, property: verdict.property, value: value.clone(), stands, done, by })
}

impl Behavior for MediaActor {
    type Message = MediaMessage;

    async fn started(&mut self, context: &mut Context<MediaMessage>) -> Result<(), Fault> {
        self.attend(context);
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.written = Memory::read(self.kept.scan(b"").map_err(Fault::new)?);
        self.state = State::new(self.state.settings.clone(), self.written.clone());
        let none = Causes::new();
        let standing = self.house.graph().reader().timers().map_err(|e| Fault::new(e.to_string()))?;
        let stands = |name: &str| standing.iter().any(|t| &*t.owner == OWNER && &*t.name == name);
        self.state.now = context.world.clock().now();
        for (name, after) in self.state.timers() {
            if !stands(&name) {
                self.carry_out(Effect::SetTimer { name, after }, &none)?;
            }
        }
        for input in self.restore().map_err(Fault::new)? {
            self.state.know(input);
        }
        self.put_right_soon(context);
        Ok(())
    }

    async fn handle(
        &mut self,
        message: MediaMessage,
        context: &mut Context<MediaMessage>,
    ) -> Result<(), Fault> {
        match message {
            MediaMessage::PutRight => {
                self.soon = false;
                self.step(Input::PutRight, &Causes::new())
            }
            // Whoever wished was told already that it came to nothing.
            MediaMessage::Wished { asked, .. } if asked.is_closed() => Ok(()),
            MediaMessage::Wished { wanted, cause, asked } => {
                let Wanted { stream, room, by, silences, .. } = wanted;
                let wished = Input::Wished { stream, room, by, silences };
                self.step(wished, &Causes::from_slice(&[cause]))?;
                // Not before it is asked.
                asked.send(());
                Ok(())
            }
            MediaMessage::Heard(event) => match &event.body {
                Body::DeviceAnnounced { .. } => {
                    self.attend(context);
                    self.put_right_soon(context);
                    Ok(())
                }
                Body::StatusChanged { status } if status.is_online() => {
                    self.put_right_soon(context);
                    Ok(())
                }
                _ => {
                    let Some(input) = self.input(&event) else { return Ok(()) };
                    if let Input::GivenBack { property: Property::Source, .. } = input {
                        // Whoever comes after whoever held it says so first.
                        self.put_right_soon(context);
                    }
                    self.step(input, &Causes::from_slice(&[event.id]))
                }
            },
        }
    }
}
