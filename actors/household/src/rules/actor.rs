//! The rules' actor: moves events into the engine and its effects out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lares_kernel::{Behavior, Context, Fault, Interest, Message};
use lares_model::{Body, BodyKind, Draft, Event, NodeId, Origin, Status};

use super::engine::{Effect, Engine, View};
use super::facts::{Known, Whereabouts};
use super::runs::SPACE;
use crate::House;
use crate::status::STATUS_OWNER;
use crate::timers::{cancel_timer, set_timer};

/// The vocabulary of the rules' actor.
pub enum RuleMessage {
    /// From the bus.
    Heard(Arc<Event>),
    /// The configuration changed.
    Configured,
}

impl Message for RuleMessage {}

/// The actor of all rules.
pub struct RuleActor {
    house: House,
    engine: Engine,
}

/// Kinds of event that a rule can be set off by, or that its conditions read.
const KINDS: &[BodyKind] = &[
    BodyKind::Reading,
    BodyKind::StatusChanged,
    BodyKind::RoomOccupied,
    BodyKind::PersonMoved,
    BodyKind::TimerFired,
    BodyKind::TimerCancelled,
    BodyKind::DeviceAnnounced,
];

impl RuleActor {
    pub fn new(house: House) -> Self {
        Self { house, engine: Engine::default() }
    }

    fn with_view<T>(&mut self, act: impl FnOnce(&mut Engine, &View<'_>) -> T) -> T {
        let (home, directory) = (self.house.home(), self.house.directory());
        let clock = self.house.world().clock();
        let (now, clock_set) = (clock.now(), clock.behind().is_none());
        let view = View { now, clock_set, home: &home, directory: &directory };
        act(&mut self.engine, &view)
    }

    /// The world as it was left: no rule sees it before it is whole, and nothing in it is an edge.
    fn restore_facts(&mut self) -> Result<(), String> {
        let reader = self.house.graph().reader();
        for (entity, property, last) in reader.all_last().map_err(|e| e.to_string())? {
            self.engine.facts.note(
                entity,
                property,
                Known { value: last.value, at: last.at, event: last.event },
            );
        }
        for (key, bytes) in reader.states(STATUS_OWNER).map_err(|e| e.to_string())? {
            let status = serde_json::from_slice(&bytes);
            let offline = matches!(status, Ok(Status::Offline(_) | Status::Quarantined(_)));
            if let (true, Ok(id)) = (offline, u64::from_str_radix(&key, 16)) {
                self.engine.facts.offline.insert(NodeId(id));
            }
        }
        let home = self.house.home();
        // Rules that failed before this start are tried again, and said to be well.
        for key in home.rules.keys() {
            if self.engine.facts.offline.remove(&NodeId::rule(key)) {
                self.engine.quarantined.insert(key.as_str().into());
            }
        }
        for key in home.rooms.keys() {
            for stored in reader.history(NodeId::room(key), None, 1).map_err(|e| e.to_string())? {
                if let Body::RoomOccupied { occupied } = stored.event.body {
                    self.engine.facts.rooms.insert(key.clone(), occupied);
                }
            }
        }
        for key in home.people.keys() {
            for stored in reader.history(NodeId::person(key), None, 1).map_err(|e| e.to_string())? {
                if let Body::PersonMoved { presence, room } = stored.event.body {
                    self.engine.facts.people.insert(key.clone(), Whereabouts { presence, room });
                }
            }
        }
        Ok(())
    }

    fn carry_out(&self, effects: Vec<Effect>) {
        let world = self.house.world();
        let mut kept = Vec::new();
        for effect in effects {
            match effect {
                Effect::Intend(intent) => self.house.door().tell(*intent),
                Effect::Publish(draft, writes) => drop(world.publish_with(draft, writes)),
                Effect::SetTimer { owner, name, due, length, missed, causes } => {
                    set_timer(world, &owner, &name, due, length, missed, causes);
                }
                Effect::CancelTimer { owner, name, reason, causes } => {
                    cancel_timer(world, &owner, &name, &reason, causes);
                }
                Effect::Keep((key, value)) => kept.push((key.into_bytes(), value)),
            }
        }
        if kept.is_empty() {
            return;
        }
        if let Err(why) = self.house.graph().map(SPACE).write(kept) {
            tracing::error!(why, "runs and holds of rules could not be kept");
        }
    }

    /// Runs the engine, which guards each rule; what panics all the same is the fault of one event, not of the house.
    fn hear(&mut self, event: &Event) {
        let outcome =
            catch_unwind(AssertUnwindSafe(|| self.with_view(|engine, view| engine.hear(event, view))));
        match outcome {
            Ok(effects) => self.carry_out(effects),
            Err(_) => {
                tracing::error!(event = %event.id, "a rule failed on this event");
                let body =
                    Body::Problem { place: "rules".into(), reason: format!("a rule failed on {}", event.id) };
                let draft = Draft::new(NodeId::derive("actor", "rules/engine"), Origin::System, body);
                self.house.world().publish(draft.caused_by([event.id]));
            }
        }
    }
}

impl Behavior for RuleActor {
    type Message = RuleMessage;

    async fn started(&mut self, context: &mut Context<RuleMessage>) -> Result<(), Fault> {
        let me = context.me.clone();
        let interests = KINDS.iter().map(|k| Interest::Kind(*k)).collect();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(RuleMessage::Heard(e.clone())));
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore_facts().map_err(Fault::new)?;
        let mut effects = self.with_view(|engine, view| engine.configure(view.home, view.directory));
        let reader = self.house.graph().reader();
        let kept = self.house.graph().map(SPACE).scan(&[]).map_err(Fault::new)?;
        let kept = kept.into_iter().map(|(k, v)| (String::from_utf8_lossy(&k).into_owned(), v)).collect();
        let timers = reader.timers().map_err(|e| Fault::new(e.to_string()))?;
        effects.extend(self.engine.restore(kept, &timers, context.world.clock().now()));
        effects.extend(self.with_view(|engine, view| engine.settle(view)));
        self.carry_out(effects);
        Ok(())
    }

    async fn handle(&mut self, message: RuleMessage, _: &mut Context<RuleMessage>) -> Result<(), Fault> {
        match message {
            RuleMessage::Configured => {
                let effects = self.with_view(|engine, view| engine.configure(view.home, view.directory));
                self.carry_out(effects);
            }
            RuleMessage::Heard(event) => {
                if let Body::DeviceAnnounced { .. } = event.body {
                    self.with_view(|engine, view| {
                        if let Some(device) = view.directory.device_by_node(event.subject) {
                            engine.attend(&device.reference.clone(), view.directory);
                        }
                    });
                } else {
                    self.hear(&event);
                }
            }
        }
        Ok(())
    }
}
