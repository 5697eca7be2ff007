//! The rules' actor: moves events into the engine and its effects out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lares_config::EVENTS;
use lares_kernel::{Act, Aim, Answer, Behavior, Context, Fault, Intent, Interest, Message, Token};
use lares_model::{
    Body, BodyKind, Draft, Event, EventId, Filter, NodeId, Origin, Property, Receipt, Timestamp, Write,
};

use super::answers::Answers;
use super::engine::{Effect, Engine, Graph, View, Was};
use super::ledger::{Deed, Ledger};
use super::recall;
use super::remembered;
use super::runs::SPACE;
use crate::House;
use crate::timers::{cancel_timer, set_timer};

/// The vocabulary of the rules' actor.
pub enum RuleMessage {
    /// From the bus.
    Heard(Arc<Event>),
    /// The configuration changed.
    Configured,
    /// A person answers a question, or took back what a rule did.
    Said(Box<Intent>),
}

impl Message for RuleMessage {}

/// The actor of all rules.
pub struct RuleActor {
    house: House,
    engine: Engine,
    ledger: Ledger,
    answers: Answers,
    /// The last event that this life took from the journal: it may come over the bus as well.
    restored_to: EventId,
}

/// Kinds of event that conditions read, and that set off by what they say; [`EVENTS`] beside them only by being.
const KINDS: &[BodyKind] = &[
    BodyKind::Reading,
    BodyKind::StatusChanged,
    BodyKind::RoomOccupied,
    BodyKind::PersonMoved,
    BodyKind::TimerFired,
    BodyKind::TimerCancelled,
];

fn kinds() -> Vec<BodyKind> {
    let others = EVENTS.iter().filter(|kind| !KINDS.contains(kind));
    KINDS.iter().chain(others).copied().collect()
}

/// Entries of a history that are read at once.
const PAGE: usize = 64;
/// Names of what was found that are told.
const NAMED: usize = 10;

impl Graph for House {
    fn find(&self, filter: &Filter) -> Result<(usize, Vec<String>), String> {
        let (nodes, total) = self.find(filter, NAMED)?;
        Ok((total, nodes.into_iter().map(|(_, name)| name).collect()))
    }

    fn readings(&self, entity: NodeId, property: Property, since: Timestamp) -> Result<Vec<Was>, String> {
        let reader = self.graph().reader();
        let failed = |e: lares_graph::StoreError| e.to_string();
        let before = reader.sample_at(entity, property, since).map_err(failed)?;
        let after = Timestamp(since.0.saturating_add(1));
        let samples = reader.samples(entity, property, after, Timestamp::MAX).map_err(failed)?;
        Ok(before.into_iter().chain(samples).map(|s| (s.at, s.value)).collect())
    }

    fn told(&self, of: NodeId, kind: BodyKind, since: Timestamp) -> Result<Vec<(Timestamp, Body)>, String> {
        let reader = self.graph().reader();
        let mut told = Vec::new();
        let mut before = None;
        loop {
            let page = reader.history(of, before, PAGE).map_err(|e| e.to_string())?;
            before = page.last().map(|s| s.event.id);
            let whole = page.len() == PAGE;
            for event in page.into_iter().map(|s| s.event).filter(|e| e.body.kind() == kind) {
                let done = event.seen <= since;
                told.push((event.seen, event.body));
                if done {
                    return Ok(told);
                }
            }
            if !whole {
                return Ok(told);
            }
        }
    }
}

impl RuleActor {
    pub fn new(house: House) -> Self {
        let ledger = Ledger::new(house.graph().map(SPACE));
        Self {
            house,
            engine: Engine::default(),
            ledger,
            answers: Answers::default(),
            restored_to: EventId::default(),
        }
    }

    fn with_view<T>(&mut self, act: impl FnOnce(&mut Engine, &View<'_>) -> T) -> T {
        let (home, directory) = (self.house.home(), self.house.directory());
        let clock = self.house.world().clock();
        let (now, clock_set) = (clock.now(), clock.behind().is_none());
        let graph = self.house.clone();
        let view = View { now, clock_set, home: &home, directory: &directory, graph: &graph };
        act(&mut self.engine, &view)
    }

    /// The world as it was left: no rule sees it before it is whole, and nothing in it is an edge.
    fn restore_facts(&mut self) -> Result<(), String> {
        let home = self.house.home();
        self.engine.facts = remembered::facts(&self.house.graph().reader(), &home)?;
        // Rules that failed before this start are tried again, and said to be well.
        for key in home.rules.keys() {
            if self.engine.facts.offline.remove(&NodeId::rule(key)) {
                self.engine.quarantined.insert(key.as_str().into());
            }
        }
        Ok(())
    }

    /// Everything as it was left, then what was not reacted to.
    fn restore(&mut self) -> Result<(), String> {
        self.restore_facts()?;
        let reader = self.house.graph().reader();
        let found = self.ledger.read()?;
        self.restored_to = recall::newest(&reader)?;
        let missed = match found.cursor {
            Some(cursor) => recall::unheard(&reader, cursor, &kinds())?,
            None => Vec::new(),
        };
        self.engine.adopts = found.cursor.is_none();
        self.with_view(|engine, view| recall::put_back(engine, &missed, &reader, view))?;
        let mut effects = self.with_view(|engine, view| engine.configure(view.home, view.directory));
        let timers = reader.timers().map_err(|e| e.to_string())?;
        let fired = recall::fired(&missed);
        effects.extend(self.with_view(|engine, view| engine.restore(found.kept, &timers, &fired, view)));
        self.carry_out(None, effects, false);
        let effects = self.with_view(|engine, view| engine.look_at_templates(view));
        self.carry_out(None, effects, false);
        self.carry_on(found.open);
        self.catch_up(missed);
        let effects = self.with_view(|engine, view| engine.settle(view));
        self.carry_out(None, effects, false);
        self.ledger.reacted_to(self.restored_to)
    }

    /// A step: kept first, then carried out. `event`: what was reacted to.
    fn carry_out(&mut self, event: Option<EventId>, mut effects: Vec<Effect>, again: bool) {
        if let Err(why) = self.ledger.step(event, &mut effects) {
            tracing::error!(why, "what rules are in the middle of could not be kept");
        }
        let world = self.house.world();
        for effect in effects {
            match effect {
                Effect::Intend(mut intent) => {
                    intent.again = again;
                    self.house.door().tell(*intent);
                }
                Effect::Publish(draft, writes) if again => self.say_unless_said(draft, writes),
                Effect::Publish(draft, writes) => drop(world.publish_with(draft, writes)),
                Effect::SetTimer { owner, name, due, length, missed, causes } => {
                    set_timer(world, &owner, &name, due, length, missed, causes);
                }
                Effect::CancelTimer { owner, name, reason, causes } => {
                    cancel_timer(world, &owner, &name, &reason, causes);
                }
                Effect::Keep(_) => {}
            }
        }
    }

    fn say_unless_said(&self, draft: Draft, writes: Vec<Write>) {
        match recall::is_said(&self.house.graph().reader(), &draft) {
            Ok(true) => {}
            Ok(false) => drop(self.house.world().publish_with(draft, writes)),
            Err(why) => tracing::error!(why, "what rules said cannot be read back"),
        }
    }

    /// What steps had yet to do when the process ended.
    fn carry_on(&mut self, open: Vec<(String, Vec<Deed>)>) {
        for (key, deeds) in open {
            let mut tokens = Vec::new();
            for deed in deeds.clone() {
                match deed {
                    Deed::Wish(wish) => {
                        let token = Token::default();
                        tokens.push(Arc::downgrade(&token));
                        self.house.door().tell(wish.again(token));
                    }
                    Deed::Say { subject, origin, causes, body, writes } => {
                        let mut draft = Draft::new(subject, origin, body);
                        draft.causes = causes;
                        self.say_unless_said(draft, writes);
                    }
                }
            }
            self.ledger.again(key, deeds, tokens);
        }
    }

    /// Reacts to what happened before a restart and was not reacted to.
    fn catch_up(&mut self, missed: Vec<Event>) {
        let now = self.house.world().clock().now();
        for event in missed {
            if recall::is_news(&event, now) {
                self.hear(&event, true);
            } else {
                self.with_view(|engine, view| engine.take_note(&event, view));
            }
        }
    }

    /// What a person says of a question or a rule.
    fn said(&mut self, mut intent: Intent) {
        let outcome = match (&intent.target, &intent.act) {
            (Aim::Question(id), Act::Answer { yes }) => {
                let (id, yes) = (id.clone(), *yes);
                self.answers.take(&self.house, &self.engine, &id, yes, &mut intent)
            }
            (Aim::Rule(key), Act::TakenBack) => {
                let key = key.clone();
                let done =
                    recall::done(&self.house.graph().reader(), &intent.causes, &self.house.directory());
                let effects = self.with_view(|engine, view| engine.taken_back(&intent, &key, &done, view));
                self.carry_out(None, effects, false);
                Ok(())
            }
            _ => Err("a rule and a question cannot be set".to_owned()),
        };
        let receipt = match outcome {
            Ok(()) => Receipt::Confirmed,
            Err(reason) => {
                tracing::warn!(source = %intent.source, reason, "an answer was refused");
                Receipt::Refused(reason.into())
            }
        };
        // An answer that was taken is told when it is kept.
        if let Some(reply) = intent.reply.take() {
            let entity = match &intent.target {
                Aim::Question(id) => format!("question {id}"),
                Aim::Rule(key) => format!("rule {key}"),
                _ => String::new(),
            };
            reply.send(vec![Answer { entity, property: String::new(), event: None, receipt }]);
        }
    }

    /// Runs the engine, which guards each rule; what panics all the same is the fault of one event, not of the house.
    fn hear(&mut self, event: &Event, again: bool) {
        let outcome =
            catch_unwind(AssertUnwindSafe(|| self.with_view(|engine, view| engine.hear(event, view))));
        match outcome {
            Ok(effects) => self.carry_out(Some(event.id), effects, again),
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
        let interests = kinds().into_iter().map(Interest::Kind).collect();
        context
            .world
            .bus()
            .subscribe(context.key(), interests, move |e| me.tell(RuleMessage::Heard(e.clone())));
        self.house.graph().sync().await.map_err(Fault::new)?;
        self.restore().map_err(Fault::new)
    }

    async fn handle(&mut self, message: RuleMessage, _: &mut Context<RuleMessage>) -> Result<(), Fault> {
        match message {
            RuleMessage::Configured => {
                let effects = self.with_view(|engine, view| {
                    let mut effects = engine.configure(view.home, view.directory);
                    effects.extend(engine.look_at_templates(view));
                    effects
                });
                self.carry_out(None, effects, false);
            }
            // It was read from the journal when this life began.
            RuleMessage::Heard(event) if event.id <= self.restored_to => {}
            RuleMessage::Said(intent) => self.said(*intent),
            RuleMessage::Heard(event) => {
                if let Body::Replied { question, .. } = &event.body {
                    self.answers.heard(question);
                }
                if let Body::DeviceAnnounced { .. } = event.body {
                    self.with_view(|engine, view| {
                        if let Some(device) = view.directory.device_by_node(event.subject) {
                            engine.attend(&device.reference.clone(), view.directory);
                        }
                    });
                }
                self.hear(&event, false);
            }
        }
        Ok(())
    }
}
