//! The rule engine over a small home: events in, effects out.

mod asking;
mod blueprints;
mod flow;
mod modes;
mod more;
mod quarantine;
mod restarts;
mod risky;
mod templates;
mod trial;
mod triggers;
mod trust;
mod waits;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;
use lares_devices::homeassistant::Discovery;
use lares_kernel::{Act, Address, Aim, HoldFor};
use lares_model::*;

use super::engine::{Graph, Was};
use super::{Effect, Engine, View};
use crate::Directory;

/// A house with a motion sensor, a lamp, a button, two rooms and two people, and its rules.
pub struct Rules {
    pub engine: Engine,
    pub home: Arc<Home>,
    pub directory: Directory,
    pub now: Timestamp,
    /// Nodes by the filter that they fit.
    pub graph: Fitting,
    pub timers: Vec<Timer>,
    pub kept: std::collections::BTreeMap<String, Vec<u8>>,
    /// What the rules did since it was last asked.
    done: Vec<String>,
    next: u64,
}

/// Names of nodes by the text of the filter that they fit.
#[derive(Clone, Default)]
pub struct Fitting {
    pub nodes: std::collections::BTreeMap<String, Vec<String>>,
    /// Of whatever is asked for, the oldest first.
    pub was: Vec<Was>,
    pub told: Vec<(Timestamp, Body)>,
}

impl Graph for Fitting {
    fn find(&self, filter: &Filter) -> Result<(usize, Vec<String>), String> {
        let fitting = self.nodes.get(filter.text()).cloned().unwrap_or_default();
        Ok((fitting.len(), fitting.into_iter().take(2).collect()))
    }

    fn readings(&self, _: NodeId, _: Property, since: Timestamp) -> Result<Vec<Was>, String> {
        let before = self.was.iter().rposition(|(at, _)| *at <= since).unwrap_or(0);
        Ok(self.was.get(before..).unwrap_or_default().to_vec())
    }

    fn told(&self, _: NodeId, _: BodyKind, since: Timestamp) -> Result<Vec<(Timestamp, Body)>, String> {
        let mut told: Vec<_> = self.told.iter().rev().cloned().collect();
        let last = told.iter().position(|(at, _)| *at <= since).map_or(told.len(), |n| n + 1);
        told.truncate(last);
        Ok(told)
    }
}

const HOUSE: &str = r#"
    [household]
    time_zone = "Europe/Vienna"
    latitude = 48.2
    longitude = 16.4
    [mqtt.main]
    host = "localhost"
    [room.hall]
    [room.bath]
    [person.anna]
    role = "adult"
    [person.ben]
    role = "adult"
    [device.motion]
    link = "main"
    identifiers = ["motion"]
    room = "hall"
"#;
const LAMP_OF_THE_HOUSE: &str = "[device.lamp]\nlink = \"main\"\nidentifiers = [\"lamp\"]\n";

const MOTION: &str = r#"{ "device": {}, "entities": {
    "occupancy": { "platform": "binary_sensor", "name": "occupancy", "state_topic": "m", "device_class": "occupancy" },
    "lux": { "platform": "sensor", "name": "lux", "state_topic": "x", "unit_of_measurement": "lx", "expire_after": 600,
             "device_class": "illuminance" } } }"#;
const LAMP: &str = r#"{ "device": {}, "entities": {
    "light": { "platform": "light", "schema": "json", "name": "light", "command_topic": "l/set", "state_topic": "l" } } }"#;

pub fn home(rules: &str) -> Arc<Home> {
    // A test may say more of the lamp.
    let lamp = if rules.contains("[device.lamp]") { "" } else { LAMP_OF_THE_HOUSE };
    let files = [("home.toml", HOUSE), ("lamp.toml", lamp), ("rules.toml", rules)];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec();
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

impl Rules {
    pub fn new(rules: &str) -> Self {
        let home = home(rules);
        let mut directory = Directory::default();
        for (key, config) in [("motion", MOTION), ("lamp", LAMP)] {
            let spec = Discovery::declare("main", key, &serde_json::from_str(config).unwrap()).unwrap();
            directory.put(&home, spec.info, |name| Address::new(name, &Arc::default()));
        }
        let mut engine = Engine::default();
        assert!(engine.configure(&home, &directory).is_empty());
        let mut rules = Self {
            engine,
            home,
            directory,
            // 2026-11-23, Monday, 12:00 in Vienna.
            now: Timestamp(1_795_431_600_000_000),
            graph: Fitting::default(),
            timers: Vec::new(),
            kept: Default::default(),
            done: Vec::new(),
            next: 0,
        };
        rules.occupancy(false);
        rules
    }

    pub fn entity(&self, name: &str) -> NodeId {
        let found = self.directory.devices().flat_map(|d| self.directory.entities_of(d).collect::<Vec<_>>());
        found.into_iter().find(|e| &*e.reference == name).unwrap_or_else(|| panic!("no {name}")).id
    }

    pub fn event(&mut self, subject: NodeId, origin: Origin, body: Body) {
        self.next += 1;
        let id = EventId(self.next);
        let event = Event { id, at: self.now, seen: self.now, causes: Causes::new(), origin, subject, body };
        let effects = self.with(|engine, view| engine.hear(&event, view));
        self.take(effects);
    }

    pub fn with<T>(&mut self, act: impl FnOnce(&mut Engine, &View<'_>) -> T) -> T {
        let graph = self.graph.clone();
        let (home, directory) = (&self.home, &self.directory);
        let view = View { now: self.now, clock_set: true, home, directory, graph: &graph };
        act(&mut self.engine, &view)
    }

    pub fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let text = match effect {
                Effect::Intend(intent) => intent_words(&intent, &self.directory),
                Effect::Publish(draft, _) => match draft.body {
                    Body::Notice { text } => format!("say {text}"),
                    Body::RuleSkipped { basis } => {
                        let unmet = basis.conditions.iter().filter(|f| !f.met);
                        let unmet: Vec<String> = unmet.map(|f| format!("{}: {}", f.text, f.found)).collect();
                        format!("skipped after {}; {}", basis.trigger, unmet.join("; "))
                    }
                    Body::Asked(question) => format!("ask {}", question.text),
                    Body::Replied { reply, .. } => format!("{reply:?}"),
                    Body::AutonomyChanged { from, to, reason } => {
                        format!("{} -> {}: {reason}", from.name(), to.name())
                    }
                    Body::RuleFailed { rule, reason } => format!("{} failed: {reason}", rule.key),
                    Body::StatusChanged { status } => format!("status {status}"),
                    other => format!("{other:?}"),
                },
                Effect::SetTimer { owner, name, due, length, missed, causes } => {
                    self.timers.retain(|t| t.owner != owner || *t.name != *name);
                    let cause = causes.first().copied().unwrap_or_default();
                    self.timers.push(Timer { owner, name: name.into(), due, length, missed, cause });
                    continue;
                }
                Effect::CancelTimer { owner, name, reason, .. } => {
                    self.timers.retain(|t| t.owner != owner || *t.name != *name);
                    format!("cancel {name}: {reason}")
                }
                Effect::Keep((key, value)) => {
                    match value {
                        Some(value) => drop(self.kept.insert(key, value)),
                        None => drop(self.kept.remove(&key)),
                    }
                    continue;
                }
            };
            self.done.push(text);
        }
    }

    pub fn did(&mut self) -> Vec<String> {
        std::mem::take(&mut self.done)
    }

    pub fn reads(&mut self, entity: &str, property: Property, value: Option<Value>) {
        let id = self.entity(entity);
        self.event(id, Origin::Link("main".into()), Body::Reading { property, value });
    }

    pub fn occupancy(&mut self, on: bool) {
        self.reads("motion.occupancy", Property::State, Some(on.into()));
    }

    pub fn lux(&mut self, lux: f64) {
        self.reads("motion.lux", Property::State, Some(lux.into()));
    }

    pub fn moves(&mut self, person: &str, presence: Presence, room: Option<&str>) {
        let body = Body::PersonMoved { presence, room: room.map(Into::into) };
        self.event(NodeId::person(person), Origin::System, body);
    }

    /// Time passes; timers fire.
    pub fn wait(&mut self, length: Duration) {
        let end = self.now + length;
        let next = |timers: &[Timer]| (0..timers.len()).min_by_key(|n| timers[*n].due);
        while let Some(at) = next(&self.timers).filter(|n| self.timers[*n].due <= end) {
            let timer = self.timers.remove(at);
            self.now = self.now.max(timer.due);
            self.fires(&timer.owner, &timer.name);
        }
        self.now = end;
    }

    pub fn fires(&mut self, owner: &str, name: &str) {
        let body = Body::TimerFired { owner: owner.into(), name: name.into(), late_ms: 0 };
        self.event(NodeId::derive("owner", owner), Origin::Timer, body);
    }

    /// Another configuration.
    pub fn configure(&mut self, rules: &str) {
        self.home = home(rules);
        let effects = self.with(|engine, view| engine.configure(view.home, view.directory));
        self.take(effects);
    }

    /// The process ended and began again, with a configuration; facts come back as they were.
    pub fn restart(&mut self, rules: &str) {
        self.restart_as(home(rules));
    }

    pub fn restart_as(&mut self, home: Arc<Home>) {
        self.home = home;
        let facts = std::mem::take(&mut self.engine.facts);
        self.engine = Engine::default();
        self.engine.facts = facts;
        let kept = self.kept.clone().into_iter().collect();
        let timers = self.timers.clone();
        let mut effects = self.with(|engine, view| engine.configure(view.home, view.directory));
        let fired = super::engine::Fired::new();
        effects.extend(self.with(|engine, view| engine.restore(kept, &timers, &fired, view)));
        effects.extend(self.with(|engine, view| engine.settle(view)));
        self.take(effects);
    }
}

fn intent_words(intent: &lares_kernel::Intent, directory: &Directory) -> String {
    let aim = match &intent.target {
        Aim::Entity(id) => directory.entity(*id).map_or_else(|| id.to_string(), |e| e.device.to_string()),
        Aim::Name(name) => name.clone(),
        Aim::Graph => "the life graph".to_owned(),
        Aim::Interlock(key) => format!("interlock:{key}"),
        Aim::Question(id) => format!("question {id}"),
        Aim::Rule(key) => format!("rule {key}"),
        Aim::Timer(id) => format!("timer {id}"),
        Aim::Scene(key) => format!("scene {key}"),
        Aim::Group(key) => format!("group {key}"),
        Aim::Room { room, .. } => format!("room {room}"),
        Aim::Find(filter) => format!("all of {filter}"),
    };
    match &intent.act {
        Act::Acknowledge => "acknowledge".to_owned(),
        Act::Answer { yes } => format!("answer {aim}: {yes}"),
        Act::TakenBack => format!("{aim} taken back"),
        Act::Timer(act) => format!("timer {aim}: {act:?}"),
        Act::Announce { text } => format!("announce {text} in {aim}"),
        Act::Say { statements, .. } => format!("say {statements:?}"),
        Act::Release { .. } => format!("release {aim}: {}", intent.reason),
        Act::Set { values, hold, .. } => {
            let hold = match hold {
                HoldFor::Momentary => "",
                HoldFor::For(_) => " for a time",
                HoldFor::UntilReleased => " while",
            };
            let on = values.get(&Property::On).and_then(Value::as_bool);
            format!("{aim} {}{hold}", if on == Some(true) { "on" } else { "off" })
        }
    }
}
