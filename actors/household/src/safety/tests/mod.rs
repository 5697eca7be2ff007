//! The interlocks against things that only take notes.

mod faults;
mod limits;
mod more;
mod order;
mod random;
mod together;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lares_config::Home;
use lares_devices::homeassistant::Discovery;
use lares_kernel::Address;
use lares_model::*;

use super::{Asked, Effect, Memory, Moved, Ruling, Safety, Told};
use crate::Directory;

pub const S: Duration = Duration::from_secs(1);
pub const M: Duration = Duration::from_secs(60);

const DEVICES: &str = r#"
    [household]
    time_zone = "UTC"
    [mqtt.main]
    host = "localhost"
    [device.pump]
    identifiers = ["pump"]
    [device.cooler]
    identifiers = ["cooler"]
    [device.boiler]
    identifiers = ["boiler"]
    [device.tank]
    identifiers = ["tank"]
"#;

pub fn home(interlocks: &str) -> Arc<Home> {
    let files = vec![("home.toml".to_owned(), format!("{DEVICES}{interlocks}"))];
    let loaded = lares_config::load_from(Path::new("/"), files, &[], std::iter::empty());
    loaded.unwrap_or_else(|problems| panic!("{}", lares_config::render(&problems, false))).home
}

/// A pump, a cooler, a boiler and a tank with sensors, and a clock.
pub struct Cellar {
    pub safety: Safety,
    pub directory: Directory,
    pub now: Timestamp,
    pub moves: Vec<Moved>,
    pub told: Vec<String>,
    /// What was kept last, by interlock.
    pub kept: BTreeMap<String, Memory>,
}

fn switch(name: &str) -> serde_json::Value {
    serde_json::json!({ "device": { "name": name }, "entities": { "switch": {
        "platform": "switch", "name": "switch", "command_topic": format!("{name}/set"), "state_topic": name } } })
}

impl Cellar {
    pub fn new(interlocks: &str) -> Self {
        Self::after(interlocks, BTreeMap::new(), Timestamp(1_000_000_000_000))
    }

    /// The same house after a restart: what was kept is all that is known.
    pub fn after(interlocks: &str, kept: BTreeMap<String, Memory>, now: Timestamp) -> Self {
        let home = home(interlocks);
        let mut directory = Directory::default();
        let sensor =
            |topic: &str| serde_json::json!({ "platform": "sensor", "name": topic, "state_topic": topic });
        let tank = serde_json::json!({ "device": { "name": "tank" }, "entities": {
            "temperature": sensor("temperature"), "outlet": sensor("outlet"),
            "leak": { "platform": "binary_sensor", "name": "leak", "state_topic": "leak" } } });
        let boiler = serde_json::json!({ "device": { "name": "boiler" }, "entities": { "climate": {
            "platform": "climate", "name": "climate", "temperature_command_topic": "b/set",
            "temperature_state_topic": "b", "min_temp": 0, "max_temp": 100 } } });
        let all =
            [("pump", switch("pump")), ("cooler", switch("cooler")), ("boiler", boiler), ("tank", tank)];
        let mut safety = Safety::default();
        safety.configure(&home, Some(kept.clone()), now);
        for (name, config) in all {
            let info = Discovery::declare("main", name, &config).unwrap().info;
            directory.put(&home, info, |name| Address::new(name, &Arc::default()));
            safety.attend(name, &directory, now);
        }
        let mut cellar = Self { safety, directory, now, moves: Vec::new(), told: Vec::new(), kept };
        cellar.take();
        cellar
    }

    /// As after a kill: only what was kept is known, and that nothing ran for a while.
    pub fn restarted(self, interlocks: &str, later: Duration) -> Self {
        Self::after(interlocks, self.kept, self.now + later)
    }

    pub fn id(&self, reference: &str) -> NodeId {
        let (device, slug) = reference.split_once('.').unwrap();
        let device = self.directory.device(device).unwrap();
        self.directory.entities_of(device).find(|e| e.info.slug == slug).unwrap().id
    }

    fn keep(&mut self, writes: Vec<Write>) {
        for write in writes {
            let Write::PutState { key, value, .. } = write else { panic!("{write:?}") };
            self.kept.insert(key.to_string(), serde_json::from_slice(&value.unwrap()).unwrap());
        }
    }

    fn take(&mut self) {
        for effect in self.safety.take_effects() {
            match effect {
                Effect::Tell { draft, writes, moves } => {
                    self.keep(writes);
                    self.moves.extend(moves);
                    self.told.push(match draft.body {
                        Body::InterlockTripped { reason, latched: false, .. } => format!("tripped: {reason}"),
                        Body::InterlockTripped { reason, .. } => format!("latched: {reason}"),
                        Body::InterlockCleared { .. } => "cleared".to_owned(),
                        Body::Notice { text } => format!("notice: {text}"),
                        Body::Problem { reason, .. } => format!("problem: {reason}"),
                        other => panic!("{other:?}"),
                    });
                }
                Effect::Move { moved, .. } => self.moves.push(moved),
            }
        }
    }

    pub fn wish_at(
        &mut self,
        what: &str,
        property: Property,
        value: Value,
        level: Level,
        is: Option<Value>,
    ) -> Ruling {
        let asked = Asked { entity: self.id(what), property, value: &value, level, now: self.now };
        let (ruling, _, writes) = self.safety.ask(&asked, |v| is.as_ref() == Some(v));
        self.keep(writes);
        self.take();
        ruling
    }

    /// A rule's wish for a switch; whether it may.
    pub fn rule(&mut self, what: &str, on: bool) -> bool {
        self.wish_at(what, Property::On, on.into(), Level::Rule, None) == Ruling::Free
    }

    pub fn person(&mut self, what: &str, on: bool) -> bool {
        self.wish_at(what, Property::On, on.into(), Level::Person, None) == Ruling::Free
    }

    /// A switch says what it is.
    pub fn is(&mut self, what: &str, on: bool) {
        let (id, value) = (self.id(what), on.into());
        let writes = self.safety.observed(id, Property::On, &value, self.now);
        self.keep(writes);
        self.take();
    }

    /// A switch says what it is while it is told otherwise.
    pub fn passes(&mut self, what: &str, on: bool) {
        let (id, value) = (self.id(what), on.into());
        let writes = self.safety.passed(id, Property::On, &value);
        self.keep(writes);
        self.take();
    }

    /// Wished by a rule, allowed and done.
    pub fn goes(&mut self, what: &str, on: bool) {
        assert!(self.rule(what, on), "{what} {on}");
        self.is(what, on);
    }

    pub fn measures(&mut self, what: &str, value: impl Into<Value>) {
        let (id, value) = (self.id(what), value.into());
        let told = Told { value: Some(&value), at: self.now, event: Some(EventId(7)), kept: false };
        let property = if what.ends_with(".switch") { Property::On } else { Property::State };
        self.safety.heard_of(id, property, &told, self.now);
        self.take();
    }

    pub fn reach(&mut self, what: &str, reachable: bool) {
        let id = self.id(what);
        self.safety.reach(id, reachable, self.now);
        self.take();
    }

    /// Time passes; each deadline is looked at when it comes.
    pub fn wait(&mut self, length: Duration) {
        let end = self.now + length;
        while let Some(next) = self.safety.next_deadline(self.now).filter(|t| *t <= end) {
            self.now = next;
            self.safety.review_all(next);
            self.take();
        }
        self.now = end;
    }

    /// The moves to the safe state since the last look, by device and what they are moved to.
    pub fn moved(&mut self) -> Vec<(NodeId, Option<Value>)> {
        std::mem::take(&mut self.moves).into_iter().map(|m| (m.entity, m.to)).collect()
    }

    pub fn ack(&mut self, key: &str) -> Result<(), String> {
        let (draft, writes) = self.safety.acknowledge(key, Origin::Console, self.now)?;
        assert!(matches!(draft.body, Body::InterlockAcknowledged { .. }), "{draft:?}");
        self.keep(writes);
        self.take();
        Ok(())
    }

    pub fn last(&self) -> &str {
        self.told.last().map_or("", String::as_str)
    }
}
